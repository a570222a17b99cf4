"""Séances of sensibilisation: every state x transition x role, seats, the waiting list, who reads whose name."""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import uuid4

import pytest
from django.core.exceptions import ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction

from partenaires.enums import GenreOrganisation
from partenaires.enums_sensibilisations import INSCRIPTION, SEANCE, EtatSeance
from partenaires.models import Compte, DocumentSeance, InscriptionSeance, InvitationSeance, Organisation, Seance
from partenaires.parcours import documents_seance, inscriptions, seances
from partenaires.parcours.seances import Pointage, PointageEnConflit
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits_seances as recits
from tests.accompagnements.test_matrice import EQUIPE, personnes, tenter, traces
from tests.conftest import en_tant_que
from tests.fabriques import DEBUT, Monde, compte, convention, monde, organisation

REFERENTS = frozenset({"referent", "responsable"})
# State → act → what it gives; an act that is not there is « interdit ». The day of the séance has come in `tenue`.
ATTENDU: dict[str, dict[str, str]] = {
    "brouillon": {"modifier": "brouillon", "ouvrir": "ouverte", "annuler": "annulee"},
    "ouverte": {
        "modifier": "ouverte", "annuler": "annulee", "feuille": "a_produire", "inscrire": "inscrite",
        "desinscrire": "annulee",
    },
    "tenue": {"pointer": "tenue", "clore": "close", "feuille": "a_produire", "ajouter": "inscrite"},
    "close": {},
    "annulee": {},
}  # fmt: skip
RECITS: dict[str, Callable[..., Seance]] = {
    "brouillon": recits.preparee, "ouverte": recits.avec_inscrits, "tenue": recits.tenue, "close": recits.close,
    "annulee": recits.annulee,
}  # fmt: skip


def _actes(m: Monde, s: Seance) -> dict[str, tuple[frozenset[str], Callable[[Compte], Any]]]:
    """Who may ever do it, and how."""
    une = next((i for i in recits.inscriptions(m, s)), None)
    qui = une.pk if une else uuid4()
    autre = recits.annonce(debut=s.debut, lieu="Mairie", inscription_jusqu_au=horloge.paris(s.debut).date())
    return {
        "modifier": (EQUIPE, lambda par: seances.modifier(
            s.pk, autre, par=par, version=s.version, bailleurs=[m.bailleur.pk])),
        "ouvrir": (EQUIPE, lambda par: seances.ouvrir(s.pk, par=par)),
        "annuler": (EQUIPE, lambda par: seances.annuler_seance(s.pk, par=par, motif="Report.")),
        "pointer": (EQUIPE, lambda par: seances.pointer(s.pk, par=par, lignes={qui: Pointage("presente", "excusee")})),
        "clore": (EQUIPE, lambda par: seances.clore(s.pk, par=par)),
        "feuille": (EQUIPE, lambda par: documents_seance.demander_feuille(s.pk, par=par)),
        "inscrire": (EQUIPE | REFERENTS, lambda par: inscriptions.inscrire_nom(
            s.pk, par=par, bailleur=m.bailleur, nom="Ana Calque")),
        "ajouter": (EQUIPE, lambda par: inscriptions.inscrire_nom(
            s.pk, par=par, bailleur=m.bailleur, nom="Ana Calque", ajoutee=True)),
        "desinscrire": (EQUIPE | REFERENTS, lambda par: inscriptions.annuler_inscription(qui, par=par)),
    }  # fmt: skip


@pytest.mark.parametrize("etat", EtatSeance.values)
def test_chaque_acte_depuis_chaque_etat_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    s = recits.relue(m, RECITS[etat](m))
    assert s.etat == etat
    avant, ecarts = traces(), []
    for par, chez_soi in personnes(m, monde("Sud")):
        role = next(iter(par.roles))
        with agir_comme(par):
            for nom, (roles, acte) in _actes(m, s).items():
                obtenu = tenter(partial(acte, par))
                voulus = {ATTENDU[etat].get(nom, "interdit")} if chez_soi and role in roles else {"inconnu", "refusé"}
                if role in REFERENTS and chez_soi and etat == "brouillon":
                    voulus = {"inconnu", "refusé"}  # nothing says that it is being prepared
                if nom == "desinscrire" and etat == "brouillon":
                    voulus = {"inconnu", "refusé"}  # nobody is registered
                if obtenu not in voulus:
                    ecarts.append(f"{nom} par {role} (chez soi : {chez_soi}) : {obtenu}, attendu {sorted(voulus)}")
    assert ecarts == []
    assert traces() == avant
    assert recits.relue(m, s).version == s.version


def test_la_table_du_code_dit_la_meme_chose() -> None:
    noms = {"ouvrir": "ouvrir", "annuler_seance": "annuler", "clore": "clore"}
    for etat, actes in ATTENDU.items():
        possibles = {noms[n] for n in SEANCE.possibles(etat=etat, roles=["social"]) if n in noms}
        assert possibles == set(actes) & set(noms.values()), etat
    assert set(SEANCE.par_nom) == {*noms, "tenir"}
    assert set(SEANCE.etats) == set(ATTENDU)
    assert set(INSCRIPTION.par_nom) == {"promouvoir", "annuler_inscription"}


# Seats ------------------------------------------------------------------------------------------------------------


def _etats(m: Monde, s: Seance) -> list[tuple[str, str]]:
    return [(i.designation, i.etat) for i in recits.inscriptions(m, s)]


def test_au_dela_des_places_on_attend_et_la_place_rendue_va_au_premier(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.ouverte(m, capacite=2)
    premiere = recits.inscrit(m, s, "Ana Calque")
    for nom in ("Bob Esquisse", "Cléo Gabarit", "Dan Patron"):
        horloge.avancer(minutes=1)
        recits.inscrit(m, s, nom)
    assert [e for _, e in _etats(m, s)] == ["inscrite", "inscrite", "en_attente", "en_attente"]
    assert (recits.relue(m, s).inscrites, recits.relue(m, s).places) == (2, 0)
    with agir_comme(m["referent"]):
        assert inscriptions.annuler_inscription(premiere.pk, par=m["referent"]).etat == "annulee"
    assert [e for _, e in _etats(m, s)] == ["annulee", "inscrite", "inscrite", "en_attente"]
    assert recits.relue(m, s).inscrites == 2
    with en_tant_que("palier_systeme"):
        promises = Envoi.objects.filter(genre="partenaires.inscription_promue")
        assert [e.donnees for e in promises] == [{}]
    lue = recits.relue(m, s)
    with agir_comme(m["social"]):  # seats are added: whoever waits takes one
        plus = recits.annonce(debut=lue.debut, capacite=3)
        seances.modifier(s.pk, plus, par=m["social"], version=lue.version, bailleurs=[m.bailleur.pk])
    assert [e for _, e in _etats(m, s)] == ["annulee", "inscrite", "inscrite", "inscrite"]
    lue = recits.relue(m, s)
    moins = recits.annonce(debut=lue.debut, capacite=2)
    with agir_comme(m["social"]), pytest.raises(ValidationError, match="3"), transaction.atomic():
        seances.modifier(s.pk, moins, par=m["social"], version=lue.version, bailleurs=[m.bailleur.pk])
    assert recits.relue(m, s).capacite == 3


def test_personne_n_est_inscrit_deux_fois(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m)
    with en_tant_que("palier_fabrique"):
        nom = m["gardien"].nom_complet
    for dit in ("", " tom  ESQUISSE ", nom):
        with pytest.raises(ValidationError, match="déjà"), transaction.atomic():
            recits.inscrit(m, s, dit)
    assert len(recits.inscriptions(m, s)) == 2
    une = recits.inscriptions(m, s)[0]
    une.pk, une.nom, une.fonction = uuid4(), "Tom", ""
    with en_tant_que("palier_fabrique"), pytest.raises(IntegrityError), transaction.atomic():  # in SQL neither
        une.save(force_insert=True)
    with agir_comme(m["referent"]):
        inscriptions.annuler_inscription(recits.inscriptions(m, s)[1].pk, par=m["referent"])
    recits.inscrit(m, s, "Tom Esquisse")
    assert [i.etat for i in recits.inscriptions(m, s)] == ["inscrite", "annulee", "inscrite"]


def test_apres_la_fin_des_inscriptions_l_equipe_seule_inscrit_encore(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.ouverte(m)
    horloge.regler(s.debut - timedelta(days=1))
    with pytest.raises(TransitionInterdite), transaction.atomic():
        recits.inscrit(m, s, "Ana Calque")
    recits.inscrit(m, s, "Ana Calque", par="social")
    horloge.regler(s.debut + timedelta(minutes=5))
    with pytest.raises(TransitionInterdite), transaction.atomic():
        recits.inscrit(m, s, "Bob Esquisse", par="social")
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite), transaction.atomic():
        inscriptions.annuler_inscription(recits.inscriptions(m, s)[0].pk, par=m["social"])
    assert _etats(m, s) == [("Ana Calque", "inscrite")]


# Who reads what ---------------------------------------------------------------------------------------------------


def _autre_bailleur(m: Monde) -> tuple[Organisation, Compte]:
    with en_tant_que("palier_fabrique"):
        autre = organisation(GenreOrganisation.BAILLEUR, "Habitat Autre")
        convention(m.equipe, autre, [], du=DEBUT)
        return autre, compte("referent", autre)


def _lus(qui: Compte, *modeles: Any) -> list[int]:
    with agir_comme(qui):
        return [modele.objects.count() for modele in modeles]


def test_un_bailleur_ne_lit_que_les_siens_et_le_nombre_de_places(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    autre, son_referent = _autre_bailleur(m)
    s = recits.close(m, bailleurs=[m.bailleur.pk, autre.pk])
    tous = (Seance, InvitationSeance, InscriptionSeance, DocumentSeance)
    assert _lus(m["social"], *tous) == [1, 2, 2, 1]
    assert _lus(m["referent"], *tous) == [1, 1, 2, 0]  # the attestation is not made yet
    assert _lus(m["gardien"], *tous) == [1, 0, 1, 0]  # himself
    assert _lus(son_referent, *tous) == [1, 1, 0, 0]
    with agir_comme(son_referent):
        lue = Seance.objects.visibles_par(son_referent).get()
        assert (lue.pk, lue.places) == (s.pk, 10)
    for qui in (m["correspondant"], m["coordination_clsm"], m["exploitation"], m["dpo"], sud["coordination"],
                sud["referent"], sud["gardien"]):  # fmt: skip
        assert _lus(qui, *tous) == [0, 0, 0, 0], qui
    attestation = recits.documents(m, s)[0]
    with agir_comme(m["social"]):
        assert documents_seance.enregistrer_octets(attestation.pk, b"%PDF-1.7 x")
    assert [_lus(q, DocumentSeance) for q in (m["referent"], m["gardien"], son_referent)] == [[1], [1], [0]]


def test_une_seance_en_preparation_ne_se_voit_que_de_l_equipe(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.preparee(m)
    assert _lus(m["referent"], Seance, InvitationSeance) == [0, 0]
    with agir_comme(m["social"]):
        seances.annuler_seance(s.pk, par=m["social"], motif="Reportée.")
    assert _lus(m["referent"], Seance, InvitationSeance) == [0, 0]


def test_parti_de_son_bailleur_on_ne_lit_plus_rien(db: None, midi: datetime) -> None:
    m = monde()
    recits.close(m)
    with en_tant_que("palier_fabrique"):
        m["gardien"].rattachements.update(au=horloge.aujourdhui())
    assert _lus(m["gardien"], Seance, InscriptionSeance) == [0, 0]


def test_en_sql_un_bailleur_ne_prend_ni_ne_rend_la_place_d_un_autre(db: None, midi: datetime) -> None:
    m = monde()
    autre, son_referent = _autre_bailleur(m)
    s = recits.avec_inscrits(m, bailleurs=[m.bailleur.pk, autre.pk])
    une = recits.inscriptions(m, s)[1]
    porte = "SELECT droit.inscrire(%s, %s, %s, %s, NULL, NULL, %s, %s)"
    essais: list[tuple[Compte, str, list[Any]]] = [
        (son_referent, "SELECT droit.annuler_inscription(%s)", [une.pk]),
        (son_referent, porte, [uuid4(), s.pk, m.bailleur.pk, None, b"x", False]),
        (son_referent, porte, [uuid4(), s.pk, autre.pk, m["gardien"].pk, None, False]),
        (m["referent"], porte, [uuid4(), s.pk, m.bailleur.pk, None, b"x", True]),
        (m["social"], porte, [uuid4(), s.pk, m.bailleur.pk, m["gardien"].pk, None, False]),
        (m["correspondant"], porte, [uuid4(), s.pk, m.partenaire.pk, None, b"x", False]),
        (m["referent"], "SELECT droit.remplir_seance(%s)", [s.pk]),
        (m["referent"], "SELECT droit.donner_les_places(%s)", [s.pk]),
        (m["referent"], "UPDATE partenaires_seance SET inscrites = 0", []),
        (m["social"], "UPDATE partenaires_seance SET inscrites = 0", []),
        (m["social"], "UPDATE partenaires_inscriptionseance SET etat = 'annulee'", []),
        (m["referent"], "INSERT INTO partenaires_inscriptionseance (id) VALUES (%s)", [uuid4()]),
        (m["referent"], "DELETE FROM partenaires_inscriptionseance", []),
    ]
    for qui, requete, valeurs in essais:
        with agir_comme(qui), pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(requete, valeurs)
    for qui in (m["referent"], m["gardien"], son_referent):
        with agir_comme(qui):
            assert InscriptionSeance.objects.update(presence="presente", pointee_le=horloge.maintenant()) == 0
            assert Seance.objects.update(titre="Autre") == 0
    assert [e for _, e in _etats(m, s)] == ["inscrite", "inscrite"]


# Who came ---------------------------------------------------------------------------------------------------------


def test_deux_collegues_pointent_ensemble_et_rien_ne_se_perd(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, noms=("Ana Calque", "Bob Esquisse"))
    with agir_comme(m["social"]), pytest.raises(TransitionInterdite):
        seances.pointer(s.pk, par=m["social"], lignes={})  # not before its day
    horloge.regler(s.debut + timedelta(hours=2))
    un, deux, trois = (i.pk for i in recits.inscriptions(m, s))
    for role, lignes in (
        ("social", {un: Pointage("", "presente"), deux: Pointage("", "")}),
        ("soignant", {un: Pointage("", ""), deux: Pointage("", "absente"), trois: Pointage("", "excusee")}),
    ):
        with agir_comme(m[role]):
            seances.pointer(s.pk, par=m[role], lignes=lignes)
    assert [i.presence for i in recits.inscriptions(m, s)] == ["presente", "absente", "excusee"]
    lignes = {un: Pointage("presente", "excusee"), deux: Pointage("", "presente")}
    with agir_comme(m["coordination"]), pytest.raises(PointageEnConflit) as conflit, transaction.atomic():
        seances.pointer(s.pk, par=m["coordination"], lignes=lignes)
    assert conflit.value.actuelles == {deux: "absente"}
    assert [i.presence for i in recits.inscriptions(m, s)] == ["presente", "absente", "excusee"]


def test_une_personne_venue_sans_inscription_s_ajoute_sans_prendre_de_place(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, capacite=2)
    horloge.regler(s.debut + timedelta(minutes=10))
    with agir_comme(m["social"]):
        ajoutee = inscriptions.inscrire_nom(
            s.pk, par=m["social"], bailleur=m.bailleur, nom="Cléo Gabarit", ajoutee=True
        )
    lue = next(i for i in recits.inscriptions(m, s) if i.pk == ajoutee.pk)
    assert (lue.etat, lue.presence, lue.ajoutee, lue.pointee_par) == ("inscrite", "presente", True, m["social"])
    assert recits.relue(m, s).inscrites == 2


def test_on_ne_clot_pas_sans_avoir_pointe_chacun_et_chaque_present_a_son_attestation(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, capacite=3, noms=("Ana Calque", "Bob Esquisse", "Cléo Gabarit"))
    horloge.regler(s.debut + timedelta(hours=4))
    un, deux, trois, attente = recits.inscriptions(m, s)
    assert attente.etat == "en_attente"
    with agir_comme(m["social"]):
        seances.pointer(
            s.pk, par=m["social"], lignes={un.pk: Pointage("", "presente"), deux.pk: Pointage("", "absente")}
        )
        with pytest.raises(ValidationError, match="1"), transaction.atomic():
            seances.clore(s.pk, par=m["social"])
        suite = {trois.pk: Pointage("", "excusee"), attente.pk: Pointage("", "presente")}
        seances.pointer(s.pk, par=m["social"], lignes=suite)
        seances.clore(s.pk, par=m["social"])
    promis = recits.documents(m, s)
    assert {d.inscription_id for d in promis} == {un.pk, attente.pk}
    assert {d.compte_id for d in promis} == {m["gardien"].pk, None}
    with agir_comme(m["social"]), pytest.raises(DatabaseError), transaction.atomic():
        InscriptionSeance.objects.filter(pk=un.pk).update(etat="annulee")
    with agir_comme(m["social"]):
        assert InscriptionSeance.objects.update(presence="absente") == 0  # closed: nothing moves, in SQL neither


def test_deux_editeurs_de_la_seance_le_second_voit_la_difference(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.ouverte(m)
    with agir_comme(m["social"]):
        neuve = recits.annonce(debut=s.debut, lieu="Mairie")
        seances.modifier(s.pk, neuve, par=m["social"], version=s.version, bailleurs=[m.bailleur.pk])
        with pytest.raises(ConflitDeVersion), transaction.atomic():
            seances.modifier(s.pk, neuve, par=m["social"], version=s.version, bailleurs=[m.bailleur.pk])
    assert recits.relue(m, s).lieu == "Mairie"


def test_on_n_invite_que_des_bailleurs_conventionnes_et_qui_a_inscrit_reste_invite(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    s = recits.avec_inscrits(m)
    lue = recits.relue(m, s)
    for invites in ([m.bailleur.pk, sud.bailleur.pk], [m.partenaire.pk], []):
        with agir_comme(m["social"]), pytest.raises(ValidationError), transaction.atomic():
            seances.modifier(
                s.pk, recits.annonce(debut=s.debut), par=m["social"], version=lue.version, bailleurs=invites
            )
    with agir_comme(m["social"]), pytest.raises(DatabaseError), transaction.atomic():
        InvitationSeance.objects.create(seance=s, equipe=m.equipe, bailleur=sud.bailleur)
    with agir_comme(m["social"]):
        assert InvitationSeance.objects.all()._raw_delete("default") == 0
