"""Widgets of the forms: native controls, with what our templates and small modules need."""

from typing import Any

from django import forms


class SaisieDate(forms.DateInput):
    """A native date field: its value goes in and out in ISO, the browser shows it in French."""

    input_type = "date"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%d")


class SaisieHeure(forms.TimeInput):
    """A native time field, to the minute."""

    input_type = "time"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%H:%M")


class SaisieDateHeure(forms.DateTimeInput):
    """A native date and time field, to the minute, in Europe/Paris."""

    input_type = "datetime-local"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__(attrs, format="%Y-%m-%dT%H:%M")


class TexteBorne(forms.Textarea):
    """A short free text with its counter: free text is scarce and bounded."""

    def __init__(self, limite: int, *, lignes: int = 3, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"rows": lignes, "data-compteur": limite, **(attrs or {})})


class RadiosPuces(forms.RadioSelect):
    """Few short choices, side by side as chips."""

    forme = "puces"


class RadiosCartes(forms.RadioSelect):
    """Choices that need a sentence each: cards. `descriptions` maps a value to its sentence."""

    forme = "cartes"

    def __init__(
        self, descriptions: dict[str, str] | None = None, attrs: dict[str, Any] | None = None, **options: Any
    ) -> None:
        super().__init__(attrs, **options)
        self.descriptions = descriptions or {}

    def create_option(self, name: str, value: Any, *args: Any, **kwargs: Any) -> dict[str, Any]:
        """The option, with its sentence for the template."""
        option = super().create_option(name, value, *args, **kwargs)
        option["description"] = self.descriptions.get(str(value), "")
        return option


class CasesPuces(forms.CheckboxSelectMultiple):
    """Several short choices at once, as chips."""

    forme = "puces"


class SaisieParmi(forms.TextInput):
    """A text chosen in a list that narrows as one types, without a script: a native `datalist`."""

    template_name = "composants/saisie_parmi.html"

    def __init__(self, attrs: dict[str, Any] | None = None) -> None:
        super().__init__({"autocomplete": "off", **(attrs or {})})
        self.offertes: list[str] = []

    def get_context(self, name: str, value: Any, attrs: dict[str, Any] | None) -> dict[str, Any]:
        """The field, tied to its list."""
        contexte = super().get_context(name, value, attrs)
        contexte["widget"]["attrs"]["list"] = f"{contexte['widget']['attrs'].get('id', name)}_liste"
        contexte["offertes"] = self.offertes
        return contexte
