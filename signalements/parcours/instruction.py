"""The équipe's work on a transmitted fiche, from triage to the accompagnement or an end."""

from collections.abc import Collection
from datetime import date, datetime
from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.db import transaction

from partenaires.enums import Role
from partenaires.models import Compte, Rattachement
from signalements.enums import INSTRUCTION, Action, EtatInstruction, statut_neutre
from signalements.models import Echange, Fiche, Information, Instruction
from signalements.parcours.depot import etude_a_compter_d_aujourdhui
from signalements.parcours.fil import repondre_vaut_lecture
from signalements.parcours.formulations import contexte_de_la_fiche, garder_les_phrases
from signalements.parcours.information import enregistrer_information, fin_du_delai
from signalements.parcours.verrous import instruction_verrouillee, noter, porte
from socle import envois, horloge
from socle.transitions import TransitionInterdite


def _passer(instruction: Instruction, vers: EtatInstruction, action: Action, *, motif: str = "") -> Instruction:
    """Third and fourth beats: state, dates, neutral status, journal. At an end the orienteur's view closes."""
    fiche = instruction.fiche
    instruction.etat = vers
    if action in (Action.NON_RECEVABLE, Action.CLASSEE):
        instruction.motif = motif
    if instruction.est_finie:
        instruction.fin_le = horloge.maintenant()
    instruction.version += 1
    instruction.save()
    fiche.statut = statut_neutre(vers, rencontre_faite=instruction.rencontre_le is not None)
    if instruction.est_finie:
        fiche.terminee_le = fiche.terminee_le or instruction.fin_le
    elif fiche.terminee_le is not None:
        fiche.statut = "terminee"  # a retrait d'accord closed the orienteur's view before the end
    fiche.save(update_fields=["statut", "terminee_le"])
    noter(action, fiche, motif=motif)
    return instruction


def attribuer(pk: UUID, *, par: Compte, a: Compte | None, version: int | None = None) -> Instruction:
    """Say who in the équipe follows a fiche in triage; PermissionDenied for somebody of another organisation.

    Raises TransitionInterdite once the situation is over. Like every act of the équipe here, with the `version`
    that the form was shown with it raises ConflitDeVersion when something changed since.
    """
    instruction = instruction_verrouillee(pk, par, version)
    if instruction.est_finie:
        raise TransitionInterdite("attribuer", instruction.etat)
    if a is not None:
        membres = Rattachement.objects.visibles_par(par).en_vigueur(horloge.aujourdhui())
        if not membres.filter(compte=a).exists():
            raise PermissionDenied("Cette personne n’est pas de l’équipe.")
    instruction.suivie_par = a
    instruction.version += 1
    instruction.save(update_fields=["suivie_par", "version"])
    noter(Action.ATTRIBUEE, instruction.fiche)
    return instruction


def demander_complement(
    pk: UUID, *, par: Compte, question: str, gardees: Collection[str] = frozenset(), version: int | None = None
) -> Instruction:
    """Ask the orienteur a question, in the thread that the person may read; he has as long as a study to answer.

    Raises FormulationsARevoir (field `question`), like all that is written in the thread.
    """
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("demander_complement", etat=instruction.etat, roles=par.roles)
    _ecrire(instruction.fiche, par, question, gardees, champ="question")
    fiche = instruction.fiche
    instruction.etudier_avant = fiche.repondre_avant = etude_a_compter_d_aujourdhui(instruction.equipe_id)
    fiche.save(update_fields=["repondre_avant"])
    _passer(instruction, EtatInstruction.A_COMPLETER, Action.COMPLEMENT_DEMANDE)
    _prevenir_orienteur("signalements.complement", instruction.fiche)
    return instruction


def completer(
    pk: UUID,
    *,
    par: Compte,
    reponse: str,
    informee_le: date | None = None,
    mode_information: str = "",
    gardees: Collection[str] = frozenset(),
) -> Fiche:
    """The référent answers; the fiche goes back to study, through the door: he never reads the instruction.

    The date of the household's information may come with the answer. Raises DateRefusee, TransitionInterdite
    when the équipe asked nothing (any more).
    """
    if not par.a_role(Role.REFERENT, Role.RESPONSABLE, Role.LOGICIEL):
        raise PermissionDenied("Seul un référent répond à l’équipe.")
    fiche: Fiche = Fiche.objects.visibles_par(par).ouvertes().get(pk=pk, transmise_le__isnull=False)
    with transaction.atomic():
        _ecrire(fiche, par, reponse, gardees, champ="reponse")
        if not porte("completer", fiche.pk, etude_a_compter_d_aujourdhui(fiche.equipe_destinataire_id)):
            raise TransitionInterdite("completer", fiche.statut)
        if informee_le is not None:
            enregistrer_information(pk, par=par, le=informee_le, mode=mode_information)
    fiche.statut = "recue"
    noter(Action.COMPLETEE, fiche)
    envois.prevoir(
        "signalements.completee",
        effet=f"completee|{fiche.pk}|{horloge.maintenant().isoformat()}",
        organisation_id=fiche.equipe_destinataire_id,
        objet_id=fiche.pk,
    )
    return fiche


def ecrire_message(pk: UUID, *, par: Compte, texte: str, gardees: Collection[str] = frozenset()) -> Echange:
    """A message in the thread, by the équipe or a référent, while the fiche is open to both."""
    if not par.a_role(Role.REFERENT, Role.RESPONSABLE, Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
        raise PermissionDenied("Le fil est ouvert aux référents et à l’équipe.")
    fiche: Fiche = Fiche.objects.visibles_par(par).ouvertes().get(pk=pk, transmise_le__isnull=False)
    message = _ecrire(fiche, par, texte, gardees)
    noter(Action.MESSAGE, fiche)
    if par.organisation_id == fiche.equipe_id:
        _prevenir_orienteur("signalements.message", fiche)
    else:
        envois.prevoir(
            "signalements.message_equipe",
            effet=f"message|{message.pk}",
            organisation_id=fiche.equipe_destinataire_id,
            objet_id=fiche.pk,
        )
    return message


def declarer_recevable(pk: UUID, *, par: Compte, version: int | None = None) -> Instruction:
    """Accept the fiche. When the household was told already, the week starts at once."""
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("declarer_recevable", etat=instruction.etat, roles=par.roles)
    instruction.recevable_le = horloge.maintenant()
    information = Information.objects.de_la_fiche(instruction.fiche).first()
    if information is None:
        _passer(instruction, EtatInstruction.RECEVABLE, Action.RECEVABLE)
        _prevenir_orienteur("signalements.information_attendue", instruction.fiche)
        return instruction
    enregistree = horloge.paris(information.enregistree_le).date()
    instruction.delai_jusqua = fin_du_delai(instruction.fiche, information.le, enregistree)
    return _passer(instruction, EtatInstruction.DELAI_OPPOSITION, Action.RECEVABLE)


def declarer_non_recevable(pk: UUID, *, par: Compte, motif: str, version: int | None = None) -> Instruction:
    """Refuse the fiche with a coded motif that no orienteur reads."""
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("declarer_non_recevable", etat=instruction.etat, roles=par.roles)
    return _passer(instruction, EtatInstruction.NON_RECEVABLE, Action.NON_RECEVABLE, motif=motif)


def reorienter(pk: UUID, *, par: Compte, version: int | None = None) -> Instruction:
    """Advise another way, in fixed wording without motif: before `a_visiter` nothing reaches a partner."""
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("reorienter", etat=instruction.etat, roles=par.roles)
    return _passer(instruction, EtatInstruction.REORIENTEE, Action.REORIENTEE)


def classer(pk: UUID, *, par: Compte, motif: str, version: int | None = None) -> Instruction:
    """End before any accompagnement, with a coded motif that no orienteur reads."""
    instruction = instruction_verrouillee(pk, par, version)
    INSTRUCTION.verifier("classer", etat=instruction.etat, roles=par.roles)
    return _passer(instruction, EtatInstruction.CLASSEE, Action.CLASSEE, motif=motif)


def lever_delai(pk: UUID) -> bool:
    """The clock: no opposition came, the first visit may be planned. Runs as `palier_systeme`; safe to run twice.

    Returns whether this call lifted it (a row locked elsewhere, or not due, is left to the next sweep).
    """
    with transaction.atomic():
        instruction = (
            Instruction.objects.all()
            .delai_passe()
            .select_for_update(skip_locked=True, of=("self",))
            .select_related("fiche")
            .filter(pk=pk)
            .first()
        )
        if instruction is None:
            return False
        INSTRUCTION.verifier_etat("lever_delai", etat=instruction.etat)
        instruction.etat = EtatInstruction.A_VISITER
        instruction.visitable_le = horloge.maintenant()
        instruction.version += 1
        instruction.save(update_fields=["etat", "visitable_le", "version"])
        noter(Action.DELAI_LEVE, instruction.fiche)
        envois.prevoir(
            "signalements.delai_leve",
            effet=f"delai_leve|{pk}",
            organisation_id=instruction.equipe_id,
            objet_id=pk,
        )
        return True


# What an accompagnement tells the fiche (called from the application above) -------------------------------


def accompagner(pk: UUID, *, par: Compte) -> Instruction:
    """An accompagnement opens: never before the week has passed."""
    instruction = instruction_verrouillee(pk, par)
    INSTRUCTION.verifier("accompagner", etat=instruction.etat, roles=par.roles)
    return _passer(instruction, EtatInstruction.ACCOMPAGNEE, Action.ACCOMPAGNEE)


def noter_rencontre(pk: UUID, *, par: Compte, le: datetime) -> None:
    """The first visit is done and the person was met: the orienteur reads « Rencontre faite »."""
    instruction = instruction_verrouillee(pk, par)
    if instruction.rencontre_le is None and not instruction.est_finie:
        instruction.rencontre_le = le
        instruction.save(update_fields=["rencontre_le"])
        fiche = instruction.fiche
        if fiche.terminee_le is None:
            fiche.statut = statut_neutre(instruction.etat, rencontre_faite=True)
            fiche.save(update_fields=["statut"])


def noter_contrat(pk: UUID, *, par: Compte, le: datetime) -> None:
    """A contract is signed: from now on the person's refusal is a retrait d'accord."""
    instruction = instruction_verrouillee(pk, par)
    INSTRUCTION.verifier("clore", etat=instruction.etat, roles=par.roles)
    if instruction.contrat_signe_le is None:
        instruction.contrat_signe_le = le
        instruction.save(update_fields=["contrat_signe_le"])


def lever_retrait(pk: UUID, *, par: Compte) -> None:
    """Coordination decided on a retrait d'accord that the accompagnement goes on: nothing is due any more.

    The orienteur's view stays closed. Raises PermissionDenied for another role.
    """
    INSTRUCTION.verifier_role("annuler_opposition", roles=par.roles)
    instruction = instruction_verrouillee(pk, par)
    instruction.retrait_demande_le = None
    instruction.save(update_fields=["retrait_demande_le"])


def clore(pk: UUID, *, par: Compte, vers: EtatInstruction = EtatInstruction.CLOSE, motif: str = "") -> Instruction:
    """The accompagnement ended: `close`, or `classee` (with a motif) or `reorientee` when no contract was signed."""
    instruction = instruction_verrouillee(pk, par)
    t = INSTRUCTION.verifier("clore", etat=instruction.etat, roles=par.roles)
    if vers not in t.vers:
        raise ValueError(f"clore does not lead to {vers}")
    if vers == EtatInstruction.CLASSEE:
        return _passer(instruction, vers, Action.CLASSEE, motif=motif)
    return _passer(instruction, vers, Action.CLOSE)


def _ecrire(fiche: Fiche, par: Compte, texte: str, gardees: Collection[str], *, champ: str = "texte") -> Echange:
    garder_les_phrases(fiche, {champ: texte}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    organisation = par.organisation_active
    assert organisation is not None
    message = Echange(
        fiche=fiche, equipe_id=fiche.equipe_destinataire_id, orienteur_id=fiche.orienteur_id, auteur=par,
        organisation=par.organisation_active, texte=texte.strip(), le=horloge.maintenant(),
    )  # fmt: skip
    message.save(force_insert=True)
    repondre_vaut_lecture(message)
    return message


def _prevenir_orienteur(genre: str, fiche: Fiche) -> None:
    envois.prevoir(
        genre,
        effet=f"{genre}|{fiche.pk}|{horloge.maintenant().isoformat()}",
        organisation_id=fiche.orienteur_id,
        objet_id=fiche.pk,
    )
