"""The ratings: at the first visit by the équipe, at six months by the orienteur's rater and by the équipe."""

import json
from collections.abc import Mapping
from datetime import date
from uuid import UUID

from django.db import transaction

from partenaires.enums import Role
from partenaires.models import Compte
from signalements.enums import RELEVE, Action, Cotation, EtatReleve, Moment, Source, TypeEvaluateur
from signalements.models import Fiche, Grille, Releve
from signalements.parcours.verrous import noter, porte
from socle import horloge
from socle.transitions import TransitionInterdite

Cotations = Mapping[str, Mapping[str, str]]


class CotationsIncompletes(ValueError):
    """Signals without an answer, or answers that the grid does not know; `codes` names them."""

    def __init__(self, codes: list[str]) -> None:
        self.codes = codes
        super().__init__(f"{len(codes)} signaux sans réponse.")


def verifier_cotations(grille: Grille, cotations: Cotations) -> dict[str, dict[str, str]]:
    """Every signal of the grid answered 0-3 or NO, with a source from 1 up; raises CotationsIncompletes."""
    fautes = []
    propres: dict[str, dict[str, str]] = {}
    for code in sorted(grille.codes() | set(cotations)):
        cote = cotations.get(code, {})
        v, s = cote.get("v", ""), cote.get("s", "")
        presente = v in (Cotation.OCCASIONNEL, Cotation.FREQUENT, Cotation.PERMANENT)
        if code not in grille.codes() or v not in Cotation.values or (presente and s not in Source.values):
            fautes.append(code)
            continue
        propres[code] = {"v": v, "s": s} if presente else {"v": v}
    if fautes:
        raise CotationsIncompletes(fautes)
    return propres


def coter_depart_equipe(fiche: Fiche, *, par: Compte, cotations: Cotations) -> Releve:
    """The équipe's own T0, rated at the first visit. One per fiche."""
    grille = Grille.objects.all().en_vigueur(fiche.equipe_id)
    releve = Releve(
        fiche=fiche, equipe_id=fiche.equipe_destinataire_id, orienteur_id=fiche.orienteur_id, grille=grille,
        moment=Moment.T0, type_evaluateur=TypeEvaluateur.EQUIPE, etat=EtatReleve.RENDU, evaluateur=par,
        rendu_le=horloge.maintenant(), cotations=verifier_cotations(grille, cotations),
    )  # fmt: skip
    releve.save(force_insert=True)
    noter(Action.RELEVE_RENDU, fiche)
    return releve


def coter(pk: UUID, *, par: Compte, cotations: Cotations) -> Releve:
    """Give back a six-month relevé. The orienteur's then leaves his sight (through the door of the database).

    Raises CotationsIncompletes, TransitionInterdite when it is no longer expected, Releve.DoesNotExist when it
    is not this person's to rate.
    """
    releve = _a_rendre(pk, par)
    propres = verifier_cotations(Grille.objects.all().avec_signaux().get(pk=releve.grille_id), cotations)
    return _rendre(releve, par, EtatReleve.RENDU, Action.RELEVE_RENDU, propres, "")


def declarer_non_evaluable(pk: UUID, *, par: Compte, motif: str) -> Releve:
    """Say why nothing can be observed any more. Same errors as `coter`."""
    return _rendre(_a_rendre(pk, par), par, EtatReleve.NON_EVALUABLE, Action.RELEVE_NON_EVALUABLE, {}, motif)


def _a_rendre(pk: UUID, par: Compte) -> Releve:
    releve: Releve = Releve.objects.visibles_par(par).select_related("fiche").get(pk=pk, moment=Moment.T6)
    if releve.etat != EtatReleve.ATTENDU:
        raise TransitionInterdite("coter", releve.etat)
    if (releve.type_evaluateur == TypeEvaluateur.EQUIPE) != par.a_role(Role.COORDINATION, Role.SOIGNANT, Role.SOCIAL):
        raise Releve.DoesNotExist
    return releve


def _rendre(
    releve: Releve,
    par: Compte,
    etat: EtatReleve,
    action: Action,
    cotations: dict[str, dict[str, str]],
    motif: str,
) -> Releve:
    nom = "coter" if etat == EtatReleve.RENDU else "declarer_non_evaluable"
    RELEVE.verifier(nom, etat=releve.etat, roles=par.roles)
    rendu_le = horloge.maintenant() if etat == EtatReleve.RENDU else None
    if releve.type_evaluateur == TypeEvaluateur.EQUIPE:
        releve.etat, releve.cotations, releve.motif = etat, cotations, motif
        releve.rendu_le, releve.evaluateur = rendu_le, par
        releve.save(update_fields=["etat", "cotations", "motif", "rendu_le", "evaluateur"])
    elif porte("rendre_releve", releve.pk, etat.value, json.dumps(cotations), motif, rendu_le) is None:
        raise TransitionInterdite(nom, EtatReleve.RENDU)
    noter(action, releve.fiche)
    return releve


def ouvrir_releve(
    fiche: Fiche, *, type_evaluateur: str, grille: Grille, evaluateur_id: int | None, du_le: date
) -> Releve | None:
    """The clock: a six-month relevé becomes expected. Runs as `palier_systeme`; safe to run twice.

    Returns None when it exists already.
    """
    with transaction.atomic():
        if Releve.objects.filter(fiche=fiche, moment=Moment.T6, type_evaluateur=type_evaluateur).exists():
            return None
        releve = Releve(
            fiche=fiche, equipe_id=fiche.equipe_destinataire_id, orienteur_id=fiche.orienteur_id, grille=grille,
            moment=Moment.T6, type_evaluateur=type_evaluateur, etat=EtatReleve.ATTENDU,
            evaluateur_id=evaluateur_id, du_le=du_le, caduc_le=du_le + Releve.SURSIS,
        )  # fmt: skip
        releve.save(force_insert=True)
        noter(Action.RELEVE_OUVERT, fiche)
        return releve


def rendre_caduc(releve: Releve) -> None:
    """The clock: sixty days have passed. Runs as `palier_systeme`."""
    RELEVE.verifier_etat("rendre_caduc", etat=releve.etat)
    releve.etat = EtatReleve.CADUC
    releve.save(update_fields=["etat"])
    noter(Action.RELEVE_CADUC, releve.fiche)
