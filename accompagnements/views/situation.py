"""A situation and its tabs: links to pages, one next step, who reads what."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accompagnements import droits, frise
from accompagnements.enums import Action, Etat, EtatObjectif
from accompagnements.models import (
    Accompagnement,
    Accord,
    Contrat,
    Diagnostic,
    Document,
    EntreeClinique,
    NoteEquipe,
    Objectif,
    Orientation,
    Visite,
)
from accompagnements.situation import TONS, actes_de, colonne_de, effacement_de, etapes_de, suite_de
from accompagnements.views.commun import fil
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission, Role
from partenaires.models import Compte
from signalements.views.equipe import identite
from socle import journal
from socle.comptages import compter_ensemble
from socle.pagination import adresse_avec
from socle.presentation import EntreeFrise, Onglet

ONGLETS = (
    ("situation", "Situation"),
    ("situation_contrat", "Contrat et objectifs"),
    ("situation_visites", "Visites"),
    ("situation_orientations", "Orientations"),
    ("situation_notes", "Notes"),
    ("situation_documents", "Documents"),
)


@require_safe
@ouvert_a(Permission.SUIVRE)
def situation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The path, the objectives, the timeline, and what is due; reading it is noted."""
    compte, a, contexte = _ouvrir(request, pk, "situation")
    entrees = _frise(a, compte, request.GET.get("frise", ""))
    toutes = "toutes" in request.GET or len(entrees) <= frise.MONTRES
    objectifs = list(Objectif.objects.de_l_accompagnement(a))
    contexte |= {
        "etapes": etapes_de(a),
        "objectifs": objectifs,
        "atteints": sum(o.etat == EtatObjectif.ATTEINT for o in objectifs),
        "frise": entrees if toutes else entrees[: frise.MONTRES],
        "filtres": [
            (libelle, adresse_avec(request.GET, frise=code, toutes=""), request.GET.get("frise", "") == code)
            for code, libelle in frise.FILTRES
        ],
        "precedents": 0 if toutes else len(entrees) - frise.MONTRES,
        "url_toutes": adresse_avec(request.GET, toutes="1"),
        "echeances": colonne_de(a),
        "accords": list(Accord.objects.de_l_accompagnement(a)),
        "diagnostic": Diagnostic.objects.de_l_accompagnement(a).first(),
        "effacement": effacement_de(a),
    }
    return render(request, "accompagnements/situation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def contrat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Diagnostic, objectives, versions of the contract."""
    _, a, contexte = _ouvrir(request, pk, "situation_contrat")
    contexte |= {
        "diagnostic": Diagnostic.objects.de_l_accompagnement(a).first(),
        "objectifs": list(Objectif.objects.de_l_accompagnement(a)),
        "contrats": list(Contrat.objects.de_l_accompagnement(a)),
        "documents": {d.objet_id: d for d in Document.objects.de_l_accompagnement(a)},
    }
    contexte["contrats"] = [(c, contexte["documents"].get(c.pk)) for c in contexte["contrats"]]
    return render(request, "accompagnements/contrat.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def visites(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every visit, the newest first."""
    _, a, contexte = _ouvrir(request, pk, "situation_visites")
    lignes = list(Visite.objects.de_l_accompagnement(a))
    noms = _noms(v.participants for v in lignes)
    contexte["visites"] = [(v, ", ".join(noms[c] for c in v.participants if c in noms)) for v in lignes]
    return render(request, "accompagnements/visites.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Orientations and accords of this situation."""
    _, a, contexte = _ouvrir(request, pk, "situation_orientations")
    contexte |= {
        "orientations": list(Orientation.objects.de_l_accompagnement(a)),
        "accords": list(Accord.objects.de_l_accompagnement(a)),
    }
    return render(request, "accompagnements/orientations_situation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Notes of both levels, each where it may be read; the text of a clinical one is noted apart."""
    compte, a, contexte = _ouvrir(request, pk, "situation_notes")
    cliniques = _cliniques(a, compte)
    if any(c.contenu_lisible for c in cliniques):
        _noter(Action.CLINIQUE_LUE, a)
    lignes: list[tuple[NoteEquipe | EntreeClinique, str, str]] = [
        (n, "equipe", n.texte) for n in NoteEquipe.objects.de_l_accompagnement(a)
    ]
    lignes += [(c, "clinique", c.contenu_lisible.texte if c.contenu_lisible else "") for c in cliniques]
    lignes.sort(key=lambda ligne: ligne[0].ecrite_le, reverse=True)
    contexte["notes"] = [
        {
            "note": note, "niveau": niveau, "texte": texte,
            "modifiable": not a.est_clos and note.auteur_id == compte.pk and bool(texte),
            "route": "note_modifier" if niveau == "equipe" else "note_clinique_modifier",
        }
        for note, niveau, texte in lignes
    ]  # fmt: skip
    return render(request, "accompagnements/notes.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def documents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Documents, ready or being made."""
    _, a, contexte = _ouvrir(request, pk, "situation_documents")
    contexte["documents"] = list(Document.objects.de_l_accompagnement(a))
    return render(request, "accompagnements/documents.html", contexte)


def _ouvrir(request: HttpRequest, pk: UUID, onglet: str) -> tuple[Compte, Accompagnement, dict[str, Any]]:
    """The situation in scope, its reading noted, and what the frame of every tab shows."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    _noter(Action.SITUATION_LUE, a)
    suite = suite_de(a, compte)
    actes = actes_de(a, compte)
    return compte, a, {
        "a": a,
        "fiche": a.fiche,
        "reference": a.fiche.reference,
        "etat": Etat(a.etat).label,
        "ton": TONS[a.etat],
        "fil": fil(a),
        "identite": identite(a.fiche),
        "suite": suite,
        "menu": [(acte.libelle, acte.url) for acte in actes if not acte.danger],
        "dangereux": [acte for acte in actes if acte.danger],
        "onglets": _onglets(a, onglet, compte),
        "ouverte": not a.est_clos,
    }  # fmt: skip


def _noter(action: Action, a: Accompagnement) -> None:
    journal.noter(action, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])


def _onglets(a: Accompagnement, courant: str, compte: Compte) -> list[Onglet]:
    """The tabs with their counts; a level that the person may not see is not counted."""
    lignes = {
        "situation_contrat": Objectif.objects.de_l_accompagnement(a),
        "situation_visites": Visite.objects.de_l_accompagnement(a),
        "situation_orientations": Orientation.objects.de_l_accompagnement(a),
        "situation_notes": NoteEquipe.objects.de_l_accompagnement(a),
        "cliniques": EntreeClinique.objects.de_l_accompagnement(a),
        "situation_documents": Document.objects.de_l_accompagnement(a),
    }
    if not compte.a_role(Role.COORDINATION, Role.SOIGNANT):
        del lignes["cliniques"]
    comptes = compter_ensemble(lignes)
    comptes["situation_notes"] += comptes.pop("cliniques", 0)
    return [
        Onglet(libelle, reverse(route, args=[a.pk]), comptes.get(route) or None, route == courant)
        for route, libelle in ONGLETS
    ]


def _cliniques(a: Accompagnement, compte: Compte) -> list[EntreeClinique]:
    """Clinical entries where the role may know of them."""
    if not compte.a_role(Role.COORDINATION, Role.SOIGNANT):
        return []
    return list(EntreeClinique.objects.de_l_accompagnement(a))


def _frise(a: Accompagnement, compte: Compte, filtre: str) -> list[EntreeFrise]:
    """The timeline, or one kind of its lines."""
    entrees: list[EntreeFrise] = []
    if filtre in (frise.TOUT, frise.VISITES):
        lignes = list(Visite.objects.de_l_accompagnement(a))
        entrees += frise.entrees_des_visites(lignes, _noms(v.participants for v in lignes))
    if filtre in (frise.TOUT, frise.NOTES):
        cliniques = _cliniques(a, compte)
        entrees += frise.entrees_des_notes(NoteEquipe.objects.de_l_accompagnement(a), cliniques)
        if any(c.contenu_lisible for c in cliniques):
            _noter(Action.CLINIQUE_LUE, a)
    if filtre in (frise.TOUT, frise.ORIENTATIONS):
        entrees += frise.entrees_des_orientations(Orientation.objects.de_l_accompagnement(a))
    if filtre == frise.TOUT:
        contrats = Contrat.objects.de_l_accompagnement(a)
        entrees += frise.entrees_du_dossier(a, contrats, Accord.objects.de_l_accompagnement(a))
    return frise.ordonner(entrees)


def _noms(listes: Any) -> dict[int, str]:
    """Names of the accounts of these lists; one statement."""
    comptes = Compte.objects.in_bulk({cle for liste in listes for cle in liste})
    return {cle: c.nom_complet for cle, c in comptes.items()}
