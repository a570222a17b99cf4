"""Kinds of notification: what each one says, to which roles, where it leads, and when it still holds.

Each application registers its own when it starts; a kind never says anything about a person.
"""

from collections.abc import Callable, Collection, Iterable
from dataclasses import dataclass

from partenaires.enums import FamilleAvis


@dataclass(frozen=True, slots=True, kw_only=True)
class GenreAvis:
    """A kind of notification.

    `phrase` is the same for everybody (no name, no health word); `roles` are those that may receive it; `chemin`
    gives the address of an object; `encore` gives, of some objects, those about which it may still be sent.
    `se_remplace`: somebody may receive it for an absent colleague.
    """

    code: str
    famille: FamilleAvis
    phrase: str
    roles: frozenset[str]
    chemin: Callable[[str], str]
    encore: Callable[[Collection[str]], set[str]]
    se_remplace: bool = True


_GENRES: dict[str, GenreAvis] = {}


def declarer(genre: GenreAvis) -> GenreAvis:
    """Register a kind under its code."""
    _GENRES[genre.code] = genre
    return genre


def genre_de(code: str) -> GenreAvis:
    """The kind of a code; KeyError for one that no application declares."""
    return _GENRES[code]


def codes() -> list[str]:
    """Every declared code."""
    return sorted(_GENRES)


def codes_ouverts(roles: Iterable[str]) -> list[str]:
    """Codes that somebody with these roles may receive."""
    siens = frozenset(roles)
    return sorted(code for code, genre in _GENRES.items() if not genre.roles.isdisjoint(siens))


def familles_ouvertes(roles: Iterable[str]) -> list[FamilleAvis]:
    """Families of events of these roles, in the order of the settings page."""
    siennes = {genre_de(code).famille for code in codes_ouverts(roles)}
    return [famille for famille in FamilleAvis if famille in siennes]
