"""What the author of a fiche that was sent back may correct: the fields on which the référent wrote, and no other.

A référent who takes it over may correct everything. A line of the grid without an answer (the grid has changed) may
always be answered: otherwise the fiche could not leave.
"""

from collections.abc import Mapping
from typing import Any, Final

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import EtatDepot
from signalements.models import Brouillon, Fiche, Grille

CHAMPS: Final[dict[str, tuple[str, ...]]] = {
    "residence": ("residence", "batiment", "etage", "porte"),
    "nom": ("civilite", "nom", "prenom", "majeur", "naissance", "telephone"),
    "contexte": ("contexte", "composition", "inquietude"),
    "faits": ("faits",),
    "demarches": ("demarches",),
    "informee_le": ("informee_le", "mode_information"),
}
FAITS: Final = "faits"
GARDE: Final = "garde_"  # the companion of a guarded field goes with it


def est_restreint(fiche: Fiche, compte: Compte, commentaires: Mapping[str, str]) -> bool:
    """Whether this person corrects only what was commented."""
    reprise = compte.a_role(Role.REFERENT, Role.RESPONSABLE)
    return fiche.etat == EtatDepot.A_CORRIGER and bool(commentaires) and not reprise


def photos_ouvertes(fiche: Fiche, compte: Compte, commentaires: Mapping[str, str]) -> bool:
    """Photos go with what was seen: an author who corrects something else neither adds nor removes one."""
    return not est_restreint(fiche, compte, commentaires) or FAITS in commentaires


def champs_ouverts(commentaires: Mapping[str, str], grille: Grille, renvoye: Mapping[str, Any]) -> frozenset[str]:
    """The names of the draft's fields that may change; `renvoye` is what the fiche said when it was sent back."""
    ouverts: set[str] = {Brouillon.ALERTE}
    for cle in commentaires:
        ouverts.update(CHAMPS.get(cle, ()))
    for domaine, signaux in grille.par_domaine():
        codes = [s.code for s in signaux if domaine in commentaires or not renvoye.get(s.code)]
        if codes:
            ouverts.update({*codes, *(f"{code}_source" for code in codes), f"remplies_{domaine}", "grille"})
    return frozenset({*ouverts, *(f"{GARDE}{nom}" for nom in ouverts)})
