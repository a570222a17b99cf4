"""What the product knows of each kind of partner: what it counts as, whether naming it reveals health, and the codes
that other directories give it. Source: « Kinds of partenaire » in the facts of the specification.
"""

from dataclasses import dataclass
from typing import Final

from partenaires.enums import (
    GENRES_PSY,
    GENRES_SANITAIRES,
    GENRES_SECRETS,
    GENRES_SOCIAUX,
    GENRES_SOCIAUX_VILLE,
    GenrePartenaire,
)

G = GenrePartenaire

# Category of an establishment in FINESS: the kind it is here. The others are not partners of an équipe.
FINESS: Final[dict[str, GenrePartenaire]] = {
    "156": G.CMP, "425": G.CATTP, "292": G.CHS, "430": G.POSTCURE, "124": G.CSS, "603": G.MSP, "604": G.CPTS,
    "197": G.CSAPA, "178": G.CAARUD, "165": G.ACT, "180": G.LHSS, "354": G.SSIAD, "460": G.SAAD, "445": G.SAMSAH,
    "446": G.SAVS, "214": G.CHRS, "258": G.PENSION,
}  # fmt: skip

# Network that carries a structure in data·inclusion: the kind it is here. The first known one of a structure wins.
RESEAUX: Final[dict[str, GenrePartenaire]] = {
    "cmp": G.CMP, "csapa": G.CSAPA, "caarud": G.CAARUD, "chrs": G.CHRS, "ccas-cias": G.CCAS,
    "maisons-des-solidarites": G.SERVICE_SOCIAL, "departements": G.SERVICE_SOCIAL, "siao": G.SIAO, "caf": G.CAF,
    "cpam": G.CPAM, "points-conseil-budget": G.PCB,
}  # fmt: skip

# Themes of data·inclusion that help a tenant in distress; one that ends with « -- » stands for all that begin so.
THEMES_UTILES: Final[dict[str, str]] = {
    "sante--sante-mentale": "Santé mentale",
    "sante--addictions": "Addictions",
    "sante--acces-aux-soins": "Accès aux soins",
    "logement-hebergement--se-maintenir-dans-le-logement": "Se maintenir dans le logement",
    "logement-hebergement--reduire-les-impayes-de-loyer": "Réduire les impayés de loyer",
    "difficultes-financieres--": "Difficultés financières",
    "remobilisation--lien-social": "Lien social",
}


@dataclass(frozen=True, slots=True)
class Compte:
    """What an orientation to a kind counts as in the four indicators, and whether naming it reveals health."""

    psy: bool
    sanitaire: bool
    social: bool
    social_ville: bool
    secret: bool


def compte_comme(genre: str) -> Compte:
    """What a kind counts as; ValueError for a code that is not one."""
    code = GenrePartenaire(genre).value
    return Compte(
        psy=code in GENRES_PSY,
        sanitaire=code in GENRES_SANITAIRES,
        social=code in GENRES_SOCIAUX,
        social_ville=code in GENRES_SOCIAUX_VILLE,
        secret=code in GENRES_SECRETS,
    )


def theme_utile(theme: str) -> str:
    """The words of a useful theme; "" for another."""
    for code, libelle in THEMES_UTILES.items():
        if theme == code or (code.endswith("--") and theme.startswith(code)):
            return libelle
    return ""
