"""An invitation shown as a QR code, on the screen of whoever manages the members, or on a printed card."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.codes import code_de
from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import GenreOrganisation, Permission
from partenaires.forms.comptes import CodeForm
from partenaires.models import Compte, Invitation, Residence
from partenaires.parcours import invitations as parcours
from partenaires.views.creation import creer
from socle.idempotence import une_fois


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.ACCUEILLIR)
def membre_inviter_code(request: HttpRequest) -> HttpResponse:
    """Invite the gardien who stands there: choose his résidences, then show the code."""
    compte = acteur(request)
    organisation = compte.organisation_active
    assert organisation is not None  # ouvert_a: a role stands in an organisation
    assert organisation.genre == GenreOrganisation.BAILLEUR
    residences = Residence.objects.visibles_par(compte).ouvertes().par_nom()
    formulaire = CodeForm(request.POST or None, residences=residences)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        faite: list[UUID] = []

        def faire() -> UUID:
            faite.append(parcours.inviter_par_code(organisation, d["fonction"], d.get("residences", []), par=compte).pk)
            return faite[0]

        if creer(formulaire, compte=compte, action="membre_inviter_code", faire=faire):
            # Sent twice: the same key gives the same invitation.
            pk = faite[0] if faite else _deja_faite(formulaire, compte)
            return redirect("invitation_carte", pk)
    return render(
        request,
        "partenaires/codes/inviter.html",
        {"formulaire": formulaire, "fil": _fil(compte, "Inviter par un code"), "retour": _retour(compte)},
    )


def _deja_faite(formulaire: CodeForm, compte: Compte) -> UUID:
    corps = {nom: valeur for nom, valeur in formulaire.cleaned_data.items() if nom != "cle"}
    pk, _ = une_fois(
        formulaire.cleaned_data["cle"],
        compte_id=compte.pk,
        action="membre_inviter_code",
        corps=corps,
        faire=lambda: None,
    )
    return UUID(pk)


@require_safe
@never_cache
@ouvert_a(Permission.MEMBRES, Permission.ACCUEILLIR)
def invitation_carte(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The code of an invitation, and whether it still opens; the page asks again by itself."""
    compte = acteur(request)
    invitation = _la_sienne(compte, pk)
    code = None
    if invitation.est_en_attente:
        code = code_de(parcours.adresse_de(pk))
        if not request.headers.get("HX-Request"):
            parcours.noter_montree(invitation)
    gabarit = "partenaires/codes/etat.html" if request.headers.get("HX-Request") else "partenaires/codes/carte.html"
    contexte = {
        "invitation": invitation,
        "code": code,
        "adresse": parcours.adresse_de(pk) if code else "",
        "fil": _fil(compte, "Code d’invitation"),
        "retour": _retour(compte),
    }
    return render(request, gabarit, contexte)


@require_POST
@ouvert_a(Permission.ACCUEILLIR)
def invitation_refaire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Another code in the place of this one."""
    compte = acteur(request)
    _la_sienne(compte, pk, par_code=True)
    try:
        nouvelle = parcours.refaire_le_code(pk, par=compte)
    except ValidationError as refus:
        messages.warning(request, " ".join(refus.messages))
        return redirect("invitation_carte", pk)
    return redirect("invitation_carte", nouvelle.pk)


def _la_sienne(compte: Compte, pk: UUID, *, par_code: bool = False) -> Invitation:
    siennes = Invitation.objects.visibles_par(compte).de_l_organisation(compte.organisation_id or 0).avec_auteur()
    return get_object_or_404(siennes.par_code() if par_code else siennes, pk=pk)


def _gere(compte: Compte) -> bool:
    return Permission.MEMBRES in permissions_de(compte.roles)


def _retour(compte: Compte) -> tuple[str, str]:
    """Where a code leads back to, and its words: invitations for whoever manages them, otherwise the gardiens."""
    if _gere(compte):
        return reverse("invitations"), "Revenir aux invitations"
    return reverse("gardiens"), "Revenir aux gardiens"


def _fil(compte: Compte, ici: str) -> list[tuple[str, str]]:
    if _gere(compte):
        return [("Membres", reverse("membres")), ("Invitations", reverse("invitations")), (ici, "")]
    return [("Gardiens", reverse("gardiens")), (ici, "")]
