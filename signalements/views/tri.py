"""The triage list of the équipe: by state, by due date, filtered in the address."""

from collections.abc import Mapping
from typing import Final

from django.http import HttpRequest, HttpResponse, QueryDict
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from signalements.enums import Action
from signalements.forms.tri import BASCULES, TriForm
from signalements.models import Fiche, VueTri
from signalements.models.vues import PARAMETRES
from signalements.tri import Tri, ligne_de, onglets_de, resume, total
from signalements.vues import adresse_de, vues_lues
from socle import journal
from socle.pagination import adresse_avec, paginer

_FILTRES: Final = tuple(nom for nom in PARAMETRES if nom not in ("etat", "tri"))


@require_safe
@ouvert_a(Permission.SUIVRE)
def fiches(request: HttpRequest) -> HttpResponse:
    """A page of 25 rows of a tab; reading it is noted, with the fiches shown. The bare address is one's view."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    vues = list(VueTri.objects.visibles_par(compte).pour_liste(compte))
    if not request.GET:
        preferee = next((vue for vue in vues if getattr(vue, "par_defaut", False)), None)
        if preferee is not None:
            return redirect(adresse_de(preferee))
    tri = Tri.de(request.GET)
    formulaire = TriForm(request.GET, compte=compte)
    lignes = Fiche.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    comptes = lignes.compter_par_etat(formulaire.filtre)
    filtrees = lignes.a_l_etat(*tri.onglet.etats).filtrees(formulaire.filtre)
    lignes = filtrees.avec_ligne_de_tri().avec_nouveaux(compte).pour_trier(tri.colonne)
    page = paginer(lignes, request.GET, tri=tri.colonnes)
    journal.noter(
        Action.LISTE_LUE,
        organisation_id=compte.organisation_id,
        objet_type="fiche",
        objets=[fiche.pk for fiche in page.lignes],
    )
    valeurs, ici = formulaire.valeurs, adresse_avec(request.GET, etat=tri.onglet.cle)
    return render(
        request,
        "signalements/tri.html",
        {
            "tri": tri,
            "onglets": onglets_de(tri, comptes, request.GET, filtre=bool(valeurs)),
            "filtres": formulaire,
            "actifs": [(formulaire.libelle(nom), adresse_avec(request.GET, **{nom: ""})) for nom in valeurs],
            "bascules": _bascules(request.GET, valeurs),
            "sans_effet": formulaire.sans_effet,
            "url_sans_filtre": adresse_avec(request.GET, etat=tri.onglet.cle, **dict.fromkeys(_FILTRES, "")),
            "caches": [(nom, request.GET[nom]) for nom in ("etat", "tri", *BASCULES) if request.GET.get(nom)],
            "vues": vues_lues(vues, request.GET),
            "url_vue": f"{reverse('vue_enregistrer')}{ici}",
            "url_export": f"{reverse('exporter')}{ici}",
            "lignes": [ligne_de(fiche, tri.onglet) for fiche in page.lignes],
            "entetes": tri.entetes(request.GET),
            "page": page,
            "resume": resume(*total(tri.onglet, comptes)),
        },
    )


def _bascules(parametres: QueryDict, valeurs: Mapping[str, str]) -> list[tuple[str, str]]:
    """(words, address) of the filters that one click switches on, but those that are on."""
    return [
        (libelle, adresse_avec(parametres, **{nom: valeur}))
        for nom, choix in BASCULES.items()
        for valeur, libelle in choix.items()
        if valeurs.get(nom) != valeur
    ]
