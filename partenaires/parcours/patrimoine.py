"""Résidences of a bailleur: added, corrected, closed, opened again."""

from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partenaires import droits
from partenaires.enums import Action, Permission
from partenaires.models import Compte, Residence, Territoire
from socle import horloge, journal

CHAMPS = ["reference", "nom", "adresse", "code_postal", "territoire", "secteur"]


@dataclass(frozen=True, slots=True, kw_only=True)
class Description:
    """What is said of a résidence; no tenant in it."""

    nom: str
    adresse: str
    code_postal: str
    territoire: Territoire
    reference: str = ""
    secteur: str = ""


def ajouter_residence(description: Description, *, par: Compte) -> Residence:
    """Add a résidence to the bailleur of `par`; ValidationError when its name is taken there."""
    residence = Residence(bailleur_id=droits.exiger(par, Permission.PATRIMOINE))
    _decrire(residence, description)
    with _nom_unique():
        residence.save()
    _noter(Action.RESIDENCE_CREEE, residence)
    return residence


def modifier_residence(pk: int, description: Description, *, version: int, par: Compte) -> Residence:
    """Correct a résidence from the version that the form showed.

    ConflitDeVersion when somebody saved it in between, ValidationError when the name is taken.
    """
    with transaction.atomic():
        residence = _verrouillee(pk, par)
        _decrire(residence, description)
        with _nom_unique():
            residence.enregistrer_version(version, CHAMPS)
        _noter(Action.RESIDENCE_MODIFIEE, residence)
    return residence


def fermer_residence(pk: int, *, par: Compte) -> Residence:
    """Close a résidence: no new fiche there; what is under way goes on. Closing twice changes nothing."""
    with transaction.atomic():
        residence = _verrouillee(pk, par)
        if residence.fermee_le is None:
            residence.fermee_le = horloge.aujourdhui()
            residence.save(update_fields=["fermee_le"])
            _noter(Action.RESIDENCE_FERMEE, residence)
    return residence


def rouvrir_residence(pk: int, *, par: Compte) -> Residence:
    """Undo a closing."""
    with transaction.atomic():
        residence = _verrouillee(pk, par)
        if residence.fermee_le is not None:
            residence.fermee_le = None
            residence.save(update_fields=["fermee_le"])
            _noter(Action.RESIDENCE_ROUVERTE, residence)
    return residence


def _verrouillee(pk: int, par: Compte) -> Residence:
    droits.exiger(par, Permission.PATRIMOINE)
    return Residence.objects.visibles_par(par).select_for_update().get(pk=pk)


def _decrire(residence: Residence, description: Description) -> None:
    for champ in CHAMPS:
        setattr(residence, champ, getattr(description, champ))


@contextmanager
def _nom_unique() -> Iterator[None]:
    """A savepoint that turns the unique name or reference into a sentence."""
    try:
        with transaction.atomic():
            yield
    except IntegrityError as erreur:
        if "residence_unique_chez_son_bailleur" in str(erreur):
            raise ValidationError({"nom": "Une autre résidence porte déjà ce nom."}) from erreur
        if "residence_reference_unique_chez_son_bailleur" in str(erreur):
            raise ValidationError({"reference": "Une autre résidence a déjà cette référence."}) from erreur
        raise


def _noter(action: Action, residence: Residence) -> None:
    journal.noter(action, organisation_id=residence.bailleur_id, objet_type="residence", objets=[residence.pk])
