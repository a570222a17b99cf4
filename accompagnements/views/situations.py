"""The list of situations: what is due first, filtered in the address."""

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_safe

from accompagnements.enums import Action
from accompagnements.forms.situations import SituationsForm
from accompagnements.liste import Liste, PageListe, colonnes_de, lignes_de, onglets_de, resume, vues_de
from accompagnements.models import Accompagnement
from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Permission
from socle import journal
from socle.pagination import adresse_avec


@require_safe
@ouvert_a(Permission.SUIVRE)
def situations(request: HttpRequest) -> HttpResponse:
    """A page of 25 rows of a tab; reading it is noted, with the situations shown."""
    compte = acteur(request)
    assert compte.organisation_id is not None  # ouvert_a
    liste = Liste.de(request.GET)
    formulaire = SituationsForm(request.GET, compte=compte)
    siennes = Accompagnement.objects.visibles_par(compte).de_l_equipe(compte.organisation_id)
    comptes = siennes.compter_par_etat(formulaire.condition)
    choisies = siennes.filter(formulaire.condition)
    colonnes = colonnes_de(choisies, formulaire.noms, request.GET) if liste.colonnes else []
    page = PageListe([], "", "") if liste.colonnes else lignes_de(choisies, liste, formulaire.noms)
    montrees = [ligne.pk for ligne in (*page.lignes, *(x for c in colonnes for x in c.lignes))]
    journal.noter(
        Action.LISTE_LUE,
        organisation_id=compte.organisation_id,
        objet_type="accompagnement",
        objets=montrees,
    )
    place = {"apres": "", "avant": ""}
    actifs = [(formulaire.libelle(nom), adresse_avec(request.GET, **{nom: "", **place})) for nom in formulaire.valeurs]
    return render(
        request,
        "accompagnements/situations.html",
        {
            "liste": liste,
            "onglets": onglets_de(liste, comptes, request.GET),
            "filtres": formulaire,
            "actifs": actifs,
            "url_sans_filtre": adresse_avec(request.GET, **dict.fromkeys(formulaire.valeurs, "")),
            "page": page,
            "colonnes": colonnes,
            "vues": vues_de(liste, request.GET),
            "coordonne": Permission.COORDONNER in permissions_de(compte.roles),
            "url_avant": adresse_avec(request.GET, avant=page.avant, apres="") if page.avant else "",
            "url_apres": adresse_avec(request.GET, apres=page.apres, avant="") if page.apres else "",
            "resume": resume(liste, comptes),
        },
    )
