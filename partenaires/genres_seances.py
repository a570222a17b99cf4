"""Kinds of notification of the séances: their words, who may receive them, and when they still hold."""

from collections.abc import Collection
from typing import Final

from django.urls import reverse

from partenaires.enums import ROLES_BAILLEUR, FamilleAvis, Role
from partenaires.enums_sensibilisations import EtatInscription, EtatSeance
from partenaires.genres import GenreAvis, declarer
from partenaires.models import InscriptionSeance, Seance

REFERENTS: Final = frozenset({Role.REFERENT, Role.RESPONSABLE})


def _a_l_etat(objets: Collection[str], etat: str) -> set[str]:
    return {str(pk) for pk in Seance.objects.filter(pk__in=objets, etat=etat).values_list("pk", flat=True)}


def _confirmees(objets: Collection[str]) -> set[str]:
    lignes = InscriptionSeance.objects.filter(pk__in=objets, seance__etat=EtatSeance.OUVERTE).valables()
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _annulees(objets: Collection[str]) -> set[str]:
    lignes = InscriptionSeance.objects.filter(pk__in=objets, etat=EtatInscription.ANNULEE)
    return {str(pk) for pk in lignes.values_list("pk", flat=True)}


def _de_la_seance(pk: str) -> str:
    return reverse("seance", args=[pk])


def _de_l_inscription(pk: str) -> str:
    return reverse("inscription_seance", args=[pk])


def _ouvertes(objets: Collection[str]) -> set[str]:
    return _a_l_etat(objets, EtatSeance.OUVERTE)


def _closes(objets: Collection[str]) -> set[str]:
    return _a_l_etat(objets, EtatSeance.CLOSE)


def _seances_annulees(objets: Collection[str]) -> set[str]:
    return _a_l_etat(objets, EtatSeance.ANNULEE)


SEANCE_OUVERTE = declarer(
    GenreAvis(
        code="partenaires.seance_ouverte",
        famille=FamilleAvis.SEANCES,
        phrase="Une équipe propose une séance à votre organisation. Les inscriptions sont ouvertes.",
        roles=REFERENTS,
        chemin=_de_la_seance,
        encore=_ouvertes,
    )
)
INSCRIPTION_CONFIRMEE = declarer(
    GenreAvis(
        code="partenaires.inscription_confirmee",
        famille=FamilleAvis.SEANCES,
        phrase="Une inscription à une séance est confirmée.",
        roles=ROLES_BAILLEUR,
        chemin=_de_l_inscription,
        encore=_confirmees,
        se_remplace=False,
    )
)
INSCRIPTION_PROMUE = declarer(
    GenreAvis(
        code="partenaires.inscription_promue",
        famille=FamilleAvis.SEANCES,
        phrase="Une place s’est libérée : une inscription en attente est confirmée.",
        roles=ROLES_BAILLEUR,
        chemin=_de_l_inscription,
        encore=_confirmees,
        se_remplace=False,
    )
)
INSCRIPTION_ANNULEE = declarer(
    GenreAvis(
        code="partenaires.inscription_annulee",
        famille=FamilleAvis.SEANCES,
        phrase="Une inscription à une séance est annulée.",
        roles=ROLES_BAILLEUR,
        chemin=_de_l_inscription,
        encore=_annulees,
        se_remplace=False,
    )
)
SEANCE_MODIFIEE = declarer(
    GenreAvis(
        code="partenaires.seance_modifiee",
        famille=FamilleAvis.SEANCES,
        phrase="Une séance change de date ou de lieu.",
        roles=ROLES_BAILLEUR,
        chemin=_de_la_seance,
        encore=_ouvertes,
        se_remplace=False,
    )
)
SEANCE_ANNULEE = declarer(
    GenreAvis(
        code="partenaires.seance_annulee",
        famille=FamilleAvis.SEANCES,
        phrase="Une séance est annulée.",
        roles=ROLES_BAILLEUR,
        chemin=_de_la_seance,
        encore=_seances_annulees,
        se_remplace=False,
    )
)
SEANCE_RAPPEL = declarer(
    GenreAvis(
        code="partenaires.seance_rappel",
        famille=FamilleAvis.SEANCES,
        phrase="Une séance a lieu dans deux jours.",
        roles=ROLES_BAILLEUR,
        chemin=_de_la_seance,
        encore=_ouvertes,
        se_remplace=False,
    )
)
ATTESTATIONS_PRETES = declarer(
    GenreAvis(
        code="partenaires.attestations_pretes",
        famille=FamilleAvis.SEANCES,
        phrase="Des attestations de présence sont prêtes.",
        roles=ROLES_BAILLEUR,
        chemin=_de_la_seance,
        encore=_closes,
        se_remplace=False,
    )
)
