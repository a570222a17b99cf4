"""Where a fiche goes on, told to `signalements`, which knows nothing of this application."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from django.urls import reverse

from accompagnements.enums import Action
from accompagnements.models import Accompagnement, ActionConvenue, PropositionDeVisite
from partenaires.models import Compte
from signalements.models import Fiche
from signalements.prolongements import ActionLue, RendezVous
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_heure, date_moyenne


class Situations:
    """The pages of this application that a fiche leads to."""

    def ouvrir(self, fiche: Fiche) -> str:
        """The page that opens an accompagnement."""
        return reverse("situation_ouvrir", args=[fiche.pk])

    def rendez_vous(self, fiche: Fiche, compte: Compte) -> RendezVous | None:
        """The dates offered to the référent, or the one agreed until its day is over; one statement."""
        minuit = horloge.a_paris(horloge.aujourdhui(), 0)
        siennes = PropositionDeVisite.objects.visibles_par(compte).de_la_fiche(fiche.pk).a_venir(minuit)
        p = siennes.first()
        if p is None:
            return None
        url = reverse("rendez_vous", args=[p.pk])
        if p.retenu is not None:
            return RendezVous(
                f"Première visite{INSECABLE}: {date_heure(p.retenu)}", "Avec l’équipe.", url, "Voir le rendez-vous"
            )
        avant = date_moyenne(p.repondre_avant)
        return RendezVous(
            "Première visite avec l’équipe", f"Des dates vous sont proposées, à choisir avant le {avant}.", url,
            "Choisir une date",
        )  # fmt: skip

    def situations(self, fiches: Sequence[Fiche], compte: Compte) -> Mapping[UUID, str]:
        """The page of the newest situation of each fiche that the person may open; one statement."""
        siennes = Accompagnement.objects.visibles_par(compte).filter(fiche__in=[f.pk for f in fiches])
        cles = siennes.order_by("ouvert_le").values_list("fiche", "pk")
        return {fiche: reverse("situation", args=[pk]) for fiche, pk in cles}

    def actions_convenues(self, fiche: Fiche, compte: Compte) -> Sequence[ActionLue]:
        """Those that the person's accord opens to this bailleur; their reading is noted for the équipe."""
        actions = list(ActionConvenue.objects.visibles_par(compte).de_la_fiche(fiche.pk))
        if actions:
            journal.noter(
                Action.ACTIONS_LUES, organisation_id=actions[0].equipe_id, objet_type="actionconvenue",
                objets=[a.pk for a in actions],
            )  # fmt: skip
        return [ActionLue(a.texte, a.get_qui_display(), a.avant_le, a.get_etat_display()) for a in actions]
