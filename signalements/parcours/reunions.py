"""The réunion d'équipe: prepared, opened, decided point by point by the acts of the fiche itself, then kept."""

from collections.abc import Callable, Collection, Mapping, Sequence
from datetime import date
from typing import Any, Final
from uuid import UUID

from django.core.exceptions import ValidationError
from django.db import transaction

from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte, Rattachement
from signalements.enums import Action
from signalements.enums_reunions import REUNION, SANS_ACTE, Decision, EtatReunion, question_de
from signalements.models import DecisionReunion, Fiche, PointReunion, PresenceReunion, Reunion
from signalements.parcours.information import enregistrer_information
from signalements.parcours.instruction import (
    attribuer,
    classer,
    declarer_non_recevable,
    declarer_recevable,
    demander_complement,
    reorienter,
)
from socle import horloge, journal
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

TROP: Final = f"Une réunion a au plus {PointReunion.NOMBRE_MAXIMUM}\N{NO-BREAK SPACE}fiches."


def preparer_reunion(*, par: Compte, le: date) -> Reunion:
    """A meeting to come; ValidationError for a day that is over, PermissionDenied for another role."""
    equipe_id = exiger(par, Permission.SUIVRE)
    if le < horloge.aujourdhui():
        raise ValidationError({"le": "La réunion est aujourd’hui ou plus tard."})
    reunion = Reunion(equipe_id=equipe_id, le=le, creee_par=par, creee_le=horloge.maintenant())
    reunion.save(force_insert=True)
    _noter(Action.REUNION_PREPAREE, reunion)
    return reunion


def inscrire(pk: UUID, *, par: Compte, fiches: Collection[UUID]) -> int:
    """Put fiches on the agenda, after those that are there; returns how many were not there yet.

    What is not an open fiche of the équipe is left out. TransitionInterdite once the meeting is over,
    ValidationError beyond 100 points.
    """
    reunion = _verrouillee(pk, par)
    if reunion.etat not in (EtatReunion.PREPARATION, EtatReunion.OUVERTE):
        raise TransitionInterdite("inscrire", reunion.etat)
    connus = list(PointReunion.objects.all().de_la_reunion(reunion))
    deja = {point.fiche_id for point in connus}
    ouvertes = Fiche.objects.visibles_par(par).de_l_equipe(reunion.equipe_id).filter(instruction__fin_le=None)
    nouvelles = {f.pk: f for f in ouvertes.filter(pk__in=list(fiches)).select_related("instruction")}
    a_inscrire = [nouvelles[cle] for cle in dict.fromkeys(fiches) if cle in nouvelles and cle not in deja]
    if len(deja) + len(a_inscrire) > PointReunion.NOMBRE_MAXIMUM:
        raise ValidationError(TROP)
    dernier = max((point.ordre for point in connus), default=0)
    PointReunion.objects.bulk_create(
        PointReunion(
            reunion=reunion, equipe_id=reunion.equipe_id, fiche=fiche, ordre=dernier + rang,
            question=question_de(fiche.instruction.etat),
        )
        for rang, fiche in enumerate(a_inscrire, start=1)
    )  # fmt: skip
    if a_inscrire:
        _changer(reunion)
        journal.noter(
            Action.REUNION_INSCRITE, organisation_id=reunion.equipe_id, objet_type="fiche",
            objets=[fiche.pk for fiche in a_inscrire],
        )  # fmt: skip
    return len(a_inscrire)


def ordonner(
    pk: UUID, *, par: Compte, ordre: Sequence[UUID], questions: Mapping[UUID, str], retires: Collection[UUID],
    version: int,
) -> Reunion:  # fmt: skip
    """Give the points their order and what is to decide, and take some away, while it is prepared.

    Points that the form did not know (put there since) go after. ConflitDeVersion when somebody changed the agenda.
    """
    reunion = _verrouillee(pk, par)
    if not reunion.est_en_preparation:
        raise TransitionInterdite("ordonner", reunion.etat)
    if reunion.version != version:
        raise ConflitDeVersion(reunion)
    points = {point.pk: point for point in PointReunion.objects.all().de_la_reunion(reunion)}
    for cle in set(retires) & set(points):
        PointReunion.objects.filter(pk=cle)._raw_delete("default")
        del points[cle]
    connus = [cle for cle in ordre if cle in points]
    for rang, cle in enumerate([*connus, *(c for c in points if c not in connus)], start=1):
        points[cle].ordre = rang
        points[cle].question = questions.get(cle, points[cle].question)
    PointReunion.objects.bulk_update(points.values(), ["ordre", "question"])
    _changer(reunion)
    return reunion


def ouvrir_reunion(pk: UUID, *, par: Compte) -> Reunion:
    """The meeting begins: decisions may be recorded. Whoever opens it is there."""
    reunion = _verrouillee(pk, par)
    REUNION.verifier("ouvrir_reunion", etat=reunion.etat, roles=par.roles)
    reunion.etat = EtatReunion.OUVERTE
    reunion.ouverte_le, reunion.ouverte_par = horloge.maintenant(), par
    reunion.le = horloge.aujourdhui()
    _changer(reunion, "etat", "ouverte_le", "ouverte_par", "le")
    PresenceReunion.objects.create(reunion=reunion, equipe_id=reunion.equipe_id, compte=par)
    _noter(Action.REUNION_OUVERTE, reunion)
    return reunion


def noter_presents(pk: UUID, *, par: Compte, presents: Collection[int]) -> None:
    """Say who is there, among the people of the équipe in force; TransitionInterdite unless it is going on."""
    reunion = _verrouillee(pk, par)
    if not reunion.est_ouverte:
        raise TransitionInterdite("noter_presents", reunion.etat)
    membres = Rattachement.objects.visibles_par(par).en_vigueur(horloge.aujourdhui())
    voulus = set(presents) & set(membres.values_list("compte_id", flat=True))
    notes = PresenceReunion.objects.filter(reunion=reunion)
    connus = set(notes.values_list("compte_id", flat=True))
    notes.filter(compte_id__in=connus - voulus).delete()
    PresenceReunion.objects.bulk_create(
        PresenceReunion(reunion=reunion, equipe_id=reunion.equipe_id, compte_id=cle) for cle in sorted(voulus - connus)
    )


def terminer_reunion(pk: UUID, *, par: Compte) -> Reunion:
    """The meeting is over: nothing of it changes any more."""
    reunion = _verrouillee(pk, par)
    REUNION.verifier("terminer_reunion", etat=reunion.etat, roles=par.roles)
    reunion.etat = EtatReunion.TERMINEE
    reunion.terminee_le = horloge.maintenant()
    _changer(reunion, "etat", "terminee_le")
    _noter(Action.REUNION_TERMINEE, reunion)
    return reunion


def annuler_reunion(pk: UUID, *, par: Compte) -> Reunion:
    """It will not take place; its agenda stays in the list of the past ones."""
    reunion = _verrouillee(pk, par)
    REUNION.verifier("annuler_reunion", etat=reunion.etat, roles=par.roles)
    reunion.etat = EtatReunion.ANNULEE
    _changer(reunion, "etat")
    _noter(Action.REUNION_ANNULEE, reunion)
    return reunion


def decider_point(pk: UUID, *, par: Compte, decision: str, donnees: Mapping[str, Any]) -> DecisionReunion:
    """Record what the meeting decided of a point: the act of the fiche and its trace, or neither.

    `donnees` are those of the form of the act. Same errors as the act (TransitionInterdite, ConflitDeVersion,
    DateRefusee, PermissionDenied); TransitionInterdite unless the meeting is going on; PointReunion.DoesNotExist
    outside the équipe.
    """
    with journal.a_defaire(), transaction.atomic():
        point: PointReunion = PointReunion.objects.visibles_par(par).get(pk=pk)
        reunion = _verrouillee(point.reunion_id, par)
        if not reunion.est_ouverte:
            raise TransitionInterdite("decider", reunion.etat)
        trace = DecisionReunion(
            point=point, reunion=reunion, equipe_id=reunion.equipe_id, decision=decision, le=horloge.maintenant(),
            par=par,
        )  # fmt: skip
        if decision in SANS_ACTE:
            connue = DecisionReunion.objects.filter(point=point, decision=decision).first()
            if connue is not None:
                return connue
        else:
            _ACTES[Decision(decision)](point.fiche_id, par, donnees)
        trace.save(force_insert=True)
        journal.noter(
            Action.REUNION_DECISION, organisation_id=reunion.equipe_id, objet_type="fiche", objets=[point.fiche_id],
            motif=decision,
        )  # fmt: skip
    return trace


_Acte = Callable[[UUID, Compte, Mapping[str, Any]], object]
_ACTES: Final[Mapping[Decision, _Acte]] = {
    Decision.RECEVABLE: lambda f, par, d: declarer_recevable(f, par=par, version=d["version"]),
    Decision.COMPLEMENT: lambda f, par, d: demander_complement(
        f, par=par, question=d["question"], gardees=d.get("gardees", ()), version=d["version"]
    ),
    Decision.INFORMATION: lambda f, par, d: enregistrer_information(f, par=par, le=d["le"], mode=d["mode"]),
    Decision.ATTRIBUEE: lambda f, par, d: attribuer(f, par=par, a=d["a"], version=d["version"]),
    Decision.NON_RECEVABLE: lambda f, par, d: declarer_non_recevable(
        f, par=par, motif=d["motif"], version=d["version"]
    ),
    Decision.REORIENTEE: lambda f, par, d: reorienter(f, par=par, version=d["version"]),
    Decision.CLASSEE: lambda f, par, d: classer(f, par=par, motif=d["motif"], version=d["version"]),
}


def _verrouillee(pk: UUID, par: Compte) -> Reunion:
    """The meeting, locked; a past one cannot be (its policy lets nobody change it): TransitionInterdite."""
    visibles = Reunion.objects.visibles_par(par)
    reunion: Reunion | None = visibles.select_for_update(of=("self",)).filter(pk=pk).first()
    if reunion is None:
        raise TransitionInterdite("modifier_reunion", visibles.get(pk=pk).etat)
    return reunion


def _changer(reunion: Reunion, *champs: str) -> None:
    reunion.version += 1
    reunion.save(update_fields=[*champs, "version"])


def _noter(action: Action, reunion: Reunion) -> None:
    journal.noter(action, organisation_id=reunion.equipe_id, objet_type="reunion", objets=[reunion.pk])
