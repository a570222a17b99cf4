"""Pieces that the équipe lays in a file: checked as a photo is, replaced by a version, taken out with a reason."""

import hashlib
from uuid import UUID

from django.conf import settings
from django.db import models

from accompagnements.enums import DOCUMENT, Action, EtatDocument, GenreDocument, NaturePiece
from accompagnements.models import Accompagnement, Document
from accompagnements.parcours.pieces import verifier_piece
from accompagnements.parcours.verrous import SaisieRefusee, noter, ouvert, verrouille
from partenaires.models import Compte
from socle import horloge
from socle.transitions import TransitionInterdite


def joindre_piece(
    pk: UUID, *, par: Compte, nature: str, precision: str, contenu: bytes, remplace: UUID | None = None
) -> Document:
    """Lay a PDF, JPEG or PNG in the file; `remplace`: the piece of which it is the next version, kept and marked.

    Raises SaisieRefusee (content, size, quota), TransitionInterdite on a closed accompagnement or when the piece was
    replaced or taken out meanwhile.
    """
    accompagnement = ouvert(pk, par, "joindre_piece")
    if nature not in NaturePiece.values:
        raise SaisieRefusee("Dites ce qu’est cette pièce.", "nature")
    if remplace is not None:
        _remplacable(accompagnement, remplace)
    propre, type_mime = verifier_piece(contenu, champ="fichier", vide="Choisissez un fichier.")
    _dans_le_quota(accompagnement, len(propre))
    document = Document(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, genre=GenreDocument.PIECE,
        titre=str(NaturePiece(nature).label), donnees={"reference": accompagnement.fiche.reference},
        nature=nature, precision=precision.strip(), type_mime=type_mime, remplace_id=remplace, demande_par=par,
        demande_le=horloge.maintenant(), etat=EtatDocument.PRET, octets=propre, taille=len(propre),
        sha256=hashlib.sha256(propre).hexdigest(), pret_le=horloge.maintenant(),
    )  # fmt: skip
    document.objet_id = document.pk
    document.save(force_insert=True)
    noter(Action.PIECE_JOINTE, document, equipe_id=document.equipe_id, objet_type="document")
    return document


def retirer_piece(pk: UUID, *, par: Compte, motif: str) -> Document:
    """Take a piece out: its bytes are erased at once, what it was and why it left stay. SaisieRefusee without a
    reason, TransitionInterdite for what the équipe did not lay itself.
    """
    siens = Document.objects.visibles_par(par)
    parent = siens.values_list("accompagnement", flat=True).get(pk=pk)
    verrouille(parent, par)
    document = siens.get(pk=pk)  # under the lock of its accompagnement
    DOCUMENT.verifier("retirer", etat=document.etat, roles=par.roles)
    if document.genre != GenreDocument.PIECE:
        raise TransitionInterdite("retirer_piece", document.genre)
    if not motif.strip():
        raise SaisieRefusee("Dites pourquoi cette pièce est retirée.", "motif")
    document.etat, document.octets = EtatDocument.RETIRE, None
    document.retire_le, document.retire_par, document.motif_retrait = horloge.maintenant(), par, motif.strip()
    document.save(update_fields=["etat", "octets", "retire_le", "retire_par", "motif_retrait"])
    noter(Action.PIECE_RETIREE, document, equipe_id=document.equipe_id, objet_type="document")
    return document


def _remplacable(accompagnement: Accompagnement, pk: UUID) -> None:
    siennes = Document.objects.filter(accompagnement=accompagnement, genre=GenreDocument.PIECE)
    if not siennes.filter(pk=pk, etat=EtatDocument.PRET).exists() or siennes.filter(remplace=pk).exists():
        raise TransitionInterdite("remplacer_piece", "remplacée")


def _dans_le_quota(accompagnement: Accompagnement, taille: int) -> None:
    siennes = Document.objects.filter(accompagnement=accompagnement, genre=GenreDocument.PIECE, etat=EtatDocument.PRET)
    compte = siennes.aggregate(n=models.Count("pk"), octets=models.Sum("taille", default=0))
    if compte["n"] >= Document.PIECES_MAXIMUM or compte["octets"] + taille > settings.TAILLE_MAXIMALE_DOSSIER:
        raise SaisieRefusee("Ce dossier est plein. Retirez ce qui n’y sert plus.", "fichier")
