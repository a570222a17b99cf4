"""The files of a public directory, and what is kept of them."""

from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from partenaires.enums import EtendueImport, GenrePartenaire
from partenaires.nomenclature import FINESS, RESEAUX
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosPuces

GENRES = sorted({*FINESS.values(), *RESEAUX.values(), GenrePartenaire.ASSOCIATION}, key=lambda g: str(g.label))
EXTENSIONS = (".csv", ".txt", ".json", ".jsonl", ".ndjson", ".zip")


class AnnuairePublicForm(FormAvecCle):
    """One file, or two for data·inclusion; which kinds, and from where."""

    fichier = forms.FileField(
        label="Fichier",
        help_text="Extraction FINESS, ou structures de data·inclusion. CSV, JSON, ou leur ZIP s’ils sont grands.",
        widget=forms.FileInput({"accept": ",".join(EXTENSIONS)}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )
    services = forms.FileField(
        label="Services de data·inclusion",
        required=False,
        help_text="Le second fichier de data·inclusion : il dit ce que chaque structure propose.",
        widget=forms.FileInput({"accept": ",".join(EXTENSIONS)}),
        error_messages={"empty": "Ce fichier est vide."},
    )
    genres = forms.MultipleChoiceField(
        label="Genres à garder",
        choices=[(g.value, g.label) for g in GENRES],
        widget=CasesPuces,
        error_messages={"required": "Choisissez au moins un genre."},
    )
    etendue = forms.ChoiceField(
        label="Où",
        choices=EtendueImport.choices,
        widget=RadiosPuces,
        initial=EtendueImport.COMMUNES,
        error_messages={"required": "Dites quelles communes garder."},
    )

    def clean_fichier(self) -> "UploadedFile[bytes]":
        return self._verifie(self.cleaned_data["fichier"])

    def clean_services(self) -> "UploadedFile[bytes] | None":
        fichier: UploadedFile[bytes] | None = self.cleaned_data["services"]
        return self._verifie(fichier) if fichier else None

    def _verifie(self, fichier: "UploadedFile[bytes]") -> "UploadedFile[bytes]":
        if not (fichier.name or "").lower().endswith(EXTENSIONS):
            raise ValidationError("Envoyez un fichier CSV, JSON ou ZIP.")
        return fichier

    @property
    def fichiers(self) -> list[tuple[str, bytes]]:
        """(name, bytes) of what was sent."""
        envoyes: list[Any] = [self.cleaned_data["fichier"], self.cleaned_data.get("services")]
        return [(f.name, f.read()) for f in envoyes if f]
