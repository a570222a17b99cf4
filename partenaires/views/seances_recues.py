"""Séances for the people of a bailleur: those to which it is invited, its own people there, one's own séances."""

from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import ROLES_BAILLEUR, Action, Permission
from partenaires.enums_sensibilisations import GenreSeance
from partenaires.models import Compte, DocumentSeance, InscriptionSeance, Seance
from partenaires.parcours.documents_seance import formateurs_de, rang_de
from partenaires.sensibilisations import PASSEES, etat_pour_le_bailleur, lignes_de, onglets_de
from partenaires.views.seances_commun import fil, puces_des_genres
from socle import horloge, journal
from socle.pagination import adresse_avec, paginer


def recues(request: HttpRequest, compte: Compte) -> HttpResponse:
    """The list of a référent: where his people may be registered, then what is past."""
    passees = request.GET.get("vue") == PASSEES
    genre = request.GET.get("genre", "")
    genre = genre if genre in GenreSeance.values else ""
    toutes, instant = Seance.objects.visibles_par(compte), horloge.maintenant()
    voulues = toutes.du_genre(genre) if genre else toutes
    lignes = (voulues.avant(instant) if passees else voulues.apres(instant)).avec_equipe()
    page = paginer(
        lignes.avec_comptes(compte.organisation_id), request.GET,
        tri=("-debut", "-pk") if passees else ("debut", "pk"),
    )  # fmt: skip
    contexte = {
        "passees": passees, "genre": genre, "page": page,
        "lignes": [(s, etat_pour_le_bailleur(s)) for s in page.lignes],
        "onglets": onglets_de(
            voulues.apres(instant), voulues.avant(instant), request.GET, sur=PASSEES if passees else ""
        ),
        "puces": puces_des_genres(request, genre), "sans_filtre": adresse_avec(request.GET, genre=""),
    }  # fmt: skip
    return render(request, "partenaires/seances/recues.html", contexte)


def recue(request: HttpRequest, compte: Compte, s: Seance) -> HttpResponse:
    """One séance as a bailleur reads it: its own people, and how many seats are left."""
    inscrit = Permission.INSCRIRE in permissions_de(compte.roles)
    siennes = sorted(InscriptionSeance.objects.visibles_par(compte).de_la_seance(s), key=rang_de)
    attestations = DocumentSeance.objects.visibles_par(compte).par_inscription(siennes)
    journal.noter(
        Action.SEANCE_LUE, organisation_id=s.equipe_id, objet_type="inscriptionseance", objets=[i.pk for i in siennes]
    )
    contexte = {
        "s": s, "etat": etat_pour_le_bailleur(s), "lignes": lignes_de(siennes, attestations), "inscrit": inscrit,
        "formateurs": formateurs_de(s), "ouverte": inscrit and s.accepte_inscriptions,
        "rend": inscrit and s.accepte_de_l_equipe, "pretes": len(attestations),
        "fil": fil(s) if inscrit else [("Mes séances", reverse("mes_seances")), (s.titre, "")],
    }  # fmt: skip
    return render(request, "partenaires/seances/recue.html", contexte)


@require_safe
@ouvert_a(Permission.SAISIR)
def mes_seances(request: HttpRequest) -> HttpResponse:
    """One's own, to come and past, with one's attestations."""
    compte = acteur(request)
    if not compte.a_role(*ROLES_BAILLEUR):
        raise Http404
    lignes = InscriptionSeance.objects.personnelles(compte).valables().avec_seance()
    page = paginer(lignes, request.GET, tri=("-seance__debut", "-pk"))
    siennes = DocumentSeance.objects.visibles_par(compte).par_inscription(page.lignes)
    contexte = {
        "page": page,
        "lignes": [(i, etat_pour_le_bailleur(i.seance), siennes.get(i.pk)) for i in page.lignes],
    }  # fmt: skip
    return render(request, "partenaires/seances/miennes.html", contexte)
