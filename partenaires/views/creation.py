"""What the creating pages share: one effect for one form, and refusals written next to the fields."""

from collections.abc import Callable

from django.core.exceptions import ValidationError

from partenaires.models import Compte
from socle.formulaires import FormAvecCle
from socle.idempotence import CorpsDifferent, une_fois

DEJA_SERVI = (
    "Ce formulaire a déjà été envoyé avec d’autres réponses. Vérifiez la liste, puis recommencez depuis la page."
)


def creer(formulaire: FormAvecCle, *, compte: Compte, action: str, faire: Callable[[], object]) -> bool:
    """Do what a valid form asks, once however often it is sent; refusals are added to the form.

    False when the form must be shown again.
    """
    corps = {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != "cle"}
    try:
        une_fois(formulaire.cleaned_data["cle"], compte_id=compte.pk, action=action, corps=corps, faire=faire)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
    except CorpsDifferent:
        formulaire.add_error(None, DEJA_SERVI)
    return formulaire.is_valid()
