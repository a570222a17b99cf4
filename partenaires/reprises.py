"""What a member leaves behind, and who takes it: applications above say what they hold (`inscrire`, called down from
their AppConfig), this one shows it on one screen and gives it away before the access ends.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, Protocol

from partenaires.droits import PERMISSIONS
from partenaires.enums import Permission, Role
from partenaires.models import Compte, Rattachement, ResidenceGardien
from socle import horloge

RESIDENCE: Final = "residence"


@dataclass(frozen=True, slots=True)
class Chose:
    """Something that was hers: a fiche, a relevé, a résidence; what it is to be able to take it."""

    genre: str
    id: str
    libelle: str
    capacite: Permission

    @property
    def cle(self) -> str:
        return f"{self.genre}_{self.id}"


@dataclass(frozen=True, slots=True)
class Candidat:
    """A member in force who may take something."""

    compte: Compte
    roles: frozenset[str]
    rattachement_gardien: int | None

    def peut_prendre(self, chose: Chose) -> bool:
        """Whether her roles open it; a résidence goes to a gardien only."""
        if chose.genre == RESIDENCE:
            return self.rattachement_gardien is not None
        return any(chose.capacite in PERMISSIONS[Role(role)] for role in self.roles)


class Portefeuille(Protocol):
    """What an application above knows of a member's work."""

    def choses(self, rattachement: Rattachement, par: Compte) -> Sequence[Chose]:
        """What the person follows in this organisation."""

    def confier(self, chose: Chose, de: Compte, a: Compte, par: Compte) -> bool | None:
        """Give it; None when it is not of this application, False when it was no longer there."""


_connus: dict[str, Portefeuille] = {}


def inscrire(nom: str, portefeuille: Portefeuille) -> None:
    """Say what one's application holds; the last one of a name holds."""
    _connus[nom] = portefeuille


def choses(rattachement: Rattachement, par: Compte) -> list[Chose]:
    """Everything of a member in the organisation: what must go to somebody first, then her résidences."""
    toutes = [c for p in _connus.values() for c in p.choses(rattachement, par)]
    liens = ResidenceGardien.objects.du_rattachement(rattachement).pas_finis(horloge.aujourdhui()).par_nom()
    siennes = [Chose(RESIDENCE, str(g.residence_id), g.residence.nom, Permission.SAISIR) for g in liens]
    return [*toutes, *siennes]


def candidats(rattachement: Rattachement, par: Compte) -> list[Candidat]:
    """The other members in force, by name: one statement."""
    roles: dict[int, set[str]] = {}
    gardiens: dict[int, int] = {}
    comptes: dict[int, Compte] = {}
    en_vigueur = Rattachement.objects.visibles_par(par).en_vigueur(horloge.aujourdhui()).par_nom()
    for autre in en_vigueur:
        if autre.compte_id == rattachement.compte_id or not autre.compte.is_active:
            continue
        comptes[autre.compte_id] = autre.compte
        roles.setdefault(autre.compte_id, set()).add(autre.role)
        if autre.role == Role.GARDIEN:
            gardiens[autre.compte_id] = autre.pk
    return [Candidat(c, frozenset(roles[pk]), gardiens.get(pk)) for pk, c in comptes.items()]


def confier(chose: Chose, rattachement: Rattachement, candidat: Candidat, par: Compte) -> bool:
    """Give one thing, in the transaction in progress; returns whether it was still there."""
    if chose.genre == RESIDENCE:
        assert candidat.rattachement_gardien is not None
        jour = horloge.aujourdhui()
        siens = ResidenceGardien.objects.filter(rattachement=candidat.rattachement_gardien, residence=int(chose.id))
        if not siens.pas_finis(jour).exists() and not siens.update(du=jour, au=None):
            ResidenceGardien.objects.create(
                rattachement_id=candidat.rattachement_gardien,
                residence_id=int(chose.id),
                bailleur_id=rattachement.organisation_id,
                du=jour,
            )
        return True
    for portefeuille in _connus.values():
        fait = portefeuille.confier(chose, rattachement.compte, candidat.compte, par)
        if fait is not None:
            return fait
    raise LookupError(chose.genre)
