"""A patrimoine of thousands: the résidence is searched by its name, street or commune, and nothing typed is lost."""

from datetime import date, datetime
from typing import Any

import pytest
from django.test import Client

from partenaires.models import Residence
from signalements.models import Fiche
from signalements.residences import PEU, TROUVEES
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.signalements.saisies import DOMAINES, adresse, brouillon_de, domaine, envoyer, personne


def ajouter(m: Monde, noms: list[str], **champs: Any) -> list[Residence]:
    base = {"bailleur": m.bailleur, "code_postal": "99000", "territoire": m.territoire}
    with en_tant_que("palier_fabrique"):
        return [
            Residence.objects.create(**{**base, "nom": nom, "adresse": f"{rang} rue des Épures", **champs})
            for rang, nom in enumerate(noms, 1)
        ]


def nombreuses(m: Monde, combien: int = PEU) -> list[Residence]:
    return ajouter(m, [f"Bâtisse {rang:03}" for rang in range(combien)])


def offertes(client: Client, fiche: Fiche, **requete: str) -> list[str]:
    page = client.get(adresse(fiche.pk, "personne"), requete)
    return [r.nom for r in page.context["saisie"].offertes.lignes]


def test_jusqu_a_quarante_residences_la_liste_les_montre_toutes_dans_l_ordre(db: None) -> None:
    m = monde()
    ajouter(m, ["Éventail", "Abri", *(f"Mas {rang:02}" for rang in range(PEU - 4))])
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    noms = offertes(client, fiche)
    assert len(noms) == PEU
    assert (noms[0], noms[1]) == ("Abri", "Éventail")
    page = client.get(adresse(fiche.pk, "personne")).content.decode()
    assert page.count("<option") >= PEU
    assert "id_chercher" not in page


def test_au_dela_on_cherche_par_le_nom_la_rue_ou_la_commune_sans_accent(db: None) -> None:
    m = monde()
    nombreuses(m)
    (chataigniers,) = ajouter(m, ["Les Châtaigniers"], adresse="4 impasse du Pastel")
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    page = client.get(adresse(fiche.pk, "personne"))
    assert "Bâtisse" not in texte(page)
    assert "Écrivez un mot de son nom, sa rue ou sa commune" in texte(page)
    for cherche in ("chataig", "PASTEL impasse", f"chataigniers {m.territoire.nom.lower()}"):
        assert offertes(client, fiche, chercher=cherche) == [chataigniers.nom], cherche
    vides = texte(client.get(adresse(fiche.pk, "personne"), {"chercher": "introuvable"}))
    assert "Aucune résidence ouverte ne correspond à « introuvable »." in vides
    assert len(offertes(client, fiche, chercher="bâtisse")) == TROUVEES
    assert "Il y en a d’autres" in texte(client.get(adresse(fiche.pk, "personne"), {"chercher": "batisse"}))


def test_chercher_garde_ce_qui_est_ecrit_et_la_fiche_part(db: None, midi: datetime) -> None:
    m = monde()
    (choisie, *_) = nombreuses(m)
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    saisie = {k: v for k, v in personne(m, prenom="Ondine").items() if k != "residence"}
    depart = client.post(adresse(fiche.pk, "personne"), {**saisie, "chercher": "batisse 000", "vers": "residence"})
    assert depart["Location"] == f"{adresse(fiche.pk, 'personne')}?chercher=batisse+000#residences"
    assert brouillon_de(m, fiche.pk, "referent")["prenom"] == "Ondine"
    trouvee = client.get(depart["Location"].partition("#")[0]).content.decode()
    assert f'value="{choisie.pk}"' in trouvee
    suite = client.post(adresse(fiche.pk, "personne"), {**saisie, "residence": choisie.pk, "chercher": "batisse 000"})
    assert suite["Location"] == adresse(fiche.pk, "logement")
    relue = client.get(adresse(fiche.pk, "personne")).content.decode()
    assert f'value="{choisie.pk}" id="id_residence_0" checked' in relue  # without searching again
    for d in DOMAINES:
        client.post(adresse(fiche.pk, d), domaine(d))
    assert envoyer(client, fiche.pk).status_code == 302
    assert recits.relue(m, fiche).residence_id == choisie.pk


def test_la_touche_entree_dans_la_recherche_cherche(db: None) -> None:
    m = monde()
    nombreuses(m)
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    suite = client.post(adresse(fiche.pk, "personne"), {"nom": "X", "chercher": "tilleuls", "vers": "suivant"})
    assert suite["Location"].endswith("?chercher=tilleuls#residences")


@pytest.mark.parametrize("cherche", ["%", "_", "\\", "'", "\0", "é" * 200, "<script>"])
def test_une_recherche_etrange_ne_trouve_rien_et_ne_tombe_pas(db: None, cherche: str) -> None:
    m = monde()
    nombreuses(m)
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    page = client.get(adresse(fiche.pk, "personne"), {"chercher": cherche})
    assert page.status_code == 200
    assert page.context["saisie"].offertes.lignes == []
    assert b"<script>" + b"&quot;" not in page.content


def test_ni_la_residence_d_un_autre_ni_une_fermee_ne_se_trouve_ou_ne_se_choisit(db: None, midi: datetime) -> None:
    m, sud = monde(), monde("Sud")
    nombreuses(m)
    (fermee,) = ajouter(m, ["Ancienne tour"], fermee_le=date(2026, 1, 1))
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])
    assert offertes(client, fiche, chercher="sud") == []
    assert offertes(client, fiche, chercher="ancienne") == []
    for etrangere in (sud.residence, fermee):
        page = client.post(adresse(fiche.pk, "personne"), personne(m, residence=etrangere.pk))
        assert "Choisissez une résidence de la liste." in texte(page)
        assert etrangere.nom not in texte(page)


def test_un_gardien_ne_cherche_que_parmi_les_siennes(db: None) -> None:
    m = monde()
    nombreuses(m)
    client, fiche = connecte(m["gardien"]), recits.brouillon(m)
    assert offertes(client, fiche) == [m.residence.nom]


def test_une_page_coute_autant_avec_quarante_et_une_residences_qu_avec_trois_cents(db: None) -> None:
    m = monde()
    nombreuses(m)
    client, fiche = connecte(m["referent"]), recits.brouillon(m, m["referent"])

    def cout() -> int:
        with instructions() as vues:
            client.get(adresse(fiche.pk, "personne"), {"chercher": "batisse"})
        assert len(vues) <= 12, enumerees(vues)
        return len(vues)

    avant = cout()
    ajouter(m, [f"Bâtisse {rang:03}" for rang in range(100, 360)])
    assert cout() == avant
