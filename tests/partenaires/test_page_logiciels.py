"""The page of software: a key is shown once, then recognised by its beginning, renewed, revoked, closed."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.test import Client
from django.urls import reverse

from partenaires.models import CleApi, Logiciel
from socle import horloge
from tests.cles import Appelant, logiciel
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import compter, evenements, traiter_envois

pytestmark = pytest.mark.django_db
JETON = re.compile(r"palier_[a-z2-7]{16}_[a-z2-7]{52}")


def _ouvrir(client: Client, **champs: Any) -> Any:
    page = client.get(reverse("logiciel_ouvrir"))
    saisie = {
        "cle": str(page.context["formulaire"]["cle"].value()), "nom": "Gestion locative",
        "portees": ["fiches:ecrire", "fiches:lire"], "jours": "365", **champs,
    }  # fmt: skip
    return client.post(reverse("logiciel_ouvrir"), saisie), saisie


def _nouvelle_cle(client: Client, pk: Any, **champs: Any) -> Any:
    adresse = reverse("logiciel_cle", args=[pk])
    cle = str(client.get(adresse).context["formulaire"]["cle"].value())
    return client.post(adresse, {"cle": cle, "jours": "365", **champs})


def _seul() -> Logiciel:
    with en_tant_que("palier_fabrique"):
        return Logiciel.objects.get()


def _actions(m: Monde) -> list[str]:
    return [a.removeprefix("partenaires.") for a in evenements(m.bailleur.pk)]


def test_la_cle_est_montree_une_fois_et_sert_aussitot(midi: datetime) -> None:
    m = monde()
    client = connecte(m["responsable"])
    reponse, saisie = _ouvrir(client)
    jetons = JETON.findall(reponse.content.decode())
    assert reponse.status_code == 200
    assert len(jetons) == 1
    assert reponse["Cache-Control"] == "no-store"
    assert Appelant(jetons[0]).get("acces/").status_code == 200
    encore = client.post(reverse("logiciel_ouvrir"), saisie, follow=True)
    assert not JETON.search(encore.content.decode())
    assert "Cette clé a déjà été créée et montrée." in texte(encore)
    assert compter(Logiciel, CleApi) == {"Logiciel": 1, "CleApi": 1}
    for adresse in (reverse("logiciels"), reverse("logiciel", args=[_seul().pk])):
        page = client.get(adresse)
        assert not JETON.search(page.content.decode())
        assert f"palier_{jetons[0].split('_')[1]}_…" in texte(page)
    assert _actions(m)[:2] == ["logiciel_ouvert", "logiciel_cle_creee"]


@pytest.mark.parametrize(
    ("champs", "mot"),
    [
        ({"nom": ""}, "Écrivez le nom du logiciel."),
        ({"portees": []}, "Choisissez au moins une permission."),
        ({"portees": ["tout"]}, "Choisissez au moins une permission."),
        ({"jours": "3650"}, "Choisissez une des durées proposées."),
    ],
)
def test_un_formulaire_faux_n_ouvre_rien(midi: datetime, champs: dict[str, Any], mot: str) -> None:
    m = monde()
    reponse, _ = _ouvrir(connecte(m["responsable"]), **champs)
    assert mot in texte(reponse)
    assert compter(Logiciel, CleApi) == {"Logiciel": 0, "CleApi": 0}
    assert _actions(m) == []


def test_renouveler_garde_l_ancienne_le_temps_choisi(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    client = connecte(m["responsable"])
    reponse = _nouvelle_cle(client, _seul().pk, recouvrement="7")
    neuve = Appelant(JETON.findall(reponse.content.decode())[0])
    assert [a.get("acces/").status_code for a in (appelant, neuve)] == [200, 200]
    page = texte(client.get(reverse("logiciel", args=[_seul().pk])))
    assert "29 septembre" in page
    assert "22 septembre 2027" in page
    refusee = _nouvelle_cle(client, _seul().pk)
    assert "Dites ce que devient la clé actuelle." in texte(refusee)
    assert compter(CleApi) == {"CleApi": 2}


def test_revoquer_puis_fermer_demandent_une_confirmation_et_se_disent(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    client = connecte(m["responsable"])
    pk = _seul().pk
    with en_tant_que("palier_fabrique"):
        cle = CleApi.objects.recentes().get().pk
    adresse = reverse("cle_revoquer", args=[pk, cle])
    assert "Elle n’a jamais servi." in texte(client.get(adresse))
    assert appelant.get("acces/").status_code == 200
    assert "Elle a servi le 22 septembre 2026." in texte(client.get(adresse))
    assert "est révoquée. Elle n’ouvre plus rien." in texte(client.post(adresse, follow=True))
    assert appelant.get("acces/").status_code == 401
    assert "Cette clé ne sert déjà plus." in texte(client.post(adresse, follow=True))
    fermer = reverse("logiciel_fermer", args=[pk])
    assert "L’accès ne se rouvre pas." in texte(client.get(fermer))
    assert "L’accès de Gestion locative est fermé." in texte(client.post(fermer, follow=True))
    assert client.get(fermer).status_code == 404
    page = texte(client.get(reverse("logiciels")))
    assert "Accès fermés" in page
    assert m["responsable"].nom_complet in page
    ecrits = [a for a in _actions(m) if a not in ("logiciels_lus", "membres_lus")]
    assert ecrits == ["logiciel_ouvert", "logiciel_cle_creee", "logiciel_cle_revoquee", "logiciel_ferme"]


def test_les_permissions_se_changent_et_une_liste_vide_est_refusee(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    client = connecte(m["responsable"])
    adresse = reverse("logiciel", args=[_seul().pk])
    assert "Choisissez au moins une permission." in texte(client.post(adresse, {"portees": []}))
    assert appelant.get("residences/").status_code == 200
    client.post(adresse, {"portees": ["fiches:lire"]})
    assert _seul().portees == ["fiches:lire"]
    assert appelant.get("residences/").status_code == 403
    client.post(reverse("logiciel_fermer", args=[_seul().pk]))
    assert "est déjà fermé" in texte(client.post(adresse, {"portees": ["fiches:ecrire"]}, follow=True))
    assert _seul().portees == ["fiches:lire"]


def test_le_responsable_est_prevenu_deux_semaines_avant_la_fin_sauf_si_une_autre_cle_suit(midi: datetime) -> None:
    m = monde()
    logiciel(m)
    horloge.regler(midi + timedelta(days=351, minutes=-1))
    assert traiter_envois() == 0
    horloge.regler(midi + timedelta(days=351))
    assert traiter_envois() == 1
    assert [(c.to, c.subject) for c in mail.outbox] == [
        ([m["responsable"].email], "Palier\N{NO-BREAK SPACE}: une clé à renouveler")
    ]
    assert f"/logiciels/{_seul().pk}/" in mail.outbox[0].body
    assert "Gestion" not in mail.outbox[0].body
    mail.outbox.clear()
    client = connecte(m["responsable"])
    _nouvelle_cle(client, _seul().pk, jours="90", recouvrement="30")
    horloge.regler(midi + timedelta(days=351 + 77))
    _nouvelle_cle(client, _seul().pk, jours="365", recouvrement="30")
    assert traiter_envois() == 1
    assert mail.outbox == []


@pytest.mark.parametrize("combien", [3, 30])
def test_la_liste_coute_onze_instructions_quel_que_soit_le_nombre(midi: datetime, combien: int) -> None:
    m = monde()
    for n in range(combien):
        logiciel(m, nom=f"Logiciel {n}")
    client = connecte(m["responsable"])
    with instructions() as vues:
        assert client.get(reverse("logiciels")).status_code == 200
    assert len(vues) == 11, enumerees(vues)
