"""The meetings of the équipe: prepared, printed, opened, closed, and kept in a list."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from partenaires.views.creation import DEJA_SERVI
from signalements import droits, parcours
from signalements.enums import EN_TRI, Action, FormatExport, GenreExport
from signalements.enums_reunions import EtatReunion
from signalements.forms.reunions import OrdonnerForm, PreparerReunionForm, PresentsForm
from signalements.forms.tri import TriForm, membres_de
from signalements.models import DecisionReunion, Fiche, PointReunion, PresenceReunion, Reunion
from signalements.reunions import decisions_lues, ordre_du_jour
from signalements.tri import ONGLETS, ligne_de
from socle import journal
from socle.ecriture import compter, date_longue
from socle.idempotence import CorpsDifferent, une_fois
from socle.lots import lire_ensemble
from socle.pagination import adresse_avec, paginer
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, transition_dite


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the meeting is now, for the page of a form that came too late."""
    reunion = droits.reunion_de_l_equipe(acteur(request), pk)
    adresse = reverse("reunion", args=[pk])
    return Maintenant("La réunion", str(EtatReunion(reunion.etat).label), adresse, "Revenir à la réunion")


@require_safe
@ouvert_a(Permission.SUIVRE)
def reunions(request: HttpRequest) -> HttpResponse:
    """Those to come, then the past ones."""
    visibles = Reunion.objects.visibles_par(acteur(request))
    page = paginer(visibles.passees().avec_comptes(), request.GET, tri=("-le", "-pk"))
    a_venir = list(visibles.a_venir().avec_comptes())
    contexte = {"a_venir": a_venir, "page": page, "fil": [("Fiches", reverse("fiches")), ("Réunions d’équipe", "")]}
    return render(request, "signalements/reunions/liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def reunion_preparer(request: HttpRequest) -> HttpResponse:
    """A meeting to come."""
    compte = acteur(request)
    formulaire = PreparerReunionForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        le = formulaire.cleaned_data["le"]
        try:
            pk, _ = une_fois(
                formulaire.cleaned_data["cle"], compte_id=compte.pk, action="reunion", corps={"le": le},
                faire=lambda: parcours.preparer_reunion(par=compte, le=le).pk,
            )  # fmt: skip
            return redirect("reunion_choisir", pk)
        except CorpsDifferent:
            formulaire.add_error(None, DEJA_SERVI)
    return render(request, "signalements/reunions/preparer.html", {"formulaire": formulaire, "fil": _fil("Préparer")})


@require_safe
@ouvert_a(Permission.SUIVRE)
def reunion(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: its agenda to order, its points to decide, or its record. Names are shown to prepare only."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    points = PointReunion.objects.visibles_par(compte).de_la_reunion(trouvee).avec_decide()
    if trouvee.est_en_preparation:
        lignes = list(points.avec_fiche())
        journal.noter(
            Action.LISTE_LUE, organisation_id=trouvee.equipe_id, objet_type="fiche",
            objets=[p.fiche_id for p in lignes],
        )  # fmt: skip
        formulaire = OrdonnerForm(points=lignes, initial={"version": trouvee.version})
        return render(request, "signalements/reunions/preparation.html", _preparation(trouvee, formulaire))
    lues = lire_ensemble(
        points=points.avec_reference(),
        presences=PresenceReunion.objects.avec_personne(trouvee),
        decisions=DecisionReunion.objects.de_la_reunion(trouvee),
    )
    par_point: dict[UUID, list[DecisionReunion]] = {}
    for decision in lues["decisions"]:
        par_point.setdefault(decision.point_id, []).append(decision)
    ordre = ordre_du_jour(lues["points"])
    presents = sorted(p.compte.nom_complet for p in lues["presences"])
    contexte = {
        "reunion": trouvee,
        "etat": EtatReunion(trouvee.etat).label,
        "lignes": [
            (ligne, decisions_lues(par_point.get(p.pk, []))) for ligne, p in zip(ordre, lues["points"], strict=True)
        ],
        "a_decider": next((ligne.url for ligne in ordre if not ligne.decide), ordre[0].url if ordre else ""),
        "reste": sum(not ligne.decide for ligne in ordre),
        "noms": presents,
        "presents": _presents(compte, lues["presences"]) if trouvee.est_ouverte else None,
        "fil": _fil(date_longue(trouvee.le).capitalize()),
    }
    return render(request, "signalements/reunions/tenue.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_choisir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick the fiches to discuss, page by page, with the filters of the list."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    if request.method == "POST":
        try:
            n = parcours.inscrire(pk, par=compte, fiches=_cles(request.POST.getlist("fiche")))
        except ValidationError as refus:
            messages.error(request, refus.messages[0])
        else:
            messages.success(request, f"{compter(n, 'fiche ajoutée', 'fiches ajoutées')} à l’ordre du jour.")
        return redirect("reunion_choisir" if "encore" in request.POST else "reunion", pk)
    onglet = next(o for o in ONGLETS if o.cle == "en_cours")
    filtres = TriForm(request.GET, compte=compte)
    lignes = Fiche.objects.visibles_par(compte).de_l_equipe(trouvee.equipe_id).a_l_etat(*EN_TRI)
    page = paginer(
        lignes.filtrees(filtres.filtre).avec_ligne_de_tri().inscrites_a(trouvee.pk).pour_trier("echeance"),
        request.GET,
        tri=("echeance", "pk"),
    )
    journal.noter(
        Action.LISTE_LUE, organisation_id=trouvee.equipe_id, objet_type="fiche", objets=[f.pk for f in page.lignes]
    )
    contexte = {
        "reunion": trouvee,
        "filtres": filtres,
        "actifs": [(filtres.libelle(nom), adresse_avec(request.GET, **{nom: ""})) for nom in filtres.valeurs],
        "lignes": [(fiche.pk, ligne_de(fiche, onglet), getattr(fiche, "inscrite", False)) for fiche in page.lignes],
        "page": page,
        "fil": [*_fil("")[:2], (date_longue(trouvee.le).capitalize(), reverse("reunion", args=[pk])), ("Choisir", "")],
    }
    return render(request, "signalements/reunions/choisir.html", contexte)


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_ordonner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Keep the order, what is to decide, and what was taken away; a second editor is shown the agenda as it is."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    if not trouvee.est_en_preparation:
        raise TransitionInterdite("ordonner", trouvee.etat)
    points = list(PointReunion.objects.visibles_par(compte).de_la_reunion(trouvee).avec_fiche())
    formulaire = OrdonnerForm(request.POST, points=points)
    if not formulaire.is_valid():
        return render(request, "signalements/reunions/preparation.html", _preparation(trouvee, formulaire))
    try:
        parcours.ordonner(
            pk, par=compte, ordre=formulaire.ordre, questions=formulaire.questions, retires=formulaire.retires,
            version=formulaire.cleaned_data["version"],
        )  # fmt: skip
    except ConflitDeVersion:
        messages.error(request, "Quelqu’un a changé cet ordre du jour entre-temps. Le voici tel qu’il est.")
    else:
        messages.success(request, "L’ordre du jour est enregistré.")
    return redirect("reunion", pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
def reunion_ordre_du_jour(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the agenda to print: references, communes, states, delays, what to decide; never a name."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    demande = parcours.demander_export(
        par=compte, genre=GenreExport.ORDRE_DU_JOUR, format=FormatExport.PDF, objet_id=trouvee.pk
    )
    return redirect("export", demande.pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_ouvrir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The meeting begins."""
    droits.reunion_de_l_equipe(acteur(request), pk)
    parcours.ouvrir_reunion(pk, par=acteur(request))
    messages.success(request, "La réunion est ouverte. Dites qui est là, puis prenez les fiches une à une.")
    return redirect("reunion", pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_presents(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Say who is there."""
    compte = acteur(request)
    droits.reunion_de_l_equipe(compte, pk)
    formulaire = PresentsForm(request.POST, membres=membres_de(compte))
    if formulaire.is_valid():
        parcours.noter_presents(pk, par=compte, presents=formulaire.cleaned_data["presents"])
        messages.success(request, "Les présents sont notés.")
    return redirect("reunion", pk)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_terminer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close it, after a page that says how many fiches have no decision."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    if request.method == "POST":
        parcours.terminer_reunion(pk, par=compte)
        messages.success(request, "La réunion est terminée.")
        return redirect("reunion", pk)
    points = PointReunion.objects.visibles_par(compte).de_la_reunion(trouvee).avec_decide()
    reste = sum(not getattr(p, "decide", False) for p in points)
    sans = compter(reste, "fiche est", "fiches sont") + " sans décision. " if reste else ""
    return render(request, "signalements/reunions/terminer.html", {"reunion": trouvee, "sans": sans})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def reunion_annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It will not take place."""
    compte = acteur(request)
    trouvee = droits.reunion_de_l_equipe(compte, pk)
    if request.method == "POST":
        parcours.annuler_reunion(pk, par=compte)
        messages.success(request, "La réunion est annulée.")
        return redirect("reunions")
    return render(request, "signalements/reunions/annuler.html", {"reunion": trouvee})


def _preparation(trouvee: Reunion, formulaire: OrdonnerForm) -> dict[str, object]:
    return {
        "reunion": trouvee,
        "formulaire": formulaire,
        "lignes": [
            (point, ligne, rang, question, retirer)
            for (point, rang, question, retirer), ligne in zip(
                formulaire.lignes, ordre_du_jour(formulaire.points), strict=True
            )
        ],
        "fil": _fil(date_longue(trouvee.le).capitalize()),
    }


def _presents(compte: Compte, presences: list[PresenceReunion]) -> PresentsForm:
    return PresentsForm(membres=membres_de(compte), initial={"presents": [p.compte_id for p in presences]})


def _cles(valeurs: list[str]) -> list[UUID]:
    """What of the boxes is a key; anything else is left out."""
    cles = []
    for valeur in valeurs:
        try:
            cles.append(UUID(valeur))
        except ValueError:
            continue
    return cles


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Fiches", reverse("fiches")), ("Réunions d’équipe", reverse("reunions")), (ici, "")]
