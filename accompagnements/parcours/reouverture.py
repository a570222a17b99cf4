"""An end taken back within thirty days: the accompagnement goes on, and the bailleur is told nothing of it."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import ACCOMPAGNEMENT, Action, Etat, MotifSansSuite
from accompagnements.models import Accompagnement, Intervenant, Reouverture
from accompagnements.parcours.verrous import SaisieRefusee, avancer, noter, verrouille
from partenaires.enums import Role
from partenaires.models import Compte
from socle import horloge
from socle.transitions import TransitionInterdite


def rouvrir(pk: UUID, *, par: Compte, raison: str) -> Accompagnement:
    """Back to `en_cours` (a contract was signed) or `evaluation`, by coordination or an intervenant.

    The fiche stays over: its neutral status, what the bailleur reads and the thread do not move (docs/adr). Raises
    PermissionDenied, TransitionInterdite after thirty days or for an opposition, SaisieRefusee without a reason.
    """
    accompagnement = verrouille(pk, par, avec_fiche=True)
    nom = "rouvrir_evaluation" if accompagnement.etat == Etat.SANS_SUITE else "rouvrir"
    ACCOMPAGNEMENT.verifier(nom, etat=accompagnement.etat, roles=par.roles)
    suivi = Intervenant.objects.all().en_charge().filter(accompagnement=accompagnement, compte=par)
    if not par.a_role(Role.COORDINATION) and not suivi.exists():
        raise PermissionDenied("La coordination, ou qui suivait la situation, la rouvre.")
    assert accompagnement.fin_le is not None
    if accompagnement.motif_fin == MotifSansSuite.OPPOSITION or est_trop_tard(accompagnement):
        raise TransitionInterdite(nom, accompagnement.etat)
    if not raison.strip():
        raise SaisieRefusee("Dites pourquoi la situation se rouvre.", "raison")
    Reouverture(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, le=horloge.maintenant(), par=par,
        raison=raison.strip(), fin_le=accompagnement.fin_le, motif_fin=accompagnement.motif_fin,
        relais=accompagnement.relais, situation_logement=accompagnement.situation_logement,
    ).save(force_insert=True)  # fmt: skip
    if accompagnement.etat == Etat.SANS_SUITE:
        accompagnement.etat, accompagnement.evaluation_depuis = Etat.EVALUATION, horloge.maintenant()
    else:
        accompagnement.etat = Etat.EN_COURS
    accompagnement.fin_le = accompagnement.fin_par = None
    accompagnement.motif_fin = accompagnement.relais = accompagnement.situation_logement = ""
    avancer(
        accompagnement, "etat", "evaluation_depuis", "fin_le", "fin_par", "motif_fin", "relais", "situation_logement"
    )
    noter(Action.ROUVERT, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


def est_trop_tard(accompagnement: Accompagnement) -> bool:
    """Whether the thirty days after the end are over."""
    assert accompagnement.fin_le is not None
    return horloge.maintenant() > accompagnement.fin_le + Reouverture.DELAI
