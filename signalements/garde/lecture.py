"""Read a text against the list: which words, why, in which sentence. Nothing is kept, nothing is logged."""

import hashlib
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Final

from signalements.garde.lexique import Categorie, Lexique, Motif, lexique
from signalements.garde.mots import Mot, cle, decouper, nettoyer, phrase_de, serrer
from signalements.garde.nombres import reperer
from signalements.garde.propres import est_du_nom, propres, role_dit

SAUTS: Final = 3  # adverbs that may stand between two words of an expression
EPELE: Final = 4  # letters standing alone from which they are read as one word
RECOLLE: Final = 6  # letters of a word cut in two by a sign, at least
DANS_UN_NOM: Final = frozenset({"sante", "addiction", "danger", "infraction", "nir", "coordonnees"})
NOM_LONG: Final = 8  # letters from which a word of the list is nobody's name
PLUS_LONGUE: Final = 24  # letters looked at from each letter of a spelled word


@dataclass(frozen=True, slots=True)
class Contexte:
    """What the form knows: who the fiche is about (her name is not a stranger's), and names of places."""

    personne: tuple[str, ...] = ()
    noms: tuple[str, ...] = ()


RIEN: Final = Contexte()


@dataclass(frozen=True, slots=True)
class Formulation:
    """Words to rephrase: as written, the sentence they stand in, why, and what to write instead."""

    mot: str
    phrase: str
    categorie: Categorie
    conseil: str
    debut: int
    fin: int

    @property
    def raison(self) -> str:
        return self.categorie.raison

    @property
    def empreinte(self) -> str:
        """What a confirmation names: this sentence, whatever its spaces and accents; another one asks again."""
        mots = " ".join(m.plie for m in decouper(self.phrase))
        return hashlib.sha256(mots.encode()).hexdigest()[:16]


@dataclass(slots=True)
class Compte:
    """Elementary comparisons made, so that a test can bound them."""

    pas: int = 0


@dataclass(slots=True)
class _Trouvee:
    debut: int
    fin: int
    categorie: Categorie
    conseil: str
    mots: range = field(default_factory=lambda: range(0))


def lire(texte: str, contexte: Contexte = RIEN, *, compte: Compte | None = None) -> list[Formulation]:
    """The formulations to review of a text, in its order; those inside a longer one are not repeated."""
    compte = compte or Compte()
    texte = nettoyer(texte)
    mots = decouper(texte)
    pris, personnes = propres(mots, (*contexte.noms, *contexte.personne))
    trouvees = list(_expressions(mots, pris, compte))
    trouvees += _tiers(mots, personnes, contexte)
    categories = lexique().categories
    for code, debut, fin in reperer(texte):
        trouvees.append(_Trouvee(debut, fin, categories[code], categories[code].conseil))
    return [
        Formulation(texte[t.debut : t.fin], phrase_de(texte, t.debut, t.fin), t.categorie, t.conseil, t.debut, t.fin)
        for t in _plus_longues(trouvees)
    ]


def lire_nom(nom: str) -> list[Formulation]:
    """What a field made for a name says besides it. Short words are left alone: they are surnames too."""
    return [f for f in lire(nom) if f.categorie.code in DANS_UN_NOM and f.fin - f.debut >= NOM_LONG]


def _expressions(mots: Sequence[Mot], pris: Sequence[bool], compte: Compte) -> Iterator[_Trouvee]:
    lu = lexique()
    trouvees: list[tuple[int, range]] = []
    exceptions: dict[int, set[int]] = {}
    for i, mot in enumerate(mots):
        for rang in lu.commencent(mot):
            motif = lu.motifs[rang]
            fin = _suivre(motif, mots, i, lu, compte)
            if fin and motif.sauf:
                exceptions.setdefault(motif.rang, set()).update(range(i, fin))
            elif fin:
                trouvees.append((motif.rang, range(i, fin)))
    trouvees += _epeles(mots, lu, compte)
    for rang, place in trouvees:
        if any(pris[k] for k in place) or not exceptions.get(rang, set()).isdisjoint(place):
            continue
        expression = lu.expressions[rang]
        yield _Trouvee(mots[place[0]].debut, mots[place[-1]].fin, expression.categorie, expression.conseil, place)


def _suivre(motif: Motif, mots: Sequence[Mot], i: int, lu: Lexique, compte: Compte) -> int:
    """Where the pattern that may begin at `i` ends, at the furthest; 0 when it does not follow."""
    places, adverbes, fin, sauts = motif.places, lu.outils["adverbe"], 0, 0
    etats = _fermer({0}, motif)
    for j in range(i, len(mots)):
        mot = mots[j]
        if j > i and mot.apres_une_pause:
            break
        compte.pas += len(etats)
        suivants = {p + 1 for p in etats if p < len(places) and places[p].accepte(mot, lu.longueurs)}
        if j > i and mot.plie in adverbes and sauts < SAUTS:
            sauts += 1
            suivants |= etats - {len(places)}
        etats = _fermer(suivants, motif)
        if suivants and len(places) in etats:
            fin = j + 1
        if not etats - {len(places)}:
            break
    return fin


def _fermer(etats: set[int], motif: Motif) -> set[int]:
    """With the places that may be left out."""
    tous = set(etats)
    for p, place in enumerate(motif.places):
        if p in tous and place.facultative:
            tous.add(p + 1)
    return tous


def _epeles(mots: Sequence[Mot], lu: Lexique, compte: Compte) -> list[tuple[int, range]]:
    """Words of the list spelled (« a.l.c.o.o.l ») or cut by a sign (« alcoo-lique »)."""
    trouvees: list[tuple[int, range]] = []
    i = 0
    while i < len(mots):
        fin = i
        while fin < len(mots) and len(mots[fin].ecrit) == 1 and (fin == i or len(mots[fin].avant) <= 3):
            fin += 1
        if fin - i >= EPELE:
            trouvees += _dans_l_epele(mots, i, fin, lu, compte)
        for nombre in (2, 3):
            suite = mots[i : i + nombre]
            if len(suite) == nombre and all(m.colle for m in suite[1:]):
                compte.pas += 1
                rang = _seul("".join(m.plie for m in suite), lu, RECOLLE)
                if rang is not None:
                    trouvees.append((rang, range(i, i + nombre)))
        i = max(fin, i + 1)
    return trouvees


def _dans_l_epele(mots: Sequence[Mot], i: int, fin: int, lu: Lexique, compte: Compte) -> Iterator[tuple[int, range]]:
    """One word of the list inside letters that stand alone: from each letter, the longest first."""
    lettres = "".join(m.plie[:1] for m in mots[i:fin])
    k = 0
    while k < len(lettres):
        compte.pas += 1
        if lettres[k : k + EPELE] in lu.debuts:
            for n in range(min(PLUS_LONGUE, len(lettres) - k), EPELE - 1, -1):
                compte.pas += 1
                rang = _seul(lettres[k : k + n], lu, EPELE)
                if rang is not None:
                    yield rang, range(i + k, i + k + n)
                    k += n - 1
                    break
        k += 1


def _seul(mot: str, lu: Lexique, minimum: int) -> int | None:
    """The expression that one whole word is, when it is long enough not to be one by chance."""
    if len(mot) < minimum:
        return None
    exact = lu.simples.get(cle(mot))
    if exact is not None:
        return exact
    serre = serrer(mot)
    return next((r for n in lu.longueurs if (r := lu.simples_racines.get(serre[:n])) is not None), None)


def _tiers(mots: Sequence[Mot], personnes: Iterable[tuple[int, int]], contexte: Contexte) -> Iterator[_Trouvee]:
    """People named with a civility who are not the person of the fiche."""
    categorie = lexique().categories["tiers"]
    for debut, fin in personnes:
        nom = mots[debut + 1 : fin]
        if not est_du_nom(nom, contexte.personne) and not role_dit(nom):
            yield _Trouvee(mots[debut].debut, mots[fin - 1].fin, categorie, categorie.conseil)


def _plus_longues(trouvees: Iterable[_Trouvee]) -> list[_Trouvee]:
    """Without what stands inside a longer one."""
    gardees: list[_Trouvee] = []
    for une in sorted(trouvees, key=lambda t: (t.debut, -t.fin)):
        if not gardees or une.fin > gardees[-1].fin:
            if gardees and une.debut < gardees[-1].fin and une.fin - une.debut > gardees[-1].fin - gardees[-1].debut:
                gardees[-1] = une
            elif not gardees or une.debut >= gardees[-1].fin:
                gardees.append(une)
    return gardees
