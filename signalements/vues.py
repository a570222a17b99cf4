"""The saved views as the triage list shows them, and what of an address belongs to one."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.http import QueryDict
from django.urls import reverse

from signalements.models import VueTri
from signalements.models.vues import PARAMETRES
from signalements.tri import ONGLETS, Tri

LONGUEUR = 80  # of a parameter


@dataclass(frozen=True, slots=True)
class VueLue:
    """A chip of the list: its name, its address, whether the list stands on it."""

    nom: str
    url: str
    courante: bool


def parametres_de(parametres: QueryDict) -> dict[str, str]:
    """What a view keeps of an address: the tab always, filters and sort when they are there."""
    lus = {nom: parametres.get(nom, "").strip()[:LONGUEUR] for nom in PARAMETRES}
    lus["etat"] = Tri.de(parametres).onglet.cle
    return {nom: valeur for nom, valeur in lus.items() if valeur}


def vues_lues(vues: Iterable[VueTri], parametres: QueryDict) -> list[VueLue]:
    """The views in the order in which they were made."""
    ici = parametres_de(parametres)
    return [VueLue(vue.nom, adresse_de(vue), vue.parametres == ici) for vue in vues]


def adresse_de(vue: VueTri) -> str:
    """The list on this view."""
    return f"{reverse('fiches')}?{vue.requete or 'etat=' + ONGLETS[0].cle}"
