"""Kinds of notification of `indicateurs`: their words, who may receive them, and when they still hold."""

from collections.abc import Collection

from django.urls import reverse

from indicateurs.enums import EtatBilan
from indicateurs.models import Bilan
from indicateurs.parcours.echeances import ENVOI_DU, ENVOI_OUVERT
from partenaires.enums import FamilleAvis, Role
from partenaires.genres import GenreAvis, declarer
from signalements.enums import EtatInstruction, EtatReleve
from signalements.genres import AUTEURS
from signalements.models import Releve
from socle.ecriture import INSECABLE


def _attendus(objets: Collection[str]) -> set[str]:
    """Expected, of a person who did not refuse."""
    lignes = Releve.objects.filter(pk__in=objets, etat=EtatReleve.ATTENDU)
    opposes = set(lignes.filter(fiche__instruction__etat=EtatInstruction.OPPOSITION).values_list("pk", flat=True))
    return {str(pk) for pk in lignes.values_list("pk", flat=True) if pk not in opposes}


def _a_l_etat(etat: EtatBilan, objets: Collection[str]) -> set[str]:
    return {str(pk) for pk in Bilan.objects.filter(pk__in=objets, etat=etat).values_list("pk", flat=True)}


def _de_releve(code: str, phrase: str) -> GenreAvis:
    return declarer(
        GenreAvis(
            code=code,
            famille=FamilleAvis.RELEVES,
            phrase=phrase,
            roles=AUTEURS,
            chemin=lambda pk: reverse("releve", args=[pk]),
            encore=_attendus,
            se_remplace=False,  # only the rater, or those who share the relevés, may open it
        )
    )


def _de_bilan(code: str, phrase: str, role: Role, etat: EtatBilan) -> GenreAvis:
    return declarer(
        GenreAvis(
            code=code,
            famille=FamilleAvis.BILANS,
            phrase=phrase,
            roles=frozenset({role}),
            chemin=lambda pk: reverse("bilan", args=[pk]),
            encore=lambda objets: _a_l_etat(etat, objets),
        )
    )


RELEVE_OUVERT = _de_releve(
    ENVOI_OUVERT, f"Six mois ont passé{INSECABLE}: une situation attend que vous notiez ce que vous observez."
)
RELEVE_DU = _de_releve(ENVOI_DU, "Un relevé à six mois est attendu.")
BILAN_PRET = _de_bilan(
    "indicateurs.bilan_pret", "Un bilan est prêt à relire et à publier.", Role.COORDINATION, EtatBilan.PRET
)
BILAN_PUBLIE = _de_bilan(
    "indicateurs.bilan_publie",
    "Une équipe dédiée de vos territoires a publié un bilan.",
    Role.COORDINATION_CLSM,
    EtatBilan.PUBLIE,
)
