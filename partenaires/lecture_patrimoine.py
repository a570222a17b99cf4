"""What a file of résidences says: its columns, its lines, and what is wrong in them, in words for the responsable.

Two layouts are known by their headings, whatever their case and accents: our own template, and RPLS (the national
directory of social housing: one line a dwelling, grouped here by building; no tenant in it). Unknown columns are
ignored; RPLS has none for the secteur, and a file without that column leaves the secteurs as they are. Source: the
import layouts of the specification.
"""

import hashlib
import re
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Final

from partenaires.models.patrimoine import SECTEUR_MAXIMUM
from socle.classeurs import ClasseurRefuse
from socle.ecriture import INSECABLE
from socle.lectures import lire_tableau, plier

LIGNES_RPLS: Final = 200_000
RESIDENCES_MAXIMUM: Final = 50_000
ENTETES: Final = ("Référence", "Nom", "Adresse", "Code postal", "Code INSEE", "Commune", "Secteur")
EXEMPLES: Final = (("R-001", "Les Tilleuls", "1 allée des Tilleuls", "75020", "75120", "Paris 20e", "Agence Est"),)

# Column of ours: the headings that mean it, folded.
_MODELE: Final[dict[str, tuple[str, ...]]] = {
    "reference": ("reference", "ref", "referenceresidence", "codereference", "coderesidence", "identifiant"),
    "nom": ("nom", "nomresidence", "residence", "libelle", "nomdelaresidence"),
    "adresse": ("adresse", "adresseresidence", "voie", "numeroetvoie", "numeroetrue"),
    "code_postal": ("codepostal", "cp"),
    "code_insee": ("codeinsee", "insee", "codecommune", "codeinseecommune", "depcom"),
    "secteur": ("secteur", "agence", "agencesecteur", "secteuragence", "nomagence", "nomsecteur"),
}
_RPLS: Final = ("DEPCOM", "CODEPOSTAL", "NUMVOIE", "INDREP", "TYPVOIE", "NOMVOIE", "BAT", "IMMEU", "COMPLIDENT")
_OBLIGATOIRES_RPLS: Final = {"DEPCOM", "CODEPOSTAL", "NOMVOIE"}
_LIBELLES: Final = {
    "reference": "Référence", "nom": "Nom", "adresse": "Adresse", "code_postal": "Code postal",
    "code_insee": "Code INSEE", "secteur": "Secteur",
}  # fmt: skip
_TAILLES: Final = {"reference": 40, "nom": 120, "adresse": 200, "secteur": SECTEUR_MAXIMUM}
_INSEE: Final = re.compile(r"\d{5}|2[AB]\d{3}")
# Cities whose arrondissements are communes of ours: (code of the city) -> (start of the postcode, of the INSEE code).
_ARRONDISSEMENTS: Final = {"75056": ("750", "751"), "69123": ("6900", "6938"), "13055": ("130", "132")}


@dataclass(frozen=True, slots=True)
class Faute:
    """What is wrong: the row as a spreadsheet numbers it, the column, and what to write."""

    ligne: int
    colonne: str
    texte: str


@dataclass(frozen=True, slots=True)
class LigneLue:
    """A résidence as the file says it, in order; `secteur` is None when the file has no such column."""

    ligne: int
    reference: str
    nom: str
    adresse: str
    code_postal: str
    code_insee: str
    secteur: str | None = None

    @property
    def valeurs(self) -> list[str | int | None]:
        return [
            self.ligne, self.reference, self.nom, self.adresse, self.code_postal, self.code_insee, self.secteur,
        ]  # fmt: skip


@dataclass(frozen=True, slots=True)
class FichierLu:
    """What a file says: its layout, its good lines, its faults, and what all of them name (good or not)."""

    format: str
    lignes: list[LigneLue]
    fautes: list[Faute]
    citees: frozenset[str]
    rangees: int


def lire(octets: bytes) -> FichierLu:
    """Read a file of résidences; ClasseurRefuse, with a sentence, when nothing can be read in it."""
    table = lire_tableau(octets, LIGNES_RPLS)
    rang = next((n for n, ligne in enumerate(table[:20]) if any(ligne)), None)
    if rang is None:
        raise ClasseurRefuse("Ce fichier est vide.")
    entetes = table[rang]
    rangees = [(n, ligne) for n, ligne in enumerate(table[rang + 1 :], rang + 2) if any(ligne)]
    rpls = _colonnes_rpls(entetes)
    if rpls is not None:
        lignes, fautes, citees = _lire_rpls(rangees, rpls)
        genre = "RPLS"
    else:
        lignes, fautes, citees = _lire_modele(rangees, _colonnes(entetes))
        genre = "modèle"
    if not rangees:
        raise ClasseurRefuse("Ce fichier n’a que des titres de colonnes. Écrivez une résidence par ligne.")
    if len(lignes) > RESIDENCES_MAXIMUM:
        raise ClasseurRefuse("Ce fichier a plus de 50\u202f000 résidences. Coupez-le en plusieurs fichiers.")
    return FichierLu(genre, lignes, fautes, frozenset(citees), len(rangees))


def _colonnes(entetes: Sequence[str]) -> dict[str, int]:
    plies = [plier(e) for e in entetes]
    colonnes: dict[str, int] = {}
    for champ, noms in _MODELE.items():
        places = [n for n, plie in enumerate(plies) if plie in noms]
        if len(places) > 1:
            raise ClasseurRefuse(
                f"Deux colonnes veulent dire «{INSECABLE}{_LIBELLES[champ]}{INSECABLE}». Gardez-en une seule."
            )
        if places:
            colonnes[champ] = places[0]
    manquantes = [_LIBELLES[c] for c in ("nom", "adresse", "code_postal", "code_insee") if c not in colonnes]
    if manquantes:
        guillemets = ", ".join(f"«{INSECABLE}{m}{INSECABLE}»" for m in manquantes)
        raise ClasseurRefuse(f"Il manque à la première ligne{INSECABLE}: {guillemets}. Reprenez les titres du modèle.")
    return colonnes


def _colonnes_rpls(entetes: Sequence[str]) -> dict[str, int] | None:
    """The place of the RPLS columns, None for another layout. `X_LIBELLE` wins over `X`, and `X` over `X_CODE`."""
    trouvees: dict[str, int] = {}
    for suffixe in ("_CODE", "", "_LIBELLE"):
        for n, entete in enumerate(entetes):
            nom = entete.strip().upper()
            if nom.endswith(suffixe) and nom.removesuffix(suffixe) in _RPLS:
                # A commune and a postcode are codes: their label is not what we want.
                if suffixe == "_LIBELLE" and nom.removesuffix(suffixe) in ("DEPCOM", "CODEPOSTAL"):
                    continue
                trouvees[nom.removesuffix(suffixe)] = n
    return trouvees if trouvees.keys() >= _OBLIGATOIRES_RPLS else None


_Lues = tuple[list[LigneLue], list[Faute], Iterable[str]]


def _lire_modele(rangees: list[tuple[int, list[str]]], colonnes: dict[str, int]) -> _Lues:
    lignes: list[LigneLue] = []
    fautes: list[Faute] = []
    references: dict[str, int] = {}
    noms: dict[str, int] = {}
    for numero, cellules in rangees:
        v = {champ: _cellule(cellules, n) for champ, n in colonnes.items()}
        v.setdefault("reference", "")
        v["code_postal"] = _zeros(v["code_postal"])
        v["code_insee"] = arrondissement(_zeros(v["code_insee"].upper()), v["code_postal"])
        siennes = [Faute(numero, _LIBELLES[champ], texte) for champ, texte in _fautes_de(v)]
        for champ, vues in (("reference", references), ("nom", noms)):
            if v[champ] and v[champ] in vues:
                texte = f"«{INSECABLE}{v[champ]}{INSECABLE}» est déjà à la ligne{INSECABLE}{vues[v[champ]]}. "
                suite = "Une référence désigne une seule résidence." if champ == "reference" else "Distinguez les noms."
                siennes.append(Faute(numero, _LIBELLES[champ], texte + suite))
            elif v[champ]:
                vues[v[champ]] = numero
        fautes += siennes
        if not siennes:
            lignes.append(LigneLue(numero, **v))
    return lignes, fautes, (*references, *noms)


def _fautes_de(v: dict[str, str]) -> Iterator[tuple[str, str]]:
    for champ, taille in _TAILLES.items():
        if champ not in v:
            continue
        if v[champ][:1] in ("=", "@") or v[champ][:2] in ("+=", "-="):
            yield champ, f"«{INSECABLE}{v[champ][:30]}{INSECABLE}» est une formule. Écrivez la valeur elle-même."
        elif len(v[champ]) > taille:
            yield champ, f"Écrivez au plus {taille} caractères."
    if not v["nom"]:
        yield "nom", "Écrivez le nom de la résidence."
    if not v["adresse"]:
        yield "adresse", "Écrivez le numéro et la rue."
    if not re.fullmatch(r"\d{5}", v["code_postal"], re.ASCII):
        yield "code_postal", "Écrivez les cinq chiffres du code postal, par exemple 75020."
    if not _INSEE.fullmatch(v["code_insee"]) or not v["code_insee"].isascii():
        yield "code_insee", "Écrivez les cinq caractères du code INSEE, par exemple 75120 pour Paris 20e."
    elif v["code_insee"] in _ARRONDISSEMENTS:
        yield "code_insee", "Écrivez le code de l’arrondissement, par exemple 75120 pour Paris 20e."


def _lire_rpls(rangees: list[tuple[int, list[str]]], colonnes: dict[str, int]) -> _Lues:
    """One résidence a building: same commune, same address, same building. Its reference is made of them."""
    par_cle: dict[tuple[str, ...], LigneLue] = {}
    noms: dict[str, tuple[str, ...]] = {}
    vues: set[tuple[str, ...]] = set()
    citees: set[str] = set()
    fautes: list[Faute] = []
    for numero, cellules in rangees:
        v = {nom: _cellule(cellules, n) for nom, n in colonnes.items()}
        postal = _zeros(v["CODEPOSTAL"])
        insee = arrondissement(_zeros(v["DEPCOM"].upper()), postal)
        voie = [v.get(nom, "") for nom in ("NUMVOIE", "INDREP", "TYPVOIE", "NOMVOIE")]
        batiment = v.get("BAT", "")
        cle = tuple(plier(x) for x in (insee, *voie, batiment))
        if cle in vues:  # another dwelling of the same building
            continue
        vues.add(cle)
        adresse = " ".join(filter(None, voie))[:200]
        nom = (v.get("IMMEU", "") or adresse)[:80]
        if batiment:
            nom = f"{nom}, bât. {batiment}"
        if noms.setdefault(nom, cle) != cle:
            nom = f"{nom} ({adresse})"[:110]
            if noms.setdefault(nom, cle) != cle:
                nom = f"{nom} {insee}"
                noms.setdefault(nom, cle)
        reference = "RPLS-" + hashlib.sha256("|".join(cle).encode()).hexdigest()[:16]
        lue = {
            "reference": reference, "nom": nom[:120], "adresse": adresse, "code_postal": postal, "code_insee": insee,
        }  # fmt: skip
        citees |= {reference, lue["nom"]}
        siennes = [Faute(numero, _COLONNE_RPLS[champ], texte) for champ, texte in _fautes_de(lue)]
        fautes += siennes
        if not siennes:
            par_cle[cle] = LigneLue(numero, **lue)
    return list(par_cle.values()), fautes, citees


_COLONNE_RPLS: Final = {
    "reference": "NOMVOIE", "nom": "IMMEU", "adresse": "NOMVOIE", "code_postal": "CODEPOSTAL", "code_insee": "DEPCOM",
}  # fmt: skip


def arrondissement(insee: str, postal: str) -> str:
    """The arrondissement that a postcode of Paris, Lyon or Marseille names, otherwise the same code."""
    prefixes = _ARRONDISSEMENTS.get(insee)
    if prefixes and postal.startswith(prefixes[0]):
        return prefixes[1] + postal[len(prefixes[0]) :]
    return insee


def _cellule(cellules: Sequence[str], n: int) -> str:
    return re.sub(r"\s+", " ", cellules[n]).strip() if n < len(cellules) else ""


def _zeros(code: str) -> str:
    """A code that a spreadsheet took for a number: « 1000 » is 01000."""
    return code.zfill(5) if len(code) == 4 and code.isascii() and code.isdigit() else code
