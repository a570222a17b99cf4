"""Planning visits: one or a series, moved, cancelled; a person already taken is said before, never refused."""

from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accompagnements import droits, parcours
from accompagnements.enums import EtatVisite
from accompagnements.forms.visites import AnnulerVisiteForm, DeplacerVisiteForm, PlanifierVisiteForm
from accompagnements.models import Visite
from accompagnements.views.commun import acte, donnees, en_main, fait, page_acte, saisir, une_fois
from accompagnements.views.visites import visite_maintenant
from partenaires.droits import acteur
from partenaires.models import Compte
from socle import horloge
from socle.ecriture import INSECABLE, date_heure, date_longue, enumerer, heure
from socle.transitions import TransitionInterdite


class AConfirmer(Exception):
    """Something is said before the act, which then waits for a second confirmation."""


@acte()
def planifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A visit, or a series; what it meets is shown once, and confirmed."""
    compte, a = en_main(request, pk, nom="planifier_visite")
    premiere = a.premiere_faite_le is None and not any(v.premiere for v in a.visites_prevues)
    initial = {
        "participants": [str(i.compte_id) for i in a.en_charge],
        "conjointe": premiere,
        "ne_pas_y_aller_seul": a.ne_pas_y_aller_seul,
    }
    formulaire = PlanifierVisiteForm(donnees(request), compte=compte, initial=initial)
    avertis: list[str] = []
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        debuts = parcours.occurrences(formulaire.debut, d["repetition"], d["nombre"] or 0)
        assert compte.organisation_id is not None
        feries = parcours.feries(debuts, compte.organisation_id)
        # In a series a public holiday is skipped; a single visit on one is a choice.
        retenus = [x for x in debuts if x not in feries] if d["repetition"] else debuts
        comptes = [c.pk for c in formulaire.comptes]

        def faire() -> UUID:
            avertis.extend(_feries_dits(feries, saute=bool(d["repetition"])))
            avertis.extend(_occupes(compte, retenus, d["duree"], comptes, formulaire.nommer))
            if avertis and not d["malgre_tout"]:
                raise AConfirmer
            return parcours.planifier_visites(
                pk, par=compte, debuts=retenus, duree=d["duree"], lieu=d["lieu"],
                participants=formulaire.comptes, conjointe=d["conjointe"],
                ne_pas_y_aller_seul=d["ne_pas_y_aller_seul"],
            )[0].pk  # fmt: skip

        if not retenus:
            formulaire.add_error("jour", "Toutes ces dates sont fériées.")
        elif _confirme(lambda: une_fois(formulaire, compte, f"planifier|{pk}", faire)):
            quand = f"{date_longue(retenus[0])} à {heure(retenus[0])}"
            dit = f"{len(retenus)} visites planifiées, la première le {quand}." if d["repetition"] else ""
            return fait(request, pk, dit or f"Visite planifiée le {quand}.", "situation_visites")
    _sans_case(formulaire, avertis)
    return page_acte(
        request, a, formulaire, avertissements=avertis,
        titre=f"Planifier {'la première visite' if premiere else 'une visite'} chez {a.fiche.designation}",
        texte="La première visite se fait avec l’orienteur." if premiere else "",
        action="Planifier la visite", retour="situation_visites",
    )  # fmt: skip


@acte(visite_maintenant)
def deplacer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another day or hour; the following ones of a series may go with it."""
    compte = acteur(request)
    v = _prevue(droits.visite_visible(compte, pk), "deplacer")
    debut, suivantes = horloge.paris(v.debut), parcours.suivantes(v)
    initial = {"version": v.version, "jour": debut.date(), "heure": debut.time()}
    formulaire = DeplacerVisiteForm(donnees(request), compte=compte, serie=bool(suivantes), initial=initial)
    avertis: list[str] = []
    if request.method == "POST" and formulaire.is_valid():
        d, toutes = formulaire.cleaned_data, bool(formulaire.cleaned_data.get("suivantes"))
        assert compte.organisation_id is not None
        avertis = [
            *_feries_dits(parcours.feries([formulaire.debut], compte.organisation_id), saute=False),
            *_occupes(
                compte, [formulaire.debut], v.duree, v.participants, formulaire.nommer,
                sauf=[v.pk, *(s.pk for s in suivantes if toutes)],
            ),
        ]  # fmt: skip

        def faire() -> object:
            deplacer = parcours.deplacer_suivantes if toutes else parcours.deplacer_visite
            return deplacer(pk, par=compte, version=d["version"], debut=formulaire.debut)

        if (not avertis or d["malgre_tout"]) and saisir(formulaire, faire):
            dit = f"Visite déplacée au {date_longue(formulaire.debut)} à {heure(formulaire.debut)}"
            suite = ", et les suivantes avec elle." if toutes else "."
            return fait(request, v.accompagnement_id, dit + suite, "situation_visites")
    _sans_case(formulaire, avertis)
    return page_acte(
        request, v.accompagnement, formulaire, avertissements=avertis,
        titre=f"Déplacer la visite du {date_heure(v.debut)}",
        texte="Prévenez la personne et l’orienteur.", action="Déplacer la visite", retour="situation_visites",
    )  # fmt: skip


@acte(visite_maintenant)
def annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It will not take place; the following ones of a series may go with it."""
    compte = acteur(request)
    v = _prevue(droits.visite_visible(compte, pk), "annuler")
    formulaire = AnnulerVisiteForm(donnees(request), serie=bool(parcours.suivantes(v)))
    if request.method == "POST" and formulaire.is_valid():
        if formulaire.cleaned_data.get("suivantes"):
            nombre = len(parcours.annuler_suivantes(pk, par=compte))
            return fait(request, v.accompagnement_id, f"{nombre} visites sont annulées.", "situation_visites")
        parcours.annuler_visite(pk, par=compte)
        return fait(request, v.accompagnement_id, "La visite est annulée.", "situation_visites")
    return page_acte(
        request, v.accompagnement, formulaire, titre=f"Annuler la visite du {date_heure(v.debut)}{INSECABLE}?",
        texte="Prévenez la personne et l’orienteur.", action="Annuler la visite", danger=True,
        retour="situation_visites",
    )  # fmt: skip


def _prevue(v: Visite, nom: str) -> Visite:
    if v.etat != EtatVisite.PLANIFIEE or v.accompagnement.est_clos:
        raise TransitionInterdite(nom, v.etat)
    return v


def _confirme(faire: Callable[[], bool]) -> bool:
    """What is warned about is looked for in the act itself: sent twice, the visit made first is no obstacle."""
    try:
        return faire()
    except AConfirmer:
        return False


def _sans_case(formulaire: Any, avertis: list[str]) -> None:
    """The second confirmation is asked for only when there is something to confirm."""
    if not avertis:
        del formulaire.fields["malgre_tout"]


def _feries_dits(feries: list[datetime], *, saute: bool) -> list[str]:
    if not feries:
        return []
    jours = enumerer([date_longue(d) for d in feries])
    if saute:
        return [f"Jour férié, sans visite{INSECABLE}: {jours}."]
    return [f"{jours[:1].upper()}{jours[1:]} est un jour férié."]


def _occupes(
    compte: Compte,
    debuts: Sequence[datetime],
    duree: int,
    comptes: Iterable[int],
    nommer: Callable[[int], str],
    *,
    sauf: Iterable[UUID] = (),
) -> list[str]:
    """« Inès Calque a déjà une visite le 24 septembre à 10 h, jusqu’à 11 h (26-0158). »"""
    return [
        f"{nommer(o.compte_id)} a déjà une visite le {date_heure(o.debut)}, jusqu’à {heure(o.fin)} ({o.reference})."
        for o in parcours.occupations(compte, debuts, duree, comptes, sauf=sauf)
    ]
