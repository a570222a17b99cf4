"""The platform's pages: organisations, their first member, conventions. No page here shows a situation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires import droits
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import GenreOrganisation, Permission
from partenaires.forms.comptes import InviterForm
from partenaires.forms.patrimoine import ConventionForm, OrganisationForm, TerminerConventionForm
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
    formulaire = OrganisationForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        d = dict(formulaire.cleaned_data)
        d.pop("cle")
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


@require_safe
@ouvert_a(Permission.EXPLOITER)
def conventions(request: HttpRequest) -> HttpResponse:
    """Every convention, in force or not, by the name of a party."""
    compte = acteur(request)
    etat = request.GET.get("etat", "")
    recherche = request.GET.get("q", "").strip()[:80]
    jour = horloge.aujourdhui()
    lignes = Convention.objects.visibles_par(compte).avec_parties().nommees(recherche)
    if etat == "finies":
        lignes = lignes.finies(jour)
    elif etat != "toutes":
        etat = "en_cours"
        lignes = lignes.non_finies(jour)
    page = paginer(lignes.avec_communes(), request.GET, tri=("-du", "-pk"))
    etats = (("En cours et à venir", ""), ("Finies", "finies"), ("Toutes", "toutes"))
    return render(
        request,
        "partenaires/conventions.html",
        {
            "page": page,
            "recherche": recherche,
            "etats": [
                (libelle, adresse_avec(request.GET, etat=code), (code or "en_cours") == etat) for libelle, code in etats
            ],
            "filtre": bool(recherche or etat != "en_cours"),
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_creer(request: HttpRequest) -> HttpResponse:
    """Sign a convention."""
    compte = acteur(request)
    toutes = Organisation.objects.visibles_par(compte).par_nom()
    formulaire = ConventionForm(
        request.POST or None,
        equipes=toutes.equipes(),
        orienteurs=toutes.orienteurs(),
        initial={"du": horloge.aujourdhui()},
    )
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if creer(
            formulaire,
            compte=compte,
            action="convention_creer",
            faire=lambda: parcours.creer_convention(
                d["equipe"], d["orienteur"], d["communes"],
                du=d["du"], au=d["au"], relecture=d["relecture"], par=compte,
            ).pk,
        ):  # fmt: skip
            messages.success(request, f"{d['orienteur']} peut saisir {d['equipe']}.")
            return redirect("conventions")
    return render(
        request,
        "partenaires/convention_creer.html",
        {"formulaire": formulaire, "fil": [("Conventions", reverse("conventions")), ("Créer", "")]},
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the last day of a convention."""
    compte = acteur(request)
    en_cours = Convention.objects.visibles_par(compte).non_finies(horloge.aujourdhui()).avec_parties()
    convention = get_object_or_404(en_cours.avec_communes(), pk=pk)
    formulaire = TerminerConventionForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.terminer_convention(pk, formulaire.cleaned_data["au"], par=compte)
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, "La fin de la convention est enregistrée.")
            return redirect("conventions")
    return render(
        request,
        "partenaires/convention_terminer.html",
        {
            "formulaire": formulaire,
            "texte": f"Après ce jour, {convention.orienteur} ne pourra plus saisir {convention.equipe}. "
            "Les situations en cours continuent avec les mêmes droits.",
        },
    )
