"""Statistical secrecy: pure functions, no query, no HTML.

`tables`: what a table is and tells. `liens`: what links the sets, and the quick check. `systeme`: what a reader can
write down. `audit`: what solving it gives. `choix`: the tables to publish, and the refusal.
"""

from indicateurs.secret.audit import Auditeur, Fuite
from indicateurs.secret.choix import RefusDePublier, choisir, verifier
from indicateurs.secret.liens import Relations, connus, revelations
from indicateurs.secret.systeme import Connaissance, Systeme, ecrire
from indicateurs.secret.tables import LEGENDE, SEUIL, Croise, Croisement, Tableau, publiable

__all__ = [
    "LEGENDE",
    "SEUIL",
    "Auditeur",
    "Connaissance",
    "Croise",
    "Croisement",
    "Fuite",
    "RefusDePublier",
    "Relations",
    "Systeme",
    "Tableau",
    "choisir",
    "connus",
    "ecrire",
    "publiable",
    "revelations",
    "verifier",
]
