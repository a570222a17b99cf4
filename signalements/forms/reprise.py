"""What a device sends back of what it kept without network: read, never trusted."""

from collections.abc import Iterable, Mapping
from typing import Any, Final

from django import forms
from django.core.exceptions import ValidationError

from signalements.forms.etapes import DomaineForm, EtapeForm
from socle.formulaires import FormAvecCle, texte_lisible

TENTATIVES: Final = 60  # values of one field that a device tried to send without hearing back


class RepriseForm(FormAvecCle):
    """`champs`: what was typed, by field; `avant`: the values that the device knew; `remplacer` once both were seen.

    `alerte`: meanwhile the page showed whom to call.
    """

    champs = forms.JSONField(required=False)  # none when only the numbers were shown
    avant = forms.JSONField(required=False)
    etape = forms.SlugField(required=False)
    remplacer = forms.BooleanField(required=False)
    alerte = forms.BooleanField(required=False)

    def clean_champs(self) -> dict[str, Any]:
        lus = self.cleaned_data["champs"]
        if not isinstance(lus, dict) or not all(_est_une_saisie(v) for v in lus.values()):
            raise ValidationError("Des champs sont attendus.", code="forme")
        lisibles: dict[str, Any] = texte_lisible(lus)
        return lisibles

    def clean_avant(self) -> dict[str, list[Any]]:
        lus = self.cleaned_data["avant"]
        lus = {} if lus is None else lus
        if not isinstance(lus, dict) or not all(isinstance(v, list) and len(v) <= TENTATIVES for v in lus.values()):
            raise ValidationError("Des valeurs sont attendues.", code="forme")
        lisibles: dict[str, list[Any]] = texte_lisible(lus)
        return lisibles


class NouvelleRepriseForm(RepriseForm):
    """For a fiche that was begun without network: `fiche` is the key that makes it once."""

    fiche = forms.UUIDField()


def champs_connus(formulaires: Iterable[EtapeForm], dits: Mapping[str, Any]) -> dict[str, Any]:
    """What the form knows among what was sent, cut and typed as its pages would; the rest is left out."""
    return {nom: valeur for f in formulaires for nom, valeur in f.saisie().items() if nom in dits}


def cote_la_grille(formulaires: Iterable[EtapeForm], champs: Mapping[str, Any]) -> bool:
    """Whether a signal is answered in it: then the draft remembers to which grid."""
    return any(isinstance(f, DomaineForm) and not champs.keys().isdisjoint(f.codes) for f in formulaires)


def en_mots(champ: forms.BoundField, valeur: Any) -> str:
    """A value as the page says it."""
    choix = dict(getattr(champ.field, "choices", ()))
    dites = valeur if isinstance(valeur, list) else [valeur]
    return ", ".join(str(choix.get(v, v)) for v in dites if v not in ("", None))


def _est_une_saisie(valeur: Any) -> bool:
    return isinstance(valeur, str) or (isinstance(valeur, list) and all(isinstance(v, str) for v in valeur))
