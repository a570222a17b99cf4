"""The platform's pages about conventions: signed, widened, settled, ended. No page here shows a situation."""

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.forms.organisations import (
    CHERCHER,
    AjouterCommunesForm,
    ConventionForm,
    FinForm,
    ReglagesConventionForm,
    saisie_en_cours,
)
from partenaires.historique import communes_de, historique_de, ligne_de
from partenaires.models import ChangementConvention, Compte, Convention, ConventionTerritoire, Organisation, Territoire
from partenaires.parcours import conventions as parcours
from partenaires.views.creation import creer
from socle import horloge
from socle.ecriture import INSECABLE, date_moyenne
from socle.pagination import adresse_avec, paginer
from socle.presentation import TextesEnConflit
from socle.versions import ConflitDeVersion

ETATS = (
    ("En cours et à venir", ""), ("À venir", "a_venir"), ("Finissent sous trois mois", "finissent"),
    ("Finies", "finies"), ("Toutes", "toutes"),
)  # fmt: skip


@require_safe
@ouvert_a(Permission.EXPLOITER)
def conventions(request: HttpRequest) -> HttpResponse:
    """Every convention, by state, by the name of a party or of a commune."""
    compte = acteur(request)
    recherche = request.GET.get("q", "").strip()[:80]
    jour = horloge.aujourdhui()
    lignes = Convention.objects.visibles_par(compte).avec_parties().nommees(recherche)
    etat = request.GET.get("etat", "")
    if etat == "a_venir":
        lignes = lignes.a_venir(jour)
    elif etat == "finissent":
        lignes = lignes.finissant(jour)
    elif etat == "finies":
        lignes = lignes.finies(jour)
    elif etat != "toutes":
        etat, lignes = "", lignes.non_finies(jour)
    page = paginer(lignes.avec_communes(), request.GET, tri=("-du", "-pk"))
    contexte = {
        "page": page,
        "lignes": [ligne_de(c, jour) for c in page.lignes],
        "recherche": recherche,
        "etat": etat,
        "etats": [(libelle, adresse_avec(request.GET, etat=code), code == etat) for libelle, code in ETATS],
        "filtre": bool(recherche or etat),
    }
    return render(request, "partenaires/conventions.html", contexte)


@require_safe
@ouvert_a(Permission.EXPLOITER)
def convention(request: HttpRequest, pk: int) -> HttpResponse:
    """A convention: its settings, its communes with their dates, and everything that happened to it."""
    compte = acteur(request)
    jour = horloge.aujourdhui()
    actuelle = _une(compte, pk)
    ouverte = not _est_finie(actuelle)
    changements = list(ChangementConvention.objects.de_la_convention(pk))
    noms = dict(Territoire.objects.codes_et_noms({code for c in changements for code in c.communes}))
    lignes = ConventionTerritoire.objects.de_la_convention(pk)
    contexte = {
        "ligne": ligne_de(actuelle, jour),
        "convention": actuelle,
        "communes": communes_de(lignes, jour, modifiable=ouverte),
        "historique": historique_de(changements, noms),
        "fil": [("Conventions", reverse("conventions")), (_nom(actuelle), "")],
    }
    return render(request, "partenaires/convention.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_creer(request: HttpRequest) -> HttpResponse:
    """Sign a convention; looking communes up keeps what is typed."""
    compte = acteur(request)
    toutes = Organisation.objects.visibles_par(compte).par_nom()
    options = {"equipes": toutes.equipes(), "orienteurs": toutes.orienteurs()}
    cherche = CHERCHER in request.POST
    initial = saisie_en_cours(request.POST) if cherche else {"du": horloge.aujourdhui()}
    formulaire = ConventionForm(None if cherche else request.POST or None, initial=initial, **options)
    if request.method == "POST" and not cherche and formulaire.is_valid():
        d = formulaire.cleaned_data
        details = {nom: d[nom] for nom in ("du", "au", "relecture", "interlocuteur_equipe", "interlocuteur_orienteur")}
        if creer(
            formulaire, compte=compte, action="convention_creer",
            faire=lambda: parcours.creer_convention(
                d["equipe"], d["orienteur"], d["communes"], **details, par=compte
            ).pk,
        ):  # fmt: skip
            messages.success(request, f"{d['orienteur']} peut saisir {d['equipe']}.")
            return redirect("conventions")
    fil = [("Conventions", reverse("conventions")), ("Créer", "")]
    return render(request, "partenaires/convention_creer.html", {"formulaire": formulaire, "fil": fil})


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_communes(request: HttpRequest, pk: int) -> HttpResponse:
    """Widen a convention over other communes."""
    compte = acteur(request)
    actuelle = _une(compte, pk, ouverte=True)
    cherche = CHERCHER in request.POST
    debut = max(horloge.aujourdhui(), actuelle.du)
    formulaire = AjouterCommunesForm(
        None if cherche else request.POST or None,
        initial=saisie_en_cours(request.POST) if cherche else {"du": debut},
    )
    if request.method == "POST" and not cherche and formulaire.is_valid():
        d = formulaire.cleaned_data
        if creer(
            formulaire, compte=compte, action=f"convention_communes:{pk}",
            faire=lambda: parcours.ajouter_communes(pk, d["communes"], du=d["du"], par=compte).pk,
        ):  # fmt: skip
            messages.success(request, "Les communes sont ajoutées.")
            return redirect("convention", pk=pk)
    contexte = {"formulaire": formulaire, "convention": actuelle, "fil": _fil(actuelle, "Ajouter des communes")}
    return render(request, "partenaires/convention_communes.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_commune_terminer(request: HttpRequest, pk: int, ligne: int) -> HttpResponse:
    """Choose the last day of a commune."""
    compte = acteur(request)
    actuelle = _une(compte, pk, ouverte=True)
    territoire = ConventionTerritoire.objects.de_la_convention(pk).a_la_cle(ligne)
    if territoire is None or territoire.est_passe(horloge.aujourdhui()):
        raise Http404
    formulaire = FinForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.terminer_commune(pk, ligne, formulaire.cleaned_data["au"], par=compte)
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"La fin de {territoire.territoire.nom} est enregistrée.")
            return redirect("convention", pk=pk)
    contexte = {
        "formulaire": formulaire,
        "titre": f"Mettre fin à {territoire.territoire.nom}{INSECABLE}?",
        "texte": f"Après ce jour, {actuelle.orienteur} ne pourra plus saisir {actuelle.equipe} pour cette commune. "
        "Les situations en cours continuent avec les mêmes droits.",
        "retour_url": reverse("convention", args=[pk]),
    }
    return render(request, "partenaires/convention_terminer.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_regler(request: HttpRequest, pk: int) -> HttpResponse:
    """Change the reading before sending, and whom to call; the second editor sees both texts."""
    compte = acteur(request)
    actuelle = _une(compte, pk, ouverte=True)
    formulaire = ReglagesConventionForm(request.POST or None, convention=actuelle)
    contexte: dict[str, object] = {"formulaire": formulaire, "fil": _fil(actuelle, "Réglages"), "convention": actuelle}
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.changer_reglages(pk, **formulaire.cleaned_data, par=compte)
        except ConflitDeVersion:
            contexte["conflit"] = _differences(formulaire, actuelle)
            a_jour = request.POST.copy()  # saving again is then a choice made with both texts in sight
            a_jour["version"] = str(actuelle.version)
            contexte["formulaire"] = ReglagesConventionForm(a_jour)
            return render(request, "partenaires/convention_regler.html", contexte, status=409)
        messages.success(request, "Les réglages de la convention sont enregistrés.")
        return redirect("convention", pk=pk)
    return render(request, "partenaires/convention_regler.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.EXPLOITER)
def convention_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """Choose the last day of a convention."""
    compte = acteur(request)
    actuelle = _une(compte, pk, ouverte=True)
    formulaire = FinForm(request.POST or None)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.terminer_convention(pk, formulaire.cleaned_data["au"], par=compte)
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"La convention finit le {date_moyenne(formulaire.cleaned_data['au'])}.")
            return redirect("convention", pk=pk)
    contexte = {
        "formulaire": formulaire,
        "titre": f"Mettre fin à la convention{INSECABLE}?",
        "texte": f"Après ce jour, {actuelle.orienteur} ne pourra plus saisir {actuelle.equipe}. "
        "Les situations en cours continuent avec les mêmes droits.",
        "retour_url": reverse("convention", args=[pk]),
    }
    return render(request, "partenaires/convention_terminer.html", contexte)


def _une(compte: Compte, pk: int, *, ouverte: bool = False) -> Convention:
    lignes = Convention.objects.visibles_par(compte).avec_parties().avec_communes()
    if ouverte:
        lignes = lignes.non_finies(horloge.aujourdhui())
    actuelle: Convention = get_object_or_404(lignes, pk=pk)
    return actuelle


def _est_finie(actuelle: Convention) -> bool:
    return actuelle.au is not None and actuelle.au < horloge.aujourdhui()


def _nom(actuelle: Convention) -> str:
    return f"{actuelle.orienteur.nom} et {actuelle.equipe.nom}"


def _fil(actuelle: Convention, ici: str) -> list[tuple[str, str]]:
    return [
        ("Conventions", reverse("conventions")),
        (_nom(actuelle), reverse("convention", args=[actuelle.pk])),
        (ici, ""),
    ]


def _differences(formulaire: ReglagesConventionForm, actuelle: Convention) -> list[TextesEnConflit]:
    textes = []
    for nom, mien in formulaire.cleaned_data.items():
        autre = getattr(actuelle, nom)
        if nom != "version" and mien != autre:
            textes.append(TextesEnConflit(str(formulaire[nom].label), _dire(mien), _dire(autre)))
    return textes


def _dire(valeur: object) -> str:
    return {True: "oui", False: "non"}.get(valeur, "") if isinstance(valeur, bool) else str(valeur)
