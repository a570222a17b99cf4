"""The sending of an orientation and its reminder; the link of a partner without an account, made and shut; the refusal
that was dealt with otherwise.
"""

from uuid import UUID

from django.contrib import messages
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse

from accompagnements import parcours
from accompagnements.enums import EtatOrientation
from accompagnements.forms.orientations import EnvoyerForm, RelancerForm, TraiterRefusForm
from accompagnements.lignes_orientations import accord_a_verifier
from accompagnements.models import Orientation
from accompagnements.parcours import LienRemis
from accompagnements.views.orientations import (
    REMISE,
    accord_de,
    acte,
    agir_une_fois,
    est_joignable,
    fait,
    ouvrir_acte,
    page_acte,
    retour,
)
from partenaires.models import Compte
from socle.ecriture import INSECABLE


@acte
def orientation_envoyer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Send, after reading the accord again; without one, the page says what is missing and sends nothing."""
    compte, o = ouvrir_acte(request, pk, "envoyer")
    accord = accord_de(compte, o)
    formulaire = EnvoyerForm(request.POST or None, orientation=o)
    remis: list[LienRemis] = []
    if fait(request, formulaire, lambda: avec_lien(parcours.envoyer_orientation(pk, par=compte), compte, remis)):
        return suite(request, o, remis, f"L’orientation est envoyée {o.chez.nom_a}.")
    titre = f"Envoyer l’orientation {o.chez.nom_a}{INSECABLE}?"
    if accord is None:
        return page_acte(
            request, o, None, titre=titre, action="",
            texte=f"Il manque l’accord de {o.accompagnement.fiche.designation} pour {o.chez.nom_complement}. "
            "Recueillez-le, puis revenez ici. Rien n’est parti.",
        )  # fmt: skip
    return page_acte(
        request, o, formulaire, titre=titre, texte=accord_a_verifier(o, accord), action="Envoyer l’orientation"
    )


@acte
def orientation_relancer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Remind the partner by e-mail, without any name."""
    compte, o = ouvrir_acte(request, pk, "envoyer", etats=(EtatOrientation.ENVOYEE,))
    formulaire = RelancerForm(request.POST or None, orientation=o)
    remis: list[LienRemis] = []
    if fait(request, formulaire, lambda: avec_lien(parcours.relancer_orientation(pk, par=compte), compte, remis)):
        return suite(request, o, remis, f"{o.chez.nom} est relancé.")
    return page_acte(
        request, o, formulaire,
        titre=f"Relancer {o.chez.nom_complement}{INSECABLE}?",
        texte="Ses correspondants reçoivent un courriel sans aucun nom, un par jour au plus."
        if o.structure is None
        else "Un nouveau lien part par courriel, s’il a une adresse ; son code s’affiche ici une seule fois.",
        action="Relancer le partenaire",
    )  # fmt: skip


@acte
def orientation_lien(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Make a link and show its code, once; the one before opens nothing any more."""
    compte, o = ouvrir_acte(request, pk, "retirer", etats=REMISE)
    formulaire = RelancerForm(request.POST or None, orientation=o)
    if request.method == "POST" and formulaire.is_valid():
        remis: list[LienRemis] = []

        def faire() -> Orientation:
            remis.append(parcours.remettre_lien(pk, par=compte))
            return o

        if agir_une_fois(formulaire, compte, faire):
            return montrer_code(request, o, remis)
    return page_acte(
        request, o, formulaire,
        titre=f"Envoyer un lien {o.chez.nom_a}{INSECABLE}?",
        texte="Le lien part par courriel, sans aucun nom. Un code s’affiche ici une seule fois : dites-le par "
        "téléphone. Le lien précédent ne s’ouvre plus.",
        action="Envoyer le lien",
    )  # fmt: skip


@acte
def orientation_lien_fermer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Shut the link and the session that it opened."""
    compte, o = ouvrir_acte(request, pk, "retirer", etats=tuple(EtatOrientation))
    formulaire = RelancerForm(request.POST or None, orientation=o)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and agir_une_fois(formulaire, compte, lambda: parcours.revoquer_lien(pk, par=compte))
    ):
        return retour(request, o, "Le lien est fermé.")
    return page_acte(
        request, o, formulaire,
        titre=f"Fermer le lien envoyé {o.chez.nom_a}{INSECABLE}?",
        texte="Il ne s’ouvre plus, et la page ouverte par lui se ferme. L’orientation reste en cours.",
        action="Fermer le lien",
    )  # fmt: skip


@acte
def orientation_traiter_refus(request: HttpRequest, pk: UUID) -> HttpResponse:
    """The refusal was dealt with otherwise: it is no longer due."""
    compte, o = ouvrir_acte(request, pk, "envoyer", etats=(EtatOrientation.REFUSEE,))
    formulaire = TraiterRefusForm(request.POST or None, orientation=o)
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and agir_une_fois(formulaire, compte, lambda: parcours.traiter_refus(pk, par=compte))
    ):
        return retour(request, o, "Le refus est traité : il n’attend plus rien.")
    return page_acte(
        request, o, formulaire,
        titre=f"Le refus {o.chez.nom_de} est-il traité{INSECABLE}?",
        texte="Vous avez trouvé une autre suite, ou il n’y en a pas. La tâche se ferme.",
        action="Marquer le refus comme traité",
    )  # fmt: skip


def avec_lien(o: Orientation, compte: Compte, remis: list[LienRemis]) -> Orientation:
    """With a link, added to `remis`, for a partner without an account who has an address."""
    if est_joignable(o):
        remis.append(parcours.remettre_lien(o.pk, par=compte))
    return o


def suite(request: HttpRequest, o: Orientation, remis: list[LienRemis], texte: str) -> HttpResponse:
    """The page of the code, or the orientation when no link leaves."""
    return montrer_code(request, o, remis) if est_joignable(o) else retour(request, o, texte)


def montrer_code(request: HttpRequest, o: Orientation, remis: list[LienRemis]) -> HttpResponse:
    """The code of a link that was just made; sent twice, the form shows none: it is known to nobody any more."""
    if not remis:
        messages.warning(request, "Le lien est déjà parti. Si le code n’a pas été noté, envoyez un autre lien.")
        return redirect("orientation", o.pk)
    adresse = reverse("orientation", args=[o.pk])
    contexte = {
        "o": o, "remis": remis[0], "retour_url": adresse,
        "fil": [("Orientations", reverse("orientations")), (o.reference, adresse), ("Code du lien", "")],
    }  # fmt: skip
    reponse = render(request, "accompagnements/orientations/code.html", contexte)
    reponse["Cache-Control"] = "no-store"
    return reponse
