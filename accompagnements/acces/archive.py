"""The archive handed to the person: read once as who asked, then written without a query, outside any transaction.

It holds a PDF that one reads, the same data for a machine (JSON), the documents in all their versions, and a manifest:
the SHA-256 of each file, what stays out and on what ground.
"""

import hashlib
import io
import json
import zipfile
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date, datetime
from functools import partial
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.template.loader import render_to_string

from accompagnements.acces import chapitres, chapitres_fiche
from accompagnements.acces.lecture import Lecteur, Ligne, Piece, Retenue, Section, lire_pieces
from accompagnements.enums import Action
from accompagnements.models import Accompagnement
from accompagnements.parcours.acces import REFUS, remet
from accompagnements.parcours.verrous import noter
from partenaires.models import Compte
from signalements.enums import GenreExport
from signalements.fabriques import AEcrire, Fabrique, inscrire
from signalements.models import Export, Fiche
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_entiere
from socle.pdf import rendre

CHAPITRES: Final = (*chapitres_fiche.CHAPITRES, *chapitres.CHAPITRES, *chapitres_fiche.APRES)
EPOQUE: Final = (1980, 1, 1, 0, 0, 0)  # of every entry: the archive says nothing of the machine that made it


@dataclass(frozen=True, slots=True)
class Dossier:
    """What the archive says, before it is written."""

    reference: str
    personne: str
    equipe: str
    equipe_telephone: str
    le: date
    sections: tuple[Section, ...]
    pieces: tuple[Piece, ...]
    retenues: tuple[Retenue, ...]


def lire(compte: Compte, accompagnement_id: UUID, retenus: Sequence[str]) -> Dossier:
    """Read the file as this person; PermissionDenied when she does not hand it over (any more).

    Accompagnement.DoesNotExist out of her scope.
    """
    a: Accompagnement = Accompagnement.objects.lus_par(compte).avec_personne().get(pk=accompagnement_id)
    if not remet(compte, a):
        raise PermissionDenied(REFUS)
    fiche: Fiche = Fiche.objects.visibles_par(compte).avec_contenu().get(pk=a.fiche_id)
    lu = Lecteur(compte, a, fiche, frozenset(retenus))
    sections = []
    for chapitre in CHAPITRES:
        rangees = tuple(tuple(lignes) for lignes in chapitre.lire(lu) if lignes)
        if rangees:
            sections.append(Section(chapitre.titre, rangees))
    lire_pieces(lu)
    noter(Action.SITUATION_LUE, a, equipe_id=a.equipe_id, motif="dossier")
    equipe = compte.organisation_active
    assert equipe is not None
    return Dossier(
        reference=fiche.reference, personne=fiche.designation, equipe=equipe.nom, equipe_telephone=equipe.telephone,
        le=horloge.aujourdhui(), sections=tuple(sections), pieces=tuple(lu.pieces),
        retenues=tuple(Retenue(quoi, pourquoi, n) for (quoi, pourquoi), n in sorted(lu.retenues.items())),
    )  # fmt: skip


def html_de(dossier: Dossier) -> str:
    """The HTML of the readable part."""
    return render_to_string("pdf/dossier_personne.html", {"d": dossier})


def octets_de(dossier: Dossier, *, identifiant: str, le: datetime) -> bytes:
    """The archive; the same arguments give the same bytes."""
    fichiers = [
        Piece("dossier.pdf", "Votre dossier, à lire", rendre(html_de(dossier), identifiant=identifiant, date=le)),
        Piece("donnees.json", "Les mêmes données, pour un logiciel", _json(dossier)),
        *dossier.pieces,
    ]
    tampon = io.BytesIO()
    with zipfile.ZipFile(tampon, "w", zipfile.ZIP_DEFLATED) as archive:
        for f in (Piece("LISEZ-MOI.txt", "", manifeste(dossier, fichiers)), *fichiers):
            archive.writestr(zipfile.ZipInfo(f.chemin, EPOQUE), f.octets, zipfile.ZIP_DEFLATED)
    return tampon.getvalue()


def manifeste(dossier: Dossier, fichiers: Sequence[Piece]) -> bytes:
    """In French, for whoever opens the archive: what is in it, and what is not."""
    lignes = [
        f"Dossier {dossier.reference}, copie établie le {date_entiere(dossier.le)} par {dossier.equipe}.",
        "Vous l’avez demandée au titre de votre droit d’accès (RGPD, article 15).",
        "",
        "Fichiers, et leur empreinte SHA-256 :",
    ]
    for f in fichiers:
        lignes += [f"  {f.chemin} : {f.titre}", f"    {hashlib.sha256(f.octets).hexdigest()}"]
    lignes += ["", "Ce qui n’y est pas :"]
    for r in dossier.retenues:
        combien = f" ({r.nombre})" if r.nombre else ""
        lignes.append(f"  {r.quoi}{combien} : {r.fondement}.")
    if not dossier.retenues:
        lignes.append("  Rien n’a été retenu.")
    telephone = f" au {dossier.equipe_telephone}" if dossier.equipe_telephone else ""
    lignes += [
        "",
        f"Vous pouvez faire corriger ou effacer ces données : demandez-le à l’équipe{telephone}.",
        "En cas de désaccord : CNIL, 3 place de Fontenoy, 75007 Paris, www.cnil.fr.",
        "",
    ]
    return "\r\n".join(lignes).replace(" :", f"{INSECABLE}:").encode("utf-8-sig")


def _json(dossier: Dossier) -> bytes:
    donnees = {
        "reference": dossier.reference,
        "etabli_le": dossier.le.isoformat(),
        "equipe": dossier.equipe,
        "sections": [{"titre": s.titre, "rangees": [_objet(r) for r in s.rangees]} for s in dossier.sections],
        "retenues": [{"quoi": r.quoi, "fondement": r.fondement, "nombre": r.nombre or None} for r in dossier.retenues],
    }
    return json.dumps(donnees, ensure_ascii=False, indent=1).encode()


def _objet(rangee: tuple[Ligne, ...]) -> dict[str, str]:
    return dict(rangee)


def _lire(export: Export, compte: Compte) -> AEcrire:
    """What the worker asks, as the person who asked."""
    assert export.objet_id is not None
    dossier = lire(compte, export.objet_id, export.parametres.get("retenus", "").split())
    a = Accompagnement.objects.lus_par(compte).get(pk=export.objet_id)
    ecrire = partial(octets_de, dossier, identifiant=f"dossier-{export.pk}", le=horloge.maintenant())
    return AEcrire(ecrire, len(dossier.pieces) + 3, [a.fiche_id], [a.fiche_id])


def _ouvrir(export: Export, compte: Compte) -> bool:
    """Whether she still hands this file over; noted for the situation, at each download."""
    a = Accompagnement.objects.lus_par(compte).filter(pk=export.objet_id).first()
    if a is None or not remet(compte, a):
        return False
    journal.noter(Action.ACCES_TELECHARGE, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])
    return True


def proposer() -> None:
    """Tell the exports how this kind of file is made."""
    inscrire(GenreExport.DOSSIER, Fabrique(lire=_lire, ouvrir=_ouvrir))
