"""The dates of the joint first visit: who offers, who answers, what the référent reads, what disappears."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.db import DatabaseError, connection, transaction

from accompagnements import parcours
from accompagnements.enums import PROPOSITION, EtatProposition
from accompagnements.models import Accompagnement, PropositionDeVisite, Visite
from accompagnements.parcours import SaisieRefusee, effacement
from accompagnements.taches import taches_du_referent
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve, entrer
from tests.accompagnements.test_matrice import EQUIPE, personnes, tenter, traces
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_avis import courriels

REFERENTS = frozenset({"referent", "responsable"})
Acte = Callable[[PropositionDeVisite, Compte], Any]
_ACTES: dict[str, tuple[frozenset[str], Acte]] = {
    "accepter": (REFERENTS, lambda p, par: parcours.accepter_creneau(p.pk, par=par, creneau=p.creneaux[1])),
    "decliner": (REFERENTS, lambda p, par: parcours.decliner_creneaux(p.pk, par=par, message="Le mardi.")),
    "retirer_creneau": (EQUIPE, lambda p, par: parcours.retirer_creneau(p.pk, par=par, creneau=p.creneaux[0])),
    "retirer": (EQUIPE, lambda p, par: parcours.retirer_proposition(p.pk, par=par)),
}
# State → act → what it gives. A date agreed goes with its visit, never alone.
ATTENDU: dict[str, dict[str, str]] = {
    "ouverte": {"accepter": "acceptee", "decliner": "declinee", "retirer_creneau": "ouverte", "retirer": "retiree"},
    "acceptee": {},
    "declinee": {"retirer": "retiree"},
    "retiree": {},
    "tenue": {},
}


@pytest.mark.parametrize("etat", EtatProposition.values)
def test_chaque_acte_sur_une_proposition_depuis_chaque_etat_par_chaque_role(
    db: None, midi: datetime, etat: str
) -> None:
    m = monde()
    p = histoires.proposition_a(m, histoires.ouvert(m), etat)
    assert p.etat == etat
    avant, ecarts = traces(), []
    for par, chez_soi in personnes(m, monde("Sud")):
        role = next(iter(par.roles))
        with agir_comme(par):
            for nom, (roles, acte) in _ACTES.items():
                obtenu = tenter(partial(acte, p, par))
                voulus = {"inconnu", "refusé"}
                if chez_soi and role in roles:
                    voulus = {ATTENDU[etat].get(nom, "interdit")}
                    if role in REFERENTS and etat in ("retiree", "tenue"):
                        voulus = {"inconnu"}  # nothing is said of it any more
                if obtenu not in voulus:
                    ecarts.append(f"{nom} par {role} (chez soi : {chez_soi}) : {obtenu}, attendu {sorted(voulus)}")
    assert ecarts == []
    assert traces() == avant
    assert set(PROPOSITION.par_nom) == {*_ACTES, "tenir", "deplacer"}


def test_le_referent_accepte_et_la_visite_est_planifiee_avec_les_intervenants(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m, seul=True)
    p = histoires.proposition(m, a)
    partis = [c for c in courriels() if "dates" in c.body]
    with agir_comme(m["referent"]):
        acceptee = parcours.accepter_creneau(p.pk, par=m["referent"], creneau=p.creneaux[1])
        assert (acceptee.etat, acceptee.retenu, acceptee.repondue_par) == ("acceptee", p.creneaux[1], m["referent"])
        assert Visite.objects.count() == 0  # he reads no visit, not even the one that he made
    with agir_comme(m["social"]):
        (visite,) = Visite.objects.visibles_par(m["social"])
        assert (visite.debut, visite.etat, visite.premiere, visite.conjointe) == (
            p.creneaux[1],
            "planifiee",
            True,
            True,
        )
        assert (visite.ne_pas_y_aller_seul, visite.compte_rendu, visite.planifiee_par) == (True, "", m["soignant"])
        assert sorted(visite.participants) == sorted([m["soignant"].pk, m["social"].pk])
    partis += courriels()
    assert [c.to[0] for c in partis] == [m["referent"].email, m["soignant"].email]
    assert all("Maquette" not in str(c.message()) for c in partis)
    assert "visite" not in partis[0].body


def test_les_dates_ne_se_proposent_pas_avant_la_fin_de_la_semaine(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    with agir_comme(m["soignant"]), pytest.raises(TransitionInterdite):
        parcours.ouvrir(fiche.pk, par=m["soignant"], intervenants=[m["soignant"]])
    with en_tant_que("palier_fabrique"):
        assert (Accompagnement.objects.count(), PropositionDeVisite.objects.count()) == (0, 0)


@pytest.mark.parametrize(
    ("dans", "telephone"), [((), "04"), ((-1,), "04"), ((1, 90), "04"), ((1, 2, 3, 4, 5, 6), "04"), ((1,), " ")]
)
def test_une_proposition_sans_date_possible_est_refusee(
    db: None, midi: datetime, dans: tuple[int, ...], telephone: str
) -> None:
    m = monde()
    a = histoires.ouvert(m)
    avant = traces()
    with agir_comme(m["soignant"]), pytest.raises(SaisieRefusee):
        parcours.proposer_creneaux(
            a.pk,
            par=m["soignant"],
            creneaux=[horloge.maintenant() + timedelta(days=n) for n in dans],
            telephone=telephone,
        )
    assert traces() == avant


def test_apres_un_refus_d_autres_dates_remplacent_les_premieres(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    declinee = histoires.proposition_a(m, a, "declinee")
    neuve = histoires.proposition(m, a, dans=(8,))
    with agir_comme(m["soignant"]):
        assert PropositionDeVisite.objects.get(pk=declinee.pk).etat == "retiree"
        assert PropositionDeVisite.objects.get(pk=declinee.pk).reponse == "Plutôt un mardi matin."
    with agir_comme(m["referent"]):
        assert [p.pk for p in PropositionDeVisite.objects.all()] == [neuve.pk]


def test_une_date_retiree_n_est_plus_acceptee_et_la_derniere_retire_tout(db: None, midi: datetime) -> None:
    m = monde()
    p = histoires.proposition(m, histoires.ouvert(m), dans=(3, 4))
    with agir_comme(m["social"]):
        assert parcours.retirer_creneau(p.pk, par=m["social"], creneau=p.creneaux[0]).creneaux == p.creneaux[1:]
    with agir_comme(m["referent"]), pytest.raises(SaisieRefusee):
        parcours.accepter_creneau(p.pk, par=m["referent"], creneau=p.creneaux[0])
    with agir_comme(m["social"]):
        assert Visite.objects.count() == 0
        assert parcours.retirer_creneau(p.pk, par=m["social"], creneau=p.creneaux[1]).etat == "retiree"


def test_la_visite_deplacee_deplace_le_rendez_vous_et_l_annuler_le_retire(db: None, midi: datetime) -> None:
    m = monde()
    p = histoires.proposition_a(m, histoires.ouvert(m), "acceptee")
    ailleurs = p.creneaux[0] + timedelta(days=1)
    with agir_comme(m["soignant"]):
        visite = Visite.objects.get(proposition=p.pk)
        parcours.deplacer_visite(visite.pk, par=m["soignant"], version=visite.version, debut=ailleurs)
    with agir_comme(m["referent"]):
        assert PropositionDeVisite.objects.get().retenu == ailleurs
    with agir_comme(m["soignant"]):
        parcours.annuler_visite(visite.pk, par=m["soignant"])
    with agir_comme(m["referent"]):
        assert PropositionDeVisite.objects.count() == 0
    assert sum("a changé" in c.body for c in courriels() if c.to == [m["referent"].email]) == 2


def test_l_equipe_qui_planifie_elle_meme_retire_ses_dates(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    p = histoires.proposition(m, a)
    histoires.visite_prevue(m, a)
    with agir_comme(m["referent"]):
        assert PropositionDeVisite.objects.count() == 0
    with agir_comme(m["soignant"]):
        assert PropositionDeVisite.objects.get().pk == p.pk


@pytest.mark.parametrize("etat", ["ouverte", "acceptee", "declinee"])
@pytest.mark.parametrize("fin", ["opposition", "sans_suite"])
def test_la_fin_de_la_situation_fait_tout_disparaitre_chez_le_referent(
    db: None, midi: datetime, etat: str, fin: str
) -> None:
    m = monde()
    a = histoires.ouvert(m)
    p = histoires.proposition_a(m, a, etat)
    with agir_comme(m["social"]):
        if fin == "opposition":
            signalements.opposer(a.fiche_id, par=m["social"])
        else:
            parcours.cloturer_sans_suite(a.pk, par=m["social"], motif="refus")
    with agir_comme(m["referent"]):
        assert PropositionDeVisite.objects.count() == 0
        assert taches_du_referent(m["referent"]) == []
        with pytest.raises(PropositionDeVisite.DoesNotExist):
            parcours.accepter_creneau(p.pk, par=m["referent"], creneau=p.creneaux[0])
        with pytest.raises(DatabaseError, match="porte: refused"), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(
                "SELECT droit.repondre_proposition(%s, %s, NULL, %s, %s, '', '')",
                [p.pk, p.creneaux[0], horloge.maintenant(), UUID(int=1)],
            )
    assert entrer(m["referent"]).get(f"/rendez-vous/{p.pk}/").status_code == 404


def test_l_effacement_emporte_les_dates_la_reponse_et_la_raison(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m, seul=True)
    with agir_comme(m["social"]):
        parcours.changer_consigne(a.pk, par=m["social"], ne_pas_y_aller_seul=True, raison="Un chien sans laisse.")
    histoires.proposition_a(m, a, "declinee")
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    with en_tant_que("palier_systeme"):
        assert effacement.effacer_contenu(Accompagnement.objects.get(pk=a.pk))
        assert PropositionDeVisite.objects.count() == 0
        assert Accompagnement.objects.get(pk=a.pk).raison_pas_seul is None


def test_en_sql_le_referent_ne_trouve_que_la_proposition_et_n_y_ecrit_rien(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    histoires.proposition_a(m, histoires.ouvert(m), "acceptee")
    attendus = dict.fromkeys(("coordination", "soignant", "social", "referent", "responsable"), 1)
    for acteur, chez_soi in personnes(m, sud):
        role = next(iter(acteur.roles))
        with agir_comme(acteur), connection.cursor() as curseur:
            curseur.execute("SELECT count(*) FROM accompagnements_propositiondevisite")
            assert curseur.fetchone() == (attendus.get(role, 0) if chez_soi else 0,), (role, chez_soi)
            if role in EQUIPE and chez_soi:
                continue
            curseur.execute("UPDATE accompagnements_propositiondevisite SET version = 9 RETURNING id")
            assert curseur.fetchall() == []
            for table in ("visite", "accompagnement", "intervenant"):
                curseur.execute(f"SELECT count(*) FROM accompagnements_{table}")
                assert curseur.fetchone() == (0,), (role, table)
        with agir_comme(acteur), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute("DELETE FROM accompagnements_propositiondevisite")


def test_la_raison_n_est_lue_que_par_l_equipe_et_la_consigne_par_le_referent(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    p = histoires.proposition(m, a)
    equipe, referent = entrer(m["social"]), entrer(m["referent"])
    page = referent.get(f"/rendez-vous/{p.pk}/").content.decode()
    assert "Ne pas y aller seul" not in page
    equipe.post(f"/situations/{a.pk}/consigne/", {"ne_pas_y_aller_seul": "on", "raison": "Un chien sans laisse."})
    assert "Un chien sans laisse." in equipe.get(f"/situations/{a.pk}/visites/").content.decode()
    page = referent.get(f"/rendez-vous/{p.pk}/").content.decode()
    assert "Ne pas y aller seul" in page
    assert "chien" not in page
    assert m["soignant"].nom_complet in page
    assert "04 00 00 00 00" in page


def test_les_pages_du_referent_de_la_tache_a_la_reponse(db: None, midi: datetime) -> None:
    m = monde()
    p = histoires.proposition(m, histoires.ouvert(m))
    client = entrer(m["referent"])
    assert f"/rendez-vous/{p.pk}/" in client.get("/").content.decode()
    assert f"/rendez-vous/{p.pk}/" in client.get(f"/signalements/{p.fiche_id}/").content.decode()
    rien = client.post(f"/rendez-vous/{p.pk}/", {"creneau": "hier"})
    assert (rien.status_code, "Cette date n’est plus possible" in rien.content.decode()) == (200, True)
    choisi = client.get(f"/rendez-vous/{p.pk}/").context["formulaire"]["creneau"].field.choices[0][0]
    assert client.post(f"/rendez-vous/{p.pk}/", {"creneau": choisi}).status_code == 302
    page = client.get(f"/rendez-vous/{p.pk}/").content.decode()
    assert "Rendez-vous convenu" in page
    # The colleague who comes second reads why.
    second = entrer(m["responsable"]).post(f"/rendez-vous/{p.pk}/", {"creneau": choisi})
    assert second.status_code == 409
    assert m["referent"].nom_complet in second.content.decode()


def test_la_reponse_du_referent_passe_par_la_garde(db: None, midi: datetime) -> None:
    m = monde()
    p = histoires.proposition(m, histoires.ouvert(m))
    client = entrer(m["referent"])
    adresse = f"/rendez-vous/{p.pk}/decliner/"
    refuse = client.post(adresse, {"cle": cle_neuve(), "message": "Le mardi, cette dame est schizophrène."})
    assert refuse.status_code == 200
    with agir_comme(m["referent"]):
        assert PropositionDeVisite.objects.get().etat == "ouverte"
    assert client.post(adresse, {"cle": cle_neuve(), "message": "Plutôt le mardi matin."}).status_code == 302
    equipe = entrer(m["social"])
    assert "Plutôt le mardi matin." in equipe.get(f"/situations/{p.accompagnement_id}/visites/").content.decode()
    assert "Proposer d’autres dates pour la première visite" in equipe.get("/").content.decode()


def test_l_equipe_propose_depuis_sa_page_et_sans_reponse_elle_relance(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = entrer(m["soignant"])
    jour = (horloge.aujourdhui() + timedelta(days=6)).isoformat()
    donnees = {"cle": cle_neuve(), "jour_1": jour, "heure_1": "10:30", "duree": "60", "telephone": "04 00 00 00 00"}
    assert client.post(f"/situations/{a.pk}/visites/proposer/", {**donnees, "heure_1": ""}).status_code == 200
    assert client.post(f"/situations/{a.pk}/visites/proposer/", donnees).status_code == 302
    assert "Attendre l’accord du bailleur" in client.get("/").content.decode()
    horloge.avancer(days=6)
    assert "Relancer le bailleur" in entrer(m["soignant"]).get("/").content.decode()


def _compter(m: Monde) -> int:
    with agir_comme(m["soignant"]):
        return Visite.objects.count()


@pytest.mark.django_db(transaction=True)
def test_deux_referents_au_meme_instant_une_seule_visite(midi: datetime) -> None:
    from tests.signalements.test_double_envoi import _ensemble

    m = monde()
    p = histoires.proposition(m, histoires.ouvert(m))

    def prendre(role: str, rang: int) -> str:
        horloge.regler(midi + timedelta(days=9))
        try:
            with agir_comme(m[role]):
                return parcours.accepter_creneau(p.pk, par=m[role], creneau=p.creneaux[rang]).etat
        except TransitionInterdite:
            return "interdit"

    obtenus = _ensemble(lambda: prendre("referent", 0), lambda: prendre("responsable", 1))
    assert sorted(obtenus) == ["acceptee", "interdit"]
    assert _compter(m) == 1
