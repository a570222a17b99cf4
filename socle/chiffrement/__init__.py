"""What a dump of the database must not show: sealed fields, and keyed hashes that stand for their words."""

from socle.chiffrement.champs import ChampChiffre, ChampChiffreJSON, ChampChiffreOctets, scelle_de
from socle.chiffrement.jetons import empreinte, jeton_de, jetons_cherches, jetons_de, mots_de
from socle.chiffrement.scelles import (
    ChiffreIllisible,
    CleInconnue,
    Scelle,
    ScellementImpossible,
    cle_courante,
    cle_du_scelle,
    ouvrir,
    sceller,
)

__all__ = [
    "ChampChiffre",
    "ChampChiffreJSON",
    "ChampChiffreOctets",
    "ChiffreIllisible",
    "CleInconnue",
    "Scelle",
    "ScellementImpossible",
    "cle_courante",
    "cle_du_scelle",
    "empreinte",
    "jeton_de",
    "jetons_cherches",
    "jetons_de",
    "mots_de",
    "ouvrir",
    "scelle_de",
    "sceller",
]
