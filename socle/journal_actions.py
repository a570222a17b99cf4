"""The actions of the journal in words: each installed application registers them by its `enums.Action`."""

from functools import lru_cache
from importlib import import_module
from importlib.util import find_spec

from django.apps import apps


@lru_cache(maxsize=1)
def par_application() -> dict[str, dict[str, str]]:
    """The French sentence of each action, by application (its French name)."""
    registre: dict[str, dict[str, str]] = {}
    for application in apps.get_app_configs():
        if find_spec(f"{application.name}.enums") is None:
            continue
        actions = getattr(import_module(f"{application.name}.enums"), "Action", None)
        if actions is not None:
            registre[str(application.verbose_name)] = {a.value: str(a.label) for a in actions}
    return registre


def phrase(action: str) -> str:
    """The sentence of an action; the code itself for one that no application registers any more."""
    for actions in par_application().values():
        if action in actions:
            return actions[action]
    return action


@lru_cache(maxsize=128)
def objet(objet_type: str) -> str:
    """The French name of a kind of object; its code when no model bears it."""
    noms = (str(m._meta.verbose_name) for m in apps.get_models() if m._meta.model_name == objet_type)
    return next(noms, objet_type)


@lru_cache(maxsize=1)
def _motifs() -> dict[str, str]:
    """The French words of the codes that an event may carry: motifs, states and situations of every application."""
    mots = {"pdf": "PDF", "ods": "ODS", "csv": "CSV", "xlsx": "XLSX"}
    for application in apps.get_app_configs():
        if find_spec(f"{application.name}.enums") is None:
            continue
        for nom, choix in vars(import_module(f"{application.name}.enums")).items():
            if nom.startswith(("Motif", "Etat", "Situation")) and isinstance(choix, type):
                mots |= {code: str(libelle) for code, libelle in getattr(choix, "choices", ()) if code not in mots}
    return mots


def motif(code: str) -> str:
    """The words of the motif of an event; itself when it is not a code."""
    return _motifs().get(code, code)
