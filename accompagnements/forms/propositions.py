"""The dates of the joint first visit: offered, accepted, declined; the instruction of the home visits."""

from datetime import datetime
from typing import Any

from django import forms

from accompagnements.forms.commun import jour, texte
from accompagnements.forms.visites import DUREES
from accompagnements.models import Accompagnement, PropositionDeVisite
from signalements.forms.garde import FormGarde
from socle import horloge
from socle.ecriture import INSECABLE, date_longue, heure
from socle.formulaires import FormAvecCle
from socle.saisies import SaisieHeure, TexteBorne

RANGS = range(1, PropositionDeVisite.MAXIMUM + 1)


class ProposerCreneauxForm(FormAvecCle):
    """One to five days and hours, how long, whom to call."""

    duree = forms.TypedChoiceField(label="Durée prévue", choices=DUREES, coerce=int, initial=60)
    telephone = forms.CharField(
        label="Téléphone à appeler le jour de la visite",
        max_length=20,
        help_text="Lu par les référents du bailleur.",
        error_messages={"required": "Donnez un numéro à appeler le jour de la visite."},
    )

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for rang in RANGS:
            self.fields[f"jour_{rang}"] = jour(f"Date {rang}", requis=rang == 1)
            self.fields[f"heure_{rang}"] = forms.TimeField(
                label=f"Heure {rang}", required=rang == 1, widget=SaisieHeure,
                error_messages={"required": "Écrivez l’heure."},
            )  # fmt: skip

    @property
    def paires(self) -> list[tuple[forms.BoundField, forms.BoundField]]:
        """Day and hour, side by side."""
        return [(self[f"jour_{rang}"], self[f"heure_{rang}"]) for rang in RANGS]

    def clean(self) -> dict[str, Any]:
        """A day goes with its hour."""
        donnees = super().clean() or self.cleaned_data
        for rang in RANGS:
            if donnees.get(f"jour_{rang}") and not donnees.get(f"heure_{rang}"):
                if f"heure_{rang}" not in self.errors:
                    self.add_error(f"heure_{rang}", "Écrivez l’heure.")
            elif donnees.get(f"heure_{rang}") and not donnees.get(f"jour_{rang}") and f"jour_{rang}" not in self.errors:
                self.add_error(f"jour_{rang}", "Écrivez la date.")
        return donnees

    @property
    def creneaux(self) -> list[datetime]:
        """The UTC instants."""
        d = self.cleaned_data
        dits = [(d[f"jour_{rang}"], d[f"heure_{rang}"]) for rang in RANGS if d.get(f"jour_{rang}")]
        return [horloge.a_paris(j, h.hour, h.minute) for j, h in dits]


class AccepterCreneauForm(forms.Form):
    """One of the dates that may still be chosen."""

    creneau = forms.ChoiceField(
        label="Dates proposées",
        widget=forms.RadioSelect,
        error_messages={
            "required": "Choisissez une date.",
            "invalid_choice": f"Cette date n’est plus possible{INSECABLE}: choisissez-en une autre.",
        },
    )

    def __init__(self, *args: Any, creneaux: list[datetime], **options: Any) -> None:
        super().__init__(*args, **options)
        self._creneaux = {c.isoformat(): c for c in creneaux}
        choix = self.fields["creneau"]
        assert isinstance(choix, forms.ChoiceField)
        choix.choices = [(cle, f"{date_longue(c).capitalize()}, {heure(c)}") for cle, c in self._creneaux.items()]

    @property
    def choisi(self) -> datetime:
        return self._creneaux[self.cleaned_data["creneau"]]


class DeclinerForm(FormGarde, FormAvecCle):
    """None fits: a sentence says when would."""

    GARDES = ("message",)

    message = forms.CharField(
        label="Quels jours vous conviendraient",
        max_length=PropositionDeVisite.REPONSE_MAXIMUM,
        help_text="Rien sur la santé. L’équipe lit cette phrase, la personne peut la lire.",
        error_messages={"required": "Dites quels jours vous conviendraient."},
        widget=TexteBorne(PropositionDeVisite.REPONSE_MAXIMUM, lignes=3),
    )


class ConsigneForm(forms.Form):
    """« Ne pas y aller seul », and why."""

    ne_pas_y_aller_seul = forms.BooleanField(
        label="Ne pas y aller seul",
        required=False,
        help_text="Le rappel suit chaque visite à domicile. Le référent du bailleur lit la consigne, jamais la raison.",
    )
    raison = texte(
        "Raison", Accompagnement.CONSIGNE_MAXIMUM, lignes=3, aide="Des faits. Lue par l’équipe seule.",
    )  # fmt: skip
