"""Documents of a séance: frozen data, then HTML, then bytes. No query while rendering.

WeasyPrint is reached through `socle.pdf` only, by the worker of queue `pdf`: never by a web process.
"""

from dataclasses import dataclass
from datetime import date, datetime, timedelta
from typing import Any, Final, Self
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from partenaires.enums_sensibilisations import GenreDocumentSeance
from partenaires.models import DocumentSeance
from partenaires.parcours.documents_seance import TACHE, enregistrer_octets
from socle import cachets, horloge
from socle.ecriture import en_phrase
from socle.pdf import rendre
from socle.perimetre import agir_par_delegation

DEMI_JOURNEE: Final = 240  # minutes; beyond, one signs twice


@dataclass(frozen=True, slots=True, kw_only=True)
class AttestationPdf:
    """What an attestation says: who came, to what, when, where, with whom."""

    personne: str
    fonction: str
    bailleur: str
    titre: str
    genre: str
    debut: datetime
    fin: datetime
    duree: timedelta
    lieu: str
    equipe: str
    formateurs: tuple[str, ...]
    le: date
    sha256: str

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        textes = {n: donnees[n] for n in ("personne", "bailleur", "titre", "genre", "lieu", "equipe", "sha256")}
        return cls(
            **textes, **_heures(donnees), fonction=en_phrase(donnees["fonction"]),
            formateurs=tuple(donnees["formateurs"]), le=date.fromisoformat(donnees["date"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FeuillePdf:
    """What the sheet to sign shows; `libres`: empty lines, for those who come without being registered."""

    titre: str
    genre: str
    debut: datetime
    fin: datetime
    duree: timedelta
    lieu: str
    equipe: str
    formateurs: tuple[str, ...]
    le: date
    lignes: tuple[tuple[str, str, str], ...]
    libres: range
    colonnes: tuple[str, ...]

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        longue = donnees["duree"] > DEMI_JOURNEE
        return cls(
            **{n: donnees[n] for n in ("titre", "lieu", "equipe")}, **_heures(donnees),
            genre=en_phrase(donnees["genre"]), formateurs=tuple(donnees["formateurs"]),
            le=date.fromisoformat(donnees["date"]),
            lignes=tuple((nom, fonction, bailleur) for nom, fonction, bailleur in donnees["lignes"]),
            libres=range(donnees["libres"]),
            colonnes=("Signature, matin", "Signature, après-midi") if longue else ("Signature",),
        )  # fmt: skip


_MODELES: Final[dict[str, tuple[str, type[AttestationPdf] | type[FeuillePdf]]]] = {
    GenreDocumentSeance.ATTESTATION: ("pdf/attestation.html", AttestationPdf),
    GenreDocumentSeance.FEUILLE: ("pdf/emargement.html", FeuillePdf),
}


def html_de(genre: str, donnees: dict[str, Any], *, cachet: str = "") -> str:
    """The HTML of a document, from its frozen data and the name of who seals it, "" for nobody."""
    gabarit, modele = _MODELES[genre]
    adresse = settings.ADRESSE_PUBLIQUE + reverse("verification")
    return render_to_string(gabarit, {"d": modele.de(donnees), "cachet": cachet, "verification": adresse})


def produire(document_id: UUID, delegation_id: UUID) -> bool:
    """Make a document as the person who asked for it; returns whether this call made it.

    Read in one transaction, rendered outside any, written in another. An attestation is sealed by the certificate of
    the équipe, when there is one in force. Raises DelegationRefusee, DocumentSeance.DoesNotExist when it is no longer
    hers, ErreurPdf when it cannot be made or sealed.
    """
    with agir_par_delegation(delegation_id, TACHE):
        document = DocumentSeance.objects.get(pk=document_id)
        if document.est_pret:
            return False
        genre, donnees, le, equipe_id = document.genre, document.donnees, document.demande_le, document.equipe_id
        maintenant = horloge.maintenant()
    certificat = cachets.certificat_pour(equipe_id, le=maintenant) if document.est_attestation else None
    cachet = certificat.nom if certificat else ""
    octets = rendre(html_de(genre, donnees, cachet=cachet), identifiant=f"{genre}-{document_id}", date=le)
    if certificat is not None:
        octets = cachets.sceller(octets, certificat, le=maintenant, motif=str(GenreDocumentSeance(genre).label))
    with agir_par_delegation(delegation_id, TACHE):
        return enregistrer_octets(document_id, octets, cachet=cachet)


def _heures(donnees: dict[str, Any]) -> dict[str, Any]:
    debut, duree = datetime.fromisoformat(donnees["debut"]), timedelta(minutes=donnees["duree"])
    return {"debut": debut, "fin": debut + duree, "duree": duree}
