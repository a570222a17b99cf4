"""Reads that the lists and À faire share: what is due on an accompagnement, in one statement.

The planned visits and the orientations under way come with the row, as JSON arrays that PostgreSQL makes: what a
delay is counted from is a few dates, and a prefetch would cost one more statement for each relation on each page.
"""

from dataclasses import dataclass, field
from datetime import date, datetime, timedelta
from functools import cached_property
from typing import TYPE_CHECKING, Any, Final, Self
from uuid import UUID

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, JSONObject, TruncDate

from accompagnements.enums import Etat, EtatObjectif, EtatOrientation, EtatVisite, IssueContrat, Lieu
from signalements.enums import Moment, TypeEvaluateur
from signalements.models import Releve
from socle import horloge
from socle.calendrier import ajouter_mois
from socle.ecriture import jour_de

if TYPE_CHECKING:
    from accompagnements.models.dossiers import Accompagnement, Intervenant
    from partenaires.models import Compte

# Orientations that may ask something of the équipe.
EN_VUE: Final = (
    EtatOrientation.PROPOSEE, EtatOrientation.ENVOYEE, EtatOrientation.ACCEPTEE, EtatOrientation.LISTE_ATTENTE,
    EtatOrientation.REFUSEE,
)  # fmt: skip
_VISITE: Final = ("pk", "etat", "debut", "duree", "lieu", "premiere", "ne_pas_y_aller_seul", "participants", "sortis")
_ORIENTATION: Final = (
    "pk", "etat", "proposee_le", "envoyee_le", "repondre_avant", "relancee_le", "rendez_vous", "revoir_le",
    "repondue_le", "refus_traite_le",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class VisiteEnVue:
    """A visit that is planned, or of today: when, where, who goes (accounts). `duree` is in minutes."""

    pk: UUID
    etat: str
    debut: datetime
    duree: int
    lieu: str
    premiere: bool
    ne_pas_y_aller_seul: bool
    participants: list[int]
    sortis: list[int] = field(default_factory=list)

    @classmethod
    def lire(cls, brute: dict[str, Any]) -> Self:
        return cls(**{**brute, "pk": UUID(brute["pk"]), "debut": datetime.fromisoformat(brute["debut"])})

    @property
    def fin(self) -> datetime:
        return self.debut + timedelta(minutes=self.duree)

    def a_attendre(self, maintenant: datetime) -> list[int]:
        """Participants of whom nothing is known two hours after the end, out of the office."""
        if not self.est_prevue or self.lieu == Lieu.TELEPHONE or self.fin + timedelta(hours=2) > maintenant:
            return []
        if self.debut <= maintenant - timedelta(days=2):
            return []  # its account is late, and À faire says that
        return [c for c in self.participants if c not in self.sortis]

    @property
    def est_prevue(self) -> bool:
        return self.etat == EtatVisite.PLANIFIEE


@dataclass(frozen=True, slots=True)
class OrientationEnVue:
    """An orientation that may ask something of the équipe: its answer and its dates."""

    pk: UUID
    etat: str
    destinataire: str
    proposee_le: datetime
    envoyee_le: datetime | None
    repondre_avant: date | None
    relancee_le: datetime | None
    rendez_vous: datetime | None
    revoir_le: date | None
    repondue_le: datetime | None
    refus_traite_le: datetime | None

    @classmethod
    def lire(cls, brute: dict[str, Any]) -> Self:
        lues: dict[str, Any] = {nom: _lue(nom, valeur) for nom, valeur in brute.items()}
        return cls(**{**lues, "pk": UUID(brute["pk"])})


_JOURS: Final = frozenset({"repondre_avant", "revoir_le"})
_TEXTES: Final = frozenset({"pk", "etat", "destinataire"})
_JOURS_RESERVES: Final = frozenset({"objectifs_depuis", "contrat_jusqu_au"})
_INSTANTS_RESERVES: Final = frozenset({"premiere_faite_le", "derniere_faite_le"})


def _lue(nom: str, valeur: str | None) -> str | date | None:
    if valeur is None or nom in _TEXTES:
        return valeur
    return date.fromisoformat(valeur) if nom in _JOURS else datetime.fromisoformat(valeur)


class FaitsReserves(models.Func):
    """What the database tells of a line whose content is kept from the person who acts: dates, NULL for the others.

    The door is opened once per statement, whatever the number of rows.
    """

    template = "((SELECT droit.faits_reserves()) -> (%(expressions)s)::text)"
    arity = 1
    output_field = models.JSONField(null=True)


class Parmi(models.Func):
    """Whether a column is one of those that a door of the database gives for the person who acts; asked once."""

    template = "(%(expressions)s = ANY ((SELECT %(ensemble)s())::%(des)s[]))"
    arity = 1
    output_field = models.BooleanField()


class MoisDeRevue(models.Func):
    """The months between two reviews that an équipe had chosen on a day: what has begun keeps its rule."""

    function = "droit.mois_de_revue"
    arity = 2
    output_field = models.IntegerField(null=True)


def _plus_ancienne_revue() -> models.Subquery:
    """The day since which an open objective of the outer row waits: its last review, or its writing."""
    from accompagnements.models.evaluation import Objectif

    ouverts = Objectif.objects.filter(accompagnement=models.OuterRef("pk"), etat=EtatObjectif.OUVERT)
    depuis = ouverts.annotate(depuis=Coalesce("revu_le", TruncDate("cree_le"))).order_by("depuis")
    return models.Subquery(depuis.values("depuis")[:1])


class LecturesEcheances(models.QuerySet["Accompagnement"]):
    """What `accompagnements.echeances` needs of each row, without another statement."""

    def avec_faits(self) -> Self:
        """With the dates and facts that the delays are counted from, each by a subquery."""
        from accompagnements.models.contrats import Contrat
        from accompagnements.models.dossiers import SituationLogement
        from accompagnements.models.evaluation import Diagnostic, Visite

        ici = models.OuterRef("pk")
        visites = Visite.objects.filter(accompagnement=ici, etat=EtatVisite.FAITE).order_by("-debut")
        contrats = Contrat.objects.filter(accompagnement=ici, issue=IssueContrat.SIGNE).order_by("-numero")
        departs = Releve.objects.filter(
            fiche=models.OuterRef("fiche"), moment=Moment.T0, type_evaluateur=TypeEvaluateur.EQUIPE
        )
        return self.annotate(
            premiere_faite_le=models.Subquery(visites.filter(premiere=True).values("debut")[:1]),
            derniere_faite_le=models.Subquery(visites.values("debut")[:1]),
            a_un_diagnostic=models.Exists(Diagnostic.objects.filter(pk=ici).exclude(axes=[])),
            objectifs_depuis=_plus_ancienne_revue(),
            revue_mois=MoisDeRevue("equipe", _plus_ancienne_revue()),
            contrat_jusqu_au=models.Subquery(contrats.values("jusqu_au")[:1]),
            depart_cote=models.Exists(departs),
            logement_note=models.Exists(SituationLogement.objects.filter(accompagnement=ici)),
            faits_reserves=FaitsReserves("pk"),
            equipe_ouverte=Parmi("equipe", ensemble="droit.equipes_ouvertes", des="bigint"),
            est_suivie=Parmi("pk", ensemble="droit.accompagnements_suivis", des="uuid"),
        )

    def avec_echeances(self) -> Self:
        """With these facts, who follows (the principal first), the visits planned or of today, the orientations
        under way.
        """
        from accompagnements.models.dossiers import Intervenant
        from accompagnements.models.evaluation import Visite
        from accompagnements.models.orientations import Orientation
        from accompagnements.models.propositions import PropositionDeVisite

        ici = models.OuterRef("pk")
        suivie = Intervenant.objects.filter(accompagnement=ici, au=None).order_by("-principal", "id")
        visites = Visite.objects.all().prevues_ou_du_jour(horloge.aujourdhui()).filter(accompagnement=ici)
        orientations = Orientation.objects.filter(accompagnement=ici, etat__in=EN_VUE).order_by("proposee_le", "id")
        nom = {"destinataire": Coalesce("destinataire__nom", "structure__nom")}
        return (
            self.avec_faits()
            .select_related("etape_choisie")
            .annotate(
                suivie_par_ids=ArraySubquery(suivie.values("compte")),
                proposition_brute=models.Subquery(
                    PropositionDeVisite.objects.all()
                    .montrees()
                    .filter(accompagnement=ici)
                    .values(lue=JSONObject(etat="etat", repondre_avant="repondre_avant"))[:1]
                ),
                visites_brutes=ArraySubquery(visites.values(lue=JSONObject(**{c: c for c in _VISITE}))),
                orientations_brutes=ArraySubquery(
                    orientations.values(lue=JSONObject(**{c: c for c in _ORIENTATION}, **nom))
                ),
            )
        )

    def a_revoir(self, jour: date) -> list["Accompagnement"]:
        """Under contract and not paused, with an open objective that nobody reviewed for as long as the équipe says."""
        depuis = _plus_ancienne_revue()
        faits: dict[str, Any] = {"objectifs_depuis": depuis, "revue_mois": MoisDeRevue("equipe", depuis)}
        dus = self.filter(etat=Etat.EN_COURS).annotate(**faits)
        dus = dus.filter(models.Q(objectifs_depuis__lte=jour - timedelta(days=28)))
        return [a for a in dus if a.revue_le and a.revue_le <= jour]

    def avec_lecture(self, compte: "Compte") -> Self:
        """With the reading that this person opened for a reason, and that runs: `lecture_brute`."""
        from accompagnements.models.lectures_motivees import LectureMotivee

        siennes = LectureMotivee.objects.all().en_cours().filter(compte=compte, accompagnement=models.OuterRef("pk"))
        lue = JSONObject(pk="pk", jusqu_au="jusqu_au")
        return self.annotate(lecture_brute=models.Subquery(siennes.order_by("-jusqu_au").values(lue=lue)[:1]))

    def avec_intervenants(self) -> Self:
        """With the intervenants in charge and their accounts: one more statement."""
        from accompagnements.models.dossiers import Intervenant

        en_charge = Intervenant.objects.filter(au=None).select_related("compte").order_by("-principal", "id")
        return self.prefetch_related(models.Prefetch("intervenants", queryset=en_charge, to_attr="en_charge"))


class FaitsDEcheance:
    """The attributes that `avec_echeances` adds to a row.

    Where the content is kept from the person, `faits_reserves` holds what the next step of the line is counted from:
    `completer` puts it in the place of what row-level security let her read, which is nothing.
    """

    if TYPE_CHECKING:
        premiere_faite_le: datetime | None
        derniere_faite_le: datetime | None
        a_un_diagnostic: bool
        objectifs_depuis: date | None
        revue_mois: int | None
        contrat_jusqu_au: date | None
        depart_cote: bool
        logement_note: bool
        faits_reserves: dict[str, Any] | None
        equipe_ouverte: bool
        lecture_brute: dict[str, str] | None
        est_suivie: bool
        suivie_par_ids: list[int]
        visites_brutes: list[dict[str, Any]]
        proposition_brute: dict[str, str] | None
        orientations_brutes: list[dict[str, Any]]
        en_charge: list[Intervenant]

    @property
    def revue_le(self) -> date | None:
        """When the objectives are to be reviewed: so many months after the last time, by the rule of that day."""
        if self.objectifs_depuis is None or self.revue_mois is None:
            return None
        return ajouter_mois(self.objectifs_depuis, self.revue_mois)

    @property
    def est_reserve(self) -> bool:
        """Whether the person who reads sees the line and not the content (read `avec_faits`)."""
        return self.faits_reserves is not None

    @property
    def est_ecrit(self) -> bool:
        """Whether the person who reads may write too (read `avec_faits`)."""
        return self.equipe_ouverte or self.est_suivie

    @property
    def lecture(self) -> tuple[str, datetime] | None:
        """The reading for a reason that opens it: its key, and until when (read `avec_lecture`)."""
        brute = self.lecture_brute
        return (brute["pk"], datetime.fromisoformat(brute["jusqu_au"])) if brute else None

    def completer(self) -> None:
        """The facts of a line whose content is kept from the person; nothing to do for the others, or twice."""
        if self.faits_reserves is None or self.__dict__.get("_complete"):
            return
        self.__dict__["_complete"] = True
        for nom, valeur in self.faits_reserves.items():
            if valeur is not None and nom in _JOURS_RESERVES:
                valeur = date.fromisoformat(valeur)
            elif valeur is not None and nom in _INSTANTS_RESERVES:
                valeur = datetime.fromisoformat(valeur)
            setattr(self, nom, valeur)

    @property
    def dates_proposees(self) -> tuple[str, date] | None:
        """The state of the dates offered to the bailleur for the first visit, and the day of his answer."""
        brute = self.proposition_brute
        return (brute["etat"], date.fromisoformat(brute["repondre_avant"])) if brute else None

    @cached_property
    def visites_en_vue(self) -> list[VisiteEnVue]:
        """Planned, or of today, in order."""
        self.completer()
        return [VisiteEnVue.lire(brute) for brute in self.visites_brutes]

    @property
    def visites_prevues(self) -> list[VisiteEnVue]:
        return [v for v in self.visites_en_vue if v.est_prevue]

    def visites_du(self, jour: date) -> list[VisiteEnVue]:
        """Those of a day of Europe/Paris: today, or a day to come."""
        return [v for v in self.visites_en_vue if jour_de(v.debut) == jour]

    @cached_property
    def orientations_en_vue(self) -> list[OrientationEnVue]:
        self.completer()
        return [OrientationEnVue.lire(brute) for brute in self.orientations_brutes]
