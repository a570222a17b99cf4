"""The form of a rectification: what the fiche says of the person, as it should be."""

from typing import Any, ClassVar

from django import forms

from signalements.enums import ChampRectifiable, MotifRectification
from signalements.forms.etapes import INCONNUE, ContexteForm, PersonneForm
from signalements.models import Constat, Locataire
from signalements.residences import ResidencesOffertes


def valeur_de(champ: ChampRectifiable, locataire: Locataire, constat: Constat) -> str:
    """What the fiche says today."""
    tenu_par: Locataire | Constat = locataire if hasattr(locataire, champ) else constat
    return str(getattr(tenu_par, champ))


class RectifierForm(PersonneForm):
    """The same fields, with the same rules, as when the fiche was written; neither résidence nor majority."""

    GARDES: ClassVar[tuple[str, ...]] = (*PersonneForm.GARDES, "composition", "faits", "demarches")

    composition = ContexteForm.base_fields["composition"]
    faits = ContexteForm.base_fields["faits"]
    demarches = ContexteForm.base_fields["demarches"]
    motif = forms.ChoiceField(
        label="Pourquoi",
        choices=MotifRectification.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Dites pourquoi. Une fiche se rectifie à la demande de la personne."},
    )
    version = forms.IntegerField(widget=forms.HiddenInput, min_value=1)

    field_order = (
        "nom", "prenom", "civilite", "naissance", "telephone", "batiment", "etage", "porte", "composition", "faits",
        "demarches", "motif", "version",
    )  # fmt: skip

    def __init__(self, *args: Any, locataire: Locataire, constat: Constat, **options: Any) -> None:
        actuelles = {c.value: valeur_de(c, locataire, constat) for c in ChampRectifiable}
        actuelles["civilite"] = actuelles["civilite"] or INCONNUE
        super().__init__(
            *args, offertes=ResidencesOffertes([]), initial={**actuelles, "version": locataire.version}, **options
        )
        del self.fields["residence"]
        del self.fields["majeur"]

    @property
    def valeurs(self) -> dict[str, str]:
        """What a valid form says, as the fiche keeps it."""
        d = self.cleaned_data
        civilite = "" if d["civilite"] == INCONNUE else d["civilite"]
        naissance = d["naissance"].isoformat() if d["naissance"] else ""
        return {**{c.value: d[c] or "" for c in ChampRectifiable}, "civilite": civilite, "naissance": naissance}
