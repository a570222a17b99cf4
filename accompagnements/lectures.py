"""The review of the readings of situations that others carry: its rows, and what was read in each."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.db.models import QuerySet
from django.http import QueryDict
from django.urls import reverse

from accompagnements.enums import Action
from accompagnements.enums.lectures import MotifLecture
from accompagnements.models import LectureMotivee
from partenaires.enums import Role
from partenaires.models import Compte
from socle.ecriture import compter, date_heure, jour_de
from socle.models import Evenement
from socle.presentation import Delai, Onglet, Tache

MAXIMUM: Final = 100  # rows of a page: a reading is rare
SEMAINE: Final = timedelta(days=7)


@dataclass(frozen=True, slots=True)
class Liste:
    """The tab that an address asks for."""

    revues: bool = False

    @classmethod
    def de(cls, parametres: QueryDict) -> "Liste":
        return cls(parametres.get("etat") == "revues")

    @property
    def onglets(self) -> list[Onglet]:
        page = reverse("lectures")
        return [
            Onglet("À revoir", page, None, not self.revues),
            Onglet("Revues", f"{page}?etat=revues", None, self.revues),
        ]


@dataclass(frozen=True, slots=True)
class LigneLecture:
    """A reading as its row says it."""

    pk: UUID
    designation: str
    reference: str
    url: str
    lectrice: str
    motif: str
    precision: str
    quand: str
    lu: str
    revue: str
    commentaire: str
    delai: Delai | None


@dataclass(frozen=True, slots=True)
class PageLectures:
    lignes: list[LigneLecture]
    equipe_id: int
    accompagnements: list[UUID]


def lignes_de(compte: Compte, liste: Liste) -> PageLectures:
    """Two statements, whatever the number of rows."""
    assert compte.organisation_id is not None
    siennes = LectureMotivee.objects.visibles_par(compte).de_l_equipe(compte.organisation_id).avec_parties()
    lues = list((siennes.revues() if liste.revues else siennes.a_revoir())[:MAXIMUM])
    evenements = _evenements(compte.organisation_id, lues)
    lignes = [_ligne(lecture, evenements) for lecture in lues]
    return PageLectures(lignes, compte.organisation_id, list(dict.fromkeys(x.accompagnement_id for x in lues)))


def revue_le(ouverte: date) -> date:
    """The day on which a reading should have been looked at: a week later."""
    return ouverte + SEMAINE


def a_revoir(compte: Compte) -> QuerySet[LectureMotivee]:
    """The readings that wait for coordination, the oldest first; none for another role."""
    if not compte.a_role(Role.COORDINATION):
        return LectureMotivee.objects.none()
    siennes = LectureMotivee.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    return siennes.a_revoir()[:MAXIMUM]


def tache(compte: Compte, attendues: Sequence[LectureMotivee]) -> Tache | None:
    """The task of the week for coordination: one, for all that waits; None when nothing does."""
    if not attendues:
        return None
    return Tache(
        titre="Revoir les lectures motivées de la semaine",
        url=reverse("lectures"),
        detail=compter(
            len(attendues), "lecture d’une situation suivie par d’autres", "lectures de situations suivies par d’autres"
        ),
        action="Revoir",
        delai=Delai.de(revue_le(jour_de(attendues[0].ouvert_le))),
        compte_id=compte.pk,
    )


def _evenements(equipe_id: int, lues: list[LectureMotivee]) -> list[Evenement]:
    """The readings that the journal holds of these people on these situations, in their time; one statement."""
    if not lues:
        return []
    siens = Evenement.objects.all().choisis(
        organisations=[equipe_id], depuis=min(x.ouvert_le for x in lues), avant=max(x.fin for x in lues)
    )
    return list(siens.des_objets(x.accompagnement_id for x in lues).des_personnes(x.compte_id for x in lues))


def _ligne(x: LectureMotivee, evenements: Iterable[Evenement]) -> LigneLecture:
    siens = [
        e for e in evenements
        if e.compte_id == x.compte_id and str(x.accompagnement_id) in e.objets and x.ouvert_le <= e.le < x.fin
    ]  # fmt: skip
    pages = sum(e.action == Action.SITUATION_LUE for e in siens)
    cliniques = any(e.action == Action.CLINIQUE_LUE for e in siens)
    fin = f"fermée le {date_heure(x.ferme_le)}" if x.ferme_le else f"jusqu’au {date_heure(x.jusqu_au)}"
    revue = f"{x.revu_par.nom_complet}, le {date_heure(x.revu_le)}" if x.revu_par and x.revu_le else ""
    return LigneLecture(
        pk=x.pk,
        designation=x.accompagnement.fiche.designation,
        reference=x.accompagnement.fiche.reference,
        url=reverse("situation", args=[x.accompagnement_id]),
        lectrice=x.compte.nom_complet,
        motif=str(MotifLecture(x.motif).label),
        precision=x.precision,
        quand=f"Le {date_heure(x.ouvert_le)}, {fin}",
        lu=f"{compter(pages, 'page lue', 'pages lues')}{', dont des notes cliniques' if cliniques else ''}",
        revue=revue,
        commentaire=x.commentaire,
        delai=None if x.revu_le else Delai.de(revue_le(jour_de(x.ouvert_le))),
    )
