"""The delays of an équipe: versions from a day on, an oracle for every rule, and dates that are promised and kept."""

from datetime import UTC, date, datetime, timedelta
from typing import Any
from zoneinfo import ZoneInfo

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from hypothesis import given
from hypothesis import strategies as st

from partenaires.models import DelaisEquipe
from partenaires.models.delais import INFORMATION_MAXIMUM, INFORMATION_MINIMUM
from partenaires.parcours.delais import changer_delais, retirer_delais
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.models import Fiche
from socle import horloge
from socle.calendrier import ajouter_jours_ouvres, ajouter_mois, fin_delai_opposition
from socle.transitions import TransitionInterdite
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements

PARIS = ZoneInfo("Europe/Paris")
# Easter Sundays, from the ecclesiastical tables.
PAQUES = {2024: (3, 31), 2025: (4, 20), 2026: (4, 5), 2027: (3, 28), 2028: (4, 16), 2029: (4, 1), 2030: (4, 21),
          2031: (4, 13), 2032: (3, 28)}  # fmt: skip
FIXES = [(1, 1), (5, 1), (5, 8), (7, 14), (8, 15), (11, 1), (11, 11), (12, 25)]
JOURS = st.dates(date(2024, 1, 1), date(2031, 12, 31))
CLE = "00000000-0000-4000-8000-00000000000"


def chome(jour: date, alsace: bool) -> bool:
    """The oracle: a list of days, nothing of the code under test."""
    dimanche = date(jour.year, *PAQUES[jour.year])
    mobiles = {dimanche + timedelta(days=n) for n in (1, 39, 50)}
    if alsace:
        mobiles |= {dimanche - timedelta(days=2), date(jour.year, 12, 26)}
    return jour.weekday() >= 5 or (jour.month, jour.day) in FIXES or jour in mobiles


def apres(jour: date, n: int, alsace: bool) -> date:
    """The n-th working day after a day, one day at a time."""
    while n:
        jour += timedelta(days=1)
        n -= not chome(jour, alsace)
    return jour


@given(JOURS, st.integers(1, 15), st.booleans())
def test_l_etude_tombe_le_nieme_jour_ouvre(jour: date, n: int, alsace: bool) -> None:
    assert ajouter_jours_ouvres(jour, n, alsace_moselle=alsace) == apres(jour, n, alsace)


@given(JOURS, st.integers(7, 30), st.integers(0, 60), st.booleans())
def test_la_semaine_finit_a_minuit_a_paris_jamais_avant_sept_jours(
    informee: date, jours: int, retard: int, alsace: bool
) -> None:
    enregistree = informee + timedelta(days=retard)
    fin = fin_delai_opposition(informee, enregistree, jours=jours, alsace_moselle=alsace)
    ici = fin.astimezone(PARIS)
    dernier = ici.date() - timedelta(days=1)
    assert (ici.hour, ici.minute, ici.second) == (0, 0, 0)
    assert fin.tzinfo is UTC
    assert dernier == max(informee + timedelta(days=jours), apres(enregistree, 2, alsace))
    assert dernier - informee >= timedelta(days=7)
    # The clock that lifts it compares instants: the last minute of the last day is before, whatever the season.
    assert datetime(dernier.year, dernier.month, dernier.day, 23, 59, tzinfo=PARIS) < fin


@given(JOURS, st.integers(INFORMATION_MINIMUM, INFORMATION_MAXIMUM))
def test_l_alerte_sur_l_information_reste_dans_le_mois_de_la_loi(transmise: date, jours: int) -> None:
    assert transmise + timedelta(days=jours) <= ajouter_mois(transmise, 1)


# In the database ---------------------------------------------------------------------------------------------


def changer(m: Monde, dans: int = 1, qui: str = "coordination", **valeurs: Any) -> DelaisEquipe:
    """New delays, in some days."""
    voulues = {"etude_jours": 3, "information_jours": 14, "opposition_jours": 10, "alsace_moselle": False, **valeurs}
    with agir_comme(m[qui]):
        jour = horloge.aujourdhui() + timedelta(days=dans)
        return changer_delais(par=m[qui], a_partir_du=jour, **voulues)


def test_un_changement_vaut_pour_ce_qui_commence_a_partir_de_son_jour(db: None, midi: datetime) -> None:
    m = monde()
    avant = recits.transmise(m)  # Tuesday 22 September
    changer(m, dans=1)
    encore = recits.transmise(m)  # the same day: the former rule
    horloge.regler(midi + timedelta(days=1))
    apres_ = recits.transmise(m)
    lues = {
        f.pk: (f.instruction.etudier_avant, f.informer_avant)
        for f in (recits.relue(m, f) for f in (avant, encore, apres_))
    }
    assert lues[avant.pk] == lues[encore.pk] == (date(2026, 9, 29), date(2026, 10, 13))
    assert lues[apres_.pk] == (date(2026, 9, 28), date(2026, 10, 7))
    # A delay that runs keeps its rule; one that starts now follows the new one.
    with agir_comme(m["social"]):
        parcours.declarer_recevable(avant.pk, par=m["social"])
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(avant.pk, par=m["referent"], le=date(2026, 9, 23), mode="vive_voix")
    assert recits.relue(m, avant).instruction.delai_jusqua == datetime(2026, 10, 3, 22, tzinfo=UTC)


@pytest.mark.parametrize("alsace", [False, True])
@pytest.mark.parametrize(
    "jour",
    [date(2026, 10, 23), date(2027, 3, 24), date(2027, 3, 26), date(2026, 12, 23), date(2027, 4, 30), date(2027, 5, 5),
     date(2027, 2, 26), date(2026, 10, 30)],
)  # fmt: skip
def test_les_dates_promises_sont_celles_de_l_oracle(db: None, midi: datetime, jour: date, alsace: bool) -> None:
    """Around the changes of hour, Easter, the bridges of May, the end of February, and Christmas."""
    horloge.regler(horloge.a_paris(jour - timedelta(days=1), 12))
    m = monde()
    changer(m, dans=1, etude_jours=4, information_jours=20, opposition_jours=8, alsace_moselle=alsace)
    horloge.regler(horloge.a_paris(jour, 23))
    fiche = recits.informee(m)
    lue = recits.relue(m, fiche)
    assert lue.instruction.etudier_avant == apres(jour, 4, alsace)
    assert lue.informer_avant == jour + timedelta(days=20)
    dernier = max(jour + timedelta(days=8), apres(jour, 2, alsace))
    fin = datetime(dernier.year, dernier.month, dernier.day, tzinfo=PARIS) + timedelta(days=1)
    assert lue.instruction.delai_jusqua == fin.astimezone(UTC)
    horloge.regler(fin.astimezone(UTC) - timedelta(seconds=1))
    with en_tant_que("palier_systeme"):
        assert parcours.lever_delai(fiche.pk) is False
    horloge.regler(fin.astimezone(UTC))
    with en_tant_que("palier_systeme"):
        assert parcours.lever_delai(fiche.pk) is True


@pytest.mark.parametrize(
    ("champ", "valeur"),
    [("opposition_jours", 6), ("opposition_jours", 0), ("opposition_jours", 31), ("information_jours", 29),
     ("information_jours", 6), ("etude_jours", 0), ("etude_jours", 16), ("reponse_jours", 2), ("reponse_jours", 61),
     ("revue_mois", 0), ("revue_mois", 7)],
)  # fmt: skip
def test_une_duree_impossible_est_refusee_par_la_page_le_parcours_et_la_base(
    db: None, midi: datetime, champ: str, valeur: int
) -> None:
    m = monde()
    corps = {"cle": CLE + "1", "a_partir_du": "2026-10-01", "etude_jours": 5, "information_jours": 21,
             "opposition_jours": 7, "reponse_jours": 14, "revue_mois": 3, champ: valeur}  # fmt: skip
    page = texte(connecte(m["coordination"]).post("/reglages/delais/", corps))
    assert "Écrivez un nombre de" in page
    with pytest.raises(ValidationError):
        changer(m, 1, "coordination", **{champ: valeur})
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        DelaisEquipe.objects.create(
            equipe=m.equipe, a_partir_du=date(2026, 10, 1), decides_par=m["coordination"], **{champ: valeur}
        )
    with en_tant_que("palier_fabrique"):
        assert DelaisEquipe.objects.count() == 0
    assert "partenaires.delais_changes" not in evenements(m.equipe.pk)


def test_ni_hier_ni_aujourd_hui_ne_changent_et_seule_la_coordination_decide(db: None, midi: datetime) -> None:
    m = monde()
    for dans in (-1, 0):
        with pytest.raises(ValidationError, match="demain ou plus tard"):
            changer(m, dans=dans)
        with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
            DelaisEquipe.objects.create(
                equipe=m.equipe, a_partir_du=midi.date() + timedelta(days=dans), decides_par=m["coordination"]
            )
    for qui in ("social", "soignant", "referent"):
        with pytest.raises(PermissionDenied):
            changer(m, qui=qui)
        with agir_comme(m[qui]), pytest.raises(DatabaseError), transaction.atomic():
            DelaisEquipe.objects.create(equipe=m.equipe, a_partir_du=date(2026, 10, 1), decides_par=m[qui])
    with pytest.raises(ValidationError, match="déjà ceux qui valent"):
        changer(m, etude_jours=5, information_jours=21, opposition_jours=7)
    with en_tant_que("palier_fabrique"):
        assert DelaisEquipe.objects.count() == 0


def test_un_changement_a_venir_se_retire_et_reste_dans_l_historique(db: None, midi: datetime) -> None:
    m = monde()
    retiree = changer(m, dans=3)
    client = connecte(m["coordination"])
    assert client.post(f"/reglages/delais/{retiree.pk}/retirer/").status_code == 302
    page = texte(client.get("/reglages/"))
    assert "Retirée avant son effet" in page
    assert "ceux de toutes les équipes" in page
    valable = changer(m, dans=2, etude_jours=7)
    horloge.regler(midi + timedelta(days=4))
    page = texte(client.get("/reglages/"))
    assert "Étudier une fiche 7 jours ouvrés" in page
    assert f"Décidée par {m['coordination'].nom_complet} le 22 septembre" in page
    for pk in (valable.pk, retiree.pk):
        assert client.post(f"/reglages/delais/{pk}/retirer/").status_code == 409
        with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite):
            retirer_delais(pk, par=m["coordination"])
        with agir_comme(m["coordination"]):
            assert DelaisEquipe.objects.filter(pk=pk).update(retires_le=None, retires_par=None) == 0
    with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        DelaisEquipe.objects.filter(pk=valable.pk).delete()
    assert [e for e in evenements(m.equipe.pk) if "delais" in e] == [
        "partenaires.delais_changes", "partenaires.delais_retires", "partenaires.delais_changes",
    ]  # fmt: skip


def test_la_page_change_les_delais_une_fois_et_dit_ce_qui_vient(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    client = connecte(m["coordination"])
    assert "Étude d’une fiche, en jours ouvrés" in texte(client.get("/reglages/delais/"))
    corps = {"cle": CLE + "2", "a_partir_du": "2026-10-01", "etude_jours": 7, "information_jours": 14,
             "opposition_jours": 10, "reponse_jours": 21, "revue_mois": 2, "alsace_moselle": "on"}  # fmt: skip
    for _ in range(2):
        assert client.post("/reglages/delais/", corps).status_code == 302
    page = texte(client.get("/reglages/"))
    assert "À partir du 1er octobre À venir" in page
    assert "Jours fériés : de France et d’Alsace-Moselle" in page
    assert "Réponse d’un partenaire : 21 jours · Revue des objectifs : 2 mois" in page
    with en_tant_que("palier_fabrique"):
        assert DelaisEquipe.objects.count() == 1
    assert "1er octobre" not in texte(connecte(autre["coordination"]).get("/reglages/"))
    lecture = connecte(m["social"]).get("/reglages/")
    assert "La coordination les change." in texte(lecture)
    assert "Changer les délais" not in texte(lecture)
    assert connecte(m["social"]).get("/reglages/delais/").status_code == 403
    assert connecte(m["referent"]).get("/reglages/").status_code == 404
    with instructions() as vues:
        client.get("/reglages/")
    assert len(vues) <= 12, enumerees(vues)


def test_le_referent_voit_la_date_promise_par_l_equipe(db: None, midi: datetime) -> None:
    m = monde()
    changer(m, dans=1, information_jours=7)
    horloge.regler(midi + timedelta(days=1))
    recits.recevable(m)
    page = texte(connecte(m["referent"]).get("/signalements/"))
    assert "mer. 30 sept." in page
    with agir_comme(m["referent"]):
        lue = Fiche.objects.visibles_par(m["referent"]).avec_echeance(m["referent"]).get()
    assert getattr(lue, "echeance", None) == date(2026, 9, 30)
    assert Action.RECEVABLE in evenements(m.equipe.pk)
