"""A directory beside the annuaire of an équipe: what is new, changed, the same, gone; then its writing.

The identifier of the directory is the key. An entry typed by hand with the same name, kind and commune is recognised,
and takes that identifier. What the équipe corrected stays; notes, contact, sector and account are never touched; what
has gone from the directory is marked closed, never deleted.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any, Final

from partenaires.enums import GenrePartenaire, SourceStructure
from partenaires.lecture_annuaire import AnnuaireLu, Filtres, LigneStructure
from partenaires.models import Structure
from partenaires.models.annuaire import DE_LA_SOURCE
from socle import horloge
from socle.lectures import plier

MONTREES: Final = 200
_DITS: Final = {
    "genre": "Genre", "nom": "Nom", "adresse": "Adresse", "code_postal": "Code postal", "commune": "Commune",
    "code_insee": "Code INSEE", "telephone": "Téléphone", "courriel": "Adresse électronique", "site": "Site",
    "horaires": "Horaires",
}  # fmt: skip
_MUETS: Final = ("siret", "themes", "services")  # written, not shown one by one
_SUIVI: Final = ("source", "source_ref", "source_le", "corriges", "fermee_le", "importee_le", "version")
Difference = tuple[str, str, str]


@dataclass(slots=True)
class Ecart:
    """What separates a directory from the annuaire."""

    nouvelles: list[LigneStructure] = field(default_factory=list)
    changees: list[tuple[LigneStructure, Structure, list[Difference]]] = field(default_factory=list)
    identiques: list[tuple[LigneStructure, Structure]] = field(default_factory=list)
    disparues: list[Structure] = field(default_factory=list)
    gardees: int = 0  # corrections of the équipe that the directory contradicts

    @property
    def nombres(self) -> dict[str, int]:
        return {
            "nouvelles": len(self.nouvelles), "changees": len(self.changees), "identiques": len(self.identiques),
            "disparues": len(self.disparues), "gardees": self.gardees,
        }  # fmt: skip


def comparer(equipe_id: int, source: str, lignes: Sequence[LigneStructure], filtres: Filtres) -> Ecart:
    """Compare; one statement, whatever the size. Runs as coordination of the équipe."""
    ecart = Ecart()
    siennes = list(Structure.objects.filter(equipe=equipe_id).defer("notes", "contact"))
    par_ref = {s.source_ref: s for s in siennes if s.source == source}
    a_la_main = {
        (s.genre, plier(s.nom), s.code_insee): s
        for s in siennes
        if s.source == SourceStructure.EQUIPE and s.archivee_le is None
    }
    vues = set()
    for ligne in lignes:
        s = par_ref.get(ligne.ref) or a_la_main.pop((ligne.genre, plier(ligne.nom), ligne.code_insee), None)
        if s is None:
            ecart.nouvelles.append(ligne)
            continue
        vues.add(s.pk)
        ecart.gardees += sum(1 for nom in s.corriges if str(getattr(s, nom)) != str(getattr(ligne, nom)))
        differences = _differences(ligne, s)
        change = differences or s.source != source or any(getattr(s, n) != getattr(ligne, n) for n in _MUETS)
        if change or s.fermee_le is not None:
            ecart.changees.append((ligne, s, differences))
        else:
            ecart.identiques.append((ligne, s))
    ecart.disparues = [
        s for s in par_ref.values()
        if s.pk not in vues and s.fermee_le is None and s.genre in filtres.genres and filtres.dans(s.code_insee)
    ]  # fmt: skip
    return ecart


def bilan(ecart: Ecart, lu: AnnuaireLu) -> dict[str, Any]:
    """What the page shows before anything is written."""
    return {
        "nombres": {
            **ecart.nombres, "rangees": lu.rangees, "hors_genre": lu.hors_genre,
            "hors_territoire": lu.hors_territoire, "fautes": len(lu.fautes),
        },
        "fautes": [[f.ligne, f.colonne, f.texte] for f in lu.fautes],
        "inconnus": lu.inconnus.most_common(30),
        "nouvelles": [
            [ligne.nom, str(GenrePartenaire(ligne.genre).label), _ou(ligne)] for ligne in ecart.nouvelles[:MONTREES]
        ],
        "changees": [[ligne.nom, differences] for ligne, _, differences in ecart.changees[:MONTREES]],
        "disparues": [[str(s.pk), s.nom] for s in ecart.disparues[:MONTREES]],
    }  # fmt: skip


def ecrire(equipe_id: int, source: str, ecart: Ecart) -> dict[str, int]:
    """Write all of it, in the transaction in progress; returns the counts."""
    maintenant, jour = horloge.maintenant(), horloge.aujourdhui()
    neuves = []
    for ligne in ecart.nouvelles:
        s = Structure(equipe_id=equipe_id, source=source, source_ref=ligne.ref, importee_le=maintenant)
        _poser(s, ligne, DE_LA_SOURCE)
        neuves.append(s)
    Structure.objects.bulk_create(neuves, batch_size=500)
    for ligne, s, _ in ecart.changees:
        if s.source != source:  # typed by hand: what it says already stays, what it lacks is filled
            s.corriges = sorted({nom for nom in DE_LA_SOURCE if getattr(s, nom)} | set(s.corriges))
            s.source, s.source_ref = source, ligne.ref
        _poser(s, ligne, [nom for nom in DE_LA_SOURCE if nom not in s.corriges])
        s.fermee_le, s.importee_le = None, maintenant
        s.version += 1
    Structure.objects.bulk_update(
        [s for _, s, _ in ecart.changees],
        [
            *DE_LA_SOURCE,
            *_MUETS,
            "source",
            "source_ref",
            "source_le",
            "corriges",
            "fermee_le",
            "importee_le",
            "version",
        ],
        batch_size=500,
    )
    lues = [s.pk for _, s in ecart.identiques]
    Structure.objects.filter(equipe=equipe_id, pk__in=lues).update(importee_le=maintenant)
    Structure.objects.filter(equipe=equipe_id, pk__in=[s.pk for s in ecart.disparues]).update(fermee_le=jour)
    return ecart.nombres


def _poser(s: Structure, ligne: LigneStructure, champs: Sequence[str]) -> None:
    for nom in (*champs, *_MUETS):
        setattr(s, nom, getattr(ligne, nom))
    s.source_le = date.fromisoformat(ligne.source_le) if ligne.source_le else None


def _differences(ligne: LigneStructure, s: Structure) -> list[Difference]:
    """(field, before, after) of what the équipe did not correct."""
    if s.source == SourceStructure.EQUIPE:
        champs = [nom for nom in DE_LA_SOURCE if not getattr(s, nom)]
    else:
        champs = [nom for nom in DE_LA_SOURCE if nom not in s.corriges]
    paires = ((nom, str(getattr(s, nom)), str(getattr(ligne, nom))) for nom in champs)
    return [(_DITS[nom], avant, apres) for nom, avant, apres in paires if avant != apres]


def _ou(ligne: LigneStructure) -> str:
    return ", ".join(filter(None, (ligne.adresse, f"{ligne.code_postal} {ligne.commune}".strip())))
