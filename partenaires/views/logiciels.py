"""The software of a bailleur, for its responsable: open an access, show a key once, renew it, revoke it, close."""

from typing import Any
from uuid import UUID

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Action, Permission
from partenaires.forms.logiciels import CleForm, OuvrirLogicielForm, PorteesForm
from partenaires.models import CleApi, Compte, Logiciel
from partenaires.parcours import logiciels as parcours
from partenaires.views.creation import creer
from partenaires.views.membres import onglets_des_membres, organisation_de
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_entiere

DEJA_MONTREE = (
    f"Cette clé a déjà été créée et montrée. Si vous ne l’avez pas gardée, renouvelez-la{INSECABLE}: elle ne peut pas "
    "être relue."
)


@require_safe
@ouvert_a(Permission.LOGICIELS)
def logiciels(request: HttpRequest) -> HttpResponse:
    """Every software of the bailleur with its keys: who made them, when they were last used, when they end."""
    compte = acteur(request)
    lignes = list(Logiciel.objects.visibles_par(compte).avec_cles().par_nom())
    journal.noter(
        Action.LOGICIELS_LUS,
        organisation_id=organisation_de(compte).pk,
        objet_type="logiciel",
        objets=[ligne.pk for ligne in lignes],
    )
    return render(
        request,
        "partenaires/logiciels.html",
        {
            "onglets": onglets_des_membres(compte, "logiciels"),
            "ouverts": [(ligne, _en_vigueur(ligne)) for ligne in lignes if ligne.est_ouvert],
            "fermes": [ligne for ligne in lignes if not ligne.est_ouvert],
        },
    )


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.LOGICIELS)
def logiciel_ouvrir(request: HttpRequest) -> HttpResponse:
    """Open an access and show its first key, once."""
    compte = acteur(request)
    formulaire = OuvrirLogicielForm(request.POST or None)
    faites: list[tuple[CleApi, str]] = []

    def faire() -> UUID:
        d = formulaire.cleaned_data
        ouvert = parcours.ouvrir_logiciel(d["nom"], d["portees"], par=compte)
        faites.append(parcours.creer_cle(ouvert.pk, jours=d["jours"], par=compte))
        return ouvert.pk

    if (
        request.method == "POST"
        and formulaire.is_valid()
        and creer(formulaire, compte=compte, action="logiciel_ouvrir", faire=faire)
    ):
        return _montrer(request, faites) or _deja_montree(request, reverse("logiciels"))
    contexte = {"formulaire": formulaire, "fil": _fil("Ouvrir un accès")}
    return render(request, "partenaires/logiciel_ouvrir.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.LOGICIELS)
def logiciel(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One software: its keys, and what they may do."""
    compte = acteur(request)
    ouvert = get_object_or_404(Logiciel.objects.visibles_par(compte).avec_cles(), pk=pk)
    formulaire = PorteesForm(request.POST if request.method == "POST" else None, logiciel=ouvert)
    if request.method == "POST" and formulaire.is_valid():
        try:
            parcours.changer_portees(pk, formulaire.cleaned_data["portees"], par=compte)
            messages.success(request, f"Les permissions de {ouvert.nom} sont enregistrées.")
        except ValidationError as refus:
            messages.warning(request, " ".join(refus.messages))
        return redirect("logiciel", pk)
    maintenant = horloge.maintenant()
    contexte = {
        "logiciel": ouvert,
        "formulaire": formulaire,
        "cles": [(cle, cle.est_en_vigueur(maintenant)) for cle in ouvert.cles.all()],
        "fil": _fil(ouvert.nom),
    }
    return render(request, "partenaires/logiciel.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.LOGICIELS)
def logiciel_cle(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a new key and show it once; the one it replaces goes on for the time chosen."""
    compte = acteur(request)
    ouvert = _ouvert(compte, pk)
    formulaire = CleForm(request.POST or None, remplace=bool(_en_vigueur(ouvert)))
    faites: list[tuple[CleApi, str]] = []

    def faire() -> UUID:
        jours = formulaire.cleaned_data["jours"]
        faites.append(parcours.creer_cle(pk, jours=jours, recouvrement=formulaire.recouvrement, par=compte))
        return faites[0][0].pk

    if (
        request.method == "POST"
        and formulaire.is_valid()
        and creer(formulaire, compte=compte, action=f"cle|{pk}", faire=faire)
    ):
        return _montrer(request, faites) or _deja_montree(request, reverse("logiciel", args=[pk]))
    contexte = {"formulaire": formulaire, "logiciel": ouvert, "fil": _fil("Nouvelle clé", ouvert)}
    return render(request, "partenaires/logiciel_cle.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.LOGICIELS)
def cle_revoquer(request: HttpRequest, pk: UUID, cle: UUID) -> HttpResponse:
    """End a key at once, after a confirmation."""
    compte = acteur(request)
    ouvert = get_object_or_404(Logiciel.objects.visibles_par(compte).avec_cles(), pk=pk)
    visee = next((c for c in _en_vigueur(ouvert) if c.pk == cle), None)
    if visee is None:
        messages.warning(request, "Cette clé ne sert déjà plus.")
        return redirect("logiciel", pk)
    if request.method == "POST":
        try:
            parcours.revoquer_cle(pk, cle, par=compte)
            messages.success(request, f"La clé {visee.prefixe} est révoquée. Elle n’ouvre plus rien.")
        except ValidationError as refus:
            messages.warning(request, " ".join(refus.messages))
        return redirect("logiciel", pk)
    usage = f"Elle a servi le {date_entiere(visee.utilisee_le)}." if visee.utilisee_le else "Elle n’a jamais servi."
    texte = f"{usage} Le logiciel sera refusé dès sa prochaine requête. Cela ne se défait pas."
    contexte = {"titre": f"Révoquer la clé {visee.prefixe}{INSECABLE}?", "texte": texte, "logiciel": ouvert}
    return render(request, "partenaires/cle_revoquer.html", contexte)


@require_http_methods(["GET", "POST"])
@ouvert_a(Permission.LOGICIELS)
def logiciel_fermer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Close an access for good, after a confirmation."""
    compte = acteur(request)
    ouvert = _ouvert(compte, pk)
    if request.method == "POST":
        try:
            parcours.fermer_logiciel(pk, par=compte)
            messages.success(request, f"L’accès de {ouvert.nom} est fermé.")
        except ValidationError as refus:
            messages.warning(request, " ".join(refus.messages))
        return redirect("logiciels")
    contexte = {"titre": f"Fermer l’accès de {ouvert.nom}{INSECABLE}?", "logiciel": ouvert}
    return render(request, "partenaires/logiciel_fermer.html", contexte)


def _ouvert(compte: Compte, pk: UUID) -> Logiciel:
    """An access that is open, with its keys; Http404 otherwise."""
    return get_object_or_404(Logiciel.objects.visibles_par(compte).ouverts().avec_cles(), pk=pk)


def _en_vigueur(logiciel: Logiciel) -> list[CleApi]:
    maintenant = horloge.maintenant()
    return [cle for cle in logiciel.cles.all() if cle.est_en_vigueur(maintenant)]


def _montrer(request: HttpRequest, faites: list[tuple[CleApi, str]]) -> HttpResponse | None:
    """The page that shows a key, in answer to the very request that made it; None when another one made it."""
    if not faites:
        return None
    cle, jeton = faites[0]
    contexte: dict[str, Any] = {"cle": cle, "jeton": jeton, "fil": _fil("La clé", cle.logiciel)}
    return render(request, "partenaires/cle_montree.html", contexte)


def _deja_montree(request: HttpRequest, vers: str) -> HttpResponse:
    messages.warning(request, DEJA_MONTREE)
    return redirect(vers)


def _fil(ici: str, logiciel: Logiciel | None = None) -> list[tuple[str, str]]:
    au_dessus = [(logiciel.nom, reverse("logiciel", args=[logiciel.pk]))] if logiciel else []
    return [("Logiciels", reverse("logiciels")), *au_dessus, (ici, "")]
