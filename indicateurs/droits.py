"""Who does what with a bilan, and which periods an équipe may ask for."""

from collections.abc import Iterator
from uuid import UUID

from django.http import Http404

from indicateurs.models import Bilan, Periode
from partenaires.droits import permissions_de
from partenaires.enums import Permission
from partenaires.models import Compte, Convention
from socle import horloge
from socle.calendrier import semestre_de

ANNEES_PROPOSEES = 2  # periods that ended longer ago are not proposed


def peut_coordonner(compte: Compte) -> bool:
    """Whether the person asks for bilans and publishes them."""
    return Permission.COORDONNER in permissions_de(compte.roles)


def est_de_l_equipe(compte: Compte) -> bool:
    """Whether the person reads the bilans of her équipe, published or not."""
    return Permission.SUIVRE in permissions_de(compte.roles)


def bilan_visible(compte: Compte, pk: UUID) -> Bilan:
    """The bilan, if it is this person's to read; Http404 otherwise, unknown and hidden alike."""
    bilan: Bilan | None = Bilan.objects.visibles_par(compte).avec_fichier().filter(pk=pk).first()
    if bilan is None:
        raise Http404
    return bilan


def periodes_ouvertes(compte: Compte) -> list[Periode]:
    """Whole semesters and years that are over, within a convention, and that no bilan covers; the newest first."""
    debuts = [c.du for c in Convention.objects.visibles_par(compte)]
    if not debuts:
        return []
    couvertes = [b.periode for b in Bilan.objects.visibles_par(compte).pour_liste()]
    return [
        periode
        for periode in _terminees()
        if periode.fin >= min(debuts) and not any(periode.chevauche(autre) for autre in couvertes)
    ]


def periodes_du_tableau(compte: Compte) -> list[Periode]:
    """Semesters, then years, since the équipe’s first convention, the ones that run included; the newest first."""
    debuts = [c.du for c in Convention.objects.visibles_par(compte)]
    courant = semestre_de(horloge.aujourdhui())
    semestre: Periode | None = Periode(courant.annee, courant.numero)
    depuis = min(debuts, default=courant.debut)
    semestres = []
    while semestre is not None and semestre.fin >= depuis:
        semestres.append(semestre)
        semestre = semestre.precedente
    annees = sorted({s.annee for s in semestres}, reverse=True)
    return [*semestres, *(Periode(annee) for annee in annees)]


def _terminees() -> Iterator[Periode]:
    """The semesters, then the years, that ended lately."""
    jour = horloge.aujourdhui()
    courant = semestre_de(jour)
    semestre: Periode | None = Periode(courant.annee, courant.numero)
    for _ in range(2 * ANNEES_PROPOSEES):
        assert semestre is not None
        semestre = semestre.precedente
        assert semestre is not None
        yield semestre
    yield from (Periode(jour.year - n) for n in range(1, ANNEES_PROPOSEES + 1))
