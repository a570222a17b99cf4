"""What a public directory says: the FINESS extraction, or the structures and services of data·inclusion.

Read line after line, whatever the size: only what the filters keep stays in memory. Known by their content: columns may
be added, values may be new (said, not refused). Names of contact persons are not read. Source: the import layouts of
the specification.
"""

import io
import re
import zipfile
from collections import Counter
from dataclasses import asdict, dataclass, field
from typing import Any, Final

from django.core.exceptions import ValidationError
from django.core.validators import URLValidator, validate_email

from partenaires.enums import GenrePartenaire, SourceStructure
from partenaires.fichiers_annuaire import genre_de, lignes, objets
from partenaires.lecture_patrimoine import Faute, arrondissement
from partenaires.nomenclature import FINESS, RESEAUX, theme_utile
from socle.classeurs import ClasseurRefuse
from socle.ecriture import INSECABLE

RETENUES_MAXIMUM: Final = 5_000
FAUTES_MAXIMUM: Final = 500
SERVICES_MAXIMUM: Final = 12  # of one structure: the page names them
# Place of what is read in a line of FINESS, after its first cell (the name of the section).
_FINESS: Final = {
    "ref": 1, "nom": 3, "nom_long": 4, "numero": 7, "type_voie": 8, "voie": 9, "complement": 10, "lieu_dit": 11,
    "commune": 12, "departement": 13, "acheminement": 15, "telephone": 16, "categorie": 18, "siret": 22,
    "source_le": 30,
}  # fmt: skip
# FINESS writes « RTE » and « PL »: what they stand for. The others stay as they are.
_VOIES: Final = {
    "ALL": "allée", "AV": "avenue", "BD": "boulevard", "CHE": "chemin", "CRS": "cours", "IMP": "impasse", "PL": "place",
    "QU": "quai", "R": "rue", "RTE": "route", "SQ": "square", "VLA": "villa",
}  # fmt: skip


@dataclass(slots=True)
class LigneStructure:
    """A structure as its directory says it."""

    ligne: int
    ref: str
    genre: str
    nom: str
    adresse: str = ""
    code_postal: str = ""
    commune: str = ""
    code_insee: str = ""
    telephone: str = ""
    courriel: str = ""
    site: str = ""
    horaires: str = ""
    siret: str = ""
    source_le: str = ""
    themes: str = ""
    services: list[dict[str, Any]] = field(default_factory=list)

    @property
    def valeurs(self) -> dict[str, Any]:
        return asdict(self)


@dataclass(frozen=True, slots=True)
class Filtres:
    """Kinds that are kept, and where: communes by INSEE code, or whole départements."""

    genres: frozenset[str]
    communes: frozenset[str] = frozenset()
    departements: frozenset[str] = frozenset()

    def dans(self, code_insee: str) -> bool:
        return code_insee in self.communes or departement_de(code_insee) in self.departements


@dataclass(slots=True)
class AnnuaireLu:
    """What a file gives: the structures kept, what is wrong by line, what is new in words, what was left aside."""

    source: str
    lignes: dict[str, LigneStructure] = field(default_factory=dict)
    fautes: list[Faute] = field(default_factory=list)
    inconnus: Counter[str] = field(default_factory=Counter)
    rangees: int = 0
    hors_genre: int = 0
    hors_territoire: int = 0

    def faute(self, ligne: int, colonne: str, texte: str) -> None:
        if len(self.fautes) < FAUTES_MAXIMUM:
            self.fautes.append(Faute(ligne, colonne, texte))

    def garder(self, lue: LigneStructure, filtres: Filtres) -> None:
        if lue.genre not in filtres.genres:
            self.hors_genre += 1
        elif not filtres.dans(lue.code_insee):
            self.hors_territoire += 1
        else:
            if lue.ref in self.lignes:
                self.faute(lue.ligne, "Identifiant", f"Cette structure est déjà à la ligne{INSECABLE}"
                           f"{self.lignes[lue.ref].ligne}{INSECABLE}: la dernière est gardée.")  # fmt: skip
            self.lignes[lue.ref] = lue
        if len(self.lignes) > RETENUES_MAXIMUM:
            raise ClasseurRefuse(
                "Plus de 5\u202f000 structures répondent à ces choix. Choisissez moins de genres ou de communes."
            )


def departement_de(code_insee: str) -> str:
    """The département of a commune, three characters overseas."""
    return code_insee[:3] if code_insee.startswith("97") else code_insee[:2]


def lire(paquet: bytes, filtres: Filtres) -> AnnuaireLu:
    """Read a directory; ClasseurRefuse, with a sentence, when nothing can be read in it."""
    with zipfile.ZipFile(io.BytesIO(paquet)) as zip_:
        genres = {membre: genre_de(zip_, membre) for membre in zip_.namelist()}
        finess = [m for m, g in genres.items() if g == "finess"]
        structures = [m for m, g in genres.items() if g == "structures"]
        services = [m for m, g in genres.items() if g == "services"]
        if finess:
            lu = AnnuaireLu(SourceStructure.FINESS)
            for membre in finess:
                _lire_finess(zip_, membre, filtres, lu)
        elif structures:
            lu = AnnuaireLu(SourceStructure.DATA_INCLUSION)
            par_structure: dict[str, list[dict[str, Any]]] = {}
            for membre in services:
                _lire_services(zip_, membre, par_structure, lu)
            for membre in structures:
                _lire_structures(zip_, membre, par_structure, filtres, lu)
        elif services:
            raise ClasseurRefuse("Ce fichier ne contient que des services. Joignez aussi le fichier des structures.")
        else:
            raise ClasseurRefuse(
                "Ce fichier n’est ni une extraction FINESS, ni un fichier de structures de data·inclusion."
            )
    return lu


# FINESS ----------------------------------------------------------------------------------------------------------


def _lire_finess(zip_: zipfile.ZipFile, membre: str, filtres: Filtres, lu: AnnuaireLu) -> None:
    for numero, texte in lignes(zip_, membre, lu.faute):
        cellules = texte.rstrip("\r\n").split(";")
        if cellules[0] != "structureet":
            continue  # the head of the file, or the section of coordinates
        lu.rangees += 1
        if len(cellules) <= _FINESS["categorie"]:
            lu.faute(numero, "Ligne", "Elle est coupée : il manque des colonnes.")
            continue
        v = {nom: cellules[n].strip() if n < len(cellules) else "" for nom, n in _FINESS.items()}
        genre = FINESS.get(v["categorie"])
        if genre is None:
            lu.hors_genre += 1
            continue
        postal, _, ville = v["acheminement"].partition(" ")
        insee = arrondissement(_insee_finess(v["departement"], v["commune"]), postal)
        if "\ufffd" in v["nom"] + v["nom_long"]:
            lu.faute(numero, "Raison sociale", "Des lettres du nom sont perdues : ligne écartée, à corriger à la main.")
            continue
        if not re.fullmatch(r"\d{9}|2[AB]\d{7}", v["ref"]) or not v["nom"]:
            lu.faute(numero, "Identifiant", "Le numéro FINESS ou le nom manque : ligne écartée.")
            continue
        voie = " ".join(
            filter(None, (v["numero"], _VOIES.get(v["type_voie"], v["type_voie"].lower()), _rue(v["voie"])))
        )
        lu.garder(
            LigneStructure(
                numero, v["ref"], genre.value, _mots(v["nom_long"] or v["nom"])[:150],
                adresse=(voie or _mots(v["lieu_dit"]))[:200], code_postal=_postal(postal),
                commune=_mots(re.sub(r"\s+CEDEX.*$", "", ville))[:80], code_insee=insee,
                telephone=_telephone(v["telephone"], numero, lu), siret=_siret(v["siret"]),
                source_le=_jour(v["source_le"]),
            ),
            filtres,
        )  # fmt: skip


def _insee_finess(departement: str, commune: str) -> str:
    """« 75 » and « 113 » give 75113; overseas, « 9A » and « 101 » give 97101."""
    if re.fullmatch(r"9[A-F]", departement):
        return f"97{commune}"
    return f"{departement.zfill(2)}{commune}"


# data·inclusion --------------------------------------------------------------------------------------------------


def _lire_services(
    zip_: zipfile.ZipFile, membre: str, par_structure: dict[str, list[dict[str, Any]]], lu: AnnuaireLu
) -> None:
    """The useful services, by structure: theme, kind of service, price, public, how one comes."""
    for numero, objet in objets(zip_, membre, lu.faute):
        themes = _liste(objet.get("thematiques"))
        utiles = sorted({dit for t in themes if (dit := theme_utile(t))})
        ref = _ref(objet, "structure_id")
        if not utiles or not ref:
            continue
        siens = par_structure.setdefault(ref, [])
        if len(siens) < SERVICES_MAXIMUM:
            siens.append({"nom": _court(objet.get("nom"), 150) or "Service", "themes": utiles, "lignes": _dits(objet)})
        else:
            lu.inconnus[f"Services au-delà de {SERVICES_MAXIMUM} par structure"] += 1
        del numero


_LIGNES_DE_SERVICE: Final = (
    ("Type", ("type", "types")), ("Frais", ("frais", "frais_precisions")), ("Publics", ("publics", "profils")),
    ("Accueil", ("modes_accueil",)), ("Pour y aller", ("modes_mobilisation",)), ("Conditions", ("conditions_acces",)),
)  # fmt: skip


def _dits(objet: dict[str, Any]) -> list[str]:
    """What the page says of a service, a line each."""
    lignes = []
    for libelle, noms in _LIGNES_DE_SERVICE:
        valeurs = [v.replace("-", " ") for nom in noms for v in _liste(objet.get(nom))]
        if valeurs:
            lignes.append(f"{libelle}{INSECABLE}: {', '.join(valeurs)}"[:300])
    return lignes


def _lire_structures(
    zip_: zipfile.ZipFile,
    membre: str,
    par_structure: dict[str, list[dict[str, Any]]],
    filtres: Filtres,
    lu: AnnuaireLu,
) -> None:
    for numero, objet in objets(zip_, membre, lu.faute):
        lu.rangees += 1
        ref, nom = _ref(objet, "id"), _court(objet.get("nom"), 150)
        reseaux = _liste(objet.get("reseaux_porteurs"))
        for reseau in reseaux:
            if reseau not in RESEAUX:
                lu.inconnus[f"Réseau «{INSECABLE}{reseau[:60]}{INSECABLE}»"] += 1
        services = par_structure.get(ref, [])
        genre = next((RESEAUX[r] for r in reseaux if r in RESEAUX), GenrePartenaire.ASSOCIATION if services else None)
        if genre is None:
            lu.hors_genre += 1
            continue
        if not ref or len(nom) < 3 or "\ufffd" in nom:
            lu.faute(numero, "Nom", "L’identifiant ou le nom manque, ou des lettres sont perdues : ligne écartée.")
            continue
        postal = _court(objet.get("code_postal"), 5)
        themes = sorted({t for s in services for t in s["themes"]})
        rue = " ".join(filter(None, (_court(objet.get("adresse"), 150), _court(objet.get("complement_adresse"), 48))))
        lu.garder(
            LigneStructure(
                numero, ref, genre.value, nom, adresse=rue, code_postal=_postal(postal),
                commune=_court(objet.get("commune"), 80), code_insee=arrondissement(_insee(objet, numero, lu), postal),
                telephone=_telephone(_court(objet.get("telephone"), 40), numero, lu),
                courriel=_courriel(_court(objet.get("courriel"), 254), numero, lu),
                site=_site(_court(objet.get("site_web"), 200)),
                horaires=_court(objet.get("horaires_accueil") or objet.get("horaires_ouverture"), 300),
                siret=_siret(_court(objet.get("siret"), 14)), source_le=_jour(_court(objet.get("date_maj"), 30)),
                themes=", ".join(themes)[:300],
                services=[{"nom": s["nom"], "lignes": [", ".join(s["themes"]), *s["lignes"]]} for s in services],
            ),
            filtres,
        )  # fmt: skip


def _ref(objet: dict[str, Any], champ: str) -> str:
    """The identifier with its source: « soliguide--12 ». Recent files write both together already."""
    cle, source = _court(objet.get(champ), 90), _court(objet.get("source"), 28)
    return cle if not cle or not source or cle.startswith(f"{source}--") else f"{source}--{cle}"


def _insee(objet: dict[str, Any], numero: int, lu: AnnuaireLu) -> str:
    code = _court(objet.get("code_insee"), 5).upper()
    if code and not re.fullmatch(r"\d{5}|2[AB]\d{3}", code):
        lu.faute(numero, "code_insee", f"«{INSECABLE}{code}{INSECABLE}» n’est pas un code de commune.")
        return ""
    return code


# Cells -----------------------------------------------------------------------------------------------------------


def _court(valeur: object, maximum: int) -> str:
    return re.sub(r"\s+", " ", str(valeur)).strip()[:maximum] if valeur not in (None, "", []) else ""


def _liste(valeur: object) -> list[str]:
    """A list, whichever way it is written: JSON, « {a,b} », « a|b », « a,b », or one value."""
    if isinstance(valeur, list):
        return [str(v).strip() for v in valeur if str(v).strip()]
    texte = _court(valeur, 2000).strip("{}[]")
    return [v.strip(" \"'") for v in re.split(r"[,|]", texte) if v.strip(" \"'")]


_ARTICLES: Final = frozenset({"D", "DE", "DES", "DU", "L", "LA", "LE", "LES", "ET", "AU", "AUX", "A", "EN", "SUR"})


def _elide(texte: str) -> str:
    """« de l Étang » is « de l’Étang »: capitals come without apostrophes."""
    return re.sub(r"\b([dlDL]) (?=[AEIOUYÉÈÊÎÔHaeiouyéèêîô])", "\\1’", texte)


def _mots(texte: str) -> str:
    """FINESS writes in capitals: « CMP LES ACACIAS » reads « CMP les Acacias »; acronyms come first."""
    return _elide(" ".join(
        m if not m.isupper() or (n == 0 and len(m) <= 5 and m not in _ARTICLES)
        else m.lower() if m in _ARTICLES and n else m.capitalize()
        for n, m in enumerate(texte.split())
    ))  # fmt: skip


def _rue(texte: str) -> str:
    """The name of a street, after its kind: no acronym there."""
    return _elide(" ".join(
        m.lower() if m in _ARTICLES else m.capitalize() if m.isupper() else m for m in texte.split()
    ))  # fmt: skip


def _telephone(saisie: str, numero: int, lu: AnnuaireLu) -> str:
    chiffres = re.sub(r"[\s.\-()/]", "", saisie)
    chiffres = "0" + chiffres[3:] if chiffres.startswith("+33") else chiffres
    chiffres = "0" + chiffres if re.fullmatch(r"[1-9]\d{8}", chiffres) else chiffres
    if re.fullmatch(r"0\d{9}", chiffres):
        return " ".join(chiffres[i : i + 2] for i in range(0, 10, 2))
    if re.fullmatch(r"\d{4}", chiffres):
        return f"{chiffres[:2]} {chiffres[2:]}"
    if chiffres:
        lu.faute(numero, "Téléphone", f"«{INSECABLE}{saisie[:30]}{INSECABLE}» n’est pas un numéro : laissé vide.")
    return ""


def _courriel(saisie: str, numero: int, lu: AnnuaireLu) -> str:
    if not saisie:
        return ""
    try:
        validate_email(saisie)
    except ValidationError:
        lu.faute(numero, "Adresse électronique", "Elle est incomplète : laissée vide.")
        return ""
    return saisie


def _site(saisie: str) -> str:
    adresse = saisie if "://" in saisie or not saisie else f"https://{saisie}"
    try:
        URLValidator(schemes=["http", "https"])(adresse)
    except ValidationError:
        return ""
    return adresse


def _postal(saisie: str) -> str:
    return saisie if re.fullmatch(r"\d{5}", saisie) else ""


def _siret(saisie: str) -> str:
    return saisie if re.fullmatch(r"\d{14}", saisie) else ""


def _jour(saisie: str) -> str:
    trouve = re.match(r"\d{4}-(0[1-9]|1[0-2])-(0[1-9]|[12]\d|3[01])", saisie)
    return trouve[0] if trouve else ""
