"""The delays of an équipe change from a day on, by a new version; nothing that has begun is touched."""

from datetime import date
from uuid import UUID

from django.core.exceptions import ValidationError

from partenaires.droits import exiger
from partenaires.enums import Action, Permission
from partenaires.models import Compte, DelaisEquipe
from partenaires.models.delais import REPONSE, REVUE
from socle import horloge, journal
from socle.transitions import TransitionInterdite


def changer_delais(
    *,
    par: Compte,
    a_partir_du: date,
    etude_jours: int,
    information_jours: int,
    opposition_jours: int,
    alsace_moselle: bool,
    reponse_jours: int = REPONSE,
    revue_mois: int = REVUE,
) -> DelaisEquipe:
    """A new version of the delays, from tomorrow at the earliest. ValidationError for an earlier day, an impossible
    length, or a version that says what stands already; PermissionDenied for another role than coordination.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    if a_partir_du <= horloge.aujourdhui():
        raise ValidationError({"a_partir_du": "La date d’effet est demain ou plus tard."})
    delais = DelaisEquipe(
        equipe_id=equipe_id, a_partir_du=a_partir_du, etude_jours=etude_jours, information_jours=information_jours,
        opposition_jours=opposition_jours, alsace_moselle=alsace_moselle, reponse_jours=reponse_jours,
        revue_mois=revue_mois, decides_par=par,
        decides_le=horloge.maintenant(),
    )  # fmt: skip
    delais.clean_fields(exclude=["decides_par", "retires_par", "retires_le", "equipe"])
    if _valeurs(DelaisEquipe.de(equipe_id, a_partir_du)) == _valeurs(delais):
        raise ValidationError("Ces délais sont déjà ceux qui valent à cette date.")
    delais.save(force_insert=True)
    _noter(Action.DELAIS_CHANGES, delais)
    return delais


def retirer_delais(pk: UUID, *, par: Compte) -> DelaisEquipe:
    """Take back a version before its day: it stays in the history. TransitionInterdite once its day has come.

    DelaisEquipe.DoesNotExist outside the équipe, PermissionDenied for another role than coordination.
    """
    equipe_id = exiger(par, Permission.COORDONNER)
    siens = DelaisEquipe.objects.de_l_equipe(equipe_id)
    a_venir = siens.a_venir(horloge.aujourdhui()).select_for_update(of=("self",))
    delais: DelaisEquipe | None = a_venir.filter(pk=pk).first()
    if delais is None:
        siens.get(pk=pk)
        raise TransitionInterdite("retirer_delais", "en vigueur")
    delais.retires_le, delais.retires_par = horloge.maintenant(), par
    delais.save(update_fields=["retires_le", "retires_par"])
    _noter(Action.DELAIS_RETIRES, delais)
    return delais


def _valeurs(delais: DelaisEquipe) -> tuple[int, ...]:
    return (
        delais.etude_jours, delais.information_jours, delais.opposition_jours, delais.reponse_jours,
        delais.revue_mois, int(delais.alsace_moselle),
    )  # fmt: skip


def _noter(action: Action, delais: DelaisEquipe) -> None:
    journal.noter(action, organisation_id=delais.equipe_id, objet_type="delais", objets=[delais.pk])
