"""Concertations: prepared, convened, held or cancelled; who is invited, which situations, who answers.

Nothing that an attendee reads names the person, her dwelling or the reference of her fiche: what would is refused.
"""

from collections.abc import Collection
from datetime import datetime
from typing import Any
from uuid import UUID

from django.db import connection

from accompagnements.enums import Action
from accompagnements.enums.concertations import (
    CONCERTATION,
    EtatConcertation,
    GenreConcertation,
    ReponseInvitation,
)
from accompagnements.models import (
    Accompagnement,
    Commission,
    Concertation,
    DossierConcertation,
    InvitationConcertation,
    PointConcertation,
    SituationEvoquee,
)
from accompagnements.parcours.verrous import SaisieRefusee, membres, noter, ouvert
from partenaires.droits import exiger
from partenaires.enums import GENRES_SECRETS, GenreOrganisation, Permission
from partenaires.models import Compte, Organisation
from signalements.models import Fiche
from signalements.parcours.formulations import contexte_de_la_fiche, garder_les_phrases
from socle import envois, horloge
from socle.calendrier import tranche_age
from socle.chiffrement import mots_de, scelle_de
from socle.ecriture import INSECABLE, jour_de
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

INVITABLES = (GenreOrganisation.PARTENAIRE, GenreOrganisation.BAILLEUR)
OBJET = "concertation"


def preparer_concertation(
    *,
    par: Compte,
    debut: datetime,
    duree: int,
    lieu: str,
    commission: Commission | None = None,
    comptes: Collection[int] = (),
) -> Concertation:
    """A meeting to come; that of a commission invites its usual organisations. SaisieRefusee, PermissionDenied."""
    equipe_id = exiger(par, Permission.SUIVRE)
    _a_venir(debut)
    concertation = Concertation(
        equipe_id=equipe_id, debut=debut, duree=duree, lieu=lieu.strip(), creee_par=par, commission=commission,
        genre=GenreConcertation.COMMISSION if commission else GenreConcertation.CONCERTATION,
        creee_le=horloge.maintenant(), membres=membres(par, comptes),
    )  # fmt: skip
    concertation.save(force_insert=True)
    if commission is not None:
        habituelles = Organisation.objects.filter(pk__in=commission.habituelles, fermee_le=None)
        for organisation in habituelles.filter(genre__in=INVITABLES):
            _inviter(concertation, organisation, "")
    _verifier_le_lieu(concertation)
    _noter(Action.CONCERTATION_PREPAREE, concertation)
    return concertation


def modifier_concertation(
    pk: UUID, *, par: Compte, version: int, debut: datetime, duree: int, lieu: str, comptes: Collection[int] = ()
) -> Concertation:
    """Move it, or correct it. Moved once convened, each organisation is asked again.

    TransitionInterdite once it is held or cancelled, ConflitDeVersion, SaisieRefusee.
    """
    concertation = _modifiable(pk, par, "modifier_concertation")
    if concertation.version != version:
        raise ConflitDeVersion(concertation)
    deplacee = debut != concertation.debut
    if deplacee:
        _a_venir(debut)
    ailleurs = deplacee or lieu.strip() != concertation.lieu
    concertation.debut, concertation.duree, concertation.lieu = debut, duree, lieu.strip()
    concertation.membres = membres(par, comptes)
    _verifier_le_lieu(concertation)
    _avancer(concertation, "debut", "duree", "lieu", "membres")
    if ailleurs and concertation.est_convoquee:
        lignes = InvitationConcertation.objects.filter(concertation=concertation)
        if deplacee:
            lignes.update(reponse=ReponseInvitation.ATTENDUE, repondue_le=None, repondue_par=None)
        _promettre(lignes, concertation)
    _noter(Action.CONCERTATION_MODIFIEE, concertation)
    return concertation


def inviter_organisation(
    pk: UUID, *, par: Compte, organisation: Organisation, personnes: str = ""
) -> InvitationConcertation:
    """Invite a partner or a bailleur, with the names of people without an account; at once when it is convened.

    SaisieRefusee for another kind, or when it is invited already.
    """
    concertation = _modifiable(pk, par, "inviter_organisation")
    if organisation.genre not in INVITABLES or organisation.fermee_le is not None:
        raise SaisieRefusee("Choisissez un partenaire ou un bailleur.", "organisation")
    if InvitationConcertation.objects.filter(concertation=concertation, organisation=organisation).exists():
        raise SaisieRefusee("Cette organisation est déjà invitée.", "organisation")
    invitation = _inviter(concertation, organisation, personnes)
    _verifier_le_lieu(concertation)
    _avancer(concertation)
    if concertation.est_convoquee:
        _promettre(InvitationConcertation.objects.filter(pk=invitation.pk), concertation)
    _noter(Action.CONCERTATION_MODIFIEE, concertation)
    return invitation


def desinviter(pk: UUID, *, par: Compte) -> Concertation:
    """Take an invitation away while the meeting is prepared: the organisation never knows of it."""
    parent = InvitationConcertation.objects.visibles_par(par).values_list("concertation", flat=True).get(pk=pk)
    concertation = verrouillee(parent, par)
    if concertation.etat != EtatConcertation.PREPAREE:
        raise TransitionInterdite("desinviter", concertation.etat)
    InvitationConcertation.objects.filter(pk=pk, concertation=concertation)._raw_delete("default")
    _avancer(concertation)
    _noter(Action.CONCERTATION_MODIFIEE, concertation)
    return concertation


def inscrire_situation(
    pk: UUID, accompagnement_pk: UUID, *, par: Compte, demande: str, gardees: Collection[str] = ()
) -> PointConcertation:
    """Put an open situation on the agenda, under the next letter.

    A concertation bears on one situation; a commission on 26 at most. SaisieRefusee, FormulationsARevoir when what is
    asked judges; TransitionInterdite on a meeting that is over, or a situation that is.
    """
    concertation = _modifiable(pk, par, "inscrire_situation")
    accompagnement = ouvert(accompagnement_pk, par, "inscrire_situation")
    if accompagnement.retrait_en_attente:
        raise TransitionInterdite("inscrire_situation", "retrait d’accord")
    if SituationEvoquee.objects.filter(concertation=concertation, accompagnement=accompagnement).exists():
        raise SaisieRefusee("Cette situation est déjà à l’ordre du jour.", "situation")
    rangs = ordre_du_jour(concertation)
    if concertation.genre == GenreConcertation.CONCERTATION and rangs:
        raise SaisieRefusee("Une concertation porte sur une seule situation.", "situation")
    rang = max(rangs, default=0) + 1
    if rang > PointConcertation.NOMBRE_MAXIMUM:
        raise SaisieRefusee(f"Une commission a au plus {PointConcertation.NOMBRE_MAXIMUM} situations.", "situation")
    fiche = _fiche_entiere(par, accompagnement)
    verifier_sans_nom(demande, fiche)
    garder_les_phrases(fiche, {"demande": demande}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    residence = fiche.residence
    point = PointConcertation(
        concertation=concertation, equipe_id=concertation.equipe_id, rang=rang, demande=demande.strip(),
        tranche_age=_tranche(fiche), commune=residence.territoire.nom if residence else "",
    )  # fmt: skip
    point.save(force_insert=True)
    SituationEvoquee(
        point=point, concertation=concertation, equipe_id=concertation.equipe_id, accompagnement=accompagnement
    ).save(force_insert=True)
    _avancer(concertation)
    noter(Action.SITUATION_EVOQUEE, accompagnement, equipe_id=concertation.equipe_id)
    return point


def modifier_demande(
    pk: UUID, *, par: Compte, version: int, demande: str, gardees: Collection[str] = ()
) -> PointConcertation:
    """What is asked of those who come; ConflitDeVersion, SaisieRefusee, TransitionInterdite once it is over."""
    point, _ = _point_modifiable(pk, par, "modifier_demande")
    fiche = _fiche_entiere(par, point.situation.accompagnement)
    verifier_sans_nom(demande, fiche)
    garder_les_phrases(fiche, {"demande": demande}, contexte=contexte_de_la_fiche(fiche), gardees=gardees)
    point.demande = demande.strip()
    point.enregistrer_version(version, ["demande"])
    noter(Action.CONCERTATION_MODIFIEE, point.concertation, equipe_id=point.equipe_id, objet_type=OBJET)
    return point


def retirer_situation(pk: UUID, *, par: Compte) -> Concertation:
    """Take a situation off the agenda: its letter is not given again, packs that held it are served no more."""
    point, concertation = _point_modifiable(pk, par, "retirer_situation")
    noter(Action.SITUATION_RETIREE, point.situation.accompagnement, equipe_id=concertation.equipe_id)
    dossiers = DossierConcertation.objects.filter(concertation=concertation, points__contains=[point.pk])
    dossiers.update(remplace_le=horloge.maintenant())
    PointConcertation.objects.filter(pk=point.pk)._raw_delete("default")  # the situation cascades in the database
    _avancer(concertation)
    return concertation


def convoquer(pk: UUID, *, par: Compte) -> Concertation:
    """Send the invitations; SaisieRefusee without an organisation or without a situation."""
    concertation = verrouillee(pk, par)
    CONCERTATION.verifier("convoquer", etat=concertation.etat, roles=par.roles)
    _a_venir(concertation.debut)
    invitations = InvitationConcertation.objects.filter(concertation=concertation)
    if not invitations.exists():
        raise SaisieRefusee("Invitez au moins une organisation.")
    if not ordre_du_jour(concertation):
        raise SaisieRefusee("Inscrivez au moins une situation à l’ordre du jour.")
    concertation.etat = EtatConcertation.CONVOQUEE
    concertation.convoquee_le = horloge.maintenant()
    _avancer(concertation, "etat", "convoquee_le")
    invitations.update(convoquee_le=concertation.convoquee_le)
    _promettre(invitations, concertation)
    _noter(Action.CONCERTATION_CONVOQUEE, concertation)
    return concertation


def tenir(pk: UUID, *, par: Compte, presentes: Collection[UUID], comptes: Collection[int]) -> Concertation:
    """It took place: which organisations came, and who of the équipe. Not before its day: TransitionInterdite."""
    concertation = verrouillee(pk, par)
    CONCERTATION.verifier("tenir", etat=concertation.etat, roles=par.roles)
    if jour_de(concertation.debut) > horloge.aujourdhui():
        raise TransitionInterdite("tenir", concertation.etat)
    concertation.etat = EtatConcertation.TENUE
    concertation.tenue_le = horloge.maintenant()
    concertation.membres = membres(par, comptes)
    _avancer(concertation, "etat", "tenue_le", "membres")
    invitations = InvitationConcertation.objects.filter(concertation=concertation)
    invitations.update(presente=False)
    invitations.filter(pk__in=list(presentes)).update(presente=True)
    _noter(Action.CONCERTATION_TENUE, concertation)
    return concertation


def annuler_concertation(pk: UUID, *, par: Compte) -> Concertation:
    """It will not take place; those convened are told, and read nothing of it any more."""
    concertation = verrouillee(pk, par)
    CONCERTATION.verifier("annuler_concertation", etat=concertation.etat, roles=par.roles)
    convoquees = concertation.est_convoquee
    concertation.etat = EtatConcertation.ANNULEE
    _avancer(concertation, "etat")
    if convoquees:
        _promettre(InvitationConcertation.objects.filter(concertation=concertation), concertation)
    _noter(Action.CONCERTATION_ANNULEE, concertation)
    return concertation


def repondre_invitation(pk: UUID, *, par: Compte, vient: bool, qui_vient: str = "") -> InvitationConcertation:
    """An organisation says whether it comes, by the door of the database.

    InvitationConcertation.DoesNotExist out of its scope; TransitionInterdite once the meeting is held or cancelled.
    """
    if par.organisation_id is None or par.a_role("coordination", "soignant", "social"):
        raise InvitationConcertation.DoesNotExist
    invitation: InvitationConcertation = InvitationConcertation.objects.visibles_par(par).avec_concertation().get(pk=pk)
    reponse = ReponseInvitation.ACCEPTEE if vient else ReponseInvitation.DECLINEE
    scelle = scelle_de(invitation, "qui_vient", qui_vient.strip() if vient else "")
    with connection.cursor() as curseur:
        curseur.execute(
            "SELECT droit.repondre_invitation(%s, %s, %s, %s)",
            [invitation.pk, reponse, scelle, horloge.maintenant()],
        )
        ligne = curseur.fetchone()
    if not ligne or not ligne[0]:
        raise TransitionInterdite("repondre_invitation", invitation.concertation.etat)
    noter(Action.CONCERTATION_REPONDUE, invitation.concertation, equipe_id=invitation.equipe_id, objet_type=OBJET)
    envois.prevoir(
        "accompagnements.concertation_repondue",
        effet=f"concertation|{invitation.pk}|reponse|{horloge.maintenant().isoformat()}",
        organisation_id=invitation.equipe_id,
        objet_id=invitation.pk,
    )
    invitation.reponse = reponse
    return invitation


def verifier_sans_nom(texte: str, fiche: Fiche) -> None:
    """SaisieRefusee when a text that others will read leads to the person, her dwelling or her fiche."""
    if not texte.strip():
        raise SaisieRefusee("Écrivez ce qui est demandé.", "demande")
    lus = mots_de(texte)
    suite = f" {' '.join(lus)} "
    locataire, residence = fiche.locataire_lisible, fiche.residence
    noms = [locataire.nom, locataire.prenom] if locataire else []
    noms += [residence.nom, residence.adresse] if residence else []
    for nom in [*noms, fiche.reference]:
        mots = mots_de(nom or "")
        if mots and f" {' '.join(mots)} " in suite:
            raise SaisieRefusee(
                f"Retirez «{INSECABLE}{nom}{INSECABLE}»{INSECABLE}: rien ne doit désigner la personne ni son logement.",
                "demande",
            )


def ordre_du_jour(concertation: Concertation) -> list[int]:
    """The ranks given on its agenda, those of situations that the person does not read included."""
    with connection.cursor() as curseur:
        curseur.execute("SELECT droit.ordre_du_jour(%s)", [concertation.pk])
        ligne = curseur.fetchone()
    return list(ligne[0]) if ligne else []


def verrouillee(pk: UUID, par: Compte) -> Concertation:
    """The meeting of the person's équipe, locked; Concertation.DoesNotExist otherwise, PermissionDenied by role."""
    exiger(par, Permission.SUIVRE)
    concertation: Concertation = Concertation.objects.visibles_par(par).select_for_update(of=("self",)).get(pk=pk)
    return concertation


def _modifiable(pk: UUID, par: Compte, nom: str) -> Concertation:
    concertation = verrouillee(pk, par)
    if not concertation.est_modifiable:
        raise TransitionInterdite(nom, concertation.etat)
    return concertation


def _point_modifiable(pk: UUID, par: Compte, nom: str) -> tuple[PointConcertation, Concertation]:
    exiger(par, Permission.SUIVRE)
    parent = PointConcertation.objects.visibles_par(par).values_list("concertation", flat=True).get(pk=pk)
    concertation = _modifiable(parent, par, nom)
    point: PointConcertation = PointConcertation.objects.visibles_par(par).avec_situation().get(pk=pk)
    return point, concertation


def _fiche_entiere(par: Compte, accompagnement: Accompagnement) -> Fiche:
    a: Accompagnement = Accompagnement.objects.visibles_par(par).avec_personne().get(pk=accompagnement.pk)
    return a.fiche


def _tranche(fiche: Fiche) -> str:
    """The age band of the day; nothing when the birth date is unknown."""
    locataire = fiche.locataire_lisible
    age = locataire.age(horloge.aujourdhui()) if locataire else None
    tranche = tranche_age(age) if age is not None else None
    return tranche.value if tranche else ""


def _inviter(concertation: Concertation, organisation: Organisation, personnes: str) -> InvitationConcertation:
    invitation = InvitationConcertation(
        concertation=concertation, equipe_id=concertation.equipe_id, organisation=organisation,
        personnes=personnes.strip(), convoquee_le=horloge.maintenant() if concertation.est_convoquee else None,
    )  # fmt: skip
    invitation.save(force_insert=True)
    return invitation


def _verifier_le_lieu(concertation: Concertation) -> None:
    """A bailleur invited reads the place: it must not name a service whose kind tells of health."""
    invitees = Organisation.objects.filter(
        pk__in=InvitationConcertation.objects.filter(concertation=concertation).values("organisation")
    )
    if not invitees.bailleurs().exists():
        return
    lieu = f" {' '.join(mots_de(concertation.lieu))} "
    for nom in invitees.filter(genre_partenaire__in=GENRES_SECRETS).values_list("nom", flat=True):
        if f" {' '.join(mots_de(nom))} " in lieu:
            raise SaisieRefusee(
                f"Le bailleur lit ce lieu{INSECABLE}: donnez une adresse, sans le nom du service.", "lieu"
            )


def _a_venir(debut: datetime) -> None:
    if debut < horloge.maintenant():
        raise SaisieRefusee("La rencontre est à venir.", "debut")


def _avancer(concertation: Concertation, *champs: str) -> None:
    concertation.version += 1
    concertation.save(update_fields=[*champs, "version"])


def _noter(action: Action, concertation: Concertation) -> None:
    noter(action, concertation, equipe_id=concertation.equipe_id, objet_type=OBJET)


def _promettre(invitations: Any, concertation: Concertation) -> None:
    """One e-mail each, without content, for this state of the meeting."""
    for pk in invitations.values_list("pk", flat=True):
        envois.prevoir(
            "accompagnements.concertation_convoquee",
            effet=f"concertation|{pk}|{concertation.version}",
            organisation_id=concertation.equipe_id,
            objet_id=pk,
        )
