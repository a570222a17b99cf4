"""The forms of a concertation: when and where, who is invited, which situations, who came, what it leaves."""

from collections.abc import Iterable
from datetime import date, datetime
from typing import Any

from django import forms

from accompagnements.enums import ModeAccord
from accompagnements.enums.concertations import PORTEES_BAILLEUR, QuiFait
from accompagnements.forms.commun import CHOISIR, LU_PAR_L_EQUIPE, MembresField, VersionForm, jour, passe, texte
from accompagnements.forms.visites import DUREES
from accompagnements.models import (
    Accompagnement,
    ActionConvenue,
    Commission,
    Concertation,
    Decision,
    InvitationConcertation,
    PointConcertation,
    SituationEvoquee,
)
from partenaires.models import Compte, Convention, Organisation, Structure
from signalements.forms.garde import FormGarde
from socle import horloge
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosPuces, SaisieHeure

LU_PAR_LES_INVITES = (
    "Lu par chaque organisation que l’accord de la personne nomme, bailleur compris. Ni nom, ni logement, ni référence."
)


def organisations_invitables(compte: Compte) -> dict[int, Organisation]:
    """Bailleurs and partners under convention with the équipe, and partners of its territories; two statements."""
    parties = Convention.objects.visibles_par(compte).orienteurs_et_communes()
    communes = {commune for _, _, commune, _ in parties if commune is not None}
    lignes = Organisation.objects.visibles_par(compte).invitables(communes, {cle for cle, _, _, _ in parties})
    return {o.pk: o for o in lignes.par_nom()}


class CommissionForm(forms.Form):
    """A standing commission and who usually comes."""

    nom = forms.CharField(
        label="Nom de la commission", max_length=80, help_text="Lu par l’équipe seulement.",
        error_messages={"required": "Nommez la commission."},
    )  # fmt: skip
    habituelles = forms.TypedMultipleChoiceField(
        label="Organisations habituelles", coerce=int, required=False, widget=CasesPuces,
        help_text="Invitées d’office à chaque séance. On peut en retirer ou en ajouter.",
    )  # fmt: skip

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["habituelles"]
        assert isinstance(champ, forms.TypedMultipleChoiceField)
        champ.choices = [(cle, o.nom) for cle, o in organisations_invitables(compte).items()]


class CreerCommissionForm(FormAvecCle, CommissionForm):
    """A new one, made once."""

    field_order = ("nom", "habituelles", "cle")


class ModifierCommissionForm(VersionForm, CommissionForm):
    field_order = ("nom", "habituelles", "version")


class RencontreForm(forms.Form):
    """When, where, who of the équipe."""

    jour = jour("Jour")
    heure = forms.TimeField(label="Heure", widget=SaisieHeure, error_messages={"required": "Écrivez l’heure."})
    duree = forms.TypedChoiceField(label="Durée", choices=DUREES, coerce=int, initial=60)
    lieu = forms.CharField(
        label="Lieu", max_length=Concertation.LIEU_MAXIMUM,
        help_text="Lu par tous les invités. Donnez une adresse, sans le nom d’un service de soins.",
        error_messages={"required": "Écrivez le lieu."},
    )  # fmt: skip
    membres = MembresField(label="De l’équipe", required=False)

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["membres"]
        assert isinstance(champ, MembresField)
        champ.proposer(compte)

    @property
    def champs(self) -> dict[str, Any]:
        """What the parcours takes."""
        d = self.cleaned_data
        return {
            "debut": horloge.a_paris(d["jour"], d["heure"].hour, d["heure"].minute), "duree": d["duree"],
            "lieu": d["lieu"], "comptes": [int(cle) for cle in d["membres"]],
        }  # fmt: skip

    @staticmethod
    def depuis(concertation: Concertation) -> dict[str, Any]:
        """The initial values of a meeting that exists."""
        debut: datetime = horloge.paris(concertation.debut)
        return {
            "jour": debut.date(), "heure": debut.time(), "duree": concertation.duree, "lieu": concertation.lieu,
            "membres": [str(cle) for cle in concertation.membres], "version": concertation.version,
        }  # fmt: skip


class PreparerForm(FormAvecCle, RencontreForm):
    """A meeting on one situation, or one of a commission."""

    genre = forms.ChoiceField(label="Rencontre", required=False)
    field_order = ("genre", "jour", "heure", "duree", "lieu", "membres", "cle")

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, compte=compte, **options)
        self.commissions = {str(c.pk): c for c in Commission.objects.visibles_par(compte).par_nom()}
        champ = self.fields["genre"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [
            ("", "Concertation sur une situation"),
            *((cle, f"Commission : {c.nom}") for cle, c in self.commissions.items()),
        ]

    @property
    def commission(self) -> Commission | None:
        return self.commissions.get(self.cleaned_data["genre"])


class ModifierRencontreForm(VersionForm, RencontreForm):
    """The same, for a meeting that exists."""


class InviterForm(forms.Form):
    """An organisation, and the names of people who have no account."""

    organisation = forms.TypedChoiceField(
        label="Organisation", coerce=int, error_messages={"required": "Choisissez une organisation."}
    )
    personnes = forms.CharField(
        label="Personnes sans compte", required=False, max_length=InvitationConcertation.NOMS_MAXIMUM,
        help_text="Les correspondants qui ont un compte sont prévenus d’office.",
    )  # fmt: skip

    def __init__(self, *args: Any, compte: Compte, deja: Iterable[int] = (), **options: Any) -> None:
        super().__init__(*args, **options)
        connues = set(deja)
        self.organisations = {c: o for c, o in organisations_invitables(compte).items() if c not in connues}
        champ = self.fields["organisation"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [("", "Choisir"), *((cle, o.nom) for cle, o in self.organisations.items())]

    @property
    def choisie(self) -> Organisation:
        return self.organisations[self.cleaned_data["organisation"]]


class DemandeForm(FormGarde):
    """What is asked of those who come."""

    GARDES = ("demande",)

    demande = texte(
        "Ce qui est demandé", PointConcertation.DEMANDE_MAXIMUM, aide=LU_PAR_LES_INVITES,
        vide="Écrivez ce qui est demandé.",
    )  # fmt: skip


class InscrireForm(FormAvecCle, DemandeForm):
    """A situation of the agenda."""

    situation = forms.ChoiceField(label="Situation", error_messages={"required": "Choisissez une situation."})
    field_order = ("situation", "demande", "cle")

    def __init__(self, *args: Any, situations: Iterable[Accompagnement], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["situation"]
        assert isinstance(champ, forms.ChoiceField)
        lignes = sorted(situations, key=lambda a: a.fiche.reference)
        champ.choices = [("", "Choisir"), *((str(a.pk), f"{a.fiche.reference}, {a.fiche.designation}") for a in lignes)]


class ModifierDemandeForm(DemandeForm, VersionForm):
    """Corrected; the version says from which text."""


class TenirForm(forms.Form):
    """Which organisations came, who of the équipe."""

    presentes = forms.MultipleChoiceField(label="Organisations présentes", required=False, widget=CasesPuces)
    membres = MembresField(label="De l’équipe", required=False)

    def __init__(
        self, *args: Any, compte: Compte, invitations: Iterable[InvitationConcertation], **options: Any
    ) -> None:
        super().__init__(*args, **options)
        champ, membres = self.fields["presentes"], self.fields["membres"]
        assert isinstance(champ, forms.MultipleChoiceField)
        assert isinstance(membres, MembresField)
        champ.choices = [(str(i.pk), i.organisation.nom) for i in invitations]
        membres.proposer(compte)


class RepondreInvitationForm(forms.Form):
    """An organisation says whether it comes."""

    vient = forms.ChoiceField(
        label="Votre organisation", choices=[("oui", "Participe"), ("non", "Ne participe pas")], widget=RadiosPuces,
        error_messages=CHOISIR,
    )  # fmt: skip
    qui_vient = forms.CharField(
        label="Qui viendra", required=False, max_length=InvitationConcertation.NOMS_MAXIMUM,
        help_text="Lu par l’équipe qui vous invite.",
    )  # fmt: skip


class RedigerForm(FormGarde, VersionForm):
    """The minutes of a point."""

    GARDES = ("compte_rendu",)

    compte_rendu = texte(
        "Compte rendu", SituationEvoquee.COMPTE_RENDU_MAXIMUM, lignes=8, aide=LU_PAR_L_EQUIPE,
        vide="Écrivez le compte rendu.",
    )  # fmt: skip


class DecisionForm(FormGarde, FormAvecCle):
    """What was decided, who does it, by when."""

    GARDES = ("texte",)

    texte = texte("Décision", Decision.TEXTE_MAXIMUM, lignes=3, aide=LU_PAR_L_EQUIPE, vide="Écrivez la décision.")
    responsable = forms.TypedChoiceField(label="Qui s’en charge", coerce=int, required=False, empty_value=None)
    avant_le = jour("Avant le")
    field_order = ("texte", "responsable", "avant_le", "cle")

    def __init__(self, *args: Any, compte: Compte, **options: Any) -> None:
        super().__init__(*args, **options)
        membres = MembresField()
        membres.proposer(compte)
        champ = self.fields["responsable"]
        assert isinstance(champ, forms.TypedChoiceField)
        champ.choices = [("", "Personne encore"), *membres.proposes]

    def clean_avant_le(self) -> date:
        return _a_venir(self.cleaned_data["avant_le"])


class ActionForm(FormGarde, FormAvecCle):
    """What was agreed with the bailleur, that he will read."""

    GARDES = ("texte",)

    texte = texte(
        "Action convenue", ActionConvenue.TEXTE_MAXIMUM, lignes=3,
        aide="Lu par les référents du bailleur, et par la personne. Rien sur la santé, aucun autre service nommé.",
        vide="Écrivez l’action convenue.",
    )  # fmt: skip
    qui = forms.ChoiceField(label="Qui le fait", choices=QuiFait.choices, widget=RadiosPuces, error_messages=CHOISIR)
    avant_le = jour("Avant le")
    field_order = ("texte", "qui", "avant_le", "cle")

    def clean_avant_le(self) -> date:
        return _a_venir(self.cleaned_data["avant_le"])


class AccordBailleurForm(FormAvecCle):
    """The person's consent to her bailleur: nothing but the agenda without a name, and actions agreed together."""

    portees = forms.MultipleChoiceField(
        label="La personne accepte que son bailleur reçoive",
        choices=[(p.value, p.label) for p in PORTEES_BAILLEUR],
        widget=CasesPuces,
        error_messages={"required": "Dites ce que la personne accepte de transmettre."},
    )
    mode = forms.ChoiceField(
        label="Accord", choices=ModeAccord.choices, widget=RadiosPuces,
        error_messages={"required": "Dites si l’accord est oral ou écrit."},
    )  # fmt: skip
    le = jour("Recueilli le", aide="Elle peut le retirer à tout moment : le partage cesse aussitôt.")
    jusqu_au = jour("Jusqu’au", requis=False, aide="Sans date, l’accord dure jusqu’à son retrait.")

    def clean_le(self) -> object:
        return passe(self.cleaned_data["le"])


def _a_venir(valeur: date) -> date:
    if valeur < horloge.aujourdhui():
        raise forms.ValidationError("La date est à venir.", code="passee")
    return valeur


class PapierForm(forms.Form):
    """Which entry of the annuaire without an account is invited by a paper."""

    structure = forms.ChoiceField(
        label="Structure sans compte",
        error_messages={"required": "Choisissez une structure.", "invalid_choice": "Choisissez une structure."},
    )

    def __init__(self, *args: Any, structures: Iterable[Structure], **options: Any) -> None:
        super().__init__(*args, **options)
        self.structures = {str(s.pk): s for s in structures if s.organisation_id is None}
        champ = self.fields["structure"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [("", "Choisir"), *((cle, s.nom) for cle, s in self.structures.items())]

    @property
    def choisie(self) -> Structure:
        return self.structures[self.cleaned_data["structure"]]
