"""The free-text guard: sentences that judge, diagnose or say too much are shown again before they are sent.

A fiche holds objective facts, never excessive ones, and the person may read it: the CNIL sanctioned the comments of
landlords in 2011 and 2012. The list and its reasons stand in `donnees/formulations*.csv`.

    formulations = lire(texte, Contexte(personne=("Maquette", "Ondine")))
    gardees = exiger({"faits": texte}, contexte=…, gardees=empreintes)   # raises FormulationsARevoir

`exiger` is called by every parcours that writes such a text; a form shows the same thing before
(`signalements.forms.garde.FormGarde`). A sentence may be kept by a second confirmation, which names it by its
`empreinte`; a social security number may not. What was kept is journalled by the name of its field, never its words.
"""

from collections.abc import Collection, Mapping

from signalements.garde.lecture import RIEN, Contexte, Formulation, lire, lire_nom

__all__ = ["RIEN", "Contexte", "Formulation", "FormulationsARevoir", "a_revoir", "exiger", "lire", "lire_nom"]


class FormulationsARevoir(Exception):
    """Sentences to rephrase, or to keep by a second confirmation, by field. Its message holds none of them."""

    def __init__(self, par_champ: Mapping[str, list[Formulation]]) -> None:
        self.par_champ = dict(par_champ)
        super().__init__(f"Formulations to review in: {', '.join(sorted(par_champ))}.")


def a_revoir(formulations: list[Formulation], gardees: Collection[str]) -> list[Formulation]:
    """Those that no confirmation covers."""
    return [f for f in formulations if f.categorie.ferme or f.empreinte not in gardees]


def exiger(
    textes: Mapping[str, str],
    *,
    noms: Mapping[str, str] | None = None,
    contexte: Contexte = RIEN,
    gardees: Collection[str] = frozenset(),
) -> tuple[str, ...]:
    """The fields that hold a sentence kept on purpose; FormulationsARevoir when one still waits for an answer.

    `noms`: fields that hold a person's name.
    """
    toutes = {champ: lire(texte, contexte) for champ, texte in textes.items()}
    toutes |= {champ: lire_nom(nom) for champ, nom in (noms or {}).items()}
    lues = {champ: formulations for champ, formulations in toutes.items() if formulations}
    restent = {champ: reste for champ, formulations in lues.items() if (reste := a_revoir(formulations, gardees))}
    if restent:
        raise FormulationsARevoir(restent)
    return tuple(sorted(lues))
