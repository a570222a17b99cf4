"""Every state × transition × role, run for real, against an expectation written here by hand.

Allowed: the new state. Refused: an exception that says so, and fiche, instruction, content, journal and outbox are
what they were. The database is then asked for every passage that the expectation does not know.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from functools import partial
from typing import Any
from uuid import UUID

import pytest
from django.core.exceptions import ObjectDoesNotExist, PermissionDenied
from django.db import DatabaseError, connection, transaction

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import DEPOT, INSTRUCTION, RELEVE
from signalements.models import Fiche, Grille, Releve
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

Appel = Callable[[UUID, Compte], object]
REFUS = (PermissionDenied, TransitionInterdite, ObjectDoesNotExist)

REFERENTS = {"referent", "responsable"}
EQUIPE = {"coordination", "soignant", "social"}
ROLES = ["gardien", "referent", "responsable", "coordination", "soignant", "social", "correspondant",
         "coordination_clsm", "exploitation", "dpo"]  # fmt: skip
PERSONNE: set[str] = set()

# Instruction: transition → ({state: arrival}, roles) ----------------------------------------------------------
AVANT_CONTRAT = ["transmise", "a_completer", "recevable", "delai_opposition", "a_visiter", "accompagnee"]
INSTRUCTION_ATTENDUE: dict[str, tuple[dict[str, str], set[str]]] = {
    "demander_complement": ({"transmise": "a_completer"}, EQUIPE),
    "completer": ({"a_completer": "transmise"}, REFERENTS),
    "declarer_recevable": ({"transmise": "recevable", "a_completer": "recevable"}, EQUIPE),
    "declarer_non_recevable": ({"transmise": "non_recevable", "a_completer": "non_recevable"}, EQUIPE),
    "reorienter": ({"transmise": "reorientee", "recevable": "reorientee", "a_visiter": "reorientee"}, EQUIPE),
    # A fact, recorded while the situation is open; it changes the state of a fiche found recevable only.
    "enregistrer_information": (
        {e: "delai_opposition" if e == "recevable" else e for e in AVANT_CONTRAT}, REFERENTS | EQUIPE
    ),
    "lever_delai": ({}, PERSONNE),
    "classer": ({"recevable": "classee", "delai_opposition": "classee", "a_visiter": "classee"}, EQUIPE),
    "accompagner": ({"a_visiter": "accompagnee"}, EQUIPE),
    "clore": ({"accompagnee": "close"}, EQUIPE),
    "opposer": (dict.fromkeys(AVANT_CONTRAT, "opposition"), REFERENTS | EQUIPE),
    "annuler_opposition": ({"opposition": "transmise"}, {"coordination"}),
}  # fmt: skip
INSTRUCTION_APPELS: dict[str, Appel] = {
    "demander_complement": lambda pk, par: parcours.demander_complement(pk, par=par, question="Depuis quand ?"),
    "completer": lambda pk, par: parcours.completer(pk, par=par, reponse="Depuis mars."),
    "declarer_recevable": lambda pk, par: parcours.declarer_recevable(pk, par=par),
    "declarer_non_recevable": lambda pk, par: parcours.declarer_non_recevable(pk, par=par, motif="doublon"),
    "reorienter": lambda pk, par: parcours.reorienter(pk, par=par),
    "enregistrer_information": lambda pk, par: parcours.enregistrer_information(
        pk, par=par, le=horloge.aujourdhui(), mode="courrier"
    ),
    "lever_delai": lambda pk, par: INSTRUCTION.verifier("lever_delai", etat="delai_opposition", roles=par.roles),
    "classer": lambda pk, par: parcours.classer(pk, par=par, motif="injoignable"),
    "accompagner": lambda pk, par: parcours.accompagner(pk, par=par),
    "clore": lambda pk, par: parcours.clore(pk, par=par),
    "opposer": lambda pk, par: parcours.opposer(pk, par=par),
    "annuler_opposition": lambda pk, par: parcours.annuler_opposition(pk, par=par),
}
INSTRUCTION_ETATS = [*AVANT_CONTRAT, "non_recevable", "opposition", "reorientee", "classee", "close"]
INSTRUCTION_PASSAGES = {
    *((d, v) for t, (p, _) in INSTRUCTION_ATTENDUE.items() for d, v in p.items() if d != v),
    ("transmise", "delai_opposition"), ("a_completer", "delai_opposition"),  # recevable, already told
    ("accompagnee", "classee"), ("accompagnee", "reorientee"),  # without a contract
    *(("opposition", e) for e in AVANT_CONTRAT),
}  # fmt: skip

# Dépôt (a convention that asks for a reading): transition → {state: {role: arrival}} --------------------------
DEPOT_ATTENDU: dict[str, dict[str, dict[str, str]]] = {
    "transmettre": {
        "brouillon": {"gardien": "a_relire"},
        "a_corriger": {"gardien": "a_relire", "referent": "transmise", "responsable": "transmise"},
    },
    "valider": {"a_relire": dict.fromkeys(REFERENTS, "transmise")},
    "renvoyer": {"a_relire": dict.fromkeys(REFERENTS, "a_corriger")},
    "abandonner": {e: dict.fromkeys(REFERENTS, "abandonnee") for e in ("a_relire", "a_corriger")},
}
DEPOT_ETATS = ["brouillon", "a_relire", "a_corriger", "transmise", "abandonnee"]
DEPOT_PASSAGES = {
    ("brouillon", "transmise"), ("brouillon", "a_relire"), ("a_corriger", "transmise"), ("a_corriger", "a_relire"),
    ("a_relire", "transmise"), ("a_relire", "a_corriger"), ("a_relire", "abandonnee"), ("a_corriger", "abandonnee"),
}  # fmt: skip

# Relevés at six months: (type of rater, transition) → roles, from `attendu` only -------------------------------
RELEVE_ATTENDU = {
    ("bailleur", "coter"): ("rendu", {"gardien"} | REFERENTS),
    ("bailleur", "declarer_non_evaluable"): ("non_evaluable", {"gardien"} | REFERENTS),
    ("bailleur", "rendre_caduc"): ("caduc", PERSONNE),
    ("equipe", "coter"): ("rendu", EQUIPE),
    ("equipe", "declarer_non_evaluable"): ("non_evaluable", EQUIPE),
    ("equipe", "rendre_caduc"): ("caduc", PERSONNE),
}
RELEVE_ETATS = ["attendu", "rendu", "non_evaluable", "caduc"]
RELEVE_PASSAGES = {("attendu", "rendu"), ("attendu", "non_evaluable")}  # ("attendu", "caduc") is the clock's

TOUT = """SELECT (SELECT string_agg(f::text, '/' ORDER BY f.id) FROM signalements_fiche f),
  (SELECT string_agg(i::text, '/' ORDER BY i.fiche_id) FROM signalements_instruction i),
  (SELECT string_agg(r::text, '/' ORDER BY r.id) FROM signalements_releve r),
  (SELECT string_agg(b::text, '/' ORDER BY b.fiche_id) FROM signalements_brouillon b),
  (SELECT count(*) FROM signalements_echange), (SELECT count(*) FROM signalements_information),
  (SELECT count(*) FROM signalements_oppositionconnue), (SELECT count(*) FROM socle_evenement),
  (SELECT count(*) FROM socle_envoi)"""


def _tout() -> Any:
    """Rows, journal and outbox, as palier_fabrique sees them."""
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute(TOUT)
        return curseur.fetchone()


def _etat(table: str, colonne: str, pk: UUID) -> str:
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute(f"SELECT etat FROM {table} WHERE {colonne} = %s", [pk])
        return str(curseur.fetchone()[0])


def _cellule(compte: Compte, appel: Callable[[Compte], object], lire: Callable[[], str], avant: Any) -> str:
    """The new state, or « refus » when an exception said so and nothing is left of it. Then all is undone."""
    with transaction.atomic():
        refuse = False
        with agir_comme(compte):
            try:
                appel(compte)
            except REFUS:
                refuse = True
        intact = _tout() == avant
        issue = lire()
        transaction.set_rollback(True)
    if not refuse:
        return issue
    return "refus" if intact else "refus, mais quelque chose a changé"


def _fiche_a(m: Monde, etat: str) -> Fiche:
    """A fiche of the gardien, led to a state of the équipe by its real path."""
    if etat in ("transmise", "a_completer", "non_recevable", "opposition"):
        fiche = recits.transmise(m)
    elif etat in ("recevable", "classee", "reorientee"):
        fiche = recits.recevable(m)
    else:
        fiche = recits.informee(m) if etat == "delai_opposition" else recits.a_visiter(m)
    suites: dict[str, list[str]] = {
        "a_completer": ["demander_complement"], "non_recevable": ["declarer_non_recevable"], "opposition": ["opposer"],
        "classee": ["classer"], "reorientee": ["reorienter"], "accompagnee": ["accompagner"],
        "close": ["accompagner", "clore"],
    }  # fmt: skip
    for nom in suites.get(etat, []):
        with agir_comme(m["social"]):
            INSTRUCTION_APPELS[nom](fiche.pk, m["social"])
    return fiche


@pytest.mark.parametrize("etat", INSTRUCTION_ETATS)
def test_chaque_transition_de_l_instruction_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde()
    fiche = _fiche_a(m, etat)
    assert _etat("signalements_instruction", "fiche_id", fiche.pk) == etat
    avant = _tout()
    lire = partial(_etat, "signalements_instruction", "fiche_id", fiche.pk)
    ecarts = []
    for nom, (passages, roles) in INSTRUCTION_ATTENDUE.items():
        for role in ROLES:
            attendu = passages[etat] if role in roles and etat in passages else "refus"
            issue = _cellule(m[role], partial(INSTRUCTION_APPELS[nom], fiche.pk), lire, avant)
            if issue != attendu:
                ecarts.append(f"{nom} par {role}: {issue}, attendu {attendu}")
    assert ecarts == []
    assert _tout() == avant


def test_la_table_des_transitions_est_celle_qui_est_attendue_ici() -> None:
    """No transition of the code escapes the matrix."""
    assert set(INSTRUCTION.par_nom) == set(INSTRUCTION_ATTENDUE)
    assert set(DEPOT.par_nom) == set(DEPOT_ATTENDU)
    assert set(RELEVE.par_nom) == {nom for _, nom in RELEVE_ATTENDU}
    assert set(INSTRUCTION.etats) == set(INSTRUCTION_ETATS)
    assert set(DEPOT.etats) == set(DEPOT_ETATS)
    assert set(RELEVE.etats) == set(RELEVE_ETATS)


@pytest.mark.parametrize("role", ROLES)
def test_la_semaine_passee_ne_se_leve_par_aucun_role(db: None, midi: datetime, role: str) -> None:
    """Even when the week is over, only the clock's own login lifts it."""
    m = monde()
    fiche = recits.informee(m)
    horloge.regler(midi + timedelta(days=30))
    avant = _tout()
    with agir_comme(m[role]):
        try:
            with transaction.atomic():
                assert not parcours.lever_delai(fiche.pk)
        except DatabaseError as refus:
            assert "instruction_etat: delai_opposition to a_visiter is refused" in str(refus)  # noqa: PT017
    assert _tout() == avant
    with en_tant_que("palier_systeme"):
        assert parcours.lever_delai(fiche.pk)
    assert _etat("signalements_instruction", "fiche_id", fiche.pk) == "a_visiter"


def _depot_a(m: Monde, etat: str) -> Fiche:
    fiche = recits.brouillon(m) if etat == "brouillon" else recits.envoyee(m)
    suites = {"a_corriger": ["renvoyer"], "transmise": ["valider"], "abandonnee": ["abandonner"]}
    for nom in suites.get(etat, []):
        with agir_comme(m["referent"]):
            _depot_appel(m, nom)(fiche.pk, m["referent"])
    return fiche


def _depot_appel(m: Monde, nom: str) -> Appel:
    appels: dict[str, Appel] = {
        "transmettre": lambda pk, par: parcours.transmettre(pk, par=par, contenu=recits.contenu(m)),
        "valider": lambda pk, par: parcours.valider(pk, par=par),
        "renvoyer": lambda pk, par: parcours.renvoyer(pk, par=par, commentaires={"faits": "Préciser."}),
        "abandonner": lambda pk, par: parcours.abandonner(pk, par=par),
    }
    return appels[nom]


@pytest.mark.parametrize("etat", DEPOT_ETATS)
def test_chaque_transition_du_depot_par_chaque_role(db: None, midi: datetime, etat: str) -> None:
    m = monde(relecture=True)
    fiche = _depot_a(m, etat)
    assert _etat("signalements_fiche", "id", fiche.pk) == etat
    avant = _tout()
    ecarts = []
    for nom, par_etat in DEPOT_ATTENDU.items():
        appel = _depot_appel(m, nom)
        for role in ROLES:
            attendu = par_etat.get(etat, {}).get(role, "refus")
            lire = partial(_etat, "signalements_fiche", "id", fiche.pk)
            issue = _cellule(m[role], partial(appel, fiche.pk), lire, avant)
            if issue != attendu:
                ecarts.append(f"{nom} par {role}: {issue}, attendu {attendu}")
    assert ecarts == []


def _releve_a(m: Monde, genre: str, etat: str) -> Releve:
    """A six-month relevé, led to a state by whoever may."""
    fiche = recits.recevable(m)
    grille = Grille.objects.all().en_vigueur(m.equipe.pk)
    with en_tant_que("palier_systeme"):
        releve = parcours.ouvrir_releve(
            fiche,
            type_evaluateur=genre,
            grille=grille,
            evaluateur_id=m["gardien"].pk if genre == "bailleur" else None,
            du_le=horloge.aujourdhui(),
        )
    assert releve is not None
    auteur = m["gardien" if genre == "bailleur" else "social"]
    if etat == "caduc":
        with en_tant_que("palier_systeme"):
            parcours.rendre_caduc(releve)
    elif etat != "attendu":
        with agir_comme(auteur):
            _releve_appel("coter" if etat == "rendu" else "declarer_non_evaluable", releve)(releve.pk, auteur)
    return releve


def _releve_appel(nom: str, releve: Releve) -> Appel:
    appels: dict[str, Appel] = {
        "coter": lambda pk, par: parcours.coter(pk, par=par, cotations=recits.cotations(releve.grille)),
        "declarer_non_evaluable": lambda pk, par: parcours.declarer_non_evaluable(pk, par=par, motif="refus"),
        "rendre_caduc": lambda pk, par: RELEVE.verifier("rendre_caduc", etat="attendu", roles=par.roles),
    }
    return appels[nom]


@pytest.mark.parametrize("etat", RELEVE_ETATS)
@pytest.mark.parametrize("genre", ["bailleur", "equipe"])
def test_chaque_transition_du_releve_par_chaque_role(db: None, midi: datetime, genre: str, etat: str) -> None:
    m = monde()
    releve = _releve_a(m, genre, etat)
    assert _etat("signalements_releve", "id", releve.pk) == etat
    avant = _tout()
    ecarts = []
    for (type_evaluateur, nom), (vers, roles) in RELEVE_ATTENDU.items():
        if type_evaluateur != genre:
            continue
        appel = _releve_appel(nom, releve)
        for role in ROLES:
            attendu = vers if etat == "attendu" and role in roles else "refus"
            lire = partial(_etat, "signalements_releve", "id", releve.pk)
            issue = _cellule(m[role], partial(appel, releve.pk), lire, avant)
            if issue != attendu:
                ecarts.append(f"{nom} par {role}: {issue}, attendu {attendu}")
    assert ecarts == []


# The database alone ------------------------------------------------------------------------------------------


def _passages_refuses(table: str, colonne: str, pk: UUID, depuis: str, etats: list[str], nom: str) -> set[str]:
    """The states that raw SQL cannot write over `depuis`, because of the trigger `nom`. Bypasses every policy."""
    refuses = set()
    for vers in etats:
        with en_tant_que("palier_fabrique"):
            try:
                with transaction.atomic(), connection.cursor() as curseur:
                    curseur.execute(f"UPDATE {table} SET etat = %s WHERE {colonne} = %s", [vers, pk])
                    assert curseur.rowcount == 1
                    transaction.set_rollback(True)
            except DatabaseError as erreur:
                if f"{nom}: {depuis} to {vers} is refused" in str(erreur):
                    refuses.add(vers)
    return refuses


@pytest.mark.parametrize("etat", INSTRUCTION_ETATS)
def test_la_base_refuse_tout_autre_passage_de_l_instruction(db: None, midi: datetime, etat: str) -> None:
    fiche = _fiche_a(monde(), etat)
    permis = {v for d, v in INSTRUCTION_PASSAGES if d == etat} | {etat}
    refuses = _passages_refuses(
        "signalements_instruction", "fiche_id", fiche.pk, etat, INSTRUCTION_ETATS, "instruction_etat"
    )
    assert refuses == set(INSTRUCTION_ETATS) - permis


@pytest.mark.parametrize("etat", DEPOT_ETATS)
def test_la_base_refuse_tout_autre_passage_du_depot(db: None, midi: datetime, etat: str) -> None:
    fiche = _depot_a(monde(relecture=True), etat)
    permis = {v for d, v in DEPOT_PASSAGES if d == etat} | {etat}
    refuses = _passages_refuses("signalements_fiche", "id", fiche.pk, etat, DEPOT_ETATS, "fiche_depot")
    assert refuses == set(DEPOT_ETATS) - permis


@pytest.mark.parametrize("etat", RELEVE_ETATS)
def test_la_base_refuse_tout_autre_passage_du_releve(db: None, midi: datetime, etat: str) -> None:
    releve = _releve_a(monde(), "equipe", etat)
    permis = {v for d, v in RELEVE_PASSAGES if d == etat} | {etat}
    refuses = _passages_refuses("signalements_releve", "id", releve.pk, etat, RELEVE_ETATS, "releve_etat")
    assert refuses == set(RELEVE_ETATS) - permis
