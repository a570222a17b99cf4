"""The day of a person, the load of each, and the handover of what somebody carries."""

from datetime import timedelta

from django.contrib import messages
from django.core.exceptions import ValidationError
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_safe

from accompagnements import parcours
from accompagnements.enums import OUVERTS, Action, Etat
from accompagnements.forms.passation import PassationForm
from accompagnements.journee import ChargeDe, charge_de, journee_de
from accompagnements.models import Intervenant
from accompagnements.parcours import SaisieRefusee
from accompagnements.views.commun import donnees
from partenaires.droits import acteur, exiger, ouvert_a
from partenaires.enums import Permission
from signalements.taches_equipe import membres
from socle import horloge, journal
from socle.ecriture import compter
from socle.vues import a_defaire

# The heads of the columns: short, as the tabs of the list.
ETAPES = {
    Etat.EVALUATION: "Évaluation", Etat.PROPOSE: "Contrat proposé", Etat.EN_COURS: "En cours",
    Etat.SUSPENDU: "Suspendues",
}  # fmt: skip


@require_safe
@ouvert_a(Permission.SUIVRE)
def ma_journee(request: HttpRequest) -> HttpResponse:
    """What a person does today; reading it is noted, with the fiches named."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.SUIVRE)
    equipe = membres(compte)
    couverts = [m for m in equipe if m.remplacant_id == compte.pk]
    journee = journee_de(compte, frozenset({compte.pk, *(m.compte_id for m in couverts)}))
    noms = {m.compte_id: m.nom for m in equipe}
    journal.noter(Action.LISTE_LUE, organisation_id=equipe_id, objet_type="fiche", objets=journee.fiches)
    contexte = {
        "journee": journee,
        "jour": horloge.aujourdhui(),
        "visites": [(v, ", ".join(noms[c] for c in v.participants if c in noms)) for v in journee.visites],
        "couverts": ", ".join(m.nom for m in couverts),
        "nom": compte.nom_complet,
    }
    return render(request, "accompagnements/journee.html", contexte)


@require_safe
@ouvert_a(Permission.COORDONNER)
def charge(request: HttpRequest) -> HttpResponse:
    """Open situations by step, visits of the week and what is late, by person."""
    compte = acteur(request)
    jour = horloge.aujourdhui()
    lundi = jour - timedelta(days=jour.weekday())
    lues = charge_de(compte, lundi, lundi + timedelta(days=6))
    etapes = [Etat(e) for e in Etat if e in OUVERTS]
    lignes = []
    for m in membres(compte):
        sienne = lues.get(m.compte_id, ChargeDe())
        lignes.append((m, [(ETAPES[e], sienne.par_etat.get(e, 0)) for e in etapes], sienne))
    contexte = {"etapes": [ETAPES[e] for e in etapes], "lignes": lignes, "lundi": lundi}
    return render(request, "accompagnements/charge.html", contexte)


@require_http_methods(["GET", "HEAD", "POST"])
@ouvert_a(Permission.COORDONNER)
def passation(request: HttpRequest, pk: int) -> HttpResponse:
    """Give what somebody carries to others, in one screen: her place and her planned visits, situation by situation."""
    compte = acteur(request)
    equipe_id = exiger(compte, Permission.COORDONNER)
    equipe = {m.compte_id: m for m in membres(compte)}
    if pk not in equipe:
        raise Http404
    siennes = list(Intervenant.objects.ouverts_de(pk, equipe_id))
    autres = [m for m in equipe.values() if m.compte_id != pk]
    formulaire = PassationForm(donnees(request), siennes=siennes, autres=autres)
    journal.noter(
        Action.LISTE_LUE, organisation_id=equipe_id, objet_type="accompagnement",
        objets=[i.accompagnement_id for i in siennes],
    )  # fmt: skip
    if request.method == "POST" and formulaire.is_valid():
        try:
            with a_defaire():
                passees = parcours.passer_la_main(de=pk, a=formulaire.repreneurs, par=compte)
        except (SaisieRefusee, ValidationError) as refus:
            formulaire.add_error(None, str(refus))
        else:
            messages.success(request, f"{compter(passees, 'situation confiée', 'situations confiées')}.")
            return redirect("charge")
    contexte = {
        "formulaire": formulaire, "membre": equipe[pk], "nombre": len(siennes),
        "fil": [("Situations", reverse("situations")), ("Charge", reverse("charge")), (equipe[pk].nom, "")],
    }  # fmt: skip
    return render(request, "accompagnements/passation.html", contexte)
