"""Sign-in of the demonstration: one click, no password, no second factor."""

from django.conf import settings
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.http import require_http_methods

from demonstration.comptes import comptes_de_demonstration
from partenaires.perimetre import CLE_ORGANISATION
from partenaires.views.invitation import BACKEND


@login_not_required
@require_http_methods(["GET", "POST"])
def connexion(request: HttpRequest) -> HttpResponse:
    """List one account per role (GET), and enter as one of them (POST); 404 for anything else."""
    if not settings.DEMO:
        raise Http404
    comptes = comptes_de_demonstration()
    if request.method == "POST":
        choisi = next((c for c in comptes if c.role == request.POST.get("role")), None)
        if choisi is None:
            raise Http404
        login(request, choisi.compte, backend=BACKEND)
        request.session.pop(CLE_ORGANISATION, None)
        return redirect("accueil")
    return render(request, "demonstration/connexion.html", {"comptes": comptes})
