"""E-mails of `indicateurs`: no name, no health word; who holds the right is read at the moment of sending.

The functions are effects of the outbox: they run as `palier_systeme` and are safe to run twice.
"""

from collections.abc import Iterable

from django.urls import reverse

from indicateurs.enums import EtatBilan
from indicateurs.models import Bilan
from indicateurs.parcours.echeances import ENVOI_DU, ENVOI_OUVERT
from partenaires.enums import Role
from partenaires.models import Compte, ConventionTerritoire, CouvertureClsm, Rattachement
from partenaires.notifications import envoyer
from signalements.enums import EtatReleve, TypeEvaluateur
from signalements.models import Releve
from socle import envois, horloge
from socle.models import Envoi


@envois.traiteur(ENVOI_OUVERT)
def prevenir_d_un_releve(envoi: Envoi) -> None:
    """The rater: a situation is to be looked at again. Nothing once it is rated, declared impossible or lapsed."""
    _rappeler(envoi, "Six mois ont passé : une situation attend que vous notiez ce que vous observez.")


@envois.traiteur(ENVOI_DU)
def rappeler_un_releve(envoi: Envoi) -> None:
    """The same, on the day it is due."""
    _rappeler(envoi, "Un relevé à six mois est attendu aujourd’hui.")


@envois.traiteur("indicateurs.bilan_pret")
def prevenir_d_un_bilan_pret(envoi: Envoi) -> None:
    """Coordination: a bilan is calculated, and waits to be read and published."""
    bilan = Bilan.objects.all().prets().filter(pk=envoi.objet_id).first()
    if bilan is not None:
        membres = _membres([bilan.equipe_id], Role.COORDINATION)
        _ecrire(membres, "un bilan est prêt", "Un bilan est prêt à relire et à publier.", bilan)


@envois.traiteur("indicateurs.bilan_publie")
def prevenir_d_un_bilan_publie(envoi: Envoi) -> None:
    """The CLSM of the territories of the équipe: a bilan may be read."""
    bilan = Bilan.objects.all().publies().filter(pk=envoi.objet_id, etat=EtatBilan.PUBLIE).first()
    if bilan is None:
        return
    territoires = ConventionTerritoire.objects.filter(equipe=bilan.equipe_id).values("territoire")
    clsm = CouvertureClsm.objects.filter(territoire__in=territoires).values_list("clsm", flat=True)
    membres = _membres(sorted(set(clsm)), Role.COORDINATION_CLSM)
    _ecrire(membres, "un bilan est publié", "Une équipe dédiée de vos territoires a publié un bilan.", bilan)


def _rappeler(envoi: Envoi, phrase: str) -> None:
    releve = Releve.objects.filter(pk=envoi.objet_id, etat=EtatReleve.ATTENDU).first()
    if releve is None:
        return
    for compte in _evaluateurs(releve):
        envoyer(
            "releve_attendu",
            "un relevé vous attend",
            compte.email,
            {"phrase": phrase, "chemin": reverse("releve", args=[releve.pk]), "avant": releve.caduc_le},
        )


def _evaluateurs(releve: Releve) -> list[Compte]:
    """Whoever is named, if still there; otherwise any référent, or the équipe's coordination."""
    de_l_equipe = releve.type_evaluateur == TypeEvaluateur.EQUIPE
    chez = releve.equipe_id if de_l_equipe else releve.orienteur_id
    nommes = [c for c in _membres([chez]) if c.pk == releve.evaluateur_id]
    if nommes:
        return nommes
    roles = (Role.COORDINATION,) if de_l_equipe else (Role.REFERENT, Role.CORRESPONDANT)
    return _membres([chez], *roles) or _membres([chez], Role.RESPONSABLE)


def _membres(organisations: Iterable[int], *roles: str) -> list[Compte]:
    """Accounts in force today in these organisations, with one of these roles (any, when none is given)."""
    rattachements = Rattachement.objects.filter(organisation__in=list(organisations)).en_vigueur(horloge.aujourdhui())
    if roles:
        rattachements = rattachements.avec_role(*roles)
    uniques = {r.compte_id: r.compte for r in rattachements.par_nom() if r.compte.is_active}
    return list(uniques.values())


def _ecrire(comptes: Iterable[Compte], sujet: str, phrase: str, bilan: Bilan) -> None:
    for compte in comptes:
        envoyer("bilan", sujet, compte.email, {"phrase": phrase, "chemin": reverse("bilan", args=[bilan.pk])})
