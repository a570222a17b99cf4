"""The forms of saved views: a name, and who opens them."""

from typing import Any

from django import forms

from signalements.models import VueTri
from socle.formulaires import FormAvecCle

_PARTAGER = "Toute l’équipe la voit dans sa liste. Elle ne donne aucun droit de plus."


class EnregistrerVueForm(FormAvecCle):
    """A new view: the filters and the sort are those of the address."""

    nom = forms.CharField(
        label="Nom de la vue",
        max_length=VueTri.NOM_MAXIMUM,
        help_text="Par exemple : Retards du 13e. Sans nom de personne.",
        error_messages={"required": "Donnez un nom à la vue."},
    )
    partagee = forms.BooleanField(label="Partager avec l’équipe", required=False, help_text=_PARTAGER)
    par_defaut = forms.BooleanField(
        label="Ouvrir ma liste sur cette vue", required=False, help_text="Pour vous seulement."
    )


class ModifierVueForm(forms.Form):
    """Rename a view, share it or take it back (its author alone)."""

    nom = forms.CharField(
        label="Nom de la vue",
        max_length=VueTri.NOM_MAXIMUM,
        help_text="Sans nom de personne.",
        error_messages={"required": "Donnez un nom à la vue."},
    )
    partagee = forms.BooleanField(label="Partager avec l’équipe", required=False, help_text=_PARTAGER)
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, vue: VueTri, sienne: bool, **kwargs: Any) -> None:
        kwargs.setdefault("initial", {"nom": vue.nom, "partagee": vue.partagee, "version": vue.version})
        super().__init__(*args, **kwargs)
        if not sienne:
            del self.fields["partagee"]
