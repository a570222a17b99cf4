"""How dates, hours, numbers and counts are written in French, in every page, e-mail and document.

the interface specification, "Words": "mardi 22 septembre 2026" in a heading, "22 septembre" this year,
"jeu. 24 sept." in a dense list, "1er", "10 h 30", "1 500". Instants are shown in Europe/Paris. The months and
days are written here rather than taken from the locale: what a page says must not depend on a setting.
"""

from collections.abc import Sequence
from datetime import date, datetime, time, timedelta
from decimal import Decimal
from typing import Final

from socle.horloge import aujourdhui, paris

INSECABLE: Final = "\N{NO-BREAK SPACE}"

MOIS: Final = (
    "janvier", "février", "mars", "avril", "mai", "juin",
    "juillet", "août", "septembre", "octobre", "novembre", "décembre",
)  # fmt: skip
MOIS_COURTS: Final = (
    "janv.", "févr.", "mars", "avril", "mai", "juin",
    "juil.", "août", "sept.", "oct.", "nov.", "déc.",
)  # fmt: skip
JOURS: Final = ("lundi", "mardi", "mercredi", "jeudi", "vendredi", "samedi", "dimanche")
JOURS_COURTS: Final = ("lun.", "mar.", "mer.", "jeu.", "ven.", "sam.", "dim.")


def jour_de(valeur: date | datetime) -> date:
    """The day of `valeur` in Europe/Paris (an aware datetime is converted first)."""
    return paris(valeur).date() if isinstance(valeur, datetime) else valeur


def _quantieme(jour: date) -> str:
    return "1er" if jour.day == 1 else str(jour.day)


def date_longue(valeur: date | datetime) -> str:
    """mardi 22 septembre 2026"""
    jour = jour_de(valeur)
    return f"{JOURS[jour.weekday()]} {_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_moyenne(valeur: date | datetime) -> str:
    """22 septembre, with the year when it is not the present one."""
    jour = jour_de(valeur)
    annee = "" if jour.year == aujourdhui().year else f" {jour.year}"
    return f"{_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]}{annee}"


def date_entiere(valeur: date | datetime) -> str:
    """22 septembre 2026: the year always, for a document that is read later."""
    jour = jour_de(valeur)
    return f"{_quantieme(jour)}{INSECABLE}{MOIS[jour.month - 1]} {jour.year}"


def date_courte(valeur: date | datetime) -> str:
    """22 sept., with the year when it is not the present one."""
    jour = jour_de(valeur)
    annee = "" if jour.year == aujourdhui().year else f"{INSECABLE}{jour.year}"
    return f"{_quantieme(jour)}{INSECABLE}{MOIS_COURTS[jour.month - 1]}{annee}"


def date_dense(valeur: date | datetime) -> str:
    """jeu. 24 sept., with the year when it is not the present one."""
    jour = jour_de(valeur)
    return f"{JOURS_COURTS[jour.weekday()]}{INSECABLE}{date_courte(jour)}"


def date_relative(valeur: date | datetime) -> str:
    """aujourd’hui, demain or hier; otherwise "le 9 septembre": it follows a verb ("envoyée …")."""
    jour = jour_de(valeur)
    proches = {0: "aujourd’hui", 1: "demain", -1: "hier"}
    return proches.get((jour - aujourdhui()).days, f"le {date_moyenne(jour)}")


def heure(valeur: datetime | time) -> str:
    """10 h 30; a whole hour is "16 h"."""
    moment = paris(valeur).time() if isinstance(valeur, datetime) else valeur
    minutes = f"{INSECABLE}{moment.minute:02d}" if moment.minute else ""
    return f"{moment.hour}{INSECABLE}h{minutes}"


def date_heure(valeur: datetime) -> str:
    """22 septembre à 10 h 30"""
    return f"{date_moyenne(valeur)} à {heure(valeur)}"


def moment_relatif(valeur: datetime) -> str:
    """hier à 17 h 42; le 9 septembre à 10 h 30"""
    return f"{date_relative(valeur)} à {heure(valeur)}"


def duree(valeur: timedelta) -> str:
    """45 min; 1 h 30. Seconds are dropped."""
    heures, minutes = divmod(int(valeur.total_seconds()) // 60, 60)
    if not heures:
        return f"{minutes}{INSECABLE}min"
    return heure(time(heures % 24, minutes)) if heures < 24 else f"{heures}{INSECABLE}h"


def nombre(valeur: int | float | Decimal) -> str:
    """1 500; 8,4. The decimals are those of the value: rounding is the caller's decision."""
    texte = f"{valeur:,}".replace(",", INSECABLE).replace(".", ",")
    return texte.replace("-", "\N{MINUS SIGN}")


def accorder(combien: int, singulier: str, pluriel: str) -> str:
    """The form a count asks for: in French 0 and 1 are singular."""
    return singulier if abs(combien) < 2 else pluriel


def compter(combien: int, singulier: str, pluriel: str) -> str:
    """3 fiches"""
    return f"{nombre(combien)}{INSECABLE}{accorder(combien, singulier, pluriel)}"


def en_phrase(libelle: str) -> str:
    """« infirmière » inside a sentence; an acronym (« CESF ») stays as it is."""
    return libelle if libelle[1:2].isupper() else libelle[:1].lower() + libelle[1:]


def enumerer(libelles: Sequence[str]) -> str:
    """« Coordonnées, motif de l’orientation »: labels as one phrase, a capital at the beginning only."""
    return ", ".join([*libelles[:1], *(en_phrase(libelle) for libelle in libelles[1:])])


def poids(octets: int) -> str:
    """« 410 ko », « 1,2 Mo »: the size of a file, in thousands."""
    if octets < 1_000_000:
        return f"{nombre(max(1, round(octets / 1000)))}{INSECABLE}ko"
    return f"{nombre(Decimal(octets / 1_000_000).quantize(Decimal('0.1')))}{INSECABLE}Mo"
