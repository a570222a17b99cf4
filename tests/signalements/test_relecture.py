"""The référent's reading before transmission: pass on, send back with comments on named fields, give up."""

from datetime import datetime
from typing import Any

from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements.models import Brouillon, Fiche, Locataire
from tests import recits
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, promesses


def _a_relire(m: Monde, **champs: Any) -> Fiche:
    return recits.envoyee(m, **champs)


def _ici(fiche: Fiche) -> str:
    return reverse("signalement_relecture", args=[fiche.pk])


def test_le_referent_relit_tout_et_transmet(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    page = texte(client.get(_ici(fiche)))
    for morceau in ("Mme Ondine Maquette", "3 Permanent Constat direct", "Volets fermés depuis trois semaines."):
        assert morceau in page
    reponse = client.post(_ici(fiche), {"action": "transmettre"})
    assert reponse["Location"] == reverse("signalement", args=[fiche.pk])
    lue = recits.relue(m, fiche)
    assert (lue.etat, lue.relue_par_id, lue.reference) == ("transmise", m["referent"].pk, "26-0001")
    assert "sous la référence 26-0001" in texte(client.get(reponse["Location"]))
    assert promesses() == [
        "signalements.a_relire", "signalements.information_tardive", "signalements.rappel_relecture",
        "signalements.rappel_relecture", "signalements.transmise",
    ]  # fmt: skip


def test_le_renvoi_demande_un_commentaire_et_le_porte_sur_un_champ_nomme(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    sans = client.post(_ici(fiche), {"action": "renvoyer", "faits": "  "})
    assert "Écrivez au moins un commentaire" in texte(sans)
    long = client.post(_ici(fiche), {"action": "renvoyer", "faits": "é" * 301})
    assert "300 caractères" in texte(long)
    with agir_comme(m["referent"]):
        assert Fiche.objects.get(pk=fiche.pk).etat == "a_relire"
    client.post(_ici(fiche), {"action": "renvoyer", "faits": "Quel jour ?", "logement": "Et le palier ?"})
    with agir_comme(m["gardien"]):
        assert Fiche.objects.get(pk=fiche.pk).etat == "a_corriger"
        assert Brouillon.objects.get(pk=fiche.pk).commentaires == {"faits": "Quel jour ?", "logement": "Et le palier ?"}
    assert promesses()[-1] == "signalements.renvoyee"


def test_deux_decisions_a_la_fois_une_seule_compte(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    client.post(_ici(fiche), {"action": "transmettre"})
    avant = etat_complet(fiche)
    mots = texte(client.post(_ici(fiche), {"action": "renvoyer", "faits": "Un commentaire assez long."}), 409)
    assert "Le signalement 26-0001 a changé entre-temps État actuel : Reçue" in mots
    assert "Un commentaire assez long." in mots
    assert etat_complet(fiche) == avant
    assert client.get(_ici(fiche))["Location"] == reverse("signalement", args=[fiche.pk])


def test_l_abandon_se_confirme_et_ferme_le_contenu(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    ici = reverse("signalement_abandonner", args=[fiche.pk])
    assert "Abandonner cette fiche ?" in texte(client.get(ici))
    with agir_comme(m["referent"]):
        assert Fiche.objects.get(pk=fiche.pk).etat == "a_relire"
    assert client.post(ici)["Location"] == "/signalements/"
    for role in ("referent", "gardien", "coordination"):
        with agir_comme(m[role]):
            assert not Locataire.objects.filter(pk=fiche.pk).exists()
    assert "Terminée" in texte(connecte(m["gardien"]).get(reverse("signalement", args=[fiche.pk])))


def test_le_referent_peut_corriger_lui_meme_une_fiche_renvoyee(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    client.post(_ici(fiche), {"action": "renvoyer", "faits": "Quel jour ?"})
    panneau = texte(client.get(reverse("signalement", args=[fiche.pk])))
    assert "Renvoyée à son auteur" in panneau
    assert client.get(reverse("saisie", args=[fiche.pk, "contexte"])).status_code == 200


def test_seul_un_referent_de_l_organisation_relit(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    sud = monde("Sud", relecture=True)
    fiche = _a_relire(m)
    attendus = {m["gardien"]: 403, m["social"]: 404, sud["referent"]: 404, m["correspondant"]: 404}
    avant = etat_complet(fiche)
    for compte, code in attendus.items():
        client = connecte(compte)
        for page in ("signalement_relecture", "signalement_abandonner"):
            assert client.get(reverse(page, args=[fiche.pk])).status_code == code
            assert client.post(reverse(page, args=[fiche.pk]), {"action": "transmettre"}).status_code == code
    assert etat_complet(fiche) == avant


def test_la_page_de_relecture_coute_douze_instructions_au_plus(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = _a_relire(m)
    client = connecte(m["referent"])
    with instructions() as vues:
        assert client.get(_ici(fiche)).status_code == 200
    assert len(vues) <= 12, enumerees(vues)
