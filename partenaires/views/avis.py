"""The list of one's notifications, the e-mails that one wants, and who covers one's absences."""

from dataclasses import dataclass
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Permission
from partenaires.forms.avis import AbsenceForm, ReglagesAvisForm
from partenaires.genres import familles_ouvertes, genre_de
from partenaires.models import Absence, Compte, Notification, PreferenceAvis, Rattachement
from partenaires.parcours import avis as parcours
from socle import horloge
from socle.ecriture import moment_relatif
from socle.idempotence import CorpsDifferent, une_fois
from socle.pagination import adresse_avec, paginer

TRI = ("-cree_le", "-id")


@dataclass(frozen=True, slots=True)
class NotificationLue:
    """A row of the list: what happened, on which reference, for whom when it is a colleague's."""

    pk: UUID
    phrase: str
    reference: str
    quand: str
    iso: str
    pour: str
    lue: bool


@require_safe
def notifications(request: HttpRequest) -> HttpResponse:
    """What concerns the person, the newest first; `?non_lues=1` shows what she has not read."""
    compte = acteur(request)
    toutes = Notification.objects.visibles_par(compte)
    seulement = request.GET.get("non_lues") == "1"
    page = paginer((toutes.non_lues() if seulement else toutes).pour_liste(), request.GET, tri=TRI)
    contexte = {
        "lignes": [_lue(n) for n in page.lignes],
        "page": page,
        "seulement_non_lues": seulement,
        "vues": [
            ("Toutes", adresse_avec(request.GET, non_lues=""), not seulement),
            ("Non lues", adresse_avec(request.GET, non_lues="1"), seulement),
        ],
        "a_lire": any(n.lue_le is None for n in page.lignes),
        "se_fait_remplacer": _connait_ses_collegues(compte),
    }
    return render(request, "partenaires/notifications.html", contexte)


@require_POST
def notification(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Mark one as read, and open what it is about unless asked to stay in the list."""
    try:
        lue = parcours.lire(pk, par=acteur(request))
    except Notification.DoesNotExist as refus:
        raise Http404 from refus
    return redirect(
        "notifications" if request.POST.get("action") == "lire" else genre_de(lue.genre).chemin(lue.objet_id)
    )


@require_POST
def notifications_lues(request: HttpRequest) -> HttpResponse:
    """Mark all of them as read."""
    parcours.tout_lire(par=acteur(request))
    messages.success(request, "Toutes vos notifications sont lues.")
    return redirect("notifications")


@require_http_methods(["GET", "HEAD", "POST"])
def reglages_avis(request: HttpRequest) -> HttpResponse:
    """For each family of events: an e-mail at once, in the summary of the morning, or none."""
    compte = acteur(request)
    formulaire = ReglagesAvisForm(
        request.POST if request.method == "POST" else None,
        familles=familles_ouvertes(compte.roles),
        choisis=PreferenceAvis.objects.de(compte),
    )
    if request.method == "POST" and formulaire.is_valid():
        parcours.regler_courriels(formulaire.cleaned_data, par=compte)
        messages.success(request, "Vos courriels sont réglés.")
        return redirect("reglages_avis")
    return render(request, "partenaires/reglages_avis.html", {"formulaire": formulaire, "fil": _fil("Mes courriels")})


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.CONNAITRE)
def absences(request: HttpRequest) -> HttpResponse:
    """Say when one is away, and which colleague receives the notifications meanwhile."""
    compte = acteur(request)
    formulaire = AbsenceForm(
        request.POST if request.method == "POST" else None,
        collegues=_collegues(compte),
        aujourdhui=horloge.aujourdhui(),
    )
    if request.method == "POST" and formulaire.is_valid() and _declaree(formulaire, compte):
        messages.success(request, "Votre absence est enregistrée.")
        return redirect("absences")
    siennes = Absence.objects.de(compte).a_venir(horloge.aujourdhui())
    contexte = {
        "formulaire": formulaire,
        "absences": list(siennes),
        "seul": not formulaire.collegues,
        "fil": _fil("Mes absences"),
    }
    return render(request, "partenaires/absences.html", contexte)


@require_POST
@ouvert_a(Permission.CONNAITRE)
def absence_terminer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take an absence back, running or to come."""
    try:
        parcours.terminer_absence(pk, par=acteur(request))
    except Absence.DoesNotExist as refus:
        raise Http404 from refus
    messages.success(request, "L’absence est retirée. Vous recevez de nouveau seul ce qui vous est destiné.")
    return redirect("absences")


def _collegues(compte: Compte) -> list[Compte]:
    """The other people of the organisation, by name, each once."""
    rattachements = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
    autres = (r.compte for r in rattachements if r.compte_id != compte.pk)
    return list(dict.fromkeys(c for c in autres if c.is_active and not c.technique))


def _declaree(formulaire: AbsenceForm, compte: Compte) -> bool:
    d = formulaire.cleaned_data
    champs = {"du": d["du"], "au": d["au"], "remplacant": formulaire.collegues[d["remplacant"]]}
    try:
        une_fois(
            d["cle"],
            compte_id=compte.pk,
            action="declarer_absence",
            corps={**champs, "remplacant": d["remplacant"]},
            faire=lambda: parcours.declarer_absence(par=compte, **champs).pk,
        )
    except ValidationError as refus:
        formulaire.add_error(None, refus)
        return False
    except CorpsDifferent:
        formulaire.add_error(None, "Cette absence est déjà enregistrée avec d’autres dates. Relisez la liste.")
        return False
    return True


def _lue(n: Notification) -> NotificationLue:
    return NotificationLue(
        pk=n.pk,
        phrase=genre_de(n.genre).phrase,
        reference=n.reference,
        quand=moment_relatif(n.cree_le),
        iso=n.cree_le.isoformat(timespec="minutes"),
        pour=n.pour.nom_complet if n.pour else "",
        lue=n.lue_le is not None,
    )


def _fil(titre: str) -> list[tuple[str, str]]:
    return [("Mon compte", reverse("mon_compte")), (titre, "")]


def _connait_ses_collegues(compte: Compte) -> bool:
    return Permission.CONNAITRE in permissions_de(compte.roles)
