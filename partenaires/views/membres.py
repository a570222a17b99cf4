"""Members of one's organisation: list, invitation, role, résidences of a gardien, end."""

from uuid import UUID

from django.contrib import messages
from django.core.exceptions import PermissionDenied, ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires import droits, reprises
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import ROLES_PAR_GENRE, Action, Permission, Role
from partenaires.forms.comptes import InviterForm, MembreForm
from partenaires.forms.reprise import RepriseForm
from partenaires.models import Compte, Invitation, Organisation, Rattachement, Residence
from partenaires.parcours import invitations as parcours_invitations
from partenaires.parcours import rattachements as parcours
from partenaires.views.creation import creer
from socle import horloge, journal
from socle.ecriture import INSECABLE
from socle.pagination import adresse_avec, paginer
from socle.presentation import Onglet

TRI = ("tri_nom", "tri_prenom", "pk")


@require_safe
@ouvert_a(Permission.MEMBRES)
def membres(request: HttpRequest) -> HttpResponse:
    """The members of the active organisation, in force or ended, by role and by name."""
    compte = acteur(request)
    organisation = organisation_de(compte)
    jour = horloge.aujourdhui()
    etat = "termines" if request.GET.get("etat") == "termines" else "en_cours"
    recherche = request.GET.get("q", "").strip()[:80]
    roles = ROLES_PAR_GENRE[organisation.genre]
    role = request.GET.get("role", "")
    tous = Rattachement.objects.visibles_par(compte)
    lignes = (tous.termines(jour) if etat == "termines" else tous.en_vigueur(jour)).nommes(recherche)
    if role in roles:
        lignes = lignes.avec_role(role)
    page = paginer(lignes.avec_residences(), request.GET, tri=TRI)
    journal.noter(
        Action.MEMBRES_LUS,
        organisation_id=organisation.pk,
        objet_type="rattachement",
        objets=[r.pk for r in page.lignes],
    )
    return render(
        request,
        "partenaires/membres.html",
        {
            "onglets": onglets_des_membres(compte, etat),
            "page": page,
            "etat": etat,
            "recherche": recherche,
            "role": role if role in roles else "",
            "roles": [(r, adresse_avec(request.GET, role=r), r == role) for r in roles] if len(roles) > 1 else [],
            "tous_les_roles": adresse_avec(request.GET, role=""),
            "avec_residences": organisation.est_bailleur,
            "filtre": bool(recherche or role),
        },
    )


@require_safe
@ouvert_a(Permission.MEMBRES)
def invitations(request: HttpRequest) -> HttpResponse:
    """Pending invitations of the active organisation."""
    compte = acteur(request)
    organisation = organisation_de(compte)
    attente = Invitation.objects.visibles_par(compte).de_l_organisation(organisation.pk).en_attente()
    page = paginer(attente.avec_auteur(), request.GET, tri=("-cree_le", "-pk"))
    return render(
        request,
        "partenaires/invitations.html",
        {
            "onglets": onglets_des_membres(compte, "invitations"),
            "page": page,
            "par_code": organisation.est_bailleur,
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.MEMBRES)
def membre_inviter(request: HttpRequest) -> HttpResponse:
    """Invite an address to one's organisation."""
    compte = acteur(request)
    organisation = organisation_de(compte)
    formulaire = InviterForm(
        request.POST or None,
        roles=droits.roles_attribuables(compte, organisation),
        residences=Residence.objects.visibles_par(compte).ouvertes().par_nom(),
    )
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if creer(
            formulaire,
            compte=compte,
            action="membre_inviter",
            faire=lambda: (
                parcours_invitations.inviter(
                    organisation, d["role"], d["courriel"], d["fonction"], formulaire.residences, par=compte
                ).pk
            ),
        ):
            messages.success(request, f"L’invitation part à {d['courriel']}.")
            return redirect("invitations")
    return render(request, "partenaires/membre_inviter.html", {"formulaire": formulaire, "fil": _fil("Inviter")})


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.MEMBRES, Permission.EXPLOITER, Permission.ACCUEILLIR)
def invitation_annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Withdraw a pending invitation, after a confirmation."""
    compte = acteur(request)
    invitation = get_object_or_404(Invitation.objects.visibles_par(compte).en_attente(), pk=pk)
    if droits.permissions_de(compte.roles).isdisjoint({Permission.MEMBRES, Permission.EXPLOITER}):
        retour = reverse("gardiens")
    elif invitation.organisation_id == compte.organisation_id:
        retour = reverse("invitations")
    else:
        retour = reverse("organisation", args=[invitation.organisation_id])
    if request.method == "POST":
        try:
            parcours_invitations.annuler_invitation(pk, par=compte)
            messages.success(request, "L’invitation est annulée : le lien ne s’ouvre plus.")
        except ValidationError as refus:
            messages.warning(request, " ".join(refus.messages))
        return redirect(retour)
    return render(
        request,
        "partenaires/invitation_annuler.html",
        {
            "retour": retour,
            "texte": f"Le lien envoyé à {invitation.courriel} ne s’ouvrira plus. Vous pourrez l’inviter de nouveau."
            if invitation.courriel
            else "Le code ne s’ouvrira plus. Vous pourrez en faire un nouveau.",
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.MEMBRES)
def membre(request: HttpRequest, pk: int) -> HttpResponse:
    """One member: role, function, résidences of a gardien. One's own is shown and cannot be changed."""
    compte = acteur(request)
    rattachement = get_object_or_404(Rattachement.objects.visibles_par(compte).avec_residences(), pk=pk)
    organisation = organisation_de(compte)
    if request.method == "POST" and rattachement.compte_id == compte.pk:
        raise PermissionDenied("Personne ne change son propre rattachement.")
    formulaire = MembreForm(
        request.POST or None,
        membre=rattachement,
        roles=droits.roles_attribuables(compte, organisation),
        residences=Residence.objects.visibles_par(compte).ouvertes().par_nom(),
        siennes=[g.residence_id for g in rattachement.residences.all()],
    )
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            parcours.changer_role(pk, d["role"], d["fonction"], par=compte)
            if d["role"] == Role.GARDIEN and "residences" in d:
                parcours.affecter_residences(pk, d["residences"], par=compte)
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"Le rattachement de {rattachement.compte.nom_complet} est enregistré.")
            return redirect("membres")
    return render(
        request,
        "partenaires/membre.html",
        {
            "membre": rattachement,
            "formulaire": formulaire,
            "fil": _fil(rattachement.compte.nom_complet),
            "est_soi": rattachement.compte_id == compte.pk,
            "est_termine": rattachement.au is not None and rattachement.au <= horloge.aujourdhui(),
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.MEMBRES)
def membre_terminer(request: HttpRequest, pk: int) -> HttpResponse:
    """End a rattachement, after a confirmation that says what it does."""
    compte = acteur(request)
    en_cours = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui())
    rattachement = get_object_or_404(en_cours.avec_residences(), pk=pk)
    if rattachement.compte_id == compte.pk:
        raise PermissionDenied("Personne ne met fin à son propre rattachement.")
    restent = parcours.ce_qui_reste(rattachement, par=compte)
    candidats = reprises.candidats(rattachement, par=compte) if restent else []
    formulaire = RepriseForm(request.POST if request.method == "POST" else None, choses=restent, candidats=candidats)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.terminer_rattachement(
                pk, par=compte, repreneurs=formulaire.repreneurs, a_tout=formulaire.cleaned_data["a_tout"]
            )
        except ValidationError as refus:
            formulaire.add_error(None, refus)
        else:
            messages.success(request, f"{rattachement.compte.nom_complet} n’a plus accès à l’organisation.")
            return redirect("membres")
    return render(
        request,
        "partenaires/membre_terminer.html",
        {
            "membre": rattachement,
            "formulaire": formulaire,
            "nombre": len(restent),
            "fil": [
                *_fil(rattachement.compte.nom_complet)[:1],
                (rattachement.compte.nom_complet, reverse("membre", args=[pk])),
                ("Fin du rattachement", ""),
            ],
            "titre": f"Mettre fin au rattachement de {rattachement.compte.nom_complet}{INSECABLE}?",
        },
    )


def organisation_de(compte: Compte) -> Organisation:
    """The active organisation; `ouvert_a` has checked that a role stands in it."""
    organisation = compte.organisation_active
    assert organisation is not None
    return organisation


def _fil(ici: str) -> list[tuple[str, str]]:
    return [("Membres", reverse("membres")), (ici, "")]


def onglets_des_membres(compte: Compte, courant: str) -> list[Onglet]:
    """The tabs of the page of members; that of software for whoever opens their access."""
    jour = horloge.aujourdhui()
    tous = Rattachement.objects.visibles_par(compte)
    attente = Invitation.objects.visibles_par(compte).de_l_organisation(organisation_de(compte).pk).en_attente()
    liste = reverse("membres")
    onglets = [
        Onglet("En cours", liste, tous.en_vigueur(jour).count(), courant == "en_cours"),
        Onglet("Terminés", f"{liste}?etat=termines", tous.termines(jour).count(), courant == "termines"),
        Onglet("Invitations", reverse("invitations"), attente.count(), courant == "invitations"),
    ]
    if Permission.LOGICIELS in droits.permissions_de(compte.roles):
        onglets.append(Onglet("Logiciels", reverse("logiciels"), courant=courant == "logiciels"))
    return onglets
