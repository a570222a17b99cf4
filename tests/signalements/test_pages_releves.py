"""The rater's pages at six months: a blank grid, once, then nothing is left to see."""

import re
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatReleve, TypeEvaluateur
from signalements.models import Fiche, Locataire, Releve
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import relire

DU_LE = date(2026, 9, 25)


def attendu(
    m: Monde, fiche: Fiche, *, a: Compte | None = None, type_evaluateur: str = TypeEvaluateur.BAILLEUR,
    du_le: date = DU_LE,
) -> Releve:  # fmt: skip
    """An expected relevé, opened by the clock."""
    with en_tant_que("palier_systeme"):
        lue = Fiche.objects.get(pk=fiche.pk)
        releve = parcours.ouvrir_releve(
            lue, type_evaluateur=type_evaluateur, grille=recits.contenu(m).grille,
            evaluateur_id=a.pk if a else None, du_le=du_le,
        )  # fmt: skip
    assert releve is not None
    return releve


def _reponses(m: Monde, **autres: str) -> dict[str, str]:
    return {**dict.fromkeys(sorted(recits.contenu(m).grille.codes()), "NO"), **autres}


def _cle(client: Any, releve: Releve, page: str = "releve") -> str:
    formulaire = client.get(reverse(page, args=[releve.pk])).context["formulaire"]
    return str(getattr(formulaire, "cle", formulaire)["cle"].value())


def test_le_gardien_rend_une_grille_vierge_et_ne_voit_plus_rien(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m, nom="CANARI")
    releve = attendu(m, fiche, a=m["gardien"])
    client = connecte(m["gardien"])
    assert "Relevé à 6 mois Les Tilleuls Nord À rendre avant le 25 septembre Remplir" in texte(
        client.get("/signalements/")
    )
    page = client.get(reverse("releve", args=[releve.pk]))
    assert "Mme Ondine CANARI, Les Tilleuls Nord, bât. A, 3e étage, porte 12" in texte(page)
    assert "checked" not in page.content.decode()
    reponses = _reponses(m, LOG1="1", LOG1_source="direct", cle=_cle(client, releve))
    for _ in range(2):  # a second click leads to the same place
        assert client.post(reverse("releve", args=[releve.pk]), reponses)["Location"] == "/signalements/"
    rendu = relire(releve)
    assert (rendu.etat, rendu.evaluateur_id, rendu.cotations["LOG1"], rendu.cotations["LOG2"]) == (
        EtatReleve.RENDU, m["gardien"].pk, {"v": "1", "s": "direct"}, {"v": "NO"},
    )  # fmt: skip
    assert client.get(reverse("releve", args=[releve.pk])).status_code == 404
    assert "CANARI" not in texte(client.get("/signalements/"))
    with agir_comme(m["gardien"]):
        assert not Locataire.objects.filter(pk=fiche.pk).exists()


def test_la_liste_met_le_retard_en_premier_et_nomme_la_personne_et_son_logement(db: None, midi: datetime) -> None:
    m = monde()
    attendu(m, recits.recevable(m, nom="PROCHE"))
    attendu(m, recits.recevable(m, nom="TARDIVE"), du_le=midi.date() - timedelta(days=4), a=m["gardien"])
    mots = texte(connecte(m["referent"]).get("/releves/"))
    assert mots.index("TARDIVE") < mots.index("PROCHE")
    assert (
        "4 j de retard Mme Ondine TARDIVE Les Tilleuls Nord, bât. A, 3e étage, porte 12 · 26-0002 · premier relevé "
        f"par {m['gardien'].nom_complet}"
    ) in mots


def test_un_releve_incomplet_garde_les_reponses_et_dit_ce_qui_manque(db: None, midi: datetime) -> None:
    m = monde()
    releve = attendu(m, recits.recevable(m))
    client = connecte(m["referent"])
    page = client.post(
        reverse("releve", args=[releve.pk]), {"cle": _cle(client, releve), "LOG1": "3", "SEC1": "0", "SEC2": "0"}
    )
    mots = texte(page)
    assert "Logement : 7 lignes n’ont pas de réponse." in mots
    assert "Voisinage : aucune ligne n’a de réponse." in mots
    assert "dites comment vous le savez" in mots
    assert "Sécurité :" not in mots
    assert re.search(r'name="LOG1" value="3"[^>]* checked', page.content.decode())
    assert relire(releve).etat == EtatReleve.ATTENDU


def test_tout_le_reste_non_observe_se_remplit_et_se_defait_sans_javascript(db: None, midi: datetime) -> None:
    m = monde()
    releve = attendu(m, recits.recevable(m))
    client = connecte(m["referent"])
    ici = reverse("releve", args=[releve.pk])
    rempli = client.post(ici, {"cle": _cle(client, releve), "LOG1": "0", "tout_non_observe": "1"})
    assert "32 lignes remplies en « non observé »" in texte(rempli)
    assert rempli.content.decode().count(" checked") == 33
    remplies = re.search(r'name="remplies" value="([^"]*)"', rempli.content.decode())
    assert remplies
    defait = client.post(
        ici,
        {**_reponses(m, LOG1="0"), "cle": _cle(client, releve), "remplies": remplies[1], "annuler_non_observe": "1"},
    )
    assert defait.content.decode().count(" checked") == 1
    assert relire(releve).etat == EtatReleve.ATTENDU


def test_un_releve_impossible_se_declare_sur_sa_page(db: None, midi: datetime) -> None:
    m = monde()
    releve = attendu(m, recits.recevable(m))
    client = connecte(m["referent"])
    ici = reverse("releve_non_evaluable", args=[releve.pk])
    assert "Choisissez une raison." in texte(client.post(ici, {"cle": _cle(client, releve, "releve_non_evaluable")}))
    reponse = client.post(ici, {"cle": _cle(client, releve, "releve_non_evaluable"), "motif": "demenage"})
    assert reponse["Location"] == "/releves/"
    assert (relire(releve).etat, relire(releve).motif, relire(releve).cotations) == ("non_evaluable", "demenage", {})


def test_l_equipe_rend_les_siens_et_le_bailleur_les_siens(db: None, midi: datetime) -> None:
    m = monde()
    sud = monde("Sud")
    fiche = recits.recevable(m)
    du_bailleur = attendu(m, fiche)
    de_l_equipe = attendu(m, fiche, type_evaluateur=TypeEvaluateur.EQUIPE)
    voient = {
        m["referent"]: (200, 404), m["gardien"]: (404, 404), m["social"]: (404, 200), m["correspondant"]: (404, 404),
        sud["referent"]: (404, 404), sud["social"]: (404, 404),
    }  # fmt: skip
    for compte, codes in voient.items():
        client = connecte(compte)
        for releve, code in zip((du_bailleur, de_l_equipe), codes, strict=True):
            for page in ("releve", "releve_non_evaluable"):
                assert client.get(reverse(page, args=[releve.pk])).status_code == code, (compte, page)
    client = connecte(m["social"])
    reponses = _reponses(m, cle=_cle(client, de_l_equipe))
    assert client.post(reverse("releve", args=[de_l_equipe.pk]), reponses)["Location"] == "/releves/"
    assert relire(de_l_equipe).evaluateur_id == m["social"].pk
    assert relire(du_bailleur).etat == EtatReleve.ATTENDU


def test_une_opposition_retire_le_releve_attendu_du_bailleur(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m, nom="CANARI")
    releve = attendu(m, fiche)
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    client = connecte(m["referent"])
    assert "CANARI" not in texte(client.get("/releves/"))
    assert client.get(reverse("releve", args=[releve.pk])).status_code == 404
    with agir_comme(m["referent"]):
        assert not Locataire.objects.filter(pk=fiche.pk).exists()


def test_la_liste_vide_dit_quand_un_releve_arrive(db: None) -> None:
    assert "deux semaines avant ses six mois" in texte(connecte(monde()["referent"]).get("/releves/"))


@pytest.mark.parametrize("role", ["referent", "social"])
def test_la_liste_coute_autant_avec_trois_et_trente_lignes(db: None, midi: datetime, role: str) -> None:
    m = monde()
    client = connecte(m[role])
    genre = TypeEvaluateur.EQUIPE if role == "social" else TypeEvaluateur.BAILLEUR
    nombres = []
    for combien in (3, 27):
        for _ in range(combien):
            attendu(m, recits.transmise(m), type_evaluateur=genre)
        with instructions() as vues:
            assert client.get("/releves/").status_code == 200
        nombres.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert nombres[0] == nombres[1]
