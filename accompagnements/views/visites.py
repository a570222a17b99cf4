"""Opening an accompagnement, its people, a visit told; planning stands in `planification`."""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_POST

from accompagnements import droits, parcours
from accompagnements.enums import Action, EtatVisite, Lieu
from accompagnements.forms.visites import IntervenantsForm, OuvrirForm, RendreCompteForm
from accompagnements.models import Visite
from accompagnements.views.commun import (
    VIDE,
    acte,
    de_la_situation,
    donnees,
    en_main,
    fait,
    page_acte,
    reprendre_version,
    saisir,
    une_fois,
)
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from signalements import droits as droits_fiche
from signalements.enums import EtatInstruction
from signalements.forms.reprise import RepriseForm
from signalements.parcours import ConflitDeReprise
from signalements.views.decisions import maintenant as fiche_maintenant
from signalements.views.equipe import identite
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_heure
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant

TITRES = {Lieu.DOMICILE: "Visite à domicile", Lieu.BUREAU: "Visite au bureau", Lieu.TELEPHONE: "Appel"}


def visite_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What stands, for a form about a visit that came too late."""
    return de_la_situation(droits.visite_visible(acteur(request), pk).accompagnement)


@acte(fiche_maintenant)
def ouvrir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Open the accompagnement of a fiche: who carries it, before any visit is planned."""
    compte = acteur(request)
    f = droits_fiche.fiche_de_l_equipe(compte, pk)
    if f.instruction.etat != EtatInstruction.A_VISITER:
        raise TransitionInterdite("ouvrir", f.instruction.etat)
    suivie = f.instruction.suivie_par_id
    initial = {"intervenants": [str(suivie or compte.pk)], "referent": str(suivie or compte.pk)}
    formulaire = OuvrirForm(donnees(request), compte=compte, initial=initial)
    if request.method == "POST" and formulaire.is_valid():

        def faire() -> UUID:
            seul, raison = (formulaire.cleaned_data[nom] for nom in ("ne_pas_y_aller_seul", "raison_pas_seul"))
            return parcours.ouvrir(
                pk, par=compte, intervenants=formulaire.comptes, ne_pas_y_aller_seul=seul, raison_pas_seul=raison
            ).pk

        if une_fois(formulaire, compte, f"ouvrir|{pk}", faire):
            a = droits.accompagnement_de_la_fiche(compte, pk)
            return fait(request, a.pk, "L’accompagnement est ouvert. La première visite peut être planifiée.")
    contexte = {
        **VIDE, "conflit": None, "danger": False, "fiche": f, "reference": f.reference, "formulaire": formulaire,
        "identite": identite(f),
        "titre": f"Ouvrir un accompagnement pour {f.designation}",
        "texte": "Le délai d’opposition est passé. Choisissez qui accompagne la personne, puis planifiez la première "
        "visite, avec l’orienteur.",
        "action": "Ouvrir l’accompagnement",
        "retour_url": reverse("fiche", args=[pk]),
        "fil": [("Fiches", reverse("fiches")), (f.reference, reverse("fiche", args=[pk])), ("Ouvrir", "")],
    }  # fmt: skip
    return render(request, "accompagnements/acte.html", contexte)


@acte()
def intervenants(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte, a = en_main(request, pk, nom="changer_intervenants")
    actuels = [str(i.compte_id) for i in a.en_charge]
    initial = {"intervenants": actuels, "referent": actuels[0] if actuels else ""}
    formulaire = IntervenantsForm(donnees(request), compte=compte, initial=initial)
    if request.method == "POST" and formulaire.is_valid():

        def faire() -> UUID:
            return parcours.changer_intervenants(pk, par=compte, intervenants=formulaire.comptes).pk

        if une_fois(formulaire, compte, f"intervenants|{pk}", faire):
            return fait(request, pk, "Les intervenants sont changés.")
    return page_acte(
        request, a, formulaire, titre=f"Qui accompagne {a.fiche.designation}{INSECABLE}?",
        texte="La personne qui quitte la situation garde ses écrits au dossier.", action="Changer les intervenants",
    )  # fmt: skip


@acte(visite_maintenant)
def visite(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tell a visit, on a tablet; once told, it is read only."""
    compte = acteur(request)
    v = droits.visite_visible(compte, pk)
    a = v.accompagnement
    journal.noter(Action.SITUATION_LUE, organisation_id=a.equipe_id, objet_type="accompagnement", objets=[a.pk])
    if v.etat != EtatVisite.PLANIFIEE or a.est_clos:
        return _lue(request, v)
    formulaire = RendreCompteForm(donnees(request), compte=compte, visite=v, initial=RendreCompteForm.initiales(v))
    conflit = None
    if request.method == "POST" and "brouillon" in request.POST:
        return _brouillon(request, v, formulaire)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            if saisir(
                formulaire,
                lambda: parcours.rendre_compte(
                    pk, par=compte, version=d["version"], issue=d["issue"], compte_rendu=d["compte_rendu"],
                    duree=d["duree"], participants=formulaire.comptes, autres_presents=d["autres_presents"],
                ),
            ):  # fmt: skip
                return fait(request, a.pk, "Le compte rendu est enregistré.")
        except ConflitDeVersion as erreur:
            conflit = _conflit(formulaire, v, erreur)
    return _page_visite(request, v, formulaire, conflit)


@acte(visite_maintenant)
def sortie(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« Je suis sorti, tout va bien »: one tap, before the account."""
    compte = acteur(request)
    v = droits.visite_visible(compte, pk)
    if request.method == "POST":
        try:
            parcours.signaler_sortie(pk, par=compte)  # the page says it
        except parcours.SaisieRefusee as refus:
            messages.warning(request, str(refus))
    return redirect("visite", v.pk)


@require_POST
@ouvert_a(Permission.SUIVRE)
def visite_brouillon(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Autosave of the account: 409 when somebody else wrote meanwhile, or when the visit is told already."""
    compte = acteur(request)
    v = droits.visite_visible(compte, pk)
    try:
        gardee = _garder(request, v)
    except (ConflitDeVersion, TransitionInterdite):
        return JsonResponse({"conflit": True}, status=409)
    if gardee is None:
        return JsonResponse({"refuse": True}, status=400)
    return JsonResponse({"version": gardee.version})


@require_POST
@ouvert_a(Permission.SUIVRE)
def visite_reprise(request: HttpRequest, pk: UUID) -> HttpResponse:
    """What a tablet kept without network: 200 once it stands in the draft, 409 with both texts, 410 once it is told."""
    compte = acteur(request)
    v = droits.visite_visible(compte, pk)
    formulaire = RepriseForm(request.POST)
    if not formulaire.is_valid():
        return JsonResponse({}, status=400)
    d = formulaire.cleaned_data
    try:
        gardee = parcours.reprendre_brouillon_visite(
            pk, par=compte, champs=d["champs"], avant=d["avant"], remplacer=d["remplacer"]
        )
    except TransitionInterdite:
        return JsonResponse({}, status=410)
    except parcours.SaisieRefusee:
        return JsonResponse({}, status=400)
    except ConflitDeReprise as conflit:
        dits = [
            {"libelle": RendreCompteForm.base_fields[nom].label, "mien": mien, "autre": autre}
            for nom, (mien, autre) in conflit.textes.items()
        ]
        return JsonResponse({"conflits": dits}, status=409)
    return JsonResponse({"url": reverse("visite", args=[v.pk]), "version": gardee.version})


def _garder(request: HttpRequest, v: Visite) -> Visite | None:
    """Keep what was typed; None when it cannot be kept as it is (too long, no version)."""
    version = request.POST.get("version", "")
    texte, presents = request.POST.get("compte_rendu", ""), request.POST.get("autres_presents", "")
    trop_long = len(texte) > Visite.COMPTE_RENDU_MAXIMUM or len(presents) > Visite.PRESENTS_MAXIMUM
    if not version.isdecimal() or trop_long:
        return None
    return parcours.garder_brouillon_visite(
        v.pk, par=acteur(request), version=int(version), compte_rendu=texte, autres_presents=presents
    )


def _brouillon(request: HttpRequest, v: Visite, formulaire: RendreCompteForm) -> HttpResponse:
    """The button « Garder comme brouillon »."""
    try:
        gardee = _garder(request, v)
    except ConflitDeVersion as erreur:
        formulaire.is_valid()
        return _page_visite(request, v, formulaire, _conflit(formulaire, v, erreur))
    if gardee is None:
        formulaire.is_valid()
        return _page_visite(request, v, formulaire, None)
    messages.success(request, "Le brouillon est gardé. La visite reste à rendre.")
    return redirect("situation_visites", v.accompagnement_id)


def _conflit(formulaire: RendreCompteForm, v: Visite, erreur: ConflitDeVersion) -> list[TextesEnConflit]:
    """Both texts; the form takes the version that stands, so that a second sending is a choice."""
    actuelle = erreur.actuel
    assert isinstance(actuelle, Visite)
    reprendre_version(formulaire, actuelle.version)
    mien = str(formulaire.data.get("compte_rendu", ""))
    return [TextesEnConflit("Compte rendu", mien, actuelle.compte_rendu)]


def _page_visite(
    request: HttpRequest, v: Visite, formulaire: RendreCompteForm, conflit: list[TextesEnConflit] | None
) -> HttpResponse:
    a = v.accompagnement
    contexte = {
        "v": v, "a": a, "fiche": a.fiche, "formulaire": formulaire, "conflit": conflit, "titre": TITRES[Lieu(v.lieu)],
        "url_situation": reverse("situation", args=[a.pk]), "passee": v.debut <= horloge.maintenant(),
        "peut_sortir": v.debut <= horloge.maintenant() and acteur(request).pk in v.a_attendre,
        "est_sorti": acteur(request).pk in v.sortis,
    }  # fmt: skip
    return render(request, "accompagnements/visite.html", contexte, status=409 if conflit else 200)


def _lue(request: HttpRequest, v: Visite) -> HttpResponse:
    from partenaires.models import Compte

    a = v.accompagnement
    noms = [c.nom_complet for c in Compte.objects.in_bulk(v.participants).values()]
    contexte = {
        "v": v, "a": a, "fiche": a.fiche, "titre": TITRES[Lieu(v.lieu)], "participants": ", ".join(noms),
        "etat": EtatVisite(v.etat).label, "fil": [
            ("Situations", reverse("situations")), (a.fiche.reference, reverse("situation", args=[a.pk])),
            ("Visites", reverse("situation_visites", args=[a.pk])), (date_heure(v.debut), ""),
        ],
    }  # fmt: skip
    return render(request, "accompagnements/visite_lue.html", contexte)
