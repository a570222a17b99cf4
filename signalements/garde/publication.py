"""The compiled list as data for the pages: `static/palier/formulations.json`, written by `outils/documenter.py`.

The page only hints, with the same list and the same way of reading (`static/palier/garde-lecture.js`, compared with
this one sentence by sentence in a test); the server decides.
"""

import json
from typing import Any, Final

from signalements.garde import lecture, mots, nombres, propres
from signalements.garde.lexique import Place, lexique

OUTILS: Final = ("adverbe", "voie", "lieu", "liaison", "article", "civilite", "particule", "fonction")


def publier() -> str:
    """The list as JSON: each set of words once, patterns as ranks of sets."""
    lu = lexique()
    rangs: dict[frozenset[str], int] = {frozenset(): 0}

    def place(p: Place) -> list[int]:
        ensembles = [rangs.setdefault(e, len(rangs)) for e in (p.mots, p.capitales, p.racines)]
        return [*ensembles, int(p.facultative)]

    motifs = [[m.rang, int(m.sauf), [place(p) for p in m.places]] for m in lu.motifs]
    donnees: dict[str, Any] = {
        "categories": {code: [c.raison, c.conseil] for code, c in lu.categories.items()},
        "expressions": [[e.categorie.code, e.conseil] for e in lu.expressions],
        "ensembles": [sorted(e) for e in rangs],
        "motifs": motifs,
        "outils": {nom: sorted(lu.outils[nom]) for nom in OUTILS},
        "sosies": {chr(k): chr(v) for k, v in mots.SOSIES.items()},
        "ligatures": {chr(k): v for k, v in mots.LIGATURES.items()},
        "invisibles": "".join(chr(k) for k in mots.INVISIBLES),
        "numeros": {
            "nir": nombres.NIR.pattern, "telephone": nombres.TELEPHONE.pattern, "courriel": nombres.COURRIEL.pattern,
        },
        "noms": sorted(lecture.DANS_UN_NOM),
        "bornes": {
            "long": mots.LONG, "sauts": lecture.SAUTS, "epele": lecture.EPELE, "recolle": lecture.RECOLLE,
            "plusLongue": lecture.PLUS_LONGUE, "nomLong": lecture.NOM_LONG, "longueur": propres.LONGUEUR,
        },
    }  # fmt: skip
    return json.dumps(donnees, ensure_ascii=False, separators=(",", ":")) + "\n"
