"""The software of a bailleur: opened, given keys, closed by a responsable. A secret is shown once, kept nowhere."""

from collections.abc import Iterable
from datetime import datetime, timedelta
from typing import Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import connection, transaction

from partenaires import droits
from partenaires.enums import Action, Permission, Portee
from partenaires.models import CleApi, Compte, Logiciel
from socle import cles, envois, horloge, journal

DUREES: Final = (90, 180, 365)  # days
RECOUVREMENTS: Final = (0, 1, 7, 30)  # days during which the key that is replaced still opens
AVIS: Final = timedelta(days=14)  # before the end of a key, its responsables are told
ENVOI: Final = "partenaires.cle_expire"


def ouvrir_logiciel(nom: str, portees: Iterable[str], *, par: Compte) -> Logiciel:
    """Open an access for a software of one's bailleur; it has no key yet.

    PermissionDenied without the right; ValidationError for a name already in use or no scope at all.
    """
    organisation_id = droits.exiger(par, Permission.LOGICIELS)
    nom, choisies = nom.strip(), _portees(portees)
    if Logiciel.objects.visibles_par(par).ouverts().filter(nom__iexact=nom).exists():
        raise ValidationError({"nom": "Un logiciel porte déjà ce nom."})
    with transaction.atomic():
        identifiant = cles.nouvelle().identifiant
        compte = Compte.objects.create_user(
            f"logiciel-{identifiant}@logiciels.palier.invalid", None, nom=nom, prenom="Logiciel", technique=True
        )
        logiciel = Logiciel(organisation_id=organisation_id, nom=nom, compte=compte, portees=choisies, cree_par=par)
        logiciel.cree_le = horloge.maintenant()
        logiciel.save(force_insert=True)
        with connection.cursor() as curseur:
            curseur.execute("SELECT droit.ouvrir_logiciel(%s)", [logiciel.pk])
        _noter(Action.LOGICIEL_OUVERT, logiciel)
    return logiciel


def changer_portees(pk: UUID, portees: Iterable[str], *, par: Compte) -> Logiciel:
    """What the keys of a software may do from the next call on. Same errors as `ouvrir_logiciel`."""
    with transaction.atomic():
        logiciel = _ouvert(pk, par)
        logiciel.portees = _portees(portees)
        logiciel.save(update_fields=["portees"])
        _noter(Action.LOGICIEL_MODIFIE, logiciel)
    return logiciel


def creer_cle(pk: UUID, *, jours: int, recouvrement: int = 0, par: Compte) -> tuple[CleApi, str]:
    """A new key of a software, and its text: shown now and never again.

    The keys it replaces go on for `recouvrement` days at most, so that the software changes without stopping;
    of those that an earlier renewal already replaced, none is left. Two keys open at most.
    PermissionDenied without the right; ValidationError for a closed software or a duration that is not offered.
    """
    if jours not in DUREES or recouvrement not in RECOUVREMENTS:
        raise ValidationError("Choisissez une des durées proposées.")
    with transaction.atomic():
        logiciel = _ouvert(pk, par)
        maintenant = horloge.maintenant()
        _remplacer(logiciel, maintenant, timedelta(days=recouvrement), par)
        neuve = cles.nouvelle()
        cle = CleApi(
            logiciel=logiciel,
            organisation_id=logiciel.organisation_id,
            identifiant=neuve.identifiant,
            empreinte=neuve.empreinte,
            cree_le=maintenant,
            cree_par=par,
            expire_le=maintenant + timedelta(days=jours),
        )
        cle.save(force_insert=True)
        _noter_cle(Action.LOGICIEL_CLE_CREEE, cle)
        envois.prevoir(
            ENVOI,
            effet=f"cle_expire:{cle.pk}",
            organisation_id=logiciel.organisation_id,
            objet_id=cle.pk,
            a_partir_de=cle.expire_le - AVIS,
        )
    return cle, neuve.jeton


def revoquer_cle(pk: UUID, cle_id: UUID, *, par: Compte) -> None:
    """End a key at once. PermissionDenied without the right, ValidationError when it has already ended."""
    droits.exiger(par, Permission.LOGICIELS)
    with transaction.atomic():
        logiciel: Logiciel = Logiciel.objects.visibles_par(par).get(pk=pk)
        maintenant = horloge.maintenant()
        en_vigueur = CleApi.objects.en_vigueur(maintenant).de_l_acces(logiciel)
        # One conditional UPDATE: two people who revoke at the same moment write one entry of the journal.
        if not en_vigueur.filter(pk=cle_id).update(revoquee_le=maintenant, revoquee_par=par):
            raise ValidationError("Cette clé ne sert déjà plus.")
        _noter_cle(Action.LOGICIEL_CLE_REVOQUEE, CleApi(pk=cle_id, organisation_id=logiciel.organisation_id))


def fermer_logiciel(pk: UUID, *, par: Compte) -> Logiciel:
    """Close an access for good: its keys and the rattachement of its account end at once, in the database too.

    What it sent stays where it is. Same errors as `changer_portees`.
    """
    with transaction.atomic():
        logiciel = _ouvert(pk, par)
        maintenant = horloge.maintenant()
        CleApi.objects.en_vigueur(maintenant).de_l_acces(logiciel).update(revoquee_le=maintenant, revoquee_par=par)
        with connection.cursor() as curseur:
            curseur.execute("SELECT droit.fermer_logiciel(%s)", [logiciel.pk])
        logiciel.ferme_le, logiciel.ferme_par = maintenant, par
        logiciel.save(update_fields=["ferme_le", "ferme_par"])
        _noter(Action.LOGICIEL_FERME, logiciel)
    return logiciel


def _ouvert(pk: UUID, par: Compte) -> Logiciel:
    """The access, locked, once the right and the state are checked."""
    droits.exiger(par, Permission.LOGICIELS)
    logiciel: Logiciel = Logiciel.objects.visibles_par(par).get(pk=pk)
    ouvert: Logiciel | None = Logiciel.objects.visibles_par(par).ouverts().select_for_update().filter(pk=pk).first()
    if ouvert is None:
        raise ValidationError(f"L’accès de {logiciel.nom} est déjà fermé.")
    return ouvert


def _portees(portees: Iterable[str]) -> list[str]:
    choisies = set(portees)
    if not choisies or not choisies <= set(Portee.values):
        raise ValidationError({"portees": "Choisissez au moins une permission."})
    return [p.value for p in Portee if p in choisies]


def _remplacer(logiciel: Logiciel, maintenant: datetime, recouvrement: timedelta, par: Compte) -> None:
    """The newest key goes on for the overlap, unless it ends before; older ones are revoked now."""
    en_vigueur = list(CleApi.objects.en_vigueur(maintenant).de_l_acces(logiciel).recentes())
    gardee, finies = (en_vigueur[:1], en_vigueur[1:]) if recouvrement else ([], en_vigueur)
    for cle in gardee:
        cle.expire_le = min(cle.expire_le, maintenant + recouvrement)
        cle.save(update_fields=["expire_le"])
    for cle in finies:
        cle.revoquee_le, cle.revoquee_par = maintenant, par
        cle.save(update_fields=["revoquee_le", "revoquee_par"])
        _noter_cle(Action.LOGICIEL_CLE_REVOQUEE, cle)


def _noter(action: Action, logiciel: Logiciel) -> None:
    journal.noter(action, organisation_id=logiciel.organisation_id, objet_type="logiciel", objets=[logiciel.pk])


def _noter_cle(action: Action, cle: CleApi) -> None:
    journal.noter(action, organisation_id=cle.organisation_id, objet_type="cle", objets=[cle.pk])
