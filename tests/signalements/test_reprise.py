"""What a device kept without network comes back once, into one draft, and over nothing newer."""

import json
import uuid
from datetime import datetime
from typing import Any

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon, Fiche, Grille
from tests import recits
from tests.fabriques import monde
from tests.pages import connecte
from tests.partenaires.regards import compter, etat_complet, evenements
from tests.signalements.saisies import adresse, brouillon_de, envoyer, fiches_de, remplir

FAITS = "Volets fermés depuis mardi."


def rendre(client: Client, pk: Any, champs: dict[str, Any], **plus: Any) -> Any:
    avant = plus.pop("avant", {})
    donnees = {"cle": uuid.uuid4(), "champs": json.dumps(champs), "avant": json.dumps(avant), **plus}
    return client.post(reverse("reprise", args=[pk]), donnees)


def rendre_nouvelle(client: Client, fiche: uuid.UUID, champs: dict[str, Any], **plus: Any) -> Any:
    donnees = {"fiche": fiche, "cle": uuid.uuid4(), "champs": json.dumps(champs), **plus}
    return client.post(reverse("reprise_nouvelle"), donnees)


def test_ce_qui_attendait_rejoint_le_brouillon_et_ne_touche_pas_au_reste(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(adresse(fiche.pk, "personne"), {"nom": "Maquette", "porte": "12", "vers": "quitter"})
    reponse = rendre(client, fiche.pk, {"faits": FAITS, "contexte": ["seul"], "LIE1": "3"}, etape="presence")
    assert (reponse.status_code, reponse.json()) == (200, {"url": adresse(fiche.pk, "presence")})
    garde = brouillon_de(m, fiche.pk)
    assert (garde["nom"], garde["porte"], garde["faits"]) == ("Maquette", "12", FAITS)
    assert (garde["contexte"], garde["LIE1"]) == (["seul"], "3")
    assert garde["grille"]  # to which the answer was given


def test_le_meme_envoi_deux_fois_ne_change_rien_la_seconde(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    cle = uuid.uuid4()
    assert rendre(client, fiche.pk, {"faits": FAITS}, cle=cle).status_code == 200
    client.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Corrigé depuis."})
    assert rendre(client, fiche.pk, {"faits": FAITS}, cle=cle).status_code == 200  # the other tab, or a lost answer
    assert brouillon_de(m, fiche.pk)["faits"] == "Corrigé depuis."
    assert rendre(client, fiche.pk, {"faits": "Autre."}, cle=cle).status_code == 400


def test_un_champ_change_ailleurs_depuis_montre_les_deux_textes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(
        reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Écrit sur la tablette.", "contexte": ["seul"]}
    )
    avant = etat_complet(fiche), brouillon_de(m, fiche.pk)
    champs = {"faits": FAITS, "demarches": "Courrier.", "contexte": ["impaye", "seul"]}
    conflit = rendre(client, fiche.pk, champs, avant={"faits": [""], "contexte": [[]]})
    assert conflit.status_code == 409
    assert conflit.json() == {
        "conflits": [
            {"libelle": "Ce que vous savez de la situation", "mien": "Impayé, Vit seule ou seul",
             "autre": "Vit seule ou seul"},
            {"libelle": "Ce que vous avez vu ou entendu", "mien": FAITS, "autre": "Écrit sur la tablette."},
        ]
    }  # fmt: skip
    assert (etat_complet(fiche), brouillon_de(m, fiche.pk)) == avant  # in one go or not at all
    assert rendre(client, fiche.pk, champs, remplacer="1").status_code == 200
    garde = brouillon_de(m, fiche.pk)
    assert (garde["faits"], garde["demarches"]) == (FAITS, "Courrier.")


def test_ce_que_l_appareil_avait_tente_d_envoyer_n_est_pas_un_conflit(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    client.post(reverse("saisie_auto", args=[fiche.pk, "contexte"]), {"faits": "Volets fer"})  # its answer was lost
    assert rendre(client, fiche.pk, {"faits": FAITS}, avant={"faits": ["", "Volets fer"]}).status_code == 200
    assert brouillon_de(m, fiche.pk)["faits"] == FAITS
    assert rendre(client, fiche.pk, {"faits": ""}, avant={"faits": [FAITS]}).status_code == 200
    assert "faits" not in brouillon_de(m, fiche.pk)


def test_une_fiche_commencee_sans_reseau_ne_fait_qu_un_brouillon(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    cle = uuid.uuid4()
    champs = {"nom": "Maquette", "porte": "12", "majeur": "oui"}
    reponses = [rendre_nouvelle(client, cle, champs, etape="personne")]
    # Its answer was lost, and more was typed meanwhile.
    reponses.append(rendre_nouvelle(client, cle, {**champs, "faits": FAITS}))
    (fiche,) = fiches_de(m)
    assert [r.json()["url"] for r in reponses] == [adresse(fiche.pk, "personne"), adresse(fiche.pk, "relire")]
    assert brouillon_de(m, fiche.pk) == {**champs, "faits": FAITS}
    assert evenements(m.bailleur.pk) == ["signalements.brouillon_cree"]


def test_une_fiche_deja_partie_ne_reprend_plus_rien(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    cle = uuid.uuid4()
    rendre_nouvelle(client, cle, {"nom": "Maquette"})
    (fiche,) = fiches_de(m)
    remplir(client, m, fiche.pk)
    envoyer(client, fiche.pk)
    avant = etat_complet(fiche)
    assert rendre(client, fiche.pk, {"faits": FAITS}).status_code == 410
    assert rendre_nouvelle(client, cle, {"faits": FAITS}).status_code == 410
    assert etat_complet(fiche) == avant
    assert len(fiches_de(m)) == 1


def test_la_fiche_d_autrui_ou_d_une_autre_organisation_est_inconnue(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    fiche = recits.brouillon(m)
    avant = brouillon_de(m, fiche.pk)
    for compte in (m["referent"], m["social"], sud["gardien"]):
        assert rendre(connecte(compte), fiche.pk, {"faits": FAITS}).status_code == 404
    assert brouillon_de(m, fiche.pk) == avant


def test_l_equipe_ne_commence_pas_de_fiche_sans_dire_pour_qui(db: None, midi: datetime) -> None:
    m = monde()
    assert rendre_nouvelle(connecte(m["social"]), uuid.uuid4(), {"nom": "Maquette"}).status_code == 403
    assert compter(Fiche, Brouillon) == {"Fiche": 0, "Brouillon": 0}


def test_deux_personnes_sur_une_fiche_renvoyee_ne_s_ecrasent_pas(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    envoyer(client, fiche.pk)
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Quand ?"})
        parcours.enregistrer_brouillon(fiche.pk, par=m["referent"], champs={"faits": "Texte du référent."})
    ancien = "Volets fermés depuis trois semaines."
    conflit = rendre(client, fiche.pk, {"faits": FAITS}, avant={"faits": [ancien]})
    assert (conflit.status_code, conflit.json()["conflits"][0]["autre"]) == (409, "Texte du référent.")
    assert brouillon_de(m, fiche.pk)["faits"] == "Texte du référent."


@pytest.mark.parametrize(
    "donnees",
    [
        {}, {"champs": "{"}, {"champs": "[]"}, {"champs": '{"nom": 3}'}, {"champs": '{"nom": {"a": 1}}'},
        {"champs": '{"nom": "x"}', "avant": "[]"}, {"champs": '{"nom": "x"}', "avant": '{"nom": "x"}'},
        {"champs": '{"nom": "x"}', "cle": "pas une clé"}, {"champs": '{"nom": "x"}', "etape": "a b"},
    ],
)  # fmt: skip
def test_ce_qui_n_a_pas_de_sens_est_refuse_et_n_ecrit_rien(db: None, donnees: dict[str, str]) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    complet = {"cle": str(uuid.uuid4()), "fiche": str(uuid.uuid4()), **donnees}
    for url in (reverse("reprise", args=[fiche.pk]), reverse("reprise_nouvelle")):
        assert client.post(url, complet).status_code == 400
    assert brouillon_de(m, fiche.pk) == {}
    assert len(fiches_de(m)) == 1


@settings(suppress_health_check=[HealthCheck.function_scoped_fixture], max_examples=25)
@given(
    champs=st.dictionaries(
        st.sampled_from(["nom", "faits", "contexte", "LIE1", "naissance", "majeur", "etat", "auteur", "grille"]),
        st.text(max_size=60) | st.lists(st.text(max_size=20), max_size=3),
        max_size=5,
    )
)
def test_n_importe_quel_texte_revient_sans_panne_et_rien_d_inconnu_ne_passe(db: None, champs: dict[str, Any]) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    reponse = rendre(client, fiche.pk, champs)
    assert reponse.status_code in (200, 400)
    garde = brouillon_de(m, fiche.pk)
    assert set(garde) <= {"nom", "faits", "contexte", "LIE1", "naissance", "majeur", "grille"}
    assert garde.get("grille") in (None, str(Grille.objects.en_vigueur(None).pk))
