"""E-mails of `accompagnements`: no name, no health word, sent only to who holds the right when they leave."""

from uuid import UUID

from django.urls import reverse

from accompagnements import genres
from accompagnements.enums import EtatProposition
from accompagnements.enums.concertations import EtatConcertation
from accompagnements.models import (
    Intervenant,
    InvitationConcertation,
    LectureMotivee,
    LienOrientation,
    Orientation,
    PropositionDeVisite,
    Visite,
)
from accompagnements.parcours import liens
from accompagnements.parcours.lectures import ENVOI as LECTURE_MOTIVEE
from accompagnements.parcours.rappels import REVUE
from partenaires.avis import Courriel, avertir
from partenaires.enums import Role
from partenaires.genres import GenreAvis
from partenaires.models import Compte, Rattachement
from partenaires.notifications import envoyer
from socle import envois, horloge
from socle.models import Envoi


@envois.traiteur("accompagnements.orientation_recue")
def prevenir_partenaire(envoi: Envoi) -> None:
    """The correspondants of the partner: an orientation waits for an answer. Nothing once it is withdrawn."""
    orientation = Orientation.objects.lisibles_par_le_partenaire().filter(pk=envoi.objet_id).first()
    if orientation is None or orientation.est_repondue:
        return
    contexte = {"chemin": reverse("orientation_recue", args=[orientation.pk]), "avant": orientation.repondre_avant}
    courriel = Courriel(gabarit="orientation_recue", sujet="une orientation attend votre réponse", contexte=contexte)
    _dire_au_partenaire(envoi, genres.ORIENTATION_RECUE, orientation, courriel)


@envois.traiteur("accompagnements.orientation_retiree")
def prevenir_du_retrait(envoi: Envoi) -> None:
    """The partner who had it: an orientation was taken back, by its reference alone."""
    orientation = Orientation.objects.avec_parties().filter(pk=envoi.objet_id, envoyee_le__isnull=False).first()
    if orientation is None:
        return
    if orientation.destinataire_id is None:
        _dire_a_la_structure(orientation)
        return
    contexte = {"reference": orientation.reference}
    courriel = Courriel(gabarit="orientation_retiree", sujet="une orientation a été retirée", contexte=contexte)
    _dire_au_partenaire(envoi, genres.ORIENTATION_RETIREE, orientation, courriel)


@envois.traiteur(liens.ENVOI)
def envoyer_lien(envoi: Envoi) -> None:
    """The link of a partner without an account, made again from its identifier; nothing when it opens no more."""
    ouvrables = LienOrientation.objects.all().ouvrables(horloge.maintenant()).avec_orientation()
    lien = ouvrables.filter(pk=envoi.objet_id).first()
    if lien is None or lien.orientation.retiree_le is not None or lien.orientation.structure is None:
        return
    structure, equipe = lien.orientation.structure, lien.orientation.equipe
    contexte: dict[str, object] = {
        "lien": liens.adresse_du_lien(lien.pk), "expire_le": lien.expire_le, "equipe": equipe.nom,
        "telephone": equipe.telephone,
    }  # fmt: skip
    envoyer(
        "orientation_lien", "une orientation attend votre réponse", structure.mssante or structure.courriel, contexte
    )


@envois.traiteur("accompagnements.orientation_repondue")
def prevenir_equipe(envoi: Envoi) -> None:
    """Who sent it, and the principal intervenant: the partner answered. Nothing once the person refused."""
    orientation = Orientation.objects.select_related("envoyee_par").filter(pk=envoi.objet_id).first()
    if orientation is None or orientation.envoyee_par is None:
        return
    if not genres.ORIENTATION_REPONDUE.encore([str(orientation.pk)]):
        return
    principal = Intervenant.objects.en_charge().filter(accompagnement=orientation.accompagnement_id, principal=True)
    interesses = {c.pk: c for c in (orientation.envoyee_par, *(i.compte for i in principal))}
    encore = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(orientation.equipe_id)
        .filter(compte__in=list(interesses))
        .values_list("compte", flat=True)
    )  # fmt: skip
    contexte = {
        "reference": orientation.reference,
        "chemin": reverse("situation_orientations", args=[orientation.accompagnement_id]),
    }
    avertir(
        genres.ORIENTATION_REPONDUE.code,
        [interesses[cle] for cle in sorted(set(encore)) if interesses[cle].is_active],
        organisation_id=orientation.equipe_id,
        objet_id=orientation.pk,
        effet=envoi.effet,
        reference=orientation.reference,
        courriel=Courriel(gabarit="orientation_repondue", sujet="un partenaire a répondu", contexte=contexte),
    )


@envois.traiteur("accompagnements.creneaux_proposes")
def proposer_des_dates(envoi: Envoi) -> None:
    """The référents of the bailleur: dates wait for an answer."""
    proposition = _proposition(envoi)
    if proposition is not None and proposition.etat == EtatProposition.OUVERTE:
        _dire_aux_referents(envoi, genres.CRENEAUX_PROPOSES, proposition, proposition.pk)


@envois.traiteur("accompagnements.rendez_vous_change")
def dire_le_changement(envoi: Envoi) -> None:
    """The référents of the bailleur: the date agreed was moved, or cancelled."""
    proposition = _proposition(envoi)
    if proposition is not None:
        _dire_aux_referents(envoi, genres.RENDEZ_VOUS_CHANGE, proposition, proposition.fiche_id)


@envois.traiteur("accompagnements.creneaux_repondus")
def dire_la_reponse(envoi: Envoi) -> None:
    """Who offered the dates, and the principal intervenant: the référent answered."""
    proposition = _proposition(envoi)
    if proposition is None:
        return
    principal = Intervenant.objects.en_charge().filter(accompagnement=proposition.accompagnement_id, principal=True)
    interesses = {proposition.proposee_par_id, *principal.values_list("compte", flat=True)}
    rattachements = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(proposition.equipe_id).par_nom()
    )
    comptes = {r.compte_id: r.compte for r in rattachements if r.compte_id in interesses and r.compte.is_active}
    _dire(envoi, genres.CRENEAUX_REPONDUS, list(comptes.values()), proposition, proposition.accompagnement_id)


@envois.traiteur("accompagnements.visite_non_close")
def veiller_sur_une_visite(envoi: Envoi) -> None:
    """Coordination (anybody of the équipe without one): who went has not come out, two hours after the end."""
    visites = Visite.objects.filter(pk=envoi.objet_id, accompagnement__fin_le=None).select_related(
        "accompagnement__fiche"
    )
    visite = next(iter(visites.non_closes(horloge.maintenant())), None)
    if visite is None:
        return
    equipe = Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(visite.equipe_id)
    rattachements = equipe.avec_role(Role.COORDINATION).par_nom() or equipe.par_nom()
    genre, reference = genres.VISITE_NON_CLOSE, visite.accompagnement.fiche.reference
    contexte = {"phrase": genre.phrase, "reference": reference, "chemin": genre.chemin(str(visite.pk))}
    avertir(
        genre.code,
        [r.compte for r in rattachements if r.compte.is_active],
        organisation_id=visite.equipe_id,
        objet_id=visite.pk,
        effet=envoi.effet,
        reference=reference,
        courriel=Courriel(gabarit="situation", sujet="un déplacement n’est pas clos", contexte=contexte),
    )


def _proposition(envoi: Envoi) -> PropositionDeVisite | None:
    """The offer, unless the fiche is over: nothing is said of it any more."""
    lignes = PropositionDeVisite.objects.select_related("fiche").filter(pk=envoi.objet_id, fiche__terminee_le=None)
    proposition: PropositionDeVisite | None = lignes.first()
    return proposition


def _dire_aux_referents(envoi: Envoi, genre: GenreAvis, proposition: PropositionDeVisite, objet_id: UUID) -> None:
    """The référents of the bailleur, otherwise its responsables."""
    du_bailleur = Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(proposition.orienteur_id)
    rattachements = du_bailleur.avec_role(Role.REFERENT).par_nom() or du_bailleur.avec_role(Role.RESPONSABLE).par_nom()
    comptes = {r.compte_id: r.compte for r in rattachements if r.compte.is_active}
    _dire(envoi, genre, list(comptes.values()), proposition, objet_id, proposition.orienteur_id)


def _dire(
    envoi: Envoi,
    genre: GenreAvis,
    comptes: list[Compte],
    proposition: PropositionDeVisite,
    objet_id: UUID,
    organisation_id: int | None = None,
) -> None:
    reference = proposition.fiche.reference
    contexte = {"phrase": genre.phrase, "reference": reference, "chemin": genre.chemin(str(objet_id))}
    avertir(
        genre.code,
        comptes,
        organisation_id=organisation_id or proposition.equipe_id,
        objet_id=objet_id,
        effet=envoi.effet,
        reference=reference,
        courriel=Courriel(gabarit="situation", sujet="une situation vous attend", contexte=contexte),
    )


def _dire_a_la_structure(orientation: Orientation) -> None:
    """By its reference alone, and only to whom a link was sent."""
    structure = orientation.structure
    if structure is None or not LienOrientation.objects.all().de_l_orientation(orientation).exists():
        return
    adresse = structure.mssante or structure.courriel
    if adresse:
        envoyer("orientation_retiree", "une orientation a été retirée", adresse, {"reference": orientation.reference})


@envois.traiteur(REVUE)
def rappeler_la_revue(envoi: Envoi) -> None:
    """Those who carry a situation: objectives wait for their review. Nothing once it was made."""
    if not genres.REVUE_DUE.encore([envoi.objet_id]):
        return
    charges = list(Intervenant.objects.en_charge().filter(accompagnement=UUID(envoi.objet_id)))
    membres = Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(envoi.organisation_id)
    encore = set(membres.filter(compte__in=[i.compte_id for i in charges]).values_list("compte", flat=True))
    contexte = {"chemin": reverse("situation_contrat", args=[envoi.objet_id])}
    avertir(
        genres.REVUE_DUE.code,
        [i.compte for i in charges if i.compte_id in encore and i.compte.is_active],
        organisation_id=envoi.organisation_id,
        objet_id=envoi.objet_id,
        effet=envoi.effet,
        courriel=Courriel(gabarit="revue_due", sujet="des objectifs sont à revoir", contexte=contexte),
    )


@envois.traiteur(LECTURE_MOTIVEE)
def prevenir_coordination(envoi: Envoi) -> None:
    """Coordination: somebody reads a situation that others carry. No name, no reason. Nothing once it is reviewed."""
    lecture = LectureMotivee.objects.select_related("accompagnement__fiche").filter(pk=envoi.objet_id).first()
    if lecture is None or lecture.revu_le is not None:
        return
    reference = lecture.accompagnement.fiche.reference
    coordination = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(lecture.equipe_id)
        .avec_role(Role.COORDINATION)
        .par_nom()
    )  # fmt: skip
    avertir(
        genres.LECTURE_MOTIVEE.code,
        [r.compte for r in coordination if r.compte.is_active and r.compte_id != lecture.compte_id],
        organisation_id=lecture.equipe_id,
        objet_id=lecture.pk,
        effet=envoi.effet,
        reference=reference,
        courriel=Courriel(
            gabarit="lecture_motivee",
            sujet="une lecture est à revoir",
            contexte={"reference": reference, "chemin": reverse("lecture_revoir", args=[lecture.pk])},
        ),
    )


@envois.traiteur("accompagnements.concertation_convoquee")
def convoquer_invite(envoi: Envoi) -> None:
    """Those who answer for an organisation invited: a meeting, not a word of what it is about; or that it is off."""
    invitation = InvitationConcertation.objects.select_related("concertation").filter(pk=envoi.objet_id).first()
    if invitation is None or invitation.convoquee_le is None:
        return
    annulee = invitation.concertation.etat == EtatConcertation.ANNULEE
    genre = genres.CONCERTATION_ANNULEE if annulee else genres.CONCERTATION_CONVOQUEE
    contexte = {"chemin": reverse("concertation_recue", args=[invitation.pk]), "annulee": annulee}
    sujet = "une rencontre est annulée" if annulee else "une équipe vous invite à une rencontre"
    avertir(
        genre.code,
        _invites(invitation.organisation_id),
        organisation_id=invitation.organisation_id,
        objet_id=invitation.pk,
        effet=envoi.effet,
        courriel=Courriel(gabarit="concertation", sujet=sujet, contexte=contexte),
    )


@envois.traiteur("accompagnements.concertation_repondue")
def dire_qui_vient(envoi: Envoi) -> None:
    """Who prepared the meeting, while she is of the équipe."""
    lignes = InvitationConcertation.objects.select_related("concertation__creee_par")
    invitation = lignes.filter(pk=envoi.objet_id).first()
    if invitation is None:
        return
    auteur = invitation.concertation.creee_par
    encore = Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(invitation.equipe_id)
    if not auteur.is_active or not encore.filter(compte=auteur).exists():
        return
    contexte = {"chemin": genres.CONCERTATION_REPONDUE.chemin(str(invitation.pk))}
    avertir(
        genres.CONCERTATION_REPONDUE.code,
        [auteur],
        organisation_id=invitation.equipe_id,
        objet_id=invitation.pk,
        effet=envoi.effet,
        courriel=Courriel(gabarit="concertation_repondue", sujet="un invité a répondu", contexte=contexte),
    )


def _invites(organisation_id: int) -> list[Compte]:
    """Correspondants of a partner, référents and responsables of a bailleur, today."""
    rattachements = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui())
        .de_l_organisation(organisation_id)
        .avec_role(*genres.INVITES)
        .par_nom()
    )
    return list({r.compte_id: r.compte for r in rattachements if r.compte.is_active}.values())


def _dire_au_partenaire(envoi: Envoi, genre: GenreAvis, orientation: Orientation, courriel: Courriel) -> None:
    assert orientation.destinataire_id is not None
    avertir(
        genre.code,
        _correspondants(orientation.destinataire_id),
        organisation_id=orientation.destinataire_id,
        objet_id=orientation.pk,
        effet=envoi.effet,
        reference=orientation.reference,
        courriel=courriel,
    )


def _correspondants(organisation_id: int) -> list[Compte]:
    """Those who may answer for a partner today."""
    rattachements = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(organisation_id)
        .avec_role(Role.CORRESPONDANT)
        .par_nom()
    )  # fmt: skip
    return [r.compte for r in rattachements if r.compte.is_active]
