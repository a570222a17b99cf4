"""The dates of the joint first visit: the équipe offers and takes back, the référent of the bailleur answers."""

from datetime import datetime
from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods

from accompagnements import droits, parcours
from accompagnements.enums import AVANT_CONTRAT, Action, EtatProposition
from accompagnements.forms.propositions import AccepterCreneauForm, ConsigneForm, DeclinerForm, ProposerCreneauxForm
from accompagnements.forms.suite import ConfirmerForm
from accompagnements.models import PropositionDeVisite
from accompagnements.situation import a_dates_a_proposer
from accompagnements.views.commun import acte, donnees, en_main, fait, page_acte, saisir, une_fois
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission
from signalements.parcours import contexte_de_la_fiche
from socle import horloge, journal
from socle.ecriture import INSECABLE, date_longue, heure
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant, transition_dite


def quand(instant: datetime) -> str:
    """« mardi 22 septembre à 10 h 30 »."""
    return f"{date_longue(instant)} à {heure(instant)}"


# The équipe ----------------------------------------------------------------------------------------------------------


@acte()
def proposer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Up to five dates, for the référents of the bailleur."""
    compte, a = en_main(request, pk, *AVANT_CONTRAT, nom="proposer_creneaux")
    if not a_dates_a_proposer(a):
        raise TransitionInterdite("proposer_creneaux", a.etat)
    equipe = compte.organisation_active
    initial = {"telephone": compte.telephone or (equipe.telephone if equipe else "")}
    formulaire = ProposerCreneauxForm(donnees(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.proposer_creneaux(
                pk, par=compte, creneaux=formulaire.creneaux, duree=d["duree"], telephone=d["telephone"]
            ).pk

        if une_fois(formulaire, compte, f"creneaux|{pk}", faire):
            dit = "Les dates sont proposées au bailleur. La visite sera planifiée quand il en acceptera une."
            return fait(request, pk, dit, "situation_visites")
    return page_acte(
        request, a, formulaire, titre=f"Proposer des dates à {a.fiche.orienteur.nom}",
        texte="Ses référents lisent ces dates, la résidence, le nom et le téléphone de qui les retrouve, et la "
        f"consigne «{INSECABLE}ne pas y aller seul{INSECABLE}» sans sa raison. Rien d’autre.",
        action="Proposer ces dates", retour="situation_visites", gabarit="accompagnements/propositions/proposer.html",
    )  # fmt: skip


def _maintenant_equipe(request: HttpRequest, /, pk: UUID) -> Maintenant:
    p = droits.proposition_visible(acteur(request), pk)
    url = reverse("situation_visites", args=[p.accompagnement_id])
    return Maintenant("Cette proposition", str(EtatProposition(p.etat).label), url, "Revenir aux visites")


@acte(_maintenant_equipe)
def retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take one date away (`?creneau=`), or all of them."""
    compte = acteur(request)
    p = droits.proposition_visible(compte, pk)
    a = droits.accompagnement_visible(compte, p.accompagnement_id)
    if p.etat not in (EtatProposition.OUVERTE, EtatProposition.DECLINEE):
        raise TransitionInterdite("retirer", p.etat)
    creneau = next((c for c in p.creneaux if c.isoformat() == request.GET.get("creneau", "")), None)
    formulaire = ConfirmerForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():

        def faire() -> object:
            if creneau is not None:
                return parcours.retirer_creneau(pk, par=compte, creneau=creneau)
            return parcours.retirer_proposition(pk, par=compte)

        if saisir(formulaire, faire):
            dit = "La date est retirée." if creneau else "Les dates sont retirées."
            return fait(request, a.pk, dit, "situation_visites")
    quoi = f"la date du {quand(creneau)}" if creneau else "toutes les dates proposées"
    return page_acte(
        request, a, formulaire, titre=f"Retirer {quoi}{INSECABLE}?",
        texte="Le bailleur ne les verra plus.", action="Retirer", danger=True, retour="situation_visites",
    )  # fmt: skip


@acte()
def consigne(request: HttpRequest, pk: UUID) -> HttpResponse:
    """« Ne pas y aller seul », and its reason for the équipe alone."""
    compte, a = en_main(request, pk, nom="changer_consigne")
    initial = {"ne_pas_y_aller_seul": a.ne_pas_y_aller_seul, "raison": a.raison_pas_seul or ""}
    formulaire = ConsigneForm(donnees(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        parcours.changer_consigne(pk, par=compte, ne_pas_y_aller_seul=d["ne_pas_y_aller_seul"], raison=d["raison"])
        return fait(request, pk, "La consigne est enregistrée.", "situation_visites")
    return page_acte(
        request, a, formulaire, titre="Consigne des visites à domicile", action="Enregistrer la consigne",
        retour="situation_visites", niveau="equipe",
    )  # fmt: skip


# The référent --------------------------------------------------------------------------------------------------------


def _maintenant_referent(request: HttpRequest, /, pk: UUID) -> Maintenant:
    """What the colleague who was quicker answered."""
    p = droits.proposition_visible(acteur(request), pk)
    par = f" par {p.repondue_par.nom_complet}" if p.repondue_par else ""
    etat = f"date retenue, {quand(p.retenu)}, acceptée{par}" if p.retenu else f"réponse donnée{par}"
    return Maintenant(
        f"Le rendez-vous {p.fiche.reference}", etat, reverse("rendez_vous", args=[pk]), "Voir le rendez-vous"
    )


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_maintenant_referent)
def rendez_vous(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The dates, where, whom to meet; accepting one plans the visit."""
    compte = acteur(request)
    p = droits.proposition_visible(compte, pk)
    _lue(p)
    formulaire = AccepterCreneauForm(donnees(request), creneaux=p.offerts(horloge.maintenant()))
    if request.method == "POST":
        if p.etat != EtatProposition.OUVERTE:
            raise TransitionInterdite("accepter", p.etat)
        if formulaire.is_valid() and saisir(
            formulaire, lambda: parcours.accepter_creneau(pk, par=compte, creneau=formulaire.choisi)
        ):
            messages.success(request, f"Rendez-vous accepté{INSECABLE}: {quand(formulaire.choisi)}.")
            return redirect("rendez_vous", pk)
    return render(request, "accompagnements/propositions/rendez_vous.html", _contexte(p, formulaire))


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.LIRE_FICHES)
@transition_dite(_maintenant_referent)
def rendez_vous_decliner(request: HttpRequest, pk: UUID) -> HttpResponse:
    """None fits: say when would."""
    compte = acteur(request)
    p = droits.proposition_visible(compte, pk)
    if p.etat != EtatProposition.OUVERTE:
        raise TransitionInterdite("decliner", p.etat)
    _lue(p)
    formulaire = DeclinerForm(donnees(request), contexte=contexte_de_la_fiche(p.fiche))
    if request.method == "POST" and formulaire.is_valid():
        message, gardees = formulaire.cleaned_data["message"], formulaire.gardees

        def faire() -> UUID:
            return parcours.decliner_creneaux(pk, par=compte, message=message, gardees=gardees).pk

        if une_fois(formulaire, compte, f"decliner|{pk}", faire):
            messages.success(request, "Votre réponse est partie. L’équipe vous proposera d’autres dates.")
            return redirect("rendez_vous", pk)
    contexte = _contexte(p, formulaire) | {"retour": reverse("rendez_vous", args=[pk])}
    return render(request, "accompagnements/propositions/decliner.html", contexte)


def _lue(p: PropositionDeVisite) -> None:
    journal.noter(Action.CRENEAUX_LUS, organisation_id=p.equipe_id, objet_type="proposition", objets=[p.pk])


def _contexte(p: PropositionDeVisite, formulaire: object) -> dict[str, object]:
    locataire, residence = p.fiche.locataire_lisible, p.fiche.residence
    return {
        "p": p, "formulaire": formulaire, "reference": p.fiche.reference,
        "personne": locataire.nom_bref if locataire else p.fiche.reference,
        "lieu": ", ".join(filter(None, [
            residence.nom if residence else "", residence.adresse if residence else "",
            locataire.logement if locataire else "",
        ])),
        "ouverte": p.etat == EtatProposition.OUVERTE,
        "retenu": p.retenu if p.etat == EtatProposition.ACCEPTEE else None,
        "phrase_retenu": f"{quand(p.retenu)}." if p.retenu else "",
        "declinee": p.etat == EtatProposition.DECLINEE, "offerts": bool(p.offerts(horloge.maintenant())),
        "signalement": reverse("signalement", args=[p.fiche_id]),
    }  # fmt: skip
