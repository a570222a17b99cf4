"""The journal of reads: one event per page, under the équipe that owns what was shown."""

from collections.abc import Iterable

from partenaires.models import Compte
from signalements.enums import Action
from signalements.models import Fiche
from socle import journal


def noter_lues(action: Action, fiches: Iterable[Fiche]) -> None:
    """Journal the fiches whose content a page shows, by équipe; nothing when none is shown."""
    par_equipe: dict[int, list[Fiche]] = {}
    for fiche in fiches:
        par_equipe.setdefault(fiche.equipe_id or fiche.declarant_id, []).append(fiche)
    for organisation_id, lues in sorted(par_equipe.items()):
        journal.noter(action, organisation_id=organisation_id, objet_type="fiche", objets=[f.pk for f in lues])


def noter_recherche(*, par: Compte) -> None:
    """Journal that this person searched for somebody by name; not for whom."""
    if par.organisation_id is not None:
        journal.noter(Action.RECHERCHE, organisation_id=par.organisation_id, objet_type="recherche")
