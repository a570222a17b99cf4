"""The steps of the fiche: personne et résidence, one screen per domain of the grid, contexte.

Each form reads what was typed so far (`donnees`, from the sealed draft or the request) and says what is missing;
what is typed is kept whether it is valid or not.
"""

from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, ClassVar, Final

from django import forms
from django.core.exceptions import ValidationError
from django.utils.datastructures import MultiValueDict

from partenaires.forms.comptes import normaliser_telephone
from partenaires.models import Residence
from signalements.enums import Civilite, Contexte, Cotation, Majeur, ModeInformation, Source
from signalements.forms.garde import FormGarde
from signalements.models import Constat, Signal
from signalements.residences import ResidencesOffertes
from socle import horloge
from socle.calendrier import age_revolu
from socle.ecriture import INSECABLE
from socle.saisies import CasesPuces, RadiosPuces, SaisieDate, TexteBorne
from socle.templatetags.palier import erreurs_du_formulaire

INCONNUE: Final = "inconnue"  # a civilité that was not said
MAJORITE: Final = 18
AGE_MAXIMAL: Final = 120
PLUSIEURS: Final = 3  # unanswered lines of a domain that are said together
TEXTE_MAXIMAL: Final = 4000  # a draft keeps a text that is too long, up to here
DATE_PASSEE: Final = "La date doit être passée ou du jour."
MINEUR: Final = (
    f"Palier est fait pour les adultes. Pour un enfant ou un adolescent en danger, appelez le{INSECABLE}119, "
    "gratuit jour et nuit. Cette fiche ne peut pas partir."
)


def donnees_de(contenu: Mapping[str, Any]) -> MultiValueDict[str, Any]:
    """A draft's content as the data of a form."""
    return MultiValueDict({nom: v if isinstance(v, list) else [v] for nom, v in contenu.items()})


def date_passee(jour: date | None) -> date | None:
    """The day itself, refused when it is still to come."""
    if jour is not None and jour > horloge.aujourdhui():
        raise ValidationError(DATE_PASSEE, code="a_venir")
    return jour


class EtapeForm(forms.Form):
    """A step: what it saves is read from the request field by field, valid or not."""

    def saisie(self) -> dict[str, Any]:
        """What was typed in this step, as it goes to the draft; a missing answer takes the field away."""
        typees: dict[str, Any] = {}
        for nom, champ in self.fields.items():
            valeur = champ.widget.value_from_datadict(self.data, self.files, self.add_prefix(nom))
            if isinstance(valeur, list):
                typees[nom] = [str(v)[:TEXTE_MAXIMAL] for v in valeur]
            else:
                typees[nom] = str(valeur or "")[:TEXTE_MAXIMAL]
        return typees


class EtapeGardee(FormGarde, EtapeForm):
    """A step with free texts: the sentences kept on purpose go to the draft with them."""

    def saisie(self) -> dict[str, Any]:
        return {**super().saisie(), **self.confirmations()}


class PersonneForm(EtapeGardee):
    """Step 1: who, and where she lives. `offertes`: the résidences that this person may report on."""

    GARDES: ClassVar[tuple[str, ...]] = ("batiment", "etage", "porte")
    GARDES_NOMS: ClassVar[tuple[str, ...]] = ("nom", "prenom")

    residence = forms.ChoiceField(label="Résidence", error_messages={"required": "Choisissez la résidence."})
    batiment = forms.CharField(label="Bâtiment", max_length=40, required=False)
    etage = forms.CharField(label="Étage", max_length=40, required=False)
    porte = forms.CharField(label="Porte", max_length=40, required=False)
    civilite = forms.ChoiceField(
        label="Civilité",
        choices=[*Civilite.choices, (INCONNUE, "Je ne sais pas")],
        required=False,
        widget=RadiosPuces,
    )
    nom = forms.CharField(
        label="Nom de la personne",
        max_length=80,
        error_messages={"required": "Écrivez le nom, même s’il n’est pas sûr."},
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    prenom = forms.CharField(
        label="Prénom",
        max_length=80,
        required=False,
        widget=forms.TextInput({"autocomplete": "off", "autocapitalize": "words", "spellcheck": "false"}),
    )
    majeur = forms.ChoiceField(
        label=f"A-t-elle 18{INSECABLE}ans ou plus{INSECABLE}?",
        choices=Majeur.choices,
        widget=RadiosPuces,
        error_messages={"required": f"Répondez, ou choisissez «{INSECABLE}Je ne sais pas{INSECABLE}»."},
    )
    naissance = forms.DateField(
        label="Date de naissance",
        required=False,
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"invalid": "Écrivez le jour, le mois et l’année."},
    )
    telephone = forms.CharField(
        label="Téléphone",
        max_length=20,
        required=False,
        widget=forms.TextInput({"type": "tel", "inputmode": "tel", "autocomplete": "off"}),
    )

    def __init__(self, *args: Any, offertes: ResidencesOffertes, **options: Any) -> None:
        super().__init__(*args, **options)
        self.offertes = offertes
        self.residences = {str(r.pk): r for r in offertes.lignes}
        choix = self.fields["residence"]
        assert isinstance(choix, forms.ChoiceField)
        if offertes.cherchables:
            choix.widget = forms.RadioSelect()
            choix.choices = [(cle, f"{r.nom}, {r.adresse}, {r.territoire.nom}") for cle, r in self.residences.items()]
        else:
            choix.choices = [("", "Choisir"), *((cle, f"{r.nom}, {r.adresse}") for cle, r in self.residences.items())]
        choix.error_messages["invalid_choice"] = "Choisissez une résidence de la liste."
        if len(self.residences) == 1 and not offertes.cherchables:
            choix.initial = next(iter(self.residences))

    def clean_majeur(self) -> str:
        if self.cleaned_data["majeur"] == Majeur.NON:
            raise ValidationError(MINEUR, code="mineur")
        return str(self.cleaned_data["majeur"])

    def clean_naissance(self) -> date | None:
        jour: date | None = date_passee(self.cleaned_data["naissance"])
        if jour is None:
            return None
        age = age_revolu(jour, horloge.aujourdhui())
        if age < MAJORITE:
            raise ValidationError(MINEUR, code="mineur")
        if age > AGE_MAXIMAL:
            raise ValidationError("Vérifiez l’année de naissance.", code="age")
        return jour

    def clean_telephone(self) -> str:
        saisie = self.cleaned_data["telephone"].strip()
        return normaliser_telephone(saisie) if saisie else ""

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        lieu = ("batiment", "etage", "porte")
        if not any(donnees.get(nom) or nom in self.errors for nom in lieu):
            self.add_error("batiment", "Écrivez au moins le bâtiment, l’étage ou la porte.")
        return donnees

    @property
    def residence_choisie(self) -> Residence | None:
        """The résidence, once the form is valid; None otherwise."""
        return self.residences.get(self.cleaned_data.get("residence", ""))


class DomaineForm(EtapeForm):
    """Step 2, one domain: each signal 0-3 or NO, and its source from 1 up. Nothing is preselected."""

    def __init__(self, *args: Any, signaux: Iterable[Signal], **options: Any) -> None:
        super().__init__(*args, **options)
        self.codes: list[str] = []
        for signal in signaux:
            self.codes.append(signal.code)
            self.fields[signal.code] = forms.ChoiceField(
                label=signal.libelle,
                help_text=signal.aide,
                choices=Cotation.choices,
                widget=forms.RadioSelect,
                error_messages={"required": f"Choisissez une réponse, ou «{INSECABLE}NO{INSECABLE}»."},
            )
            self.fields[nom_source(signal.code)] = forms.ChoiceField(
                label=f"Comment le savez-vous{INSECABLE}?",
                choices=Source.choices,
                required=False,
                widget=forms.RadioSelect,
            )

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        for code in self.codes:
            if est_present(donnees.get(code)) and not donnees.get(nom_source(code)):
                self.add_error(code, ValidationError("Dites comment vous le savez.", code="required"))
        return donnees

    @property
    def lignes(self) -> list[tuple[Any, Any]]:
        """(answer, source) as bound fields, in the order of the grid."""
        return [(self[code], self[nom_source(code)]) for code in self.codes]

    @property
    def sans_reponse(self) -> list[str]:
        """Codes without an answer so far."""
        return [code for code in self.codes if self[code].value() not in Cotation.values]

    @property
    def cotations(self) -> dict[str, dict[str, str]]:
        """What a valid domain says, ready for a relevé."""
        donnees = self.cleaned_data
        return {
            code: {"v": donnees[code], "s": donnees[nom_source(code)]}
            if est_present(donnees[code])
            else {"v": donnees[code]}
            for code in self.codes
        }


def manques_du_domaine(formulaire: DomaineForm) -> list[tuple[str, str]]:
    """(anchor, words) of what to correct in a domain: many unanswered lines are one, the rest line by line."""
    if not formulaire.is_bound or formulaire.is_valid():
        return []
    sans = formulaire.sans_reponse
    if len(sans) < min(PLUSIEURS, len(formulaire.codes)):
        return [(e.ancre, e.texte) for e in erreurs_du_formulaire(formulaire)]
    premiere = formulaire[sans[0]]
    toutes = len(sans) == len(formulaire.codes)
    combien = "aucune ligne n’a" if toutes else f"{len(sans)}{INSECABLE}lignes n’ont pas"
    ancres = {f"{formulaire[code].auto_id}_0" for code in sans}
    autres = [e for e in erreurs_du_formulaire(formulaire) if e.ancre not in ancres]
    return [(f"{premiere.auto_id}_0", f"{combien} de réponse"), *((e.ancre, e.texte) for e in autres)]


class ContexteForm(EtapeGardee):
    """Step 3: facts of the context, scarce sentences, and whether the household was told. All optional."""

    GARDES = ("composition", "faits", "demarches")

    contexte = forms.MultipleChoiceField(
        label="Ce que vous savez de la situation", choices=Contexte.choices, required=False, widget=CasesPuces
    )
    composition = forms.CharField(
        label="Qui vit dans le logement",
        max_length=120,
        required=False,
        help_text=f"Par exemple{INSECABLE}: seule, ou avec un fils adulte.",
    )
    faits = forms.CharField(
        label="Ce que vous avez vu ou entendu",
        max_length=Constat.FAITS_MAXIMUM,
        required=False,
        help_text="Des faits datés, sans jugement et sans rien sur la santé. La personne peut lire cette fiche.",
        widget=TexteBorne(Constat.FAITS_MAXIMUM, lignes=4),
    )
    demarches = forms.CharField(
        label="Ce qui a déjà été fait",
        max_length=Constat.DEMARCHES_MAXIMUM,
        required=False,
        help_text="Courrier, passage, rendez-vous proposé…",
        widget=TexteBorne(Constat.DEMARCHES_MAXIMUM),
    )
    inquietude = forms.TypedChoiceField(
        label="Votre inquiétude, de 0 à 10",
        choices=[("", "Ne pas répondre"), *((str(n), str(n)) for n in range(11))],
        coerce=int,
        empty_value=None,
        required=False,
        help_text=f"0{INSECABLE}: aucune. 10{INSECABLE}: très forte. Elle ne sert à aucun classement.",
    )
    informee_le = forms.DateField(
        label="Personne informée le",
        required=False,
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"invalid": "Écrivez le jour, le mois et l’année."},
        help_text="Seulement si quelqu’un lui a dit que l’équipe dédiée est alertée, et qu’elle peut refuser.",
    )
    mode_information = forms.ChoiceField(
        label="Comment", choices=[("", "Choisir"), *ModeInformation.choices], required=False
    )

    def clean_informee_le(self) -> date | None:
        return date_passee(self.cleaned_data["informee_le"])

    def clean(self) -> dict[str, Any]:
        donnees = super().clean() or self.cleaned_data
        le, mode = donnees.get("informee_le"), donnees.get("mode_information")
        if le and not mode and "mode_information" not in self.errors:
            self.add_error("mode_information", "Dites comment elle a été informée.")
        if mode and not le and "informee_le" not in self.errors:
            self.add_error("informee_le", "Écrivez la date, ou retirez la manière.")
        return donnees


def nom_source(code: str) -> str:
    """The field of a signal's source."""
    return f"{code}_source"


def est_present(valeur: str | None) -> bool:
    """Whether an answer says that the signal was observed: 1, 2 or 3."""
    return valeur in (Cotation.OCCASIONNEL, Cotation.FREQUENT, Cotation.PERMANENT)
