"""Two fiches of one équipe: of the same person, of two, or undecided again."""

from uuid import UUID

from django.core.exceptions import ValidationError

from partenaires.models import Compte
from signalements.enums import Action, MotifSeparation, Verdict
from signalements.models import Rapprochement
from signalements.models.rapprochements import ordonnees
from signalements.parcours.verrous import instruction_verrouillee
from socle import horloge, journal


def decider(une: UUID, autre: UUID, *, par: Compte, verdict: str, motif: str = "") -> Rapprochement:
    """Say that two fiches are of one person, or of two (with a motif); said twice, it is said once.

    Raises Instruction.DoesNotExist when either is not of this person's équipe, ValidationError for a fiche with
    itself, an unknown verdict, a motif that does not go with it, or when the contrary is decided already.
    """
    if une == autre:
        raise ValidationError("Une fiche ne se compare pas à elle-même.")
    if verdict not in Verdict.values:
        raise ValidationError("Choisissez si c’est la même personne ou non.")
    if verdict == Verdict.A_PART and motif not in MotifSeparation.values:
        raise ValidationError("Choisissez pourquoi ce sont deux personnes.")
    motif = motif if verdict == Verdict.A_PART else ""
    premiere, seconde = ordonnees(une, autre)
    equipe_id = instruction_verrouillee(premiere, par).equipe_id
    instruction_verrouillee(seconde, par)
    connu: Rapprochement | None = Rapprochement.objects.visibles_par(par).en_vigueur().de_la_paire(une, autre).first()
    if connu is not None:
        if (connu.verdict, connu.motif) == (verdict, motif):
            return connu
        raise ValidationError("Une décision existe déjà sur ces deux fiches. Annulez-la d’abord.")
    rapprochement = Rapprochement(
        equipe_id=equipe_id, premiere_id=premiere, seconde_id=seconde, verdict=verdict, motif=motif, par=par
    )
    rapprochement.save(force_insert=True)
    _noter(Action.RAPPROCHEE if verdict == Verdict.ENSEMBLE else Action.SEPAREE, rapprochement, motif)
    return rapprochement


def annuler_rapprochement(une: UUID, autre: UUID, *, par: Compte) -> Rapprochement | None:
    """Take back what was decided of two fiches; None when nothing was, or somebody did it already.

    Raises Instruction.DoesNotExist when either is not of this person's équipe.
    """
    for pk in ordonnees(une, autre):
        instruction_verrouillee(pk, par)
    connu: Rapprochement | None = Rapprochement.objects.visibles_par(par).en_vigueur().de_la_paire(une, autre).first()
    if connu is None:
        return None
    connu.annule_par, connu.annule_le = par, horloge.maintenant()
    connu.save(update_fields=["annule_par", "annule_le"])
    _noter(Action.RAPPROCHEMENT_ANNULE, connu)
    return connu


def _noter(action: Action, rapprochement: Rapprochement, motif: str = "") -> None:
    journal.noter(
        action,
        organisation_id=rapprochement.equipe_id,
        objet_type="fiche",
        objets=[rapprochement.premiere_id, rapprochement.seconde_id],
        motif=motif,
    )
