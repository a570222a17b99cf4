"""The routes of the séances: who opens each, on which object, and whose page may bear the tenant's canary.

The séance is open; the gardien stands there, and somebody without an account; nothing is printed yet.
"""

from typing import Final

from partenaires.enums import ROLES_BAILLEUR, ROLES_EQUIPE, Role

_PERSONNE: Final[frozenset[Role]] = frozenset()
_BAILLEUR: Final = frozenset(ROLES_BAILLEUR)
_EQUIPE: Final = frozenset(ROLES_EQUIPE)
_INSCRIVENT: Final = _EQUIPE | _BAILLEUR - {Role.GARDIEN}
_ACTES: Final = ("ajouter", "annuler", "clore", "feuille", "modifier", "ouvrir", "presences", "relancer")

SEANCES: Final[dict[str, tuple[frozenset[Role], str, frozenset[Role]]]] = {
    **{f"seance_{acte}": (_EQUIPE, "seance", _EQUIPE) for acte in _ACTES},
    **dict.fromkeys(("seance", "seance_agenda"), (_EQUIPE | _BAILLEUR, "seance", _EQUIPE | _BAILLEUR)),
    "seance_inscrire": (_INSCRIVENT, "seance", _INSCRIVENT),
    **{f"inscription_{acte}": (_INSCRIVENT, "inscription", _INSCRIVENT) for acte in ("annuler", "seance")},
    "seance_attestations": (_PERSONNE, "seance", _PERSONNE),
    "document_seance": (_PERSONNE, "feuille", _PERSONNE),
    **dict.fromkeys(("seances_chiffres", "seances_csv"), (_EQUIPE, "", _PERSONNE)),
    "seance_preparer": (_EQUIPE, "", _PERSONNE),
    "sensibilisations": (_INSCRIVENT, "", _INSCRIVENT),
    "mes_seances": (_BAILLEUR, "", frozenset({Role.GARDIEN})),
}
