"""Reads that the lists and À faire share: what is due on an accompagnement, in a fixed number of statements."""

from typing import TYPE_CHECKING, Final, Self

from django.contrib.postgres.expressions import ArraySubquery
from django.db import models
from django.db.models.functions import Coalesce, TruncDate

from accompagnements.enums import EtatObjectif, EtatOrientation, EtatVisite, IssueContrat
from signalements.enums import Moment, TypeEvaluateur
from signalements.models import Releve

if TYPE_CHECKING:
    from datetime import date, datetime

    from accompagnements.models.dossiers import Accompagnement, Intervenant  # noqa: F401
    from accompagnements.models.evaluation import Visite
    from accompagnements.models.orientations import Orientation

# Orientations that may ask something of the équipe.
EN_VUE: Final = (
    EtatOrientation.PROPOSEE, EtatOrientation.ENVOYEE, EtatOrientation.ACCEPTEE, EtatOrientation.LISTE_ATTENTE,
    EtatOrientation.REFUSEE,
)  # fmt: skip


class LecturesEcheances(models.QuerySet["Accompagnement"]):
    """What `accompagnements.echeances` needs of each row: two more statements whatever the number of rows."""

    def avec_faits(self) -> Self:
        """With the dates and facts that the delays are counted from, each by a subquery."""
        from accompagnements.models.contrats import Contrat
        from accompagnements.models.dossiers import SituationLogement
        from accompagnements.models.evaluation import Diagnostic, Objectif, Visite

        ici = models.OuterRef("pk")
        visites = Visite.objects.filter(accompagnement=ici, etat=EtatVisite.FAITE).order_by("-debut")
        objectifs = Objectif.objects.filter(accompagnement=ici, etat=EtatObjectif.OUVERT)
        revus = objectifs.annotate(depuis=Coalesce("revu_le", TruncDate("cree_le"))).order_by("depuis")
        contrats = Contrat.objects.filter(accompagnement=ici, issue=IssueContrat.SIGNE).order_by("-numero")
        departs = Releve.objects.filter(
            fiche=models.OuterRef("fiche"), moment=Moment.T0, type_evaluateur=TypeEvaluateur.EQUIPE
        )
        return self.annotate(
            premiere_faite_le=models.Subquery(visites.filter(premiere=True).values("debut")[:1]),
            derniere_faite_le=models.Subquery(visites.values("debut")[:1]),
            a_un_diagnostic=models.Exists(Diagnostic.objects.filter(pk=ici).exclude(axes=[])),
            objectifs_depuis=models.Subquery(revus.values("depuis")[:1]),
            contrat_jusqu_au=models.Subquery(contrats.values("jusqu_au")[:1]),
            depart_cote=models.Exists(departs),
            logement_note=models.Exists(SituationLogement.objects.filter(accompagnement=ici)),
        )

    def avec_echeances(self) -> Self:
        """With these facts, who follows, and the planned visits and the orientations under way."""
        from accompagnements.models.dossiers import Intervenant
        from accompagnements.models.evaluation import Visite
        from accompagnements.models.orientations import Orientation

        ici = models.OuterRef("pk")
        suivie = Intervenant.objects.filter(accompagnement=ici, au=None).order_by("-principal", "id")
        return (
            self.avec_faits()
            .annotate(suivie_par_ids=ArraySubquery(suivie.values("compte")))
            .prefetch_related(
                models.Prefetch(
                    "visites",
                    queryset=Visite.objects.filter(etat=EtatVisite.PLANIFIEE)
                    .defer("compte_rendu", "autres_presents")
                    .order_by("debut", "id"),
                    to_attr="visites_prevues",
                ),
                models.Prefetch(
                    "orientations",
                    queryset=Orientation.objects.filter(etat__in=EN_VUE)
                    .select_related("destinataire")
                    .order_by("proposee_le", "id"),
                    to_attr="orientations_en_vue",
                ),
            )
        )

    def avec_intervenants(self) -> Self:
        """With the intervenants in charge and their accounts: one more statement."""
        from accompagnements.models.dossiers import Intervenant

        en_charge = Intervenant.objects.filter(au=None).select_related("compte").order_by("-principal", "id")
        return self.prefetch_related(models.Prefetch("intervenants", queryset=en_charge, to_attr="en_charge"))


class FaitsDEcheance:
    """The attributes that `avec_echeances` adds to a row; for the type checker only."""

    if TYPE_CHECKING:
        premiere_faite_le: datetime | None
        derniere_faite_le: datetime | None
        a_un_diagnostic: bool
        objectifs_depuis: date | None
        contrat_jusqu_au: date | None
        depart_cote: bool
        logement_note: bool
        suivie_par_ids: list[int]
        visites_prevues: list[Visite]
        orientations_en_vue: list[Orientation]
        en_charge: list[Intervenant]
