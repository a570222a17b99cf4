"""The entries of each role, home first (the interface specification, "App shell and navigation").

They are resolved by name: an entry whose page is not installed is left out.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from django.urls import NoReverseMatch, reverse

from partenaires.enums import ROLES_EQUIPE, Role
from partenaires.models import Compte


@dataclass(frozen=True, slots=True)
class Entree:
    """A link of the shell; `nombre` is a count, in red with `en_retard`."""

    libelle: str
    url: str
    icone: str
    nombre: int | None = None
    en_retard: bool = False
    courante: bool = False
    route: str = ""


# (label, name of the route, icon)
_A_FAIRE = ("À faire", "a_faire", "list-check")
_SIGNALEMENTS = ("Signalements", "mes_signalements", "inbox")
_RELEVES = ("Relevés à 6 mois", "releves", "clipboard-check")
_SEANCES = ("Sensibilisations", "sensibilisations", "mortarboard")
_MEMBRES = ("Membres", "membres", "people")
_ORGANISATIONS = ("Organisations", "organisations", "buildings")
_REGLAGES = ("Réglages", "reglages", "sliders")
_CONFIEES = ("Situations confiées", "situations_confiees", "folder2-open")  # shown to whom one is open by name
_EQUIPE = (
    _A_FAIRE,
    ("Fiches", "fiches", "inbox"),
    ("Situations", "situations", "folder2-open"),
    ("Visites", "visites", "calendar2-check"),
    ("Orientations", "orientations", "signpost-split"),
    ("Annuaire", "annuaire", "telephone"),
    ("Concertations", "concertations", "people"),
    _SEANCES,
    ("Bilans", "bilans", "bar-chart"),
)

ENTREES: dict[str, tuple[tuple[str, str, str], ...]] = {
    Role.COORDINATION: (*_EQUIPE, _MEMBRES, _REGLAGES),
    Role.SOIGNANT: (*_EQUIPE, _REGLAGES),
    Role.SOCIAL: (*_EQUIPE, _REGLAGES),
    Role.RESPONSABLE: (_A_FAIRE, _SIGNALEMENTS, _RELEVES, _SEANCES, _MEMBRES, ("Résidences", "residences", "house")),
    Role.REFERENT: (_A_FAIRE, _SIGNALEMENTS, _RELEVES, _SEANCES),
    Role.GARDIEN: (
        _SIGNALEMENTS,
        ("Aide", "aide", "question-circle"),
        ("Mon compte", "mon_compte", "person-circle"),
    ),
    Role.CORRESPONDANT: (
        ("Orientations", "orientations_recues", "signpost-split"),
        ("Concertations", "concertations_recues", "people"),
        _SIGNALEMENTS,
    ),
    Role.COORDINATION_CLSM: (("Bilans", "bilans", "bar-chart"), ("Méthode", "methode", "journal-text")),
    Role.EXPLOITATION: (_ORGANISATIONS, ("Conventions", "conventions", "file-earmark-text"), _MEMBRES),
    Role.DPO: (("Journal", "journal", "journal-text"),),
}


def coquille_de(compte: Compte | None) -> str:
    """The shell of a person: rail for the équipe, phone for a gardien who is nothing else, band for the others."""
    if compte is None or not compte.roles:
        return "coquille_seule.html"
    if compte.a_role(*ROLES_EQUIPE):
        return "coquille_equipe.html"
    if compte.roles == {Role.GARDIEN}:
        return "coquille_tel.html"
    return "coquille_bandeau.html"


def navigation_de(
    compte: Compte, chemin: str = "", comptes: Mapping[str, tuple[int, bool]] | None = None
) -> list[Entree]:
    """The entries of a person's roles in the active organisation; the one that `chemin` stands under is current.

    `comptes`: (count, late) by route.
    """
    lus = comptes or {}
    entrees = [e for e in _entrees(compte) if e.route != _CONFIEES[1] or lus.get(e.route, (0, False))[0]]
    courante = max((e for e in entrees if _sous(chemin, e.url)), key=lambda e: len(e.url), default=None)
    return [
        replace(e, courante=e is courante, nombre=lus[e.route][0], en_retard=lus[e.route][1])
        if e.route in lus
        else replace(e, courante=e is courante)
        for e in entrees
    ]


def _sous(chemin: str, url: str) -> bool:
    """Whether a page stands under an entry; nothing but itself stands under "/"."""
    return chemin == url or (url != "/" and chemin.startswith(url))


def _entrees(compte: Compte) -> Iterator[Entree]:
    vues: set[str] = set()
    for role, liens in {**ENTREES, "": (_CONFIEES,)}.items():
        if role and role not in compte.roles:
            continue
        for libelle, route, icone in liens:
            # Beside another role, a gardien finds help and account in the band.
            if route in vues or (route in {"aide", "mon_compte"} and compte.roles != {Role.GARDIEN}):
                continue
            try:
                url = reverse(route)
            except NoReverseMatch:
                continue
            vues.add(route)
            yield Entree(libelle, url, icone, route=route)
