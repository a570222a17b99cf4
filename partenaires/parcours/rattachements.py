"""Members of an organisation: end of a rattachement, change of role, résidences of a gardien."""

from collections.abc import Iterable, Mapping
from datetime import date

from django.core.exceptions import PermissionDenied, ValidationError
from django.db import transaction

from partenaires import droits, reprises
from partenaires.enums import Action, Permission, Role
from partenaires.models import Compte, Rattachement, ResidenceGardien
from partenaires.parcours.invitations import residences_choisies
from socle import envois, horloge, journal

ENVOI = "partenaires.acces_modifie"


def terminer_rattachement(
    pk: int, *, par: Compte, repreneurs: Mapping[str, int] | None = None, a_tout: int | None = None
) -> Rattachement:
    """End a rattachement today: the person has lost this access at the next request.

    What was hers goes first to `repreneurs` (by key of the thing, an account), or all the rest to `a_tout`: nothing is
    left to nobody. PermissionDenied without the right or on one's own; ValidationError when it has already ended, when
    something has nobody to go to, or when somebody may not take it.
    """
    with transaction.atomic():
        rattachement = _a_modifier(pk, par)
        _confier(rattachement, par, repreneurs or {}, a_tout)
        rattachement.au = horloge.aujourdhui()
        rattachement.save(update_fields=["au"])
        _noter(Action.RATTACHEMENT_TERMINE, rattachement)
        _prevenir(rattachement)
    return rattachement


def ce_qui_reste(rattachement: Rattachement, *, par: Compte) -> list[reprises.Chose]:
    """What would be left to nobody; nothing while the person keeps another role in the organisation."""
    autres = Rattachement.objects.visibles_par(par).de(rattachement.compte).exclude(pk=rattachement.pk)
    if autres.en_vigueur(horloge.aujourdhui()).exists():
        return [c for c in reprises.choses(rattachement, par) if c.genre == reprises.RESIDENCE]
    return reprises.choses(rattachement, par)


def _confier(rattachement: Rattachement, par: Compte, repreneurs: Mapping[str, int], a_tout: int | None) -> None:
    restent = ce_qui_reste(rattachement, par=par)
    membres = {c.compte.pk: c for c in reprises.candidats(rattachement, par)} if restent else {}
    confies: dict[str, list[str]] = {}
    for chose in restent:
        choisi = repreneurs.get(chose.cle, a_tout)
        candidat = membres.get(choisi) if choisi else None
        if candidat is None or not candidat.peut_prendre(chose):
            if chose.genre == reprises.RESIDENCE:
                continue  # a résidence without a gardien still has its référents
            raise ValidationError(f"Choisissez qui reprend : {chose.libelle}.")
        if reprises.confier(chose, rattachement, candidat, par):
            confies.setdefault(chose.genre, []).append(chose.id)
    for genre, objets in confies.items():
        journal.noter(
            Action.SUIVI_CONFIE, organisation_id=rattachement.organisation_id, objet_type=genre, objets=objets
        )


def changer_role(pk: int, role: str, fonction: str = "", *, par: Compte) -> Rattachement:
    """Give another role of the same organisation, and the function shown beside the name.

    PermissionDenied without the right, on one's own or for a role that is not to give; ValidationError when the
    person already holds it. A gardien who becomes something else keeps no résidence.
    """
    with transaction.atomic():
        rattachement = _a_modifier(pk, par)
        if role not in droits.roles_attribuables(par, rattachement.organisation):
            raise PermissionDenied("Ce rôle n’est pas à donner ici.")
        autres = Rattachement.objects.visibles_par(par).de(rattachement.compte).exclude(pk=pk)
        if autres.avec_role(role).en_vigueur(horloge.aujourdhui()).exists():
            raise ValidationError({"role": "Cette personne a déjà ce rôle dans l’organisation."})
        if role != Role.GARDIEN:
            ResidenceGardien.objects.filter(rattachement=rattachement).delete()
        change = rattachement.role != role
        rattachement.role, rattachement.fonction = role, fonction
        rattachement.save(update_fields=["role", "fonction"])
        _noter(Action.RATTACHEMENT_MODIFIE, rattachement)
        if change:
            _prevenir(rattachement)
    return rattachement


def affecter_residences(pk: int, residences: Iterable[int], *, par: Compte) -> None:
    """Set the résidences on which a gardien may report.

    PermissionDenied without the right; ValidationError for somebody who is not a gardien or a résidence of others.
    """
    with transaction.atomic():
        rattachement = _a_modifier(pk, par)
        if rattachement.role != Role.GARDIEN:
            raise ValidationError("Seul un gardien a des résidences.")
        voulues = set(residences_choisies(residences, role=rattachement.role, par=par))
        jour = horloge.aujourdhui()
        actuelles = ResidenceGardien.objects.du_rattachement(rattachement).pas_finis(jour)
        gardees = set(actuelles.values_list("residence_id", flat=True))
        for residence_id in sorted(gardees - voulues):
            _finir(rattachement, residence_id, jour)
        for residence_id in sorted(voulues - gardees):
            _commencer(rattachement, residence_id, jour, None)
        _noter(Action.RESIDENCES_AFFECTEES, rattachement)


def rattacher_residence(pk: int, residence_id: int, *, du: date, au: date | None = None, par: Compte) -> None:
    """Give a gardien a résidence from a day, until another (excluded) or with no end.

    Same errors as `affecter_residences`; ValidationError for dates in disorder, or a résidence that he has.
    """
    with transaction.atomic():
        rattachement = _a_modifier(pk, par)
        if rattachement.role != Role.GARDIEN:
            raise ValidationError("Seul un gardien a des résidences.")
        if au is not None and (au <= du or au <= horloge.aujourdhui()):
            raise ValidationError({"au": "Le dernier jour vient après le premier, et n’est pas passé."})
        (choisie,) = residences_choisies([residence_id], role=rattachement.role, par=par)
        siennes = ResidenceGardien.objects.du_rattachement(rattachement).pas_finis(horloge.aujourdhui())
        if siennes.filter(residence=choisie).exists():
            raise ValidationError({"residence": "Il a déjà cette résidence. Retirez-la pour changer ses dates."})
        _commencer(rattachement, choisie, du, au)
        _noter(Action.RESIDENCES_AFFECTEES, rattachement)


def detacher_residence(pk: int, residence_id: int, *, par: Compte) -> None:
    """Take a résidence away from a gardien today: his next page does not offer it any more. Same errors."""
    with transaction.atomic():
        rattachement = _a_modifier(pk, par)
        _finir(rattachement, residence_id, horloge.aujourdhui())
        _noter(Action.RESIDENCES_AFFECTEES, rattachement)


def _commencer(rattachement: Rattachement, residence_id: int, du: date, au: date | None) -> None:
    """One row for a gardien and a résidence: an ended one begins again."""
    lien = ResidenceGardien.objects.du_rattachement(rattachement).filter(residence=residence_id)
    if not lien.update(du=du, au=au):
        ResidenceGardien.objects.create(
            rattachement=rattachement, residence_id=residence_id, bailleur_id=rattachement.organisation_id, du=du, au=au
        )


def _finir(rattachement: Rattachement, residence_id: int, jour: date) -> None:
    """Ended today; one that had not begun never was."""
    lien = ResidenceGardien.objects.du_rattachement(rattachement).filter(residence=residence_id)
    lien.filter(du__gt=jour).delete()
    lien.pas_finis(jour).update(au=jour)


def _a_modifier(pk: int, par: Compte) -> Rattachement:
    """The rattachement, locked, once the right and the state are checked."""
    droits.exiger(par, Permission.MEMBRES)
    rattachement = Rattachement.objects.visibles_par(par).select_related("organisation", "compte").get(pk=pk)
    if rattachement.compte_id == par.pk:
        raise PermissionDenied("Personne ne change son propre rattachement.")
    Rattachement.objects.select_for_update().get(pk=pk)
    rattachement.refresh_from_db(fields=["role", "fonction", "au"])
    if rattachement.au is not None and rattachement.au <= horloge.aujourdhui():
        raise ValidationError("Ce rattachement est déjà terminé.")
    return rattachement


def _noter(action: Action, rattachement: Rattachement) -> None:
    journal.noter(
        action,
        organisation_id=rattachement.organisation_id,
        objet_type="rattachement",
        objets=[rattachement.pk],
    )


def _prevenir(rattachement: Rattachement) -> None:
    le = horloge.maintenant().isoformat()
    envois.prevoir(
        ENVOI,
        effet=f"acces_modifie:{rattachement.pk}:{le}",
        organisation_id=rattachement.organisation_id,
        objet_id=rattachement.pk,
    )
