"""The home of those who report and read only receipts: a big button, drafts, what was sent and its neutral status."""

from typing import Any
from uuid import UUID

from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.models import Compte, Convention, Residence
from signalements import droits, parcours
from signalements.enums import Statut
from signalements.forms.depart import CommencerForm, CommencerPourForm, FiltresRecusForm
from signalements.models import Fiche, Releve
from signalements.recus import brouillons_lus, depuis_de, lecteurs_de, recu_de, statuts_dates, suites_de
from socle import horloge
from socle.formulaires import FormAvecCle, entier_lu
from socle.idempotence import CorpsDifferent, une_fois
from socle.pagination import adresse_avec, paginer

TRI = ("-envoyee_le", "-id")
Puce = tuple[str, str, int | None, bool]


def accueil(request: HttpRequest, compte: Compte) -> HttpResponse:
    """Drafts and what was sent: what is going on, one neutral status, what is over, or what a search finds."""
    filtres = FiltresRecusForm(request.GET)
    filtres.is_valid()
    q, statut = filtres.valeur("q"), filtres.valeur("statut")
    if request.GET.get("vue") == "terminees":
        statut = statut or Statut.TERMINEE.value
    envoyees = Fiche.objects.visibles_par(compte).de_l_auteur(compte).hors_de_sa_main().avec_recu()
    nombres = envoyees.compter_par_statut_lu()
    lignes = envoyees.trouvees_par_lieu(q) if q else envoyees
    if statut:
        lignes = lignes.au_statut_lu(statut)
    elif not q:
        lignes = lignes.ouvertes()
    page = paginer(lignes, request.GET, tri=TRI)
    accueil_seul = not q and not statut
    return render(
        request,
        "signalements/gardien/accueil.html",
        {
            "terminees": statut == Statut.TERMINEE,
            "filtre": not accueil_seul,
            "q": q,
            "statut": statut,
            "puces": _puces(request, nombres, statut, q),
            "cherchable": nombres["ouverts"] + nombres[Statut.TERMINEE] > 0,
            "formulaire": CommencerForm(),
            "brouillons": lire_brouillons(compte) if accueil_seul else [],
            "releves": Releve.objects.a_rendre_par(compte).avec_residence() if accueil_seul else [],
            "recus": [recu_de(fiche) for fiche in page.lignes],
            "page": page,
            "ouverts": nombres["ouverts"],
            "nombre_terminees": nombres[Statut.TERMINEE],
            "vers_terminees": adresse_avec(request.GET, statut=Statut.TERMINEE.value, vue=""),
        },
    )


def _puces(request: HttpRequest, nombres: dict[str, int], statut: str, q: str) -> list[Puce]:
    """The statuses that hold something, and the one that is chosen: (label, address, how many, current)."""
    tous = "Tous" if q else "Ouverts"
    puces: list[Puce] = [
        (tous, adresse_avec(request.GET, statut="", vue=""), None if q else nombres["ouverts"], not statut)
    ]
    for s in Statut:
        if nombres[s] or s == statut:
            adresse = adresse_avec(request.GET, statut=s.value, vue="")
            puces.append((str(s.label), adresse, None if q else nombres[s], s == statut))
    return puces


def recu(request: HttpRequest, compte: Compte, pk: UUID) -> HttpResponse:
    """The receipt of what one sent: reference, neutral status, what happens next. A draft goes back to its form."""
    fiche = droits.fiche_visible(compte, pk)
    if fiche.envoyee_le is None:
        return redirect("saisie", pk, "personne")
    return render(
        request,
        "signalements/gardien/recu.html",
        {
            "fiche": fiche,
            "depuis": depuis_de(fiche),
            "statuts": statuts_dates(fiche),
            "suites": suites_de(fiche),
            "a_corriger": fiche.etat == "a_corriger",
        },
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SAISIR)
def saisir_fiche(request: HttpRequest) -> HttpResponse:
    """Begin a fiche: POST makes one draft, however often the form is sent. An équipe says for whom."""
    compte = acteur(request)
    formulaire = _formulaire(request, compte)
    if request.method == "POST" and formulaire.is_valid():
        orienteur: int | None = formulaire.cleaned_data.get("orienteur")
        try:
            pk, _ = une_fois(
                formulaire.cleaned_data["cle"],
                compte_id=compte.pk,
                action="saisir_fiche",
                corps={"orienteur": orienteur},
                faire=lambda: parcours.commencer(par=compte, orienteur_id=orienteur).pk,
            )
        except CorpsDifferent:
            formulaire.add_error(None, "Cette fiche est déjà commencée pour une autre organisation.")
        else:
            return redirect("saisie", UUID(pk), "personne")
    contexte: dict[str, Any] = {
        "formulaire": formulaire,
        "brouillons": lire_brouillons(compte),
        "equipe": compte.a_role(*ROLES_EQUIPE),
        "lecteurs": lecteurs_de(compte),
        "retour": "" if compte.a_role(*ROLES_EQUIPE) else reverse("mes_signalements"),
    }
    return render(request, "signalements/saisie/commencer.html", contexte)


def lire_brouillons(compte: Compte) -> list[Any]:
    """What a person still has to finish, with the name of each résidence: two statements."""
    fiches = Fiche.objects.visibles_par(compte).de_l_auteur(compte).en_main().avec_brouillon().dernieres_touchees()
    nommees = [str(f.brouillon.contenu.get("residence", "")) for f in fiches]
    cles = [cle for nommee in nommees if (cle := entier_lu(nommee)) is not None]
    residences = {str(r.pk): r for r in Residence.objects.visibles_par(compte).parmi(cles)} if cles else {}
    return brouillons_lus(fiches, residences)


def _formulaire(request: HttpRequest, compte: Compte) -> FormAvecCle:
    donnees = request.POST if request.method == "POST" else None
    if not compte.a_role(*ROLES_EQUIPE):
        return CommencerForm(donnees)
    conventions = Convention.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).avec_parties()
    orienteurs = {c.orienteur_id: c.orienteur for c in conventions}
    return CommencerPourForm(donnees, orienteurs=sorted(orienteurs.values(), key=lambda o: o.nom))
