"""Where a fiche goes on, told to `signalements`, which knows nothing of this application."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from accompagnements.models import Accompagnement
from partenaires.models import Compte
from signalements.models import Fiche


class Situations:
    """The pages of this application that a fiche leads to."""

    def ouvrir(self, fiche: Fiche) -> str:
        """The page that opens an accompagnement."""
        return reverse("situation_ouvrir", args=[fiche.pk])

    def situations(self, fiches: Sequence[Fiche], compte: Compte) -> Mapping[UUID, str]:
        """The page of the newest situation of each fiche that the person may open; one statement."""
        siennes = Accompagnement.objects.visibles_par(compte).filter(fiche__in=[f.pk for f in fiches])
        cles = siennes.order_by("ouvert_le").values_list("fiche", "pk")
        return {fiche: reverse("situation", args=[pk]) for fiche, pk in cles}
