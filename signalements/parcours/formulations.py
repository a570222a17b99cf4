"""The free-text guard at the door: what every parcours that writes a sentence for others asks before it writes.

Drafts are not concerned: only their author reads them, and nothing typed is lost. A clinical note is not either:
it does not leave the équipe.
"""

from collections.abc import Collection, Mapping

from signalements.enums import Action
from signalements.garde import Contexte, exiger
from signalements.models import Fiche
from signalements.parcours.verrous import noter


def contexte_de_la_fiche(fiche: Fiche) -> Contexte:
    """Names that a sentence about this fiche may hold: the person's, her résidence's, the orienteur's."""
    locataire, residence = fiche.locataire_lisible, fiche.residence
    return Contexte(
        personne=(locataire.nom, locataire.prenom) if locataire else (),
        noms=(fiche.orienteur.nom, *((residence.nom, residence.adresse) if residence else ())),
    )


def garder_les_phrases(
    fiche: Fiche,
    textes: Mapping[str, str],
    *,
    contexte: Contexte,
    gardees: Collection[str],
    noms: Mapping[str, str] | None = None,
) -> None:
    """Raise FormulationsARevoir unless each sentence is plain or kept on purpose; journal the fields that keep one."""
    champs = exiger(textes, noms=noms or {}, contexte=contexte, gardees=gardees)
    if champs:
        noter(Action.FORMULATION_GARDEE, fiche, motif=", ".join(champs)[:60])
