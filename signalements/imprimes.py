"""What the papers to print say, in plain JSON types: names of organisations, words of the form, never a person.

The same data make the same bytes; `VERSION_*` changes with the words of a template.
"""

from typing import Any, Final

from partenaires.models import DelaisEquipe, Organisation
from signalements.enums import Civilite, Contexte, Cotation, Majeur, ModeInformation, Source
from signalements.models import Fiche, Grille
from socle import horloge

VERSION_NOTICE: Final = 2
VERSION_PAPIER: Final = 1


def donnees_de_la_notice(fiche: Fiche) -> dict[str, Any]:
    """Who writes, who receives, whom to call. `fiche` is transmitted."""
    assert fiche.equipe is not None
    equipe, orienteur = fiche.equipe, fiche.orienteur
    return {
        "version": VERSION_NOTICE,
        "equipe": _contact(equipe),
        "orienteur": {"nom": orienteur.nom, "bailleur": orienteur.est_bailleur},
        "jours": DelaisEquipe.de(equipe.pk, horloge.aujourdhui()).opposition_jours,
    }


def donnees_du_papier(equipe: Organisation, orienteur: Organisation, grille: Grille) -> dict[str, Any]:
    """The blank fiche: the words of the form, in its order, with the grid of the équipe."""
    return {
        "version": VERSION_PAPIER,
        "equipe": _contact(equipe),
        "orienteur": {"nom": orienteur.nom},
        "grille": grille.numero,
        "civilites": [*_mots(Civilite), "Je ne sais pas"],
        "majeur": _mots(Majeur),
        "cotations": [[str(code), str(mot)] for code, mot in Cotation.choices],
        "sources": [[str(mot)[0], str(mot).lower()] for mot in Source.labels],
        "domaines": [
            [str(domaine.label), [[s.libelle, s.aide] for s in signaux]] for domaine, signaux in grille.par_domaine()
        ],
        "contexte": _mots(Contexte),
        "inquietude": list(range(11)),
        "modes": _mots(ModeInformation),
    }


def _mots(enumeration: Any) -> list[str]:
    return [str(mot) for mot in enumeration.labels]


def _contact(organisation: Organisation) -> dict[str, str]:
    return {
        "nom": organisation.nom,
        "adresse": organisation.adresse,
        "telephone": organisation.telephone,
        "courriel": organisation.courriel,
    }
