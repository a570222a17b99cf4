"""The nightly purge: each application registers its rules; a dry run counts what would go.

A rule is `fonction(a_blanc=...) -> int`, runs as `palier_systeme`, is safe to run twice, and its docstring
names its source.
"""

from collections.abc import Callable

from django.db import transaction

Regle = Callable[..., int]
_REGLES: dict[str, Regle] = {}


def regle(nom: str) -> Callable[[Regle], Regle]:
    """Register a rule of purge under a unique French name, shown in the report."""

    def enregistrer(fonction: Regle) -> Regle:
        _REGLES[nom] = fonction
        return fonction

    return enregistrer


def regles() -> dict[str, str]:
    """Names of the rules and the first line of what they do."""
    return {nom: (f.__doc__ or "").strip().splitlines()[0] for nom, f in sorted(_REGLES.items())}


def executer(*, a_blanc: bool) -> dict[str, int]:
    """Run every rule, one transaction each; returns rows erased (or that would be) per rule."""
    rapport: dict[str, int] = {}
    for nom, fonction in sorted(_REGLES.items()):
        with transaction.atomic():
            rapport[nom] = fonction(a_blanc=a_blanc)
    return rapport
