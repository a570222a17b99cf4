"""The forms of the right of access: who asks and receives, what stays out; then that it was handed over."""

from collections.abc import Iterable
from typing import Any

from django import forms

from accompagnements.enums.acces import Demandeur, Identite, Remise
from accompagnements.forms.commun import CHOISIR, jour, passe
from accompagnements.models import DemandeAcces
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes


class DemandeAccesForm(FormAvecCle):
    """The copy of a file for the person."""

    recue_le = jour("Demandé le", aide="L’équipe a un mois pour remettre le dossier.")
    demandeur = forms.ChoiceField(
        label="Qui le demande", choices=Demandeur.choices, widget=forms.RadioSelect, error_messages=CHOISIR
    )
    destinataire = forms.CharField(
        label="Qui reçoit, si ce n’est pas la personne", max_length=DemandeAcces.DESTINATAIRE_MAXIMUM, required=False,
        help_text="Nom et titre. Gardez le mandat ou le jugement parmi les pièces.",
    )  # fmt: skip
    identite = forms.ChoiceField(
        label="Comment son identité est sûre", choices=Identite.choices, widget=forms.RadioSelect,
        error_messages=CHOISIR,
    )  # fmt: skip
    remise = forms.ChoiceField(
        label="Comment il sera remis",
        choices=Remise.choices,
        widget=RadiosCartes(
            {
                Remise.MAIN: "Sur une clé qui lui appartient. Jamais par courriel.",
                Remise.PAPIER: "Le fichier dossier.pdf et les documents, imprimés.",
                Remise.COURRIER: "À son adresse vérifiée, avec avis de réception.",
            }
        ),
        error_messages=CHOISIR,
    )
    retenus = forms.MultipleChoiceField(
        label="À retenir : ce qui parle d’une autre personne", required=False, widget=forms.CheckboxSelectMultiple,
        help_text="Relisez ces textes et ces pièces. Cochez ceux qui feraient connaître un voisin, un proche ou un "
        "autre locataire. Le dossier dira combien ont été retenus, et pourquoi.",
    )  # fmt: skip
    relu = forms.BooleanField(
        label="La personne l’a demandé, et ces textes ont été relus",
        error_messages={"required": "Confirmez que la personne le demande et que les textes sont relus."},
    )
    field_order = ("recue_le", "demandeur", "destinataire", "identite", "remise", "retenus", "relu", "cle")

    def __init__(self, *args: Any, retenables: Iterable[tuple[str, str]], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["retenus"]
        assert isinstance(champ, forms.MultipleChoiceField)
        champ.choices = list(retenables)
        if not champ.choices:
            del self.fields["retenus"]

    def clean_recue_le(self) -> object:
        return passe(self.cleaned_data["recue_le"])


class RemiseForm(forms.Form):
    """It was handed over."""

    le = jour("Remis le")

    def clean_le(self) -> object:
        return passe(self.cleaned_data["le"])
