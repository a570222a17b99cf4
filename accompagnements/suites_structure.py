"""What the équipe sent to an entry of the annuaire, told to `partenaires`, which knows nothing of this application."""

from collections.abc import Sequence
from typing import Final

from django.urls import reverse

from accompagnements.enums import Action, EtatOrientation
from accompagnements.models import Orientation
from partenaires.models import Compte, Structure
from partenaires.suites import Envoyee
from socle import journal
from socle.ecriture import date_relative

MAXIMUM: Final = 50  # the list of orientations, filtered by partner, has the others


class Orientations:
    """The `Suites` of this application."""

    def envoyees(self, structure: Structure, compte: Compte) -> Sequence[Envoyee]:
        siennes = Orientation.objects.visibles_par(compte).vers_structure(structure).avec_personne()
        lignes = [o for o in siennes.order_by("-proposee_le", "-id")[:MAXIMUM] if o.personne_lisible]
        if lignes:
            journal.noter(
                Action.ORIENTATIONS_LUES,
                organisation_id=structure.equipe_id,
                objet_type="orientation",
                objets=[o.pk for o in lignes],
            )
        return [
            Envoyee(
                libelle=o.accompagnement.fiche.designation,
                detail=f"{o.reference}, {'envoyée' if o.envoyee_le else 'préparée'} "
                f"{date_relative(o.envoyee_le or o.proposee_le)}",
                url=reverse("orientation", args=[o.pk]),
                etat=str(EtatOrientation(o.etat).label),
                le=o.proposee_le,
            )
            for o in lignes
        ]

    def url_orienter(self, structure: Structure) -> str:
        """The page that asks which situation."""
        return reverse("orientation_vers", args=[structure.pk])
