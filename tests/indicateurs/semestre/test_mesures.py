"""What a bilan counts, against numbers counted by hand in the story of the semester."""

from datetime import UTC, datetime, timedelta

from django.db import connection

from indicateurs import mesures
from indicateurs.models import Periode
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import TypeEvaluateur
from signalements.models import Fiche
from tests.fabriques import Monde, monde
from tests.recits_semestre import ATTENDU, LOGEMENTS, RENDUS_SANS, SANS, SEMESTRE, SUIVIES


def lire(m: Monde, periode: Periode = SEMESTRE) -> mesures.Mesures:
    with agir_comme(m["coordination"]):
        return mesures.lire(m.equipe.pk, periode)


def test_l_activite_est_celle_du_recit(semestre: Monde) -> None:
    lues = lire(semestre)
    assert (lues.recues, lues.recevables, lues.non_recevables, lues.oppositions) == (36, 24, 12, 0)
    assert (lues.accompagnements, lues.premieres_visites) == (ATTENDU["accompagnements"], ATTENDU["visites"])
    assert (lues.contrats, lues.fins) == (0, 0)
    assert {nom: (d.n, d.mediane) for nom, d in lues.delais.items()} == {
        "transmission_recevabilite": (24, 2.0),
        "recevabilite_visite": (12, 13.0),
        "transmission_visite": (12, 15.0),
        "visite_contrat": (0, None),
    }


def test_les_ages_viennent_des_dates_de_naissance_scellees(semestre: Monde) -> None:
    assert +lire(semestre).ages == {"45_59": 12, "60_74": 12}  # type: ignore[operator]


def test_les_faits_du_contexte_se_comptent_un_a_un(semestre: Monde) -> None:
    assert lire(semestre).contextes == {"impaye": 12, "plaintes": 12}


def test_les_releves_dus_dans_le_semestre_font_trois_series(semestre: Monde) -> None:
    series = lire(semestre).series
    assert {cle: (s.couverture.dus, s.couverture.rendus, len(s.paires)) for cle, s in series.items()} == {
        (TypeEvaluateur.BAILLEUR, True): (SUIVIES, SUIVIES, SUIVIES),
        (TypeEvaluateur.BAILLEUR, False): (SANS, RENDUS_SANS, RENDUS_SANS),
        (TypeEvaluateur.EQUIPE, True): (12, 12, 12),
    }


def test_les_prises_en_charge_et_le_logement_sont_ceux_des_six_mois(semestre: Monde) -> None:
    lues = lire(semestre)
    assert lues.six_mois == SUIVIES
    assert lues.orientees == 12
    assert {cle: n for cle, n in lues.partenaires.items() if n} == {
        ("psy", "orientees"): 12,
        ("psy", "acceptees"): 12,
        ("psy", "prises"): 12,
    }
    assert lues.logement_six_mois == {"maintenu": LOGEMENTS, "non_renseigne": SUIVIES - LOGEMENTS}


def test_une_opposition_quitte_les_recevables_et_reste_comptee(semestre: Monde) -> None:
    with agir_comme(semestre["coordination"]):
        (fiche,) = Fiche.objects.all().a_l_etat("a_visiter").order_by("-transmise_le")[:1]
        parcours.opposer(fiche.pk, par=semestre["coordination"])
    lues = lire(semestre)
    assert (lues.recues, lues.recevables, lues.oppositions) == (36, 23, 1)
    assert sum(lues.ages.values()) == 23
    assert len(lues.departs) == 23


def test_une_autre_equipe_n_a_rien(semestre: Monde) -> None:
    autre = monde("Sud")
    with agir_comme(autre["coordination"]):
        chez_elle = mesures.lire(autre.equipe.pk, SEMESTRE)
        chez_l_autre = mesures.lire(semestre.equipe.pk, SEMESTRE)  # a wrong id: row-level security answers
    assert (chez_elle.recues, chez_elle.six_mois, chez_elle.series) == (0, 0, {})
    assert (chez_l_autre.recues, chez_l_autre.six_mois, chez_l_autre.series) == (0, 0, {})


def test_l_annee_d_avant_compte_ses_propres_fiches(semestre: Monde) -> None:
    lues = lire(semestre, Periode(2025))
    assert (lues.recues, lues.recevables, lues.accompagnements) == (SUIVIES + SANS, SUIVIES + SANS, SUIVIES)
    assert lues.series == {}


def test_une_equipe_sans_rien_a_quand_meme_sa_grille(semestre: Monde) -> None:
    autre = monde("Est")
    assert len(lire(autre).grille.signaux) == 33
    assert list(lire(autre).grille.domaines()) == [
        "logement", "securite", "presence", "voisinage", "echanges", "bailleur",
    ]  # fmt: skip


def test_un_semestre_se_lit_en_treize_requetes(semestre: Monde) -> None:
    """One statement for each set, whatever the number of fiches."""
    executees: list[str] = []

    def compter(execute, sql, params, many, context):  # type: ignore[no-untyped-def]
        executees.append(sql)
        return execute(sql, params, many, context)

    with agir_comme(semestre["coordination"]), connection.execute_wrapper(compter):
        mesures.lire(semestre.equipe.pk, SEMESTRE)
    assert len(executees) == 13


def test_les_jours_se_comptent_a_paris() -> None:
    """A fiche sent on 30 June at 23 h 30 in Paris is of the first semester, half an hour later of the second."""
    avant = datetime(2026, 6, 30, 21, 30, tzinfo=UTC)
    q1, q2 = mesures._dans("x", Periode(2026, 1)), mesures._dans("x", Periode(2026, 2))
    assert _contient(q1, avant)
    assert not _contient(q1, avant + timedelta(hours=1))
    assert _contient(q2, avant + timedelta(hours=1))


def _contient(q: object, instant: object) -> bool:
    bornes = dict(q.children)  # type: ignore[attr-defined]
    return bool(bornes["x__gte"] <= instant < bornes["x__lt"])
