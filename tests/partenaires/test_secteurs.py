"""The secteur of a résidence: written by the bailleur, by hand or from a file, and what it filters."""

from datetime import datetime
from typing import Any

import pytest
from django.urls import reverse

from partenaires.lecture_patrimoine import ENTETES, lire
from partenaires.models import Residence
from partenaires.parcours import patrimoine as parcours
from partenaires.perimetre import agir_comme
from socle.tableurs import Feuille, ecrire_csv
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.test_imports import ecrire, fichier
from tests.partenaires.test_imports import lire as lire_fichier

pytestmark = pytest.mark.django_db
AVEC = "Référence;Nom;Adresse;Code postal;Code INSEE;Commune;Agence"


def secteurs(m: Monde) -> dict[str, str]:
    with en_tant_que("palier_fabrique"):
        return dict(Residence.objects.filter(bailleur=m.bailleur).values_list("nom", "secteur"))


def situer(m: Monde, residence: Residence, secteur: str) -> None:
    """Written on the page of the résidence, by its responsable."""
    with agir_comme(m["responsable"]):
        lue = Residence.objects.visibles_par(m["responsable"]).par_nom().get(pk=residence.pk)
        description = parcours.Description(
            nom=lue.nom, adresse=lue.adresse, code_postal=lue.code_postal, territoire=lue.territoire, secteur=secteur
        )
        parcours.modifier_residence(lue.pk, description, version=lue.version, par=m["responsable"])


def test_une_colonne_agence_ou_secteur_le_remplit_et_se_montre_avant(midi: datetime) -> None:
    m = monde()
    octets = fichier(
        f"R1;{m.residence.nom};{m.residence.adresse};99000;{m.territoire.code_insee};V;Agence Est",
        f"R2;Les Cèdres;3 allée des Cèdres;99000;{m.territoire.code_insee};V;",
        entete=AVEC,
    )
    depot = lire_fichier(m, octets)
    assert ["Secteur", "", "Agence Est"] in depot.bilan["changees"][0][2]
    assert set(secteurs(m).values()) == {""}
    ecrire(m, octets)
    assert secteurs(m) == {m.residence.nom: "Agence Est", m.autre_residence.nom: "", "Les Cèdres": ""}


def test_un_fichier_sans_cette_colonne_n_y_touche_pas_une_colonne_vide_l_efface(midi: datetime) -> None:
    m = monde()
    situer(m, m.residence, "Agence Est")
    ligne = f"R1;{m.residence.nom};9 rue Neuve;99000;{m.territoire.code_insee};V"
    ecrire(m, fichier(ligne))
    assert secteurs(m)[m.residence.nom] == "Agence Est"
    ecrire(m, fichier(f"{ligne};", entete=AVEC))
    assert secteurs(m)[m.residence.nom] == ""


def test_un_secteur_trop_long_est_nomme_avec_sa_colonne() -> None:
    lu = lire(fichier(f"R1;Un;1 rue;99000;99001;V;{'é' * 61}", f"R2;Deux;2 rue;99000;99001;V;{'é' * 60}", entete=AVEC))
    assert [(f.ligne, f.colonne, f.texte) for f in lu.fautes] == [(2, "Secteur", "Écrivez au plus 60 caractères.")]
    assert [ligne.secteur for ligne in lu.lignes] == ["é" * 60]


def test_le_modele_de_palier_a_la_colonne_et_se_relit() -> None:
    lu = lire(ecrire_csv(Feuille("Résidences", ENTETES, [("R1", "Un", "1 rue", "75020", "75120", "P", "Agence Est")])))
    assert [ligne.secteur for ligne in lu.lignes] == ["Agence Est"]


def test_le_responsable_l_ecrit_sur_la_page_et_le_retrouve(midi: datetime) -> None:
    m = monde()
    client, page = connecte(m["responsable"]), reverse("residence", args=[m.residence.pk])
    saisie: dict[str, Any] = {
        "cle": "0192b3c4-0000-7000-8000-000000000001", "nom": m.residence.nom, "adresse": m.residence.adresse,
        "code_postal": "99000", "territoire": m.territoire.pk, "version": 1,
    }  # fmt: skip
    assert "60 caractères" in texte(client.post(page, {**saisie, "secteur": "é" * 61}))
    assert secteurs(m)[m.residence.nom] == ""
    assert client.post(page, {**saisie, "secteur": "  Agence   Est "}).status_code == 302
    assert secteurs(m)[m.residence.nom] == "Agence Est"
    liste = texte(client.get(reverse("residences"), {"q": "agence est"}))
    assert m.residence.nom in liste
    assert m.autre_residence.nom not in liste


def test_le_referent_et_l_equipe_filtrent_par_secteur(midi: datetime) -> None:
    m = monde()
    recits.transmise(m, nom="ICI")
    recits.transmise(m, nom="AILLEURS", par=m["referent"], residence=m.autre_residence)
    pages = ((connecte(m["referent"]), reverse("mes_signalements")), (connecte(m["social"]), reverse("fiches")))
    for client, page in pages:  # nobody divides anything: the filter is not there
        assert 'name="secteur"' not in client.get(page).content.decode()
    situer(m, m.residence, "Agence Est")
    for client, page in pages:
        assert 'name="secteur"' in client.get(page).content.decode()
        filtree = texte(client.get(page, {"secteur": "Agence Est"}))
        assert "ICI" in filtree
        assert "AILLEURS" not in filtree
        assert "AILLEURS" in texte(client.get(page, {"secteur": "Agence inconnue"}))  # not offered: it filters nothing


def test_les_secteurs_d_un_autre_bailleur_ne_se_proposent_pas(midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    situer(sud, sud.residence, "Secteur canari")
    for role, page in (("referent", "mes_signalements"), ("social", "fiches"), ("responsable", "residences")):
        assert "canari" not in connecte(m[role]).get(reverse(page)).content.decode()
