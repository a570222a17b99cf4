"""What a person does with her notifications: read them, choose the e-mails, say who covers an absence."""

from collections.abc import Collection, Mapping
from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import IntegrityError, transaction

from partenaires.droits import exiger
from partenaires.enums import Action, Permission
from partenaires.genres import familles_ouvertes
from partenaires.models import Absence, Compte, Notification, PreferenceAvis, Rattachement
from socle import horloge, journal


def lire(pk: UUID, *, par: Compte) -> Notification:
    """Mark one as read; Notification.DoesNotExist when it is not hers here. Reading twice keeps the first instant."""
    notification: Notification = Notification.objects.visibles_par(par).get(pk=pk)
    if notification.lue_le is None:
        notification.lue_le = horloge.maintenant()
        notification.save(update_fields=["lue_le"])
    return notification


def tout_lire(*, par: Compte) -> int:
    """Mark all of hers as read, in the active organisation; returns how many were not."""
    return Notification.objects.visibles_par(par).non_lues().update(lue_le=horloge.maintenant())


def lire_celles_de(objet_id: object, *, genres: Collection[str], par: Compte) -> int:
    """What these kinds said of an object has been seen on its page; returns how many were not read."""
    lignes = Notification.objects.visibles_par(par).non_lues().de_l_objet(objet_id).des_genres(genres)
    return int(lignes.update(lue_le=horloge.maintenant()))


def regler_courriels(modes: Mapping[str, str], *, par: Compte) -> None:
    """Say how to be told of each family; those that her roles do not open are left as they are."""
    ouvertes = set(familles_ouvertes(par.roles))
    PreferenceAvis.objects.bulk_create(
        [PreferenceAvis(compte=par, famille=f, mode=m) for f, m in sorted(modes.items()) if f in ouvertes],
        update_conflicts=True,
        unique_fields=["compte", "famille"],
        update_fields=["mode"],
    )


def declarer_absence(*, par: Compte, du: date, au: date, remplacant: Compte) -> Absence:
    """Say who receives, from a day to another, what this person receives here.

    ValidationError for somebody who is not of the organisation (herself included), for dates that are passed or
    in disorder, or over another absence; PermissionDenied for a role that does not know its colleagues.
    """
    organisation_id = exiger(par, Permission.CONNAITRE)
    aujourdhui = horloge.aujourdhui()
    if au < du or au < aujourdhui:
        raise ValidationError({"au": "La fin vient après le début, et n’est pas passée."})
    membres = Rattachement.objects.visibles_par(par).en_vigueur(aujourdhui)
    if remplacant.pk == par.pk or not membres.filter(compte=remplacant).exists():
        raise ValidationError({"remplacant": "Choisissez une personne de votre organisation."})
    absence = Absence(compte=par, organisation_id=organisation_id, remplacant=remplacant, du=du, au=au)
    try:
        with transaction.atomic():
            absence.save(force_insert=True)
    except IntegrityError:
        raise ValidationError({"du": "Vous avez déjà une absence à ces dates. Mettez-y fin d’abord."}) from None
    _noter(Action.ABSENCE_DECLAREE, absence)
    return absence


def terminer_absence(pk: UUID, *, par: Compte) -> None:
    """She is back, or does not leave; Absence.DoesNotExist when it is not hers."""
    absence: Absence = Absence.objects.de(par).get(pk=pk)
    _noter(Action.ABSENCE_TERMINEE, absence)
    absence.delete()


def _noter(action: Action, absence: Absence) -> None:
    journal.noter(action, organisation_id=absence.organisation_id, objet_type="absence", objets=[absence.pk])
