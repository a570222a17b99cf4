"""What a validated form says of a situation, on its way to the sealed tables."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date

from partenaires.models import Organisation, Residence
from signalements.garde import Contexte
from signalements.models import Grille


@dataclass(frozen=True, slots=True, kw_only=True)
class ContenuFiche:
    """What a validated form says, ready to be sealed. `cotations`: `{code: {"v": ..., "s": ...}}`.

    `arrivee`, `arrivee_le`, `signale_par`: how, when and from whom the équipe had it, when it types it itself.
    `gardees`: the sentences that the author keeps in spite of the guard (`signalements.garde`).
    """

    residence: Residence
    grille: Grille
    nom: str
    majeur: str
    civilite: str = ""
    prenom: str = ""
    naissance: date | None = None
    telephone: str = ""
    batiment: str = ""
    etage: str = ""
    porte: str = ""
    contexte: tuple[str, ...] = ()
    inquietude: int | None = None
    composition: str = ""
    faits: str = ""
    demarches: str = ""
    cotations: Mapping[str, Mapping[str, str]] = field(default_factory=dict)
    informee_le: date | None = None
    mode_information: str = ""
    arrivee: str = ""
    arrivee_le: date | None = None
    signale_par: str | None = None
    gardees: frozenset[str] = frozenset()

    def contexte_de_garde(self, orienteur: Organisation) -> Contexte:
        """Names that its sentences may hold."""
        return Contexte((self.nom, self.prenom), (orienteur.nom, self.residence.nom, self.residence.adresse))
