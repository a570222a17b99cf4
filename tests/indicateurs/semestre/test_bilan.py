"""The bilan of a whole semester, calculated by the worker's code: what it publishes, what it hides, and where."""

import io
import re
import zipfile
from dataclasses import replace
from itertools import combinations
from typing import Any

import page
import pytest
from pypdf import PdfReader

from indicateurs import documents, mesures
from indicateurs.lecture import chiffres, sections
from indicateurs.models import Bilan, BilanFichier, Periode
from indicateurs.publication import METHODE, Contexte, Publication, empreinte, etablir, tables
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi, Evenement
from tests.conftest import en_tant_que
from tests.fabriques import Monde
from tests.recits_semestre import ATTENDU, SEMESTRE

PETITS = set(range(1, 11))


def publication(b: Bilan) -> Publication:
    assert b.donnees is not None
    return Publication.depuis(b.donnees)


def pdf_de(m: Monde, b: Bilan) -> bytes:
    with agir_comme(m["coordination"]):
        return bytes(BilanFichier.objects.get(pk=b.pk).pdf)


def mots(octets: bytes) -> str:
    """The characters of a PDF without any space: lines are cut anywhere."""
    return sans_espace(" ".join(feuille.extract_text() for feuille in PdfReader(io.BytesIO(octets)).pages))


def sans_espace(texte: str) -> str:
    return "".join(texte.split())


def test_les_ensembles_publies_sont_ceux_du_recit(bilan: Bilan) -> None:
    ensembles = publication(bilan).ensembles
    attendus = {nom: n for nom, n in ATTENDU.items() if nom not in {"non_recevables", "paires.equipe"}}
    assert {nom: ensembles[nom] for nom in attendus} == attendus


def test_les_donnees_se_relisent_et_leur_empreinte_est_la_leur(bilan: Bilan) -> None:
    assert bilan.donnees is not None
    assert empreinte(bilan.donnees) == bilan.empreinte
    assert publication(bilan).json() == bilan.donnees
    assert (bilan.etat, bilan.methode) == ("pret", METHODE)


def test_ce_que_le_recit_rend_petit_est_masque_avec_ce_qui_le_donnerait(bilan: Bilan) -> None:
    p = publication(bilan)
    masques = {code for code, t in p.tableaux.items() if t.est_masque}
    # 5 persons had VOI1 at the start and none at T6; 2 of the 14 relevés without accompagnement never came back.
    assert {"sens.bailleur.voisinage", "t0.bailleur.voisinage", "couverture.sans"} <= masques
    assert not {"recues", "ages", "sens.bailleur.logement", "t0.bailleur.logement", "couverture.bailleur"} & masques
    t = p.tableaux["sens.bailleur.voisinage"]
    assert (t.lignes, t.cellules, t.total, t.indices) == (("Voisinage",), None, None, {})
    assert p.tableaux["sens.bailleur.logement"].cellules == ((13, 13, 0),)


def test_aucun_nombre_publie_n_est_petit_ni_ne_le_devient_par_soustraction(bilan: Bilan) -> None:
    """Computed again from the stored JSON: cells, margins, and differences between sets that hold one another."""
    p = publication(bilan)
    for code, t in p.tableaux.items():
        for rangee in t.cellules or ():
            assert not PETITS & {*rangee, sum(rangee)}, code
        colonnes = [sum(c) for c in zip(*(t.cellules or ()), strict=True)]
        assert not PETITS & set(colonnes), code
        assert t.total not in PETITS, code
    assert not PETITS & set(p.ensembles.values())
    emboites = [("recevables", "recues"), ("psy.prises", "psy.orientees"), ("psy.orientees", "orientees")]
    emboites += [("orientees", "six_mois"), ("conserve", "six_mois"), ("paires.bailleur", "dus.bailleur")]
    for petit, grand in emboites:
        assert p.ensembles[grand] - p.ensembles[petit] not in PETITS
    for a, b in combinations(["delai.transmission_visite", "delai.recevabilite_visite", "visites"], 2):
        assert abs(p.ensembles[a] - p.ensembles[b]) not in PETITS


def test_le_document_est_conforme_a_pdf_ua(semestre: Monde, bilan: Bilan) -> None:
    rapport = page.validate_pdf_bytes(pdf_de(semestre, bilan), profile="ua1")
    assert [(echec.rule_id, echec.message) for echec in rapport.failures] == []
    assert rapport.is_compliant


def test_les_memes_nombres_sont_dans_le_json_le_pdf_et_le_classeur(semestre: Monde, bilan: Bilan) -> None:
    p = publication(bilan)
    octets = pdf_de(semestre, bilan)
    lu = mots(octets)
    for chiffre in chiffres(p):
        attendu = "masqué" if chiffre.secret else f"{chiffre.libelle} {chiffre.valeur} {chiffre.precision}"
        assert sans_espace(attendu) in lu
    for section in sections(p, "pdf"):
        assert sans_espace(f"{section.numero}. {section.titre}") in lu
        for bloc in section.blocs:
            for rangee in bloc.tableau.lignes:
                attendue = "".join([rangee.entete, *(c.texte for c in rangee.cellules)])
                assert sans_espace(attendue) in lu, (bloc.titre, rangee.entete)
    contenu = zipfile.ZipFile(io.BytesIO(documents.classeur(p, bilan.empreinte))).read("content.xml").decode()
    assert "masqué" in contenu
    medianes = {int(t.indices["mediane"]) for t in p.tableaux.values() if "mediane" in t.indices}  # days, not persons
    assert not PETITS & ({int(n) for n in re.findall(r'office:value="(\d+)"', contenu)} - medianes)
    assert lu.count("masqué") >= 4


def test_le_document_porte_identifiant_methode_et_empreinte(semestre: Monde, bilan: Bilan) -> None:
    octets = pdf_de(semestre, bilan)
    lu = mots(octets)
    assert bilan.identifiant in lu
    assert f"méthode{METHODE}" in lu
    assert f"empreintedesdonnées{bilan.empreinte[:16]}" in lu
    assert sans_espace("Une baisse ne prouve pas un effet de l’accompagnement") in lu
    with agir_comme(semestre["coordination"]):
        fichier = BilanFichier.objects.get(pk=bilan.pk)
    assert (fichier.taille, fichier.pages) == (len(octets), len(PdfReader(io.BytesIO(octets)).pages))


def test_les_memes_donnees_donnent_les_memes_octets(semestre: Monde, bilan: Bilan) -> None:
    assert documents.produire(publication(bilan), bilan.empreinte).octets == pdf_de(semestre, bilan)


def test_le_calcul_est_au_journal_de_l_equipe(semestre: Monde, bilan: Bilan) -> None:
    with agir_comme(semestre["coordination"]):
        actions = [e.action for e in Evenement.objects.all().de_l_objet(bilan.pk).order_by("sequence")]
    assert actions == ["indicateurs.bilan_demande", "indicateurs.fiches_lues", "indicateurs.bilan_calcule"]
    with en_tant_que("palier_systeme"):
        assert Envoi.objects.filter(genre="indicateurs.bilan_pret", objet_id=str(bilan.pk)).count() == 1


def test_l_annee_se_publie_par_signal(semestre: Monde, bilan: Bilan) -> None:
    with agir_comme(semestre["coordination"]):
        lues = mesures.lire(semestre.equipe.pk, Periode(2025))
    p = _etablir(lues, Periode(2025))
    assert p.nombre("depart.LOG1") == 40
    assert p.tableaux["depart.VOI1"].est_masque  # 5 persons
    assert p.tableaux["depart.voisinage"].est_masque  # the same 5
    assert "depart.LOG1" not in publication(bilan).tableaux
    titres = [bloc.titre for section in sections(p, "page") for bloc in section.blocs]
    assert "Personnes chez qui le signal est présent, par signal" in titres


def _etablir(lues: mesures.Mesures, periode: Periode, **voisins: Any) -> Publication:
    contexte = Contexte(
        "B-x", "Équipe", ("Ville",), periode, horloge.aujourdhui(), voisins.get("avant", {}), voisins.get("apres", {})
    )
    tableaux, liens = tables(lues, contexte)
    return etablir(tableaux, liens, lues, contexte)


@pytest.mark.parametrize(("recevables", "masque"), [(40, False), (43, True), (55, False)])
def test_le_bilan_d_avant_compte_dans_les_differences(semestre: Monde, recevables: int, masque: bool) -> None:
    """26 and 14 relevés were due: with 43 recevables published six months before, 3 persons would be found."""
    with agir_comme(semestre["coordination"]):
        lues = mesures.lire(semestre.equipe.pk, SEMESTRE)
    cle = ("bailleur", False)
    tous = {**lues.series, cle: replace(lues.series[cle], couverture=replace(lues.series[cle].couverture, attendus=0))}
    tous[cle] = replace(tous[cle], couverture=replace(tous[cle].couverture, rendus=14))
    paires = tous[cle].paires
    tous[cle] = replace(tous[cle], paires=(*paires, *paires[:2]))
    p = _etablir(replace(lues, series=tous), SEMESTRE, avant={"recevables": recevables})
    assert p.tableaux["couverture.sans"].est_masque is masque
    assert not p.tableaux["couverture.bailleur"].est_masque
