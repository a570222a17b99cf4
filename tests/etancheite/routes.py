"""Every route of the site, read from the resolver."""

from collections.abc import Iterator
from dataclasses import dataclass

from django.urls import URLPattern, URLResolver, get_resolver


@dataclass(frozen=True, slots=True)
class Route:
    """A named route and the names of what its address asks for."""

    nom: str
    parametres: tuple[str, ...]


def routes() -> dict[str, Route]:
    """All named routes, by name; a route without a name is a defect of its own."""
    trouvees = {r.nom: r for r in _parcourir(get_resolver().url_patterns, ())}
    assert "" not in trouvees
    return trouvees


def _parcourir(motifs: list[URLPattern | URLResolver], avant: tuple[str, ...]) -> Iterator[Route]:
    for motif in motifs:
        ici = avant + tuple(motif.pattern.regex.groupindex)
        if isinstance(motif, URLResolver):
            yield from _parcourir(motif.url_patterns, ici)
        else:
            yield Route(motif.name or "", ici)
