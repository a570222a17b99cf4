"""A bilan in each state, each transition by each role, against what is written here."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, transaction

from indicateurs import parcours
from indicateurs.enums import BILAN, EtatBilan
from indicateurs.models import Bilan, BilanFichier
from indicateurs.publication import empreinte
from partenaires.enums import Role
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.transitions import TransitionInterdite
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_bilan import DONNEES, demander, en_calcul, en_echec, pret, publie, relire

ETATS: dict[str, Callable[[Monde], Bilan]] = {
    "demande": demander,
    "calcul": en_calcul,
    "pret": pret,
    "publie": publie,
    "echec": en_echec,
}
PERMIS = {("relancer", "pret"), ("relancer", "echec"), ("publier", "pret")}  # by coordination alone


def _agir(transition: str, b: Bilan, par: Compte) -> None:
    if transition == "publier":
        parcours.publier(b.pk, par=par, empreinte=empreinte(DONNEES))
    else:
        parcours.relancer(b.pk, par=par)


@pytest.mark.parametrize("etat", ETATS)
@pytest.mark.parametrize("transition_", ["relancer", "publier"])
def test_chaque_etat_chaque_transition_chaque_role(
    m: Monde, messages: list[list[str]], etat: str, transition_: str
) -> None:
    b = ETATS[etat](m)
    assert relire(m, b).etat == etat
    for role in Role.values:
        permis = role == Role.COORDINATION and (transition_, etat) in PERMIS
        with agir_comme(m[role]):
            if permis:
                continue
            attendu: Any = TransitionInterdite if role == Role.COORDINATION else PermissionDenied
            with pytest.raises(attendu), transaction.atomic():
                _agir(transition_, b, m[role])
    assert relire(m, b).etat == etat
    if (transition_, etat) in PERMIS:
        with agir_comme(m["coordination"]):
            _agir(transition_, b, m["coordination"])
        assert relire(m, b).etat == ("publie" if transition_ == "publier" else "demande")


def test_la_base_refuse_tout_autre_passage(m: Monde, messages: list[list[str]]) -> None:
    legaux = {(d, v) for t in BILAN.transitions for d in t.depuis for v in t.vers}
    for etat, atteindre in ETATS.items():
        autre = monde(f"M{etat}")
        horloge.regler(datetime(2026, 9, 22, 10, tzinfo=UTC))
        b = atteindre(autre)
        for vers in EtatBilan.values:
            if (etat, vers) in legaux or vers == etat:
                continue
            with en_tant_que("palier_fabrique"), pytest.raises(DatabaseError), transaction.atomic():
                Bilan.objects.filter(pk=b.pk).update(etat=vers)


def test_le_systeme_ne_fait_que_declarer_l_echec(m: Monde) -> None:
    b = demander(m)
    for vers in ("calcul", "pret", "publie"):
        with en_tant_que("palier_systeme"), pytest.raises(DatabaseError), transaction.atomic():
            Bilan.objects.filter(pk=b.pk).update(etat=vers)
    with en_tant_que("palier_systeme"), pytest.raises(DatabaseError), transaction.atomic():
        BilanFichier.objects.count()
