"""Reads of fiches and of their instructions; scoping is the first word."""

from typing import TYPE_CHECKING, Self
from uuid import UUID

from django.db import models

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import EN_TRI, EtatDepot, EtatInstruction
from signalements.models.lectures_equipe import LecturesEquipe
from socle import horloge

if TYPE_CHECKING:
    from signalements.models.fiches import Fiche, Instruction  # noqa: F401


class FicheQuerySet(LecturesEquipe):
    """Reads of fiches; scoping is the first word."""

    def visibles_par(self, compte: Compte) -> Self:
        """The author's own; a référent's organisation's; an équipe's, and a software's, once transmitted."""
        ici = compte.organisation_id
        siennes = models.Q(auteur=compte, declarant=ici)
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            return self.filter(siennes | (models.Q(orienteur=ici) & ~models.Q(etat=EtatDepot.BROUILLON)))
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return self.filter(siennes | models.Q(equipe=ici, transmise_le__isnull=False))
        if compte.a_role(Role.LOGICIEL):
            return self.filter(models.Q(auteur=compte) | models.Q(transmise_le__isnull=False), orienteur=ici)
        if compte.a_role(Role.GARDIEN, Role.CORRESPONDANT):
            return self.filter(siennes)
        return self.none()

    def cherchables_par(self, compte: Compte) -> Self:
        """Where a person searches: what her équipe received, what her organisation sent. Nothing for a gardien."""
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return self.visibles_par(compte).de_l_equipe(compte.organisation_id)
        if compte.a_role(Role.REFERENT, Role.RESPONSABLE):
            return self.visibles_par(compte).envoyees()
        return self.none()

    def de_l_equipe(self, equipe_id: int | None) -> Self:
        """Transmitted to this équipe."""
        return self.filter(equipe=equipe_id, transmise_le__isnull=False)

    def de_l_auteur(self, compte: Compte) -> Self:
        return self.filter(auteur=compte, declarant=compte.organisation_id)

    def brouillons(self) -> Self:
        return self.filter(etat=EtatDepot.BROUILLON)

    def en_main(self) -> Self:
        """What the author still has to finish."""
        return self.filter(etat__in=[EtatDepot.BROUILLON, EtatDepot.A_CORRIGER])

    def envoyees(self) -> Self:
        return self.exclude(etat=EtatDepot.BROUILLON)

    def a_relire(self) -> Self:
        return self.filter(etat=EtatDepot.A_RELIRE)

    def ouvertes(self) -> Self:
        return self.filter(terminee_le=None)

    def terminees(self) -> Self:
        return self.filter(terminee_le__isnull=False)

    def au_statut(self, statut: str) -> Self:
        return self.filter(statut=statut)

    def a_l_etat(self, *etats: str) -> Self:
        """By the équipe's state."""
        return self.filter(instruction__etat__in=etats)

    def en_tri(self) -> Self:
        return self.a_l_etat(*EN_TRI)

    def sans_information(self) -> Self:
        """Whose household was not told yet (RGPD art. 14 gives a month)."""
        return self.filter(informations=None)

    def avec_contenu(self) -> Self:
        """With everything a list or a detail shows: one statement."""
        return self.select_related(
            "locataire", "constat", "instruction", "instruction__suivie_par", "residence", "residence__bailleur",
            "residence__territoire", "orienteur", "auteur", "deposee_par",
        )  # fmt: skip

    def avec_receptacle(self) -> Self:
        """With what a receipt shows."""
        return self.select_related("residence")

    def a_la_cle(self, pk: UUID) -> "Fiche | None":
        return self.filter(pk=pk).first()

    def de_la_reference(self, reference: str) -> Self:
        return self.filter(reference=reference)

    def recentes(self) -> Self:
        return self.order_by("-transmise_le", "-id")


class InstructionQuerySet(models.QuerySet["Instruction"]):
    """Reads of instructions; only an équipe has any."""

    def visibles_par(self, compte: Compte) -> Self:
        if compte.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
            return self.filter(equipe=compte.organisation_id)
        return self.none()

    def delai_passe(self) -> Self:
        """Those whose week has run out at this instant."""
        return self.filter(etat=EtatInstruction.DELAI_OPPOSITION, delai_jusqua__lte=horloge.maintenant())

    def par_etat(self) -> dict[str, int]:
        """Counts by state."""
        return dict(self.order_by().values_list("etat").annotate(n=models.Count("pk")))
