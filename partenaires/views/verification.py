"""Anybody who holds a document of this instance checks that it has not changed; nobody learns whom it is about."""

from allauth.core.internal import ratelimit
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.views.decorators.http import require_http_methods

from partenaires.forms.verification import TROP_GRAND, VerificationForm
from socle.depots import trop_grands


@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def verification(request: HttpRequest) -> HttpResponse:
    """The form, then its answer on the same page; throttled by address, nothing is written."""
    envoye = request.method == "POST"
    trop: HttpResponse | None = None
    if envoye:
        trop = ratelimit.consume_or_429(request, app="allauth.account", action="verification")
    if trop is not None:
        return trop
    formulaire = VerificationForm(request.POST, request.FILES) if envoye else VerificationForm()
    if envoye and trop_grands(request):
        formulaire.add_error("fichier", TROP_GRAND)
    reponse = formulaire.reponse if envoye and formulaire.is_valid() else None
    return render(request, "partenaires/verification.html", {"formulaire": formulaire, "reponse": reponse})
