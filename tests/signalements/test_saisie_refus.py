"""What bad input gets: a clear sentence in French next to the field, everything typed kept, nothing half-written."""

from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.test import Client
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from partenaires.models import Residence
from signalements.forms.etapes import MINEUR, PersonneForm
from signalements.forms.fiche import FicheForm
from signalements.models import Grille
from signalements.residences import ResidencesOffertes
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, promesses
from tests.signalements.saisies import adresse, brouillon_de, envoyer, fiches_de, personne, remplir


def _etape(client: Client, m: Monde, **champs: Any) -> str:
    """What the first step answers to a wrong field."""
    fiche = fiches_de(m)[0] if fiches_de(m) else recits.brouillon(m)
    return texte(client.post(adresse(fiche.pk, "personne"), personne(m, **champs)))


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"nom": ""}, "Écrivez le nom, même s’il n’est pas sûr."),
        ({"nom": "N" * 81}, "80 caractères"),
        ({"majeur": ""}, "Répondez, ou choisissez « Je ne sais pas »."),
        ({"majeur": "non"}, "Palier est fait pour les adultes."),
        ({"naissance": "2010-01-01"}, "appelez le 119"),
        ({"naissance": "2027-01-01"}, "La date doit être passée ou du jour"),
        ({"naissance": "1850-01-01"}, "Vérifiez l’année de naissance."),
        ({"naissance": "32/13/1980"}, "Écrivez le jour, le mois et l’année."),
        ({"telephone": "12"}, "Écrivez un numéro à dix chiffres, par exemple 01 23 45 67 89."),
        ({"batiment": ""}, "Écrivez au moins le bâtiment, l’étage ou la porte."),
        ({"residence": ""}, "Choisissez la résidence."),
        ({"residence": "999999"}, "Choisissez une résidence de la liste."),
        ({"civilite": "docteur"}, "Sélectionnez un choix valide."),
    ],
)
def test_chaque_reponse_fausse_dit_quoi_faire_et_reste_dans_le_champ(
    db: None, midi: datetime, champs: dict[str, str], phrase: str
) -> None:
    m = monde()
    client = connecte(m["gardien"])
    mots = _etape(client, m, **champs)
    assert phrase in mots
    assert "Erreur : La personne" in mots
    gardees = {**{k: str(v) for k, v in personne(m).items()}, **champs}
    assert brouillon_de(m, fiches_de(m)[0].pk) == {k: v for k, v in gardees.items() if v}
    assert promesses() == []


def test_un_mineur_n_est_envoye_par_aucun_chemin(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    for champs in ({"majeur": "non"}, {"majeur": "oui", "naissance": "2015-05-05"}):
        client.post(adresse(fiche.pk, "personne"), {**personne(m), **champs, "vers": "passer"})
        avant = etat_complet(fiche)
        assert MINEUR.replace("\N{NO-BREAK SPACE}", " ") in texte(envoyer(client, fiche.pk))
        assert etat_complet(fiche) == avant


def test_hors_convention_la_page_dit_qui_appeler_des_la_premiere_etape(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        m.convention.territoires.all().delete()
        m.equipe.telephone = "01 23 45 67 89"
        m.equipe.save()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    ici = texte(client.post(adresse(fiche.pk, "personne"), personne(m)))
    phrase = f"Aucune convention ne couvre « {m.residence.nom} » aujourd’hui. Appelez {m.equipe.nom} : 01 23 45 67 89."
    assert phrase in ici
    client.post(adresse(fiche.pk, "personne"), {**personne(m), "vers": "passer"})
    avant = etat_complet(fiche)
    assert phrase in texte(envoyer(client, fiche.pk))
    assert etat_complet(fiche) == avant


def test_hors_convention_sans_contact_le_gardien_va_vers_son_referent(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        m.convention.territoires.all().delete()
        m.convention.au = date(2026, 1, 1)
        m.convention.save()
    mots = _etape(connecte(m["gardien"]), m)
    assert "Parlez-en à votre référent." in mots


def test_une_convention_finie_pendant_la_saisie_arrete_l_envoi(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    remplir(client, m, fiche.pk)
    with en_tant_que("palier_fabrique"):
        m.convention.au = midi.date() - timedelta(days=1)
        m.convention.save()
    assert "Aucune convention ne couvre" in texte(envoyer(client, fiche.pk))
    assert fiches_de(m)[0].etat == "brouillon"


def test_un_gardien_ne_signale_que_dans_ses_residences(db: None, midi: datetime) -> None:
    m = monde()
    mots = _etape(connecte(m["gardien"]), m, residence=str(m.autre_residence.pk))
    assert "Choisissez une résidence de la liste." in mots
    assert "Le Grand Pré" not in mots


def test_une_residence_fermee_n_est_plus_proposee(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        m.residence.fermee_le = date(2026, 9, 1)
        m.residence.save()
    mots = _etape(connecte(m["gardien"]), m)
    assert "Choisissez une résidence de la liste." in mots


@pytest.mark.parametrize(
    ("champs", "phrase"),
    [
        ({"faits": "é" * 601}, "600 caractères"),
        ({"demarches": "é" * 401}, "400 caractères"),
        ({"composition": "é" * 121}, "120 caractères"),
        ({"informee_le": "2026-09-23", "mode_information": "courrier"}, "La date doit être passée ou du jour."),
        ({"informee_le": "2026-09-20"}, "Dites comment elle a été informée."),
        ({"mode_information": "courrier"}, "Écrivez la date, ou retirez la manière."),
        ({"inquietude": "11"}, "Sélectionnez un choix valide."),
        ({"contexte": ["prison"]}, "Sélectionnez un choix valide."),
    ],
)
def test_le_contexte_faux_est_dit_et_garde(db: None, midi: datetime, champs: dict[str, Any], phrase: str) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    page = client.post(adresse(fiche.pk, "contexte"), champs)
    assert phrase in texte(page)
    assert brouillon_de(m, fiche.pk) == champs


def test_la_source_est_demandee_des_que_le_signal_est_present(db: None) -> None:
    m = monde()
    client = connecte(m["gardien"])
    fiche = recits.brouillon(m)
    reponses = {"SEC1": "1", "SEC2": "0"}
    assert "dites comment vous le savez" in texte(client.post(adresse(fiche.pk, "securite"), reponses))
    suite = client.post(adresse(fiche.pk, "securite"), {**reponses, "SEC1_source": "rapporte"})
    assert suite.status_code == 302
    inconnue = client.post(adresse(fiche.pk, "securite"), {**reponses, "SEC1": "4"})
    assert "Sélectionnez un choix valide." in texte(inconnue)


def test_les_dates_de_naissance_sont_jugees_au_jour_de_paris(db: None) -> None:
    offertes = ResidencesOffertes([Residence(pk=1, nom="Les Tilleuls")])
    with horloge.figee(datetime.fromisoformat("2026-09-21T22:30:00+00:00")):  # the 22nd in Paris
        for naissance, recue in (("2008-09-22", True), ("2008-09-23", False)):
            formulaire = PersonneForm(
                {"residence": "1", "porte": "3", "nom": "X", "majeur": "oui", "naissance": naissance},
                offertes=offertes,
            )
            assert formulaire.is_valid() is recue, naissance


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(contenu=st.dictionaries(
    st.sampled_from(["residence", "nom", "prenom", "majeur", "naissance", "telephone", "batiment", "civilite", "LOG1",
                     "LOG1_source", "contexte", "faits", "inquietude", "informee_le", "mode_information", "grille"]),
    st.one_of(st.text(max_size=60), st.lists(st.text(max_size=10), max_size=3)),
))  # fmt: skip
def test_aucun_contenu_de_brouillon_ne_fait_tomber_la_validation(db: None, contenu: dict[str, Any]) -> None:
    formulaire = FicheForm(
        contenu, offertes=ResidencesOffertes([Residence(pk=1, nom="R")]), grille=Grille.objects.en_vigueur(None)
    )
    assert formulaire.is_valid() is False
    assert all(m.texte for m in formulaire.manques)
