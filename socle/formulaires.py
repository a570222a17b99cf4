"""The rendering of forms: our own field template, and the idempotency key of a creating form."""

import uuid
from typing import Any

from django import forms
from django.forms.renderers import TemplatesSetting


class Rendu(TemplatesSetting):
    """Every field is rendered by `composants/champ.html`: label, help, error, `aria-describedby`."""

    field_template_name = "composants/champ.html"


class FormAvecCle(forms.Form):
    """A creating form carries a hidden key: sent twice, it creates once (see `socle.idempotence`)."""

    cle = forms.UUIDField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["cle"].initial = uuid.uuid4


def entier_lu(saisie: str) -> int | None:
    """A number that a page or a draft gave back, as a column can hold it; None for anything else, however long."""
    return int(saisie) if saisie.isascii() and saisie.isdigit() and len(saisie) < 19 else None


def texte_lisible(valeur: Any) -> Any:
    """What a JSON document says, as Unicode: halves of a character are joined, or replaced when one is alone."""
    if isinstance(valeur, str):
        return valeur.encode("utf-16", "surrogatepass").decode("utf-16", "replace")
    if isinstance(valeur, list):
        return [texte_lisible(v) for v in valeur]
    if isinstance(valeur, dict):
        return {texte_lisible(nom): texte_lisible(v) for nom, v in valeur.items()}
    return valeur
