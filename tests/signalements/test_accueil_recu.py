"""The home of those who report, and the receipt: no name, no content, the five neutral words only."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche
from socle import horloge
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements

CHAMPS: dict[str, Any] = {"nom": "Canari", "prenom": "Prenomcanari", "faits": "Faitscanari", "porte": "Portecanari"}
CANARIS = ("Canari", "Prenomcanari", "Faitscanari", "Portecanari")


def _recu(m: Monde, fiche: Fiche, role: str = "gardien") -> str:
    return texte(connecte(m[role]).get(reverse("signalement", args=[fiche.pk])))


def test_l_accueil_montre_residence_date_reference_et_statut_sans_aucun_nom(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, **CHAMPS)
    horloge.regler(midi + timedelta(days=1))
    mots = texte(connecte(m["gardien"]).get("/signalements/"))
    assert f"{m.residence.nom} Reçue Envoyé hier · 26-0001" in mots
    assert "1 en cours" in mots
    assert not any(c in mots for c in CANARIS)


def test_ce_qui_est_termine_est_derriere_un_lien(db: None, midi: datetime) -> None:
    m = monde()
    for _ in range(2):
        fiche = recits.transmise(m)
        with agir_comme(m["social"]):
            parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    client = connecte(m["gardien"])
    accueil = texte(client.get("/signalements/"))
    assert "Aucun signalement en cours" in accueil
    assert "Voir les 2 terminés" in accueil
    termines = texte(client.get("/signalements/", {"vue": "terminees"}))
    assert "26-0001" in termines
    assert "26-0002" in termines
    assert "Doublon" not in termines


def test_l_accueil_vide_dit_quand_signaler(db: None) -> None:
    m = monde()
    assert "Une personne semble aller mal" in texte(connecte(m["gardien"]).get("/signalements/"))
    assert "Rien n’est terminé" in texte(connecte(m["gardien"]).get("/signalements/", {"vue": "terminees"}))


def test_le_recu_dit_la_suite_avec_ses_dates_et_ce_qu_on_ne_verra_pas(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, **CHAMPS)
    recu = _recu(m, fiche)
    assert "Signalement envoyé aujourd’hui à 12 h" in recu
    assert "Référence 26-0001" in recu
    assert "L’équipe dédiée a reçu votre fiche Mardi 22 septembre 2026." in recu
    assert "Elle étudie la fiche , à venir Au plus tard le mardi 29 septembre 2026." in recu
    assert "Vous verrez seulement « Rencontre faite »." in recu
    assert not any(c in recu for c in CANARIS)


def test_le_recu_d_une_fiche_a_relire_dit_que_le_referent_la_relit(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m)
    assert "Votre référent relit la fiche" in _recu(m, fiche)
    assert f"{m.residence.nom} Reçue Envoyé aujourd’hui Votre référent la relit." in texte(
        connecte(m["gardien"]).get("/signalements/")
    )


@pytest.mark.parametrize("fin", ["non_recevable", "opposition", "classee", "reorientee"])
def test_toutes_les_fins_donnent_le_meme_recu(db: None, midi: datetime, fin: str) -> None:
    m = monde()
    fiche = recits.recevable(m, **CHAMPS) if fin in ("classee", "opposition") else recits.transmise(m, **CHAMPS)
    with agir_comme(m["social"]):
        if fin == "non_recevable":
            parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
        elif fin == "opposition":
            parcours.opposer(fiche.pk, par=m["social"])
        elif fin == "classee":
            parcours.classer(fiche.pk, par=m["social"], motif="deces")
        else:
            parcours.reorienter(fiche.pk, par=m["social"])
    recu = _recu(m, fiche)
    attendu = (
        "Référence 26-0001 Résidence Les Tilleuls Nord Statut Terminée aujourd’hui Les étapes Reçue mardi 22 septembre "
        "2026 Terminée mardi 22 septembre 2026 Cette situation est terminée. Ce que l’équipe "
        "a fait avec la personne reste entre elles. Si la situation reprend, faites un nouveau signalement. Revenir à "
        "mes signalements"
    )
    assert attendu in recu
    assert not any(mot in recu for mot in (*CANARIS, "Doublon", "Opposition", "Décès", "éorient"))


def test_le_correspondant_est_dirige_vers_l_equipe_quand_elle_a_une_question(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        m.equipe.telephone = "01 23 45 67 89"
        m.equipe.save()
    fiche = recits.transmise(m, par=m["correspondant"])
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Question confidentielle ?")
    recu = _recu(m, fiche, "correspondant")
    assert "L’équipe dédiée a une question : appelez-la au 01 23 45 67 89." in recu
    assert "Question confidentielle" not in recu


def test_le_recu_d_autrui_n_existe_pas(db: None, midi: datetime) -> None:
    m = monde()
    sud = monde("Sud")
    fiche = recits.transmise(m, par=m["referent"])
    for compte in (m["gardien"], m["correspondant"], sud["gardien"], sud["referent"], sud["social"]):
        assert connecte(compte).get(reverse("signalement", args=[fiche.pk])).status_code == 404


def test_l_accueil_ne_note_aucune_lecture_car_il_ne_montre_aucun_nom(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m)
    avant = evenements()
    connecte(m["gardien"]).get("/signalements/")
    assert evenements() == avant


def test_l_accueil_coute_autant_avec_trois_et_trente_lignes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    nombres = []
    for combien in (3, 27):
        for _ in range(combien):
            recits.transmise(m)
        recits.brouillon(m)
        with instructions() as vues:
            assert client.get("/signalements/").status_code == 200
        nombres.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert nombres[0] == nombres[1]
