"""The right of access, from the documents of a situation: ask for the copy, then say that it was handed over."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import HttpRequest, HttpResponse
from django.shortcuts import redirect

from accompagnements import droits, parcours
from accompagnements.acces.retenables import retenables
from accompagnements.forms.acces import DemandeAccesForm, RemiseForm
from accompagnements.models import DemandeAcces
from accompagnements.views.commun import acte, de_la_situation, donnees, fait, page_acte, saisir, une_fois
from partenaires.droits import acteur
from socle import horloge
from socle.ecriture import INSECABLE, date_moyenne
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant


def demande_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.demande_acces_visible(acteur(request), pk).accompagnement)


@acte()
def demander(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask for the copy; it is made in the background, for who asked alone."""
    compte = acteur(request)
    a = droits.accompagnement_visible(compte, pk)
    if not a.est_ecrit or not parcours.remet(compte, a):
        raise PermissionDenied(parcours.REFUS_ACCES)
    formulaire = DemandeAccesForm(
        donnees(request), retenables=retenables(compte, a), initial={"recue_le": horloge.aujourdhui()}
    )
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        faites: list[DemandeAcces] = []

        def faire() -> UUID:
            faites.append(
                parcours.demander_dossier(
                    pk, par=compte, recue_le=d["recue_le"], demandeur=d["demandeur"], destinataire=d["destinataire"],
                    identite=d["identite"], remise=d["remise"], retenus=d.get("retenus", ()),
                )
            )  # fmt: skip
            return faites[0].pk

        if une_fois(formulaire, compte, f"acces|{pk}", faire):
            return redirect("export", faites[0].export_id) if faites else redirect("situation_documents", pk)
    return page_acte(
        request, a, formulaire, titre=f"Remettre son dossier à {a.fiche.designation}",
        texte=f"Une archive{INSECABLE}: un PDF à lire, les documents et leurs versions, ce qui a été retenu. "
        "Le nom de qui a signalé n’y est jamais. Elle est pour vous seul pendant 24 heures, puis effacée.",
        action="Préparer le dossier", retour="situation_documents",
    )  # fmt: skip


@acte(demande_maintenant)
def remettre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """It was handed over."""
    compte = acteur(request)
    demande = droits.demande_acces_visible(compte, pk)
    a = demande.accompagnement
    if not parcours.remet(compte, a):
        raise PermissionDenied(parcours.REFUS_ACCES)
    if demande.remis_le is not None:
        raise TransitionInterdite("noter_remise", "remis")
    formulaire = RemiseForm(donnees(request), initial={"le": horloge.aujourdhui()})
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and saisir(formulaire, lambda: parcours.noter_remise(pk, par=compte, le=formulaire.cleaned_data["le"]))
    ):
        return fait(request, a.pk, "La remise du dossier est notée.", "situation_documents")
    return page_acte(
        request, a, formulaire, titre="Noter la remise du dossier",
        texte=f"Demandé le {date_moyenne(demande.recue_le)}. {demande.get_remise_display()}.",
        action="Noter la remise", retour="situation_documents",
    )  # fmt: skip
