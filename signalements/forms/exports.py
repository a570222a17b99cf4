"""The request for a file of the list."""

from typing import Final

from django import forms

from signalements.enums import FormatExport
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes

FORMATS: Final = (FormatExport.ODS, FormatExport.XLSX, FormatExport.CSV)


class ExporterForm(FormAvecCle):
    """The format; what goes in the file is what the address shows."""

    format = forms.ChoiceField(
        label="Format",
        choices=[(f.value, f.label) for f in FORMATS],
        initial=FormatExport.ODS,
        widget=RadiosCartes(
            {
                FormatExport.ODS: "Classeur ouvert, pour LibreOffice et les autres tableurs.",
                FormatExport.XLSX: "Classeur pour Excel.",
                FormatExport.CSV: "Texte, pour un autre logiciel.",
            }
        ),
        error_messages={"required": "Choisissez un format."},
    )
