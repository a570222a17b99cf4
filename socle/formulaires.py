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
