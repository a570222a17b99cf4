"""Notes of two levels, chosen before writing; corrected by their author alone."""

from uuid import UUID

from django.core.exceptions import PermissionDenied

from accompagnements.enums import Action, Niveau
from accompagnements.models import EntreeClinique, NoteClinique, NoteEquipe
from accompagnements.parcours.verrous import SaisieRefusee, noter, ouvert
from partenaires.droits import exiger
from partenaires.enums import Permission
from partenaires.models import Compte
from socle import horloge


def ecrire_note(pk: UUID, *, par: Compte, niveau: str, texte: str) -> NoteEquipe | EntreeClinique:
    """Write a note; the `clinique` level needs the right to it (PermissionDenied).

    Raises TransitionInterdite on a closed accompagnement, SaisieRefusee for an empty text or unknown level.
    """
    exiger(par, Permission.CLINIQUE if niveau == Niveau.CLINIQUE else Permission.SUIVRE)
    if niveau not in Niveau.values:
        raise SaisieRefusee("Choisissez d’abord qui pourra lire cette note.", "niveau")
    if not texte.strip():
        raise SaisieRefusee("Écrivez la note.", "texte")
    accompagnement = ouvert(pk, par, "ecrire_note")
    parties = {"accompagnement": accompagnement, "equipe_id": accompagnement.equipe_id}
    if niveau == Niveau.EQUIPE:
        note = NoteEquipe(**parties, auteur=par, texte=texte.strip(), ecrite_le=horloge.maintenant())
        note.save(force_insert=True)
        noter(Action.NOTE_ECRITE, note, equipe_id=note.equipe_id, objet_type="note")
        return note
    entree = EntreeClinique(**parties, auteur=par, ecrite_le=horloge.maintenant())
    entree.save(force_insert=True)
    NoteClinique(entree=entree, **parties, texte=texte.strip()).save(force_insert=True)
    noter(Action.CLINIQUE_ECRITE, entree, equipe_id=entree.equipe_id, objet_type="note_clinique")
    return entree


def modifier_note(pk: UUID, *, par: Compte, version: int, texte: str) -> NoteEquipe:
    """Correct one's own note of the équipe. NoteEquipe.DoesNotExist, PermissionDenied, ConflitDeVersion."""
    exiger(par, Permission.SUIVRE)
    note: NoteEquipe = NoteEquipe.objects.filter(equipe=par.organisation_id).get(pk=pk)
    _corrigible(note, par, texte)
    ouvert(note.accompagnement_id, par, "modifier_note")
    note.texte, note.modifiee_le = texte.strip(), horloge.maintenant()
    note.enregistrer_version(version, ["texte", "modifiee_le"])
    noter(Action.NOTE_MODIFIEE, note, equipe_id=note.equipe_id, objet_type="note")
    return note


def modifier_note_clinique(pk: UUID, *, par: Compte, version: int, texte: str) -> EntreeClinique:
    """Correct one's own clinical note. Same errors."""
    exiger(par, Permission.CLINIQUE)
    entree: EntreeClinique = EntreeClinique.objects.filter(equipe=par.organisation_id).get(pk=pk)
    _corrigible(entree, par, texte)
    ouvert(entree.accompagnement_id, par, "modifier_note")
    contenu = NoteClinique.objects.get(pk=entree.pk)
    entree.modifiee_le = horloge.maintenant()
    entree.enregistrer_version(version, ["modifiee_le"])
    contenu.texte = texte.strip()
    contenu.save(update_fields=["texte"])
    noter(Action.CLINIQUE_MODIFIEE, entree, equipe_id=entree.equipe_id, objet_type="note_clinique")
    return entree


def _corrigible(note: NoteEquipe | EntreeClinique, par: Compte, texte: str) -> None:
    if note.auteur_id != par.pk:
        raise PermissionDenied("Seule la personne qui a écrit une note la corrige.")
    if not texte.strip():
        raise SaisieRefusee("Écrivez la note.", "texte")
