"""What the page of all accords shows: whom each one names, where it stands, and what it lets be read today.

The last is computed from the rows that are shared, never from the accord alone: an accord that opens nothing says so.
"""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import Any, Final

from django.db.models import QuerySet

from accompagnements.enums import EtatOrientation, Portee
from accompagnements.enums.concertations import CONVOQUEES, VISIBLE_APRES, EtatSuite, ReponseInvitation
from accompagnements.lignes_orientations import RECUES
from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    InvitationConcertation,
    LienOrientation,
    Orientation,
    PointConcertation,
)
from partenaires.models import Structure
from socle import horloge
from socle.ecriture import INSECABLE, date_heure, date_moyenne, enumerer, jour_de

RIEN: Final = "Rien aujourd’hui."
SANS_PARTAGE: Final = "Rien : la personne a retiré son accord à l’accompagnement."
TERMINEE: Final = "Rien : l’accompagnement est terminé."


@dataclass(frozen=True, slots=True)
class LigneAccord:
    """An accord, as the page shows it."""

    accord: Accord
    genre: str
    etat: tuple[str, str]  # label, tone of the status
    permet: list[str]
    retirable: bool


def lectures_des_accords(a: Accompagnement) -> dict[str, "QuerySet[Any]"]:
    """What the page needs of a situation: one statement, by `lire_ensemble`."""
    points = PointConcertation.objects.de_l_accompagnement(a)
    return {
        "accords": Accord.objects.de_l_accompagnement(a),
        "orientations": Orientation.objects.de_l_accompagnement(a),
        "liens": LienOrientation.objects.de_l_accompagnement(a),
        "points": points,
        "invitations": InvitationConcertation.objects.des_concertations(points.order_by().values("concertation")),
        "actions": ActionConvenue.objects.de_l_accompagnement(a),
    }


def lignes_des_accords(a: Accompagnement, lues: Mapping[str, Sequence[Any]], *, ouverte: bool) -> list[LigneAccord]:
    """In force first, then the newest; what a closed situation shares is nothing."""
    accords: Sequence[Accord] = lues["accords"]
    return [
        LigneAccord(
            accord=k, genre=_genre(k, a), etat=_etat(k), permet=list(_permet(a, k, accords, lues)) or [RIEN],
            retirable=ouverte and k.retire_le is None,
        )
        for k in accords
    ]  # fmt: skip


def _genre(k: Accord, a: Accompagnement) -> str:
    if k.commission_id is not None:
        return "Commission"
    if k.organisation_id == a.fiche.orienteur_id and a.fiche.orienteur.est_bailleur:
        return "Son bailleur"
    return "Partenaire sans compte" if isinstance(k.qui, Structure) else "Partenaire"


def _etat(k: Accord) -> tuple[str, str]:
    if k.retire_le is not None:
        return "Retiré", "discret"
    return ("Échu", "attention") if k.est_echu else ("En vigueur", "succes")


def _permet(a: Accompagnement, k: Accord, accords: Sequence[Accord], lues: Mapping[str, Any]) -> Iterator[str]:
    if not k.est_en_vigueur:
        return
    if a.est_clos:
        yield TERMINEE
        return
    if a.retrait_en_attente:
        yield SANS_PARTAGE
        return
    yield from _orientations(k, lues["orientations"], lues["liens"])
    if Portee.CONCERTATION in k.portees:
        yield from _seances(k, accords, lues["points"], lues["invitations"])
    if Portee.ACTIONS in k.portees:
        lisibles = sum(x.bailleur_id == k.organisation_id and x.etat != EtatSuite.ABANDONNEE for x in lues["actions"])
        if lisibles:
            s = "s" if lisibles > 1 else ""
            yield f"{lisibles}{INSECABLE}action{s} convenue{s}, sur la fiche."


def _orientations(k: Accord, orientations: Iterable[Orientation], liens: Sequence[LienOrientation]) -> Iterator[str]:
    for o in orientations:
        if o.accord_id != k.pk or o.envoyee_le is None or o.retiree_le is not None:
            continue
        if o.etat == EtatOrientation.PROPOSEE:
            continue
        quoi = enumerer(["son nom", *(RECUES[p] for p in RECUES if p in o.accord_portees)])
        dit = f"L’orientation envoyée le {date_moyenne(o.envoyee_le)}{INSECABLE}: {quoi}"
        if o.destinataire_id is not None:
            yield f"{dit}."
            continue
        lien = next((x for x in liens if x.orientation_id == o.pk and x.revoque_le is None), None)
        jusqu_au = lien.lisible_jusqu_au if lien else None
        if jusqu_au is not None:
            yield f"{dit}, par un lien, jusqu’au {date_heure(jusqu_au)}."
        else:
            yield f"{dit}, par la lettre remise. Aucun lien n’est ouvert."


def _seances(
    k: Accord, accords: Sequence[Accord], points: Iterable[PointConcertation],
    invitations: Sequence[InvitationConcertation],
) -> Iterator[str]:  # fmt: skip
    """The meetings in which those that it names read the situation, under its letter."""
    ecartees = {autre.organisation_id for autre in accords if k.commission_id and autre.prevaut_sur(k)}
    for p in points:
        c = p.concertation
        if c.etat not in CONVOQUEES or jour_de(c.debut) + VISIBLE_APRES < horloge.aujourdhui():
            continue
        if k.commission_id is not None and k.commission_id != c.commission_id:
            continue
        couvertes: set[int | None] = {k.organisation_id}
        if k.commission_id is not None:
            couvertes = {cle for cle in k.siegent if cle not in ecartees}
        noms = [i.organisation.nom for i in invitations if i.concertation_id == c.pk and _lit(i, couvertes)]
        if noms:
            quoi = c.commission.nom if c.commission else "la concertation"
            suite = f" ({', '.join(noms)})" if k.commission_id else ""
            yield (
                f"{p.nom}, sans nom, pour {quoi} du {date_moyenne(c.debut)}, "
                f"jusqu’au {date_moyenne(jour_de(c.debut) + VISIBLE_APRES)}{suite}."
            )


def _lit(i: InvitationConcertation, couvertes: set[int | None]) -> bool:
    return i.organisation_id in couvertes and i.convoquee_le is not None and i.reponse != ReponseInvitation.DECLINEE
