"""Who has read what: threads and notifications of some days ago are not new to anybody, the last ones are."""

from datetime import date, datetime, timedelta
from typing import Final

from demonstration.monde import Monde
from demonstration.roles import en_tant_que_systeme
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from partenaires.parcours import avis
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Echange
from socle import envois

NEUFS: Final = timedelta(days=5)
LECTEURS: Final = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL, Role.REFERENT, Role.RESPONSABLE)
NUITS: Final = 14  # before the end: what was promised is done each night, as in production
TOUS_LES: Final = 3  # days: how often somebody opens the list of notifications


def traiter_les_envois() -> None:
    """What the outbox holds, until it is empty."""
    with en_tant_que_systeme():
        while envois.traiter():
            pass


class Lectures:
    """The notifications of the last days, and who has opened the list since."""

    def __init__(self, monde: Monde, fin: date) -> None:
        self.monde, self.fin = monde, fin

    def chaque_nuit(self, jour: date) -> None:
        """Before the last fortnight nothing is done: what was told then is read by everybody on its first day."""
        reste = (self.fin - jour).days
        if reste > NUITS:
            return
        traiter_les_envois()
        for (organisation, _), membres in self.monde.membres.items():
            for membre in membres:
                if reste and (reste == NUITS or (reste + membre.pk) % TOUS_LES == 0):
                    with agir_comme(membre, organisation):
                        avis.tout_lire(par=membre)


def lire_les_fils(monde: Monde, fin: datetime) -> None:
    """Each person of an équipe or of a bailleur reads the threads that she sees, down to five days ago."""
    organisations: list[Organisation] = [*monde.equipes.values(), *monde.bailleurs.values()]
    for organisation in organisations:
        for personne in monde.de(organisation, *LECTEURS):
            with agir_comme(personne, organisation.pk):
                _lire(personne, fin - NEUFS)


def _lire(personne: Compte, jusque: datetime) -> None:
    derniers = Echange.objects.filter(le__lt=jusque).order_by("fiche", "-le", "-id").distinct("fiche")
    for message in derniers.only("pk", "fiche"):
        parcours.lire_fil(message.fiche_id, par=personne, jusqu_a=message.pk)
