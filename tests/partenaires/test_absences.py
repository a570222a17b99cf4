"""Absences: who covers whom, what the cover receives, and how it shows."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, transaction
from django.urls import reverse

from partenaires.models import Absence, Rattachement
from partenaires.parcours import avis
from partenaires.perimetre import agir_comme
from partenaires.tasks import purger_absences
from signalements import conservation, parcours
from socle import horloge
from tests import recits, recits_avis
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements
from tests.recits_avis import courriels, notifications


def absence(m: Monde, role: str, par: str, *, du: int = 0, au: int = 7) -> Absence:
    """`role` is away from day `du` to day `au` (from today) and `par` covers."""
    jour = horloge.aujourdhui()
    with agir_comme(m[role]):
        return avis.declarer_absence(
            par=m[role], du=jour + timedelta(days=du), au=jour + timedelta(days=au), remplacant=m[par]
        )


def _destinataires() -> list[str]:
    return sorted(c.to[0] for c in courriels())


def test_ce_qui_previent_l_absente_previent_aussi_qui_la_remplace(db: None, midi: datetime) -> None:
    m = monde()
    absence(m, "coordination", "soignant")
    recits.transmise(m)
    partis = courriels()
    assert sorted(c.to[0] for c in partis) == sorted([m["coordination"].email, m["soignant"].email])
    (sienne,), (couverte,) = notifications(m["coordination"]), notifications(m["soignant"])
    assert (sienne.pour_id, couverte.pour_id) == (None, m["coordination"].pk)
    du_remplacant = next(c for c in partis if c.to == [m["soignant"].email])
    assert "parce que vous remplacez une personne absente" in du_remplacant.body
    assert m["coordination"].nom not in str(du_remplacant.message())
    page = texte(connecte(m["soignant"]).get(reverse("notifications")))
    assert f"en l’absence de {m['coordination'].nom_complet}" in page


@pytest.mark.parametrize(("du", "au"), [(1, 7), (-7, -1)])
def test_avant_et_apres_l_absence_personne_d_autre_n_est_prevenu(db: None, midi: datetime, du: int, au: int) -> None:
    m = monde()
    if au < 0:
        horloge.regler(midi - timedelta(days=7))
        absence(m, "coordination", "soignant", au=6)
        horloge.regler(midi)
    else:
        absence(m, "coordination", "soignant", du=du, au=au)
    recits.transmise(m)
    assert _destinataires() == [m["coordination"].email]


def test_qui_remplace_ne_recoit_que_ce_que_son_role_lui_ouvre(db: None, midi: datetime) -> None:
    m = monde()
    absence(m, "referent", "gardien")
    fiche = recits.transmise(m, par=m["responsable"])
    courriels()
    recits_avis.message_de_l_equipe(m, fiche)
    assert _destinataires() == [m["referent"].email]
    assert notifications(m["gardien"]) == []


def test_qui_remplace_et_a_quitte_l_organisation_ne_recoit_rien(db: None, midi: datetime) -> None:
    m = monde()
    absence(m, "coordination", "soignant")
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["soignant"]).update(au=horloge.aujourdhui())
    recits.transmise(m)
    assert _destinataires() == [m["coordination"].email]


def test_le_brouillon_d_une_absente_ne_se_confie_pas(db: None, midi: datetime) -> None:
    m = monde()
    recits.brouillon(m, par=m["referent"])
    absence(m, "referent", "responsable", au=60)
    horloge.regler(midi + timedelta(days=25, minutes=1))
    with en_tant_que("palier_systeme"):
        conservation.rappeler_brouillons()
    assert _destinataires() == [m["referent"].email]
    assert notifications(m["responsable"]) == []


def test_une_absence_se_refuse_hors_de_l_organisation_dans_le_passe_ou_deux_fois(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    jour = horloge.aujourdhui()
    demain = jour + timedelta(days=1)
    refus: list[dict[str, Any]] = [
        {"du": jour, "au": demain, "remplacant": sud["soignant"]},
        {"du": jour, "au": demain, "remplacant": m["coordination"]},
        {"du": demain, "au": jour, "remplacant": m["soignant"]},
        {"du": jour - timedelta(days=2), "au": jour - timedelta(days=1), "remplacant": m["soignant"]},
    ]
    avant = evenements()
    for champs in refus:
        with agir_comme(m["coordination"]), pytest.raises(ValidationError):
            avis.declarer_absence(par=m["coordination"], **champs)
    with agir_comme(m["gardien"]), pytest.raises(PermissionDenied):
        avis.declarer_absence(par=m["gardien"], du=jour, au=demain, remplacant=m["referent"])
    assert compter(Absence) == {"Absence": 0}
    assert evenements() == avant
    absence(m, "coordination", "soignant")
    with pytest.raises(ValidationError):
        absence(m, "coordination", "social", du=7, au=9)
    absence(m, "coordination", "social", du=8, au=9)
    assert compter(Absence) == {"Absence": 2}


def test_personne_n_absente_un_collegue_ni_ne_lui_donne_un_remplacant_d_ailleurs(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    jour = horloge.aujourdhui()
    for titulaire, remplacant in ((m["social"], m["soignant"]), (m["coordination"], sud["soignant"])):
        with agir_comme(m["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
            Absence.objects.create(compte=titulaire, organisation=m.equipe, remplacant=remplacant, du=jour, au=jour)
    a = absence(m, "social", "soignant")
    with agir_comme(m["coordination"]):
        assert Absence.objects.filter(pk=a.pk).count() == 1  # a colleague knows it
        assert Absence.objects.filter(pk=a.pk)._raw_delete("default") == 0
    with agir_comme(sud["coordination"]):
        assert Absence.objects.count() == 0
    assert compter(Absence) == {"Absence": 1}


def test_la_page_declare_une_fois_montre_et_retire(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["coordination"])
    page = texte(client.get(reverse("absences")))
    assert m["soignant"].nom_complet in page
    cle = "0b1b6f0a-5a6c-4a0e-9a6d-3f2a2c1d0e9f"
    champs = {"du": "2026-09-28", "au": "2026-10-03", "remplacant": str(m["soignant"].pk), "cle": cle}
    for _ in range(2):
        assert client.post(reverse("absences"), champs).status_code == 302
    assert compter(Absence) == {"Absence": 1}
    page = texte(client.get(reverse("absences")))
    assert "Du 28 septembre au 3 octobre" in page
    with en_tant_que("palier_fabrique"):
        (a,) = Absence.objects.all()
    assert connecte(m["social"]).post(reverse("absence_terminer", args=[a.pk])).status_code == 404
    assert compter(Absence) == {"Absence": 1}
    assert client.post(reverse("absence_terminer", args=[a.pk])).status_code == 302
    assert compter(Absence) == {"Absence": 0}
    actions = evenements(m.equipe.pk)
    assert actions.count("partenaires.absence_declaree") == 1
    assert actions.count("partenaires.absence_terminee") == 1


@pytest.mark.parametrize(
    ("champs", "dit"),
    [
        ({"du": "2026-10-03", "au": "2026-09-28"}, "Le dernier jour vient après le premier"),
        ({"du": "2026-09-01", "au": "2026-09-05"}, "Cette absence est déjà passée"),
        ({"remplacant": "999999"}, "Choisissez une personne de votre organisation"),
        ({"du": ""}, "Écrivez le premier jour"),
    ],
)
def test_la_page_dit_ce_qui_ne_va_pas(db: None, midi: datetime, champs: dict[str, str], dit: str) -> None:
    m = monde()
    envoi = {
        "du": "2026-09-28", "au": "2026-10-03", "remplacant": str(m["soignant"].pk),
        "cle": "0b1b6f0a-5a6c-4a0e-9a6d-3f2a2c1d0e9f",
    }  # fmt: skip
    reponse = connecte(m["coordination"]).post(reverse("absences"), {**envoi, **champs})
    assert dit in texte(reponse)
    assert compter(Absence) == {"Absence": 0}


def test_les_taches_de_l_absente_se_disent_couvertes_et_sont_chez_qui_la_remplace(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="Étudier")
    with agir_comme(m["coordination"]):
        parcours.attribuer(fiche.pk, par=m["coordination"], a=m["social"])
    client = connecte(m["soignant"])
    assert "Étudier la fiche de" not in texte(client.get("/", {"qui": "moi"}))
    absence(m, "social", "soignant")
    chez_elle = texte(client.get("/", {"qui": "moi"}))
    assert "Étudier la fiche de Mme Ondine Étudier" in chez_elle
    phrase = f"bsence jusqu’au 29 septembre, remplacement par {m['soignant'].nom_complet}"
    assert f"A{phrase}." in chez_elle
    assert f"26-0001 · Les Tilleuls Nord · reçue aujourd’hui · a{phrase}" in chez_elle
    assert "Étudier la fiche de" not in texte(connecte(m["coordination"]).get("/", {"qui": "moi"}))


def test_les_absences_s_effacent_quatre_vingt_dix_jours_apres(db: None, midi: datetime) -> None:
    m = monde()
    absence(m, "social", "soignant", au=0)
    for jours, reste in ((90, 1), (91, 0)):
        horloge.regler(midi + timedelta(days=jours))
        with en_tant_que("palier_systeme"):
            purger_absences(a_blanc=False)
        assert compter(Absence) == {"Absence": reste}
