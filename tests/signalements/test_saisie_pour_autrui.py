"""A fiche that the équipe types for somebody who called or wrote: from whom, how and when stays with it."""

from datetime import datetime, timedelta
from typing import Any

from django.db import connection
from django.test import Client
from django.urls import reverse

from signalements.models import Fiche
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.signalements.saisies import (
    ARRIVEE,
    DOMAINES,
    adresse,
    brouillon_de,
    commencer,
    domaine,
    envoyer,
    fiches_de,
    personne,
)


def brouillon_de_l_equipe(m: Monde, client: Client) -> Fiche:
    commencer(client, orienteur=m.bailleur.pk)
    (fiche,) = fiches_de(m, "social")
    return fiche


def remplir(client: Client, m: Monde, fiche: Fiche, **champs: Any) -> None:
    assert client.post(adresse(fiche.pk, "personne"), personne(m, **champs)).status_code == 302
    for d in DOMAINES:
        client.post(adresse(fiche.pk, d), domaine(d))
    client.post(adresse(fiche.pk, "contexte"), {"faits": "Volets fermés depuis trois semaines."})


def test_l_equipe_dit_qui_a_signale_comment_et_quand(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    fiche = brouillon_de_l_equipe(m, client)
    remplir(client, m, fiche, **ARRIVEE)
    relire = texte(client.get(adresse(fiche.pk, "relire")))
    phrase = "Signalée par Mme Craie, cheffe de secteur, par téléphone, le 21 septembre"
    assert phrase in relire
    assert envoyer(client, fiche.pk)["Location"] == reverse("fiche", args=[fiche.pk])
    constat = recits.relue(m, fiche).constat
    assert (constat.signale_par, constat.arrivee, str(constat.arrivee_le)) == tuple(ARRIVEE.values())
    page = texte(client.get(reverse("fiche", args=[fiche.pk])))
    assert phrase in page
    assert "A saisi la fiche" in page
    assert "A écrit la fiche" not in page


def test_le_referent_lit_qui_de_son_organisation_a_appele(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    fiche = brouillon_de_l_equipe(m, client)
    remplir(client, m, fiche, **ARRIVEE)
    envoyer(client, fiche.pk)
    page = texte(connecte(m["referent"]).get(reverse("signalement_fiche", args=[fiche.pk])))
    assert "Mme Craie, cheffe de secteur, par téléphone" in page


def test_sans_ces_trois_reponses_rien_ne_part_et_tout_est_garde(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    fiche = brouillon_de_l_equipe(m, client)
    page = client.post(adresse(fiche.pk, "personne"), personne(m, signale_par="Mme Craie"))
    mots = texte(page)
    assert "Dites comment elle est arrivée." in mots
    assert "Écrivez le jour où vous l’avez reçue." in mots
    assert brouillon_de(m, fiche.pk, "social")["signale_par"] == "Mme Craie"
    demain = (horloge.aujourdhui() + timedelta(days=1)).isoformat()
    faux = personne(m, **{**ARRIVEE, "arrivee_le": demain})
    assert "La date doit être passée ou du jour." in texte(client.post(adresse(fiche.pk, "personne"), faux))
    for d in DOMAINES:
        client.post(adresse(fiche.pk, d), domaine(d))
    refus = envoyer(client, fiche.pk)
    assert refus.status_code == 200
    assert fiches_de(m, "social")[0].etat == "brouillon"


def test_ce_que_dit_un_jugement_sur_l_appelant_est_relu(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    fiche = brouillon_de_l_equipe(m, client)
    faux = personne(m, **{**ARRIVEE, "signale_par": "le voisin alcoolique"})
    assert "Reformulez" in texte(client.post(adresse(fiche.pk, "personne"), faux))


def test_le_gardien_ne_voit_pas_ces_questions_et_ne_peut_pas_y_repondre(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    assert "Qui vous signale" not in texte(client.get(adresse(fiche.pk, "personne")))
    client.post(adresse(fiche.pk, "personne"), personne(m, **ARRIVEE))
    assert "signale_par" not in brouillon_de(m, fiche.pk)


def test_la_base_ne_garde_pas_qui_a_appele_en_clair(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    fiche = brouillon_de_l_equipe(m, client)
    remplir(client, m, fiche, **ARRIVEE)
    envoyer(client, fiche.pk)
    with en_tant_que("palier_fabrique"), connection.cursor() as curseur:
        curseur.execute("SELECT to_jsonb(c)::text FROM signalements_constat c WHERE fiche_id = %s", [fiche.pk])
        (ligne,) = [brut for (brut,) in curseur.fetchall()]
    assert "telephone" in ligne
    assert "Craie" not in ligne
