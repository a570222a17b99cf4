"""A member leaves: what was hers goes to somebody, on one screen, before the access ends; nothing is left to nobody."""

from datetime import date, datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from accompagnements.models import Intervenant
from indicateurs.parcours import liberer_abandonnes, ouvrir_releves_dus
from partenaires.enums import Role
from partenaires.models import Compte, Rattachement, ResidenceGardien
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatReleve
from signalements.models import Fiche, Instruction, Releve
from socle import horloge
from tests import recits, recits_accompagnements
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, evenements, relire

pytestmark = pytest.mark.django_db


def rattachement(personne: Compte) -> Rattachement:
    with en_tant_que("palier_fabrique"):
        return Rattachement.objects.get(compte=personne)


def adresse(personne: Compte) -> str:
    return f"/membres/{rattachement(personne).pk}/terminer/"


def collegue(m: Monde, role: str) -> Compte:
    chez = {"gardien": m.bailleur, "correspondant": m.partenaire}.get(role, m.equipe)
    with en_tant_que("palier_fabrique"):
        return compte(role, chez, nom="Repreneur")


def test_un_gardien_part_ses_fiches_et_ses_residences_vont_a_un_collegue(midi: datetime) -> None:
    m = monde()
    envoyee, brouillon = recits.transmise(m), recits.brouillon(m)
    autre = collegue(m, "gardien")
    client = connecte(m["responsable"])
    page = texte(client.get(adresse(m["gardien"])))
    assert "3 éléments restent à confier" in page
    assert "Maquette" not in page  # the content is not the responsable's to read here
    assert client.post(adresse(m["gardien"]), {"a_tout": autre.pk}).status_code == 302
    assert rattachement(m["gardien"]).au == horloge.aujourdhui()
    assert (relire(envoyee).auteur_id, relire(envoyee).deposee_par_id) == (autre.pk, m["gardien"].pk)
    assert (relire(brouillon).auteur_id, relire(brouillon).deposee_par_id) == (autre.pk, None)
    with agir_comme(autre):
        assert set(Fiche.objects.visibles_par(autre)) == {envoyee, brouillon}
    with en_tant_que("palier_fabrique"):
        assert ResidenceGardien.objects.filter(rattachement__compte=autre, residence=m.residence).exists()
    assert evenements(m.bailleur.pk).count("partenaires.suivi_confie") == 3  # drafts, sent, résidences


def test_chaque_chose_peut_aller_a_quelqu_un_d_autre(midi: datetime) -> None:
    m = monde()
    une, deux = recits.transmise(m), recits.brouillon(m)
    client = connecte(m["responsable"])
    envoi = {
        f"envoyee_{une.pk}": m["referent"].pk,
        f"brouillon_{deux.pk}": m["responsable"].pk,
        f"residence_{m.residence.pk}": "",
    }
    assert client.post(adresse(m["gardien"]), envoi).status_code == 302
    assert [relire(f).auteur_id for f in (une, deux)] == [m["referent"].pk, m["responsable"].pk]


@pytest.mark.parametrize("choix", ["", "soi", "ailleurs"])
def test_rien_ne_se_termine_sans_repreneur(midi: datetime, choix: str) -> None:
    m, voisin = monde("Nord"), monde("Sud")
    fiche = recits.transmise(m)
    qui = {"": "", "soi": m["gardien"].pk, "ailleurs": voisin["referent"].pk}[choix]
    client = connecte(m["responsable"])
    client.get(adresse(m["gardien"]))
    avant = etat_complet(fiche, rattachement(m["gardien"]))
    assert client.post(adresse(m["gardien"]), {"a_tout": qui}).status_code == 200
    assert etat_complet(fiche, rattachement(m["gardien"])) == avant


def test_un_membre_de_l_equipe_part_ses_situations_gardent_un_referent(midi: datetime) -> None:
    m = monde()
    dossier = recits_accompagnements.en_cours(m)
    with en_tant_que("palier_fabrique"):
        en_charge = Intervenant.objects.filter(accompagnement=dossier.pk, au=None)
        partant = en_charge.get(principal=True).compte
        Instruction.objects.filter(pk=dossier.fiche_id).update(suivie_par=partant)
    assert partant.pk != m["coordination"].pk
    client = connecte(m["coordination"])
    assert client.post(adresse(partant), {"a_tout": m["coordination"].pk}).status_code == 302
    with en_tant_que("palier_fabrique"):
        charge = Intervenant.objects.filter(accompagnement=dossier.pk, au=None)
        assert charge.get(principal=True).compte_id == m["coordination"].pk
        assert not charge.filter(compte=partant).exists()
        assert Instruction.objects.get(pk=dossier.fiche_id).suivie_par_id == m["coordination"].pk


def _t6(m: Monde, fiche: Fiche) -> Releve:
    """The six-month relevé of the orienteur, opened by the clock."""
    horloge.regler(horloge.maintenant() + timedelta(days=183))
    with en_tant_que("palier_systeme"):
        assert ouvrir_releves_dus() >= 1
    with en_tant_que("palier_fabrique"):
        return Releve.objects.get(fiche=fiche, moment="t6", type_evaluateur__in=["bailleur", "partenaire"])


def _du_partenaire(m: Monde) -> Fiche:
    auteur = m["correspondant"]
    with agir_comme(auteur):
        fiche = parcours.commencer(par=auteur)
        fiche = parcours.transmettre(fiche.pk, par=auteur, contenu=recits.contenu(m))
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    return fiche


def test_le_releve_d_un_partenaire_dont_le_cotateur_est_parti_se_remplit(midi: datetime) -> None:
    """A bug once: nobody of the partenaire saw it, and it lapsed."""
    m, ailleurs = monde("Nord"), monde("Sud")
    fiche = _du_partenaire(m)
    releve = _t6(m, fiche)
    assert releve.evaluateur_id == m["correspondant"].pk
    autre = collegue(m, "correspondant")
    client = connecte(autre)
    assert client.get(f"/releves/{releve.pk}/").status_code == 404  # while its rater is there
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["correspondant"]).update(au=date(2026, 10, 1))
    with en_tant_que("palier_systeme"):
        assert liberer_abandonnes() == 1
        assert liberer_abandonnes() == 0
    assert "Maquette" in texte(client.get(f"/releves/{releve.pk}/"))
    assert f"/releves/{releve.pk}/" in client.get("/signalements/").content.decode()
    for personne in (ailleurs["correspondant"], m["gardien"]):
        assert connecte(personne).get(f"/releves/{releve.pk}/").status_code == 404
    with agir_comme(autre):
        parcours.coter(releve.pk, par=autre, cotations=recits.cotations(releve.grille))
    assert (relire(releve).etat, relire(releve).evaluateur_id) == (EtatReleve.RENDU, autre.pk)
    assert client.get(f"/releves/{releve.pk}/").status_code == 404  # then it is erased from the partenaire


def test_le_releve_d_un_bailleur_va_au_repreneur_ou_revient_aux_referents(midi: datetime) -> None:
    m = monde()
    releve = _t6(m, recits.recevable(m))
    assert releve.evaluateur_id == m["gardien"].pk
    client = connecte(m["responsable"])
    assert client.post(adresse(m["gardien"]), {"a_tout": m["referent"].pk}).status_code == 302
    assert relire(releve).evaluateur_id == m["referent"].pk


def test_la_porte_refuse_a_qui_ne_gere_pas_les_membres_et_vers_qui_n_en_est_pas(midi: datetime) -> None:
    m, voisin = monde("Nord"), monde("Sud")
    fiche = recits.transmise(m)
    demande = "SELECT droit.reprendre('envoyee', %s, %s, %s)"
    for acteur, vers in (("referent", m["referent"]), ("responsable", voisin["referent"])):
        with agir_comme(m[acteur]), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as c:
            c.execute(demande, [fiche.pk, m["gardien"].pk, vers.pk])
    with agir_comme(voisin["responsable"]), connection.cursor() as c:
        c.execute("SELECT * FROM droit.portefeuille(%s)", [m["gardien"].pk])
        assert c.fetchall() == []
        c.execute(demande, [fiche.pk, m["gardien"].pk, voisin["referent"].pk])
        assert c.fetchone() == (False,)
    with agir_comme(m["gardien"]), connection.cursor() as c:
        c.execute("SELECT * FROM droit.portefeuille(%s)", [m["gardien"].pk])
        assert c.fetchall() == []
    assert relire(fiche).auteur_id == m["gardien"].pk


def test_qui_garde_un_autre_role_garde_ce_qui_est_a_lui(midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.bulk_create(
            [Rattachement(compte=m["gardien"], organisation=m.bailleur, role=Role.REFERENT, du=date(2026, 1, 1))]
        )
        gardien = Rattachement.objects.get(compte=m["gardien"], role=Role.GARDIEN)
    client = connecte(m["responsable"])
    assert client.post(f"/membres/{gardien.pk}/terminer/", {}).status_code == 302
    assert relire(fiche).auteur_id == m["gardien"].pk


def test_qui_a_repris_les_fiches_d_un_collegue_se_lit_a_cote_de_lui(midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    autre = collegue(m, "gardien")
    page = texte(connecte(m["social"]).get(f"/fiches/{fiche.pk}/"))
    assert f"{m['gardien'].nom_complet} A écrit la fiche" in page
    assert "A repris" not in page
    assert connecte(m["responsable"]).post(adresse(m["gardien"]), {"a_tout": autre.pk}).status_code == 302
    page = texte(connecte(m["social"]).get(f"/fiches/{fiche.pk}/"))
    assert f"{m['gardien'].nom_complet} A écrit la fiche" in page
    assert f"{autre.nom_complet} A repris ses fiches" in page
