"""Who has read what: the threads of more than a few days ago are not new to anybody, the last ones are."""

from datetime import datetime, timedelta
from typing import Final

from demonstration.monde import Monde
from partenaires.enums import Role
from partenaires.models import Compte, Organisation
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Echange

NEUFS: Final = timedelta(days=5)
LECTEURS: Final = (Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL, Role.REFERENT, Role.RESPONSABLE)


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
