"""Concertations for the équipe: the list, one meeting, its invitations, its agenda, its packs."""

from collections.abc import Callable
from typing import Any, Protocol
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accompagnements import droits, parcours
from accompagnements.concertations import TONS, lignes_du_croisement, onglets_de, titre_de
from accompagnements.enums import Action
from accompagnements.enums.concertations import EtatConcertation
from accompagnements.forms.concertations import (
    InscrireForm,
    InviterForm,
    ModifierRencontreForm,
    PreparerForm,
    TenirForm,
)
from accompagnements.models import (
    Accompagnement,
    Concertation,
    DossierConcertation,
    InvitationConcertation,
    PointConcertation,
)
from accompagnements.views.commun import donnees, reprendre_version, saisir, une_fois
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_longue, jour_de
from socle.pagination import paginer
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, fichier_joint, transition_dite


class VueActe(Protocol):
    """The view of an act: its object by its key."""

    def __call__(self, request: HttpRequest, /, pk: UUID) -> HttpResponse: ...


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the meeting is now, for the page of a form that came too late."""
    return de_la_concertation(droits.concertation_visible(acteur(request), pk))


def de_la_concertation(c: Concertation) -> Maintenant:
    adresse = reverse("concertation", args=[c.pk])
    return Maintenant("La concertation", str(EtatConcertation(c.etat).label), adresse, "Revenir à la concertation")


def acte(dire: Callable[..., Maintenant] = maintenant) -> Callable[[VueActe], Callable[..., HttpResponse]]:
    """What every act shares: GET or POST, the équipe only, a clear answer when its object has changed."""

    def decorer(vue: VueActe) -> Callable[..., HttpResponse]:
        gardee = ouvert_a(Permission.SUIVRE)(transition_dite(dire)(vue))
        return require_http_methods(["GET", "HEAD", "POST"])(gardee)

    return decorer


@require_safe
@ouvert_a(Permission.SUIVRE)
def concertations(request: HttpRequest) -> HttpResponse:
    """To come, or past; all of it in the address."""
    compte = acteur(request)
    visibles = Concertation.objects.visibles_par(compte)
    passees = request.GET.get("vue") == "passees"
    lignes = (visibles.passees() if passees else visibles.a_venir()).avec_comptes()
    page = paginer(lignes, request.GET, tri=("-debut", "-pk") if passees else ("debut", "pk"))
    contexte = {
        "passees": passees,
        "page": page,
        "lignes": [(c, titre_de(c), TONS[c.etat]) for c in page.lignes],
        "onglets": onglets_de(visibles, passees=passees),
    }
    return render(request, "accompagnements/concertations/liste.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def concertation_preparer(request: HttpRequest) -> HttpResponse:
    """A meeting to come."""
    compte = acteur(request)
    formulaire = PreparerForm(donnees(request), compte=compte)
    faits: list[UUID] = []
    if request.method == "POST" and formulaire.is_valid():

        def faire() -> UUID:
            commission = formulaire.commission
            cree = parcours.preparer_concertation(par=compte, commission=commission, **formulaire.champs)
            faits.append(cree.pk)
            return cree.pk

        if une_fois(formulaire, compte, "concertation", faire):
            messages.success(request, "La concertation est préparée. Invitez, puis inscrivez les situations.")
            return redirect("concertation", faits[0]) if faits else redirect("concertations")
    return page(
        request, formulaire, titre="Préparer une concertation", action="Préparer la concertation",
        texte="Personne n’est prévenu avant l’envoi des invitations.", retour_url=reverse("concertations"),
        retour="Revenir aux concertations", fil=[("Concertations", reverse("concertations")), ("Préparer", "")],
    )  # fmt: skip


@require_safe
@ouvert_a(Permission.SUIVRE)
def concertation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One meeting: who comes, each situation and the organisations that an accord opens it to, the packs."""
    compte = acteur(request)
    c = droits.concertation_visible(compte, pk)
    points = list(PointConcertation.objects.visibles_par(compte).de_la_concertation(c).avec_situation())
    invitations = list(InvitationConcertation.objects.visibles_par(compte).de_la_concertation(c))
    croises = parcours.organisations_par_point(c)
    dossiers = {d.organisation_id: d for d in DossierConcertation.objects.visibles_par(compte).de_la_concertation(c)}
    journal.noter(
        Action.CONCERTATION_LUE, organisation_id=c.equipe_id, objet_type="accompagnement",
        objets=[p.situation.accompagnement_id for p in points],
    )  # fmt: skip
    membres = Compte.objects.in_bulk(c.membres)
    inscrites = len(parcours.ordre_du_jour(c))
    contexte = {
        "c": c,
        "titre": titre_de(c),
        "etat": (EtatConcertation(c.etat).label, TONS[c.etat]),
        "lignes": lignes_du_croisement(points, invitations, croises),
        "invitations": [(i, dossiers.get(i.organisation_id)) for i in invitations],
        "membres": [membres[cle].nom_complet for cle in c.membres if cle in membres],
        "autres": inscrites - len(points),
        "prete": c.etat == EtatConcertation.PREPAREE and inscrites and invitations,
        "du_jour": c.etat == EtatConcertation.CONVOQUEE and jour_de(c.debut) <= horloge.aujourdhui(),
        "complete": c.commission_id is None and bool(inscrites),
        "fil": [*fil(c)[:1], (titre_de(c), "")],
    }
    return render(request, "accompagnements/concertations/concertation.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE)
def concertation_de_l_invitation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a notification to the meeting that it is about."""
    return redirect("concertation", droits.invitation_visible(acteur(request), pk).concertation_id)


@acte()
def concertation_modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Move or correct it; a second editor is shown both."""
    compte, c = _modifiable(request, pk, "modifier_concertation")
    formulaire = ModifierRencontreForm(donnees(request), compte=compte, initial=ModifierRencontreForm.depuis(c))
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        try:
            version = formulaire.cleaned_data["version"]
            if saisir(
                formulaire,
                lambda: parcours.modifier_concertation(pk, par=compte, version=version, **formulaire.champs),
            ):
                messages.success(request, "La concertation est modifiée.")
                return redirect("concertation", pk)
        except ConflitDeVersion:
            d = formulaire.cleaned_data
            conflit = [
                TextesEnConflit("Jour", date_longue(d["jour"]), date_longue(jour_de(c.debut))),
                TextesEnConflit("Lieu", d["lieu"], c.lieu),
            ]
            reprendre_version(formulaire, c.version)
    invites = (
        "Les invités sont prévenus. Si le jour ou l’heure change, ils répondent à nouveau." if c.convoquee_le else ""
    )
    return page(
        request, formulaire, titre="Modifier la concertation", action="Enregistrer les changements", texte=invites,
        conflit=conflit, **_retour(c),
    )  # fmt: skip


@acte()
def concertation_inviter(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, c = _modifiable(request, pk, "inviter_organisation")
    deja = [i.organisation_id for i in InvitationConcertation.objects.visibles_par(compte).de_la_concertation(c)]
    formulaire = InviterForm(donnees(request), compte=compte, deja=deja)
    if request.method == "POST" and formulaire.is_valid():
        personnes = formulaire.cleaned_data["personnes"]
        if saisir(
            formulaire,
            lambda: parcours.inviter_organisation(pk, par=compte, organisation=formulaire.choisie, personnes=personnes),
        ):
            messages.success(request, "L’organisation est invitée.")
            return redirect("concertation", pk)
    quand = "L’invitation part aussitôt." if c.est_convoquee else "Rien ne part avant l’envoi des invitations."
    return page(
        request, formulaire, titre="Inviter une organisation", action="Inviter l’organisation", texte=quand,
        **_retour(c),
    )  # fmt: skip


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(lambda request, pk: de_la_concertation(droits.invitation_visible(acteur(request), pk).concertation))
def invitation_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Not invited any more, before anything was sent."""
    compte = acteur(request)
    invitation = droits.invitation_visible(compte, pk)
    parcours.desinviter(pk, par=compte)
    messages.success(request, "L’organisation n’est plus invitée.")
    return redirect("concertation", invitation.concertation_id)


@acte()
def concertation_inscrire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Put a situation on the agenda; `?situation=` chooses it."""
    compte, c = _modifiable(request, pk, "inscrire_situation")
    siennes = Accompagnement.objects.visibles_par(compte).de_l_equipe(c.equipe_id).ouverts().avec_personne()
    formulaire = InscrireForm(
        donnees(request), situations=siennes, initial={"situation": request.GET.get("situation", "")}
    )
    if request.method == "POST" and formulaire.is_valid():
        d, gardees = formulaire.cleaned_data, formulaire.gardees

        def faire() -> UUID:
            return parcours.inscrire_situation(
                pk, UUID(d["situation"]), par=compte, demande=d["demande"], gardees=gardees
            ).pk

        if une_fois(formulaire, compte, f"point|{pk}", faire):
            messages.success(request, "La situation est à l’ordre du jour.")
            return redirect("concertation", pk)
    return page(
        request, formulaire, titre="Inscrire une situation", action="Inscrire la situation",
        texte="Les invités la lisent sous une lettre, avec la tranche d’âge et la commune.", **_retour(c),
    )  # fmt: skip


@acte()
def concertation_convoquer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send the invitations, after a page that says to how many."""
    compte = acteur(request)
    c = droits.concertation_visible(compte, pk)
    if c.etat != EtatConcertation.PREPAREE:
        raise TransitionInterdite("convoquer", c.etat)
    formulaire = forms.Form(donnees(request))
    if request.method == "POST" and saisir(formulaire, lambda: parcours.convoquer(pk, par=compte)):
        messages.success(request, "Les invitations sont parties.")
        return redirect("concertation", pk)
    return page(
        request, formulaire, titre=f"Envoyer les invitations{INSECABLE}?", action="Envoyer les invitations",
        texte="Chaque organisation reçoit un courriel sans contenu, puis lit le jour, le lieu, et les seules "
        "situations que l’accord de la personne lui ouvre.", **_retour(c),
    )  # fmt: skip


@acte()
def concertation_tenir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It took place: who came."""
    compte = acteur(request)
    c = droits.concertation_visible(compte, pk)
    if c.etat != EtatConcertation.CONVOQUEE or jour_de(c.debut) > horloge.aujourdhui():
        raise TransitionInterdite("tenir", c.etat)
    invitations = list(InvitationConcertation.objects.visibles_par(compte).de_la_concertation(c))
    venues = [str(i.pk) for i in invitations if i.reponse == "acceptee"]
    formulaire = TenirForm(
        donnees(request), compte=compte, invitations=invitations,
        initial={"presentes": venues, "membres": [str(cle) for cle in c.membres]},
    )  # fmt: skip
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        presentes, comptes = [UUID(cle) for cle in d["presentes"]], [int(cle) for cle in d["membres"]]
        if saisir(formulaire, lambda: parcours.tenir(pk, par=compte, presentes=presentes, comptes=comptes)):
            messages.success(request, "La concertation est tenue. Écrivez le compte rendu de chaque situation.")
            return redirect("concertation", pk)
    return page(
        request, formulaire, titre="Qui est venu", action="Enregistrer la concertation", **_retour(c),
    )  # fmt: skip


@acte()
def concertation_annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, c = _modifiable(request, pk, "annuler_concertation")
    if request.method == "POST":
        parcours.annuler_concertation(pk, par=compte)
        messages.success(request, "La concertation est annulée.")
        return redirect("concertations")
    texte = "Les organisations convoquées sont prévenues et ne lisent plus rien." if c.est_convoquee else ""
    return page(
        request, forms.Form(), titre=f"Annuler cette concertation{INSECABLE}?", action="Annuler la concertation",
        texte=texte, danger=True, **_retour(c),
    )  # fmt: skip


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(maintenant)
def concertation_dossiers(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Freeze a pack for each organisation, from the accords of this moment."""
    compte = acteur(request)
    droits.concertation_visible(compte, pk)
    try:
        faits = parcours.preparer_dossiers(pk, par=compte)
    except parcours.SaisieRefusee as refus:
        messages.error(request, str(refus))
        return redirect("concertation", pk)
    if faits:
        messages.success(request, "Les dossiers se préparent. Chacun ne porte que ce que l’accord ouvre.")
    else:
        messages.error(request, "Aucun accord n’ouvre de situation à un invité : il n’y a pas de dossier à préparer.")
    return redirect("concertation", pk)


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.REPONDRE, Permission.LIRE_FICHES)
def dossier_concertation(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Download a pack; its reading is noted in the journal of the équipe."""
    d = droits.dossier_visible(acteur(request), pk)
    if not d.est_pret or d.octets is None:
        raise Http404
    journal.noter(Action.DOSSIER_LU, organisation_id=d.equipe_id, objet_type="dossierconcertation", objets=[d.pk])
    return fichier_joint(bytes(d.octets), nom=f"{slugify('ordre du jour')}-{str(d.pk)[-8:]}.pdf")


def page(
    request: HttpRequest,
    formulaire: forms.Form,
    *,
    titre: str,
    action: str,
    retour_url: str,
    retour: str,
    fil: list[tuple[str, str]],
    texte: str = "",
    danger: bool = False,
    conflit: list[TextesEnConflit] | None = None,
    niveau: str = "",
) -> HttpResponse:
    """The page of an act on a concertation: what follows, its form, one way back."""
    contexte = {
        "formulaire": formulaire, "titre": titre, "action": action, "retour_url": retour_url, "retour": retour,
        "fil": fil, "texte": texte, "danger": danger, "conflit": conflit, "niveau": niveau,
    }  # fmt: skip
    return render(request, "accompagnements/concertations/acte.html", contexte, status=409 if conflit else 200)


def fil(c: Concertation, ici: str = "") -> list[tuple[str, str]]:
    chemin = [("Concertations", reverse("concertations")), (titre_de(c), reverse("concertation", args=[c.pk]))]
    return [*chemin, (ici, "")] if ici else chemin


def _retour(c: Concertation) -> dict[str, Any]:
    adresse = reverse("concertation", args=[c.pk])
    return {"retour_url": adresse, "retour": "Revenir à la concertation", "fil": fil(c)}


def _modifiable(request: HttpRequest, pk: UUID, nom: str) -> tuple[Compte, Concertation]:
    compte = acteur(request)
    c = droits.concertation_visible(compte, pk)
    if not c.est_modifiable:
        raise TransitionInterdite(nom, c.etat)
    return compte, c
