"""Kinds of notification of `signalements`: their words, who may receive them, and when they still hold.

A référent, and whoever reads the organisation's fiches with him, may be told until the end; the équipe, unless the
household opposed; an author, of what is in his hands. Read as `palier_systeme`, at the moment of sending.
"""

from collections.abc import Callable, Collection
from typing import Final
from uuid import UUID

from django.urls import reverse

from partenaires.enums import ROLES_EQUIPE, FamilleAvis, Role
from partenaires.genres import GenreAvis, declarer
from signalements.enums import EtatDepot, EtatInstruction
from signalements.models import Fiche, Instruction
from socle.ecriture import INSECABLE

LECTEURS: Final = frozenset({Role.REFERENT, Role.RESPONSABLE, Role.CORRESPONDANT})
REFERENTS: Final = frozenset({Role.REFERENT, Role.RESPONSABLE})  # those who read contents
AUTEURS: Final = frozenset({Role.GARDIEN, *LECTEURS, *ROLES_EQUIPE})
F = FamilleAvis


def _ouvertes(objets: Collection[str]) -> set[str]:
    return _cles(Fiche.objects.filter(pk__in=objets).ouvertes().values_list("pk", flat=True))


def _a_relire(objets: Collection[str]) -> set[str]:
    return _cles(Fiche.objects.filter(pk__in=objets).a_relire().values_list("pk", flat=True))


def _en_main(objets: Collection[str]) -> set[str]:
    return _cles(Fiche.objects.filter(pk__in=objets).en_main().values_list("pk", flat=True))


def _en_brouillon(objets: Collection[str]) -> set[str]:
    lignes = Fiche.objects.filter(pk__in=objets, etat=EtatDepot.BROUILLON)
    return _cles(lignes.values_list("pk", flat=True))


def _instruites(objets: Collection[str]) -> set[str]:
    """Neither opposed, nor ended."""
    return _cles(Instruction.objects.filter(pk__in=list(map(UUID, objets)), fin_le=None).values_list("pk", flat=True))


def _opposees(objets: Collection[str]) -> set[str]:
    """That the person refused, or asks that the sharing stop: the refusal itself is told, unless it was a mistake."""
    lignes = Instruction.objects.filter(pk__in=list(map(UUID, objets)))
    opposees = lignes.filter(etat=EtatInstruction.OPPOSITION) | lignes.filter(retrait_demande_le__isnull=False)
    return _cles(opposees.values_list("pk", flat=True))


def _sans_information(objets: Collection[str]) -> set[str]:
    """Open, and the household was not told yet."""
    return _cles(Fiche.objects.filter(pk__in=objets).ouvertes().sans_information().values_list("pk", flat=True))


def _cles(cles: Collection[object]) -> set[str]:
    return {str(c) for c in cles}


def _vers(route: str, *suite: str) -> Callable[[str], str]:
    return lambda objet: reverse(route, args=[objet, *suite])


def _de_l_orienteur(code: str, famille: F, phrase: str, route: str = "signalement") -> GenreAvis:
    return declarer(
        GenreAvis(code=code, famille=famille, phrase=phrase, roles=LECTEURS, chemin=_vers(route), encore=_ouvertes)
    )


def _de_l_equipe(code: str, famille: F, phrase: str) -> GenreAvis:
    return declarer(
        GenreAvis(
            code=code, famille=famille, phrase=phrase, roles=ROLES_EQUIPE, chemin=_vers("fiche"), encore=_instruites
        )
    )


A_RELIRE = declarer(
    GenreAvis(
        code="signalements.a_relire",
        famille=F.FICHES,
        phrase="Une fiche est à relire avant son envoi à l’équipe dédiée.",
        roles=frozenset({Role.REFERENT, Role.RESPONSABLE}),
        chemin=_vers("signalement_relecture"),
        encore=_a_relire,
    )
)
RAPPEL_RELECTURE = declarer(
    GenreAvis(
        code="signalements.rappel_relecture",
        famille=F.DELAIS,
        phrase="Une fiche attend d’être relue depuis plus de deux jours ouvrés.",
        roles=frozenset({Role.REFERENT, Role.RESPONSABLE}),
        chemin=_vers("signalement_relecture"),
        encore=_a_relire,
    )
)
RENVOYEE = declarer(
    GenreAvis(
        code="signalements.renvoyee",
        famille=F.FICHES,
        phrase="Une fiche vous est renvoyée avec un commentaire, à corriger.",
        roles=AUTEURS,
        chemin=_vers("saisie", "relire"),
        encore=_en_main,
        se_remplace=False,
    )
)
RAPPEL_BROUILLON = declarer(
    GenreAvis(
        code="signalements.rappel_brouillon",
        famille=F.DELAIS,
        phrase="Un brouillon commencé il y a plusieurs semaines sera bientôt supprimé.",
        roles=AUTEURS,
        chemin=_vers("saisie", "relire"),
        encore=_en_brouillon,
        se_remplace=False,
    )
)
COMPLEMENT = _de_l_orienteur("signalements.complement", F.ECHANGES, "L’équipe dédiée a posé une question.")
MESSAGE = _de_l_orienteur("signalements.message", F.ECHANGES, "L’équipe dédiée vous a écrit.")
INFORMATION_ATTENDUE = declarer(
    GenreAvis(
        code="signalements.information_attendue",
        famille=F.DELAIS,
        phrase="L’information de la personne est à enregistrer.",
        roles=LECTEURS,
        chemin=_vers("signalement"),
        encore=_sans_information,
    )
)
INFORMATION_TARDIVE = declarer(
    GenreAvis(
        code="signalements.information_tardive",
        famille=F.DELAIS,
        phrase="L’information de la personne n’est toujours pas enregistrée.",
        roles=REFERENTS,
        chemin=_vers("signalement"),
        encore=_sans_information,
    )
)
INFORMATION_TARDIVE_EQUIPE = declarer(
    GenreAvis(
        code="signalements.information_tardive_equipe",
        famille=F.DELAIS,
        phrase="L’information de la personne n’est toujours pas enregistrée.",
        roles=ROLES_EQUIPE,
        chemin=_vers("fiche"),
        encore=_sans_information,
    )
)
RECTIFIEE = declarer(
    GenreAvis(
        code="signalements.rectifiee",
        famille=F.REFUS,
        phrase="L’équipe dédiée a rectifié une fiche à la demande de la personne.",
        roles=REFERENTS,
        chemin=_vers("signalement"),
        encore=_ouvertes,
    )
)
RECTIFIEE_EQUIPE = _de_l_equipe(
    "signalements.rectifiee_equipe", F.REFUS, "Une fiche est rectifiée à la demande de la personne."
)
TRANSMISE = _de_l_equipe("signalements.transmise", F.FICHES, "Une nouvelle fiche est à étudier.")
COMPLETEE = _de_l_equipe(
    "signalements.completee", F.ECHANGES, f"Une réponse est arrivée{INSECABLE}: la fiche est de nouveau à étudier."
)
MESSAGE_EQUIPE = _de_l_equipe(
    "signalements.message_equipe", F.ECHANGES, "Un message est arrivé dans le fil d’une fiche."
)
DELAI_LEVE = _de_l_equipe(
    "signalements.delai_leve",
    F.DELAIS,
    f"Le délai d’une semaine est passé{INSECABLE}: une visite peut être planifiée.",
)
OPPOSITION = declarer(
    GenreAvis(
        code="signalements.opposition",
        famille=F.REFUS,
        phrase="Un refus est enregistré sur une fiche.",
        roles=ROLES_EQUIPE,
        chemin=_vers("fiche"),
        encore=_opposees,
    )
)
DU_FIL: Final = frozenset({COMPLEMENT.code, MESSAGE.code, COMPLETEE.code, MESSAGE_EQUIPE.code})
