"""How a worker makes a bilan: held by a token, read in one snapshot, rendered outside any transaction, laid down once.

Each step is a transaction of its own, as the person who asked (`socle.perimetre`): killed anywhere, the worker leaves a
row that the next one takes again from the start, and never a half of anything. The reads of the snapshot see one state
of the database whatever is written meanwhile.
"""

import logging
from uuid import UUID

from indicateurs import documents, mesures, parcours
from indicateurs.enums import Etape
from indicateurs.models import Bilan, Periode
from indicateurs.parcours import TACHE, Depossede, Prise
from indicateurs.publication import Contexte, Publication, empreinte, etablir, tables
from partenaires.models import ConventionTerritoire, Organisation
from socle import horloge
from socle.perimetre import DelegationRefusee, agir_par_delegation, instantane

traces = logging.getLogger(__name__)


def calculer(bilan_id: UUID, delegation: UUID) -> bool:
    """Make the bilan if nobody else does. Safe to run twice, and by two workers at once.

    Returns whether this call laid it down. A failure leaves it to the sweep; DelegationRefusee is not one: the
    person may no longer ask, and the sweep declares it failed in its time.
    """
    try:
        with agir_par_delegation(delegation, TACHE):
            prise = parcours.prendre(bilan_id)
    except DelegationRefusee:
        traces.warning("bilan_sans_delegation", extra={"bilan": str(bilan_id)})
        return False
    if prise is None:
        return False
    try:
        _faire(prise, delegation)
    except (Depossede, DelegationRefusee):
        traces.warning("bilan_depossede", extra={"bilan": str(bilan_id)})
        return False
    except Exception as erreur:
        traces.warning("bilan_echoue", extra={"bilan": str(bilan_id), "erreur": type(erreur).__name__})
        with agir_par_delegation(delegation, TACHE):
            parcours.relacher(prise, type(erreur).__name__)
        raise
    return True


def _faire(prise: Prise, delegation: UUID) -> None:
    with instantane(), agir_par_delegation(delegation, TACHE):
        lues = mesures.lire(prise.equipe_id, prise.periode)
        contexte = _contexte(prise)
    _avancer(prise, delegation, Etape.TABLEAUX)
    tableaux, liens = tables(lues, contexte)
    _avancer(prise, delegation, Etape.SECRET)
    publication = etablir(tableaux, liens, lues, contexte)
    donnees = publication.json()
    _avancer(prise, delegation, Etape.MISE_EN_PAGE)
    marque = empreinte(donnees)
    document = documents.produire(publication, marque)
    _avancer(prise, delegation, Etape.ENREGISTREMENT)
    with agir_par_delegation(delegation, TACHE):
        parcours.deposer(
            prise, donnees=donnees, empreinte=marque, methode=publication.methode, pdf=document.octets,
            sha256=document.empreinte, pages=document.pages,
        )  # fmt: skip


def _avancer(prise: Prise, delegation: UUID, etape: Etape) -> None:
    with agir_par_delegation(delegation, TACHE):
        parcours.noter_etape(prise, etape)


def _contexte(prise: Prise) -> Contexte:
    equipe = Organisation.objects.get(pk=prise.equipe_id)
    bilan = Bilan.objects.get(pk=prise.bilan_id)
    territoires = (
        ConventionTerritoire.objects.filter(
            equipe=prise.equipe_id, periode__overlap=(prise.periode.debut, prise.periode.fin)
        )
        .order_by("territoire__nom")
        .values_list("territoire__nom", flat=True)
        .distinct()
    )
    return Contexte(
        identifiant=bilan.identifiant,
        equipe=equipe.nom,
        territoires=tuple(territoires),
        periode=prise.periode,
        etabli_le=horloge.aujourdhui(),
        avant=_ensembles(prise, prise.periode.precedente),
        apres=_ensembles(prise, prise.periode.suivante),
    )


def _ensembles(prise: Prise, periode: Periode | None) -> dict[str, int]:
    """What the bilan of a neighbouring period tells already, published or about to be."""
    if periode is None:
        return {}
    voisin = Bilan.objects.all().filter(equipe=prise.equipe_id).de_la_periode(periode).calcules().first()
    return dict(Publication.depuis(voisin.donnees).ensembles) if voisin and voisin.donnees else {}
