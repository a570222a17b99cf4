"""The platform's pages about conventions: found, widened, settled, ended; what is typed stays while one looks up."""

import re
from datetime import date, datetime
from typing import Any

from partenaires.enums import GenreOrganisation
from partenaires.models import ChangementConvention, Convention, ConventionTerritoire
from partenaires.parcours.conventions import ajouter_communes
from partenaires.perimetre import agir_comme
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import convention, monde, organisation
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import compter, evenements, relire

CLE = "00000000-0000-4000-8000-000000000001"


def cochees(reponse: Any) -> list[str]:
    return re.findall(r'name="communes" value="(\w+)" id="\w+" checked', reponse.content.decode())


def offertes(reponse: Any) -> list[str]:
    return re.findall(r'name="communes" value="(\w+)"', reponse.content.decode())


def test_les_communes_se_cherchent_et_ce_qui_est_tape_reste(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["exploitation"])
    tape = {
        "cle": CLE, "equipe": "equipe nord", "orienteur": "hab", "du": "2026-10-01", "au": "", "relecture": "on",
        "interlocuteur_equipe": "Secrétariat, 01 23 45 67 89",
    }  # fmt: skip
    avant = compter(Convention, ConventionTerritoire), evenements()
    assert "<legend>Communes" not in client.get("/conventions/creer/").content.decode()  # nothing to tick yet
    page = client.post("/conventions/creer/", {**tape, "recherche_commune": "Lens", "chercher": "1"})
    assert offertes(page)[0] == "62498"
    assert cochees(page) == []
    for valeur in ("equipe nord", "hab", "2026-10-01", "Secrétariat, 01 23 45 67 89", "Lens", CLE):
        assert f'value="{valeur}"' in page.content.decode()
    assert re.search(r'name="relecture"[^>]* checked', page.content.decode())
    deux = client.post(
        "/conventions/creer/", {**tape, "communes": ["62498"], "recherche_commune": "hénin beau", "chercher": "1"}
    )
    assert (offertes(deux), cochees(deux)) == (["62498", "62427"], ["62498"])
    assert "Une commune répond à « hénin beau » : cochez-la." in texte(deux)
    rien = client.post("/conventions/creer/", {**tape, "recherche_commune": "\x00<b>zzzz", "chercher": "1"})
    assert "Aucune commune ne répond à" in texte(rien)
    assert "<b>zzzz" not in rien.content.decode()
    assert (compter(Convention, ConventionTerritoire), evenements()) == avant


def test_la_liste_se_cherche_par_organisation_par_commune_et_par_etat(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        a_venir = organisation(GenreOrganisation.BAILLEUR, "Foyer Moderne")
        convention(m.equipe, a_venir, [m.territoire], du=date(2027, 1, 1))
        finissant = organisation(GenreOrganisation.BAILLEUR, "Logis Ancien")
        convention(m.equipe, finissant, [m.territoire], au=date(2026, 10, 31))
        finie = organisation(GenreOrganisation.BAILLEUR, "Office Clos")
        convention(m.equipe, finie, [m.territoire], au=date(2026, 9, 21))
    client = connecte(m["exploitation"])

    def noms(adresse: str) -> set[str]:
        return {n for n in ("Foyer", "Logis", "Office", "Habitat") if any(n in x for x in lignes(client.get(adresse)))}

    assert noms("/conventions/") == {"Foyer", "Logis", "Habitat"}
    assert noms("/conventions/?etat=a_venir") == {"Foyer"}
    assert noms("/conventions/?etat=finissent") == {"Logis"}
    assert noms("/conventions/?etat=finies") == {"Office"}
    assert noms("/conventions/?etat=toutes") == {"Foyer", "Logis", "Office", "Habitat"}
    assert noms("/conventions/?q=logis") == {"Logis"}
    assert noms(f"/conventions/?q={m.territoire.code_insee}") == {"Foyer", "Logis", "Habitat"}
    assert noms("/conventions/?q=valmornay+foyer") == {"Foyer"}
    assert noms("/conventions/?q=absente") == set()
    assert "Aucune convention ne correspond" in texte(client.get("/conventions/?q=absente"))


def test_une_convention_se_conduit_depuis_sa_page(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["exploitation"])
    page = f"/conventions/{m.convention.pk}/"
    ajout = {"cle": CLE, "communes": ["62498"], "du": "2026-10-01"}
    for _ in range(2):
        assert client.post(page + "communes/", ajout)["Location"] == page
    with en_tant_que("palier_fabrique"):
        lens = ConventionTerritoire.objects.get(convention=m.convention, territoire__code_insee="62498")
    refus = client.post(page + f"communes/{lens.pk}/terminer/", {"au": "2026-09-01"})
    assert "La fin est aujourd’hui ou plus tard." in texte(refus)
    assert client.post(page + f"communes/{lens.pk}/terminer/", {"au": "2026-12-31"})["Location"] == page
    reglages = {"relecture": "on", "interlocuteur_equipe": "Secrétariat", "interlocuteur_orienteur": "", "version": "1"}
    assert client.post(page + "reglages/", reglages)["Location"] == page
    lue = texte(client.get(page))
    for phrase in (
        "Lens 62498 du 1er octobre au 31 décembre À venir",
        "Le référent relit avant l’envoi",
        "Communes ajoutées Lens, à partir du 1er octobre. 22 septembre à 12 h",
        "Fin d’une commune Lens, jusqu’au 31 décembre inclus.",
        m["exploitation"].nom_complet,
    ):
        assert phrase in lue, phrase
    conflit = client.post(page + "reglages/", {**reglages, "interlocuteur_equipe": "Accueil"})
    assert conflit.status_code == 409
    assert 'value="Accueil"' in conflit.content.decode()
    assert "Secrétariat" in texte(conflit, 409)
    assert relire(m.convention).interlocuteur_equipe == "Secrétariat"
    assert client.post(page + "terminer/", {"au": "2026-09-22"})["Location"] == page
    assert compter(ChangementConvention) == {"ChangementConvention": 4}


def test_une_convention_finie_ne_montre_plus_de_geste(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        Convention.objects.filter(pk=m.convention.pk).update(au=date(2026, 9, 21))
    client = connecte(m["exploitation"])
    page = f"/conventions/{m.convention.pk}/"
    assert "Y mettre fin" not in texte(client.get(page))
    with en_tant_que("palier_fabrique"):
        (ligne,) = ConventionTerritoire.objects.filter(convention=m.convention)
    for suite in ("communes/", f"communes/{ligne.pk}/terminer/", "reglages/", "terminer/"):
        assert client.get(page + suite).status_code == 404, suite


def test_la_commune_d_une_autre_convention_n_existe_pas_ici(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    with en_tant_que("palier_fabrique"):
        (ligne,) = ConventionTerritoire.objects.filter(convention=sud.convention)
    client = connecte(m["exploitation"])
    assert client.get(f"/conventions/{m.convention.pk}/communes/{ligne.pk}/terminer/").status_code == 404


def test_la_page_d_une_convention_coute_autant_avec_trois_et_trente_communes(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["exploitation"])
    couts = []
    for rang, combien in enumerate((2, 27)):
        communes = [(f"{62000 + 100 * rang + i:05}", f"Commune {rang} {i}") for i in range(combien)]
        for une in communes:
            with agir_comme(m["exploitation"]):
                ajouter_communes(m.convention.pk, [une], du=date(2026, 10, 1), par=m["exploitation"])
        with instructions() as vues:
            assert client.get(f"/conventions/{m.convention.pk}/").status_code == 200
        couts.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert couts[0] == couts[1]


def test_l_exploitation_ne_voit_aucune_situation_depuis_une_convention(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="Canari", faits="Volets fermés chez Canari.")
    client = connecte(m["exploitation"])
    for adresse in ("/conventions/?etat=toutes", f"/conventions/{m.convention.pk}/", "/organisations/"):
        page = client.get(adresse).content.decode()
        assert "Canari" not in page
        assert str(fiche.pk) not in page
        assert fiche.reference not in page
