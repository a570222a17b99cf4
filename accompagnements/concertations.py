"""What the pages of a concertation show: its title, its tabs, the table of situations by organisation."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Final
from uuid import UUID

from django.urls import reverse

from accompagnements.enums.concertations import EtatConcertation
from accompagnements.models import Accord, Concertation, InvitationConcertation, PointConcertation
from accompagnements.models.concertations import ConcertationQuerySet
from socle.comptages import compter_ensemble
from socle.ecriture import date_longue, date_moyenne
from socle.presentation import Onglet

TONS: Final[dict[str, str]] = {
    EtatConcertation.PREPAREE: "info",
    EtatConcertation.CONVOQUEE: "cours",
    EtatConcertation.TENUE: "succes",
    EtatConcertation.ANNULEE: "discret",
}


@dataclass(frozen=True, slots=True)
class Croisement:
    """Whether an organisation may hear of a situation."""

    organisation: str
    ouvert: bool
    detail: str


@dataclass(frozen=True, slots=True)
class LigneOrdre:
    """A situation of the agenda, as the équipe reads it."""

    point: PointConcertation
    personne: str
    reference: str
    url: str
    croisements: list[Croisement]


def titre_de(c: Concertation) -> str:
    """« Concertation du mardi 22 septembre 2026 », or the name of the commission."""
    quoi = c.commission.nom if c.commission else "Concertation"
    return f"{quoi}, {date_longue(c.debut)}" if c.commission else f"{quoi} du {date_longue(c.debut)}"


def onglets_de(visibles: ConcertationQuerySet, *, passees: bool) -> list[Onglet]:
    nombres = compter_ensemble({"a_venir": visibles.a_venir(), "passees": visibles.passees()})
    adresse = reverse("concertations")
    return [
        Onglet("À venir", adresse, nombres["a_venir"] or None, not passees),
        Onglet("Passées", f"{adresse}?vue=passees", nombres["passees"] or None, passees),
    ]


def lignes_du_croisement(
    points: Sequence[PointConcertation],
    invitations: Sequence[InvitationConcertation],
    croises: Mapping[UUID, Mapping[int, Accord]],
) -> list[LigneOrdre]:
    """For each situation, each organisation invited: the accord that opens it, or that there is none."""
    return [
        LigneOrdre(
            point,
            point.situation.accompagnement.fiche.designation,
            point.situation.accompagnement.fiche.reference,
            reverse("point_concertation", args=[point.pk]),
            [_croisement(i, croises.get(point.pk, {}).get(i.organisation_id)) for i in invitations],
        )
        for point in points
    ]


def _croisement(invitation: InvitationConcertation, accord: Accord | None) -> Croisement:
    nom = invitation.organisation.nom
    if accord is None:
        return Croisement(nom, ouvert=False, detail="Pas d’accord : cette organisation sera absente pour ce point.")
    terme = f"jusqu’au {date_moyenne(accord.jusqu_au)}" if accord.jusqu_au else "jusqu’à son retrait"
    return Croisement(nom, ouvert=True, detail=f"Accord du {date_moyenne(accord.le)}, {terme}.")
