"""Séances of sensibilisation for the équipe: the list, one séance, what is done with it."""

from datetime import timedelta
from typing import Any, Final
from uuid import UUID

from django import forms
from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Action, Permission
from partenaires.enums_sensibilisations import EtatSeance, GenreSeance
from partenaires.forms.seances import AnnulerSeanceForm, ModifierSeanceForm, PreparerSeanceForm, SeanceForm
from partenaires.models import (
    Compte,
    DocumentSeance,
    InscriptionSeance,
    InvitationSeance,
    Rattachement,
    Seance,
)
from partenaires.parcours import seances as parcours
from partenaires.parcours.documents_seance import formateurs_de, rang_de
from partenaires.sensibilisations import PASSEES, etat_de, lignes_de, onglets_de, suite_de
from partenaires.views.creation import creer
from partenaires.views.seances_commun import acte, confirmer, essayer, fil, puces_des_genres, retour_a, visible
from partenaires.views.seances_recues import recue, recues
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_longue, heure
from socle.pagination import adresse_avec, paginer
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion

RETARD: Final = timedelta(minutes=10)  # after which the page offers to ask again


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE)
def sensibilisations(request: HttpRequest) -> HttpResponse:
    """To come or past, by kind, all of it in the address; a référent has his own list."""
    compte = acteur(request)
    if Permission.SUIVRE not in permissions_de(compte.roles):
        return recues(request, compte)
    passees = request.GET.get("vue") == PASSEES
    genre = request.GET.get("genre", "")
    genre = genre if genre in GenreSeance.values else ""
    toutes = Seance.objects.visibles_par(compte)
    voulues = toutes.du_genre(genre) if genre else toutes
    lignes = (voulues.passees() if passees else voulues.a_venir()).avec_comptes()
    page = paginer(lignes, request.GET, tri=("-debut", "-pk") if passees else ("debut", "pk"))
    contexte = {
        "passees": passees, "genre": genre, "page": page, "lignes": [(s, etat_de(s)) for s in page.lignes],
        "onglets": onglets_de(voulues.a_venir(), voulues.passees(), request.GET, sur=PASSEES if passees else ""),
        "puces": puces_des_genres(request, genre), "sans_filtre": adresse_avec(request.GET, genre=""),
    }  # fmt: skip
    return render(request, "partenaires/seances/liste.html", contexte)


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE, Permission.SAISIR)
def seance(request: HttpRequest, pk: UUID) -> HttpResponse:
    """One séance: who is registered, who came, what is printed. Somebody of a bailleur sees his own face of it."""
    compte = acteur(request)
    s = visible(compte, pk)
    if Permission.SUIVRE not in permissions_de(compte.roles):
        return recue(request, compte, s)
    toutes = list(InscriptionSeance.objects.visibles_par(compte).de_la_seance(s))
    documents = DocumentSeance.objects.visibles_par(compte).de_la_seance(s).sans_contenu()
    attestations = {d.inscription_id: d for d in documents.attestations()}
    confirmees = sorted((i for i in toutes if i.est_confirmee), key=rang_de)
    journal.noter(
        Action.SEANCE_LUE, organisation_id=s.equipe_id, objet_type="inscriptionseance", objets=[i.pk for i in toutes]
    )
    invitations = InvitationSeance.objects.visibles_par(compte).de_la_seance(s)
    feuille = next(iter(documents.feuilles()), None)
    attendus = [d for d in (*attestations.values(), feuille) if d is not None and not d.est_pret]
    contexte = {
        "s": s, "etat": etat_de(s), "suite": suite_de(s, toutes), "formateurs": formateurs_de(s),
        "lignes": lignes_de(confirmees, attestations),
        "attente": lignes_de((i for i in toutes if not i.est_confirmee), attestations),
        "invites": [(v.bailleur.nom, sum(i.bailleur_id == v.bailleur_id for i in toutes)) for v in invitations],
        "feuille": feuille, "fil": fil(s),
        "retard": any(d.demande_le < horloge.maintenant() - RETARD for d in attendus),
        "pretes": sum(d.est_pret for d in attestations.values()), "attestations": len(attestations),
        "presents": sum(i.est_presente for i in toutes), "inscrit": s.accepte_de_l_equipe,
        "imprime": s.etat in (EtatSeance.OUVERTE, EtatSeance.TENUE),
    }  # fmt: skip
    return render(request, "partenaires/seances/seance.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE)
def seance_preparer(request: HttpRequest) -> HttpResponse:
    """A new séance, empty or with what another one said (`?depuis=`)."""
    compte = acteur(request)
    formulaire = PreparerSeanceForm(request.POST or None, initial=_copie(request, compte), **_choix(compte))
    faits: list[UUID] = []

    def faire() -> UUID:
        bailleurs = formulaire.cleaned_data["bailleurs"]
        faits.append(parcours.preparer(formulaire.annonce, par=compte, bailleurs=bailleurs).pk)
        return faits[0]

    valide = request.method == "POST" and formulaire.is_valid()
    if valide and creer(formulaire, compte=compte, action="seance_preparer", faire=faire):
        messages.success(request, "La séance est préparée. Personne ne la voit avant l’ouverture des inscriptions.")
        return redirect("seance", faits[0]) if faits else redirect("sensibilisations")
    contexte = {
        "formulaire": formulaire, "titre": "Préparer une séance", "action": "Préparer la séance", "conflit": None,
        "texte": "Les bailleurs invités ne la voient qu’à l’ouverture des inscriptions.",
        "retour_url": reverse("sensibilisations"), "retour": "Revenir aux sensibilisations",
        "fil": [("Sensibilisations", reverse("sensibilisations")), ("Préparer", "")],
    }  # fmt: skip
    return render(request, "partenaires/seances/saisir.html", contexte)


def _copie(request: HttpRequest, compte: Compte) -> dict[str, Any]:
    """What the séance named in the address says; nothing for an unknown one."""
    depuis = request.GET.get("depuis", "")
    try:
        autre = Seance.objects.visibles_par(compte).de_cle(UUID(depuis))
    except ValueError:
        return {}
    if autre is None:
        return {}
    invites = InvitationSeance.objects.visibles_par(compte).de_la_seance(autre)
    return SeanceForm.depuis(autre, [v.bailleur_id for v in invites], copie=True)


def _choix(compte: Compte) -> dict[str, Any]:
    membres = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
    return {"membres": list(membres), "bailleurs": parcours.bailleurs_conventionnes(compte)}


@acte()
def seance_modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Correct it or move it; whoever saved it in between is shown next to what was typed."""
    compte = acteur(request)
    s = visible(compte, pk)
    if not s.est_modifiable:
        raise TransitionInterdite("modifier", s.etat)
    invites = [v.bailleur for v in InvitationSeance.objects.visibles_par(compte).de_la_seance(s)]
    choix = _choix(compte)
    connus = {o.pk for o in choix["bailleurs"]}
    choix["bailleurs"] += [o for o in invites if o.pk not in connus]
    formulaire = ModifierSeanceForm(
        request.POST or None, initial=SeanceForm.depuis(s, [o.pk for o in invites]), **choix
    )
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            if essayer(formulaire, lambda: parcours.modifier(
                pk, formulaire.annonce, par=compte, version=d["version"], bailleurs=d["bailleurs"]
            )):  # fmt: skip
                messages.success(request, "La séance est modifiée.")
                return redirect("seance", pk)
        except ConflitDeVersion:
            conflit = _differences(formulaire, s)
            formulaire.data = formulaire.data.copy()  # type: ignore[attr-defined]
            formulaire.data["version"] = str(s.version)  # type: ignore[index]
    contexte = {
        "formulaire": formulaire, "titre": "Modifier la séance", "action": "Enregistrer les changements",
        "texte": "Les personnes inscrites sont prévenues si la date, l’heure ou le lieu change."
        if s.est_ouverte else "", "conflit": conflit, **retour_a(s, "Modifier"),
    }  # fmt: skip
    return render(request, "partenaires/seances/saisir.html", contexte, status=409 if conflit else 200)


def _differences(formulaire: ModifierSeanceForm, s: Seance) -> list[TextesEnConflit]:
    voulue = formulaire.annonce
    paires = [
        ("Titre", voulue.titre, s.titre),
        ("Quand", f"{date_longue(voulue.debut)}, {heure(voulue.debut)}", f"{date_longue(s.debut)}, {heure(s.debut)}"),
        ("Lieu", voulue.lieu, s.lieu),
        ("Nombre de places", str(voulue.capacite), str(s.capacite)),
        ("Programme", voulue.programme, s.programme),
    ]
    differentes = [TextesEnConflit(dit, mien, autre) for dit, mien, autre in paires if mien != autre]
    return differentes or [TextesEnConflit("Titre", voulue.titre, s.titre)]


@acte()
def seance_ouvrir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm, then tell the référents of the bailleurs invited."""
    compte = acteur(request)
    s = visible(compte, pk)
    if s.etat != EtatSeance.BROUILLON:
        raise TransitionInterdite("ouvrir", s.etat)
    formulaire = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and essayer(formulaire, lambda: parcours.ouvrir(pk, par=compte)):
        messages.success(request, "Les inscriptions sont ouvertes. Les référents des bailleurs invités sont prévenus.")
        return redirect("seance", pk)
    invites = [v.bailleur.nom for v in InvitationSeance.objects.visibles_par(compte).de_la_seance(s)]
    return confirmer(
        request, s, formulaire, titre=f"Ouvrir les inscriptions{INSECABLE}?", action="Ouvrir les inscriptions",
        texte=f"Les référents et les responsables de ces bailleurs sont prévenus{INSECABLE}: {', '.join(invites)}.",
    )  # fmt: skip


@acte()
def seance_annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm, with a reason that everybody registered will read."""
    compte = acteur(request)
    s = visible(compte, pk)
    if not s.est_modifiable:
        raise TransitionInterdite("annuler_seance", s.etat)
    formulaire = AnnulerSeanceForm(request.POST if request.method == "POST" else None)
    if request.method == "POST" and formulaire.is_valid():
        motif = formulaire.cleaned_data["motif"]
        if essayer(formulaire, lambda: parcours.annuler_seance(pk, par=compte, motif=motif)):
            messages.success(request, "La séance est annulée.")
            return redirect("seance", pk)
    texte = "Chaque personne inscrite est prévenue, et les inscriptions s’arrêtent." if s.est_ouverte else ""
    return confirmer(
        request, s, formulaire, titre=f"Annuler cette séance{INSECABLE}?", action="Annuler la séance", texte=texte,
        danger=True,
    )  # fmt: skip
