"""What follows: pauses and ends, notes, accords, orientations prepared from a situation."""

from typing import Any, Final

from django import forms

from accompagnements.enums import (
    Contact,
    ModeAccord,
    MotifArret,
    MotifSansSuite,
    MotifSuspension,
    Niveau,
    SituationDuLogement,
)
from accompagnements.enums.concertations import PORTEES_PARTENAIRE
from accompagnements.forms.commun import CHOISIR, PartenaireField, VersionForm, jour, passe, texte
from accompagnements.models import Accompagnement, Orientation
from accompagnements.models.notes import MAXIMUM
from partenaires.enums import GenrePartenaire
from partenaires.forms.annuaire import telephone_de_structure
from partenaires.forms.comptes import ADRESSE_INCOMPLETE
from partenaires.models import Compte, Organisation, Structure
from partenaires.models.annuaire import NOM_MAXIMUM
from partenaires.parcours.annuaire import Fiche
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosCartes, RadiosPuces

CHOISIR_MOTIF: Final = {"required": "Choisissez le motif."}
JAMAIS_BAILLEUR: Final = "Lu par l’équipe seulement, jamais par le bailleur."
POURSUIVRE, ARRETER = "poursuivre", "arreter"


class ConfirmerForm(forms.Form):
    """Nothing but the confirmation."""


class SuspendreForm(forms.Form):
    motif = forms.ChoiceField(
        label="Motif", choices=MotifSuspension.choices, widget=RadiosPuces, error_messages=CHOISIR_MOTIF
    )


class _FinForm(forms.Form):
    relais = texte(
        "Relais", Accompagnement.RELAIS_MAXIMUM, aide=f"Qui prend la suite. {JAMAIS_BAILLEUR}",
        vide="Dites qui prend le relais, ou qu’aucun relais n’est nécessaire.",
    )  # fmt: skip
    situation_logement = forms.ChoiceField(
        label="Situation du logement", choices=[("", "Choisir"), *SituationDuLogement.choices], error_messages=CHOISIR
    )


class TerminerForm(_FinForm):
    """The written end of an accompagnement under contract."""

    motif = forms.ChoiceField(
        label="Motif d’arrêt", choices=MotifArret.choices, widget=forms.RadioSelect, error_messages=CHOISIR_MOTIF,
        help_text=JAMAIS_BAILLEUR,
    )  # fmt: skip
    field_order = ("motif", "relais", "situation_logement")


class SansSuiteForm(forms.Form):
    """An end without a contract."""

    motif = forms.ChoiceField(
        label="Motif",
        choices=[c for c in MotifSansSuite.choices if c[0] != MotifSansSuite.OPPOSITION],
        widget=forms.RadioSelect,
        error_messages=CHOISIR_MOTIF,
        help_text=JAMAIS_BAILLEUR,
    )


class RetraitForm(_FinForm):
    """Coordination decides: end it, or go on without any sharing."""

    decision = forms.ChoiceField(
        label="Suite du retrait d’accord",
        choices=[(ARRETER, "Terminer l’accompagnement"), (POURSUIVRE, "Poursuivre sans partage")],
        widget=RadiosCartes(
            {
                ARRETER: "La personne ne veut plus être accompagnée. Motif : retrait d’accord.",
                POURSUIVRE: "Elle veut continuer avec l’équipe seule. Les accords restent retirés.",
            }
        ),
        error_messages=CHOISIR,
    )
    field_order = ("decision", "relais", "situation_logement")

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for nom in ("relais", "situation_logement"):
            self.fields[nom].required = False

    @property
    def arrete(self) -> bool:
        return bool(self.cleaned_data["decision"] == ARRETER)

    def clean(self) -> dict[str, Any] | None:
        """An end says its relay and what becomes of the home."""
        donnees = super().clean()
        if self.cleaned_data.get("decision") == ARRETER:
            if not self.cleaned_data.get("relais"):
                self.add_error("relais", "Dites qui prend le relais, ou qu’aucun relais n’est nécessaire.")
            if not self.cleaned_data.get("situation_logement"):
                self.add_error("situation_logement", "Choisissez une réponse.")
        return donnees


class LogementForm(FormAvecCle):
    """What became of the home six months after the opening."""

    situation = forms.ChoiceField(
        label="Six mois après, la personne est", choices=SituationDuLogement.choices, widget=forms.RadioSelect,
        error_messages=CHOISIR,
    )  # fmt: skip
    le = jour("Constatée le")

    def clean_le(self) -> object:
        return passe(self.cleaned_data["le"])


class NiveauForm(forms.Form):
    """Who will read, chosen before writing. Only a soignant is offered the clinical level."""

    niveau = forms.ChoiceField(
        label="Qui pourra lire cette note",
        choices=Niveau.choices,
        widget=RadiosCartes(
            {
                Niveau.EQUIPE: "Toute l’équipe, jamais le bailleur.",
                Niveau.CLINIQUE: "Les soignants de l’équipe. La coordination voit l’auteur et la date.",
            }
        ),
        error_messages={"required": "Choisissez d’abord qui pourra lire cette note."},
    )


class NoteForm(FormAvecCle):
    texte = texte("Note", MAXIMUM, lignes=8, aide="Des faits. La personne peut lire ce texte.", vide="Écrivez la note.")


class ModifierNoteForm(VersionForm):
    texte = texte("Note", MAXIMUM, lignes=8, aide="Des faits. La personne peut lire ce texte.", vide="Écrivez la note.")


class AccordForm(FormAvecCle):
    """The consent to one partner: what, when, how."""

    organisation = PartenaireField(label="Partenaire")
    portees = forms.MultipleChoiceField(
        label="La personne accepte que le partenaire reçoive", choices=[(p.value, p.label) for p in PORTEES_PARTENAIRE],
        widget=CasesPuces,
        error_messages={"required": "Dites ce que la personne accepte de transmettre."},
    )  # fmt: skip
    mode = forms.ChoiceField(
        label="Accord", choices=ModeAccord.choices, widget=RadiosPuces,
        error_messages={"required": "Dites si l’accord est oral ou écrit."},
    )  # fmt: skip
    le = jour("Recueilli le", aide="Elle peut le retirer à tout moment : le partage cesse aussitôt.")
    jusqu_au = jour("Jusqu’au", requis=False, aide="Sans date, l’accord dure jusqu’à son retrait.")

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["organisation"]
        assert isinstance(champ, PartenaireField)
        champ.proposer(compte)

    def clean_le(self) -> object:
        return passe(self.cleaned_data["le"])

    def clean_organisation(self) -> object:
        champ = self.fields["organisation"]
        assert isinstance(champ, PartenaireField)
        return champ.partenaire(self.cleaned_data["organisation"])


class OrientationForm(FormAvecCle):
    """An orientation, prepared: nothing leaves before it is sent. A contact typed here enters the annuaire."""

    destinataire = PartenaireField(label="Partenaire", required=False)
    nouveau_nom = forms.CharField(
        label="Ou un nouveau contact", max_length=NOM_MAXIMUM, required=False,
        help_text="S’il n’est pas dans la liste : il entre dans l’annuaire de l’équipe.",
    )  # fmt: skip
    nouveau_genre = forms.ChoiceField(
        label="Genre du nouveau contact", choices=[("", "Choisir"), *GenrePartenaire.choices], required=False
    )
    nouveau_telephone = forms.CharField(
        label="Téléphone du nouveau contact", max_length=20, required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel"}),
    )  # fmt: skip
    nouveau_courriel = forms.EmailField(
        label="Adresse électronique du nouveau contact", required=False, error_messages={"invalid": ADRESSE_INCOMPLETE}
    )
    demande = texte(
        "Ce qui est demandé", Orientation.DEMANDE_MAXIMUM,
        aide="Lu par le partenaire, avec l’accord de la personne. Elle peut lire ce texte.",
        vide="Écrivez ce qui est demandé au partenaire.",
    )  # fmt: skip
    contacts = forms.MultipleChoiceField(
        label="Comment la joindre", choices=Contact.choices, widget=CasesPuces, required=False
    )

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["destinataire"]
        assert isinstance(champ, PartenaireField)
        champ.proposer(compte)

    def clean_nouveau_telephone(self) -> str:
        saisie: str = self.cleaned_data["nouveau_telephone"].strip()
        return telephone_de_structure(saisie) if saisie else ""

    def clean(self) -> dict[str, Any] | None:
        """One partner: of the list, or new with a name and a kind."""
        donnees = super().clean()
        d = self.cleaned_data
        choisi, nouveau = d.get("destinataire"), d.get("nouveau_nom")
        if choisi and nouveau:
            self.add_error("nouveau_nom", "Choisissez un partenaire de la liste, ou écrivez un nouveau contact.")
        elif not choisi and not nouveau and "destinataire" not in self.errors:
            self.add_error("destinataire", "Choisissez un partenaire, ou écrivez un nouveau contact.")
        elif nouveau and not d.get("nouveau_genre"):
            self.add_error("nouveau_genre", "Choisissez le genre du nouveau contact.")
        return donnees

    @property
    def vers(self) -> Organisation | Structure | None:
        """The one chosen in the list."""
        champ, cle = self.fields["destinataire"], self.cleaned_data.get("destinataire")
        assert isinstance(champ, PartenaireField)
        return champ.partenaire(cle) if cle else None

    @property
    def nouveau(self) -> Fiche:
        """The new contact, for the annuaire."""
        d = self.cleaned_data
        return Fiche(
            genre=d["nouveau_genre"], nom=" ".join(d["nouveau_nom"].split()), telephone=d["nouveau_telephone"],
            courriel=d["nouveau_courriel"],
        )  # fmt: skip
