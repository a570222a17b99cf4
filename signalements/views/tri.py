"""The triage list of the équipe: by state, by due date, filtered in the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from signalements.enums import Action
from signalements.forms.tri import SEMAINE, TriForm
from signalements.models import Fiche
from signalements.tri import Tri, ligne_de, onglets_de, resume, total
from socle import journal
from socle.pagination import adresse_avec, paginer


@require_safe
@ouvert_a(Permission.SUIVRE)
def fiches(request: HttpRequest) -> HttpResponse:
    """A page of 25 rows of a tab; reading it is noted, with the fiches shown."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    tri = Tri.de(request.GET)
    formulaire = TriForm(request.GET, compte=compte)
    lignes = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    comptes = lignes.compter_par_etat(formulaire.filtre)
    page = paginer(
        lignes.a_l_etat(*tri.onglet.etats).filtrees(formulaire.filtre).avec_ligne_de_tri(),
        request.GET,
        tri=tri.colonnes,
    )
    journal.noter(
        Action.LISTE_LUE,
        organisation_id=compte.organisation_id,
        objet_type="fiche",
        objets=[fiche.pk for fiche in page.lignes],
    )
    actifs = [(formulaire.libelle(nom), adresse_avec(request.GET, **{nom: ""})) for nom in formulaire.valeurs]
    return render(
        request,
        "signalements/tri.html",
        {
            "tri": tri,
            "onglets": onglets_de(tri, comptes, request.GET),
            "filtres": formulaire,
            "actifs": actifs,
            "url_semaine": "" if "echeance" in formulaire.valeurs else adresse_avec(request.GET, echeance=SEMAINE),
            "url_sans_filtre": adresse_avec(request.GET, **dict.fromkeys(formulaire.valeurs, "")),
            "caches": [(nom, request.GET[nom]) for nom in ("etat", "tri", "echeance") if request.GET.get(nom)],
            "lignes": [ligne_de(fiche, tri.onglet) for fiche in page.lignes],
            "entetes": tri.entetes(request.GET),
            "page": page,
            "resume": resume(*total(tri.onglet, comptes)),
        },
    )
