"""The household refuses: everything is hidden at once, erased a week later; a mistaken click can be repaired."""

from datetime import timedelta
from uuid import UUID

from django.core.exceptions import PermissionDenied

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import INSTRUCTION, Action, EtatInstruction, statut_neutre
from signalements.models import Fiche, Instruction, Locataire, OppositionConnue
from signalements.parcours.marque import marque_de
from signalements.parcours.verrous import instruction_verrouillee, noter, porte
from socle import envois, horloge
from socle.transitions import TransitionInterdite

GRACE = timedelta(days=7)  # before the content is erased


def opposer(pk: UUID, *, par: Compte) -> Fiche:
    """Record that the person refuses (RGPD art. 21). Before a contract everything is hidden from everyone at
    once; after it the wish goes to coordination. For the orienteur both look alike.

    Raises PermissionDenied for another role, TransitionInterdite when the situation is over already.
    """
    if not par.a_role(Role.REFERENT, Role.RESPONSABLE, Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
        raise PermissionDenied("Seuls un référent ou l’équipe enregistrent une opposition.")
    fiche: Fiche = Fiche.objects.visibles_par(par).get(pk=pk, transmise_le__isnull=False)
    locataire = Locataire.objects.filter(pk=pk).first()
    if locataire is None or fiche.terminee_le is not None:
        raise TransitionInterdite("opposer", fiche.statut)
    jour = horloge.aujourdhui()
    maintenant = horloge.maintenant()
    if not porte("opposer", pk, maintenant, jour, marque_de(fiche, locataire), OppositionConnue.expiration(jour)):
        raise TransitionInterdite("opposer", fiche.statut)
    fiche.statut, fiche.terminee_le = "terminee", maintenant
    noter(Action.OPPOSITION, fiche)
    envois.prevoir(
        "signalements.opposition",
        effet=f"opposition|{pk}|{maintenant.isoformat()}",
        organisation_id=fiche.equipe_destinataire_id,
        objet_id=pk,
    )
    return fiche


def annuler_opposition(pk: UUID, *, par: Compte, version: int | None = None) -> Instruction:
    """Coordination repairs a mistaken click within seven days: the content comes back where it was.

    Raises TransitionInterdite once the grace has passed (the content is erased).
    """
    INSTRUCTION.verifier_role("annuler_opposition", roles=par.roles)
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("annuler_opposition", etat=instruction.etat, roles=par.roles)
    assert instruction.fin_le is not None
    if horloge.maintenant() > instruction.fin_le + GRACE:
        raise TransitionInterdite("annuler_opposition", instruction.etat)
    instruction.etat = EtatInstruction(instruction.etat_avant)
    instruction.etat_avant = ""
    instruction.fin_le = None
    instruction.version += 1
    instruction.save()
    fiche = instruction.fiche
    fiche.terminee_le = None
    fiche.statut = statut_neutre(instruction.etat, rencontre_faite=instruction.rencontre_le is not None)
    fiche.save(update_fields=["statut", "terminee_le"])
    OppositionConnue.objects.filter(equipe_id=instruction.equipe_id, fiche_id=pk).delete()
    noter(Action.OPPOSITION_ANNULEE, fiche)
    return instruction
