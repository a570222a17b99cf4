"""E-mails of `accompagnements`: no name, no health word, sent only to who holds the right when they leave."""

from django.urls import reverse

from accompagnements.models import Intervenant, Orientation
from partenaires.enums import Role
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
    for compte in _correspondants(orientation.destinataire_id):
        envoyer(
            "orientation_recue", "une orientation attend votre réponse", compte.email,
            {"chemin": reverse("orientation_recue", args=[orientation.pk]), "avant": orientation.repondre_avant},
        )  # fmt: skip


@envois.traiteur("accompagnements.orientation_retiree")
def prevenir_du_retrait(envoi: Envoi) -> None:
    """The partner who had it: an orientation was taken back, by its reference alone."""
    orientation = Orientation.objects.filter(pk=envoi.objet_id, envoyee_le__isnull=False).first()
    if orientation is None:
        return
    for compte in _correspondants(orientation.destinataire_id):
        envoyer(
            "orientation_retiree", "une orientation a été retirée", compte.email,
            {"reference": orientation.reference},
        )  # fmt: skip


@envois.traiteur("accompagnements.orientation_repondue")
def prevenir_equipe(envoi: Envoi) -> None:
    """Who sent it, and the principal intervenant: the partner answered."""
    orientation = Orientation.objects.select_related("envoyee_par").filter(pk=envoi.objet_id).first()
    if orientation is None or orientation.envoyee_par is None:
        return
    principal = Intervenant.objects.en_charge().filter(accompagnement=orientation.accompagnement_id, principal=True)
    interesses = {c.pk: c for c in (orientation.envoyee_par, *(i.compte for i in principal))}
    encore = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(orientation.equipe_id)
        .filter(compte__in=list(interesses))
        .values_list("compte", flat=True)
    )  # fmt: skip
    for cle in sorted(set(encore)):
        if interesses[cle].is_active:
            envoyer(
                "orientation_repondue", "un partenaire a répondu", interesses[cle].email,
                {
                    "reference": orientation.reference,
                    "chemin": reverse("situation_orientations", args=[orientation.accompagnement_id]),
                },
            )  # fmt: skip


def _correspondants(organisation_id: int) -> list[Compte]:
    """Those who may answer for a partner today."""
    rattachements = (
        Rattachement.objects.en_vigueur(horloge.aujourdhui()).de_l_organisation(organisation_id)
        .avec_role(Role.CORRESPONDANT)
        .par_nom()
    )  # fmt: skip
    return [r.compte for r in rattachements if r.compte.is_active]
