"""The right of access: a copy of the file asked for the person, made in the background, and handed over."""

from collections.abc import Collection
from datetime import date
from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import Action
from accompagnements.enums.acces import Demandeur, Identite, Remise
from accompagnements.models import Accompagnement, DemandeAcces, Intervenant
from accompagnements.parcours.verrous import SaisieRefusee, jour_passe, noter, verrouille
from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import FormatExport, GenreExport
from signalements.parcours.exports import demander_export
from socle import horloge
from socle.transitions import TransitionInterdite

REFUS = "Le dossier est remis par la coordination, ou par une personne qui suit cette situation."


def remet(par: Compte, accompagnement: Accompagnement) -> bool:
    """Whether this person hands the file over: coordination, or an intervenant of today."""
    if par.a_role(Role.COORDINATION) and par.organisation_id == accompagnement.equipe_id:
        return True
    return Intervenant.objects.filter(accompagnement=accompagnement, compte=par, au=None).exists()


def demander_dossier(
    pk: UUID,
    *,
    par: Compte,
    recue_le: date,
    demandeur: str,
    identite: str,
    remise: str,
    destinataire: str = "",
    retenus: Collection[str] = (),
) -> DemandeAcces:
    """Ask for the archive of a situation, open or ended, at the person's request.

    `retenus`: what speaks of somebody else, and stays out. SaisieRefusee; PermissionDenied for who does not carry it;
    Accompagnement.DoesNotExist out of scope.
    """
    accompagnement = verrouille(pk, par)
    if not remet(par, accompagnement):
        raise PermissionDenied(REFUS)
    jour_passe(recue_le, "recue_le")
    for champ, valeur, liste in (
        ("demandeur", demandeur, Demandeur), ("identite", identite, Identite), ("remise", remise, Remise),
    ):  # fmt: skip
        if valeur not in liste.values:
            raise SaisieRefusee("Choisissez une réponse.", champ)
    if demandeur != Demandeur.PERSONNE and not destinataire.strip():
        raise SaisieRefusee("Écrivez qui reçoit le dossier, et à quel titre.", "destinataire")
    export = demander_export(
        par=par, genre=GenreExport.DOSSIER, format=FormatExport.ZIP, objet_id=pk,
        parametres={"retenus": " ".join(sorted(set(retenus)))},
    )  # fmt: skip
    demande = DemandeAcces(
        accompagnement=accompagnement, equipe_id=accompagnement.equipe_id, recue_le=recue_le, demandeur=demandeur,
        destinataire=destinataire.strip(), identite=identite, remise=remise, retenus=len(set(retenus)),
        export_id=export.pk, demandee_par=par, demandee_le=horloge.maintenant(),
    )  # fmt: skip
    demande.save(force_insert=True)
    noter(Action.ACCES_DEMANDE, accompagnement, equipe_id=accompagnement.equipe_id)
    return demande


def noter_remise(pk: UUID, *, par: Compte, le: date) -> DemandeAcces:
    """It was handed over, once. TransitionInterdite afterwards, SaisieRefusee, PermissionDenied as for asking."""
    parent = DemandeAcces.objects.visibles_par(par).values_list("accompagnement", flat=True).get(pk=pk)
    accompagnement = verrouille(parent, par)
    demande: DemandeAcces = DemandeAcces.objects.visibles_par(par).get(pk=pk)
    if not remet(par, accompagnement):
        raise PermissionDenied(REFUS)
    if demande.remis_le is not None:
        raise TransitionInterdite("noter_remise", "remis")
    jour_passe(le)
    if le < demande.recue_le:
        raise SaisieRefusee("La remise suit la demande.", "le")
    demande.remis_le, demande.remis_par = le, par
    demande.save(update_fields=["remis_le", "remis_par"])
    noter(Action.ACCES_REMIS, accompagnement, equipe_id=accompagnement.equipe_id)
    return demande
