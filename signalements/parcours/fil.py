"""How far a person has read a thread."""

from datetime import datetime
from uuid import UUID

from partenaires.models import Compte
from partenaires.parcours.avis import lire_celles_de
from signalements.genres import DU_FIL
from signalements.models import Echange, Fiche, LectureFil


def lire_fil(pk: UUID, *, par: Compte, jusqu_a: UUID) -> None:
    """The thread has been seen down to this message, and so has what announced it.

    What came after the page was shown stays new; an older tab never takes the mark back. Raises Fiche.DoesNotExist
    or Echange.DoesNotExist out of scope.
    """
    fiche: Fiche = Fiche.objects.visibles_par(par).get(pk=pk, transmise_le__isnull=False)
    message: Echange = Echange.objects.de_la_fiche(fiche).get(pk=jusqu_a)
    connue = LectureFil.objects.de_la_fiche(fiche, par).first()
    if connue is None or connue.lu_le < message.le:
        _marquer(fiche, par, message.le)
    if not Echange.objects.de_la_fiche(fiche).apres(message.le).exclude(auteur=par).exists():
        lire_celles_de(fiche.pk, genres=DU_FIL, par=par)


def repondre_vaut_lecture(message: Echange) -> None:
    """Whoever writes has the thread under her eyes: nothing above is new to her any more."""
    _marquer(message.fiche, message.auteur, message.le)
    lire_celles_de(message.fiche_id, genres=DU_FIL, par=message.auteur)


def _marquer(fiche: Fiche, par: Compte, lu_le: datetime) -> None:
    LectureFil.objects.bulk_create(
        [LectureFil(fiche=fiche, compte=par, lu_le=lu_le)],
        update_conflicts=True,
        unique_fields=["fiche", "compte"],
        update_fields=["lu_le"],
    )
