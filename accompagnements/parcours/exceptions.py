"""Named exceptions: coordination opens one file to one person, from a day to another."""

from datetime import date, timedelta
from typing import Final
from uuid import UUID

from django.contrib.auth.models import Permission as PermissionDjango

from accompagnements.enums import Action
from accompagnements.enums.lectures import MotifException
from accompagnements.models import Accompagnement, PermissionNommee
from accompagnements.parcours.verrous import SaisieRefusee, noter, ouvert
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import horloge
from socle.transitions import TransitionInterdite

MAXIMUM: Final = timedelta(days=366)


def nommer(pk: UUID, *, par: Compte, courriel: str, motif: str, du: date, au: date) -> PermissionNommee:
    """Open an accompagnement to the account of an address, from `du` to the eve of `au`.

    PermissionDenied for another role than coordination, TransitionInterdite once it is closed, SaisieRefusee for an
    unknown address, impossible dates, or somebody who reads it already.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    accompagnement = ouvert(pk, par, "nommer")
    if motif not in MotifException.values:
        raise SaisieRefusee("Choisissez une raison.", "motif")
    if du < horloge.aujourdhui():
        raise SaisieRefusee("La date doit être du jour ou à venir.", "du")
    if not du < au <= du + MAXIMUM:
        raise SaisieRefusee("La fin vient après le début, un an plus tard au plus.", "au")
    compte = Compte.objects.filter(email=courriel.strip().lower(), is_active=True, technique=False).first()
    if compte is None:
        raise SaisieRefusee("Aucun compte n’a cette adresse. Invitez d’abord cette personne.", "courriel")
    if _lit_deja(accompagnement, compte):
        raise SaisieRefusee("Cette personne lit déjà cette situation.", "courriel")
    permission = PermissionNommee(
        user=compte, content_object=accompagnement, equipe_id=equipe_id, motif=motif, du=du, au=au, accordee_par=par,
        permission=PermissionDjango.objects.get(codename="lire_accompagnement"),
    )  # fmt: skip
    permission.save()
    noter(Action.EXCEPTION_OUVERTE, accompagnement, equipe_id=equipe_id, motif=motif)
    return permission


def finir_exception(pk: int, *, par: Compte) -> PermissionNommee:
    """End an exception today, at once. PermissionNommee.DoesNotExist out of the équipe, TransitionInterdite once
    it is over, PermissionDenied for another role.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    permission: PermissionNommee = PermissionNommee.objects.de_l_equipe(equipe_id).get(pk=pk)
    if permission.est_finie:
        raise TransitionInterdite("finir_exception", "terminée")
    permission.au = max(permission.du, horloge.aujourdhui())
    permission.save(update_fields=["au"])
    noter(Action.EXCEPTION_CHANGEE, permission.content_object, equipe_id=equipe_id)
    return permission


def _lit_deja(accompagnement: Accompagnement, compte: Compte) -> bool:
    en_charge = accompagnement.intervenants.filter(compte=compte, au=None)
    nommee = PermissionNommee.objects.pas_finies().filter(content_object=accompagnement, user=compte)
    return en_charge.exists() or nommee.exists()
