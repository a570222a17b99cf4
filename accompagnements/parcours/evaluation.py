"""The evaluation: the diagnostic, the objectives, and the contract that is proposed from them."""

from collections.abc import Mapping, Sequence
from uuid import UUID

from accompagnements.enums import ACCOMPAGNEMENT, OBJECTIF, Action, Axe, Etat, EtatObjectif, SortieDetention
from accompagnements.models import Accompagnement, Diagnostic, Objectif, RevueObjectif
from accompagnements.parcours.verrous import SaisieRefusee, avancer, noter, objectif_verrouille, ouvert, verrouille
from partenaires.models import Compte
from socle import horloge
from socle.versions import ConflitDeVersion


def ecrire_diagnostic(
    pk: UUID,
    *,
    par: Compte,
    version: int,
    textes: Mapping[str, str],
    axes: Sequence[str],
    sortie_detention: str | None = None,
) -> Diagnostic:
    """Write the diagnostic; `version` is 0 when the form was shown empty. `sortie_detention`: a code, None for
    nothing said.

    Raises ConflitDeVersion when somebody wrote in between, TransitionInterdite on a closed accompagnement.
    """
    accompagnement = ouvert(pk, par, "ecrire_diagnostic")
    actuel = Diagnostic.objects.filter(pk=accompagnement.pk).first()
    if actuel is not None and version == 0:
        raise ConflitDeVersion(actuel)
    diagnostic = actuel or Diagnostic(accompagnement=accompagnement, equipe_id=accompagnement.equipe_id)
    champs = [axe.value for axe in Diagnostic.DETERMINANTS]
    for champ in champs:
        setattr(diagnostic, champ, textes.get(champ, "").strip())
    diagnostic.sortie_detention = sortie_detention if sortie_detention in SortieDetention.values else None
    diagnostic.axes = [axe.value for axe in Axe if axe.value in axes]
    diagnostic.ecrit_par, diagnostic.ecrit_le = par, horloge.maintenant()
    if actuel is None:
        diagnostic.save(force_insert=True)
    else:
        diagnostic.enregistrer_version(version, [*champs, "axes", "sortie_detention", "ecrit_par", "ecrit_le"])
    noter(Action.DIAGNOSTIC, accompagnement, equipe_id=accompagnement.equipe_id)
    return diagnostic


def ajouter_objectif(pk: UUID, *, par: Compte, axe: str, texte: str) -> Objectif:
    """Add an objective on an axis; TransitionInterdite on a closed accompagnement."""
    accompagnement = ouvert(pk, par, "ajouter_objectif")
    objectif = Objectif(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, axe=axe, texte=texte.strip(),
        cree_par=par, cree_le=horloge.maintenant(),
    )  # fmt: skip
    objectif.save(force_insert=True)
    noter(Action.OBJECTIF_AJOUTE, objectif, equipe_id=objectif.equipe_id, objet_type="objectif")
    return objectif


def revoir_objectif(
    pk: UUID, *, par: Compte, version: int, etat: str, texte: str | None = None, commentaire: str = ""
) -> Objectif:
    """Review an objective with the person: open, reached or abandoned; the text may change before a contract.

    Each review is kept with its comment, in the order they were made.

    Raises ConflitDeVersion, TransitionInterdite, SaisieRefusee when a signed text would change.
    """
    objectif = objectif_verrouille(pk, par, "revoir_objectif")
    OBJECTIF.verifier("revoir", etat=objectif.etat, roles=par.roles)
    if etat not in EtatObjectif.values:
        raise SaisieRefusee("Dites si l’objectif est ouvert, atteint ou abandonné.", "etat")
    if texte is not None and texte.strip() != objectif.texte:
        if objectif.accompagnement.est_sous_contrat:
            raise SaisieRefusee("Un objectif signé ne change plus : ajoutez-en un autre.", "texte")
        objectif.texte = texte.strip()
    objectif.etat = etat
    objectif.revu_le, objectif.revu_par = horloge.aujourdhui(), par
    objectif.enregistrer_version(version, ["etat", "texte", "revu_le", "revu_par"])
    revue = RevueObjectif(
        objectif=objectif, accompagnement_id=objectif.accompagnement_id, equipe_id=objectif.equipe_id, etat=etat,
        commentaire=commentaire.strip(), revu_le=horloge.maintenant(), par=par,
    )  # fmt: skip
    revue.save(force_insert=True)
    noter(Action.OBJECTIF_REVU, objectif, equipe_id=objectif.equipe_id, objet_type="objectif", motif=etat)
    return objectif


def proposer(pk: UUID, *, par: Compte) -> Accompagnement:
    """The contract is drafted: a diagnostic with an axis, and an open objective, are needed (SaisieRefusee)."""
    accompagnement = verrouille(pk, par)
    ACCOMPAGNEMENT.verifier("proposer", etat=accompagnement.etat, roles=par.roles)
    diagnostic = Diagnostic.objects.filter(pk=accompagnement.pk).first()
    if diagnostic is None or not diagnostic.axes:
        raise SaisieRefusee("Écrivez d’abord le diagnostic et choisissez au moins un axe.", "diagnostic")
    if not Objectif.objects.filter(accompagnement=accompagnement, etat=EtatObjectif.OUVERT).exists():
        raise SaisieRefusee("Ajoutez d’abord un objectif.", "objectifs")
    accompagnement.etat = Etat.PROPOSE
    accompagnement.propose_le = horloge.maintenant()
    avancer(accompagnement, "etat", "propose_le")
    noter(Action.PROPOSE, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


def reprendre_evaluation(pk: UUID, *, par: Compte) -> Accompagnement:
    """Back to the evaluation: the contract is written again with the person."""
    accompagnement = verrouille(pk, par)
    ACCOMPAGNEMENT.verifier("reprendre_evaluation", etat=accompagnement.etat, roles=par.roles)
    accompagnement.etat = Etat.EVALUATION
    accompagnement.evaluation_depuis = horloge.maintenant()
    avancer(accompagnement, "etat", "evaluation_depuis")
    noter(Action.EVALUATION_REPRISE, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement
