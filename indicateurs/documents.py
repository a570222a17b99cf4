"""The document of a bilan: published values → HTML → PDF/UA bytes. No query, no network, the date is given.

WeasyPrint is loaded by `socle.pdf` inside the call: only the worker of the queue `pdf` makes it.
"""

import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass

from django.template.loader import render_to_string

from indicateurs.lecture import SECTIONS, chiffres, sections
from indicateurs.models import Periode
from indicateurs.publication import Publication
from indicateurs.secret import LEGENDE
from socle import horloge, pdf, tableurs
from socle.ecriture import INSECABLE
from socle.tableurs import Feuille, Valeur


@dataclass(frozen=True, slots=True)
class Document:
    """The bytes of a PDF, their SHA-256 in hexadecimal, and how many pages they have."""

    octets: bytes
    empreinte: str
    pages: int


def html_du_bilan(publication: Publication, empreinte: str) -> str:
    """The whole document; `empreinte` is the hash of the data, which the cover shows in part."""
    return render_to_string(
        "pdf/bilan.html",
        {
            "publication": publication,
            "titre": titre_du_bilan(publication),
            "lignes_du_titre": lignes_du_titre(publication.periode),
            "chiffres": chiffres(publication),
            "sections": sections(publication, "pdf"),
            "sommaire": [(nom, f"section-{rang}") for rang, nom in enumerate(SECTIONS, 1)],
            "empreinte": empreinte_courte(empreinte),
        },
    )


def produire(publication: Publication, empreinte: str) -> Document:
    """Render it; an ErreurPdf when anything is missing. The same publication gives the same bytes."""
    rendu = pdf.composer(
        html_du_bilan(publication, empreinte),
        identifiant=publication.identifiant,
        date=horloge.a_paris(publication.etabli_le),
    )
    return Document(rendu.octets, hashlib.sha256(rendu.octets).hexdigest(), rendu.pages)


def titre_du_bilan(publication: Publication) -> str:
    """« Bilan du 1er semestre 2026 », « Bilan de l’année 2026 »."""
    return " ".join(lignes_du_titre(publication.periode))


def lignes_du_titre(periode: Periode) -> tuple[str, str]:
    """The title on the two lines of the cover."""
    return ("Bilan de", f"l’{periode.libelle}") if periode.est_annuelle else ("Bilan du", periode.libelle)


def empreinte_courte(empreinte: str) -> str:
    """« 9f3c 71ae 5b20 04d2 »: the first sixteen figures, by four."""
    return " ".join(empreinte[i : i + 4] for i in range(0, 16, 4))


def nom_de_fichier(publication: Publication, extension: str) -> str:
    """« bilan-B-2026-1-07.pdf »."""
    return f"bilan-{publication.identifiant}.{extension}"


def classeur(publication: Publication, empreinte: str) -> bytes:
    """The same tables as an ODS: what it is first, then one sheet for each; a hidden number is « masqué »."""
    identite = Feuille(
        "Bilan",
        ("", ""),
        [
            ("Bilan", titre_du_bilan(publication)),
            ("Équipe", publication.equipe),
            ("Territoires", ", ".join(publication.territoires)),
            ("Premier jour", publication.debut),
            ("Dernier jour", publication.fin),
            ("Établi le", publication.etabli_le),
            ("Identifiant", publication.identifiant),
            ("Méthode", publication.methode),
            ("Empreinte des données (SHA-256)", empreinte),
            ("masqué", f"remplace {LEGENDE}"),
        ],
    )
    return tableurs.ecrire_ods([identite, *_feuilles(publication)])


def _feuilles(publication: Publication) -> Iterator[Feuille]:
    for section in sections(publication, "page"):
        for rang, bloc in enumerate(section.blocs, 1):
            lignes = [
                (ligne.entete, *(_valeur(cellule.texte) for cellule in ligne.cellules)) for ligne in bloc.tableau.lignes
            ]
            nom = re.sub(r"[\[\]*?:/\\']", " ", f"{section.numero}.{rang} {bloc.titre}")[:31].strip()
            yield Feuille(nom, bloc.tableau.entetes, lignes)


def _valeur(texte: str) -> Valeur:
    """A count as a number, anything else (share, interval, « masqué ») as it is written."""
    chiffres = texte.replace(INSECABLE, "")
    return int(chiffres) if chiffres.isdigit() else texte
