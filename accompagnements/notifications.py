"""E-mails of `accompagnements`: no name, no health word, sent only to who holds the right when they leave."""

from django.urls import reverse

from accompagnements import genres
from accompagnements.models import Intervenant, Orientation
from partenaires.avis import Courriel, avertir
from partenaires.enums import Role
from partenaires.genres import GenreAvis
from partenaires.models import Compte, Rattachement
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
    orientation = Orientation.objects.filter(pk=envoi.objet_id, envoyee_le__isnull=False).first()
    if orientation is None:
        return
    contexte = {"reference": orientation.reference}
    courriel = Courriel(gabarit="orientation_retiree", sujet="une orientation a été retirée", contexte=contexte)
    _dire_au_partenaire(envoi, genres.ORIENTATION_RETIREE, orientation, courriel)


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


def _dire_au_partenaire(envoi: Envoi, genre: GenreAvis, orientation: Orientation, courriel: Courriel) -> None:
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
