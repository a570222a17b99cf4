"""Saved views of the triage list: kept, renamed, shared, chosen as default, deleted."""

from collections.abc import Mapping
from uuid import UUID

from django.core.exceptions import ValidationError

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from signalements.enums import Action
from signalements.models import VueParDefaut, VueTri
from signalements.models.vues import PARAMETRES
from socle import horloge, journal

TROP = f"Vous avez déjà {VueTri.NOMBRE_MAXIMUM}\N{NO-BREAK SPACE}vues : supprimez-en une d’abord."


def enregistrer_vue(
    *, par: Compte, nom: str, parametres: Mapping[str, str], partagee: bool = False, par_defaut: bool = False
) -> VueTri:
    """Keep filters and sort under a name. ValidationError beyond 30 views, PermissionDenied for another role."""
    equipe_id = exiger(par, Permission.SUIVRE)
    if VueTri.objects.de(par).filter(equipe=equipe_id).count() >= VueTri.NOMBRE_MAXIMUM:
        raise ValidationError(TROP)
    vue = VueTri(
        equipe_id=equipe_id,
        auteur=par,
        nom=nom,
        parametres={cle: parametres[cle] for cle in PARAMETRES if parametres.get(cle)},
        partagee=partagee,
        cree_le=horloge.maintenant(),
    )
    vue.save(force_insert=True)
    _noter(Action.VUE_ENREGISTREE, vue)
    if par_defaut:
        choisir_vue_par_defaut(vue.pk, par=par)
    return vue


def modifier_vue(pk: UUID, *, par: Compte, nom: str, partagee: bool, version: int) -> VueTri:
    """Rename it, share it or take it back. ConflitDeVersion when somebody changed it since the form was shown.

    Only its author takes a shared view back: coordination renames it or deletes it. VueTri.DoesNotExist for a
    view that is not hers to change.
    """
    vue: VueTri = VueTri.objects.gerables_par(par).select_for_update(of=("self",)).get(pk=pk)
    vue.nom = nom
    vue.partagee = partagee or vue.auteur_id != par.pk
    vue.enregistrer_version(version, ["nom", "partagee"])
    _noter(Action.VUE_MODIFIEE, vue)
    return vue


def supprimer_vue(pk: UUID, *, par: Compte) -> None:
    """Delete it, for everybody when it was shared; whoever opened the list on it opens it plain again."""
    vue: VueTri = VueTri.objects.gerables_par(par).select_for_update(of=("self",)).get(pk=pk)
    _noter(Action.VUE_SUPPRIMEE, vue)
    VueTri.objects.filter(pk=vue.pk)._raw_delete("default")  # the choices of it cascade in the database


def choisir_vue_par_defaut(pk: UUID | None, *, par: Compte) -> None:
    """Open the list on this view from now on; on no view when None. VueTri.DoesNotExist for one she cannot see."""
    equipe_id = exiger(par, Permission.SUIVRE)
    vue = None if pk is None else VueTri.objects.visibles_par(par).get(pk=pk)
    VueParDefaut.objects.filter(compte=par, equipe=equipe_id).delete()
    if vue is not None:
        VueParDefaut.objects.create(equipe_id=equipe_id, compte=par, vue=vue)


def _noter(action: Action, vue: VueTri) -> None:
    journal.noter(action, organisation_id=vue.equipe_id, objet_type="vue", objets=[vue.pk])
