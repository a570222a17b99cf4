"""Lists: search whatever the accents, filters in the address, keyset pages, a cost that does not follow the rows."""

import re
from collections.abc import Callable
from datetime import date, timedelta
from typing import Any

import pytest
from django.http import QueryDict
from django.test import Client

from partenaires.enums import Action, GenreOrganisation
from partenaires.models import Compte, Organisation, Rattachement, Residence, ResidenceGardien
from partenaires.perimetre import agir_comme
from socle import horloge, journal
from socle.pagination import adresse_avec, paginer
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, convention, monde, organisation
from tests.pages import connecte
from tests.partenaires.conftest import Entrer
from tests.partenaires.regards import evenements


def gardiens(m: Monde, *noms: str) -> list[Compte]:
    with en_tant_que("palier_fabrique"):
        faits = []
        for nom in noms:
            c = compte("gardien", m.bailleur)
            Compte.objects.filter(pk=c.pk).update(nom=nom, prenom="Zoé")
            lien = Rattachement.objects.get(compte=c)
            ResidenceGardien.objects.create(rattachement=lien, residence=m.residence, bailleur=m.bailleur)
            faits.append(c)
    return faits


def noms_affiches(page: str) -> list[str]:
    return re.findall(r"Zoé ([\w-]+)</a>", page)


def test_les_membres_sont_tries_sans_tenir_compte_des_accents(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    gardiens(m, "Zola", "Élie", "eau", "Abel")
    page = entrer(m["responsable"]).get("/membres/?role=gardien").content.decode()
    assert noms_affiches(page) == ["Abel", "eau", "Élie", "Zola"]


@pytest.mark.parametrize(("recherche", "trouves"), [("elie", ["Élie"]), ("ZOE ab", ["Abel"]), ("100%", []), ("_", [])])
def test_les_membres_se_cherchent_sans_accents(
    db: None, midi: Any, entrer: Entrer, recherche: str, trouves: list[str]
) -> None:
    m = monde()
    gardiens(m, "Élie", "Abel")
    page = entrer(m["responsable"]).get("/membres/", {"q": recherche}).content.decode()
    assert noms_affiches(page) == trouves
    assert ("Personne ne correspond" in page) is (trouves == [])


def test_les_membres_termines_ont_leur_onglet(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    (parti,) = gardiens(m, "Parti")
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=parti).update(au=date(2026, 9, 1))
    client = entrer(m["responsable"])
    assert noms_affiches(client.get("/membres/").content.decode()) == []
    assert noms_affiches(client.get("/membres/?etat=termines").content.decode()) == ["Parti"]


def test_lire_les_membres_est_note_avec_ceux_qui_sont_montres(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    entrer(m["coordination"]).get("/membres/")
    assert evenements(m.equipe.pk) == ["partenaires.membres_lus"]


def parcourir(client: Client, adresse: str, lire: Callable[[str], list[str]], sens: str = "next") -> list[str]:
    """Everything that the pages show, following their links."""
    vus: list[str] = []
    for _ in range(9):
        page = client.get(adresse).content.decode()
        vus += lire(page)
        suite = re.search(rf'href="(\?[^"]*)" rel="{sens}"', page)
        if suite is None:
            return vus
        adresse = adresse.partition("?")[0] + suite.group(1).replace("&amp;", "&")
    raise AssertionError("The pages never end.")


def test_les_pages_de_membres_montrent_chacun_une_fois_dans_les_deux_sens(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    noms = [f"Nom{i:02}" for i in range(60)]
    gardiens(m, *noms)
    client = entrer(m["responsable"])
    vus = parcourir(client, "/membres/?role=gardien&q=zoe", noms_affiches)
    assert vus == noms
    page = client.get("/membres/?role=gardien&q=zoe").content.decode()
    deux = re.search(r'href="(\?[^"]*)" rel="next"', page)
    assert deux is not None
    assert "role=gardien" in deux.group(1)
    assert "Nom" not in deux.group(1)  # no name in an address
    retour = client.get("/membres/" + deux.group(1).replace("&amp;", "&")).content.decode()
    premiere = re.search(r'href="(\?[^"]*)" rel="prev"', retour)
    assert premiere is not None
    assert (
        noms_affiches(client.get("/membres/" + premiere.group(1).replace("&amp;", "&")).content.decode()) == noms[:25]
    )


@pytest.mark.parametrize("curseur", ["999999999", "abc", "-1", "1' OR 1=1", "\x00"])
def test_un_curseur_inconnu_donne_la_premiere_page(db: None, midi: Any, curseur: str) -> None:
    m = monde()
    parametres = QueryDict(mutable=True)
    parametres["apres"] = curseur
    with agir_comme(m["responsable"]):
        lignes = Residence.objects.visibles_par(m["responsable"]).par_nom()
        assert paginer(lignes, parametres, tri=("tri", "pk"), taille=1).lignes == [lignes[0]]


def test_une_adresse_garde_les_filtres_et_revient_a_la_premiere_page() -> None:
    parametres = QueryDict("role=gardien&q=a&apres=3&avant=4")
    assert adresse_avec(parametres, role="") == "?q=a"
    assert adresse_avec(parametres, q="b c") == "?role=gardien&q=b+c"


def peupler(m: Monde, combien: int) -> None:
    gardiens(m, *[f"Nom{i}" for i in range(combien)])
    with en_tant_que("palier_fabrique"):
        for i in range(combien):
            Residence.objects.create(
                bailleur=m.bailleur,
                nom=f"R{combien}-{i}",
                adresse="1 rue",
                code_postal="99000",
                territoire=m.territoire,
            )
            orienteur = organisation(GenreOrganisation.BAILLEUR, f"Habitat {i}")
            convention(m.equipe, orienteur, [m.territoire])
    for i in range(combien):
        with agir_comme(m["coordination"]):
            journal.noter(Action.MEMBRES_LUS, organisation_id=m.equipe.pk, objet_type="x", objets=[i])
        with agir_comme(m["responsable"]):
            m.bailleur.invitations.create(
                role="gardien", courriel=f"i{combien}.{i}@exemple.invalid", par=m["responsable"],
                jeton=f"{combien:016}{i:016}".encode(), expire_le=horloge.maintenant() + timedelta(days=1),
            )  # fmt: skip


LISTES = (
    ("responsable", "/membres/"),
    ("responsable", "/membres/invitations/"),
    ("responsable", "/residences/"),
    ("exploitation", "/organisations/"),
    ("exploitation", "/conventions/"),
    ("dpo", "/journal/"),
)


@pytest.mark.parametrize(("role", "adresse"), LISTES)
def test_une_liste_coute_douze_instructions_au_plus_avec_trois_et_trente_lignes(
    db: None, midi: Any, role: str, adresse: str
) -> None:
    m = monde()
    client = connecte(m[role])
    couts = []
    for combien in (3, 27):
        peupler(m, combien)
        with instructions() as vues:
            assert client.get(adresse).status_code == 200
        couts.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert couts[0] == couts[1]


def test_les_organisations_se_filtrent_par_genre_et_par_nom(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde("Hénin")
    with en_tant_que("palier_fabrique"):
        Organisation.objects.create(genre="bailleur", nom="Logis de l’Été")
    client = entrer(m["exploitation"])
    page = client.get("/organisations/?genre=bailleur&q=ete").content.decode()
    assert "Logis de l’Été" in page
    assert m.bailleur.nom not in page
    page = client.get("/organisations/?genre=clsm").content.decode()
    assert m.clsm.nom in page
    assert m.equipe.nom not in page
    assert "Aucune organisation ne correspond" in client.get("/organisations/?q=introuvable").content.decode()


def test_le_journal_se_filtre_par_organisation_action_et_periode(db: None, midi: Any, entrer: Entrer) -> None:
    m, sud = monde("Nord"), monde("Sud")
    for w, action in ((m, Action.MEMBRES_LUS), (sud, Action.RESIDENCE_CREEE)):
        with agir_comme(w["responsable"]):
            journal.noter(action, organisation_id=w.bailleur.pk, objet_type="essai", objets=[f"{w.bailleur.nom}#"])
    client = entrer(m["dpo"])

    def montres(**filtres: str) -> list[bool]:
        page = client.get("/journal/", filtres).content.decode()
        return [f"{w.bailleur.nom}#" in page for w in (m, sud)]

    assert montres() == [True, True]
    assert montres(organisation="sud") == [False, True]
    assert montres(action="partenaires.membres_lus") == [True, False]
    assert montres(du="2026-09-22", au="2026-09-22") == [True, True]
    assert montres(du="2026-09-23") == [False, False]
    assert montres(au="2026-09-21") == [False, False]
    page = client.get("/journal/").content.decode()
    assert "A lu la liste des membres." in page
    assert "A ajouté une résidence." in page
    assert "partenaires.membres_lus</td>" not in page
    assert "événement du journal&nbsp;: " in page  # what this reader read just before, in French


def test_la_coordination_ne_lit_que_le_journal_de_son_equipe(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    for qui, org in ((m["responsable"], m.bailleur), (m["social"], m.equipe)):
        with agir_comme(qui):
            journal.noter(Action.MEMBRES_LUS, organisation_id=org.pk, objet_type="essai", objets=[f"{org.nom}#"])
    page = entrer(m["coordination"]).get("/journal/").content.decode()
    assert f"{m.equipe.nom}#" in page
    assert m.bailleur.nom not in page


def test_lire_le_journal_y_laisse_une_ligne(db: None, midi: Any, entrer: Entrer) -> None:
    m = monde()
    entrer(m["dpo"]).get("/journal/")
    assert evenements(m.plateforme.pk) == ["partenaires.journal_lu"]
