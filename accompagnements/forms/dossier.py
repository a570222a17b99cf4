"""Pieces of a file, and the reason of what is taken back."""

from typing import Any

from django import forms

from accompagnements.enums import NaturePiece
from accompagnements.forms.commun import CHOISIR, texte
from accompagnements.models import Document, Reouverture
from socle.formulaires import FormAvecCle


class PieceForm(FormAvecCle):
    """A file and what it is; its name on the sender's device is not kept."""

    nature = forms.ChoiceField(
        label="Cette pièce est", choices=[("", "Choisir"), *NaturePiece.choices], error_messages=CHOISIR
    )
    precision = forms.CharField(
        label="Précision", required=False, max_length=Document.PRECISION_MAXIMUM,
        help_text="Ce qui aide à la retrouver. Rien sur la santé. Lu par l’équipe.",
    )  # fmt: skip
    fichier = forms.FileField(
        label="Fichier", required=False,
        help_text="PDF, JPEG ou PNG, 5 Mo au plus. Les données cachées d’une photo sont effacées.",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )  # fmt: skip

    @property
    def contenu(self) -> bytes:
        fichier: Any = self.cleaned_data["fichier"]
        return bytes(fichier.read()) if fichier else b""


class RetirerPieceForm(forms.Form):
    """Why a piece leaves the file; its content is erased at once."""

    motif = texte(
        "Pourquoi la retirer", Document.MOTIF_MAXIMUM, lignes=2, vide="Dites pourquoi cette pièce est retirée.",
        aide="Par exemple : elle concerne quelqu’un d’autre.",
    )  # fmt: skip


class RouvrirForm(forms.Form):
    """Why a situation that was over goes on."""

    raison = texte(
        "Pourquoi rouvrir", Reouverture.MAXIMUM, lignes=2, vide="Dites pourquoi la situation se rouvre.",
        aide="Lu par l’équipe seulement, jamais par le bailleur.",
    )  # fmt: skip
