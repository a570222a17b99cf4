"""A partenaire that reports, under its own convention: the same form, then the receipt and the neutral status only."""

from datetime import date, datetime

import pytest
from django.urls import reverse

from partenaires.models import Convention, ConventionTerritoire, Residence, Territoire
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import ModeInformation
from signalements.models import Fiche, Locataire
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.signalements.saisies import adresse, commencer, envoyer, fiches_de, personne, remplir

CANARIS = ("Maquette", "Ondine", "Volets fermés")


def envoyee_par_le_formulaire(m: Monde) -> Fiche:
    client = connecte(m["correspondant"])
    commencer(client)
    (fiche,) = fiches_de(m, "correspondant")
    remplir(client, m, fiche.pk, prenom="Ondine")
    assert envoyer(client, fiche.pk)["Location"] == reverse("signalement", args=[fiche.pk])
    return fiche


def recu(m: Monde, fiche: Fiche) -> str:
    return texte(connecte(m["correspondant"]).get(reverse("signalement", args=[fiche.pk])))


def test_du_formulaire_a_la_fin_il_ne_lit_que_le_recu_et_le_statut_neutre(db: None, midi: datetime) -> None:
    m = monde()
    fiche = envoyee_par_le_formulaire(m)
    lue = recits.relue(m, fiche)
    assert (lue.orienteur_id, lue.declarant_id, lue.equipe_id) == (m.partenaire.pk, m.partenaire.pk, m.equipe.pk)
    lus = [recu(m, fiche)]
    assert "Statut Reçue" in lus[-1]
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
        parcours.enregistrer_information(
            fiche.pk, par=m["social"], le=horloge.aujourdhui(), mode=ModeInformation.VIVE_VOIX
        )
    lus.append(recu(m, fiche))
    assert "Statut En cours" in lus[-1]
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif="deces")
    lus.append(recu(m, fiche))
    assert "Statut Terminée" in lus[-1]
    for page in lus:
        assert not any(mot in page for mot in (*CANARIS, "Décès", "Classée", "recevable"))
    liste = texte(connecte(m["correspondant"]).get("/signalements/", {"vue": "terminees"}))
    assert "26-0001" in liste
    assert not any(mot in liste for mot in CANARIS)


@pytest.mark.parametrize("page", ["signalement_fiche", "fiche", "signalement_repondre", "signalement_opposition"])
def test_le_contenu_de_ce_qu_il_a_envoye_ne_lui_est_plus_ouvert(db: None, midi: datetime, page: str) -> None:
    m = monde()
    fiche = recits.transmise(m, par=m["correspondant"])
    assert connecte(m["correspondant"]).get(reverse(page, args=[fiche.pk])).status_code in (403, 404)
    with agir_comme(m["correspondant"]):
        assert not Locataire.objects.exists()


def test_le_bailleur_de_la_residence_n_en_sait_rien(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, par=m["correspondant"])
    for role in ("gardien", "referent", "responsable"):
        client = connecte(m[role])
        assert client.get(reverse("signalement", args=[fiche.pk])).status_code == 404
        liste = texte(client.get("/signalements/"))
        assert not any(mot in liste for mot in (*CANARIS, "26-0001"))
        with agir_comme(m[role]):
            assert not Fiche.objects.exists()


def test_sans_convention_a_lui_il_lit_qui_appeler_et_rien_ne_part(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        m.equipe.telephone = "01 99 00 00 00"
        m.equipe.save()
    client = connecte(m["correspondant"])
    commencer(client)
    (fiche,) = fiches_de(m, "correspondant")
    remplir(client, m, fiche.pk)
    with en_tant_que("palier_fabrique"):
        Convention.objects.filter(orienteur=m.partenaire).update(au=date(2026, 9, 1))
    page = texte(envoyer(client, fiche.pk))
    assert "convention" in page
    (encore,) = fiches_de(m, "correspondant")
    assert (encore.etat, encore.envoyee_le) == ("brouillon", None)


def test_il_ne_nomme_que_les_residences_de_ses_communes(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        loin = Territoire.objects.create(code_insee="98765", nom="Hors-Modèle")
        ailleurs = Residence.objects.create(
            bailleur=m.bailleur, nom="Les Lointaines", adresse="1 rue d’Ailleurs", code_postal="99000", territoire=loin
        )
        assert not ConventionTerritoire.objects.filter(territoire=loin).exists()
    client = connecte(m["correspondant"])
    commencer(client)
    (fiche,) = fiches_de(m, "correspondant")
    page = texte(client.get(adresse(fiche.pk, "personne")))
    assert m.residence.nom in page
    assert "Les Lointaines" not in page
    refus = client.post(adresse(fiche.pk, "personne"), personne(m, residence=ailleurs.pk))
    assert "Choisissez une résidence de la liste." in texte(refus)
