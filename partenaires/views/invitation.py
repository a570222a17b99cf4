"""The page behind the link of an invitation."""

from django.contrib import messages
from django.contrib.auth import login
from django.contrib.auth.decorators import login_not_required
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.views.decorators.cache import never_cache
from django.views.decorators.debug import sensitive_post_parameters
from django.views.decorators.http import require_http_methods

from partenaires.connexion import authentification_recente
from partenaires.forms.comptes import LienForm, NouveauCompteForm
from partenaires.models import Compte
from partenaires.parcours.invitations import (
    CompteExistant,
    InvitationFermee,
    InvitationOuverte,
    accepter_avec_nouveau_compte,
    accepter_invitation,
    empreinte_du_jeton,
    invitation_ouverte,
)
from partenaires.perimetre import CLE_ORGANISATION

CLE_INVITATION = "invitation"  # key of the session: the hash of the secret, in hexadecimal
BACKEND = "allauth.account.auth_backends.AuthenticationBackend"


@sensitive_post_parameters("mot_de_passe", "confirmation")
@never_cache
@login_not_required
@require_http_methods(["GET", "POST"])
def invitation(request: HttpRequest, jeton: str) -> HttpResponse:
    """A link sent before secrets stood after the « # »: the same as `rejoindre`."""
    return _ouvrir(request, jeton)


@sensitive_post_parameters("lien", "mot_de_passe", "confirmation")
@never_cache
@login_not_required
@require_http_methods(["GET", "HEAD", "POST"])
def rejoindre(request: HttpRequest) -> HttpResponse:
    """Open an invitation: its secret comes by POST (the script reads it after the « # », or it is pasted).

    The session keeps its hash, which opens nothing by itself elsewhere. Then: organisation and role; accept with a new
    account, or with the account of the same address. Unknown, used, withdrawn and expired give one same page (404).
    """
    if request.method == "POST" and "lien" in request.POST:
        formulaire = LienForm(request.POST)
        if not formulaire.is_valid():
            return render(request, "partenaires/invitation_lien.html", {"formulaire": formulaire})
        try:
            request.session[CLE_INVITATION] = empreinte_du_jeton(formulaire.cleaned_data["lien"]).hex()
        except InvitationFermee:
            return render(request, "partenaires/invitation_fermee.html", status=404)
        return redirect("rejoindre")
    empreinte = request.session.get(CLE_INVITATION)
    if not empreinte:
        return render(request, "partenaires/invitation_lien.html", {"formulaire": LienForm()})
    reponse = _ouvrir(request, bytes.fromhex(empreinte))
    if reponse.status_code == 404:
        request.session.pop(CLE_INVITATION, None)
    return reponse


def _ouvrir(request: HttpRequest, jeton: str | bytes) -> HttpResponse:
    try:
        ouverte = invitation_ouverte(jeton)
        compte = request.user
        if isinstance(compte, Compte):
            return _avec_son_compte(request, jeton, ouverte, compte)
        return _avec_un_nouveau_compte(request, jeton, ouverte)
    except InvitationFermee:
        return render(request, "partenaires/invitation_fermee.html", status=404)


def _avec_son_compte(
    request: HttpRequest, jeton: str | bytes, ouverte: InvitationOuverte, compte: Compte
) -> HttpResponse:
    le_sien = not ouverte.courriel or compte.email == ouverte.courriel.lower()
    if request.method == "POST" and le_sien:
        request.session[CLE_ORGANISATION] = accepter_invitation(jeton, compte=compte)
        request.session.pop(CLE_INVITATION, None)
        messages.success(request, f"Vous avez rejoint {ouverte.organisation}.")
        return redirect("accueil")
    return render(
        request,
        "partenaires/invitation_rejoindre.html",
        {"invitation": ouverte, "le_sien": le_sien},
        status=200 if le_sien else 403,
    )


def _avec_un_nouveau_compte(request: HttpRequest, jeton: str | bytes, ouverte: InvitationOuverte) -> HttpResponse:
    contexte: dict[str, object] = {"invitation": ouverte}
    formulaire = NouveauCompteForm(request.POST or None, courriel=ouverte.courriel)
    # The holder of the link has received it at that address: telling whether it has an account tells her nothing.
    if ouverte.courriel and Compte.objects.de_l_adresse(ouverte.courriel) is not None:
        return render(request, "partenaires/invitation_connexion.html", contexte)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            compte = accepter_avec_nouveau_compte(
                jeton,
                nom=d["nom"],
                prenom=d["prenom"],
                mot_de_passe=d["mot_de_passe"],
                courriel=d.get("courriel", ""),
            )
        except CompteExistant:  # made in the meantime, or the address given to a code is known
            if ouverte.courriel:
                return redirect(request.path)
            return render(request, "partenaires/invitation_connexion.html", contexte)
        request.session.pop(CLE_INVITATION, None)
        login(request, compte, backend=BACKEND)
        authentification_recente(request, compte)
        request.session[CLE_ORGANISATION] = ouverte.organisation_id
        return redirect("accueil")
    return render(request, "partenaires/invitation.html", {**contexte, "formulaire": formulaire})
