"""How a worker makes a file: held by a token, read in one snapshot as the person who asked, sealed once.

Each step is a transaction of its own, so that a worker killed anywhere leaves a row that the next one takes again from
the start, and never half a file. The list is read by the QuerySet of the page: same scope, same filters, same order.
"""

from collections.abc import Callable, Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from functools import partial
from typing import Final
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import QueryDict

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.perimetre import prendre_place
from signalements import documents
from signalements.echeances import echeance_de
from signalements.enums import EtapeExport, EtatInstruction, FormatExport, GenreExport
from signalements.fabriques import AEcrire, fabrique_de
from signalements.forms.tri import TriForm
from signalements.models import Export, Fiche
from signalements.parcours import Prise, deposer_export, noter_etape_export
from signalements.parcours.exports import ATELIER
from signalements.tri import COURTS, Tri
from socle import horloge
from socle.ecriture import INSECABLE, jour_de
from socle.perimetre import instantane
from socle.tableurs import Feuille, Valeur, ecrire_csv, ecrire_ods, ecrire_xlsx

LOT: Final = 500  # rows read at once
ENTETES: Final = (
    "Référence", "État", "Échéance ou fin", "Reçue le", "Jours d’attente", "Personne", "Résidence", "Commune",
    "Bailleur ou partenaire", "Domaines", "Contexte", "Dernier message le", "Dernier message", "Suivie par",
)  # fmt: skip


@dataclass(frozen=True, slots=True)
class Lecture:
    """What was read for a file: its rows, the fiches that they are, and those whose content stands in it."""

    lignes: list[tuple[Valeur, ...]]
    lues: list[UUID]
    nommees: list[UUID]


def produire(export_id: UUID, delegation: UUID) -> bool:
    """Make the file if nobody else does. Safe to run twice, and by two workers at once.

    Returns whether this call laid it down. A failure leaves it to the sweep.
    """
    return ATELIER.conduire(export_id, delegation, _faire)


def _faire(prise: Prise, delegation: UUID) -> None:
    with instantane(), _agir(prise.objet, delegation) as compte:
        a_ecrire = _lire(prise.objet, compte)
    with ATELIER.agir(delegation):
        noter_etape_export(prise, EtapeExport.ECRITURE)
    octets = a_ecrire.octets()
    with _agir(prise.objet, delegation):
        noter_etape_export(prise, EtapeExport.DEPOT)
        deposer_export(prise, octets, lignes=a_ecrire.lignes, lues=a_ecrire.lues, nommees=a_ecrire.nommees)


def _lire(export: Export, compte: Compte) -> AEcrire:
    """What this kind of file needs, read once; what writes it reads nothing more."""
    fabrique = fabrique_de(export.genre)
    if fabrique is not None:
        return fabrique.lire(export, compte)
    if export.genre == GenreExport.ORDRE_DU_JOUR:
        assert export.objet_id is not None
        lu = documents.lire_ordre_du_jour(compte, export.objet_id)
        ecrire_pdf = partial(
            documents.octets_ordre_du_jour,
            lu.document,
            identifiant=f"reunion-{export.objet_id}",
            le=horloge.maintenant(),
        )
        return AEcrire(ecrire_pdf, len(lu.fiches), list(lu.fiches), [])
    lecture = lire_liste(compte, QueryDict(_requete(export)))
    return AEcrire(lambda: ecrire(export.format, lecture), len(lecture.lignes), lecture.lues, lecture.nommees)


@contextmanager
def _agir(export: Export, delegation: UUID) -> Iterator[Compte]:
    """Act as the person who asked, with her roles of today; PermissionDenied once she has left the équipe."""
    with ATELIER.agir(delegation) as collecte:
        compte = Compte.objects.de_cle(collecte.compte_id or 0)
        if compte is None:
            raise PermissionDenied("This account is gone.")
        prendre_place(compte, export.equipe_id, presente=True)
        if exiger(compte, Permission.SUIVRE) != export.equipe_id:
            raise PermissionDenied("This person is no longer of the équipe.")
        yield compte


def _requete(export: Export) -> str:
    requete = QueryDict(mutable=True)
    requete.update(export.parametres)
    return requete.urlencode()


def lire_liste(compte: Compte, parametres: QueryDict) -> Lecture:
    """Every row of the list that an address shows, in its order; at most `Export.LIGNES_MAXIMUM`."""
    tri = Tri.de(parametres)
    filtre = TriForm(parametres, compte=compte).filtre
    lignes = (
        Fiche.objects.visibles_par(compte)
        .de_l_equipe(compte.organisation_id)
        .a_l_etat(*tri.onglet.etats)
        .filtrees(filtre)
        .avec_ligne_de_tri()
        .avec_commune()
        .pour_trier(tri.colonne)
        .order_by(*tri.colonnes)[: Export.LIGNES_MAXIMUM]
    )
    rangees: list[tuple[Valeur, ...]] = []
    lues: list[UUID] = []
    nommees: list[UUID] = []
    for fiche in lignes.iterator(chunk_size=LOT):
        rangees.append(_rangee(fiche))
        lues.append(fiche.pk)
        if fiche.locataire_lisible is not None:
            nommees.append(fiche.pk)
    return Lecture(rangees, lues, nommees)


def _rangee(fiche: Fiche) -> tuple[Valeur, ...]:
    i, residence, constat = fiche.instruction, fiche.residence, fiche.constat_lisible
    recue, message = jour_de(i.transmise_le), getattr(fiche, "echange_le", None)
    du_bailleur = getattr(fiche, "echange_de", None) == fiche.orienteur_id
    return (
        fiche.reference,
        str(EtatInstruction(i.etat).label),
        jour_de(i.fin_le) if i.fin_le else echeance_de(i),
        recue,
        None if i.est_finie else (horloge.aujourdhui() - recue).days,
        fiche.designation.replace(INSECABLE, " "),  # found by what one types in a spreadsheet
        residence.nom if residence else "",
        residence.territoire.nom if residence else "",
        fiche.orienteur.nom,
        ", ".join(COURTS[d] for d in getattr(fiche, "domaines", ())),
        ", ".join(constat.contexte_libelles) if constat else "",
        message,
        ("reçu" if du_bailleur else "envoyé") if message else "",
        i.suivie_par.nom_complet if i.suivie_par else "",
    )


_REDACTEURS: Final[dict[str, Callable[[Feuille], bytes]]] = {
    FormatExport.CSV: ecrire_csv,
    FormatExport.ODS: lambda feuille: ecrire_ods([feuille]),
    FormatExport.XLSX: lambda feuille: ecrire_xlsx([feuille]),
}


def ecrire(format: str, lecture: Lecture) -> bytes:
    """The bytes of a list; KeyError for a format that no list has."""
    return _REDACTEURS[format](Feuille(str(GenreExport.LISTE.label), ENTETES, lecture.lignes))
