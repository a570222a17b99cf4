"""Forms about résidences, and the filters of the journal."""

from collections.abc import Iterable
from typing import Any

from django import forms

from partenaires.models import Residence, Territoire
from partenaires.models.patrimoine import SECTEUR_MAXIMUM
from partenaires.parcours.patrimoine import Description
from socle.formulaires import FormAvecCle
from socle.saisies import SaisieDate


class ResidenceForm(FormAvecCle):
    """A résidence; its commune is one of those that the bailleur's conventions cover."""

    nom = forms.CharField(label="Nom", max_length=120)
    adresse = forms.CharField(label="Adresse", max_length=200, help_text="Numéro et rue, sans nom de personne.")
    code_postal = forms.RegexField(
        r"^\d{5}$",
        label="Code postal",
        error_messages={"invalid": "Un code postal a cinq chiffres."},
        widget=forms.TextInput({"inputmode": "numeric", "maxlength": 5}),
    )
    territoire: "forms.ModelChoiceField[Territoire]" = forms.ModelChoiceField(
        queryset=None,
        label="Commune",
        empty_label="Choisir",
        help_text="Celles que couvrent vos conventions.",
        error_messages={"invalid_choice": "Choisissez une commune couverte par vos conventions."},
    )
    secteur = forms.CharField(
        label="Secteur",
        max_length=SECTEUR_MAXIMUM,
        required=False,
        help_text="Votre agence ou votre secteur, toujours écrit de la même façon. Il sert à filtrer les signalements.",
    )
    reference = forms.CharField(
        label="Référence",
        max_length=40,
        required=False,
        help_text="Celle de votre logiciel. Un fichier importé retrouve la résidence grâce à elle.",
    )
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, territoires: Any, residence: Residence | None = None, **kwargs: Any) -> None:
        if residence is not None:
            kwargs.setdefault(
                "initial",
                {
                    champ: getattr(residence, champ)
                    for champ in ("nom", "adresse", "code_postal", "territoire", "secteur", "reference", "version")
                },
            )
        super().__init__(*args, **kwargs)
        champ = self.fields["territoire"]
        assert isinstance(champ, forms.ModelChoiceField)
        champ.queryset = territoires

    @property
    def description(self) -> Description:
        """What was typed, for the parcours."""
        d = self.cleaned_data
        return Description(
            nom=d["nom"],
            adresse=d["adresse"],
            code_postal=d["code_postal"],
            territoire=d["territoire"],
            reference=d["reference"],
            secteur=" ".join(d["secteur"].split()),
        )


class FiltreJournalForm(forms.Form):
    """Filters of the journal, all optional."""

    organisation = forms.CharField(label="Organisation", max_length=120, required=False)
    action = forms.ChoiceField(label="Action", required=False)
    du = forms.DateField(label="Du", widget=SaisieDate, required=False)
    au = forms.DateField(label="Au", widget=SaisieDate, required=False)

    def __init__(self, *args: Any, actions: Iterable[tuple[str, Any]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["action"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Toutes"), *actions]
