"""The dashboard of an équipe: every number of its own, of the period that the address names, and of nobody else."""

from django.urls import reverse

from indicateurs import mesures
from indicateurs.interne import lire_pour_l_equipe
from indicateurs.models import Bilan, Periode
from indicateurs.publication import Publication
from partenaires.enums import Role
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.recits_semestre import ATTENDU, SEMESTRE

PAGE = reverse("tableau_de_bord")


def test_chaque_nombre_est_celui_des_mesures_les_petits_aussi(semestre: Monde, bilan: Bilan) -> None:
    with agir_comme(semestre["soignant"]):
        p = lire_pour_l_equipe(semestre["soignant"], SEMESTRE)
        lues = mesures.lire(semestre.equipe.pk, SEMESTRE)
    assert not [code for code, t in p.tableaux.items() if t.est_masque]
    assert p.nombre("recues") == ATTENDU["recevables"]
    assert p.nombre("accompagnements") == lues.accompagnements
    assert {code: p.nombre(f"contexte.{code}") for code in lues.contextes} == lues.contextes
    assert p.tableaux["delai.transmission_visite"].indices["mediane"] == lues.delais["transmission_visite"].mediane
    petits = [n for t in p.tableaux.values() for r in t.cellules or () for n in r if 0 < n < 11]
    assert petits  # otherwise this test says nothing
    assert bilan.donnees is not None
    publie = Publication.depuis(bilan.donnees)
    masques = [code for code, t in publie.tableaux.items() if t.est_masque]
    assert masques
    for code, t in publie.tableaux.items():  # what is published is what the équipe reads
        if t.cellules is not None:
            assert p.tableaux[code].cellules == t.cellules


def test_la_periode_est_dans_l_adresse_et_celle_qui_court_vient_d_abord(semestre: Monde) -> None:
    client = connecte(semestre["social"])
    lu = texte(client.get(PAGE))
    assert "Période en cours, arrêtée au 15 juillet 2026." in lu
    assert "du 1er juillet 2026 au 31 décembre 2026" in lu
    page = client.get(PAGE, {"periode": "2026-1"})
    lu = texte(page)
    assert "du 1er janvier 2026 au 30 juin 2026" in lu
    assert "Période en cours" not in lu
    assert f"Fiches reçues {ATTENDU['recues']} dont {ATTENDU['recevables']} recevables" in lu
    assert '<option value="2026-1" selected>' in page.content.decode()
    assert "pa-secret" not in page.content.decode()
    assert "Ces nombres ne sortent pas de l’équipe" in lu
    annee = texte(client.get(PAGE, {"periode": "2025-A"}))
    assert "du 1er janvier 2025 au 31 décembre 2025" in annee
    for faux in ("2031-1", "1999-2", "x", ""):
        assert "Période en cours" in texte(client.get(PAGE, {"periode": faux}))


def test_personne_d_autre_ne_le_lit(semestre: Monde) -> None:
    autres = (Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE, Role.CORRESPONDANT, Role.COORDINATION_CLSM, Role.DPO)
    statuts = {role: connecte(semestre[role]).get(PAGE, {"periode": "2026-1"}).status_code for role in autres}
    assert set(statuts.values()) <= {403, 404}, statuts


def test_une_autre_equipe_n_y_compte_rien_de_celle_ci(semestre: Monde) -> None:
    lu = texte(connecte(monde("Sud")["coordination"]).get(PAGE, {"periode": "2026-1"}))
    assert "Fiches reçues 0" in lu


def test_son_cout_ne_suit_pas_le_nombre_de_fiches(semestre: Monde) -> None:
    client = connecte(semestre["coordination"])
    couts = {}
    for periode in ("2025-2", "2026-1", "2026-A"):
        with instructions() as vues:
            assert client.get(PAGE, {"periode": periode}).status_code == 200
        couts[periode] = len(vues)
        assert len(vues) <= 18, enumerees(vues)
    assert couts["2025-2"] < couts["2026-1"] == couts["2026-A"], couts  # 40 fiches, not rated again


def test_une_equipe_sans_convention_voit_la_periode_qui_court(semestre: Monde) -> None:
    courant = Periode(horloge.aujourdhui().year, 2)
    with agir_comme(semestre["coordination"]):
        assert lire_pour_l_equipe(semestre["coordination"], courant).periode == courant
