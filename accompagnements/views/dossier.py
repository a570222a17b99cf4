"""The pieces of a file, laid, replaced, taken out; and a situation that is opened again."""

from uuid import UUID

from django.http import HttpRequest, HttpResponse

from accompagnements import droits, parcours
from accompagnements.enums import Etat
from accompagnements.forms.dossier import PieceForm, RetirerPieceForm, RouvrirForm
from accompagnements.models import Accompagnement, Document
from accompagnements.views.commun import (
    acte,
    de_la_situation,
    donnees,
    en_main,
    fait,
    fichiers,
    page_acte,
    saisir,
    une_fois,
)
from partenaires.droits import acteur
from partenaires.models import Compte
from socle.ecriture import INSECABLE, date_moyenne
from socle.transitions import TransitionInterdite
from socle.vues import Maintenant


def piece_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.document_visible(acteur(request), pk).accompagnement)


@acte()
def piece_joindre(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Lay a file in the dossier."""
    compte, a = en_main(request, pk, nom="joindre_piece")
    return _joindre(request, compte, a)


@acte(piece_maintenant)
def piece_remplacer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """A new version; the former is kept and marked."""
    compte, ancienne = _sienne(request, pk)
    a = ancienne.accompagnement
    if a.est_clos:
        raise TransitionInterdite("remplacer_piece", a.etat)
    return _joindre(request, compte, a, ancienne)


@acte(piece_maintenant)
def piece_retirer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Take a piece out of the dossier."""
    compte, piece = _sienne(request, pk)
    a = piece.accompagnement
    formulaire = RetirerPieceForm(donnees(request))
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and saisir(formulaire, lambda: parcours.retirer_piece(pk, par=compte, motif=formulaire.cleaned_data["motif"]))
    ):
        return fait(request, a.pk, "La pièce est retirée. Son contenu est effacé.", "situation_documents")
    return page_acte(
        request, a, formulaire, titre=f"Retirer cette pièce{INSECABLE}: {piece.titre}", danger=True,
        texte="Son contenu est effacé maintenant. Sa nature, sa date et la raison restent au dossier.",
        action="Retirer la pièce", retour="situation_documents",
    )  # fmt: skip


@acte()
def rouvrir(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Within thirty days of the end: the situation goes on, the bailleur reads nothing more."""
    compte, a = en_main(request, pk, Etat.TERMINE, Etat.SANS_SUITE, nom="rouvrir")
    formulaire = RouvrirForm(donnees(request))
    if (
        request.method == "POST"
        and formulaire.is_valid()
        and saisir(formulaire, lambda: parcours.rouvrir(pk, par=compte, raison=formulaire.cleaned_data["raison"]))
    ):
        return fait(request, pk, "La situation est rouverte.")
    fin = f"Terminée le {date_moyenne(a.fin_le)}. " if a.fin_le else ""
    return page_acte(
        request, a, formulaire, titre=f"Rouvrir la situation de {a.fiche.designation}",
        texte=f"{fin}Pour le bailleur rien ne change{INSECABLE}: la fiche reste terminée, il ne revoit rien.",
        action="Rouvrir la situation",
    )  # fmt: skip


def _sienne(request: HttpRequest, pk: UUID) -> tuple[Compte, Document]:
    """A piece that the équipe laid and that is still there; TransitionInterdite for another document."""
    compte = acteur(request)
    piece = droits.document_visible(compte, pk)
    if not piece.est_une_piece or not piece.est_pret:
        raise TransitionInterdite("piece", piece.etat)
    return compte, piece


def _joindre(request: HttpRequest, compte: Compte, a: Accompagnement, ancienne: Document | None = None) -> HttpResponse:
    initial = {"nature": ancienne.nature, "precision": ancienne.precision} if ancienne else {}
    formulaire = PieceForm(donnees(request), fichiers(request), initial=initial)
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data

        def faire() -> UUID:
            return parcours.joindre_piece(
                a.pk, par=compte, nature=d["nature"], precision=d["precision"], contenu=formulaire.contenu,
                remplace=ancienne.pk if ancienne else None,
            ).pk  # fmt: skip

        if une_fois(formulaire, compte, f"piece|{a.pk}", faire):
            return fait(request, a.pk, "La pièce est au dossier.", "situation_documents")
    texte = (
        f"Elle remplace celle du {date_moyenne(ancienne.demande_le)}, qui reste au dossier, marquée."
        if ancienne
        else "Toute l’équipe la lira, jamais le bailleur. La personne peut en demander une copie."
    )
    return page_acte(
        request, a, formulaire, titre="Joindre une nouvelle version" if ancienne else "Joindre une pièce",
        texte=texte, action="Joindre la pièce", retour="situation_documents",
    )  # fmt: skip
