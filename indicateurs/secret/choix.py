"""Which tables of the fixed list leave the équipe, and the refusal to publish what would tell a small number."""

from collections.abc import Sequence

from indicateurs.secret.audit import Auditeur, auditer
from indicateurs.secret.liens import Relations, connus, revelations
from indicateurs.secret.systeme import Connaissance, ecrire
from indicateurs.secret.tables import Tableau


class RefusDePublier(Exception):
    """A publication would tell small numbers: which ones, and which tables would have to stay.

    `nombres`: the leaks in words. `a_retenir`: the codes of the tables whose withdrawal makes the rest publishable.
    """

    def __init__(self, nombres: Sequence[str], a_retenir: Sequence[str]) -> None:
        self.nombres, self.a_retenir = tuple(nombres), tuple(a_retenir)
        super().__init__(
            f"La publication laisserait retrouver : {' ; '.join(self.nombres)}. "
            f"Elle peut avoir lieu sans : {', '.join(self.a_retenir)}."
        )


def lecteurs(
    tableaux: Sequence[Tableau], relations: Relations, connaissances: Sequence[Connaissance] = ()
) -> list[Auditeur]:
    """Everybody, then each bailleur with what it knows of itself."""
    plus_grand = max([0, *(t.total for t in tableaux), *relations.exterieurs.values()])
    plafond = 2 * plus_grand + 100
    return [Auditeur(ecrire(tableaux, relations, qui), plafond) for qui in (None, *connaissances)]


def choisir(
    tableaux: Sequence[Tableau],
    relations: Relations,
    connaissances: Sequence[Connaissance] = (),
    parmi: Sequence[Tableau] | None = None,
) -> list[Tableau]:
    """The tables to publish, first come first served: each is kept unless it reveals something with those before it.

    The order of the list is therefore an order of importance, fixed once for all bilans. Publishing more never hides
    anything, so tables are tried by halves: all that follow at once, and one by one only where there is a leak. The
    result is that of trying them one after the other. `parmi`: those of the list that may be published at all.
    """
    candidats = [t for t in (tableaux if parmi is None else parmi) if t.est_publiable]
    if not candidats:
        return []
    publics = lecteurs(tableaux, relations, connaissances)
    gardes: list[Tableau] = []

    def essayer(groupe: Sequence[Tableau]) -> None:
        presents = {t.code for t in (*gardes, *groupe)}
        utiles = [t for t in groupe if t.remplace not in presents]
        if not utiles:
            return
        ensemble = [*gardes, *utiles]
        if not revelations(ensemble, relations) and not auditer(publics, connus(ensemble, relations), assez=1):
            gardes.extend(utiles)
        elif len(groupe) > 1:
            milieu = len(groupe) // 2
            essayer(groupe[:milieu])
            essayer(groupe[milieu:])

    essayer(candidats)
    return gardes


def verifier(
    publies: Sequence[Tableau],
    tableaux: Sequence[Tableau],
    relations: Relations,
    connaissances: Sequence[Connaissance] = (),
) -> None:
    """RefusDePublier unless this publication, taken as it is, tells nothing. `tableaux` is the whole list.

    A check that owes nothing to `choisir`: every table at once, by readers who have seen nothing yet.
    """
    nombres = revelations(publies, relations)
    nombres += [str(f) for f in auditer(lecteurs(tableaux, relations, connaissances), connus(publies, relations))]
    if nombres:
        gardes = {t.code for t in choisir(tableaux, relations, connaissances, parmi=publies)}
        raise RefusDePublier(sorted(set(nombres)), [t.code for t in publies if t.code not in gardes])
