"""Concertations for those invited: the meetings, their answer, and the only situations that an accord opens to them."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accompagnements import droits, parcours
from accompagnements.enums import Action
from accompagnements.enums.concertations import EtatConcertation
from accompagnements.forms.concertations import RepondreInvitationForm
from accompagnements.models import DossierConcertation, InvitationConcertation, PointConcertation
from accompagnements.views.commun import donnees, saisir
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from socle import horloge, journal
from socle.pagination import paginer
from socle.vues import Maintenant, transition_dite


def maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the meeting is now, in neutral words."""
    c = droits.invitation_visible(acteur(request), pk).concertation
    adresse = reverse("concertation_recue", args=[pk])
    return Maintenant("La rencontre", str(EtatConcertation(c.etat).label), adresse, "Revenir à la rencontre")


@require_safe
@ouvert_a(Permission.REPONDRE, Permission.LIRE_FICHES)
def concertations_recues(request: HttpRequest) -> HttpResponse:
    """To come first, then the past ones."""
    compte = acteur(request)
    visibles = InvitationConcertation.objects.visibles_par(compte).avec_concertation()
    a_venir = list(visibles.a_venir(horloge.maintenant()).order_by("concertation__debut", "pk"))
    page = paginer(visibles.autres_que(a_venir), request.GET, tri=("-concertation__debut", "-pk"))
    contexte = {"a_venir": a_venir, "page": page, "attendues": sum(i.reponse == "attendue" for i in a_venir)}
    return render(request, "accompagnements/concertations/recues.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.REPONDRE, Permission.LIRE_FICHES)
@transition_dite(maintenant)
def concertation_recue(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A meeting, its situations without a name, the answer; reading it is noted in the journal of the équipe."""
    compte = acteur(request)
    invitation = droits.invitation_visible(compte, pk)
    c = invitation.concertation
    initial = {
        "vient": {"acceptee": "oui", "declinee": "non"}.get(invitation.reponse),
        "qui_vient": invitation.qui_vient,
    }
    formulaire = RepondreInvitationForm(donnees(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        if saisir(
            formulaire,
            lambda: parcours.repondre_invitation(pk, par=compte, vient=d["vient"] == "oui", qui_vient=d["qui_vient"]),
        ):
            messages.success(request, "Votre réponse est partie.")
            return redirect("concertation_recue", pk)
    points = list(PointConcertation.objects.visibles_par(compte).de_la_concertation(c))
    journal.noter(
        Action.CONCERTATION_LUE, organisation_id=c.equipe_id, objet_type="pointconcertation",
        objets=[p.pk for p in points],
    )  # fmt: skip
    dossier = DossierConcertation.objects.visibles_par(compte).de_la_concertation(c).first()
    contexte = {
        "i": invitation,
        "c": c,
        "points": points,
        "dossier": dossier,
        "annulee": c.etat == EtatConcertation.ANNULEE,
        "repondre": c.etat == EtatConcertation.CONVOQUEE,
        "formulaire": formulaire,
        "fil": [("Concertations", reverse("concertations_recues")), ("Rencontre", "")],
    }
    return render(request, "accompagnements/concertations/recue.html", contexte)
