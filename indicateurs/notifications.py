"""E-mails of `indicateurs`: no name, no health word; who holds the right is read at the moment of sending.

The functions are effects of the outbox: they run as `palier_systeme` and are safe to run twice.
"""

from collections.abc import Iterable, Mapping

from django.urls import reverse

from indicateurs import genres
from indicateurs.enums import EtatBilan
from indicateurs.models import Bilan
from indicateurs.parcours.echeances import ENVOI_DU, ENVOI_OUVERT
from partenaires.avis import Courriel, avertir
from partenaires.enums import Role
from partenaires.genres import GenreAvis
from partenaires.models import Compte, ConventionTerritoire, CouvertureClsm, Rattachement
from signalements.enums import EtatReleve, TypeEvaluateur
from signalements.models import Releve
from socle import envois, horloge
from socle.models import Envoi


@envois.traiteur(ENVOI_OUVERT)
def prevenir_d_un_releve(envoi: Envoi) -> None:
    """The rater: a situation is to be looked at again. Nothing once it is rated, declared impossible or lapsed."""
    _rappeler(envoi, genres.RELEVE_OUVERT, genres.RELEVE_OUVERT.phrase)


@envois.traiteur(ENVOI_DU)
def rappeler_un_releve(envoi: Envoi) -> None:
    """The same, on the day it is due."""
    _rappeler(envoi, genres.RELEVE_DU, "Un relevé à six mois est attendu aujourd’hui.")


@envois.traiteur("indicateurs.bilan_pret")
def prevenir_d_un_bilan_pret(envoi: Envoi) -> None:
    """Coordination: a bilan is calculated, and waits to be read and published."""
    bilan = Bilan.objects.all().prets().filter(pk=envoi.objet_id).first()
    if bilan is not None:
        membres = _membres([bilan.equipe_id], Role.COORDINATION)
        _ecrire(envoi, genres.BILAN_PRET, {bilan.equipe_id: membres}, "un bilan est prêt", bilan)


@envois.traiteur("indicateurs.bilan_publie")
def prevenir_d_un_bilan_publie(envoi: Envoi) -> None:
    """The CLSM of the territories of the équipe: a bilan may be read."""
    bilan = Bilan.objects.all().publies().filter(pk=envoi.objet_id, etat=EtatBilan.PUBLIE).first()
    if bilan is None:
        return
    territoires = ConventionTerritoire.objects.filter(equipe=bilan.equipe_id).values("territoire")
    clsm = CouvertureClsm.objects.filter(territoire__in=territoires).values_list("clsm", flat=True)
    membres = {organisation: _membres([organisation], Role.COORDINATION_CLSM) for organisation in sorted(set(clsm))}
    _ecrire(envoi, genres.BILAN_PUBLIE, membres, "un bilan est publié", bilan)


def _rappeler(envoi: Envoi, genre: GenreAvis, phrase: str) -> None:
    releve = Releve.objects.filter(pk=envoi.objet_id, etat=EtatReleve.ATTENDU).first()
    if releve is None or not genre.encore([str(releve.pk)]):
        return
    contexte = {"phrase": phrase, "chemin": reverse("releve", args=[releve.pk]), "avant": releve.caduc_le}
    avertir(
        genre.code,
        _evaluateurs(releve),
        organisation_id=_chez(releve),
        objet_id=releve.pk,
        effet=envoi.effet,
        courriel=Courriel(gabarit="releve_attendu", sujet="un relevé vous attend", contexte=contexte),
    )


def _chez(releve: Releve) -> int:
    """The organisation of the rater."""
    return releve.equipe_id if releve.type_evaluateur == TypeEvaluateur.EQUIPE else releve.orienteur_id


def _evaluateurs(releve: Releve) -> list[Compte]:
    """Whoever is named, if still there; otherwise any référent, or the équipe's coordination."""
    de_l_equipe = releve.type_evaluateur == TypeEvaluateur.EQUIPE
    chez = _chez(releve)
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


def _ecrire(
    envoi: Envoi, genre: GenreAvis, par_organisation: Mapping[int, Iterable[Compte]], sujet: str, bilan: Bilan
) -> None:
    contexte = {"phrase": genre.phrase, "chemin": reverse("bilan", args=[bilan.pk])}
    for organisation_id, comptes in par_organisation.items():
        avertir(
            genre.code,
            comptes,
            organisation_id=organisation_id,
            objet_id=bilan.pk,
            effet=envoi.effet,
            courriel=Courriel(gabarit="bilan", sujet=sujet, contexte=contexte),
        )
