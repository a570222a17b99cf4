"""Laws of the delays, against an oracle that shares nothing with the code: a day is looked at one at a time."""

from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

from django.db import connection
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partenaires.models import DelaisEquipe
from socle.calendrier import ajouter_jours_ouvres, est_ouvre, fin_delai_opposition, fin_du_jour, paques
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

PARIS = ZoneInfo("Europe/Paris")
FIXES = {(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)}
JOURS = st.dates(date(1950, 1, 1), date(2100, 11, 30))
# Around the changes of hour, the ends of month and of year, the bridges and Easter.
BORDS = st.builds(
    lambda annee, bord, ecart: date(annee, *bord) + timedelta(days=ecart),
    st.integers(1950, 2099),
    st.sampled_from([(3, 29), (10, 25), (2, 28), (12, 31), (12, 24), (5, 1), (4, 15), (7, 14)]),
    st.integers(-4, 4),
)
QUAND = JOURS | BORDS


def paques_de_gauss(annee: int) -> date:
    """Gauss's rule, corrected by his two exceptions: 22 March + d + e."""
    siecle = annee // 100
    m = (15 + siecle - siecle // 4 - (8 * siecle + 13) // 25) % 30
    n = (4 + siecle - siecle // 4) % 7
    d = (19 * (annee % 19) + m) % 30
    e = (2 * (annee % 4) + 4 * (annee % 7) + 6 * d + n) % 7
    if d == 29 and e == 6:
        return date(annee, 4, 19)
    if d == 28 and e == 6 and (11 * m + 11) % 30 < 19:
        return date(annee, 4, 18)
    return date(annee, 3, 22) + timedelta(days=d + e)


def chome(jour: date, alsace: bool) -> bool:
    ecart = (jour - paques_de_gauss(jour.year)).days
    local = alsace and (ecart == -2 or (jour.month, jour.day) == (12, 26))
    return jour.weekday() >= 5 or (jour.month, jour.day) in FIXES or ecart in (1, 39, 50) or local


def apres(jour: date, n: int, alsace: bool) -> date:
    while n:
        jour += timedelta(days=1)
        n -= not chome(jour, alsace)
    return jour


def test_paques_est_celui_de_gauss_de_1950_a_2100() -> None:
    assert [paques(a) for a in range(1950, 2101)] == [paques_de_gauss(a) for a in range(1950, 2101)]


@given(QUAND, st.booleans())
def test_un_jour_est_ouvre_ou_chome_comme_le_dit_le_calendrier(jour: date, alsace: bool) -> None:
    assert est_ouvre(jour, alsace_moselle=alsace) is not chome(jour, alsace)


@given(QUAND, st.integers(0, 30), st.booleans())
def test_le_nieme_jour_ouvre_est_celui_du_compte_jour_a_jour(jour: date, n: int, alsace: bool) -> None:
    assert ajouter_jours_ouvres(jour, n, alsace_moselle=alsace) == apres(jour, n, alsace)


@given(QUAND, st.integers(0, 30), st.integers(0, 5), st.integers(0, 5), st.booleans())
def test_un_delai_ouvre_ne_recule_jamais_quand_un_argument_avance(
    jour: date, n: int, plus_tard: int, plus_long: int, alsace: bool
) -> None:
    base = ajouter_jours_ouvres(jour, n, alsace_moselle=alsace)
    assert ajouter_jours_ouvres(jour, n + plus_long, alsace_moselle=alsace) >= base
    if n:
        assert ajouter_jours_ouvres(jour + timedelta(days=plus_tard), n, alsace_moselle=alsace) >= base
        assert ajouter_jours_ouvres(jour, n, alsace_moselle=True) >= ajouter_jours_ouvres(jour, n)


@given(QUAND, st.integers(0, 60), st.integers(7, 30), st.booleans())
def test_la_semaine_a_sept_jours_pleins_et_deux_jours_ouvres(
    informee: date, retard: int, jours: int, alsace: bool
) -> None:
    enregistree = informee + timedelta(days=retard)
    fin = fin_delai_opposition(informee, enregistree, jours=jours, alsace_moselle=alsace)
    ici = fin.astimezone(PARIS)
    dernier = ici.date() - timedelta(days=1)
    assert (ici.hour, ici.minute, ici.second, ici.microsecond) == (0, 0, 0, 0)
    assert dernier == max(informee + timedelta(days=jours), apres(enregistree, 2, alsace))
    # Seven whole days after the day of the information, hours of the change of hour included.
    assert fin >= fin_du_jour(informee + timedelta(days=7))
    assert (
        sum(not chome(enregistree + timedelta(days=k), alsace) for k in range(1, (dernier - enregistree).days + 1)) >= 2
    )


@given(QUAND, st.integers(0, 40), st.integers(7, 29), st.integers(0, 5), st.integers(0, 5), st.integers(0, 3))
def test_la_semaine_ne_raccourcit_jamais_quand_un_argument_avance(
    informee: date, retard: int, jours: int, plus_tard: int, enregistree_plus_tard: int, plus_long: int
) -> None:
    enregistree = informee + timedelta(days=retard + plus_tard)
    base = fin_delai_opposition(informee, enregistree, jours=jours)
    assert fin_delai_opposition(informee + timedelta(days=plus_tard), enregistree, jours=jours) >= base
    assert fin_delai_opposition(informee, enregistree + timedelta(days=enregistree_plus_tard), jours=jours) >= base
    assert fin_delai_opposition(informee, enregistree, jours=jours + plus_long) >= base
    assert fin_delai_opposition(informee, enregistree, jours=jours, alsace_moselle=True) >= base


# SQL and Python ----------------------------------------------------------------------------------------------------


def _sql(requete: str, *parametres: object) -> object:
    with connection.cursor() as curseur:
        curseur.execute(f"SELECT {requete}", list(parametres))  # type: ignore[arg-type]
        return curseur.fetchone()[0]


def test_paques_en_sql_est_celui_de_python(db: None) -> None:
    with connection.cursor() as curseur:
        curseur.execute("SELECT droit.paques(a) FROM generate_series(1950, 2100) a ORDER BY a")
        assert [ligne[0] for ligne in curseur.fetchall()] == [paques(a) for a in range(1950, 2101)]


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(QUAND, st.integers(0, 20), st.booleans())
def test_les_jours_ouvres_en_sql_sont_ceux_de_python(db: None, jour: date, n: int, alsace: bool) -> None:
    assert _sql("droit.est_ouvre(%s, %s)", jour, alsace) is est_ouvre(jour, alsace_moselle=alsace)
    attendu = ajouter_jours_ouvres(jour, n, alsace_moselle=alsace)
    assert _sql("droit.jour_ouvre_apres(%s, %s, %s)", jour, n, alsace) == attendu


VERSIONS = st.lists(
    st.tuples(st.integers(-20, 60), st.integers(7, 30), st.integers(1, 15), st.booleans(), st.booleans()), max_size=6
)


def _poser(m: Monde, debut: date, versions: list[tuple[int, int, int, bool, bool]]) -> None:
    """Versions written one after the other, whatever their day; the last flag says that it was taken back."""
    with en_tant_que("palier_fabrique"):
        DelaisEquipe.objects.filter(equipe=m.equipe).delete()
        for rang, (dans, jours, etude, alsace, retiree) in enumerate(versions):
            DelaisEquipe.objects.create(
                equipe=m.equipe, a_partir_du=debut + timedelta(days=dans), opposition_jours=jours, etude_jours=etude,
                alsace_moselle=alsace, decides_le=datetime(2026, 1, 1, tzinfo=UTC) + timedelta(minutes=rang),
                retires_le=datetime(2026, 1, 2, tzinfo=UTC) if retiree else None,
                retires_par=m["coordination"] if retiree else None,
            )  # fmt: skip


def test_la_version_d_un_jour_et_la_fin_de_la_semaine_sont_les_memes_en_sql_et_en_python(
    db: None, midi: datetime
) -> None:
    m = monde()

    @settings(max_examples=40)
    @given(QUAND, VERSIONS, st.integers(0, 30))
    def les_memes(informee: date, versions: list[tuple[int, int, int, bool, bool]], retard: int) -> None:
        _poser(m, informee, versions)
        enregistree = informee + timedelta(days=retard)
        valables = [(d, rang) for rang, (d, *_, retiree) in enumerate(versions) if not retiree and d <= retard]
        _, jours, etude, alsace, _ = versions[max(valables)[1]] if valables else (0, 7, 5, False, False)
        with en_tant_que("palier_fabrique"):
            lue = DelaisEquipe.de(m.equipe.pk, enregistree)
        assert (lue.opposition_jours, lue.etude_jours, lue.alsace_moselle) == (jours, etude, alsace)
        attendue = fin_delai_opposition(informee, enregistree, jours=jours, alsace_moselle=alsace)
        assert _sql("droit.fin_du_delai(%s, %s, %s)", m.equipe.pk, informee, enregistree) == attendue

    les_memes()
