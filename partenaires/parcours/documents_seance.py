"""What a séance prints: the sheet to sign, the attestations of those who came; asked for here, made by the worker."""

import hashlib
import json
from collections.abc import Iterable
from typing import Any, Final
from uuid import UUID

from partenaires.droits import exiger
from partenaires.enums import Action, Permission
from partenaires.enums_sensibilisations import EtatDocumentSeance, EtatSeance, GenreDocumentSeance, GenreSeance
from partenaires.models import Compte, DocumentSeance, InscriptionSeance, Seance
from socle import envois, horloge, journal, verification
from socle.perimetre import deleguer
from socle.transitions import TransitionInterdite

TACHE: Final = "partenaires.document_seance"
ENVOI: Final = "partenaires.document_seance_a_produire"
HEURES: Final = 7 * 24  # the worker may act for the person who asked, for this long
LIGNES_LIBRES: Final = 6  # of the sheet, for those who come without being registered


def demander_feuille(pk: UUID, *, par: Compte) -> DocumentSeance:
    """The sheet to sign, of those registered now; TransitionInterdite unless it is open or held."""
    seance = _verrouillee(pk, par)
    if seance.etat not in (EtatSeance.OUVERTE, EtatSeance.TENUE):
        raise TransitionInterdite("demander_feuille", seance.etat)
    inscriptions = list(InscriptionSeance.objects.visibles_par(par).de_la_seance(seance))
    journal.noter(Action.FEUILLE_DEMANDEE, organisation_id=seance.equipe_id, objet_type="seance", objets=[seance.pk])
    return _prevoir_document(seance, par, GenreDocumentSeance.FEUILLE, None, {
        **_presentation(seance, par),
        "lignes": [[i.designation, i.fonction or "", i.bailleur.nom]
                   for i in sorted(inscriptions, key=rang_de) if i.est_confirmee],
        "libres": LIGNES_LIBRES,
    })  # fmt: skip


def relancer_documents(pk: UUID, *, par: Compte) -> int:
    """Ask again for what the worker has not made: it acts for this person from now on. Returns how many."""
    seance = _verrouillee(pk, par)
    assert par.organisation_id is not None
    dus = list(DocumentSeance.objects.visibles_par(par).de_la_seance(seance).a_produire().sans_contenu())
    for document in dus:
        document.delegation_id = deleguer(par.pk, par.organisation_id, TACHE, heures=HEURES)
        document.save(update_fields=["delegation_id"])
        _promettre_document(document)
    return len(dus)


def prevoir_attestations(seance: Seance, presentes: Iterable[InscriptionSeance], *, par: Compte) -> None:
    """Promise one for each of these registrations, as a séance is closed; the caller holds it."""
    commun = _presentation(seance, par)
    for i in presentes:
        _prevoir_document(seance, par, GenreDocumentSeance.ATTESTATION, i, {
            **commun, "personne": i.designation, "fonction": i.fonction or "", "bailleur": i.bailleur.nom,
        })  # fmt: skip


def enregistrer_octets(pk: UUID, octets: bytes, *, cachet: str = "") -> bool:
    """Write the bytes of a document, once: returns whether this call did. With the last attestation of a bailleur, its
    référents and those who came are told.

    `cachet`: who sealed them, "" for nobody. The digest of an attestation becomes known to the verification page.
    """
    lignes = DocumentSeance.objects.filter(pk=pk)
    seance_id = lignes.values_list("seance", flat=True).first()
    if seance_id is None:
        return False
    Seance.objects.select_for_update(of=("self",)).get(pk=seance_id)  # the last one is known to be the last
    document = lignes.a_produire().select_for_update(of=("self",)).first()
    if document is None:
        return False
    document.etat, document.octets, document.taille = EtatDocumentSeance.PRET, octets, len(octets)
    document.sha256 = verification.sha256_de(octets)
    document.pret_le, document.cachet = horloge.maintenant(), cachet
    document.save(update_fields=["etat", "octets", "taille", "sha256", "pret_le", "cachet"])
    journal.noter(
        Action.DOCUMENT_SEANCE_PRODUIT, organisation_id=document.equipe_id, objet_type="documentseance",
        objets=[document.pk],
    )  # fmt: skip
    if document.est_attestation:
        verification.declarer(octets, cachet=cachet)
        _annoncer_les_dernieres(document)
    return True


def rang_de(inscription: InscriptionSeance) -> tuple[str, str, str]:
    """How people are listed: by bailleur, then by name."""
    return (inscription.bailleur.nom, inscription.designation.casefold(), str(inscription.pk))


def formateurs_de(seance: Seance) -> list[str]:
    """Names of the members of the équipe who lead it, then those from outside."""
    membres = Compte.objects.noms_de(seance.formateurs)
    internes = [membres[cle] for cle in seance.formateurs if cle in membres]
    return [*internes, *([seance.formateurs_externes] if seance.formateurs_externes else [])]


def _verrouillee(pk: UUID, par: Compte) -> Seance:
    exiger(par, Permission.SUIVRE)
    seance: Seance = Seance.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
    return seance


def _annoncer_les_dernieres(document: DocumentSeance) -> None:
    """Once, when no attestation of this bailleur waits any more."""
    siennes = DocumentSeance.objects.filter(seance=document.seance_id, bailleur=document.bailleur_id)
    if siennes.filter(etat=EtatDocumentSeance.A_PRODUIRE).exists():
        return
    envois.prevoir(
        "partenaires.attestations_pretes", effet=f"seance|{document.seance_id}|attestations|{document.bailleur_id}",
        organisation_id=document.equipe_id, objet_id=document.seance_id, donnees={"bailleur": document.bailleur_id},
    )  # fmt: skip


def _presentation(seance: Seance, par: Compte) -> dict[str, Any]:
    """What every document says of a séance."""
    equipe = par.organisation_active
    assert equipe is not None
    return {
        "genre": str(GenreSeance(seance.genre).label), "titre": seance.titre, "debut": seance.debut.isoformat(),
        "duree": seance.duree, "lieu": seance.lieu, "date": horloge.aujourdhui().isoformat(),
        "equipe": equipe.nom, "formateurs": formateurs_de(seance),
    }  # fmt: skip


def _prevoir_document(
    seance: Seance, par: Compte, genre: str, inscription: InscriptionSeance | None, donnees: dict[str, Any]
) -> DocumentSeance:
    """Freeze the data of a document with their SHA-256, and promise its making."""
    assert par.organisation_id is not None
    canonique = json.dumps(donnees, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    document = DocumentSeance(
        seance=seance, equipe_id=seance.equipe_id, genre=genre, inscription=inscription,
        bailleur_id=inscription.bailleur_id if inscription else None,
        compte_id=inscription.compte_id if inscription else None,
        donnees={**donnees, "sha256": hashlib.sha256(canonique.encode()).hexdigest()},
        demande_par=par, demande_le=horloge.maintenant(),
        delegation_id=deleguer(par.pk, par.organisation_id, TACHE, heures=HEURES),
    )  # fmt: skip
    document.save(force_insert=True)
    _promettre_document(document)
    return document


def _promettre_document(document: DocumentSeance) -> None:
    envois.prevoir(
        ENVOI, effet=f"document_seance|{document.pk}|{document.delegation_id}",
        organisation_id=document.equipe_id, objet_id=document.pk,
    )  # fmt: skip
