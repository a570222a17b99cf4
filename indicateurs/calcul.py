"""How a worker makes a bilan: held by a token, read in one snapshot, rendered outside any transaction, laid down once.

Each step is a transaction of its own, as the person who asked (`socle.perimetre`): killed anywhere, the worker leaves a
row that the next one takes again from the start, and never a half of anything. The reads of the snapshot see one state
of the database whatever is written meanwhile.
"""

from uuid import UUID

from indicateurs import documents, mesures, parcours
from indicateurs.enums import Etape
from indicateurs.models import Bilan
from indicateurs.parcours import ATELIER, Prise
from indicateurs.publication import Contexte, Publication, empreinte, etablir, tables
from partenaires.models import ConventionTerritoire, Organisation
from socle import horloge
from socle.perimetre import instantane


def calculer(bilan_id: UUID, delegation: UUID) -> bool:
    """Make the bilan if nobody else does. Safe to run twice, and by two workers at once.

    Returns whether this call laid it down. A failure leaves it to the sweep.
    """
    return ATELIER.conduire(bilan_id, delegation, _faire)


def _faire(prise: Prise, delegation: UUID) -> None:
    with instantane(), ATELIER.agir(delegation):
        lues = mesures.lire(prise.objet.equipe_id, prise.objet.periode)
        contexte = _contexte(prise.objet)
    _avancer(prise, delegation, Etape.TABLEAUX)
    tableaux, liens = tables(lues, contexte)
    _avancer(prise, delegation, Etape.SECRET)
    publication = etablir(tableaux, liens, lues, contexte)
    donnees = publication.json()
    _avancer(prise, delegation, Etape.MISE_EN_PAGE)
    marque = empreinte(donnees)
    document = documents.produire(publication, marque)
    _avancer(prise, delegation, Etape.ENREGISTREMENT)
    with ATELIER.agir(delegation):
        parcours.deposer(
            prise, donnees=donnees, empreinte=marque, methode=publication.methode, pdf=document.octets,
            sha256=document.empreinte, pages=document.pages,
        )  # fmt: skip


def _avancer(prise: Prise, delegation: UUID, etape: Etape) -> None:
    with ATELIER.agir(delegation):
        parcours.noter_etape(prise, etape)


def _contexte(bilan: Bilan) -> Contexte:
    equipe = Organisation.objects.get(pk=bilan.equipe_id)
    territoires = (
        ConventionTerritoire.objects.filter(
            equipe=bilan.equipe_id, periode__overlap=(bilan.periode.debut, bilan.periode.fin)
        )
        .order_by("territoire__nom")
        .values_list("territoire__nom", flat=True)
        .distinct()
    )
    avant, apres = _voisins(bilan)
    return Contexte(
        identifiant=bilan.identifiant,
        equipe=equipe.nom,
        territoires=tuple(territoires),
        periode=bilan.periode,
        etabli_le=horloge.aujourdhui(),
        avant=avant.connus() if avant else {},
        apres=apres.connus() if apres else {},
        suivant_annuel=apres is not None and apres.periode.est_annuelle,
    )


def _voisins(bilan: Bilan) -> tuple[Publication | None, Publication | None]:
    """The bilans that end just before this period and begin just after, published or about to be."""
    trouves = [
        Publication.depuis(b.donnees)
        for b in Bilan.objects.all().filter(equipe=bilan.equipe_id).voisins(bilan.periode).calcules()
        if b.donnees
    ]
    avant = next((p for p in trouves if p.fin < bilan.periode.debut), None)
    return avant, next((p for p in trouves if p.debut > bilan.periode.fin), None)
