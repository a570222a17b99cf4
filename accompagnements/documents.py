"""Documents of an accompagnement: frozen data, then HTML, then bytes. No query while rendering.

WeasyPrint is reached through `socle.pdf` only, by the worker of queue `pdf`: never by a web process.
"""

from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Self
from uuid import UUID

from django.conf import settings
from django.template.loader import render_to_string
from django.urls import reverse

from accompagnements.enums import GenreDocument, ModeSignature, Signataire
from accompagnements.models import Document
from accompagnements.parcours import enregistrer_octets
from accompagnements.parcours.pieces import TACHE
from socle import cachets, horloge
from socle.ecriture import en_phrase, enumerer
from socle.pdf import rendre
from socle.perimetre import agir_par_delegation


def _jour(valeur: str) -> date:
    return date.fromisoformat(valeur)


@dataclass(frozen=True, slots=True)
class Revue:
    """An objective looked at with the person, as a table shows it."""

    le: date
    objectif: str
    etat: str
    commentaire: str
    par: str


def _revues(donnees: dict[str, Any]) -> tuple[Revue, ...]:
    """Those of the frozen data; a document asked for before they were kept has none."""
    return tuple(
        Revue(_jour(r["le"]), r["objectif"], r["etat"], r["commentaire"], r["par"]) for r in donnees.get("revues", ())
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class ContratPdf:
    """What the contract's PDF shows."""

    reference: str
    numero: int
    le: date
    jusqu_au: date
    personne: str
    equipe: str
    membre: str
    fonction: str
    objectifs: tuple[tuple[str, str], ...]
    revues: tuple[Revue, ...]
    mandataire: str
    papier: bool
    sha256: str
    trace_personne: str
    trace_equipe: str

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        c = donnees["contrat"]
        return cls(
            reference=c["reference"], numero=c["numero"], le=_jour(c["date"]), jusqu_au=_jour(c["jusqu_au"]),
            personne=c["personne"], equipe=c["equipe"], membre=c["membre"], fonction=en_phrase(c["fonction"]),
            objectifs=tuple((o["axe"], o["texte"]) for o in c["objectifs"]), revues=_revues(c),
            mandataire=c["mandataire"] if c["signataire"] == Signataire.MANDATAIRE else "",
            papier=c["mode"] == ModeSignature.PAPIER, sha256=donnees["sha256"],
            trace_personne=donnees["trace_personne"], trace_equipe=donnees["trace_equipe"],
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class FinPdf:
    """What the PDF of the end shows."""

    reference: str
    personne: str
    equipe: str
    membre: str
    fonction: str
    ouvert_le: date
    signe_le: date
    le: date
    motif: str
    relais: str
    logement: str
    objectifs: tuple[tuple[str, str], ...]
    revues: tuple[Revue, ...]
    visites: int
    intervenants: tuple[str, ...]

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        return cls(
            reference=donnees["reference"], personne=donnees["personne"], equipe=donnees["equipe"],
            membre=donnees["membre"], fonction=en_phrase(donnees["fonction"]), ouvert_le=_jour(donnees["ouvert_le"]),
            signe_le=_jour(donnees["signe_le"]), le=_jour(donnees["date"]), motif=donnees["motif"],
            relais=donnees["relais"], logement=donnees["logement"],
            objectifs=tuple((o["texte"], o["etat"]) for o in donnees["objectifs"]), visites=donnees["visites"],
            revues=_revues(donnees), intervenants=tuple(donnees["intervenants"]),
        )  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class LettrePdf:
    """What the letter to a partner shows: what the accord covers, and nothing more."""

    reference: str
    le: date
    equipe: str
    equipe_telephone: str
    equipe_adresse: str
    orientee_par: str
    destinataire: str
    destinataire_adresse: str
    personne: str
    telephone: str
    adresse: str
    contacts: str
    demande: str
    accord_le: date
    accord_portees: str
    repondre_avant: date

    @classmethod
    def de(cls, donnees: dict[str, Any]) -> Self:
        textes = {
            nom: donnees[nom]
            for nom in (
                "reference", "equipe", "equipe_telephone", "equipe_adresse", "orientee_par", "destinataire",
                "destinataire_adresse", "personne", "telephone", "adresse", "demande",
            )
        }  # fmt: skip
        return cls(
            **textes, le=_jour(donnees["date"]), contacts=enumerer(donnees["contacts"]),
            accord_le=_jour(donnees["accord_le"]), accord_portees=en_phrase(enumerer(donnees["accord_portees"])),
            repondre_avant=_jour(donnees["repondre_avant"]),
        )  # fmt: skip


_MODELES: dict[str, tuple[str, type[ContratPdf] | type[FinPdf] | type[LettrePdf]]] = {
    GenreDocument.CONTRAT: ("pdf/contrat.html", ContratPdf),
    GenreDocument.FIN: ("pdf/fin.html", FinPdf),
    GenreDocument.LETTRE: ("pdf/lettre.html", LettrePdf),
}


def html_de(genre: str, donnees: dict[str, Any], *, cachet: str = "") -> str:
    """The HTML of a document, from its frozen data and the name of who seals it, "" for nobody."""
    gabarit, modele = _MODELES[genre]
    verification = settings.ADRESSE_PUBLIQUE + reverse("verification")
    return render_to_string(gabarit, {"d": modele.de(donnees), "cachet": cachet, "verification": verification})


def octets_de(genre: str, donnees: dict[str, Any], *, identifiant: str, le: datetime, cachet: str = "") -> bytes:
    """The PDF/UA-1 bytes, before the seal; the same arguments give the same bytes."""
    return rendre(html_de(genre, donnees, cachet=cachet), identifiant=identifiant, date=le)


def produire(document_id: UUID, delegation_id: UUID) -> bool:
    """Make a document as the person who asked for it; returns whether this call made it.

    Read in one transaction, rendered outside any, written in another: a worker killed in between leaves nothing,
    two workers leave one document. Sealed by the certificate of the équipe, when there is one in force. Raises
    DelegationRefusee when the person's grant no longer holds, Document.DoesNotExist when the document is not (or no
    longer) hers, ErreurPdf when it cannot be made or sealed.
    """
    with agir_par_delegation(delegation_id, TACHE):
        document = Document.objects.get(pk=document_id)
        if document.est_pret:
            return False
        genre, donnees, le, equipe_id = document.genre, document.donnees, document.demande_le, document.equipe_id
        maintenant = horloge.maintenant()
    certificat = cachets.certificat_pour(equipe_id, le=maintenant)
    cachet = certificat.nom if certificat else ""
    octets = octets_de(genre, donnees, identifiant=f"{genre}-{document_id}", le=le, cachet=cachet)
    if certificat is not None:
        octets = cachets.sceller(octets, certificat, le=maintenant, motif=str(GenreDocument(genre).label))
    with agir_par_delegation(delegation_id, TACHE):
        return enregistrer_octets(document_id, octets, cachet=cachet)
