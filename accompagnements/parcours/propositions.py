"""The slots of the joint first visit: offered by the équipe, answered by the référent, followed by the visit."""

from collections.abc import Collection, Sequence
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.db import DatabaseError, connection, transaction
from psycopg.errors import InsufficientPrivilege

from accompagnements.enums import PROPOSITION, Action, EtatProposition, EtatVisite
from accompagnements.models import Accompagnement, Intervenant, PropositionDeVisite, Visite
from accompagnements.parcours.verrous import SaisieRefusee, avancer, noter, ouvert, verrouille
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte
from signalements.parcours import contexte_de_la_fiche
from signalements.parcours.formulations import garder_les_phrases
from socle import envois, horloge
from socle.calendrier import ajouter_jours_ouvres
from socle.chiffrement import scelle_de
from socle.ecriture import INSECABLE
from socle.identifiants import uuid7
from socle.transitions import TransitionInterdite

REPONSE_OUVRES: Final = 3  # working days before the équipe is told that nobody answered
HORIZON: Final = timedelta(days=60)
PROPOSES, REPONDUS, CHANGES = (
    "accompagnements.creneaux_proposes", "accompagnements.creneaux_repondus", "accompagnements.rendez_vous_change",
)  # fmt: skip


def proposer_creneaux(
    pk: UUID, *, par: Compte, creneaux: Sequence[datetime], telephone: str, duree: int = 60
) -> PropositionDeVisite:
    """Offer one to five dates for the joint first visit to the référents of the bailleur.

    The accompagnement is open, so the week has passed. Dates offered before, and declined, are replaced. Raises
    SaisieRefusee (no date, a past one, nobody to call, no référent), TransitionInterdite when a first visit is planned
    or made, or an offer still waits.
    """
    accompagnement = ouvert(pk, par, "proposer_creneaux")
    maintenant = horloge.maintenant()
    dates = sorted(set(creneaux))
    if not 1 <= len(dates) <= PropositionDeVisite.MAXIMUM:
        raise SaisieRefusee("Proposez une à cinq dates.", "jour_1")
    if dates[0] <= maintenant or dates[-1] > maintenant + HORIZON:
        raise SaisieRefusee("Proposez des dates à venir, dans les deux mois.", "jour_1")
    if not telephone.strip():
        raise SaisieRefusee("Donnez un numéro à appeler le jour de la visite.", "telephone")
    orienteur = accompagnement.fiche.orienteur
    if orienteur.genre != GenreOrganisation.BAILLEUR:
        raise SaisieRefusee(f"Cette fiche ne vient pas d’un bailleur{INSECABLE}: planifiez la visite directement.")
    if Visite.objects.all().de_l_accompagnement(accompagnement).premieres().en_vue().exists():
        raise TransitionInterdite("proposer_creneaux", EtatVisite.PLANIFIEE)
    for ancienne in PropositionDeVisite.objects.all().de_l_accompagnement(accompagnement).montrees():
        if ancienne.etat != EtatProposition.DECLINEE:
            raise TransitionInterdite("proposer_creneaux", ancienne.etat)
        _changer(ancienne, EtatProposition.RETIREE)
    principal = Intervenant.objects.all().de_l_accompagnement(accompagnement).filter(au=None, principal=True).first()
    proposition = PropositionDeVisite(
        accompagnement=accompagnement, fiche_id=accompagnement.fiche_id, equipe_id=accompagnement.equipe_id,
        orienteur=orienteur, creneaux=dates, duree=duree, pas_seul=accompagnement.ne_pas_y_aller_seul,
        contact=(principal.compte if principal else par).nom_complet, contact_telephone=telephone.strip(),
        proposee_par=par, proposee_le=maintenant,
        repondre_avant=min(
            ajouter_jours_ouvres(horloge.aujourdhui(), REPONSE_OUVRES), horloge.paris(dates[0]).date()
        ),
    )  # fmt: skip
    proposition.save(force_insert=True)
    _noter(Action.CRENEAUX_PROPOSES, proposition)
    _prevenir(PROPOSES, proposition, proposition.orienteur_id)
    return proposition


def retirer_creneau(pk: UUID, *, par: Compte, creneau: datetime) -> PropositionDeVisite:
    """One date is not possible any more; the last one takes the whole offer away."""
    proposition = _verrouillee(pk, par, "retirer_creneau")
    reste = [c for c in proposition.creneaux if c != creneau]
    if len(reste) == len(proposition.creneaux):
        raise SaisieRefusee("Cette date n’est plus proposée.")
    if not reste:
        return _retirer(proposition, Action.CRENEAUX_RETIRES)
    proposition.creneaux = reste
    avancer_proposition(proposition, "creneaux")
    _noter(Action.CRENEAUX_RETIRES, proposition)
    return proposition


def retirer_proposition(pk: UUID, *, par: Compte) -> PropositionDeVisite:
    """Take the offer away; a date agreed is cancelled with its visit (`annuler_visite`), never here."""
    proposition = _verrouillee(pk, par, "retirer")
    if proposition.etat == EtatProposition.ACCEPTEE:
        raise TransitionInterdite("retirer", proposition.etat)
    return _retirer(proposition, Action.CRENEAUX_RETIRES)


def accepter_creneau(pk: UUID, *, par: Compte, creneau: datetime) -> PropositionDeVisite:
    """The référent takes a date: the visit is planned with the intervenants of that moment.

    Raises TransitionInterdite when a colleague answered before, SaisieRefusee when the date has gone,
    PropositionDeVisite.DoesNotExist out of scope, PermissionDenied for another role.
    """
    proposition = _du_referent(pk, par, "accepter")
    issue = _porte(proposition, creneau)
    if issue == "passee":
        raise SaisieRefusee(f"Cette date n’est plus possible{INSECABLE}: choisissez-en une autre.", "creneau")
    return _repondue(proposition, issue, "accepter", Action.CRENEAU_ACCEPTE)


def decliner_creneaux(pk: UUID, *, par: Compte, message: str, gardees: Collection[str] = ()) -> PropositionDeVisite:
    """None fits; a bounded sentence, read by the guard, says when would. Same errors as `accepter_creneau`."""
    proposition = _du_referent(pk, par, "decliner")
    dit = message.strip()
    if not dit:
        raise SaisieRefusee("Dites quels jours vous conviendraient.", "message")
    fiche = proposition.fiche
    garder_les_phrases(fiche, {"message": dit}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    proposition.reponse = dit
    return _repondue(proposition, _porte(proposition, None), "decliner", Action.CRENEAUX_DECLINES)


def changer_consigne(pk: UUID, *, par: Compte, ne_pas_y_aller_seul: bool, raison: str) -> Accompagnement:
    """The instruction of the home visits and its reason, which only the équipe reads.

    What is planned and what is offered follow: the référent reads the instruction, never why.
    """
    accompagnement = ouvert(pk, par, "changer_consigne")
    accompagnement.ne_pas_y_aller_seul = ne_pas_y_aller_seul
    accompagnement.raison_pas_seul = raison.strip() if ne_pas_y_aller_seul else ""
    avancer(accompagnement, "ne_pas_y_aller_seul", "raison_pas_seul")
    for visite in Visite.objects.all().de_l_accompagnement(accompagnement).planifiees():
        visite.ne_pas_y_aller_seul = ne_pas_y_aller_seul
        visite.save(update_fields=["ne_pas_y_aller_seul"])
    for proposition in PropositionDeVisite.objects.all().de_l_accompagnement(accompagnement).montrees():
        proposition.pas_seul = ne_pas_y_aller_seul
        avancer_proposition(proposition, "pas_seul")
    noter(Action.CONSIGNE, accompagnement, equipe_id=accompagnement.equipe_id)
    return accompagnement


# What follows the visit ----------------------------------------------------------------------------------------------


def remplacer_par_une_visite(accompagnement: Accompagnement) -> None:
    """The équipe planned the first visit itself (by phone): what it had offered is taken away."""
    for proposition in PropositionDeVisite.objects.all().de_l_accompagnement(accompagnement).montrees():
        _retirer(proposition, Action.CRENEAUX_RETIRES)


def suivre_visite(visite: Visite) -> None:
    """The date agreed follows its visit: moved, told, or gone with it; the référent is told of a change."""
    if visite.proposition_id is None:
        return
    proposition = PropositionDeVisite.objects.get(pk=visite.proposition_id)
    if proposition.etat != EtatProposition.ACCEPTEE:
        return
    if visite.etat == EtatVisite.PLANIFIEE:
        proposition.retenu = visite.debut
        avancer_proposition(proposition, "retenu")
        _prevenir(CHANGES, proposition, proposition.orienteur_id, f"|{proposition.version}")
    elif visite.etat == EtatVisite.ANNULEE:
        _changer(proposition, EtatProposition.RETIREE)
        _prevenir(CHANGES, proposition, proposition.orienteur_id, "|annulee")
    else:
        _changer(proposition, EtatProposition.TENUE)


def avancer_proposition(proposition: PropositionDeVisite, *champs: str) -> None:
    proposition.version += 1
    proposition.save(update_fields=[*champs, "version"])


def _verrouillee(pk: UUID, par: Compte, nom: str) -> PropositionDeVisite:
    """The offer, behind the lock of its accompagnement, which whoever answers takes too."""
    parent = PropositionDeVisite.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    PROPOSITION.verifier_role(nom, roles=par.roles)
    accompagnement = verrouille(parent, par, avec_fiche=True)
    proposition: PropositionDeVisite = PropositionDeVisite.objects.visibles_par(par).get(pk=pk)
    PROPOSITION.verifier(nom, etat=proposition.etat, roles=par.roles)
    if accompagnement.est_clos:
        raise TransitionInterdite(nom, accompagnement.etat)
    return proposition


def _du_referent(pk: UUID, par: Compte, nom: str) -> PropositionDeVisite:
    """The offer as the référent reads it; the door locks it."""
    proposition: PropositionDeVisite = PropositionDeVisite.objects.visibles_par(par).avec_fiche().get(pk=pk)
    PROPOSITION.verifier(nom, etat=proposition.etat, roles=par.roles)
    return proposition


def _porte(proposition: PropositionDeVisite, choix: datetime | None) -> str:
    """What the door answers; PropositionDeVisite.DoesNotExist when the situation ended meanwhile."""
    visite = Visite(pk=uuid7(), equipe_id=proposition.equipe_id)
    scelles = [scelle_de(visite, nom, "") for nom in ("compte_rendu", "autres_presents")]
    reponse = None if choix is not None else scelle_de(proposition, "reponse", proposition.reponse or "")
    try:
        with transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(
                "SELECT droit.repondre_proposition(%s, %s, %s, %s, %s, %s, %s)",
                [proposition.pk, choix, reponse, horloge.maintenant(), visite.pk, *scelles],
            )
            ligne = curseur.fetchone()
    except DatabaseError as refus:
        if isinstance(refus.__cause__, InsufficientPrivilege):
            raise PropositionDeVisite.DoesNotExist from refus
        raise
    return str(ligne[0]) if ligne else ""


def _repondue(proposition: PropositionDeVisite, issue: str, nom: str, action: Action) -> PropositionDeVisite:
    if issue == "repondue":
        raise TransitionInterdite(nom, EtatProposition.ACCEPTEE)
    _noter(action, proposition)
    _prevenir(REPONDUS, proposition, proposition.equipe_id)
    proposition.refresh_from_db(fields=["etat", "retenu", "repondue_le", "repondue_par", "version"])
    return proposition


def _retirer(proposition: PropositionDeVisite, action: Action) -> PropositionDeVisite:
    _changer(proposition, EtatProposition.RETIREE)
    _noter(action, proposition)
    return proposition


def _changer(proposition: PropositionDeVisite, etat: EtatProposition) -> None:
    proposition.etat = etat
    avancer_proposition(proposition, "etat")


def _noter(action: Action, proposition: PropositionDeVisite) -> None:
    noter(action, proposition, equipe_id=proposition.equipe_id, objet_type="proposition")


def _prevenir(genre: str, proposition: PropositionDeVisite, organisation_id: int, suite: str = "") -> None:
    envois.prevoir(
        genre, effet=f"{genre}|{proposition.pk}{suite}", organisation_id=organisation_id, objet_id=proposition.pk
    )
