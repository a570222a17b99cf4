"""The diagnostic, the objectives, the contract."""

from typing import Any, Final

from django import forms

from accompagnements.enums import Axe, EtatObjectif, ModeSignature, Signataire, SortieDetention
from accompagnements.forms.commun import CHOISIR, VersionForm, jour, texte
from accompagnements.models import Contrat, Diagnostic, Objectif, RevueObjectif
from accompagnements.parcours import Signature
from socle.formulaires import FormAvecCle
from socle.saisies import CasesPuces, RadiosCartes, RadiosPuces

AIDES: Final[dict[str, str]] = {
    Axe.ENVIRONNEMENT: "Voisinage, entourage, services qui la connaissent.",
    Axe.SOMATIQUE: "Ce que la personne dit de sa santé et de son suivi. Aucun nom de maladie.",
    Axe.CONTEXTE: "Rythme, sorties, événements récents.",
    Axe.LOGEMENT: "État, équipements, droits, relations avec le bailleur.",
    Axe.FAMILLE: "Proches, enfants, personne à prévenir.",
    Axe.RESSOURCES: "Emploi, revenus, droits, dettes.",
}


class DiagnosticForm(VersionForm):
    """Facts by social determinant, and the axes to work on."""

    axes = forms.MultipleChoiceField(
        label="Axes retenus", choices=Axe.choices, widget=CasesPuces, required=False,
        help_text="Au moins un pour proposer un contrat.",
    )  # fmt: skip
    sortie_detention = forms.ChoiceField(
        label="Sortie de détention", choices=[("", "Non renseigné"), *SortieDetention.choices], required=False,
        widget=RadiosPuces, help_text="Lu par l’équipe seule. N’écrivez rien d’autre à ce sujet.",
    )  # fmt: skip

    def __init__(self, *args: Any, **options: Any) -> None:
        super().__init__(*args, **options)
        for axe in Diagnostic.DETERMINANTS:
            self.fields[axe.value] = texte(str(axe.label), Diagnostic.MAXIMUM, lignes=3, aide=AIDES[axe])
        self.order_fields([*(a.value for a in Diagnostic.DETERMINANTS), "axes", "sortie_detention", "version"])

    @classmethod
    def initiales(cls, diagnostic: Diagnostic | None) -> dict[str, Any]:
        if diagnostic is None:
            return {"version": 0}
        connus = {"axes": diagnostic.axes, "sortie_detention": diagnostic.sortie_detention or ""}
        return {**diagnostic.textes(), **connus, "version": diagnostic.version}

    @property
    def textes(self) -> dict[str, str]:
        return {axe.value: self.cleaned_data[axe.value] for axe in Diagnostic.DETERMINANTS}


class ObjectifForm(FormAvecCle):
    """One objective, in the person's words."""

    axe = forms.ChoiceField(label="Axe", choices=[("", "Choisir"), *Axe.choices], error_messages=CHOISIR)
    texte = texte(
        "Objectif", Objectif.MAXIMUM, lignes=2, aide="Avec les mots de la personne. Il figure au contrat.",
        vide="Écrivez l’objectif.",
    )  # fmt: skip


class RevoirObjectifForm(VersionForm):
    """Reviewed with the person: open, reached, abandoned; its text may change before a contract only."""

    etat = forms.ChoiceField(
        label="Cet objectif est", choices=EtatObjectif.choices, widget=RadiosPuces, error_messages=CHOISIR
    )
    commentaire = texte(
        "Ce que la personne en dit", RevueObjectif.MAXIMUM, lignes=2,
        aide="Gardé avec la date. Figure au contrat suivant et au document de fin.",
    )  # fmt: skip
    texte = texte("Objectif", Objectif.MAXIMUM, lignes=2, aide="Il figure au contrat.", vide="Écrivez l’objectif.")
    field_order = ("etat", "texte", "commentaire", "version")

    def __init__(self, *args: Any, signe: bool, **options: Any) -> None:
        super().__init__(*args, **options)
        if signe:
            del self.fields["texte"]


class SignerForm(FormAvecCle):
    """Who signs, on screen or on paper; the drawn paths come from the pads."""

    signataire = forms.ChoiceField(
        label="Qui signe", choices=Signataire.choices, widget=RadiosPuces, initial=Signataire.PERSONNE,
        error_messages=CHOISIR,
    )  # fmt: skip
    mandataire = forms.CharField(
        label="Nom du mandataire", required=False, max_length=120, help_text="Si une mesure de protection le demande."
    )
    jusqu_au = jour("Contrat jusqu’au")
    lu = forms.BooleanField(
        label="Le contrat a été lu à voix haute. La personne en reçoit une copie.",
        error_messages={"required": "Lisez le contrat à voix haute avant la signature, puis cochez."},
    )
    mode = forms.ChoiceField(
        label="Signature",
        choices=ModeSignature.choices,
        widget=RadiosCartes(
            {
                ModeSignature.ECRAN: "Au doigt, au stylet ou à la souris, ci-dessous.",
                ModeSignature.PAPIER: "Imprimez, faites signer, puis joignez le papier signé.",
            }
        ),
        initial=ModeSignature.ECRAN,
        error_messages=CHOISIR,
    )
    scan = forms.FileField(
        label="Contrat signé",
        required=False,
        help_text="PDF, JPEG ou PNG, 5 Mo au plus. Les données de la photo sont effacées.",
        widget=forms.FileInput({"accept": ".pdf,.jpg,.jpeg,.png"}),
    )
    trace_personne = forms.CharField(required=False, max_length=Contrat.TRACE_MAXIMUM, widget=forms.HiddenInput)
    trace_equipe = forms.CharField(required=False, max_length=Contrat.TRACE_MAXIMUM, widget=forms.HiddenInput)

    @property
    def signature(self) -> Signature:
        d = self.cleaned_data
        papier = d["mode"] == ModeSignature.PAPIER
        return Signature(
            mode=d["mode"],
            signataire=d["signataire"],
            mandataire=d["mandataire"] if d["signataire"] == Signataire.MANDATAIRE else "",
            lu=d["lu"],
            trace_personne="" if papier else d["trace_personne"],
            trace_equipe="" if papier else d["trace_equipe"],
            scan=d["scan"].read() if papier and d["scan"] else b"",
        )


class RefusContratForm(forms.Form):
    """The person said no to this contract; ticked on purpose."""

    confirme = forms.BooleanField(
        label="La personne ne souhaite pas signer ce contrat",
        error_messages={"required": "Cochez la case si la personne ne souhaite pas signer."},
    )
