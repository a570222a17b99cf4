"""What was typed on a device without network joins its draft, and never writes over something newer."""

from collections.abc import Mapping, Sequence
from typing import Any
from uuid import UUID

from partenaires.models import Compte
from signalements.enums import DEPOT
from signalements.models import Brouillon, Fiche
from signalements.parcours.depot import enregistrer_brouillon
from signalements.parcours.verrous import fiche_verrouillee


class ConflitDeReprise(Exception):
    """These fields changed elsewhere meanwhile: `textes` says for each what the device kept and what stands."""

    def __init__(self, textes: Mapping[str, tuple[Any, Any]]) -> None:
        self.textes = textes
        super().__init__(", ".join(sorted(textes)))


def reprendre_brouillon(
    pk: UUID,
    *,
    par: Compte,
    champs: Mapping[str, Any],
    avant: Mapping[str, Sequence[Any]],
    avec: Mapping[str, Any] | None = None,
    remplacer: bool = False,
) -> Fiche:
    """Add to a draft the fields that changed on a device, in one go or not at all.

    `avant` holds, for each field, the values that the device knew: what the page was shown with, and what it tried
    to send without hearing back. A field that holds something else was changed elsewhere: ConflitDeReprise, unless
    the person has seen both and says `remplacer`. `avec` goes along without being compared.
    Raises TransitionInterdite once the fiche has left, Fiche.DoesNotExist when it is not this person's.
    """
    fiche = fiche_verrouillee(pk, par)
    DEPOT.verifier("transmettre", etat=fiche.etat, roles=par.roles)
    contenu = Brouillon.objects.get(pk=fiche.pk).contenu
    neufs = {nom: valeur for nom, valeur in champs.items() if _dit(valeur) != _dit(contenu.get(nom))}
    ailleurs = {
        nom: (valeur, contenu.get(nom, ""))
        for nom, valeur in neufs.items()
        if _dit(contenu.get(nom)) not in [_dit(connue) for connue in avant.get(nom, [None])]
    }
    if ailleurs and not remplacer:
        raise ConflitDeReprise(ailleurs)
    if not neufs:
        return fiche
    return enregistrer_brouillon(pk, par=par, champs={**neufs, **(avec or {})})


def _dit(valeur: Any) -> Any:
    """An empty field and one that is not there say the same."""
    return None if valeur in ("", [], None) else valeur
