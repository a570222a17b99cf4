"""The forms of orientations: the partner's answer, what follows it, and the acts of the équipe.

Each carries `version`, the state of the orientation that the page showed: answered meanwhile, nothing is done.
"""

from collections.abc import Collection, Iterable, Sequence
from datetime import date, datetime, timedelta
from typing import Any, Final

from django import forms

from accompagnements.enums import MotifRefus, MotifRetrait
from accompagnements.models import Accompagnement, Orientation
from partenaires.models import Compte
from signalements.forms.etapes import date_passee
from signalements.forms.tri import membres_de
from socle import horloge
from socle.ecriture import INSECABLE, date_moyenne
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes, SaisieDate, SaisieHeure, TexteBorne

ISSUES: Final = (("accepter", "Accepter"), ("mettre_en_attente", "Mettre en attente"), ("refuser", "Refuser"))
DESCRIPTIONS: Final = {
    "accepter": "Un rendez-vous est proposé",
    "mettre_en_attente": "Liste d’attente, avec une date",
    "refuser": "Avec un motif pour l’équipe",
}
# What each answer asks for; the fields of the other answers are neither read nor refused.
CHAMPS: Final[dict[str, tuple[str, ...]]] = {
    "accepter": ("jour", "heure", "avec"),
    "mettre_en_attente": ("revoir_le",),
    "refuser": ("motif",),
}
HORIZON: Final = timedelta(days=366)  # a later date is a slip in the year
AVEC_MAXIMUM: Final = 120
DATE_FAUSSE: Final = "Écrivez le jour, le mois et l’année."
TROP_LOIN: Final = "Cette date est dans plus d’un an. Vérifiez l’année."


def _date(libelle: str, requis: str) -> forms.DateField:
    return forms.DateField(
        label=libelle,
        widget=SaisieDate({"autocomplete": "off"}),
        error_messages={"required": requis, "invalid": DATE_FAUSSE},
    )


class ActeForm(FormAvecCle):
    """An act on an orientation that the other side may be changing."""

    use_required_attribute = False
    version = forms.IntegerField(widget=forms.HiddenInput)

    def __init__(self, *args: Any, orientation: Orientation, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.orientation = orientation
        self.fields["version"].initial = orientation.version


class RepondreForm(ActeForm):
    """Accept with a rendez-vous, put on the waiting list until a date, or refuse with a motif.

    `issues`: those that the state allows. `depuis`: the first day of a rendez-vous, today when the partner
    answers, the sending when the équipe copies an answer that came by letter.
    """

    issue = forms.ChoiceField(
        label="Réponse", widget=RadiosCartes(DESCRIPTIONS), error_messages={"required": "Choisissez une réponse."}
    )
    jour = _date("Date du rendez-vous", "Donnez la date du rendez-vous.")
    heure = forms.TimeField(
        label="Heure",
        widget=SaisieHeure,
        error_messages={
            "required": "Donnez l’heure du rendez-vous.",
            "invalid": "Écrivez l’heure et les minutes, par exemple 09:15.",
        },
    )
    avec = forms.CharField(label="Avec", max_length=AVEC_MAXIMUM, required=False)
    revoir_le = _date("Demande à revoir le", "Donnez la date où la demande sera revue.")
    motif = forms.ChoiceField(
        label="Motif",
        choices=MotifRefus.choices,
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )
    message = forms.CharField(
        label="Message à l’équipe",
        required=False,
        max_length=Orientation.REPONSE_MAXIMUM,
        help_text="Aucune information médicale ici.",
        widget=TexteBorne(Orientation.REPONSE_MAXIMUM, lignes=3),
        error_messages={
            "max_length": f"Raccourcissez le message{INSECABLE}: {Orientation.REPONSE_MAXIMUM}{INSECABLE}caractères "
            "au plus."
        },
    )

    def __init__(self, *args: Any, issues: Collection[str], depuis: date | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        champ = self.fields["issue"]
        assert isinstance(champ, forms.ChoiceField)
        champ.choices = [(code, libelle) for code, libelle in ISSUES if code in issues]
        self.depuis = depuis or horloge.aujourdhui()
        if depuis:
            self.fields["message"].label = "Ce que le partenaire précise"

    def full_clean(self) -> None:
        """Ask for the fields of the chosen answer alone; the others keep what was typed, unread."""
        choisie = self.data.get(self.add_prefix("issue"), "") if self.is_bound else ""
        ecartes = [nom for issue, noms in CHAMPS.items() if issue != choisie for nom in noms]
        exiges = {nom: self.fields[nom].required for nom in ecartes}
        for nom in ecartes:
            self.fields[nom].required = False
        super().full_clean()
        for nom, exige in exiges.items():
            self.fields[nom].required = exige
            self.errors.pop(nom, None)
            getattr(self, "cleaned_data", {}).pop(nom, None)

    def clean_jour(self) -> date | None:
        jour: date | None = self.cleaned_data["jour"]
        if jour is not None and jour < self.depuis:
            du_jour = self.depuis == horloge.aujourdhui()
            raise forms.ValidationError(
                "Donnez une date à venir." if du_jour else f"L’orientation est partie le {date_moyenne(self.depuis)}."
            )
        return _proche(jour)

    def clean_revoir_le(self) -> date | None:
        jour: date | None = self.cleaned_data["revoir_le"]
        if jour is not None and jour < horloge.aujourdhui():
            raise forms.ValidationError("Donnez une date à venir.")
        return _proche(jour)

    @property
    def rendez_vous(self) -> datetime | None:
        """The instant of the rendez-vous, from a wall clock in Europe/Paris."""
        jour, heure = self.cleaned_data.get("jour"), self.cleaned_data.get("heure")
        return horloge.a_paris(jour, heure.hour, heure.minute) if jour and heure else None


class PrendreEnChargeForm(ActeForm):
    """The day when the person was really seen."""

    le = _date("Prise en charge effective le", "Donnez la date de la première venue.")

    def clean_le(self) -> date | None:
        return _depuis(date_passee(self.cleaned_data["le"]), self.orientation.envoyee_le, "L’orientation est partie")


class TerminerForm(ActeForm):
    """The day when the partner's work ended."""

    le = _date("Terminée le", "Donnez la date de la fin.")

    def clean_le(self) -> date | None:
        debut = self.orientation.prise_en_charge_le
        return _depuis(date_passee(self.cleaned_data["le"]), debut, "La prise en charge a commencé")


class EnvoyerForm(ActeForm):
    """Nothing but the confirmation that the accord was read again."""


class RelancerForm(ActeForm):
    """Nothing but the confirmation."""


class TraiterRefusForm(ActeForm):
    """Nothing but the confirmation."""


class LienRecuForm(forms.Form):
    """The link of an orientation, pasted whole or read by the script after the « # », and its code."""

    lien = forms.CharField(
        label="Lien reçu par courriel",
        max_length=500,
        help_text="Copiez-le depuis le message, en entier.",
        widget=forms.TextInput({"autocomplete": "off", "spellcheck": "false", "autocapitalize": "off"}),
        error_messages={"required": "Collez le lien reçu."},
    )
    code = forms.CharField(
        label="Code donné par l’équipe",
        max_length=20,
        help_text="Huit chiffres, dits par téléphone.",
        widget=forms.TextInput({"autocomplete": "one-time-code", "inputmode": "numeric"}),
        error_messages={"required": "Écrivez le code donné par l’équipe."},
    )


class RetirerForm(ActeForm):
    """Why the partner stops seeing it: coded, and he is not told."""

    motif = forms.ChoiceField(
        label="Motif",
        help_text="Lu par l’équipe seulement.",
        choices=[
            (m.value, m.label) for m in (MotifRetrait.ERREUR, MotifRetrait.SANS_OBJET, MotifRetrait.REFUS_PERSONNE)
        ],
        widget=forms.RadioSelect,
        error_messages={"required": "Choisissez un motif."},
    )


class FiltresForm(forms.Form):
    """Partner and who follows: they read the address, and never refuse it."""

    partenaire = forms.ChoiceField(label="Partenaire", required=False)
    suivie = forms.ChoiceField(label="Suivie par", required=False)

    def __init__(self, *args: Any, compte: Compte, partenaires: Sequence[tuple[str, str]], **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.libelles = {
            "partenaire": dict(partenaires),
            "suivie": dict(membres_de(compte)),
        }
        for nom, vide in (("partenaire", "Tous"), ("suivie", "Tout le monde")):
            champ = self.fields[nom]
            assert isinstance(champ, forms.ChoiceField)
            champ.choices = [("", vide), *self.libelles[nom].items()]

    @property
    def valeurs(self) -> dict[str, str]:
        """What the address asks for and the form offers."""
        self.is_valid()
        return {nom: valeur for nom in self.fields if (valeur := self.cleaned_data.get(nom))}

    @property
    def actifs(self) -> list[tuple[str, str]]:
        """(field, words) of the filters in force."""
        return [(nom, self.libelles[nom][valeur]) for nom, valeur in self.valeurs.items()]


def _proche(jour: date | None) -> date | None:
    if jour is not None and jour > horloge.aujourdhui() + HORIZON:
        raise forms.ValidationError(TROP_LOIN)
    return jour


def _depuis(jour: date | None, debut: date | datetime | None, dit: str) -> date | None:
    if isinstance(debut, datetime):
        debut = horloge.paris(debut).date()
    if jour is not None and debut is not None and jour < debut:
        raise forms.ValidationError(f"{dit} le {date_moyenne(debut)}{INSECABLE}: donnez une date égale ou postérieure.")
    return jour


class VersForm(forms.Form):
    """Whom to orient to a partner that was chosen first."""

    situation = forms.ChoiceField(
        label="Situation",
        error_messages={"required": "Choisissez une situation.", "invalid_choice": "Choisissez une situation."},
    )

    def __init__(self, *args: Any, situations: Iterable[Accompagnement], **options: Any) -> None:
        super().__init__(*args, **options)
        champ = self.fields["situation"]
        assert isinstance(champ, forms.ChoiceField)
        lues = sorted((a for a in situations if a.fiche.locataire_lisible), key=lambda a: a.fiche.reference)
        champ.choices = [("", "Choisir"), *((str(a.pk), f"{a.fiche.reference}, {a.fiche.designation}") for a in lues)]
