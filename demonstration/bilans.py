"""The bilans of the demonstration: asked for, calculated and published by coordination, as in production."""

from datetime import date, timedelta
from functools import partial

from demonstration.monde import EST, SUD, Monde
from demonstration.scene import Scene
from indicateurs import calcul, parcours
from indicateurs.models import Bilan, Periode
from partenaires.enums import Role
from partenaires.models import Organisation
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.calendrier import semestre_de

DELAI = timedelta(days=48)  # after the end of the semester: late relevés are in


def planifier(scene: Scene, monde: Monde, debut: date) -> None:
    """One bilan per équipe and whole semester of the story; the first of the small équipe is left to publish."""
    fin = horloge.paris(scene.fin).date()
    annee, numero = semestre_de(debut).annee, semestre_de(debut).numero
    while True:
        numero += 1
        if numero > 2:
            annee, numero = annee + 1, 1
        periode = Periode(annee, numero)
        if periode.fin + DELAI > fin:
            return
        for nom in (EST, SUD):
            equipe = monde.equipes[nom]
            publier = nom == EST or periode.fin + timedelta(days=240) > fin
            scene.le(
                scene.heure_de_bureau(periode.fin + DELAI),
                partial(etablir, monde, equipe, periode, publier=publier),
            )


def etablir(monde: Monde, equipe: Organisation, periode: Periode, *, publier: bool) -> None:
    """Ask, calculate at once (the worker's own function), and publish what was read."""
    coordination = monde.de(equipe, Role.COORDINATION)[0]
    with agir_comme(coordination):
        bilan = parcours.demander(par=coordination, periode=periode)
    assert bilan.delegation is not None
    calcul.calculer(bilan.pk, bilan.delegation)
    if publier:
        with agir_comme(coordination):
            pret = Bilan.objects.visibles_par(coordination).get(pk=bilan.pk)
            parcours.publier(pret.pk, par=coordination, empreinte=pret.empreinte)
