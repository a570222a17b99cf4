"""The pages of the séances: lists that cost the same for three and thirty, filters, registering, pointing, figures."""

from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.urls import reverse

from partenaires.models import Compte, InscriptionSeance, Seance
from partenaires.parcours import inscriptions
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_seances as recits
from tests.accompagnements.pages import cle_neuve
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte

PLAFOND = 12


def _cout(qui: Compte, chemin: str) -> int:
    client = connecte(qui)
    client.get(chemin)
    with instructions() as vues:
        assert client.get(chemin).status_code == 200
    assert len(vues) <= PLAFOND, enumerees(vues)
    return len(vues)


def _ouvertes(m: Monde, combien: int) -> None:
    """Straight by the parcours, in one transaction for each person."""
    for rang in range(combien):
        recits.avec_inscrits(m, noms=(), titre=f"Séance {rang}", debut=horloge.maintenant() + timedelta(days=9 + rang))


def test_les_listes_coutent_le_meme_prix_pour_trois_et_trente_seances(db: None, midi: datetime) -> None:
    m = monde()
    _ouvertes(m, 3)
    adresses = {r: reverse("sensibilisations") for r in ("social", "referent")} | {"gardien": reverse("mes_seances")}
    avant = {role: _cout(m[role], adresse) for role, adresse in adresses.items()}
    _ouvertes(m, 27)
    assert {role: _cout(m[role], adresse) for role, adresse in adresses.items()} == avant


def test_une_seance_coute_le_meme_prix_pour_trois_et_trente_inscrits(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, noms=("Ana Calque", "Bob Esquisse"), capacite=20)
    adresses = {r: reverse("seance", args=[s.pk]) for r in ("social", "referent")}
    avant = {role: _cout(m[role], adresse) for role, adresse in adresses.items()}
    for rang in range(27):
        recits.inscrit(m, s, f"Personne {rang}")
    assert {role: _cout(m[role], adresse) for role, adresse in adresses.items()} == avant


def test_la_liste_se_filtre_par_genre_et_par_onglet_dans_l_adresse(db: None, midi: datetime) -> None:
    m = monde()
    recits.ouverte(m, titre="Alpha")
    recits.ouverte(m, titre="Beta", genre="secours")
    recits.annulee(m, titre="Gamma")
    client = connecte(m["coordination"])
    vues = {
        requete: [ligne.split(" ")[0] for ligne in lignes(client.get(reverse("sensibilisations") + requete))]
        for requete in ("", "?genre=secours", "?vue=passees", "?vue=passees&genre=secours", "?genre=inconnu")
    }
    assert vues == {
        "": ["Alpha", "Beta"], "?genre=secours": ["Beta"], "?vue=passees": ["Gamma"],
        "?vue=passees&genre=secours": [], "?genre=inconnu": ["Alpha", "Beta"],
    }  # fmt: skip
    assert "La salle n’est plus libre" in texte(client.get(reverse("seance", args=[_une(m, "Gamma").pk])))


def _une(m: Monde, titre: str) -> Seance:
    with agir_comme(m["social"]):
        return Seance.objects.get(titre=titre)


def _saisie(m: Monde, **champs: Any) -> dict[str, Any]:
    jour = horloge.aujourdhui() + timedelta(days=12)
    return {
        "genre": "theorie", "titre": "Repérer", "jour": jour.isoformat(), "heure": "09:30", "duree": "180",
        "lieu": "12 rue des Lilas", "capacite": "12", "inscription_jusqu_au": jour.isoformat(),
        "bailleurs": [str(m.bailleur.pk)], "formateurs": [str(m["soignant"].pk)], **champs,
    }  # fmt: skip


def test_l_equipe_prepare_duplique_modifie_et_ouvre(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    page = client.get(reverse("seance_preparer"))
    assert f'value="{m.bailleur.pk}" id="id_bailleurs_0" checked' in page.content.decode()  # all, unless told otherwise
    envoi = {**_saisie(m), "cle": cle_neuve()}
    assert client.post(reverse("seance_preparer"), envoi).status_code == 302
    assert client.post(reverse("seance_preparer"), envoi).status_code == 302
    s = _une(m, "Repérer")  # once
    copie = client.get(reverse("seance_preparer"), {"depuis": str(s.pk)}).content.decode()
    assert 'value="Repérer"' in copie
    assert 'name="jour" value=' not in copie
    passe = _saisie(m, jour="2026-09-01", version=1, inscription_jusqu_au="2026-08-30")
    assert "Choisissez une date" in texte(client.post(reverse("seance_modifier", args=[s.pk]), passe))
    assert client.post(reverse("seance_modifier", args=[s.pk]), _saisie(m, lieu="Mairie", version=1)).status_code == 302
    conflit = client.post(reverse("seance_modifier", args=[s.pk]), _saisie(m, lieu="Gare", version=1))
    assert "Mairie" in texte(conflit, 409)
    assert _une(m, "Repérer").lieu == "Mairie"
    assert client.post(reverse("seance_ouvrir", args=[s.pk])).status_code == 302
    assert client.post(reverse("seance_ouvrir", args=[s.pk])).status_code == 409
    assert _une(m, "Repérer").etat == "ouverte"


def test_le_referent_inscrit_plusieurs_personnes_a_la_fois_et_rend_une_place(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.ouverte(m, capacite=2)
    client = connecte(m["referent"])
    adresse = reverse("seance_inscrire", args=[s.pk])
    assert "Choisissez une personne" in texte(client.post(adresse, {"nom": " "}))
    envoi = {"personnes": [str(m["gardien"].pk), str(m["referent"].pk)], "nom": "Ana Calque", "fonction": "Agente"}
    suite = client.post(adresse, envoi, follow=True)
    assert "2 inscriptions sont confirmées. La séance est complète : 1 personne est sur la liste d’attente." in texte(
        suite
    )
    assert "déjà parmi les inscrits" in texte(client.post(adresse, {"nom": "ana calque"}))
    sienne = next(i for i in recits.inscriptions(m, s) if i.compte_id == m["referent"].pk)
    assert client.post(reverse("inscription_annuler", args=[sienne.pk])).status_code == 302
    assert [i.etat for i in recits.inscriptions(m, s) if i.nom == "Ana Calque"] == ["inscrite"]
    assert connecte(m["gardien"]).get(adresse).status_code == 403
    with agir_comme(m["gardien"]):
        assert InscriptionSeance.objects.count() == 1


def test_on_pointe_a_deux_et_le_second_voit_ce_qui_a_change(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, noms=("Ana Calque",))
    adresse = reverse("seance_presences", args=[s.pk])
    client = connecte(m["social"])
    assert client.get(adresse).status_code == 409  # not before its day
    horloge.regler(s.debut + timedelta(hours=1))
    client = connecte(m["social"])
    gardien, ana = (i.pk for i in recits.inscriptions(m, s))
    assert client.post(adresse, {f"p_{gardien}": "absente", f"vue_{gardien}": "", "tous": "1"}).status_code == 302
    assert [i.presence for i in recits.inscriptions(m, s)] == ["absente", "presente"]
    envoi = {f"p_{gardien}": "excusee", f"vue_{gardien}": "", f"p_{ana}": "presente", f"vue_{ana}": "presente"}
    assert "Absent" in texte(client.post(adresse, envoi), 409)
    assert [i.presence for i in recits.inscriptions(m, s)] == ["absente", "presente"]
    encore = {**envoi, f"vue_{gardien}": "absente"}
    assert client.post(adresse, encore).status_code == 302
    assert [i.presence for i in recits.inscriptions(m, s)] == ["excusee", "presente"]
    ajout = {"bailleur": str(m.bailleur.pk), "nom": "Dan Patron", "fonction": ""}
    assert client.post(reverse("seance_ajouter", args=[s.pk]), ajout).status_code == 302
    assert client.post(reverse("seance_clore", args=[s.pk])).status_code == 302
    assert recits.relue(m, s).etat == "close"
    assert client.get(adresse).status_code == 409


def test_les_chiffres_se_lisent_par_periode_et_sortent_en_csv(db: None, midi: datetime) -> None:
    m = monde()
    recits.close(m)
    horloge.regler(midi)
    recits.tenue(m, genre="secours", duree=420)
    client = connecte(m["coordination"])
    page = texte(client.get(reverse("seances_chiffres")))
    assert "Séances tenues 2 Heures 10 h Présences 2" in page
    csv = client.get(reverse("seances_csv"), {"du": "2026-01-01", "au": "2026-12-31"}).content.decode("utf-8-sig")
    assert csv.splitlines()[1:3] == ["Séances;1;1;0;2", "Minutes;180;420;0;600"]
    assert csv.splitlines()[-1] == "Présents, ensemble;1;1;0;2"
    assert "Aucune séance tenue" in texte(
        client.get(reverse("seances_chiffres"), {"du": "2025-01-01", "au": "2025-12-31"})
    )
    assert "vient après" in texte(client.get(reverse("seances_chiffres"), {"du": "2026-12-31", "au": "2026-01-01"}))
    assert client.get(reverse("seances_csv"), {"du": "2026-12-31", "au": "2026-01-01"}).status_code == 404


@pytest.mark.django_db(transaction=True)
def test_la_derniere_place_ne_va_qu_a_une_personne_et_la_place_rendue_aussi(midi: datetime) -> None:
    from tests.accompagnements.test_orientations_ensemble import ensemble

    m = monde()
    s = recits.ouverte(m, capacite=3)
    premieres = [recits.inscrit(m, s, nom) for nom in ("Ana Calque", "Bob Esquisse")]
    roles = ("referent", "responsable", "social", "coordination")
    issues = ensemble(*(partial(recits.inscrit, m, s, f"Personne {role}", par=role) for role in roles))
    assert sorted(i.etat for i in issues) == ["en_attente"] * 3 + ["inscrite"]
    assert recits.relue(m, s).inscrites == 3

    def rendre(rang: int, role: str) -> object:
        with agir_comme(m[role]):
            return inscriptions.annuler_inscription(premieres[rang].pk, par=m[role]).etat

    assert ensemble(
        lambda: rendre(0, "referent"), lambda: rendre(1, "social"),
        lambda: recits.inscrit(m, s, "Tard Venue", par="responsable").etat,
    )[:2] == ["annulee", "annulee"]  # fmt: skip
    etats = [i.etat for i in recits.inscriptions(m, s)]
    assert (etats.count("inscrite"), etats.count("en_attente"), etats.count("annulee")) == (3, 2, 2)
    assert recits.relue(m, s).inscrites == 3
    meme = ensemble(*(partial(recits.inscrit, m, s, "Même Nom", par=role) for role in roles[:2]))
    assert sorted(type(i).__name__ for i in meme) == ["InscriptionSeance", "ValidationError"]
