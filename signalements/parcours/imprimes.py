"""Papers to print: their asking, and their bytes, made by the worker."""

from collections.abc import Mapping
from typing import Any, Final
from uuid import UUID

from partenaires.models import Compte, Organisation
from signalements.enums import Action, GenreImprime
from signalements.imprimes import donnees_de_la_notice, donnees_du_papier
from signalements.models import Fiche, Grille, Imprime
from signalements.models.imprimes import empreinte_de
from signalements.parcours.verrous import noter
from socle import envois, horloge, journal
from socle.perimetre import deleguer

TACHE: Final = "signalements.imprime"
ENVOI: Final = "signalements.imprime_a_produire"


def demander_notice(fiche: Fiche, *, par: Compte) -> Imprime:
    """The notice that says what is true today between these two organisations; made once, however often asked."""
    imprime, neuf = _demander(
        GenreImprime.NOTICE, fiche.equipe_destinataire_id, fiche.orienteur_id, donnees_de_la_notice(fiche), par
    )
    if neuf:
        noter(Action.NOTICE_DEMANDEE, fiche)
    return imprime


def demander_papier(equipe: Organisation, orienteur: Organisation, grille: Grille, *, par: Compte) -> Imprime:
    """The blank fiche with the équipe's grid of today; made once, however often asked."""
    donnees = donnees_du_papier(equipe, orienteur, grille)
    imprime, neuf = _demander(GenreImprime.FICHE, equipe.pk, orienteur.pk, donnees, par)
    if neuf:
        journal.noter(
            Action.PAPIER_DEMANDE, organisation_id=equipe.pk, objet_type="organisation", objets=[orienteur.pk]
        )
    return imprime


def deposer_imprime(pk: UUID, octets: bytes) -> bool:
    """Write the bytes, once: returns whether this call did."""
    imprime = Imprime.objects.a_produire().select_for_update().filter(pk=pk).first()
    if imprime is None:
        return False
    imprime.octets, imprime.prete_le = octets, horloge.maintenant()
    imprime.save(update_fields=["octets", "prete_le"])
    return True


def _demander(
    genre: GenreImprime, equipe_id: int, orienteur_id: int, donnees: Mapping[str, Any], par: Compte
) -> tuple[Imprime, bool]:
    """The paper that says this, and whether this call asked for it."""
    assert par.organisation_id is not None
    empreinte = empreinte_de(donnees)
    connu = Imprime.objects.entre(equipe_id, orienteur_id, empreinte).first()
    if connu is not None:
        return connu, False
    imprime = Imprime(
        equipe_id=equipe_id,
        orienteur_id=orienteur_id,
        genre=genre,
        empreinte=empreinte,
        donnees=dict(donnees),
        demande_par=par,
        demande_le=horloge.maintenant(),
        delegation_id=deleguer(par.pk, par.organisation_id, TACHE),
    )
    Imprime.objects.bulk_create([imprime], ignore_conflicts=True)
    envois.prevoir(ENVOI, effet=f"imprime|{imprime.pk}", organisation_id=equipe_id, objet_id=imprime.pk)
    return imprime, True
