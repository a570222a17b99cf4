"""What is read of a file to be handed to the person: sections of labelled lines, files, and what stays out.

Everything is read as the person of the équipe who asked, with her rights of that moment. What speaks of somebody else,
names who reported, or says why nobody goes alone stays out, and the manifest says so by kind, never by content.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date, datetime
from typing import Any, Final

from django.db import models

from accompagnements.models import Accompagnement, Document
from partenaires.models import Compte
from signalements.models import Fiche, Photo
from socle.ecriture import date_entiere, heure

TIERS: Final = "droits d’autrui : ces données concernent une autre personne (RGPD, article 15, paragraphe 4)"
CONSIGNES: Final = "Consignes internes d’organisation des visites, s’il y en a"
SURETE: Final = "organisation du service et sûreté des personnes (RGPD, article 23)"
JUDICIAIRE: Final = "donnée relative aux infractions, lue sur place avec l’équipe, jamais transmise (RGPD, article 10)"
TECHNIQUE: Final = "donnée technique, illisible et sans contenu"
SOIGNANT: Final = "information de santé, remise par un soignant de l’équipe (code de la santé publique, art. L. 1111-7)"
COORDINATION: Final = "journal de l’équipe, remis par la coordination"

Ligne = tuple[str, str]
Rangee = list[Ligne]


@dataclass(frozen=True, slots=True)
class Section:
    """A heading, and what stands under it: one list of (label, value) for each row."""

    titre: str
    rangees: tuple[tuple[Ligne, ...], ...]


@dataclass(frozen=True, slots=True)
class Piece:
    """A file of the archive: its path, what it is, its bytes."""

    chemin: str
    titre: str
    octets: bytes


@dataclass(frozen=True, slots=True)
class Retenue:
    """A kind of data that stays out: what, on what ground, how many (0: not said)."""

    quoi: str
    fondement: str
    nombre: int


@dataclass(slots=True)
class Lecteur:
    """What the readers of the sections share: who reads, what she decided to keep back, what was kept back so far."""

    compte: Compte
    a: Accompagnement
    fiche: Fiche
    retenus: frozenset[str]
    retenues: dict[tuple[str, str], int] = field(default_factory=dict)
    pieces: list[Piece] = field(default_factory=list)

    def retenir(self, quoi: str, fondement: str, nombre: int = 1) -> None:
        """Count something that stays out; nothing when there is none of it."""
        if nombre:
            cle = (quoi, fondement)
            self.retenues[cle] = self.retenues.get(cle, 0) + nombre

    def taire(self, quoi: str, fondement: str) -> None:
        """Say of every file that such things stay out, without their number: said of some, it would tell them."""
        self.retenues.setdefault((quoi, fondement), 0)

    def garde(self, cle: str) -> bool:
        """Whether a text or a piece was kept back, because it speaks of somebody else; counted."""
        if cle in self.retenus:
            self.retenir("Textes et pièces relus par l’équipe", TIERS)
            return True
        return False


Lire = Callable[[Lecteur], "Iterator[Rangee]"]


@dataclass(frozen=True, slots=True)
class Chapitre:
    """A section to read, and the tables that it gives of the person's file."""

    titre: str
    modeles: tuple[type[models.Model], ...]
    lire: Lire


def rangee(*lignes: tuple[str, Any]) -> Rangee:
    """The lines that say something: dates and booleans in words."""
    return [(libelle, dit(valeur)) for libelle, valeur in lignes if valeur not in (None, "", [], ())]


def dit(valeur: Any) -> str:
    """A value as a French reader writes it."""
    if isinstance(valeur, bool):
        return "oui" if valeur else "non"
    if isinstance(valeur, datetime):
        return f"{date_entiere(valeur)} à {heure(valeur)}"
    if isinstance(valeur, date):
        return date_entiere(valeur)
    if isinstance(valeur, list | tuple):
        return ", ".join(dit(v) for v in valeur)
    return str(valeur)


EXTENSIONS: Final = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def lire_pieces(lu: Lecteur) -> None:
    """The documents that are ready, every version, but what was kept back; and the photos of the fiche."""
    documents = Document.objects.visibles_par(lu.compte).filter(accompagnement=lu.a).order_by("demande_le", "id")
    for rang, d in enumerate(documents, start=1):
        if not d.est_pret or d.octets is None or lu.garde(f"piece|{d.pk}"):
            continue
        nom = f"documents/{rang:02}-{d.genre}-{d.demande_le.date().isoformat()}.{EXTENSIONS[d.type_mime]}"
        lu.pieces.append(Piece(nom, ", ".join(filter(None, (d.titre, d.precision or ""))), bytes(d.octets)))
    photos = Photo.objects.visibles_par(lu.compte).filter(fiche=lu.fiche).order_by("ajoutee_le", "id")
    for rang, p in enumerate(photos, start=1):
        if not lu.garde(f"photo|{p.pk}"):
            lu.pieces.append(Piece(f"photos/{rang:02}.jpg", "Photo des lieux", bytes(p.octets)))
