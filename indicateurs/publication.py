"""What a bilan publishes, and nothing else: typed values, their JSON form, and the hash that names them.

A withheld table keeps its title and its headings: its cells are None, whatever the reason. The JSON is canonical
(sorted keys, no spaces): the same values give the same SHA-256.
"""

import hashlib
import json
from collections.abc import Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date
from typing import Any, Final, Self

from indicateurs.mesures import Mesures
from indicateurs.models import Periode
from indicateurs.secret import Relations, Tableau, choisir, connus, verifier
from indicateurs.tableaux import connaissances, construire, relations

METHODE: Final = "1.1"  # version of docs/methode.md; a change of definition changes it
FORME: Final = 1
DECIMALES: Final = 4


@dataclass(frozen=True, slots=True)
class TableauPublie:
    """A table as everybody may read it: `cellules` is None when it is withheld, `indices` empty when they are."""

    titre: str
    population: str
    lignes: tuple[str, ...]
    colonnes: tuple[str, ...]
    cellules: tuple[tuple[int, ...], ...] | None
    indices: Mapping[str, float]

    @property
    def est_masque(self) -> bool:
        return self.cellules is None

    @property
    def total(self) -> int | None:
        """The population; None when the table is withheld."""
        return None if self.cellules is None else sum(sum(rangee) for rangee in self.cellules)

    def nombre(self, i: int, j: int = 0) -> int | None:
        """A cell; None when the table is withheld."""
        return None if self.cellules is None else self.cellules[i][j]


@dataclass(frozen=True, slots=True)
class Publication:
    """A bilan: who, when, by which method, and its tables by code.

    `ensembles`: the number of each set that the tables make known, which the neighbouring bilans are checked against.
    `domaines` and `signaux`: codes and labels of the grid, in its order.
    """

    identifiant: str
    methode: str
    equipe: str
    territoires: tuple[str, ...]
    debut: date
    fin: date
    etabli_le: date
    domaines: tuple[tuple[str, str], ...]
    signaux: tuple[tuple[str, str], ...]
    tableaux: Mapping[str, TableauPublie]
    ensembles: Mapping[str, int]

    @property
    def periode(self) -> Periode:
        return Periode.de(self.debut, self.fin)

    def tableau(self, *codes: str) -> TableauPublie:
        """The first of these tables that is published, otherwise the first of them, withheld."""
        trouves = [self.tableaux[code] for code in codes]
        return next((t for t in trouves if not t.est_masque), trouves[0])

    def nombre(self, code: str, i: int = 0, j: int = 0) -> int | None:
        """A cell of a table; None when it is withheld, or when the bilan does not have it."""
        tableau = self.tableaux.get(code)
        return None if tableau is None else tableau.nombre(i, j)

    def connus(self) -> dict[str, int]:
        """Every number of a person that it tells: its sets by name, and the cells of its tables."""
        cases = {
            f"{code}/{i}/{j}": n
            for code, t in self.tableaux.items()
            for i, rangee in enumerate(t.cellules or ())
            for j, n in enumerate(rangee)
        }
        return cases | dict(self.ensembles)

    def json(self) -> dict[str, Any]:
        """The form that is stored and hashed."""
        donnees = asdict(self)
        for jour in ("debut", "fin", "etabli_le"):
            donnees[jour] = donnees[jour].isoformat()
        donnees["forme"] = FORME
        lu: dict[str, Any] = json.loads(json.dumps(donnees))  # tuples become lists, as they will be read back
        return lu

    @classmethod
    def depuis(cls, donnees: Mapping[str, Any]) -> Self:
        """From the stored form; ValueError for a form that this version does not know."""
        if donnees.get("forme") != FORME:
            raise ValueError(f"Unknown form of a bilan: {donnees.get('forme')!r}.")
        champs = {cle: valeur for cle, valeur in donnees.items() if cle != "forme"}
        for jour in ("debut", "fin", "etabli_le"):
            champs[jour] = date.fromisoformat(champs[jour])
        for liste in ("territoires", "domaines", "signaux"):
            champs[liste] = tuple(tuple(v) if isinstance(v, list) else v for v in champs[liste])
        champs["tableaux"] = {
            code: TableauPublie(
                titre=t["titre"],
                population=t["population"],
                lignes=tuple(t["lignes"]),
                colonnes=tuple(t["colonnes"]),
                cellules=None if t["cellules"] is None else tuple(tuple(rangee) for rangee in t["cellules"]),
                indices=t["indices"],
            )
            for code, t in champs["tableaux"].items()
        }
        return cls(**champs)


def empreinte(donnees: Mapping[str, Any]) -> str:
    """SHA-256, in hexadecimal, of the canonical JSON."""
    canonique = json.dumps(donnees, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    return hashlib.sha256(canonique.encode()).hexdigest()


@dataclass(frozen=True, slots=True)
class Contexte:
    """Who a bilan is about, and what readers know already."""

    identifiant: str
    equipe: str
    territoires: tuple[str, ...]
    periode: Periode
    etabli_le: date
    avant: Mapping[str, int]
    apres: Mapping[str, int]
    suivant_annuel: bool = False


def interne(tableaux: Sequence[Tableau], liens: Relations, mesures: Mesures, contexte: Contexte) -> Publication:
    """The same tables with every number, for the équipe's own eyes: in the form of a publication, never stored."""
    return _ecrire(tableaux, liens, tableaux, mesures, contexte)


def etablir(tableaux: Sequence[Tableau], liens: Relations, mesures: Mesures, contexte: Contexte) -> Publication:
    """Apply the secrecy: the tables to publish with their numbers, the others with their headings only.

    The choice is audited again as a whole; RefusDePublier if it told a small number all the same.
    """
    lecteurs = connaissances(mesures)
    choisis = choisir(tableaux, liens, lecteurs)
    verifier(choisis, tableaux, liens, lecteurs)
    return _ecrire(tableaux, liens, choisis, mesures, contexte)


def _ecrire(
    tableaux: Sequence[Tableau],
    liens: Relations,
    choisis: Sequence[Tableau],
    mesures: Mesures,
    contexte: Contexte,
) -> Publication:
    publies = {t.code for t in choisis}
    return Publication(
        identifiant=contexte.identifiant,
        methode=METHODE,
        equipe=contexte.equipe,
        territoires=contexte.territoires,
        debut=contexte.periode.debut,
        fin=contexte.periode.fin,
        etabli_le=contexte.etabli_le,
        domaines=tuple((code, mesures.grille.libelle(code)) for code in mesures.grille.domaines()),
        signaux=tuple((code, libelle) for code, (_, libelle) in mesures.grille.signaux.items()),
        tableaux={t.code: _publier(t, t.code in publies, sans_seuil=choisis is tableaux) for t in tableaux},
        ensembles={nom: n for nom, n in sorted(connus(choisis, liens).items()) if "/" not in nom},
    )


def tables(mesures: Mesures, contexte: Contexte) -> tuple[list[Tableau], Relations]:
    """The tables of this period and what links them, with what the neighbouring bilans already tell."""
    annuel = contexte.periode.est_annuelle
    exterieurs = {f"avant/{nom}": n for nom, n in contexte.avant.items()}
    exterieurs |= {f"apres/{nom}": n for nom, n in contexte.apres.items()}
    return construire(mesures, annuel=annuel), relations(
        mesures, annuel=annuel, exterieurs=exterieurs, suivant_annuel=contexte.suivant_annuel
    )


def _publier(tableau: Tableau, publie: bool, *, sans_seuil: bool) -> TableauPublie:
    indices = (tableau.indices if sans_seuil else tableau.indices_publiables) if publie else {}
    return TableauPublie(
        titre=tableau.titre,
        population=tableau.population,
        lignes=tableau.lignes,
        colonnes=tableau.colonnes,
        cellules=tableau.cellules if publie else None,
        indices={nom: round(valeur, DECIMALES) for nom, valeur in indices.items()},
    )
