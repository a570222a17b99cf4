"""Documents: asked for in the transaction that causes them, made once by the worker from frozen data."""

import hashlib
from typing import Any, Final
from uuid import UUID

from django.conf import settings

from accompagnements.enums import Action, EtatDocument, GenreDocument
from accompagnements.models import Accompagnement, Document
from accompagnements.parcours.verrous import SaisieRefusee, noter
from partenaires.models import Compte
from socle import antivirus, envois, horloge, verification
from socle.images import ImageRefusee, redessiner, type_de
from socle.perimetre import deleguer
from socle.transitions import TransitionInterdite

TACHE: Final = "accompagnements.document"
ENVOI: Final = "accompagnements.document_a_produire"
HEURES: Final = 7 * 24  # the worker may act for the person who asked, for this long
_IMAGES: Final = {"image/jpeg": "JPEG", "image/png": "PNG"}


def prevoir_document(
    accompagnement: Accompagnement,
    *,
    genre: str,
    objet_id: UUID,
    titre: str,
    donnees: dict[str, Any],
    par: Compte,
    precision: str = "",
) -> Document:
    """Freeze the data of a document and promise its making; asked for twice, it is made once.

    `precision`: what tells it from others of the same title, in the list of documents.
    """
    assert par.organisation_id is not None
    document = Document(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, genre=genre, objet_id=objet_id,
        titre=titre, donnees=donnees, demande_par=par, demande_le=horloge.maintenant(),
        precision=precision[: Document.PRECISION_MAXIMUM],
        delegation_id=deleguer(par.pk, par.organisation_id, TACHE, heures=HEURES),
    )  # fmt: skip
    document.save(force_insert=True)
    _promettre(document)
    return document


def relancer_document(pk: UUID, *, par: Compte) -> Document:
    """Ask again for a document that is late: the worker acts for this person. TransitionInterdite once ready."""
    assert par.organisation_id is not None
    siens = Document.objects.filter(equipe=par.organisation_id)
    document = siens.all().a_produire().select_for_update().filter(pk=pk).first()
    if document is None:  # ready meanwhile, or never hers
        raise TransitionInterdite("relancer_document", siens.only("etat").get(pk=pk).etat)
    document.delegation_id = deleguer(par.pk, par.organisation_id, TACHE, heures=HEURES)
    document.save(update_fields=["delegation_id"])
    _promettre(document)
    return document


def enregistrer_octets(pk: UUID, octets: bytes, *, cachet: str = "") -> bool:
    """Write the bytes of a document, once: returns whether this call did (a second worker changes nothing).

    `cachet`: who sealed them, "" for nobody. Their digest becomes known to the verification page.
    """
    document = Document.objects.select_for_update().a_produire().filter(pk=pk).first()
    if document is None:
        return False
    _remplir(document, octets)
    document.cachet = cachet
    document.save(update_fields=["etat", "octets", "sha256", "taille", "pret_le", "cachet"])
    verification.declarer(octets, cachet=cachet)
    noter(Action.DOCUMENT_PRODUIT, document, equipe_id=document.equipe_id, objet_type="document")
    return True


def joindre_scan(accompagnement: Accompagnement, *, contrat_id: UUID, contenu: bytes, par: Compte) -> Document:
    """Keep the signed paper of a contract; SaisieRefusee for another type than PDF, JPEG, PNG, or too large."""
    propre, type_mime = verifier_piece(contenu)
    document = Document(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, genre=GenreDocument.SCAN,
        objet_id=contrat_id, titre="Contrat signé sur papier", type_mime=type_mime, demande_par=par,
        demande_le=horloge.maintenant(),
    )  # fmt: skip
    _remplir(document, propre)
    document.save(force_insert=True)
    return document


def verifier_piece(
    contenu: bytes, *, champ: str = "scan", vide: str = "Joignez le contrat signé."
) -> tuple[bytes, str]:
    """The bytes to keep and their type, found by content. An image is drawn again: no EXIF, no place in it.

    SaisieRefusee names the field `champ`; `vide` is said when nothing came.
    """
    if not contenu:
        raise SaisieRefusee(vide, champ)
    if len(contenu) > settings.TAILLE_MAXIMALE_PIECE:
        mega = settings.TAILLE_MAXIMALE_PIECE // (1024 * 1024)
        raise SaisieRefusee(f"Le fichier dépasse {mega} Mo : réduisez-le ou scannez-le en gris.", champ)
    _examiner(contenu, champ)
    type_mime = type_de(contenu)
    if type_mime == "application/pdf" and contenu.startswith(b"%PDF-"):
        return contenu, type_mime
    if type_mime in _IMAGES:
        try:
            return redessiner(contenu, _IMAGES[type_mime]), type_mime
        except ImageRefusee as refus:
            raise SaisieRefusee(str(refus), champ) from None
    raise SaisieRefusee("Joignez un PDF, ou une photo JPEG ou PNG.", champ)


def _examiner(contenu: bytes, champ: str) -> None:
    """By the antivirus, when there is one: no verdict is a refusal."""
    try:
        antivirus.examiner(contenu)
    except antivirus.FichierInfecte:
        raise SaisieRefusee("L’antivirus a refusé ce fichier.", champ) from None
    except antivirus.AntivirusIndisponible:
        raise SaisieRefusee(
            "L’antivirus ne répond pas\N{NO-BREAK SPACE}: ce fichier n’a pas été gardé. Réessayez plus tard.", champ
        ) from None


def _remplir(document: Document, octets: bytes) -> None:
    document.etat = EtatDocument.PRET
    document.octets = octets
    document.sha256 = hashlib.sha256(octets).hexdigest()
    document.taille = len(octets)
    document.pret_le = horloge.maintenant()


def _promettre(document: Document) -> None:
    envois.prevoir(
        ENVOI,
        effet=f"document|{document.pk}|{document.delegation_id}",
        organisation_id=document.equipe_id,
        objet_id=document.pk,
    )
