"""The platform's pages: organisations and their first member. No page here shows a situation."""

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires import droits
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import GenreOrganisation, Permission
from partenaires.forms.comptes import InviterForm
from partenaires.forms.organisations import CHERCHER, OrganisationForm, saisie_en_cours
from partenaires.models import Convention, Invitation, Organisation, Rattachement
from partenaires.parcours import conventions as parcours
from partenaires.parcours.invitations import inviter
from partenaires.views.creation import creer
from socle import horloge
from socle.pagination import adresse_avec, paginer

GENRES = parcours.GENRES_A_CREER


@require_safe
@ouvert_a(Permission.EXPLOITER)
def organisations(request: HttpRequest) -> HttpResponse:
    """Every organisation, by kind and by name, and whether somebody manages its members."""
    compte = acteur(request)
    genre = request.GET.get("genre", "")
    recherche = request.GET.get("q", "").strip()[:80]
    lignes = Organisation.objects.visibles_par(compte).nommees(recherche)
    if genre in GenreOrganisation.values:
        lignes = lignes.du_genre(genre)
    page = paginer(lignes.par_nom().avec_membres(horloge.aujourdhui()), request.GET, tri=("tri", "pk"))
    return render(
        request,
        "partenaires/organisations.html",
        {
            "page": page,
            "recherche": recherche,
            "genre": genre,
            "genres": [(g.label, adresse_avec(request.GET, genre=g.value), genre == g.value) for g in GENRES],
            "tous_les_genres": adresse_avec(request.GET, genre=""),
            "filtre": bool(recherche or genre),
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def organisation_creer(request: HttpRequest) -> HttpResponse:
    """Make an organisation."""
    compte = acteur(request)
    cherche = CHERCHER in request.POST
    formulaire = (
        OrganisationForm(initial=saisie_en_cours(request.POST)) if cherche else OrganisationForm(request.POST or None)
    )
    if request.method == "POST" and not cherche and formulaire.is_valid():
        d = dict(formulaire.cleaned_data)
        for nom_du_champ in ("cle", "recherche_commune"):
            d.pop(nom_du_champ)
        genre, nom = d.pop("genre"), d.pop("nom")
        if creer(
            formulaire,
            compte=compte,
            action="organisation_creer",
            faire=lambda: parcours.creer_organisation(genre, nom, **d, par=compte).pk,
        ):
            messages.success(request, f"{nom} est créée. Invitez son premier membre.")
            return redirect("organisations")
    return render(
        request,
        "partenaires/organisation_creer.html",
        {"formulaire": formulaire, "fil": [("Organisations", reverse("organisations")), ("Créer", "")]},
    )


@require_safe
@ouvert_a(Permission.EXPLOITER)
def organisation(request: HttpRequest, pk: int) -> HttpResponse:
    """One organisation: what it is, its conventions, its pending invitations, and the first member to invite."""
    compte = acteur(request)
    fiche = get_object_or_404(Organisation.objects.visibles_par(compte).avec_communes(), pk=pk)
    jour = horloge.aujourdhui()
    return render(
        request,
        "partenaires/organisation.html",
        {
            "fiche": fiche,
            "fil": [("Organisations", reverse("organisations")), (fiche.nom, "")],
            "communes": [c.territoire.nom for c in fiche.couvertures.all()],
            "membres": Rattachement.objects.de_l_organisation(pk).en_vigueur(jour).count(),
            "geree": droits.est_geree(fiche),
            "a_inviter": bool(droits.roles_attribuables(compte, fiche)),
            "invitations": Invitation.objects.visibles_par(compte).de_l_organisation(pk).en_attente().recentes(),
            "conventions": Convention.objects.visibles_par(compte).de_l_organisation(pk).avec_parties().recentes(),
            "aujourdhui": jour,
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def organisation_inviter(request: HttpRequest, pk: int) -> HttpResponse:
    """Invite the first member of an organisation; 404 when somebody already manages its members."""
    compte = acteur(request)
    fiche = get_object_or_404(Organisation.objects.visibles_par(compte), pk=pk)
    roles = droits.roles_attribuables(compte, fiche)
    if not roles:
        return render(request, "partenaires/organisation_geree.html", {"fiche": fiche}, status=403)
    formulaire = InviterForm(request.POST or None, roles=roles)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if creer(
            formulaire,
            compte=compte,
            action=f"organisation_inviter:{pk}",
            faire=lambda: inviter(fiche, d["role"], d["courriel"], d["fonction"], par=compte).pk,
        ):
            messages.success(request, f"L’invitation part à {d['courriel']}.")
            return redirect("organisation", pk=pk)
    fil = [
        ("Organisations", reverse("organisations")),
        (fiche.nom, reverse("organisation", args=[pk])),
        ("Inviter", ""),
    ]
    return render(
        request, "partenaires/organisation_inviter.html", {"formulaire": formulaire, "fiche": fiche, "fil": fil}
    )
