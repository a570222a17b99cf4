"""Who comes to a séance: registered, taken off, pointed on the day, added when she came unregistered."""

from typing import Any
from uuid import UUID

from django import forms
from django.contrib import messages
from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import get_object_or_404, redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from partenaires.droits import acteur, ouvert_a, permissions_de
from partenaires.enums import Action, Permission
from partenaires.enums_sensibilisations import EtatInscription, EtatSeance, Presence
from partenaires.forms.seances import InscrireForm, InscrireNomForm, PresencesForm
from partenaires.models import Compte, InscriptionSeance, InvitationSeance, Rattachement, Seance
from partenaires.parcours import inscriptions as parcours
from partenaires.parcours import seances
from partenaires.parcours.documents_seance import rang_de
from partenaires.sensibilisations import etat_de
from partenaires.views.seances_commun import acte, confirmer, essayer, retour_a, visible
from socle import horloge, journal
from socle.ecriture import INSECABLE, accorder, compter
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, transition_dite

MEMBRES_MONTRES = 40  # beyond, one looks for somebody by her name


@acte(Permission.SUIVRE, Permission.INSCRIRE)
def seance_inscrire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Register people: those of one's bailleur for a référent, somebody by her name for the équipe."""
    compte = acteur(request)
    s = visible(compte, pk)
    if Permission.SUIVRE in permissions_de(compte.roles):
        return _inscrire_un_nom(request, compte, s, ajoutee=False)
    if not s.accepte_inscriptions:
        raise TransitionInterdite("inscrire", s.etat)
    deja = InscriptionSeance.objects.visibles_par(compte).de_la_seance(s).comptes_inscrits()
    cherche = request.GET.get("q", "").strip()
    tous = Rattachement.objects.visibles_par(compte).en_vigueur(horloge.aujourdhui()).par_nom()
    membres = [r for r in (tous.nommes(cherche) if cherche else tous) if r.compte_id not in deja]
    formulaire = InscrireForm(request.POST or None, membres=membres)
    if request.method == "POST" and formulaire.is_valid():
        faites: list[InscriptionSeance] = []
        if essayer(formulaire, lambda: faites.extend(_inscrire_les_siens(s, compte, formulaire))):
            messages.success(request, _dire(faites))
            return redirect("seance", pk)
    contexte = {
        "s": s, "formulaire": formulaire, "cherche": cherche, "membres": len(membres), **retour_a(s, "Inscrire"),
        "nombreux": bool(cherche) or len(membres) > MEMBRES_MONTRES,
    }  # fmt: skip
    return render(request, "partenaires/seances/inscrire.html", contexte)


def _inscrire_les_siens(s: Seance, compte: Compte, formulaire: InscrireForm) -> list[InscriptionSeance]:
    faites = [parcours.inscrire_compte(s.pk, r, par=compte) for r in formulaire.choisies]
    d, bailleur = formulaire.cleaned_data, compte.organisation_active
    if d["nom"].strip() and bailleur is not None:
        faites.append(parcours.inscrire_nom(s.pk, par=compte, bailleur=bailleur, nom=d["nom"], fonction=d["fonction"]))
    return faites


def _dire(faites: list[InscriptionSeance]) -> str:
    """How many have a seat, how many wait."""
    attendent = sum(i.etat == EtatInscription.EN_ATTENTE for i in faites)
    inscrites = len(faites) - attendent
    phrases = []
    if inscrites:
        plusieurs = f"{inscrites} inscriptions sont confirmées."
        phrases.append(accorder(inscrites, "L’inscription est confirmée.", plusieurs))
    if attendent:
        qui = compter(attendent, "personne est", "personnes sont")
        phrases.append(f"La séance est complète{INSECABLE}: {qui} sur la liste d’attente.")
    return " ".join(phrases)


def _inscrire_un_nom(request: HttpRequest, compte: Compte, s: Seance, *, ajoutee: bool) -> HttpResponse:
    if not (s.se_pointe if ajoutee else s.accepte_de_l_equipe):
        raise TransitionInterdite("inscrire", s.etat)
    invites = [v.bailleur for v in InvitationSeance.objects.visibles_par(compte).de_la_seance(s)]
    formulaire = InscrireNomForm(request.POST or None, invites=invites)
    if request.method == "POST" and formulaire.is_valid():
        faites: list[InscriptionSeance] = []
        if essayer(
            formulaire,
            lambda: faites.append(parcours.inscrire_nom(s.pk, par=compte, ajoutee=ajoutee, **formulaire.champs)),
        ):
            messages.success(request, "La personne est ajoutée, présente." if ajoutee else _dire(faites))
            return redirect("seance_presences" if ajoutee else "seance", s.pk)
    titre = "Ajouter une personne venue sans inscription" if ajoutee else "Inscrire une personne"
    texte = (
        "Elle est notée présente, et ne prend pas de place."
        if ajoutee
        else "Les référents inscrivent eux-mêmes les personnes de leur organisation : celles qui ont un compte sont "
        "alors prévenues."
    )
    return confirmer(
        request, s, formulaire, titre=titre, action="Ajouter la personne" if ajoutee else "Inscrire la personne",
        texte=texte,
    )  # fmt: skip


@acte()
def seance_ajouter(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A person who came without being registered."""
    compte = acteur(request)
    return _inscrire_un_nom(request, compte, visible(compte, pk), ajoutee=True)


def _de_l_inscription(request: HttpRequest, /, pk: UUID) -> Maintenant:
    s = _inscription(acteur(request), pk).seance
    return Maintenant("La séance", etat_de(s)[0], reverse("seance", args=[s.pk]), "Revenir à la séance")


def _inscription(compte: Compte, pk: UUID) -> InscriptionSeance:
    return get_object_or_404(InscriptionSeance.objects.visibles_par(compte).avec_seance(), pk=pk)


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE, Permission.SAISIR)
def inscription(request: HttpRequest, pk: UUID) -> HttpResponse:
    """From a notification to the séance that it is about."""
    return redirect("seance", _inscription(acteur(request), pk).seance_id)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.SUIVRE, Permission.INSCRIRE)
@transition_dite(_de_l_inscription)
def inscription_annuler(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm, then give the seat back."""
    compte = acteur(request)
    i = _inscription(compte, pk)
    if i.etat == EtatInscription.ANNULEE or not i.seance.accepte_de_l_equipe:
        raise TransitionInterdite("annuler_inscription", i.etat)
    if permissions_de(compte.roles).isdisjoint({Permission.SUIVRE, Permission.INSCRIRE}):
        raise PermissionDenied
    if request.method == "POST":
        parcours.annuler_inscription(pk, par=compte)
        messages.success(request, f"{i.designation} n’est plus inscrite sur la liste de cette séance.")
        return redirect("seance", i.seance_id)
    return confirmer(
        request, i.seance, forms.Form(), titre=f"Annuler l’inscription de {i.designation}{INSECABLE}?",
        action="Annuler l’inscription", danger=True,
        texte="Sa place va à la première personne de la liste d’attente, s’il y en a une.",
    )  # fmt: skip


@acte()
def seance_presences(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Tick who came, several people at once; what a colleague changed meanwhile is shown, not overwritten."""
    compte = acteur(request)
    s = visible(compte, pk)
    if not s.se_pointe:
        raise TransitionInterdite("pointer", s.etat)
    inscriptions = sorted(
        InscriptionSeance.objects.visibles_par(compte).de_la_seance(s), key=lambda i: (not i.est_confirmee, rang_de(i))
    )
    formulaire = PresencesForm(request.POST or None, inscriptions=inscriptions)
    conflit: list[TextesEnConflit] = []
    if request.method == "POST" and formulaire.is_valid():
        pointages = formulaire.pointages(tous="tous" in request.POST)
        try:
            seances.pointer(pk, par=compte, lignes=pointages)
        except seances.PointageEnConflit as autres:
            conflit = _conflit(formulaire, pointages, autres.actuelles)
        else:
            messages.success(request, "Les présences sont enregistrées.")
            return redirect("seance", pk)
    journal.noter(
        Action.SEANCE_LUE, organisation_id=s.equipe_id, objet_type="inscriptionseance",
        objets=[i.pk for i in inscriptions],
    )  # fmt: skip
    contexte = {
        "s": s, "formulaire": formulaire, "conflit": conflit, "lignes": _lignes(formulaire, inscriptions),
        "correction": s.etat == EtatSeance.TENUE, **retour_a(s, "Présences"),
    }  # fmt: skip
    return render(request, "partenaires/seances/presences.html", contexte, status=409 if conflit else 200)


def _lignes(formulaire: PresencesForm, inscriptions: list[InscriptionSeance]) -> list[tuple[Any, ...]]:
    return [(i, formulaire[f"p_{i.pk}"], formulaire[f"vue_{i.pk}"]) for i in inscriptions]


def _conflit(
    formulaire: PresencesForm, dites: dict[UUID, seances.Pointage], actuelles: dict[UUID, str]
) -> list[TextesEnConflit]:
    """Both answers, person by person; saving again is then a choice made with both in sight."""
    formulaire.data = formulaire.data.copy()  # type: ignore[attr-defined]
    conflit = []
    for cle, actuelle in actuelles.items():
        formulaire.data[f"vue_{cle}"] = actuelle  # type: ignore[index]
        nom = formulaire.inscriptions[str(cle)].designation
        conflit.append(TextesEnConflit(nom, _presence(dites[cle].dite), _presence(actuelle)))
    return conflit


def _presence(code: str) -> str:
    return str(Presence(code).label) if code else "Non pointé"


@acte()
def seance_clore(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Confirm: presences are frozen, attestations are made."""
    compte = acteur(request)
    s = visible(compte, pk)
    if s.etat != EtatSeance.TENUE:
        raise TransitionInterdite("clore", s.etat)
    formulaire = forms.Form(request.POST if request.method == "POST" else None)
    if request.method == "POST" and essayer(formulaire, lambda: seances.clore(pk, par=compte)):
        messages.success(request, "La séance est close. Les attestations se préparent.")
        return redirect("seance", pk)
    return confirmer(
        request, s, formulaire, titre=f"Clore cette séance{INSECABLE}?", action="Clore la séance",
        texte="Les présences ne changent plus. Chaque personne présente reçoit une attestation, que son référent peut "
        "aussi télécharger.",
    )  # fmt: skip
