"""What each model declares of itself: who may touch its table, and what becomes of its rows.

The catalogue test refuses a model without a declaration; `socle.droits_sql` turns it into grants.
"""

from dataclasses import dataclass
from typing import Literal

LIRE = "SELECT"
LIRE_ECRIRE = "SELECT, INSERT, UPDATE"
TOUT = "SELECT, INSERT, UPDATE, DELETE"

Portee = Literal["locataire", "global", "systeme"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Declaration:
    """Declaration of a model.

    `portee`: `locataire` (rows belong to organisations: row-level security enabled and forced, a policy for
    each granted command), `global` (reference data, no person in it) or `systeme` (technical).
    `web`, `systeme`, `droit`: SQL commands granted to `palier_web`, `palier_systeme`, `palier_droit`.
    `purge`, `export`, `journal`: in words, the rule of retention, of export and the journal class.
    """

    portee: Portee
    web: str = ""
    systeme: str = ""
    droit: str = ""
    purge: str
    export: str
    journal: str


# Tables of third-party applications, by label: they cannot declare themselves.
TIERS: dict[str, Declaration] = {
    "auth": Declaration(portee="global", web=LIRE, systeme=LIRE, purge="aucune", export="aucun", journal="aucun"),
    "contenttypes": Declaration(
        portee="global", web=LIRE, systeme=LIRE, purge="aucune", export="aucun", journal="aucun"
    ),
    "sessions": Declaration(
        portee="systeme",
        web=TOUT,
        systeme="SELECT, DELETE",
        purge="à l’expiration",
        export="aucun",
        journal="aucun",
    ),
    "account": Declaration(
        portee="systeme", web=TOUT, systeme=LIRE, purge="avec le compte", export="compte", journal="aucun"
    ),
    "mfa": Declaration(portee="systeme", web=TOUT, purge="avec le compte", export="aucun", journal="aucun"),
    "guardian": Declaration(portee="systeme", purge="inutilisée", export="aucun", journal="aucun"),
}
