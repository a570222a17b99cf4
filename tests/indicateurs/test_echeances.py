"""The clock of the six-month relevés: who rates, when it opens, what stops it, what it tells nobody."""

from datetime import UTC, date, datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.db import connection

from accompagnements import parcours as suivi
from indicateurs import tasks
from partenaires.models import Rattachement, ReglagesEquipe, ResidenceGardien
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import MotifClassement, MotifNonEvaluable, MotifNonRecevable, TypeEvaluateur
from signalements.models import Fiche, Grille, Locataire, Releve
from socle import envois, horloge
from tests import recits, recits_accompagnements
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

MARS = datetime(2026, 3, 20, 10, tzinfo=UTC)  # sent that day: due on 20 September, open from 6 September
OUVERTURE = datetime(2026, 9, 6, 8, tzinfo=UTC)


@pytest.fixture
def m(db: None) -> Monde:
    horloge.regler(MARS)
    return monde()


def passer(quand: datetime) -> int:
    """The beat's task, as the system, at an instant."""
    horloge.regler(quand)
    with en_tant_que("palier_systeme"):
        return tasks.systeme_ouvrir_releves_dus()


def releves(m: Monde, **champs: Any) -> list[Releve]:
    with en_tant_que("palier_fabrique"):
        return list(Releve.objects.filter(equipe=m.equipe, moment="t6", **champs).order_by("type_evaluateur"))


def test_il_s_ouvre_quatorze_jours_avant_six_mois_apres_la_transmission(m: Monde) -> None:
    fiche = recits.recevable(m)
    assert passer(OUVERTURE - timedelta(days=1)) == 0
    assert passer(OUVERTURE) == 1
    (releve,) = releves(m)
    assert (releve.fiche_id, releve.type_evaluateur, releve.etat) == (fiche.pk, "bailleur", "attendu")
    assert (releve.du_le, releve.caduc_le) == (date(2026, 9, 20), date(2026, 11, 19))
    assert releve.evaluateur_id == m["gardien"].pk
    assert releve.cotations == {}


def test_deux_passages_n_ouvrent_qu_un_releve_et_ne_promettent_que_deux_rappels(m: Monde) -> None:
    recits.recevable(m)
    assert passer(OUVERTURE) == 1
    assert passer(OUVERTURE) == 0
    assert len(releves(m)) == 1
    with en_tant_que("palier_systeme"), connection.cursor() as curseur:
        curseur.execute("SELECT genre, a_partir_de FROM socle_envoi WHERE genre LIKE 'indicateurs.%%' ORDER BY 2")
        assert curseur.fetchall() == [
            ("indicateurs.releve_ouvert", OUVERTURE),
            ("indicateurs.releve_du", datetime(2026, 9, 20, 7, tzinfo=UTC)),  # 9 h in Paris
        ]


def test_une_fiche_jamais_recevable_n_a_pas_de_releve(m: Monde) -> None:
    recits.transmise(m)
    refusee = recits.transmise(m, nom="Esquisse")
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(refusee.pk, par=m["social"], motif=MotifNonRecevable.DOUBLON)
    assert passer(OUVERTURE) == 0


def test_une_fin_sans_accompagnement_en_a_un_quand_meme(m: Monde) -> None:
    """A date counted from a visit, or no relevé after an end, would tell the bailleur what followed."""
    fiche = recits.recevable(m)
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif=MotifClassement.INJOIGNABLE)
    assert passer(OUVERTURE) == 1
    with agir_comme(m["gardien"]):
        (releve,) = Releve.objects.visibles_par(m["gardien"]).attendus()
        assert Locataire.objects.get(pk=fiche.pk).nom == "Maquette"  # to know whom to look at
        assert releve.cotations == {}


@pytest.mark.parametrize("quand", ["avant", "apres"])
def test_une_opposition_l_arrete(m: Monde, quand: str) -> None:
    fiche = recits.recevable(m)
    if quand == "apres":
        assert passer(OUVERTURE) == 1
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    assert passer(OUVERTURE + timedelta(days=1)) == 0
    assert releves(m) == []
    with agir_comme(m["gardien"]):
        assert not Locataire.objects.exists()


def test_un_retrait_d_accord_l_arrete_comme_une_opposition(m: Monde) -> None:
    a = recits_accompagnements.en_cours(m)
    with agir_comme(m["referent"]):
        parcours.opposer(a.fiche_id, par=m["referent"])
    assert passer(OUVERTURE) == 0


@pytest.mark.parametrize("cause", ["rattachement", "residence", "compte"])
def test_un_evaluateur_parti_laisse_le_releve_aux_referents(m: Monde, cause: str) -> None:
    recits.recevable(m)
    with en_tant_que("palier_fabrique"):
        if cause == "rattachement":
            Rattachement.objects.filter(compte=m["gardien"]).update(au=date(2026, 8, 1))
        elif cause == "residence":
            ResidenceGardien.objects.filter(bailleur=m.bailleur).update(residence=m.autre_residence)
        else:
            with connection.cursor() as curseur:  # closed by the platform, past the guard of the table
                curseur.execute("SET LOCAL session_replication_role = replica")
                curseur.execute("UPDATE partenaires_compte SET is_active = false WHERE id = %s", [m["gardien"].pk])
                curseur.execute("SET LOCAL session_replication_role = DEFAULT")
    assert passer(OUVERTURE) == 1
    (releve,) = releves(m)
    assert releve.evaluateur_id is None
    with agir_comme(m["referent"]):
        assert list(Releve.objects.all().a_rendre_par(m["referent"])) == [releve]


def test_un_referent_reste_evaluateur_quelle_que_soit_la_residence(m: Monde) -> None:
    fiche = recits.envoyee(m, m["referent"])
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    assert passer(OUVERTURE) == 1
    assert releves(m)[0].evaluateur_id == m["referent"].pk


def test_une_fiche_saisie_par_l_equipe_n_a_pas_d_evaluateur_chez_le_bailleur(m: Monde) -> None:
    fiche = recits.envoyee(m, m["social"])
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    assert passer(OUVERTURE) == 1
    assert releves(m)[0].evaluateur_id is None


def test_sans_reponse_il_devient_caduc_soixante_jours_apres(m: Monde) -> None:
    recits.recevable(m)
    passer(OUVERTURE)
    passer(datetime(2026, 11, 19, 10, tzinfo=UTC))
    assert [r.etat for r in releves(m)] == ["attendu"]
    passer(datetime(2026, 11, 20, 10, tzinfo=UTC))
    assert [r.etat for r in releves(m)] == ["caduc"]
    with agir_comme(m["gardien"]):
        assert not Locataire.objects.exists()
    assert passer(datetime(2026, 11, 21, 10, tzinfo=UTC)) == 0


def test_une_horloge_arretee_longtemps_n_ouvre_pas_de_releve_deja_caduc(m: Monde) -> None:
    recits.recevable(m)
    assert passer(datetime(2026, 12, 1, 10, tzinfo=UTC)) == 0


def test_l_equipe_note_six_mois_apres_la_premiere_visite_si_elle_a_note_alors(m: Monde) -> None:
    sans, avec = recits_accompagnements.evalue(m), recits_accompagnements.evalue(m, nom="Esquisse")
    with agir_comme(m["soignant"]):
        grille = Grille.objects.all().en_vigueur(m.equipe.pk)
        suivi.coter_depart(avec.pk, par=m["soignant"], cotations=recits.cotations(grille))
        visite = Fiche.objects.select_related("instruction").get(pk=avec.fiche_id).instruction.rencontre_le
    assert visite is not None
    assert sans.pk != avec.pk
    du = date(2026, 10, horloge.paris(visite).day)  # both stories take place in April
    assert horloge.paris(visite).month == 4
    passer(horloge.a_paris(du - timedelta(days=14)))
    (releve,) = releves(m, type_evaluateur=TypeEvaluateur.EQUIPE)
    assert (releve.fiche_id, releve.du_le, releve.evaluateur_id) == (avec.fiche_id, du, m["soignant"].pk)


def test_l_equipe_peut_compter_depuis_le_contrat(m: Monde) -> None:
    with en_tant_que("palier_fabrique"):
        ReglagesEquipe.objects.create(equipe=m.equipe, releve_equipe_depuis="contrat")
    a = recits_accompagnements.evalue(m)
    with agir_comme(m["soignant"]):
        grille = Grille.objects.all().en_vigueur(m.equipe.pk)
        suivi.coter_depart(a.pk, par=m["soignant"], cotations=recits.cotations(grille))
        visite = Fiche.objects.select_related("instruction").get(pk=a.fiche_id).instruction.rencontre_le
    assert visite is not None
    passer(horloge.a_paris(date(2026, 10, 15)))
    assert releves(m, type_evaluateur=TypeEvaluateur.EQUIPE) == []  # no contract was signed


def test_le_rappel_n_a_ni_nom_ni_mot_de_sante_et_part_une_fois(m: Monde) -> None:
    fiche = recits.recevable(m)
    passer(OUVERTURE)
    mail.outbox.clear()
    with en_tant_que("palier_systeme"):
        envois.traiter()
        envois.traiter()
    notre = [c for c in mail.outbox if "relevé" in c.subject]
    assert [c.to for c in notre] == [[m["gardien"].email]]
    (courriel,) = notre
    assert courriel.subject == "Palier\N{NO-BREAK SPACE}: un relevé vous attend"
    for interdit in ("Maquette", "Ondine", fiche.reference, "Tilleuls", "psych", "santé"):
        assert interdit not in courriel.body + courriel.subject
    assert f"/releves/{releves(m)[0].pk}/" in courriel.body


def test_le_rappel_du_jour_ne_part_pas_une_fois_le_releve_rendu(m: Monde) -> None:
    recits.recevable(m)
    passer(OUVERTURE)
    (releve,) = releves(m)
    with en_tant_que("palier_systeme"):
        envois.traiter()
    with agir_comme(m["gardien"]):
        parcours.declarer_non_evaluable(releve.pk, par=m["gardien"], motif=MotifNonEvaluable.DEMENAGE)
    mail.outbox.clear()
    horloge.regler(datetime(2026, 9, 20, 12, tzinfo=UTC))
    with en_tant_que("palier_systeme"):
        envois.traiter()
    assert [c.subject for c in mail.outbox if "relevé" in c.subject] == []


def test_celui_qui_n_est_plus_la_ne_recoit_rien(m: Monde) -> None:
    recits.recevable(m)
    passer(OUVERTURE)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["gardien"]).update(au=date(2026, 9, 6))
    mail.outbox.clear()
    with en_tant_que("palier_systeme"):
        envois.traiter()
    destinataires = {adresse for c in mail.outbox if "relevé" in c.subject for adresse in c.to}
    assert destinataires == {m["referent"].email}
