"""Forms around who reads: the reason to read, its review, a named exception, the next step written by hand."""

from datetime import timedelta
from typing import Final

from django import forms

from accompagnements.enums.lectures import MotifException, MotifLecture
from accompagnements.forms.commun import CHOISIR, VersionForm, jour, texte
from accompagnements.models import EtapeChoisie, LectureMotivee
from socle import horloge
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle

LU_PAR_LA_COORDINATION: Final = "Lu par la coordination. Rien sur la santé. La personne peut lire ce texte."
SEMAINES: Final = 4


class LectureForm(FormAvecCle):
    """Why somebody reads a situation that others carry."""

    motif = forms.ChoiceField(label="Raison", choices=[("", "Choisir"), *MotifLecture.choices], error_messages=CHOISIR)
    precision = texte(
        "En une phrase", LectureMotivee.MAXIMUM, lignes=2, aide=LU_PAR_LA_COORDINATION,
        vide="Écrivez pourquoi vous lisez cette situation.",
    )  # fmt: skip


class RevoirForm(forms.Form):
    """The review of a reading by coordination."""

    commentaire = texte(
        "Commentaire", LectureMotivee.MAXIMUM, lignes=2,
        aide=f"Lu par la personne qui a lu et par la coordination. Par exemple{INSECABLE}: vu ensemble en réunion.",
    )  # fmt: skip


class ExceptionForm(FormAvecCle):
    """One file opened to one person, between two dates."""

    courriel = forms.EmailField(
        label="Adresse électronique du compte",
        help_text="La personne a déjà un compte dans Palier, dans votre équipe ou ailleurs.",
        error_messages={"required": "Écrivez l’adresse.", "invalid": "Écrivez une adresse complète."},
        widget=forms.EmailInput({"autocomplete": "off"}),
    )
    motif = forms.ChoiceField(
        label="Raison", choices=[("", "Choisir"), *MotifException.choices], error_messages=CHOISIR
    )
    du = jour("À partir du")
    au = jour("Jusqu’au", aide="Ce jour-là, l’accès est déjà fermé.")

    def __init__(self, *args: object, **options: object) -> None:
        super().__init__(*args, **options)
        aujourdhui = horloge.aujourdhui()
        self.fields["du"].initial = aujourdhui
        self.fields["au"].initial = aujourdhui + timedelta(weeks=SEMAINES)


class EtapeForm(VersionForm):
    """What is to be done next, and when."""

    texte = texte(
        "Ce qui est à faire", EtapeChoisie.MAXIMUM, lignes=2,
        aide=f"Avec un verbe{INSECABLE}: «{INSECABLE}Rappeler sa sœur{INSECABLE}». Lu par toute l’équipe. "
        "Rien sur la santé.",
        vide="Écrivez ce qui est à faire.",
    )  # fmt: skip
    le = jour("Pour le")
