"""Stories of concertations: every state is reached by the real transitions."""

from datetime import timedelta
from typing import Any

from accompagnements import parcours
from accompagnements.enums.concertations import PORTEES_BAILLEUR, PORTEES_PARTENAIRE
from accompagnements.models import (
    Accompagnement,
    Concertation,
    DossierConcertation,
    InvitationConcertation,
    PointConcertation,
)
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as suivi
from tests.conftest import en_tant_que
from tests.fabriques import Monde

DEMANDE = "Dire qui peut passer une fois par semaine, et quel jour."


def preparee(m: Monde, a: Accompagnement | None = None, *, invites: tuple[Any, ...] | None = None) -> Concertation:
    """In five days, on one situation, with the partner and the bailleur invited."""
    a = a or suivi.en_cours(m)
    par = m["social"]
    with agir_comme(par):
        c = parcours.preparer_concertation(
            par=par, debut=horloge.maintenant() + timedelta(days=5), duree=60, lieu="12 rue des Lilas",
            comptes=[par.pk],
        )  # fmt: skip
        for organisation in (m.partenaire, m.bailleur) if invites is None else invites:
            parcours.inviter_organisation(c.pk, par=par, organisation=organisation, personnes="Mme Gabarit")
        parcours.inscrire_situation(c.pk, a.pk, par=par, demande=DEMANDE)
    return relue(m, c)


def convoquee(m: Monde, a: Accompagnement | None = None, **champs: Any) -> Concertation:
    c = preparee(m, a, **champs)
    with agir_comme(m["social"]):
        return parcours.convoquer(c.pk, par=m["social"])


def tenue(m: Monde, a: Accompagnement | None = None, **champs: Any) -> Concertation:
    """Held, an hour after its beginning, everybody there."""
    c = convoquee(m, a, **champs)
    horloge.regler(c.debut + timedelta(hours=1))
    with agir_comme(m["social"]):
        presentes = [i.pk for i in InvitationConcertation.objects.filter(concertation=c)]
        return parcours.tenir(c.pk, par=m["social"], presentes=presentes, comptes=[m["social"].pk])


def annulee(m: Monde, a: Accompagnement | None = None, **champs: Any) -> Concertation:
    c = convoquee(m, a, **champs)
    with agir_comme(m["social"]):
        return parcours.annuler_concertation(c.pk, par=m["social"])


def accords(m: Monde, a: Accompagnement) -> None:
    """The person's, for the partner and for her bailleur, concertations and actions included."""
    suivi.accord(m, a, portees=PORTEES_PARTENAIRE)
    suivi.accord(m, a, organisation=m.bailleur, portees=PORTEES_BAILLEUR)


def relue(m: Monde, c: Concertation) -> Concertation:
    with agir_comme(m["coordination"]):
        lue: Concertation = Concertation.objects.get(pk=c.pk)
        return lue


def point_de(m: Monde, c: Concertation) -> PointConcertation:
    with agir_comme(m["coordination"]):
        lu: PointConcertation = PointConcertation.objects.all().avec_situation().get(concertation=c)
        return lu


def invitation_de(c: Concertation, organisation: Any) -> InvitationConcertation:
    with en_tant_que("palier_fabrique"):
        return InvitationConcertation.objects.get(concertation=c, organisation=organisation)


def dossiers(m: Monde, c: Concertation) -> list[DossierConcertation]:
    """The packs, asked for and not made yet."""
    with agir_comme(m["social"]):
        return parcours.preparer_dossiers(c.pk, par=m["social"])
