"""Concertations: every state x transition x role; what each attendee reads, and stops reading at once."""

import io
from collections.abc import Callable
from contextlib import suppress
from datetime import date, datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pypdf
import pytest
from django.db import DatabaseError, transaction

from accompagnements import dossiers_concertation, parcours, taches
from accompagnements.enums.concertations import CONCERTATION, EtatConcertation
from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    Concertation,
    Decision,
    DossierConcertation,
    InvitationConcertation,
    PointConcertation,
    SituationEvoquee,
)
from accompagnements.parcours import SaisieRefusee
from config.comptages import comptes_de
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours as fiches
from socle import horloge
from socle.models import Envoi, Evenement
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as suivi
from tests import recits_concertations as recits
from tests.accompagnements.test_matrice import EQUIPE, personnes, tenter, traces
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

INVITES = frozenset({"correspondant", "referent", "responsable"})

# Who may do what from where, and where it leads. Written from the product specification.
ATTENDU: dict[str, dict[str, str]] = {
    "preparee": {"convoquer": "convoquee", "annuler": "annulee", "modifier": "preparee", "inscrire": "refuse"},
    "convoquee": {
        "tenir": "tenue", "annuler": "annulee", "modifier": "convoquee", "inscrire": "refuse", "dossiers": "fait",
    },
    "tenue": {"rediger": "fait", "decider": "a_faire", "convenir": "a_faire"},
    "annulee": {},
}  # fmt: skip


def _actes(m: Monde, c: Concertation, point: UUID, autre: UUID) -> dict[str, Callable[[Compte], Any]]:
    lot: dict[str, Any] = {"texte": "Passer le mardi.", "avant_le": horloge.aujourdhui() + timedelta(days=20)}
    return {
        "convoquer": lambda par: parcours.convoquer(c.pk, par=par),
        "tenir": lambda par: parcours.tenir(c.pk, par=par, presentes=[], comptes=[]),
        "annuler": lambda par: parcours.annuler_concertation(c.pk, par=par),
        "modifier": lambda par: parcours.modifier_concertation(
            c.pk, par=par, version=c.version, debut=c.debut, duree=30, lieu="Mairie"
        ),
        "inscrire": lambda par: _refuse(lambda: parcours.inscrire_situation(c.pk, autre, par=par, demande="Passer.")),
        "dossiers": lambda par: len(parcours.preparer_dossiers(c.pk, par=par)),
        "rediger": lambda par: parcours.rediger(point, par=par, version=1, compte_rendu="Chacun parle.").pk,
        "decider": lambda par: parcours.decider_en_concertation(point, par=par, **lot),
        "convenir": lambda par: parcours.convenir(point, par=par, qui="bailleur", **lot),
    }


def _refuse(faire: Callable[[], Any]) -> Any:
    """A concertation holds one situation: whoever may try is told so."""
    try:
        faire()
    except SaisieRefusee:
        return type("Refus", (), {"etat": "refuse"})
    return "fait"


@pytest.mark.parametrize("etat", EtatConcertation.values)
def test_chaque_transition_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a, autre = suivi.en_cours(m), suivi.ouvert(m)
    recits.accords(m, a)
    recit: dict[str, Callable[..., Concertation]] = {
        "preparee": recits.preparee, "convoquee": recits.convoquee, "tenue": recits.tenue, "annulee": recits.annulee,
    }  # fmt: skip
    c = recit[etat](m, a)
    c = recits.relue(m, c)
    assert c.etat == etat
    point = recits.point_de(m, c).pk
    horloge.regler(c.debut - timedelta(hours=2))
    avant = traces()
    for par, chez_soi in personnes(m, sud):
        role = next(iter(par.roles))
        with agir_comme(par):
            for acte, faire in _actes(m, c, point, autre.pk).items():
                obtenu = tenter(partial(faire, par))
                voulu = {"inconnu", "refusé"}
                if chez_soi and role in EQUIPE:
                    voulu = {ATTENDU[etat].get(acte, "interdit")}
                assert obtenu in voulu, (etat, acte, role, chez_soi, obtenu)
    assert traces() == avant
    assert recits.relue(m, c).version == c.version


@pytest.mark.parametrize("etat", ["preparee", "convoquee", "tenue", "annulee"])
def test_repondre_est_l_affaire_des_invites_et_avant_la_rencontre(db: None, midi: datetime, etat: str) -> None:
    m, sud = monde("Nord"), monde("Sud")
    c = getattr(recits, etat)(m)
    for par, chez_soi in personnes(m, sud):
        role = next(iter(par.roles))
        organisation = m.bailleur if role in {"referent", "responsable", "gardien"} else m.partenaire
        pk = recits.invitation_de(c, organisation).pk
        with agir_comme(par):
            obtenu = tenter(partial(_repondre, pk, par))
        voulu = "inconnu"
        if chez_soi and role in INVITES and etat != "preparee":
            voulu = "fait" if etat == "convoquee" else "interdit"
        assert obtenu == voulu, (etat, role)


def test_la_table_du_code_dit_la_meme_chose() -> None:
    for etat, actes in ATTENDU.items():
        possibles = {n.removesuffix("_concertation") for n in CONCERTATION.possibles(etat=etat, roles=["social"])}
        assert possibles == set(actes) & {"convoquer", "tenir", "annuler"}, etat


def _repondre(pk: UUID, par: Compte) -> str:
    return str(parcours.repondre_invitation(pk, par=par, vient=True).pk)


# What each reads -------------------------------------------------------------------------------------------------


def _lus(compte: Compte, modele: type[Any]) -> int:
    with agir_comme(compte):
        return int(modele.objects.count())


def test_sans_accord_un_invite_ne_lit_aucune_situation_et_le_retrait_ferme_aussitot(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    recits.convoquee(m, a)
    assert [_lus(m[r], PointConcertation) for r in ("correspondant", "referent", "social")] == [0, 0, 1]
    assert [_lus(m[r], Concertation) for r in ("correspondant", "referent", "gardien")] == [1, 1, 0]
    suivi.accord(m, a)  # coordinates and request: not concertations
    assert _lus(m["correspondant"], PointConcertation) == 0
    recits.accords(m, a)
    assert [_lus(m[r], PointConcertation) for r in ("correspondant", "referent", "gardien")] == [1, 1, 0]
    assert [_lus(m[r], SituationEvoquee) for r in ("correspondant", "referent")] == [0, 0]
    with agir_comme(m["social"]):
        parcours.retirer_accord(Accord.objects.get(organisation=m.partenaire, retire_le=None).pk, par=m["social"])
    assert [_lus(m[r], PointConcertation) for r in ("correspondant", "referent")] == [0, 1]


@pytest.mark.parametrize("fin", ["opposition", "retrait", "cloture", "annulation", "echeance", "refus"])
def test_tout_partage_cesse_a_l_instant(db: None, midi: datetime, fin: str) -> None:
    m = monde()
    a = suivi.evalue(m) if fin == "opposition" else suivi.en_cours(m)
    recits.accords(m, a)
    c = recits.convoquee(m, a)
    (du_bailleur, du_partenaire) = sorted(recits.dossiers(m, c), key=lambda d: d.organisation_id)
    for dossier in (du_bailleur, du_partenaire):
        assert dossiers_concertation.produire_dossier(dossier.pk, dossier.delegation_id)
    assert [_lus(m[r], DossierConcertation) for r in ("correspondant", "referent")] == [1, 1]
    if fin in {"opposition", "retrait"}:
        with agir_comme(m["referent"]):
            fiches.opposer(a.fiche_id, par=m["referent"])
    elif fin == "cloture":
        with agir_comme(m["social"]):
            parcours.terminer(a.pk, par=m["social"], motif="autre", relais="Aucun.", situation_logement="maintenu")
    elif fin == "annulation":
        with agir_comme(m["social"]):
            parcours.annuler_concertation(c.pk, par=m["social"])
    elif fin == "echeance":
        horloge.regler(c.debut + timedelta(days=8))
    else:
        for role, organisation in (("correspondant", m.partenaire), ("referent", m.bailleur)):
            with agir_comme(m[role]):
                pk = recits.invitation_de(c, organisation).pk
                parcours.repondre_invitation(pk, par=m[role], vient=False)
    for modele in (PointConcertation, DossierConcertation):
        assert [_lus(m[r], modele) for r in ("correspondant", "referent")] == [0, 0], modele
    if fin == "opposition":
        assert [_lus(m["social"], modele) for modele in (PointConcertation, DossierConcertation)] == [0, 0]


def test_le_dossier_ne_porte_ni_nom_ni_logement_ni_reference_et_rien_des_autres(db: None, midi: datetime) -> None:
    m = monde()
    canari: dict[str, Any] = {
        "nom": "Canarinom",
        "prenom": "Canariprenom",
        "porte": "Canariporte",
        "naissance": date(1960, 5, 4),
    }
    a, sans = suivi.en_cours(m, **canari), suivi.en_cours(m, nom="Canarisans")
    recits.accords(m, a)
    par = m["social"]
    with agir_comme(par):
        commission = parcours.creer_commission(
            par=par, nom="Commission du quartier", habituelles=[m.partenaire.pk, m.bailleur.pk]
        )
        c = parcours.preparer_concertation(
            par=par, debut=horloge.maintenant() + timedelta(days=3), duree=90, lieu="Mairie", commission=commission
        )
        parcours.inscrire_situation(c.pk, sans.pk, par=par, demande="Demande sans accord.")
        parcours.inscrire_situation(c.pk, a.pk, par=par, demande=recits.DEMANDE)
        parcours.convoquer(c.pk, par=par)
        dossiers = parcours.preparer_dossiers(c.pk, par=par)
    assert {d.organisation_id for d in dossiers} == {m.partenaire.pk, m.bailleur.pk}
    for role, soi, autre in (("correspondant", m.partenaire, m.bailleur), ("referent", m.bailleur, m.partenaire)):
        sien = next(d for d in dossiers if d.organisation_id == soi.pk)
        assert dossiers_concertation.produire_dossier(sien.pk, sien.delegation_id)
        with agir_comme(m[role]):
            lu = DossierConcertation.objects.get()
        assert lu.octets is not None
        pdf = pypdf.PdfReader(io.BytesIO(lu.octets))
        mots = " ".join(page.extract_text() for page in pdf.pages)
        meta = str(pdf.metadata)
        assert "Situation B" in mots
        assert "une fois par semaine" in mots
        assert "60 à 74 ans" in mots
        for absent in ("Canari", a.fiche.reference, m.residence.nom, m.residence.adresse, "Demande sans", autre.nom):
            assert absent not in mots, absent
            assert absent not in meta, absent


def test_ce_qui_est_demande_ne_designe_personne(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m, nom="Le Goff", prenom="Anne")
    c = recits.preparee(m, a)
    point = recits.point_de(m, c)
    for texte in (
        "Passer voir Mme Le  Goff.", "Anne attend.", f"Fiche {a.fiche.reference}.", f"Aller aux {m.residence.nom}.",
    ):  # fmt: skip
        with agir_comme(m["social"]), pytest.raises(SaisieRefusee):
            parcours.modifier_demande(point.pk, par=m["social"], version=1, demande=texte)
    assert recits.point_de(m, c).demande == recits.DEMANDE


def test_le_lieu_que_lit_le_bailleur_ne_nomme_pas_un_service_de_soins(db: None, midi: datetime) -> None:
    m = monde()
    c = recits.preparee(m)
    with agir_comme(m["social"]), pytest.raises(SaisieRefusee, match="adresse"), transaction.atomic():
        parcours.modifier_concertation(
            c.pk, par=m["social"], version=c.version, debut=c.debut, duree=60, lieu=f"Salle du {m.partenaire.nom}"
        )
    assert recits.relue(m, c).lieu == "12 rue des Lilas"


def test_une_action_n_est_lue_du_bailleur_que_sous_son_accord_et_ne_nomme_personne_d_autre(
    db: None, midi: datetime
) -> None:
    m = monde()
    a = suivi.en_cours(m)
    c = recits.tenue(m, a)
    point, par = recits.point_de(m, c), m["social"]
    lot: dict[str, Any] = {"qui": "bailleur", "avant_le": horloge.aujourdhui()}
    with agir_comme(par), pytest.raises(SaisieRefusee, match="accord"):
        parcours.convenir(point.pk, par=par, texte="Réparer le volet.", **lot)
    recits.accords(m, a)
    with agir_comme(par):
        with pytest.raises(SaisieRefusee, match="intervient"):
            parcours.convenir(point.pk, par=par, texte=f"Appeler le {m.partenaire.nom}.", **lot)
        action = parcours.convenir(point.pk, par=par, texte="Réparer le volet.", **lot)
        parcours.decider_en_concertation(point.pk, par=par, texte="Revoir en mai.", avant_le=horloge.aujourdhui())
        parcours.rediger(point.pk, par=par, version=1, compte_rendu="Le partenaire propose un rendez-vous.")
    assert [_lus(m[r], ActionConvenue) for r in ("referent", "responsable", "gardien", "correspondant")] == [1, 1, 0, 0]
    assert [_lus(m[r], Decision) for r in ("referent", "correspondant")] == [0, 0]
    with agir_comme(par):
        accord = Accord.objects.get(organisation=m.bailleur, retire_le=None)
        parcours.retirer_accord(accord.pk, par=par)
    assert _lus(m["referent"], ActionConvenue) == 0
    recits.accords(m, a)
    assert _lus(m["referent"], ActionConvenue) == 1
    with agir_comme(par):
        parcours.clore_action(action.pk, par=par, faite=False)
    assert _lus(m["referent"], ActionConvenue) == 0


def test_une_action_disparait_avec_la_fiche(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    recits.accords(m, a)
    c = recits.tenue(m, a)
    par = m["social"]
    with agir_comme(par):
        parcours.convenir(
            recits.point_de(m, c).pk, par=par, texte="Réparer.", qui="bailleur", avant_le=horloge.aujourdhui()
        )
    assert _lus(m["referent"], ActionConvenue) == 1
    with agir_comme(par):
        parcours.terminer(a.pk, par=par, motif="autre", relais="Aucun.", situation_logement="maintenu")
    assert _lus(m["referent"], ActionConvenue) == 0


def test_un_invite_n_ecrit_rien_en_sql(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    recits.accords(m, a)
    c = recits.convoquee(m, a)
    for role in ("correspondant", "referent"):
        with agir_comme(m[role]):
            for modele, valeurs in (
                (Concertation, {"lieu": "Ailleurs"}), (InvitationConcertation, {"reponse": "acceptee"}),
                (PointConcertation, {"commune": "Ailleurs"}),
            ):  # fmt: skip
                with suppress(DatabaseError), transaction.atomic():
                    assert modele.objects.all().update(**valeurs) == 0
    assert recits.relue(m, c).lieu == "12 rue des Lilas"


def test_l_effacement_emporte_les_points_les_decisions_et_les_dossiers(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    recits.accords(m, a)
    c = recits.convoquee(m, a)
    recits.dossiers(m, c)
    horloge.regler(c.debut)
    with agir_comme(m["social"]):
        parcours.tenir(c.pk, par=m["social"], presentes=[], comptes=[])
        parcours.decider_en_concertation(
            recits.point_de(m, c).pk, par=m["social"], texte="Revoir.", avant_le=horloge.aujourdhui()
        )
    from accompagnements.parcours.effacement import effacer_contenu

    with en_tant_que("palier_systeme"):
        assert effacer_contenu(Accompagnement.objects.get(pk=a.pk))
    with en_tant_que("palier_fabrique"):
        for modele in (PointConcertation, SituationEvoquee, Decision, DossierConcertation):
            assert modele.objects.count() == 0, modele
        assert Concertation.objects.count() == 1


def test_deplacee_elle_demande_a_nouveau_et_le_courriel_ne_dit_rien(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    c = recits.convoquee(m, a)
    pk = recits.invitation_de(c, m.partenaire).pk
    with agir_comme(m["correspondant"]):
        parcours.repondre_invitation(pk, par=m["correspondant"], vient=True, qui_vient="Mme Patron")
    assert recits.invitation_de(c, m.partenaire).reponse == "acceptee"
    with agir_comme(m["social"]):
        parcours.modifier_concertation(
            c.pk, par=m["social"], version=c.version, debut=c.debut + timedelta(days=1), duree=60, lieu=c.lieu
        )
    assert recits.invitation_de(c, m.partenaire).reponse == "attendue"
    with en_tant_que("palier_systeme"):
        promis = list(Envoi.objects.filter(genre="accompagnements.concertation_convoquee"))
        assert len(promis) == 4
        assert all(e.donnees == {} for e in promis)
        assert Evenement.objects.filter(action="accompagnements.concertation_convoquee").count() == 1


def test_deux_retraits_ou_deux_clotures_n_en_font_qu_une(db: None, midi: datetime) -> None:
    m = monde()
    a = suivi.en_cours(m)
    c = recits.tenue(m, a)
    with agir_comme(m["social"]):
        decision = parcours.decider_en_concertation(
            recits.point_de(m, c).pk, par=m["social"], texte="Revoir.", avant_le=horloge.aujourdhui()
        )
        parcours.clore_decision(decision.pk, par=m["social"], faite=True)
        with pytest.raises(TransitionInterdite):
            parcours.clore_decision(decision.pk, par=m["social"], faite=False)
        assert Decision.objects.get(pk=decision.pk).etat == "faite"


def test_une_decision_en_retard_se_compte_a_cote_d_a_faire(db: None, midi: datetime) -> None:
    m = monde()
    c = recits.tenue(m, suivi.en_cours(m))
    with agir_comme(m["social"]):
        parcours.decider_en_concertation(
            recits.point_de(m, c).pk, par=m["social"], texte="Revoir.", avant_le=horloge.aujourdhui()
        )
        avant = comptes_de(m["social"])["a_faire"][0]
    horloge.regler(horloge.maintenant() + timedelta(days=1))
    with agir_comme(m["social"]):
        assert comptes_de(m["social"])["a_faire"] == (avant + 1, True)
        assert [t.action for t in taches.suivi_de(m["social"]).taches if t.delai.en_retard] == ["Donner suite"]
