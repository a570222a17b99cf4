"""The household is told, the week runs: what starts the delay of opposition, and nothing that shortens it."""

from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte, DelaisEquipe
from signalements.enums import Action
from signalements.models import Fiche, Information
from signalements.parcours.verrous import fiche_verrouillee, noter, porte
from socle import horloge
from socle.calendrier import fin_delai_opposition


class DateRefusee(ValueError):
    """The date of information is in the future, or a correction would shorten the delay."""


def enregistrer_information(pk: UUID, *, par: Compte, le: date, mode: str) -> Information:
    """Record when and how the household was told. Possible from the draft on; starts the week once recevable.

    Raises DateRefusee for a date in the future. Whoever sees the fiche before its end may record it; the door
    in the database checks the right on the instruction.
    """
    fiche = _lue(pk, par)
    if le > horloge.aujourdhui():
        raise DateRefusee("La date doit être passée ou du jour.")
    return _enregistrer(fiche, par, le, mode)


def corriger_information(pk: UUID, *, par: Compte, le: date, mode: str) -> Information:
    """Correct a wrong date: a new row, journalled; the delay can only become longer. Same errors."""
    return enregistrer_information(pk, par=par, le=le, mode=mode)


def fin_du_delai(fiche: Fiche, informee_le: date, enregistree_le: date) -> datetime:
    """24:00 Europe/Paris, the équipe's number of days (at least 7) after the information date and never before 2
    working days after its recording. The settings are those of the day of the recording: what runs keeps its rule.
    """
    delais = DelaisEquipe.de(fiche.equipe_destinataire_id, enregistree_le)
    return fin_delai_opposition(
        informee_le,
        enregistree_le,
        jours=delais.opposition_jours,
        alsace_moselle=delais.alsace_moselle,
    )


def _lue(pk: UUID, par: Compte) -> Fiche:
    """The fiche: its author writes until the transmission, then only a référent or the équipe does."""
    fiche: Fiche = Fiche.objects.visibles_par(par).ouvertes().get(pk=pk)
    if not fiche.est_transmise:
        return fiche_verrouillee(pk, par)
    if not par.a_role(Role.REFERENT, Role.RESPONSABLE, Role.LOGICIEL, *ROLES_EQUIPE):
        raise PermissionDenied("Seuls un référent ou l’équipe enregistrent l’information de la personne.")
    return fiche


def _enregistrer(fiche: Fiche, par: Compte, le: date, mode: str) -> Information:
    maintenant = horloge.maintenant()
    information = Information(fiche=fiche, le=le, mode=mode, par=par, enregistree_le=maintenant)
    information.save(force_insert=True)
    if fiche.est_transmise:
        porte("informer", fiche.pk, le, fin_du_delai(fiche, le, horloge.aujourdhui()))
    noter(Action.INFORMATION, fiche)
    return information
