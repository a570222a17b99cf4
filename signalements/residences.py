"""The résidences that a form offers: all of them when they are few, otherwise those that a search finds."""

import unicodedata
from dataclasses import dataclass
from typing import Final, Self

from partenaires.models import Compte, Residence
from signalements import droits
from signalements.models import Fiche

PEU: Final = 40  # a list of so many is still read at a glance; beyond, one searches
TROUVEES: Final = 20  # shown at once


@dataclass(frozen=True, slots=True)
class ResidencesOffertes:
    """What the form may show and take: one or two statements, however many résidences there are.

    `lignes`: those that may be chosen. With `cherchables` they are the chosen ones, then what `cherche` found:
    `trouvees` of them, `trop` when there are more than is shown.
    """

    lignes: list[Residence]
    cherchables: bool = False
    cherche: str = ""
    trouvees: int = 0
    trop: bool = False

    @classmethod
    def pour(cls, compte: Compte, fiche: Fiche, *, choisies: tuple[str, ...], cherche: str = "") -> Self:
        """Those that the person may name; `choisies`: the keys in the draft and in the request."""
        ouvertes = droits.residences_ouvertes(compte, fiche)
        premieres = list(ouvertes.order_by("pk")[: PEU + 1])
        if len(premieres) <= PEU:
            return cls(sorted(premieres, key=lambda r: (_cle(r.nom), r.pk)))
        cles = {int(cle) for cle in choisies if cle.isascii() and cle.isdigit() and len(cle) < 19}
        lignes = list(ouvertes.parmi(cles)) if cles else []
        trouvees = list(ouvertes.nommees(cherche).par_nom()[: TROUVEES + 1]) if cherche else []
        lignes += [r for r in trouvees[:TROUVEES] if r.pk not in cles]
        trop = len(trouvees) > TROUVEES
        return cls(lignes, cherchables=True, cherche=cherche, trouvees=len(trouvees), trop=trop)


def _cle(nom: str) -> str:
    """A name as it is sorted: neither accents nor case."""
    decompose = unicodedata.normalize("NFKD", nom.casefold())
    return "".join(c for c in decompose if not unicodedata.combining(c))
