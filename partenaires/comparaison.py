"""A file of résidences beside those that stand: what is new, changed, the same, refused, absent; then its writing.

The bailleur's own reference is the key; a résidence that has none yet is found by its name, and takes the reference of
the file. Nothing is ever deleted, and what the file does not name stays as it is.
"""

from collections import Counter
from collections.abc import Container, Iterable, Sequence
from dataclasses import dataclass, field
from typing import Any, Final

from django.db import connection

from partenaires.lecture_patrimoine import Faute, FichierLu, LigneLue
from partenaires.models import Residence, Territoire
from socle import horloge
from socle.ecriture import INSECABLE

FAUTES_MONTREES: Final = 500
EXEMPLES_MONTRES: Final = 100
ABSENTES_MONTREES: Final = 500
COMMUNES_MONTREES: Final = 50
_LOT: Final = 2_000
_CHAMPS: Final = {
    "reference": "Référence", "nom": "Nom", "adresse": "Adresse", "code_postal": "Code postal",
    "secteur": "Secteur",
}  # fmt: skip


@dataclass(slots=True)
class Ecart:
    """What separates a file from the résidences of its bailleur."""

    bailleur_id: int
    nouvelles: list[tuple[LigneLue, int]] = field(default_factory=list)  # with the territory
    changees: list[tuple[LigneLue, int, Residence]] = field(default_factory=list)
    identiques: list[Residence] = field(default_factory=list)
    ecartees: list[LigneLue] = field(default_factory=list)  # no convention covers their commune
    fautes: list[Faute] = field(default_factory=list)
    absentes: list[Residence] = field(default_factory=list)


def comparer(
    bailleur_id: int, lignes: Sequence[LigneLue], fautes: Iterable[Faute] = (), citees: Container[str] = ()
) -> Ecart:
    """Compare; two statements, whatever the size. Runs as somebody of the bailleur.

    `citees`: references and names that the file holds, in a faulty line too: what it names is not absent.
    """
    ecart = Ecart(bailleur_id, fautes=list(fautes))
    communes = dict(Territoire.objects.de_l_orienteur(bailleur_id).values_list("code_insee", "pk"))
    actuelles = list(Residence.objects.du_bailleur(bailleur_id).select_related("territoire"))
    par_reference = {r.reference: r for r in actuelles if r.reference}
    par_nom = {r.nom: r for r in actuelles}
    trouvees: dict[int, LigneLue] = {}
    voulues: list[tuple[LigneLue, Residence | None]] = []
    for ligne in lignes:
        residence = par_reference.get(ligne.reference) if ligne.reference else None
        if residence is None:
            homonyme = par_nom.get(ligne.nom)
            if homonyme is not None and (not homonyme.reference or not ligne.reference):
                residence = homonyme
        if residence is not None and residence.pk in trouvees:
            autre = trouvees[residence.pk].ligne
            texte = f"C’est la même résidence qu’à la ligne{INSECABLE}{autre}. Gardez une seule des deux lignes."
            ecart.fautes.append(Faute(ligne.ligne, "Nom", texte))
            continue
        if residence is not None:
            trouvees[residence.pk] = ligne
        voulues.append((ligne, residence))
    noms = {r.nom: r for r in actuelles if r.pk not in trouvees}  # names that this file leaves where they are
    for ligne, residence in voulues:
        territoire = communes.get(ligne.code_insee)
        if territoire is None and residence is not None and residence.territoire.code_insee == ligne.code_insee:
            territoire = residence.territoire_id
        if territoire is None:
            ecart.ecartees.append(ligne)
        elif ligne.nom in noms:
            autre_reference = noms[ligne.nom].reference
            texte = (
                f"Une autre résidence porte déjà ce nom, sous la référence «{INSECABLE}{autre_reference}{INSECABLE}». "
                "Corrigez la référence, ou distinguez les noms."
            )
            ecart.fautes.append(Faute(ligne.ligne, "Nom", texte))
        elif residence is None:
            ecart.nouvelles.append((ligne, territoire))
        elif _differences(ligne, residence, territoire):
            ecart.changees.append((ligne, territoire, residence))
        else:
            ecart.identiques.append(residence)
    ecart.absentes = sorted(
        (r for r in actuelles if r.pk not in trouvees and r.fermee_le is None and not _citee(r, citees)),
        key=lambda r: (r.nom, r.pk),
    )
    ecart.fautes.sort(key=lambda f: f.ligne)
    return ecart


def _citee(residence: Residence, citees: Container[str]) -> bool:
    return residence.nom in citees or (bool(residence.reference) and residence.reference in citees)


def _differences(ligne: LigneLue, residence: Residence, territoire: int) -> list[tuple[str, str, str]]:
    """(column, before, after) of what changes; neither an empty reference nor a column left out takes anything away."""
    liste = []
    for champ, libelle in _CHAMPS.items():
        avant, apres = getattr(residence, champ), getattr(ligne, champ)
        if apres is not None and avant != apres and (apres or champ != "reference"):
            liste.append((libelle, avant, apres))
    if residence.territoire_id != territoire:
        liste.append(("Code INSEE", residence.territoire.code_insee, ligne.code_insee))
    return liste


def nombres(ecart: Ecart) -> dict[str, int]:
    """The counts of the page. A faulty line counts once, however many faults it has."""
    return {
        "nouvelles": len(ecart.nouvelles),
        "changees": len(ecart.changees),
        "identiques": len(ecart.identiques),
        "ecartees": len(ecart.ecartees),
        "erreurs": len({f.ligne for f in ecart.fautes}),
        "absentes": len(ecart.absentes),
    }


def bilan(ecart: Ecart, lu: FichierLu) -> dict[str, Any]:
    """What the page shows before anything is written: counts, every fault (bounded), what changes, what is absent."""
    communes = Counter(ligne.code_insee for ligne in ecart.ecartees)
    return {
        "format": lu.format,
        "rangees": lu.rangees,
        "nombres": nombres(ecart),
        "fautes": [[f.ligne, f.colonne, f.texte] for f in ecart.fautes[:FAUTES_MONTREES]],
        "nouvelles": [[ligne.ligne, ligne.nom, ligne.adresse] for ligne, _ in ecart.nouvelles[:EXEMPLES_MONTRES]],
        "changees": [
            [ligne.ligne, residence.nom, [list(d) for d in _differences(ligne, residence, territoire)]]
            for ligne, territoire, residence in ecart.changees[:EXEMPLES_MONTRES]
        ],
        "communes": [list(c) for c in communes.most_common(COMMUNES_MONTREES)],
        "absentes": [r.pk for r in ecart.absentes[:ABSENTES_MONTREES]],
    }


def ecrire(ecart: Ecart, *, a_fermer: Iterable[int]) -> int:
    """Write in the transaction in progress: what is new, what changes, what closes; returns how many closed."""
    _changer(ecart.changees)
    Residence.objects.bulk_create(
        (
            Residence(
                bailleur_id=ecart.bailleur_id, reference=x.reference, nom=x.nom, adresse=x.adresse,
                code_postal=x.code_postal, territoire_id=territoire, secteur=x.secteur or "",
            )
            for x, territoire in ecart.nouvelles
        ),
        batch_size=_LOT,
    )  # fmt: skip
    absentes = {r.pk for r in ecart.absentes}
    choisies = Residence.objects.du_bailleur(ecart.bailleur_id).parmi(absentes & set(a_fermer)).ouvertes()
    return choisies.update(fermee_le=horloge.aujourdhui())


def _changer(changees: list[tuple[LigneLue, int, Residence]]) -> None:
    """One statement: two résidences of a file may exchange their names. Whoever has the form open is told."""
    if not changees:
        return
    with connection.cursor() as curseur:
        curseur.execute(
            "UPDATE partenaires_residence AS r SET reference = v.reference, nom = v.nom, adresse = v.adresse, "
            "code_postal = v.code_postal, territoire_id = v.territoire_id, secteur = v.secteur, "
            "version = r.version + 1 FROM unnest("
            "%s::bigint[], %s::text[], %s::text[], %s::text[], %s::text[], %s::bigint[], %s::text[]) "
            "AS v (id, reference, nom, adresse, code_postal, territoire_id, secteur) WHERE r.id = v.id",
            [
                [r.pk for _, _, r in changees],
                [x.reference or r.reference for x, _, r in changees],
                [x.nom for x, _, _ in changees],
                [x.adresse for x, _, _ in changees],
                [x.code_postal for x, _, _ in changees],
                [t for _, t, _ in changees],
                [r.secteur if x.secteur is None else x.secteur for x, _, r in changees],
            ],
        )
