"""The six-month relevé: a blank grid, domain by domain; or why nothing can be observed any more."""

from collections.abc import Mapping
from typing import Any, Self

from django import forms

from signalements.enums import Cotation, Domaine, MotifNonEvaluable
from signalements.forms.etapes import DomaineForm, manques_du_domaine
from signalements.models import Grille
from socle.ecriture import INSECABLE
from socle.formulaires import FormAvecCle
from socle.saisies import RadiosCartes


class ReleveForm:
    """The whole grid on one page, one form per domain; never filled with an earlier answer."""

    def __init__(
        self, grille: Grille, donnees: Mapping[str, Any] | None = None, *, initial: Mapping[str, Any] | None = None
    ) -> None:
        self.cle = FormAvecCle(donnees, initial=initial)
        self.domaines: dict[Domaine, DomaineForm] = {
            domaine: DomaineForm(donnees, initial=initial, signaux=signaux) for domaine, signaux in grille.par_domaine()
        }

    @classmethod
    def montrer(cls, grille: Grille, reponses: Mapping[str, Any]) -> Self:
        """The page with answers that were typed, not judged yet."""
        return cls(grille, initial=reponses)

    @property
    def errors(self) -> bool:
        """Whether an error is shown: the title of the page says it first."""
        return any(f.is_bound and f.errors for f in self.formulaires)

    @property
    def formulaires(self) -> list[DomaineForm]:
        return list(self.domaines.values())

    def is_valid(self) -> bool:
        return self.cle.is_valid() and all(f.is_valid() for f in self.formulaires)

    @property
    def sans_reponse(self) -> list[str]:
        """Codes without an answer, in the order of the grid."""
        return [code for f in self.formulaires for code in f.sans_reponse]

    @property
    def manques(self) -> list[tuple[str, str]]:
        """(anchor, words) of what to correct, domain by domain."""
        return [
            (ancre, texte if texte.startswith("«") else f"{domaine.label}{INSECABLE}: {texte}.")
            for domaine, formulaire in self.domaines.items()
            for ancre, texte in manques_du_domaine(formulaire)
        ]

    @property
    def cotations(self) -> dict[str, dict[str, str]]:
        """What a valid grid says."""
        return {code: cote for f in self.formulaires for code, cote in f.cotations.items()}


def remplir(donnees: Mapping[str, Any], codes: list[str], valeur: str = Cotation.NON_OBSERVE) -> dict[str, Any]:
    """The data of the page with some lines answered (or emptied): what one tap does without JavaScript."""
    return {**donnees, **dict.fromkeys(codes, valeur)}


class NonEvaluableForm(FormAvecCle):
    """Why nothing can be observed any more: a code, never a sentence."""

    motif = forms.ChoiceField(
        label="Pourquoi le relevé n’est pas possible",
        choices=MotifNonEvaluable.choices,
        error_messages={"required": "Choisissez une raison."},
        widget=RadiosCartes(
            {
                MotifNonEvaluable.REFUS: "La personne, ou vous, ne souhaitez pas de nouvelle observation.",
                MotifNonEvaluable.PERDU_DE_VUE: "Plus personne ne la voit, sans départ connu.",
                MotifNonEvaluable.DEMENAGE: "Elle n’habite plus le logement.",
                MotifNonEvaluable.DECEDE: "Elle est décédée.",
            }
        ),
    )
