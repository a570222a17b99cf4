"""Who guards which résidence: for the référents; and, for whoever manages the members, from when until when."""

from typing import Final

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Action, Permission, Role
from partenaires.forms.comptes import RattacherForm
from partenaires.models import Compte, Rattachement, Residence, ResidenceGardien
from partenaires.parcours import rattachements as parcours
from partenaires.views.membres import TRI, organisation_de
from socle import horloge, journal
from socle.formulaires import entier_lu
from socle.pagination import paginer

RESULTATS: Final = 20


@require_safe
@ouvert_a(Permission.ACCUEILLIR)
def gardiens(request: HttpRequest) -> HttpResponse:
    """The gardiens in force, by name, with their résidences; found by a name, a résidence, a commune or a secteur."""
    compte = acteur(request)
    recherche = request.GET.get("q", "").strip()[:80]
    tous = Rattachement.objects.visibles_par(compte).avec_role(Role.GARDIEN).en_vigueur(horloge.aujourdhui())
    page = paginer(tous.gardiens_cherches(recherche).avec_residences(), request.GET, tri=TRI)
    journal.noter(
        Action.MEMBRES_LUS,
        organisation_id=organisation_de(compte).pk,
        objet_type="rattachement",
        objets=[r.pk for r in page.lignes],
    )
    contexte = {"page": page, "recherche": recherche, "gere": Permission.MEMBRES in permissions_de(compte.roles)}
    return render(request, "partenaires/gardiens.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.MEMBRES)
def membre_residences(request: HttpRequest, pk: int) -> HttpResponse:
    """The résidences of a gardien, with their dates: take one away, search another and give it."""
    compte = acteur(request)
    membre = _gardien(compte, pk)
    liens = list(ResidenceGardien.objects.du_rattachement(membre).par_nom())
    siennes = {lien.residence_id for lien in liens if not lien.est_fini}
    recherche = request.GET.get("q", "").strip()[:80]
    autres = Residence.objects.visibles_par(compte).ouvertes().nommees(recherche).par_nom().exclude(pk__in=siennes)
    trouvees = list(autres[: RESULTATS + 1])
    envoi = request.POST if request.method == "POST" and "retirer" not in request.POST else None
    formulaire = RattacherForm(envoi, residences=trouvees[:RESULTATS])
    if request.method == "POST" and _fait(request, formulaire, membre, compte, siennes):
        return redirect("membre_residences", pk)
    contexte = {
        "membre": membre,
        "liens": [lien for lien in liens if not lien.est_fini],
        "finis": [lien for lien in liens if lien.est_fini],
        "formulaire": formulaire,
        "recherche": recherche,
        "resultats": len(trouvees[:RESULTATS]),
        "encore": len(trouvees) > RESULTATS,
        "fil": [
            ("Membres", reverse("membres")),
            (membre.compte.nom_complet, reverse("membre", args=[pk])),
            ("Résidences", ""),
        ],
    }
    return render(request, "partenaires/membre_residences.html", contexte)


def _gardien(compte: Compte, pk: int) -> Rattachement:
    en_vigueur = Rattachement.objects.visibles_par(compte).avec_role(Role.GARDIEN).en_vigueur(horloge.aujourdhui())
    membre: Rattachement = get_object_or_404(en_vigueur.par_nom(), pk=pk)
    return membre


def _fait(
    request: HttpRequest, formulaire: RattacherForm, membre: Rattachement, compte: Compte, siennes: set[int]
) -> bool:
    """Whether what was sent is done; what is wrong is added to the form."""
    if "retirer" in request.POST:
        cle = entier_lu(request.POST["retirer"])
        if cle is None or cle not in siennes:
            raise Http404
        parcours.detacher_residence(membre.pk, cle, par=compte)
        messages.success(request, "La résidence est retirée.")
        return True
    if not formulaire.is_valid():
        return False
    d = formulaire.cleaned_data
    try:
        parcours.rattacher_residence(membre.pk, d["residence"], du=d["du"], au=formulaire.fin, par=compte)
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return False
    messages.success(request, "La résidence est ajoutée.")
    return True
