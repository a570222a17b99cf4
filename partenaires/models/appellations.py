"""How a sentence names an organisation: « du CMP Les Acacias », « à l’Équipe mobile », « de Toits du Val »."""

from dataclasses import dataclass
from typing import Final

MASCULINS: Final = frozenset({
    "CAARUD", "CATTP", "CCAS", "CHRS", "CHS", "CIAS", "CLSM", "CMP", "CSAPA", "Cabinet", "Centre", "Collectif",
    "Conseil", "DAC", "Dispositif", "FSL", "Foyer", "GEM", "Groupe", "Point", "Pôle", "Réseau", "SAAD", "SAMSAH",
    "SAVS", "SIAO", "SSIAD", "Secours", "Service", "partenaire",
})  # fmt: skip
FEMININS: Final = frozenset({
    "CAF", "CCAPEX", "CPAM", "CPTS", "Clinique", "MDPH", "MSP", "Mairie", "Maison", "Mission", "Pension", "Ville",
})  # fmt: skip
ELIDES: Final = frozenset({
    "ACT", "Antenne", "Association", "Atelier", "ELSA", "EMPP", "Espace", "Hôpital", "UDAF", "Unafam", "Équipe",
})  # fmt: skip


class Appellation:
    """The name with the article that its first word asks for; none when the word is not known."""

    nom: str

    @property
    def nom_complement(self) -> str:
        """After a verb: « relancer le CMP Les Acacias »."""
        return self._avec("le ", "la ", "l’", "")

    @property
    def nom_de(self) -> str:
        """« la réponse du CMP Les Acacias »."""
        return self._avec("du ", "de la ", "de l’", "d’" if self.nom[:1] in "AEIOUÀÂÉÈÊÎÔ" else "de ")

    @property
    def nom_a(self) -> str:
        """« envoyée au CMP Les Acacias »."""
        return self._avec("au ", "à la ", "à l’", "à ")

    def _avec(self, masculin: str, feminin: str, elide: str, sans: str) -> str:
        mot = self.nom.partition(" ")[0]
        article = (
            masculin if mot in MASCULINS else feminin if mot in FEMININS else elide if mot in ELIDES else sans
        )  # fmt: skip
        return article + self.nom


@dataclass(frozen=True, slots=True)
class Nommee(Appellation):
    """A name read without its organisation."""

    nom: str
