"""E-mails of `partenaires`: no name, no health word; the recipient and the right are read when it is sent.

The functions are effects of the outbox: they run as `palier_systeme` and are safe to run twice.
"""

from datetime import datetime

from django.conf import settings
from django.core.mail import send_mail
from django.template.loader import render_to_string
from django.urls import reverse

from partenaires import connexion
from partenaires.enums import Role
from partenaires.models import CleApi, Compte, Invitation, Rattachement
from partenaires.parcours import invitations, logiciels, rattachements
from socle import envois, horloge
from socle.ecriture import INSECABLE
from socle.models import Envoi


def envoyer(gabarit: str, sujet: str, adresse: str, contexte: dict[str, object]) -> None:
    """Send a plain text written by `templates/courriels/<gabarit>.txt`; the subject is prefixed « Palier : »."""
    texte = render_to_string(f"courriels/{gabarit}.txt", {"adresse": settings.ADRESSE_PUBLIQUE, **contexte})
    _poster(sujet, texte, adresse)


@envois.traiteur(invitations.ENVOI)
def envoyer_invitation(envoi: Envoi) -> None:
    """The link of an invitation, made again from its identifier; nothing when it is no longer pending."""
    invitation = Invitation.objects.all().en_attente().filter(pk=envoi.objet_id).first()
    if invitation is None:
        return
    if bytes(invitation.jeton) != invitations.empreinte(invitations.secret_de(invitation.pk)):
        raise RuntimeError("The link no longer matches the table: CLE_RECHERCHE has changed.")
    envoyer(
        "invitation",
        "votre invitation",
        invitation.courriel,
        {"lien": invitations.adresse_de(invitation.pk), "expire_le": invitation.expire_le},
    )


@envois.traiteur(rattachements.ENVOI)
def envoyer_acces_modifie(envoi: Envoi) -> None:
    """Tell a person that one of her accesses changed or ended; not which one."""
    rattachement = Rattachement.objects.select_related("compte").filter(pk=envoi.objet_id).first()
    if rattachement is None or not rattachement.compte.is_active:
        return
    envoyer(
        "acces_modifie",
        "votre accès a changé",
        rattachement.compte.email,
        {"termine": rattachement.au is not None and rattachement.au <= horloge.aujourdhui()},
    )


@envois.traiteur(logiciels.ENVOI)
def envoyer_fin_de_cle(envoi: Envoi) -> None:
    """Tell the responsables that a key ends soon; nothing once it is revoked or another one goes on after it."""
    en_vigueur = CleApi.objects.en_vigueur(horloge.maintenant())
    cle = en_vigueur.filter(pk=envoi.objet_id).first()
    if cle is None or en_vigueur.plus_longues_que(cle).exists():
        return
    lien = settings.ADRESSE_PUBLIQUE.rstrip("/") + reverse("logiciel", args=[cle.logiciel_id])
    responsables = Rattachement.objects.all().de_l_organisation(cle.organisation_id).avec_role(Role.RESPONSABLE)
    for rattachement in responsables.en_vigueur(horloge.aujourdhui()).par_nom():
        if rattachement.compte.is_active:
            envoyer("cle_expire", "une clé à renouveler", rattachement.compte.email, {"lien": lien})


@envois.traiteur(connexion.ENVOI)
def envoyer_avis_de_compte(envoi: Envoi) -> None:
    """Tell a person what changed in her account, or give her the link that she asked for, made as it is sent."""
    compte = Compte.objects.de_cle(envoi.objet_id)
    if compte is None or not compte.is_active or compte.technique:
        return
    gabarit = str(envoi.donnees["gabarit"])
    contexte: dict[str, object] = {"timestamp": datetime.fromisoformat(str(envoi.donnees["le"]))}
    if gabarit == connexion.MOT_DE_PASSE_OUBLIE:
        contexte = {"password_reset_url": connexion.lien_de_mot_de_passe(compte)}
    sujet = render_to_string(f"{gabarit}_subject.txt").strip()
    _poster(sujet, render_to_string(f"{gabarit}_message.txt", contexte), compte.email)


def _poster(sujet: str, texte: str, adresse: str) -> None:
    send_mail(f"Palier{INSECABLE}: {sujet}", texte, settings.DEFAULT_FROM_EMAIL, [adresse])
