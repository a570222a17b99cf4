"""A document to check: its file, or its digest; neither is kept."""

from typing import Any

from django import forms
from django.conf import settings
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from socle import verification

MEGA = 1024 * 1024


class VerificationForm(forms.Form):
    """One of the two; the digest may be typed with spaces, in capitals."""

    fichier = forms.FileField(
        label="Document PDF", required=False, allow_empty_file=True,
        help_text=f"{settings.TAILLE_MAXIMALE_PIECE // MEGA} Mo au plus. Il est lu, puis oublié.",
        widget=forms.FileInput({"accept": ".pdf"}),
    )  # fmt: skip
    empreinte = forms.CharField(
        label="Ou son empreinte SHA-256", required=False, max_length=200,
        help_text="64 chiffres et lettres de a à f.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "class": "pa-ref"}),
    )  # fmt: skip

    def clean_fichier(self) -> "UploadedFile[bytes] | None":
        fichier: UploadedFile[bytes] | None = self.cleaned_data["fichier"]
        if fichier is not None and (fichier.size or 0) > settings.TAILLE_MAXIMALE_PIECE:
            raise ValidationError(TROP_GRAND)
        return fichier

    def clean_empreinte(self) -> str:
        tapee = "".join(str(self.cleaned_data["empreinte"]).split()).lower()
        if tapee and not verification.EMPREINTE.fullmatch(tapee):
            raise ValidationError("Une empreinte a 64 chiffres ou lettres de a à f. Recopiez-la en entier.")
        return tapee

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or {}
        if not self.errors and bool(donnees.get("fichier")) == bool(donnees.get("empreinte")):
            raise ValidationError("Choisissez un fichier, ou écrivez son empreinte.")
        return donnees

    @property
    def reponse(self) -> verification.Reponse:
        """What is known of it."""
        fichier = self.cleaned_data["fichier"]
        if fichier:
            return verification.du_fichier(fichier.read())
        return verification.de_l_empreinte(self.cleaned_data["empreinte"])


TROP_GRAND = (
    f"Ce fichier dépasse {settings.TAILLE_MAXIMALE_PIECE // MEGA} Mo : Palier n’en fait pas de si grand.".replace(
        " :", "\N{NO-BREAK SPACE}:"
    )
)
