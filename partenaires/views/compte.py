"""One's own account, and the organisation under which one acts."""

from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from partenaires.droits import acteur, permissions_de
from partenaires.enums import ROLES_EQUIPE, Permission
from partenaires.forms.comptes import CompteForm
from partenaires.models import Organisation
from partenaires.parcours import compte as parcours
from partenaires.perimetre import CLE_ORGANISATION
from partenaires.second_facteur import a_une_cle

CHAMPS = ("prenom", "nom", "telephone", "raccourcis_clavier")


@require_http_methods(["GET", "POST"])
def mon_compte(request: HttpRequest) -> HttpResponse:
    """Name, telephone and keyboard shortcut; links to password and second factor."""
    compte = acteur(request)
    formulaire = CompteForm(
        request.POST or None,
        initial={c: getattr(compte, c) for c in CHAMPS},
        avec_recherche=compte.a_role(*ROLES_EQUIPE),
    )
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        parcours.modifier_compte(
            compte,
            nom=d["nom"],
            prenom=d["prenom"],
            telephone=d["telephone"],
            raccourcis_clavier=d.get("raccourcis_clavier", compte.raccourcis_clavier),
        )
        messages.success(request, "Votre compte est enregistré.")
        return redirect("mon_compte")
    rattachements = sorted(compte.rattachements_actifs, key=lambda r: (r.organisation.nom, r.role))
    contexte = {
        "formulaire": formulaire,
        "rattachements": rattachements,
        "a_une_cle": a_une_cle(compte),
        "se_fait_remplacer": Permission.CONNAITRE in permissions_de(compte.roles),
    }
    return render(request, "partenaires/mon_compte.html", contexte)


@require_http_methods(["GET", "POST"])
def changer_organisation(request: HttpRequest) -> HttpResponse:
    """Choose under which organisation to act; the next page shows that one only."""
    compte = acteur(request)
    if request.method == "POST":
        voulue = request.POST.get("organisation", "")
        try:
            organisation = parcours.changer_organisation(compte, int(voulue) if voulue.isdecimal() else 0)
        except Organisation.DoesNotExist as refus:
            raise Http404 from refus
        request.session[CLE_ORGANISATION] = organisation.pk
        messages.success(request, f"Vous travaillez maintenant pour {organisation.nom}.")
        return redirect("accueil")
    par_organisation: dict[int, dict[str, object]] = {}
    for r in sorted(compte.rattachements_actifs, key=lambda r: r.organisation.nom):
        ligne = par_organisation.setdefault(
            r.organisation_id,
            {
                "organisation": r.organisation,
                "roles": [],
                "active": r.organisation_id == compte.organisation_id,
            },
        )
        roles = ligne["roles"]
        assert isinstance(roles, list)
        roles.append(r.fonction or r.get_role_display())
    return render(request, "partenaires/changer_organisation.html", {"lignes": list(par_organisation.values())})
