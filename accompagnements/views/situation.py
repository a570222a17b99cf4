"""A situation and its tabs: links to pages, one next step, who reads what."""

from typing import Any
from uuid import UUID

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from accompagnements import droits, frise
from accompagnements.comparaison import comparer
from accompagnements.concertations import titre_de
from accompagnements.enums import AVANT_CONTRAT, Action, Etat, EtatObjectif, EtatProposition, GenreDocument
from accompagnements.models import (
    Accompagnement,
    Accord,
    ActionConvenue,
    Contrat,
    Decision,
    DemandeAcces,
    Diagnostic,
    Document,
    EntreeClinique,
    Intervenant,
    NoteEquipe,
    Objectif,
    Orientation,
    PointConcertation,
    PropositionDeVisite,
    Reouverture,
    RevueObjectif,
    Visite,
)
from accompagnements.situation import (
    TENTATIVES,
    TONS,
    a_dates_a_proposer,
    actes_de,
    colonne_de,
    effacement_de,
    etapes_de,
    suite_de,
    tentatives_de,
)
from accompagnements.views.commun import fil
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission, Role
from partenaires.models import Compte
from signalements.models import Export
from signalements.views.equipe import identite
from socle import horloge, journal
from socle.comptages import compter_ensemble
from socle.lots import lire_ensemble
from socle.pagination import adresse_avec
from socle.presentation import Delai, EntreeFrise, Onglet

ONGLETS = (
    ("situation", "Situation"),
    ("situation_contrat", "Contrat et objectifs"),
    ("situation_visites", "Visites"),
    ("situation_orientations", "Orientations"),
    ("situation_accords", "Accords"),
    ("situation_concertations", "Concertations"),
    ("situation_notes", "Notes"),
    ("situation_documents", "Documents"),
)


@require_safe
@ouvert_a(Permission.SUIVRE)
def situation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The path, the objectives, the timeline, and what is due; reading it is noted."""
    compte, a, contexte = ouvrir_onglet(request, pk, "situation")
    lues = lire_ensemble(
        objectifs=Objectif.objects.de_l_accompagnement(a),
        accords=Accord.objects.de_l_accompagnement(a),
        diagnostics=Diagnostic.objects.de_l_accompagnement(a),
        **_evenements(a, compte, request.GET.get("frise", "")),
    )
    entrees = _frise(a, request.GET.get("frise", ""), lues)
    toutes = "toutes" in request.GET or len(entrees) <= frise.MONTRES
    objectifs = lues["objectifs"]
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
        "accords": lues["accords"],
        "diagnostic": next(iter(lues["diagnostics"]), None),
        "effacement": effacement_de(a),
    }
    return render(request, "accompagnements/situation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def contrat(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Diagnostic, objectives, versions of the contract."""
    _, a, contexte = ouvrir_onglet(request, pk, "situation_contrat")
    lues = lire_ensemble(
        diagnostics=Diagnostic.objects.de_l_accompagnement(a),
        objectifs=Objectif.objects.de_l_accompagnement(a),
        revues=RevueObjectif.objects.de_l_accompagnement(a),
        contrats=Contrat.objects.de_l_accompagnement(a),
        documents=Document.objects.de_l_accompagnement(a),
    )
    documents = {d.objet_id: d for d in lues["documents"] if d.genre == GenreDocument.CONTRAT}
    scans = {d.objet_id: d for d in lues["documents"] if d.genre == GenreDocument.SCAN}
    contexte |= {
        "diagnostic": next(iter(lues["diagnostics"]), None),
        "objectifs": lues["objectifs"],
        "revues": [(o, [r for r in lues["revues"] if r.objectif_id == o.pk]) for o in lues["objectifs"]],
        "contrats": [(c, documents.get(c.pk), scans.get(c.pk)) for c in lues["contrats"]],
        "comparables": len(lues["contrats"]) > 1,
    }
    return render(request, "accompagnements/contrat.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def contrat_comparer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Two versions of the contract side by side, from their frozen data: the last two, or those that are asked for."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    _noter(Action.SITUATION_LUE, a)
    versions = {str(c.numero): c for c in Contrat.objects.de_l_accompagnement(a)}
    if len(versions) < 2:
        raise Http404
    derniere, precedente = list(versions)[:2]
    une, autre = (request.GET.get(nom, defaut) for nom, defaut in (("de", precedente), ("a", derniere)))
    if une not in versions or autre not in versions:
        raise Http404
    contexte = {
        "fil": fil(a, "Comparer deux contrats"), "reference": a.fiche.reference, "numeros": list(versions),
        "avant": versions[une], "apres": versions[autre], "lignes": comparer(versions[une], versions[autre]),
        "retour_url": reverse("situation_contrat", args=[a.pk]),
    }  # fmt: skip
    return render(request, "accompagnements/contrat_comparer.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def visites(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Every visit, the newest first."""
    _, a, contexte = ouvrir_onglet(request, pk, "situation_visites")
    lues = lire_ensemble(
        visites=Visite.objects.de_l_accompagnement(a),
        propositions=PropositionDeVisite.objects.en_vue_de(a),
    )
    lignes = lues["visites"]
    noms = _noms(v.participants for v in lignes)
    offre = next((p for p in lues["propositions"] if p.etat != EtatProposition.ACCEPTEE), None)
    tentatives = tentatives_de(lignes)
    contexte |= {
        "tentatives": tentatives,
        "a_clore": a.etat in AVANT_CONTRAT and tentatives >= TENTATIVES,
        "offre": offre,
        "creneaux": [(c, c.isoformat(), c <= horloge.maintenant()) for c in offre.creneaux] if offre else [],
        "delai_offre": Delai.de(offre.repondre_avant, ouvres=True) if offre else None,
        "a_proposer": a_dates_a_proposer(a) and offre is None,
    }
    contexte["visites"] = [(v, ", ".join(noms[c] for c in v.participants if c in noms)) for v in lignes]
    return render(request, "accompagnements/visites.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def orientations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Orientations and accords of this situation."""
    _, a, contexte = ouvrir_onglet(request, pk, "situation_orientations")
    contexte |= {
        "orientations": list(Orientation.objects.de_l_accompagnement(a)),
        "accords": list(Accord.objects.de_l_accompagnement(a)),
    }
    return render(request, "accompagnements/orientations_situation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def concertations(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Where this situation was or will be discussed, what was decided, what the bailleur reads."""
    _, a, contexte = ouvrir_onglet(request, pk, "situation_concertations")
    bailleur = a.fiche.orienteur if a.fiche.orienteur.est_bailleur else None
    accords = Accord.objects.de_l_accompagnement(a).en_vigueur()
    contexte |= {
        "points": [(p, titre_de(p.concertation)) for p in PointConcertation.objects.de_l_accompagnement(a)],
        "decisions": list(Decision.objects.de_l_accompagnement(a)),
        "actions": list(ActionConvenue.objects.de_l_accompagnement(a)),
        "bailleur": bailleur,
        "accord": accords.pour(bailleur).first() if bailleur else None,
    }
    return render(request, "accompagnements/concertations_situation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def notes(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Notes of both levels, each where it may be read; the text of a clinical one is noted apart."""
    compte, a, contexte = ouvrir_onglet(request, pk, "situation_notes")
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
    compte, a, contexte = ouvrir_onglet(request, pk, "situation_documents")
    lues = lire_ensemble(
        documents=Document.objects.de_l_accompagnement(a),
        demandes=DemandeAcces.objects.de_l_accompagnement(a),
        suivi=Intervenant.objects.en_charge().filter(accompagnement=a, compte=compte),
        exports=Export.objects.visibles_par(compte).sans_contenu().filter(objet_id=a.pk),
    )
    lignes = lues["documents"]
    contexte["remet"] = a.est_ecrit and (compte.a_role(Role.COORDINATION) or bool(lues["suivi"]))
    gardes = {e.pk for e in lues["exports"]}
    contexte["demandes"] = [(d, d.export_id in gardes) for d in lues["demandes"]]
    remplaces = {d.remplace_id: d for d in lignes if d.remplace_id}
    contexte["documents"] = [(d, remplaces.get(d.pk)) for d in lignes]
    return render(request, "accompagnements/documents.html", contexte)


def ouvrir_onglet(request: HttpRequest, pk: UUID, onglet: str) -> tuple[Compte, Accompagnement, dict[str, Any]]:
    """The situation in scope, its reading noted, and what the frame of every tab shows."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    _noter(Action.SITUATION_LUE, a)
    suite = suite_de(a, compte)
    actes = actes_de(a, compte) if a.est_ecrit else []
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
        "ouverte": not a.est_clos and a.est_ecrit,
        "lecture": None if a.est_ecrit else a.lecture,
        "lecture_seule": not a.est_ecrit,
    }  # fmt: skip


def _noter(action: Action, a: Accompagnement) -> None:
    journal.noter(action, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])


def _onglets(a: Accompagnement, courant: str, compte: Compte) -> list[Onglet]:
    """The tabs with their counts; a level that the person may not see is not counted."""
    lignes = {
        "situation_contrat": Objectif.objects.de_l_accompagnement(a),
        "situation_visites": Visite.objects.de_l_accompagnement(a),
        "situation_orientations": Orientation.objects.de_l_accompagnement(a),
        "situation_accords": Accord.objects.de_l_accompagnement(a).en_vigueur(),
        "situation_concertations": PointConcertation.objects.de_l_accompagnement(a),
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


def _evenements(a: Accompagnement, compte: Compte, filtre: str) -> dict[str, Any]:
    """What the timeline is made of, or one kind of it; clinical entries where the role may know of them."""
    par_filtre: dict[str, dict[str, Any]] = {
        frise.VISITES: {"visites": Visite.objects.de_l_accompagnement(a)},
        frise.NOTES: {"notes": NoteEquipe.objects.de_l_accompagnement(a)},
        frise.ORIENTATIONS: {"orientations": Orientation.objects.de_l_accompagnement(a)},
    }
    if compte.a_role(Role.COORDINATION, Role.SOIGNANT):
        par_filtre[frise.NOTES]["cliniques"] = EntreeClinique.objects.de_l_accompagnement(a)
    if filtre != frise.TOUT:
        return par_filtre.get(filtre, {})
    tout = {nom: lignes for listes in par_filtre.values() for nom, lignes in listes.items()}
    return tout | {
        "contrats": Contrat.objects.de_l_accompagnement(a),
        "concertations": PointConcertation.objects.de_l_accompagnement(a),
        "reouvertures": Reouverture.objects.de_l_accompagnement(a),
    }


def _frise(a: Accompagnement, filtre: str, lues: dict[str, list[Any]]) -> list[EntreeFrise]:
    """The timeline, or one kind of its lines; the text of a clinical note is noted apart when it is read."""
    visites, cliniques = lues.get("visites", []), lues.get("cliniques", [])
    if any(c.contenu_lisible for c in cliniques):
        _noter(Action.CLINIQUE_LUE, a)
    entrees = [
        *frise.entrees_des_visites(visites, _noms(v.participants for v in visites)),
        *frise.entrees_des_notes(lues.get("notes", []), cliniques),
        *frise.entrees_des_orientations(lues.get("orientations", [])),
    ]
    if filtre == frise.TOUT:
        entrees += frise.entrees_du_dossier(a, lues["contrats"], lues["accords"], lues["reouvertures"])
        entrees += frise.entrees_des_concertations(lues["concertations"])
    return frise.ordonner(entrees)


def _noms(listes: Any) -> dict[int, str]:
    """Names of the accounts of these lists; one statement, none for empty lists."""
    comptes = Compte.objects.in_bulk({cle for liste in listes for cle in liste})
    return {cle: c.nom_complet for cle, c in comptes.items()}
