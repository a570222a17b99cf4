"""What a bilan is made of, read in one snapshot: unsuppressed counts that never leave this process.

Every set of persons is defined here once; `docs/methode.md` says the same in French. Sets are disjoint from one
period to the next: fiches by their transmission, accompagnements by their opening or by the date six months after
it, relevés by the date they were due.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, timedelta
from typing import Any, Final

from django.db import models
from django.db.models.functions import TruncDate

from accompagnements.enums import EtatOrientation, MotifSansSuite, SituationDuLogement
from accompagnements.models import Accompagnement, Orientation
from indicateurs.evolution import Couverture, Observation, Paire
from indicateurs.models import Periode
from indicateurs.orienteurs import Orienteur, Recevable, lire_contenu, total
from partenaires import chiffres_seances
from partenaires.chiffres_seances import Chiffres
from partenaires.enums import (
    GENRES_PSY,
    GENRES_SANITAIRES,
    GENRES_SOCIAUX,
    GENRES_SOCIAUX_VILLE,
)
from signalements.enums import Domaine, EtatInstruction, EtatReleve, Moment
from signalements.models import Grille as VersionDeGrille
from signalements.models import Instruction, Releve, Signal
from socle import horloge
from socle.calendrier import ajouter_mois

MOIS: Final = 6
SANS_SEANCE: Final = Chiffres((), ())
NON_RENSEIGNE: Final = "non_renseigne"
# Name of the delay: from which date to which date of the instruction.
DELAIS: Final = {
    "transmission_recevabilite": ("transmise_le", "recevable_le"),
    "recevabilite_visite": ("recevable_le", "rencontre_le"),
    "transmission_visite": ("transmise_le", "rencontre_le"),
    "visite_contrat": ("rencontre_le", "contrat_signe_le"),
}
CATEGORIES: Final[Mapping[str, frozenset[str]]] = {
    "psy": GENRES_PSY,
    "sanitaire": GENRES_SANITAIRES,
    "social": GENRES_SOCIAUX,
    "ville": GENRES_SOCIAUX_VILLE,
}
_ACCEPTEES: Final = (EtatOrientation.ACCEPTEE, EtatOrientation.PRISE_EN_CHARGE, EtatOrientation.TERMINEE)


@dataclass(frozen=True, slots=True)
class Delai:
    """How many have both dates, and the median in days (None when nobody has)."""

    n: int
    mediane: float | None


@dataclass(frozen=True, slots=True)
class Serie:
    """The six-month relevés of one rater type that were due, and the pairs that they make with their T0."""

    couverture: Couverture
    paires: tuple[Paire, ...]


@dataclass(frozen=True, slots=True)
class Grille:
    """The signals of every version in use: code -> (domain, label), in the order of the newest version."""

    signaux: Mapping[str, tuple[str, str]]

    def domaines(self) -> dict[str, list[str]]:
        """The signals of each domain, in the order of the grid."""
        groupes: dict[str, list[str]] = {}
        for code, (domaine, _) in self.signaux.items():
            groupes.setdefault(domaine, []).append(code)
        return groupes

    def libelle(self, code: str) -> str:
        """Of a signal or of a domain."""
        return self.signaux[code][1] if code in self.signaux else str(Domaine(code).label)


@dataclass(frozen=True, slots=True)
class Mesures:
    """Everything that was read, by the name of its set.

    `recues`: fiches transmitted in the period; `recevables`: of those, found recevable and not opposed (K below);
    `ages`, `contextes`, `departs`: of K; `series`: by (rater type, accompanied); `six_mois`: accompagnements whose
    sixth month ends in the period (G below); `partenaires`: of G, by (category, « orientees » or « prises »...);
    `orienteurs`: by the key of the organisation.
    """

    recues: int
    recevables: int
    non_recevables: int
    oppositions: int
    accompagnements: int
    premieres_visites: int
    contrats: int
    fins: int
    delais: Mapping[str, Delai]
    ages: Mapping[str, int]
    contextes: Mapping[str, int]
    departs: tuple[Observation, ...]
    series: Mapping[tuple[str, bool], Serie]
    six_mois: int
    orientees: int
    partenaires: Mapping[tuple[str, str], int]
    logement_six_mois: Mapping[str, int]
    logement_fin: Mapping[str, int]
    grille: Grille
    orienteurs: Mapping[int, Orienteur]
    seances: Chiffres = SANS_SEANCE


class _Mediane(models.Aggregate):
    """`percentile_cont(0.5)`: the middle value, or the mean of the two in the middle."""

    template = "percentile_cont(0.5) WITHIN GROUP (ORDER BY %(expressions)s)"
    output_field = models.DurationField()
    allow_distinct = False


def lire(equipe_id: int, periode: Periode, *, pour_publier: bool = True) -> Mesures:
    """Read everything, in the transaction of the caller: one snapshot, one identity (row-level security holds).

    `pour_publier`: with what each orienteur knows of its own, which only the secrecy of a publication asks for.
    """
    recevables = _recevables(equipe_id, periode)
    lus = lire_contenu(recevables)
    series, autres_grilles = _series(equipe_id, periode)
    suivis, accompagnements = _accompagnements(equipe_id, periode)
    orientees, partenaires = _partenaires(suivis)
    return Mesures(
        **_instructions(equipe_id, periode),
        **accompagnements,
        ages=total(lus.ages),
        contextes=total(lus.contextes),
        departs=tuple(observation for siens in lus.departs.values() for observation in siens),
        series=series,
        six_mois=len(suivis),
        orientees=orientees,
        partenaires=partenaires,
        seances=chiffres_seances.de_l_equipe(equipe_id, periode.debut, periode.fin),
        grille=_grille(lus.grilles | autres_grilles or {VersionDeGrille.objects.all().en_vigueur(equipe_id).pk}),
        orienteurs={
            cle: Orienteur.de(cle, envoyees, recues, lus)
            for cle, envoyees, recues in (_orienteurs(equipe_id, periode) if pour_publier else ())
        },
    )


def _dans(champ: str, periode: Periode) -> models.Q:
    """An instant of the period, by the clock of Paris."""
    debut = horloge.a_paris(periode.debut, 0)
    fin = horloge.a_paris(periode.fin + timedelta(days=1), 0)
    return models.Q(**{f"{champ}__gte": debut, f"{champ}__lt": fin})


def _instructions(equipe_id: int, periode: Periode) -> dict[str, Any]:
    """Counts of fiches and steps, and medians in calendar days of Paris between two steps, in one statement.

    A delay is that of the situations whose second step is in the period.
    """
    opposees = models.Q(etat=EtatInstruction.OPPOSITION)
    recues = _dans("transmise_le", periode)
    agregats: dict[str, models.Aggregate] = {
        "recues": models.Count("pk", filter=recues),
        "recevables": models.Count("pk", filter=recues & ~opposees & models.Q(recevable_le__isnull=False)),
        "non_recevables": models.Count("pk", filter=recues & models.Q(etat=EtatInstruction.NON_RECEVABLE)),
        "oppositions": models.Count("pk", filter=recues & opposees),
        "premieres_visites": models.Count("pk", filter=~opposees & _dans("rencontre_le", periode)),
        "contrats": models.Count("pk", filter=~opposees & _dans("contrat_signe_le", periode)),
    }
    noms = list(agregats)
    for nom, (de, a) in DELAIS.items():
        concernees = ~opposees & _dans(a, periode) & models.Q(**{f"{de}__isnull": False})
        jours = models.ExpressionWrapper(
            TruncDate(a, tzinfo=horloge.PARIS) - TruncDate(de, tzinfo=horloge.PARIS),
            output_field=models.DurationField(),
        )
        agregats[f"{nom}_n"] = models.Count("pk", filter=concernees)
        agregats[f"{nom}_m"] = _Mediane(jours, filter=concernees)
    trouves = Instruction.objects.filter(equipe=equipe_id).aggregate(**agregats)
    delais = {
        nom: Delai(trouves[f"{nom}_n"], m / timedelta(days=1) if (m := trouves[f"{nom}_m"]) is not None else None)
        for nom in DELAIS
    }
    return {nom: trouves[nom] for nom in noms} | {"delais": delais}


def _orienteurs(equipe_id: int, periode: Periode) -> Iterable[tuple[int, int, int]]:
    """(organisation, fiches sent until the end of the period, those of the period), opposed ones included."""
    fin = horloge.a_paris(periode.fin + timedelta(days=1), 0)
    return (
        Instruction.objects.filter(equipe=equipe_id, transmise_le__lt=fin)
        .values("fiche__orienteur")
        .annotate(envoyees=models.Count("pk"), recues=models.Count("pk", filter=_dans("transmise_le", periode)))
        .order_by("fiche__orienteur")
        .values_list("fiche__orienteur", "envoyees", "recues")
    )


def _recevables(equipe_id: int, periode: Periode) -> dict[Any, Recevable]:
    """K: the fiches received in the period, found recevable and not opposed."""
    lignes = (
        Instruction.objects.filter(_dans("transmise_le", periode), equipe=equipe_id, recevable_le__isnull=False)
        .exclude(etat=EtatInstruction.OPPOSITION)
        .values_list("pk", "transmise_le", "fiche__orienteur")
    )
    return {pk: Recevable(horloge.paris(transmise_le).date(), qui) for pk, transmise_le, qui in lignes}


def _series(equipe_id: int, periode: Periode) -> tuple[dict[tuple[str, bool], Serie], set[int]]:
    """The T6 due in the period, by rater type and by whether an accompagnement was opened for the fiche."""
    accompagnements = Accompagnement.objects.filter(fiche=models.OuterRef("fiche"))
    dus = list(
        Releve.objects.filter(equipe=equipe_id, moment=Moment.T6, du_le__range=(periode.debut, periode.fin))
        .annotate(accompagnee=models.Exists(accompagnements))
        .values_list("fiche", "type_evaluateur", "accompagnee", "etat", "cotations", "grille")
    )
    departs = {
        (fiche, genre): Observation.de(cotations)
        for fiche, genre, cotations in Releve.objects.filter(
            fiche__in=[ligne[0] for ligne in dus], moment=Moment.T0, etat=EtatReleve.RENDU
        ).values_list("fiche", "type_evaluateur", "cotations")
    }
    etats: dict[tuple[str, bool], Counter[str]] = {}
    paires: dict[tuple[str, bool], list[Paire]] = {}
    grilles: set[int] = set()
    for fiche, genre, accompagnee, etat, cotations, grille in dus:
        etats.setdefault((genre, accompagnee), Counter())[etat] += 1
        if etat == EtatReleve.RENDU and (depart := departs.get((fiche, genre))):
            paires.setdefault((genre, accompagnee), []).append(Paire(depart, Observation.de(cotations)))
            grilles.add(grille)
    series = {
        cle: Serie(
            Couverture(
                rendus=compte[EtatReleve.RENDU],
                non_evaluables=compte[EtatReleve.NON_EVALUABLE],
                caducs=compte[EtatReleve.CADUC],
                attendus=compte[EtatReleve.ATTENDU],
            ),
            tuple(paires.get(cle, ())),
        )
        for cle, compte in etats.items()
    }
    return series, grilles


def _accompagnements(equipe_id: int, periode: Periode) -> tuple[dict[Any, date], dict[str, Any]]:
    """G with the day of each one's sixth month; then the openings, the ends and what became of the homes.

    Those that an opposition hides are in none of these.
    """
    debut = ajouter_mois(periode.debut, -MOIS) - timedelta(days=3)  # months have different lengths
    lignes = (
        Accompagnement.objects.filter(equipe=equipe_id)
        .exclude(motif_fin=MotifSansSuite.OPPOSITION)
        .filter(models.Q(ouvert_le__gte=horloge.a_paris(debut, 0)) | _dans("fin_le", periode))
        .values_list("pk", "ouvert_le", "fin_le", "situation_logement", "logements__situation")
    )
    suivis: dict[Any, date] = {}
    ouverts = fins = 0
    a_la_fin: Counter[str] = Counter()
    a_six_mois: Counter[str] = Counter()
    for pk, ouvert_le, fin_le, situation_finale, situation in lignes:
        ouvert = horloge.paris(ouvert_le).date()
        ouverts += periode.debut <= ouvert <= periode.fin
        if fin_le is not None and periode.debut <= horloge.paris(fin_le).date() <= periode.fin:
            fins += 1
            if situation_finale:  # under contract: one that is closed without one has none
                a_la_fin[situation_finale] += 1
        terme = ajouter_mois(ouvert, MOIS)
        if periode.debut <= terme <= periode.fin:
            suivis[pk] = terme
            a_six_mois[situation or NON_RENSEIGNE] += 1
    return suivis, {
        "accompagnements": ouverts,
        "fins": fins,
        "logement_fin": a_la_fin,
        "logement_six_mois": a_six_mois,
    }


def _partenaires(suivis: Mapping[Any, date]) -> tuple[int, dict[tuple[str, str], int]]:
    """Persons of G with at least one orientation sent, accepted, taken in charge by the end of their sixth month."""
    return partenaires_de(Orientation.objects.filter(accompagnement__in=suivis).envoyees_avec_genre(), suivis)


def partenaires_de(
    lignes: Iterable[tuple[Any, ...]], suivis: Mapping[Any, date]
) -> tuple[int, dict[tuple[str, str], int]]:
    """(persons oriented, persons by category and fact) of `Orientation.envoyees_avec_genre`, up to each one's term.

    The four published indicators are read here: prise en charge psychiatrique (`psy`), orientation vers un partenaire
    sanitaire (`sanitaire`), prise en charge sociale (`social`), lien avec les services sociaux de la ville (`ville`).
    """
    faits: dict[tuple[str, str], set[Any]] = {
        (categorie, fait): set() for categorie in CATEGORIES for fait in ("orientees", "acceptees", "prises")
    }
    orientees = set()
    for pk, genre, envoyee_le, etat, repondue_le, prise_le in lignes:
        terme = suivis[pk]
        if envoyee_le is None or horloge.paris(envoyee_le).date() > terme:
            continue
        orientees.add(pk)
        prise = prise_le is not None and prise_le <= terme
        repondue = repondue_le is not None and horloge.paris(repondue_le).date() <= terme
        for categorie, genres in CATEGORIES.items():
            if genre in genres:
                faits[categorie, "orientees"].add(pk)
                if prise:
                    faits[categorie, "prises"].add(pk)
                if prise or (repondue and etat in _ACCEPTEES):
                    faits[categorie, "acceptees"].add(pk)
    return len(orientees), {cle: len(personnes) for cle, personnes in faits.items()}


def _grille(versions: set[int]) -> Grille:
    lignes = Signal.objects.filter(grille__in=versions).order_by("grille__publiee_le", "grille", "ordre")
    return Grille({s.code: (s.domaine, s.libelle) for s in lignes})


def maintenus(situations: Mapping[str, int]) -> int:
    """Kept in the home, or moved with the équipe's help: the two ways in which a home is not lost."""
    return situations.get(SituationDuLogement.MAINTENU, 0) + situations.get(SituationDuLogement.MUTE, 0)
