"""Notes: the level first, then the text; corrected by their author. And the documents to download."""

from uuid import UUID

from django.core.exceptions import PermissionDenied
from django.http import Http404, HttpRequest, HttpResponse
from django.shortcuts import redirect, render
from django.urls import reverse
from django.utils.text import slugify
from django.views.decorators.http import require_POST, require_safe

from accompagnements import droits, parcours
from accompagnements.enums import Action, Niveau
from accompagnements.forms.suite import ModifierNoteForm, NiveauForm, NoteForm
from accompagnements.models import EntreeClinique, NoteEquipe
from accompagnements.views.commun import (
    acte,
    de_la_situation,
    donnees,
    en_main,
    fait,
    fil,
    page_acte,
    reprendre_version,
    saisir,
    une_fois,
)
from partenaires.droits import acteur, ouvert_a
from partenaires.enums import Permission, Role
from partenaires.models import Compte
from socle import journal, verification
from socle.ecriture import date_moyenne
from socle.presentation import TextesEnConflit
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from socle.vues import Maintenant, fichier_joint, transition_dite

LECTEURS = {
    Niveau.EQUIPE: "Toute l’équipe lira cette note, jamais le bailleur.",
    Niveau.CLINIQUE: "Seuls les soignants de l’équipe liront cette note. La coordination verra son auteur et sa date.",
}
SUFFIXES = {"application/pdf": "pdf", "image/jpeg": "jpg", "image/png": "png"}


def note_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.note_visible(acteur(request), pk).accompagnement)


def note_clinique_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.entree_clinique_visible(acteur(request), pk).accompagnement)


@acte()
def ecrire(request: HttpRequest, pk: UUID) -> HttpResponse:
    """First who will read. Whoever may write one level only goes straight to it."""
    compte, a = en_main(request, pk, nom="ecrire_note")
    if not compte.a_role(Role.SOIGNANT):
        return redirect("note_ecrire_niveau", pk, Niveau.EQUIPE)
    formulaire = NiveauForm(request.GET if "niveau" in request.GET else None)
    if formulaire.is_valid():
        return redirect("note_ecrire_niveau", pk, formulaire.cleaned_data["niveau"])
    return page_acte(
        request, a, formulaire, titre=f"Écrire une note sur {a.fiche.designation}", methode="get",
        texte="Le niveau se choisit avant d’écrire et ne change plus.", action="Écrire la note",
        retour="situation_notes",
    )  # fmt: skip


@acte()
def ecrire_niveau(request: HttpRequest, pk: UUID, niveau: str = "") -> HttpResponse:
    """Then the text."""
    compte, a = en_main(request, pk, nom="ecrire_note")
    if niveau not in Niveau.values:
        raise Http404
    if niveau == Niveau.CLINIQUE and not compte.a_role(Role.SOIGNANT):
        raise PermissionDenied("Les notes cliniques sont réservées aux soignants.")
    formulaire = NoteForm(donnees(request))
    if request.method == "POST" and formulaire.is_valid():
        texte = formulaire.cleaned_data["texte"]

        def faire() -> UUID:
            return parcours.ecrire_note(pk, par=compte, niveau=niveau, texte=texte).pk

        if une_fois(formulaire, compte, f"note|{niveau}|{pk}", faire):
            return fait(request, pk, "La note est enregistrée.", "situation_notes")
    return page_acte(
        request, a, formulaire, titre=f"Note sur {a.fiche.designation}", niveau=niveau,
        texte=LECTEURS[Niveau(niveau)], action="Enregistrer la note", retour="situation_notes",
    )  # fmt: skip


@acte(note_maintenant)
def modifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte = acteur(request)
    note = droits.note_visible(compte, pk)
    return _modifier(request, compte, note, note.texte, Niveau.EQUIPE)


@acte(note_clinique_maintenant)
def modifier_clinique(request: HttpRequest, pk: UUID) -> HttpResponse:
    compte = acteur(request)
    entree = droits.entree_clinique_visible(compte, pk)
    if entree.contenu_lisible is None:
        raise PermissionDenied("Les notes cliniques sont réservées aux soignants.")
    return _modifier(request, compte, entree, entree.contenu_lisible.texte, Niveau.CLINIQUE)


@require_safe
@ouvert_a(Permission.SUIVRE, Permission.REPONDRE)
def document(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Download a document that is ready, as an attachment; its reading is noted."""
    d = droits.document_visible(acteur(request), pk)
    if not d.est_pret or d.octets is None:
        raise Http404
    journal.noter(Action.DOCUMENT_LU, organisation_id=d.equipe_id, objet_type="document", objets=[d.pk])
    nom = f"{slugify(d.titre)}-{d.reference}.{SUFFIXES[d.type_mime]}"
    return fichier_joint(bytes(d.octets), nom=nom, genre=d.type_mime)


@require_safe
@ouvert_a(Permission.SUIVRE)
def document_verifier(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Whether the bytes that are kept are those that were made, and who sealed them."""
    d = droits.document_visible(acteur(request), pk)
    if not d.est_pret or d.octets is None:
        raise Http404
    octets = bytes(d.octets)
    contexte = {
        "document": d, "fil": fil(d.accompagnement, "Vérifier un document"),
        "intact": verification.sha256_de(octets) == d.sha256,
        "retour_url": reverse("situation_documents", args=[d.accompagnement_id]),
    }  # fmt: skip
    return render(request, "accompagnements/document_verifie.html", contexte)


def document_maintenant(request: HttpRequest, /, pk: UUID) -> Maintenant:
    return de_la_situation(droits.document_visible(acteur(request), pk).accompagnement)


@require_POST
@ouvert_a(Permission.SUIVRE)
@transition_dite(document_maintenant)
def document_relancer(request: HttpRequest, pk: UUID) -> HttpResponse:
    """Ask again for a document that is late."""
    compte = acteur(request)
    d = droits.document_visible(compte, pk)
    parcours.relancer_document(pk, par=compte)
    return fait(request, d.accompagnement_id, "Le document est demandé de nouveau.", "situation_documents")


def _modifier(
    request: HttpRequest, compte: Compte, note: NoteEquipe | EntreeClinique, texte: str, niveau: Niveau
) -> HttpResponse:
    """The author corrects; a second window of hers sees both texts."""
    a = note.accompagnement
    if note.auteur_id != compte.pk:
        raise PermissionDenied("Seule la personne qui a écrit une note la corrige.")
    if a.est_clos:
        raise TransitionInterdite("modifier_note", a.etat)
    enregistrer = parcours.modifier_note if niveau == Niveau.EQUIPE else parcours.modifier_note_clinique
    formulaire = ModifierNoteForm(donnees(request), initial={"version": note.version, "texte": texte})
    conflit = None
    if request.method == "POST" and formulaire.is_valid():
        d = formulaire.cleaned_data
        try:
            if saisir(formulaire, lambda: enregistrer(note.pk, par=compte, version=d["version"], texte=d["texte"])):
                return fait(request, a.pk, "La note est corrigée.", "situation_notes")
        except ConflitDeVersion:
            conflit = [TextesEnConflit("Note", d["texte"], texte)]
            reprendre_version(formulaire, note.version)
    return page_acte(
        request, a, formulaire, titre=f"Corriger la note du {date_moyenne(note.ecrite_le)}", niveau=niveau,
        texte=LECTEURS[niveau], action="Enregistrer la correction", conflit=conflit, retour="situation_notes",
        auteur_conflit=compte.nom_complet,
    )  # fmt: skip
