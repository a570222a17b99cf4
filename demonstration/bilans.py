"""The bilans of the demonstration: asked for, calculated and published by coordination, as in production."""

from datetime import date
from functools import partial

from demonstration.calendrier import ATTENTE, derniere_periode
from demonstration.monde import EST, Monde
from demonstration.scene import Scene
from indicateurs import calcul, parcours
from indicateurs.models import Bilan, Periode
from partenaires.enums import Role
from partenaires.models import Organisation
from partenaires.perimetre import agir_comme
from socle import horloge


def planifier(scene: Scene, monde: Monde, debut: date) -> None:
    """The bilans of the large équipe: its last semester that is over, and the one before."""
    derniere = derniere_periode(horloge.paris(scene.fin).date())
    for periode in (derniere.precedente, derniere):
        if periode is not None and periode.fin > debut:
            acte = partial(etablir, monde, monde.equipes[EST], periode)
            scene.le(scene.heure_de_bureau(periode.fin + ATTENTE), acte)


def etablir(monde: Monde, equipe: Organisation, periode: Periode) -> None:
    """Ask, calculate at once (the worker's own function), and publish what was read."""
    coordination = monde.de(equipe, Role.COORDINATION)[0]
    with agir_comme(coordination):
        bilan = parcours.demander(par=coordination, periode=periode)
    assert bilan.delegation is not None
    calcul.calculer(bilan.pk, bilan.delegation)
    with agir_comme(coordination):
        pret = Bilan.objects.visibles_par(coordination).get(pk=bilan.pk)
        parcours.publier(pret.pk, par=coordination, empreinte=pret.empreinte)
