"""The file of résidences that is sent, and the choice of what to close."""

from collections.abc import Iterable
from typing import Any

from django import forms
from django.core.exceptions import ValidationError
from django.core.files.uploadedfile import UploadedFile

from partenaires.models import ImportResidences, Residence
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces

MEGA = 1024 * 1024


class FichierForm(FormAvecCle):
    """A table of résidences; what it holds is read later, by a worker."""

    fichier = forms.FileField(
        label="Fichier",
        help_text=f"CSV, XLSX ou ODS, {ImportResidences.OCTETS_MAXIMUM // MEGA} Mo au plus.",
        widget=forms.FileInput({"accept": ".csv,.txt,.xlsx,.ods"}),
        error_messages={"required": "Choisissez un fichier.", "empty": "Ce fichier est vide."},
    )

    def clean_fichier(self) -> "UploadedFile[bytes]":
        fichier: UploadedFile[bytes] = self.cleaned_data["fichier"]
        if (fichier.size or 0) > ImportResidences.OCTETS_MAXIMUM:
            raise ValidationError(
                f"Ce fichier dépasse {ImportResidences.OCTETS_MAXIMUM // MEGA} Mo. Coupez-le en plusieurs fichiers."
            )
        nom = (fichier.name or "").lower()
        if not nom.endswith((".csv", ".txt", ".xlsx", ".ods")):
            raise ValidationError("Envoyez un fichier CSV, XLSX ou ODS.")
        return fichier


class EcrireForm(forms.Form):
    """The explicit choice of the absent résidences to close; none is the ordinary answer."""

    a_fermer = forms.TypedMultipleChoiceField(
        label="Résidences à fermer",
        coerce=int,
        required=False,
        widget=CasesPuces,
        help_text="Cochez seulement celles qui sont vendues, démolies ou confiées à un autre. Les autres restent.",
        error_messages={"invalid_choice": "Choisissez des résidences absentes du fichier."},
    )

    def __init__(self, *args: Any, absentes: Iterable[Residence], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["a_fermer"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = [(r.pk, r.nom) for r in absentes]
        if not champ.choices:
            del self.fields["a_fermer"]
