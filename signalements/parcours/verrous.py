"""First beat of every transition: lock the row that the person may see, or answer that it does not exist."""

from typing import Any
from uuid import UUID

from django.db import connection

from partenaires.models import Compte
from signalements.enums import Action
from signalements.models import Fiche, Instruction
from socle import journal
from socle.versions import ConflitDeVersion


def fiche_verrouillee(pk: UUID, par: Compte) -> Fiche:
    """The fiche, locked; Fiche.DoesNotExist when it is not this person's to change (same as unknown)."""
    fiche: Fiche = (
        Fiche.objects.visibles_par(par).select_for_update(of=("self",)).select_related("convention").get(pk=pk)
    )
    return fiche


def fiche_a_la_version(pk: UUID, *, par: Compte, version: int) -> Fiche:
    """The fiche, locked until the end of the transaction; ConflitDeVersion unless it still is at this version.

    For a caller whose processes are strangers to one another: to a software, its own second writer is somebody else.
    """
    fiche = fiche_verrouillee(pk, par)
    if fiche.version != version:
        raise ConflitDeVersion(fiche)
    return fiche


def instruction_verrouillee(pk: UUID, par: Compte, version: int | None = None) -> Instruction:
    """The instruction of a fiche, locked, with its fiche; DoesNotExist outside the équipe.

    With `version` (the one that the form was shown with), ConflitDeVersion when something changed since.
    """
    instruction: Instruction = (
        Instruction.objects.visibles_par(par).select_for_update(of=("self",)).select_related("fiche").get(pk=pk)
    )
    if version not in (None, instruction.version):
        raise ConflitDeVersion(instruction)
    return instruction


def porte(appel: str, *parametres: Any) -> Any:
    """Call a function of the door (`sql/porte.sql`) and return its one value."""
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT droit.{appel}({', '.join(['%s'] * len(parametres))})", parametres)
        ligne = curseur.fetchone()
    return ligne[0] if ligne else None


def noter(action: Action, fiche: Fiche, *, motif: str = "") -> None:
    """Fourth beat: the journal of the équipe that owns the fiche, otherwise of the author's organisation."""
    journal.noter(
        action,
        organisation_id=fiche.equipe_id or fiche.declarant_id,
        objet_type="fiche",
        objets=[fiche.pk],
        motif=motif,
    )
