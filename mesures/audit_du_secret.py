"""How long the audit of a yearly bilan takes, with two neighbours and eight bailleurs: CPU seconds, no database.

    DJANGO_SETTINGS_MODULE=config.settings.test python -m pytest -q -s mesures/audit_du_secret.py

It prints seconds for three sizes of équipe; the small one has the most tables to refuse. It asserts counts, no time.
"""

import random
import time
from collections import Counter

import pytest

from indicateurs.secret import Connaissance, Relations, Tableau, choisir, connus, verifier

TABLEAUX, ORIENTEURS = 80, 8
GRAINE = 20260630


def binaire(rang: int, population: str, oui: int, tout: int) -> Tableau:
    code = f"t{rang}"
    return Tableau(
        code, code, population, (code,), ("Oui", "Non"), ((oui, tout - oui),), noms={(0, 0): f"oui{rang}"}
    )  # fmt: skip


@pytest.mark.parametrize("fiches", [60, 300, 2000])
def test_quatre_vingts_tableaux(fiches: int) -> None:
    hasard = random.Random(GRAINE)  # noqa: S311 (a world, not a key)
    parts = [hasard.random() ** 2 for _ in range(TABLEAUX)]
    personnes = [(hasard.randrange(ORIENTEURS), [hasard.random() < p for p in parts]) for _ in range(fiches)]
    combien = [sum(faits[rang] for _, faits in personnes) for rang in range(TABLEAUX)]
    liste = [Tableau("k", "k", "k", ("k",), ("Personnes",), ((fiches,),))]
    liste += [binaire(rang, "k", n, fiches) for rang, n in enumerate(combien)]
    siennes = Counter(qui for qui, _ in personnes)
    connaissances = [
        Connaissance(
            f"orienteur {o}",
            {"k": siennes[o]} | {
                f"oui{rang}": sum(faits[rang] for qui, faits in personnes if qui == o) for rang in range(TABLEAUX // 2)
            },
            fiches,
        )
        for o in range(ORIENTEURS)
    ]  # fmt: skip
    voisins = {"avant/k": fiches + 20, "apres/k": fiches} | {
        f"avant/oui{rang}": n + 15 for rang, n in enumerate(combien)
    }
    relations = Relations(
        inclusions={f"oui{rang}": frozenset({f"avant/oui{rang}"}) for rang in range(TABLEAUX)}
        | {"k": frozenset({"avant/k"})},
        exterieurs=voisins,
    )
    debut = time.process_time()
    gardes = choisir(liste, relations, connaissances)
    choisi = time.process_time()
    verifier(gardes, liste, relations, connaissances)
    fin = time.process_time()
    print(
        f"\n{fiches} fiches, {len(liste)} tables, {ORIENTEURS + 1} readers: {len(gardes)} kept, "
        f"chosen {choisi - debut:.2f} s, verified {fin - choisi:.2f} s of CPU"
    )
    assert all(n == 0 or n >= 11 for n in connus(gardes, relations).values())
