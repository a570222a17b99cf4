"""The seal of a document: a PAdES signature by the organisation's certificate, added after the PDF is made.

An incremental update: what WeasyPrint wrote stays byte for byte below it, so the tagged structure of PDF/UA does
too. The certificate is a PKCS#12 archive that only the worker of queue `pdf` reads:

    CACHET_DOSSIER        `<organisation id>.p12`, one per équipe, when it has its own
    CACHET_CERTIFICAT     the archive of the instance, for the others; "" for none
    CACHET_MOT_DE_PASSE   opens them
    CACHET_HORODATEUR     address of a time stamping authority (RFC 3161); "" for none (PAdES B-B instead of B-T)

pyHanko is imported inside the functions only: a web process never holds it. Source: docs/adr, "A seal by pyHanko".
"""

import io
import logging
from dataclasses import dataclass
from datetime import UTC, datetime
from pathlib import Path
from typing import TYPE_CHECKING, Any, Final
from urllib.request import Request, urlopen

from django.conf import settings

from socle.pdf import ErreurPdf

if TYPE_CHECKING:
    from pyhanko.sign.signers import PdfSigner, SimpleSigner
    from pyhanko.sign.timestamps import TimeStamper

CHAMP: Final = "Cachet"
PLACE: Final = 16 * 1024  # bytes kept for the signature: its chain, and a time stamp
DELAI_HORODATEUR: Final = 15  # seconds
REPONSE_MAXIMALE: Final = 64 * 1024
NOM_MAXIMUM: Final = 120
traces = logging.getLogger(__name__)


class CachetRompu(ErreurPdf):
    """The seal that was just made does not verify: the document is not kept."""


class CertificatIllisible(ErreurPdf):
    """The archive cannot be opened, or holds no key; the message says which file, never the password."""


@dataclass(frozen=True, slots=True)
class Certificat:
    """A key that can be used at an instant, and what is said of it. `nom`: its common name."""

    nom: str
    emetteur: str
    du: datetime
    au: datetime
    signataire: "SimpleSigner"


@dataclass(frozen=True, slots=True)
class Verdict:
    """What a validator says of the seal of a file. `intact`: no byte differs from what was sealed."""

    par: str
    le: datetime | None
    intact: bool
    reconnu: bool


def certificat_pour(organisation_id: int, *, le: datetime) -> Certificat | None:
    """The certificate that seals for an organisation at an instant; None when there is none in force.

    Out of its dates it seals nothing: the document is made all the same, and says that it is not sealed.
    Raises CertificatIllisible.
    """
    chemin = chemin_de(organisation_id)
    if chemin is None:
        return None
    certificat = lire(chemin)
    if not certificat.du <= le <= certificat.au:
        traces.error("cachet_hors_dates", extra={"certificat": chemin.name, "fin": certificat.au.isoformat()})
        return None
    return certificat


def chemin_de(organisation_id: int) -> Path | None:
    """The archive of an organisation, or else that of the instance."""
    if settings.CACHET_DOSSIER:
        sien = Path(settings.CACHET_DOSSIER) / f"{organisation_id}.p12"
        if sien.is_file():
            return sien
    return Path(settings.CACHET_CERTIFICAT) if settings.CACHET_CERTIFICAT else None


def lire(chemin: Path) -> Certificat:
    """Open an archive; CertificatIllisible when it is not there, or not with this password."""
    from pyhanko.sign.signers import SimpleSigner

    try:
        octets = chemin.read_bytes()
        signataire = SimpleSigner.load_pkcs12_data(octets, [], passphrase=settings.CACHET_MOT_DE_PASSE.encode())
    except (OSError, ValueError) as faute:
        raise CertificatIllisible(f"{chemin.name}: {type(faute).__name__}") from None
    if signataire is None or signataire.signing_cert is None:
        raise CertificatIllisible(f"{chemin.name}: no key")
    valide = signataire.signing_cert.native["tbs_certificate"]["validity"]
    return Certificat(
        nom=_nom(signataire.signing_cert.subject.native),
        emetteur=_nom(signataire.signing_cert.issuer.native),
        du=valide["not_before"].astimezone(UTC),
        au=valide["not_after"].astimezone(UTC),
        signataire=signataire,
    )


def sceller(octets: bytes, certificat: Certificat, *, le: datetime, motif: str) -> bytes:
    """The same document, sealed, checked by pyHanko's own validator before it is given back.

    `le` is the declared time of the seal; with a time stamping authority it is proved by a token too. Raises
    CachetRompu, or OSError when the authority does not answer (the task is tried again).
    """
    from pyhanko.pdf_utils.incremental_writer import IncrementalPdfFileWriter

    ecrivain = IncrementalPdfFileWriter(io.BytesIO(octets))
    _ordre_de_lecture(ecrivain)
    sortie = io.BytesIO()
    _signataire_pdf(certificat, le=le, motif=motif).sign_pdf(
        ecrivain, output=sortie, bytes_reserved=2 * PLACE if settings.CACHET_HORODATEUR else None
    )
    scelle = sortie.getvalue()
    verdict = verifier(scelle, certificat, le=le)
    if verdict is None or not (verdict.intact and verdict.reconnu):
        raise CachetRompu("The seal does not verify.")
    return scelle


def verifier(octets: bytes, certificat: Certificat, *, le: datetime) -> Verdict | None:
    """What pyHanko's validator says of the last seal of a file, trusting this certificate's chain at an instant.

    None for a file without a seal. No revocation is fetched: the network is closed to the worker.
    """
    from pyhanko.pdf_utils.reader import PdfFileReader
    from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
    from pyhanko_certvalidator import ValidationContext

    signatures = PdfFileReader(io.BytesIO(octets), strict=False).embedded_signatures
    if not signatures:
        return None
    racines = [*certificat.signataire.cert_registry, certificat.signataire.signing_cert]
    contexte = ValidationContext(trust_roots=racines, moment=le, allow_fetching=False, revocation_mode="soft-fail")
    avis: Any = validate_pdf_signature(signatures[-1], signer_validation_context=contexte)
    entier = avis.coverage is SignatureCoverageLevel.ENTIRE_FILE
    return Verdict(
        par=_nom(avis.signing_cert.subject.native),
        le=avis.signer_reported_dt,
        intact=bool(avis.intact and avis.valid and entier),
        reconnu=bool(avis.trusted),
    )


def _signataire_pdf(certificat: Certificat, *, le: datetime, motif: str) -> "PdfSigner":
    """An invisible signature, hidden from assistive technology as PDF/UA asks, dated by the domain's clock."""
    from pyhanko.pdf_utils.writer import BasePdfFileWriter
    from pyhanko.sign import fields, signers

    class Date(signers.PdfSigner):
        def init_signing_session(self, pdf_out: BasePdfFileWriter, existing_fields_only: bool = False) -> Any:
            seance = super().init_signing_session(pdf_out, existing_fields_only)
            seance.system_time = le.astimezone(UTC)
            return seance

    invisible = fields.InvisSigSettings(set_hidden_flag=True)
    return Date(
        signers.PdfSignatureMetadata(
            field_name=CHAMP,
            md_algorithm="sha256",
            subfilter=fields.SigSeedSubFilter.PADES,
            reason=motif,
            name=certificat.nom,
        ),
        signer=certificat.signataire,
        timestamper=_horodateur(),
        new_field_spec=fields.SigFieldSpec(
            CHAMP, invis_sig_settings=invisible, readable_field_name="Cachet électronique"
        ),
    )


def _ordre_de_lecture(ecrivain: Any) -> None:
    """PDF/UA-1, 7.18.3: a page with an annotation, even hidden, is read in the order of its structure."""
    from pyhanko.pdf_utils import generic

    page_ref, _ = ecrivain.find_page_for_modification(0)
    page = page_ref.get_object()
    if "/Tabs" not in page:
        page["/Tabs"] = generic.NameObject("/S")
        ecrivain.mark_update(page_ref)


def _horodateur() -> "TimeStamper | None":
    """A client of the time stamping authority, when there is one: one bounded POST, over TLS."""
    adresse = settings.CACHET_HORODATEUR
    if not adresse:
        return None
    from asn1crypto import tsp
    from pyhanko.sign.timestamps import TimeStamper

    class Autorite(TimeStamper):
        async def async_request_tsa_response(self, req: tsp.TimeStampReq) -> tsp.TimeStampResp:
            demande = Request(  # noqa: S310 - an https address of the operator, checked when it is read
                adresse, data=req.dump(), headers={"Content-Type": "application/timestamp-query"}
            )
            with urlopen(demande, timeout=DELAI_HORODATEUR) as reponse:  # noqa: S310
                return tsp.TimeStampResp.load(reponse.read(REPONSE_MAXIMALE))

    return Autorite()  # type: ignore[no-untyped-call]


def _nom(sujet: dict[str, Any]) -> str:
    """What a certificate calls its holder: the common name, else the organisation."""
    return str(sujet.get("common_name") or sujet.get("organization_name") or "")[:NOM_MAXIMUM]
