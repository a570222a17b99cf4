"""One's own receipts: found by reference or résidence, filtered by status in the address, each status with its day."""

import re
from datetime import date, datetime, timedelta

import pytest
from django.db import connection
from django.urls import reverse

from partenaires.models import Rattachement, ResidenceGardien
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche
from signalements.recus import statuts_dates
from socle import horloge
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

NOM = "Canari"


def _la(m: Monde, fiche: Fiche, role: str = "gardien") -> Fiche:
    with agir_comme(m[role]):
        lue: Fiche = Fiche.objects.visibles_par(m[role]).avec_recu().get(pk=fiche.pk)
        return lue


def _statuts(m: Monde, fiche: Fiche) -> list[tuple[str, date]]:
    with agir_comme(m["gardien"]):
        return statuts_dates(_la(m, fiche))


def _chercher(m: Monde, **filtres: str) -> str:
    return texte(connecte(m["gardien"]).get("/signalements/", filtres))


def test_chaque_statut_neutre_a_son_jour(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, nom=NOM)
    horloge.regler(midi + timedelta(days=2))
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Quel étage ?")
    horloge.regler(midi + timedelta(days=3))
    with agir_comme(m["referent"]):
        parcours.completer(fiche.pk, par=m["referent"], reponse="Au troisième.")
    horloge.regler(midi + timedelta(days=6))
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    assert _statuts(m, fiche) == [
        ("recue", date(2026, 9, 22)), ("a_completer", date(2026, 9, 24)), ("recue", date(2026, 9, 25)),
        ("en_cours", date(2026, 9, 28)),
    ]  # fmt: skip
    recu = texte(connecte(m["gardien"]).get(reverse("signalement", args=[fiche.pk])))
    assert "Statut En cours depuis aujourd’hui" in recu
    assert "À compléter jeudi 24 septembre 2026 Reçue vendredi 25 septembre 2026 En cours lundi 28" in recu
    assert re.search(r"Elle étudie la fiche[ ,a-z]* Lundi 28 septembre 2026\.", recu)
    assert "En cours depuis aujourd’hui" in _chercher(m)
    assert NOM not in recu
    assert "Quel étage" not in recu


def test_a_la_fin_le_recu_ne_dit_que_le_debut_et_la_fin(db: None, midi: datetime) -> None:
    """How long each stage took could tell the motif."""
    m = monde()
    fiche = recits.recevable(m)
    horloge.regler(midi + timedelta(days=4))
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif="deces")
    assert _statuts(m, fiche) == [("recue", date(2026, 9, 22)), ("terminee", date(2026, 9, 26))]
    recu = texte(connecte(m["gardien"]).get(reverse("signalement", args=[fiche.pk])))
    assert "En cours" not in recu
    assert "Terminée samedi 26 septembre 2026" in recu


def test_personne_n_ecrit_les_jours_a_la_main(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["social"]), connection.cursor() as curseur:
        curseur.execute(
            'UPDATE signalements_fiche SET statuts = \'[["rencontre", "2020-01-01"]]\' WHERE id = %s', [fiche.pk]
        )
        assert curseur.rowcount == 1
    assert _la(m, fiche).statuts == [["recue", "2026-09-22"]]
    brouillon = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        brouillon.statuts = [["rencontre", "2020-01-01"]]
        brouillon.save(update_fields=["statuts"])
    assert _la(m, brouillon).statuts == []


def test_un_recu_se_cherche_par_sa_reference_ou_sa_residence_jamais_par_un_nom(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        ResidenceGardien.objects.create(
            rattachement=Rattachement.objects.get(compte=m["gardien"]), residence=m.autre_residence, bailleur=m.bailleur
        )
    recits.transmise(m, nom=NOM)
    recits.transmise(m, nom=NOM, residence=m.autre_residence)
    assert ("26-0001" in (page := _chercher(m, q="26-0001")), "26-0002" in page) == (True, False)
    assert ("26-0001" in (page := _chercher(m, q="grand pre")), "26-0002" in page) == (False, True)
    assert all(r in _chercher(m, q="26-") for r in ("26-0001", "26-0002"))
    for cherche in (NOM, "Grand Canari", "27-", "%", "26-9999"):
        vide = _chercher(m, q=cherche)
        assert "Aucun signalement ne correspond" in vide
        assert "26-000" not in vide


def test_les_filtres_sont_dans_l_adresse_et_se_combinent(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    recits.recevable(m)
    finie = recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
    accueil = _chercher(m)
    assert "Ouverts 2 Reçue 1 En cours 1 Terminée 1" in accueil
    page = _chercher(m, statut="en_cours")
    assert ("26-0001" in page, "26-0002" in page, "26-0003" in page) == (False, True, False)
    assert "26-0003" in _chercher(m, statut="terminee")
    assert "26-0003" in _chercher(m, vue="terminees")
    assert "26-0003" in _chercher(m, q="tilleuls")  # a search looks at what is over too
    assert "26-0003" not in _chercher(m, q="tilleuls", statut="recue")
    assert "26-0001" in _chercher(m, statut="inconnu")
    assert (
        'href="?q=tilleuls&amp;statut=recue"'
        in connecte(m["gardien"]).get("/signalements/", {"q": "tilleuls"}).content.decode()
    )


def test_les_pages_suivent_les_filtres(db: None, midi: datetime) -> None:
    m = monde()
    for _ in range(26):
        recits.transmise(m)
    client = connecte(m["gardien"])
    page = client.get("/signalements/", {"statut": "recue"}).context["page"]
    assert (len(page.lignes), "statut=recue" in page.suivante, page.precedente) == (25, True, "")
    suite = client.get(f"/signalements/{page.suivante}").context["page"]
    assert (len(suite.lignes), suite.suivante) == (1, "")


@pytest.mark.parametrize("filtres", [{"q": "tilleuls"}, {"statut": "recue"}, {"q": "26-", "statut": "recue"}])
def test_une_recherche_coute_autant_avec_trois_et_trente_lignes(
    db: None, midi: datetime, filtres: dict[str, str]
) -> None:
    m = monde()
    client = connecte(m["gardien"])
    nombres = []
    for combien in (3, 27):
        for _ in range(combien):
            recits.transmise(m)
        with instructions() as vues:
            assert client.get("/signalements/", filtres).status_code == 200
        nombres.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert nombres[0] == nombres[1]
