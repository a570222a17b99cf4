"""What a member of the équipe leaves behind in the accompagnements: the situations that she carries."""

from collections.abc import Sequence
from typing import Final
from uuid import UUID

from accompagnements.models import Intervenant
from accompagnements.parcours import remplacer_intervenant
from partenaires.enums import Permission
from partenaires.models import Compte, Rattachement
from partenaires.reprises import Chose

GENRE: Final = "accompagnement"


class Accompagnements:
    """The `Portefeuille` of this application."""

    def choses(self, rattachement: Rattachement, par: Compte) -> Sequence[Chose]:
        if not rattachement.organisation.est_equipe:
            return []
        siens = Intervenant.objects.all().ouverts_de(rattachement.compte_id, rattachement.organisation_id)
        return [
            Chose(
                GENRE,
                str(i.accompagnement_id),
                f"Situation {i.accompagnement.fiche.reference}{', référent' if i.principal else ''}",
                Permission.SUIVRE,
            )
            for i in siens
        ]

    def confier(self, chose: Chose, de: Compte, a: Compte, par: Compte) -> bool | None:
        if chose.genre != GENRE:
            return None
        return remplacer_intervenant(UUID(chose.id), par=par, de=de, a=a)
