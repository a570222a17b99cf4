"""A public directory: read whatever its encoding, shown first, written whole; what the équipe wrote stays."""

import csv
import io
import json
import zipfile
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from partenaires.enums import Role
from partenaires.fichiers_annuaire import decoder, emballer
from partenaires.lecture_annuaire import AnnuaireLu, Filtres, lire
from partenaires.models import ImportAnnuaire, Structure
from partenaires.parcours import annuaire, imports_annuaire
from partenaires.parcours.annuaire import Fiche
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.classeurs import ClasseurRefuse
from socle.transitions import TransitionInterdite
from tests.accompagnements.pages import cle_neuve
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements, relire

DOSSIER = Path(__file__).parent / "annuaires"
TOUS = ["cmp", "csapa", "chrs", "savs", "msp", "ccas", "association", "caf"]


def brut(nom: str, code_insee: str = "99120") -> bytes:
    """A file of the folder, whose commune is made that of the tests."""
    octets = (DOSSIER / nom).read_bytes()
    for marque, valeur in (("@I", code_insee), ("@C", code_insee[2:]), ("@D", code_insee[:2])):
        octets = octets.replace(marque.encode(), valeur.encode())
    return octets


def lu(*noms: str, genres: list[str] = TOUS, **filtres: Any) -> AnnuaireLu:
    voulus = filtres or {"communes": frozenset({"99120"})}
    return lire(emballer([(nom, brut(nom)) for nom in noms]), Filtres(frozenset(genres), **voulus))


def importe(m: Monde, *noms: str, genres: list[str] = TOUS, octets: bytes | None = None) -> ImportAnnuaire:
    """Sent and read, as its page shows it."""
    par = m["coordination"]
    fichiers = [(nom, octets or brut(nom, m.territoire.code_insee)) for nom in noms]
    with agir_comme(par):
        depot = imports_annuaire.deposer(fichiers, genres=genres, etendue="communes", par=par)
    assert imports_annuaire.travailler(depot.pk, depot.delegation)
    with agir_comme(par):
        return ImportAnnuaire.objects.get(pk=depot.pk)


def enregistre(m: Monde, depot: ImportAnnuaire) -> ImportAnnuaire:
    with agir_comme(m["coordination"]):
        confirme = imports_annuaire.confirmer(depot.pk, par=m["coordination"])
    assert imports_annuaire.travailler(confirme.pk, confirme.delegation)
    with agir_comme(m["coordination"]):
        return ImportAnnuaire.objects.get(pk=depot.pk)


def structures(m: Monde) -> dict[str, Structure]:
    with agir_comme(m["social"]):
        return {s.source_ref or s.nom: s for s in Structure.objects.visibles_par(m["social"])}


def test_finess_se_lit_ligne_a_ligne_malgre_son_codage() -> None:
    a = lu("finess.csv")
    assert sorted(a.lignes) == ["990000011", "990000012", "990000015", "990000016", "990000017"]
    cmp = a.lignes["990000011"]
    assert (cmp.genre, cmp.nom, cmp.adresse) == (
        "cmp", "Centre Medico Psychologique les Acacias", "3 allée des Frenes",
    )  # fmt: skip
    assert (cmp.code_insee, cmp.code_postal, cmp.commune, cmp.telephone) == (
        "99120", "99000", "Valmornay", "01 00 00 00 11",
    )  # fmt: skip
    assert (cmp.siret, cmp.source_le) == ("12345678900011", "2026-03-01")
    assert a.lignes["990000012"].telephone == "01 00 00 00 12"  # a spreadsheet had taken its zero
    assert a.lignes["990000016"].nom == "SAVS le Pré doublé"
    assert a.lignes["990000016"].adresse == "9 avenue de l’Étang"
    assert "L’étoile" in a.lignes["990000017"].nom
    assert (a.rangees, a.hors_genre, a.hors_territoire) == (9, 1, 1)
    assert [(f.ligne, f.colonne) for f in a.fautes] == [
        (6, "Téléphone"), (7, "Codage"), (8, "Codage"), (9, "Ligne"), (10, "Identifiant"),
    ]  # fmt: skip


@pytest.mark.parametrize(
    ("brute", "attendu", "dit"),
    [
        ("Évry".encode(), "Évry", ""),
        ("Évry œuvre".encode("iso-8859-15"), "Évry œuvre", ""),
        ("Ã‰vry".encode(), "Ã‰vry", ""),
        ("Ã©tang".encode(), "étang", "deux fois"),
        (b"L\x92\xe9toile", "L’étoile", "Windows"),
        ("per�du".encode(), "per�du", "perdu"),
    ],
)
def test_une_ligne_se_decode_ou_dit_ce_qui_est_abime(brute: bytes, attendu: str, dit: str) -> None:
    texte_lu, faute = decoder(brute)
    assert texte_lu == attendu
    assert dit in faute
    assert bool(faute) == bool(dit)


def test_data_inclusion_garde_les_reseaux_connus_et_les_services_utiles() -> None:
    a = lu("structures.json", "services.json")
    assert sorted(a.lignes) == ["fictif--s1", "fictif--s2"]
    ccas, budget = a.lignes["fictif--s1"], a.lignes["fictif--s2"]
    assert (ccas.genre, ccas.telephone, ccas.horaires) == ("ccas", "01 00 00 00 21", "Mo-Fr 09:00-17:00")
    assert (budget.genre, budget.themes, budget.courriel) == ("association", "Difficultés financières", "")
    assert budget.site == "https://budget.exemple.invalid"
    assert budget.services == [
        {
            "nom": "Permanence budget",
            "lignes": [
                "Difficultés financières", "Type\u00a0: accompagnement", "Frais\u00a0: gratuit",
                "Publics\u00a0: tous publics", "Accueil\u00a0: en presentiel", "Pour y aller\u00a0: telephoner",
            ],
        }
    ]  # fmt: skip
    assert "Personne" not in json.dumps([ligne.valeurs for ligne in a.lignes.values()])
    assert (a.hors_genre, a.hors_territoire) == (1, 1)
    assert [(f.ligne, f.colonne) for f in a.fautes] == [(2, "Adresse électronique")]
    assert list(a.inconnus.elements()) == ["Réseau «\u00a0reseau-tout-neuf\u00a0»"]


@pytest.mark.parametrize("forme", ["csv", "lignes", "zip", "virgules"])
def test_les_formes_de_data_inclusion_se_lisent_pareil(forme: str) -> None:
    objets = json.loads(brut("structures.json"))
    if forme == "lignes":
        octets = "\n".join(json.dumps(o) for o in objets).encode()
    elif forme == "zip":
        sortie = io.BytesIO()
        with zipfile.ZipFile(sortie, "w") as z:
            z.writestr("structures.json", brut("structures.json"))
        octets = sortie.getvalue()
    else:
        sep = ";" if forme == "csv" else ","
        champs = sorted({n for o in objets for n in o}, key=lambda n: (n not in ("id", "source", "nom"), n))
        tampon = io.StringIO()
        ecrivain = csv.DictWriter(tampon, champs, delimiter=sep)
        ecrivain.writeheader()
        for o in objets:
            liste = "{" + ",".join(o["reseaux_porteurs"]) + "}"
            ecrivain.writerow({**o, "reseaux_porteurs": liste, "description": "Sur deux\nlignes, avec une virgule"})
        octets = tampon.getvalue().encode()
    paquet = emballer([("x", octets), ("services.json", brut("services.json"))])
    a = lire(paquet, Filtres(frozenset(TOUS), departements=frozenset({"99"})))
    assert {r: (s.genre, s.nom) for r, s in a.lignes.items()} == {
        "fictif--s1": ("ccas", "CCAS de Valmornay"), "fictif--s2": ("association", "Budget et Toit"),
    }  # fmt: skip


@pytest.mark.parametrize(
    ("octets", "dit"),
    [
        (b"nom;adresse\nx;y\n", "ni une extraction FINESS"),
        (b"", "ni une extraction FINESS"),
        (b'[{"source": "x", "id": "1", "nom": "abc"', "abîmé"),
        (brut("services.json"), "que des services"),
    ],
)
def test_un_fichier_illisible_est_refuse_en_une_phrase(octets: bytes, dit: str) -> None:
    with pytest.raises(ClasseurRefuse, match=dit):
        lire(emballer([("x", octets)]), Filtres(frozenset(TOUS)))


def test_rien_ne_s_ecrit_avant_la_confirmation_puis_tout(db: None, midi: datetime) -> None:
    m = monde()
    depot = importe(m, "finess.csv")
    assert (depot.etat, depot.fichier, depot.nombre("nouvelles"), structures(m)) == ("lu", None, 5, {})
    fait = enregistre(m, depot)
    assert (fait.etat, fait.lignes, fait.bilan["ecrites"]["nouvelles"]) == ("fait", [], 5)
    assert structures(m)["990000011"].importee_le == horloge.maintenant()
    with agir_comme(m["coordination"]), pytest.raises(TransitionInterdite):
        imports_annuaire.confirmer(fait.pk, par=m["coordination"])
    assert [e for e in evenements(m.equipe.pk) if "annuaire" in e] == [
        "partenaires.annuaire_depose", "partenaires.annuaire_enregistre",
    ]  # fmt: skip


def test_importer_de_nouveau_garde_ce_que_l_equipe_a_ecrit(db: None, midi: datetime) -> None:
    m = monde()
    par = m["social"]
    with agir_comme(par):
        a_la_main = annuaire.ajouter(
            Fiche(
                genre="chrs", nom="Chrs la halte", code_insee=m.territoire.code_insee, telephone="01 11 11 11 11",
                notes="Deux mois d’attente",
            ),
            par=par,
        )  # fmt: skip
    enregistre(m, importe(m, "finess.csv"))
    reconnue = relire(a_la_main)
    assert (reconnue.source_ref, reconnue.telephone, reconnue.adresse) == (
        "990000015",
        "01 11 11 11 11",
        "7 boulevard Neuf",
    )
    cmp = structures(m)["990000011"]
    with agir_comme(par):
        annuaire.modifier(
            cmp.pk,
            Fiche(
                genre="cmp", nom=cmp.nom, adresse=cmp.adresse, code_postal=cmp.code_postal, commune=cmp.commune,
                code_insee=cmp.code_insee, telephone="01 99 99 99 99", couvre="Quartier du Lavoir", notes="Le mardi",
                organisation=m.partenaire,
            ),
            version=cmp.version, par=par,
        )  # fmt: skip
    nouvelle = brut("finess.csv", m.territoire.code_insee)
    nouvelle = nouvelle.replace(b"0100000011", b"0100000099").replace(b"3;ALL;DES FRENES", b"5;ALL;DES FRENES")
    nouvelle = b"\n".join(ligne for ligne in nouvelle.split(b"\n") if b"990000012" not in ligne)
    horloge.avancer(days=30)
    depot = importe(m, "finess.csv", octets=nouvelle)
    assert {n: depot.nombre(n) for n in ("nouvelles", "changees", "identiques", "disparues")} == {
        "nouvelles": 0, "changees": 1, "identiques": 3, "disparues": 1,
    }  # fmt: skip
    enregistre(m, depot)
    apres = structures(m)
    lue = apres["990000011"]
    assert (lue.adresse, lue.telephone, lue.couvre, lue.notes, lue.organisation_id, lue.corriges) == (
        "5 allée des Frenes", "01 99 99 99 99", "Quartier du Lavoir", "Le mardi", m.partenaire.pk, ["telephone"],
    )  # fmt: skip
    assert apres["990000012"].fermee_le == horloge.aujourdhui()
    assert apres["990000015"].notes == "Deux mois d’attente"
    enregistre(m, importe(m, "finess.csv"))
    assert structures(m)["990000012"].fermee_le is None  # it has come back


def test_un_import_plus_etroit_ne_ferme_pas_ce_qu_il_ne_regarde_pas(db: None, midi: datetime) -> None:
    m = monde()
    enregistre(m, importe(m, "finess.csv"))
    enregistre(m, importe(m, "finess.csv", genres=["cmp"]))
    enregistre(m, importe(m, "structures.json"))
    assert [ref for ref, s in structures(m).items() if s.fermee_le] == []


def test_deux_fichiers_a_la_fois_et_un_ouvrier_en_double_ne_font_rien_deux_fois(db: None, midi: datetime) -> None:
    m = monde()
    premier = importe(m, "finess.csv")
    second = importe(m, "structures.json")
    assert (relire(premier).etat, relire(premier).lignes) == ("abandonne", [])
    assert not imports_annuaire.travailler(second.pk, second.delegation)
    with agir_comme(m["coordination"]):
        imports_annuaire.confirmer(second.pk, par=m["coordination"])
        with pytest.raises(ValidationError, match="en cours"):
            imports_annuaire.deposer([("x.csv", b"x")], genres=["cmp"], etendue="communes", par=m["coordination"])
    with en_tant_que("palier_systeme"):
        assert imports_annuaire.reprendre() == 1


@pytest.mark.parametrize("role", [Role.SOIGNANT, Role.SOCIAL, Role.REFERENT, Role.CORRESPONDANT, Role.EXPLOITATION])
def test_la_coordination_seule_importe(db: None, midi: datetime, role: str) -> None:
    m = monde()
    depot = importe(m, "finess.csv")
    qui = m[role]
    with agir_comme(qui):
        assert not ImportAnnuaire.objects.visibles_par(qui).exists()
        with pytest.raises(PermissionDenied):
            imports_annuaire.deposer([("x.csv", b"x")], genres=["cmp"], etendue="communes", par=qui)
        with pytest.raises(PermissionDenied):
            imports_annuaire.confirmer(depot.pk, par=qui)
    assert relire(depot).etat == "lu"


def test_la_page_envoie_montre_et_enregistre(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["coordination"])
    octets = brut("finess.csv", m.territoire.code_insee)
    envoi = {
        "cle": cle_neuve(), "genres": ["cmp", "savs"], "etendue": "departements",
        "fichier": SimpleUploadedFile("finess.csv", octets, "text/csv"),
    }  # fmt: skip
    page = client.post(reverse("annuaire_importer"), envoi)
    with agir_comme(m["coordination"]):
        depot = ImportAnnuaire.objects.get()
    assert page["Location"] == reverse("import_annuaire", args=[depot.pk])
    assert "En lecture" in texte(client.get(page["Location"]))
    imports_annuaire.travailler(depot.pk, depot.delegation)
    dit = texte(client.get(page["Location"]))
    for attendu in ("À ajouter 2", "Centre Medico Psychologique les Acacias", "Ligne 7", "Enregistrer dans l’annuaire"):
        assert attendu in dit
    client.post(reverse("annuaire_enregistrer", args=[depot.pk]))
    depot = relire(depot)
    imports_annuaire.travailler(depot.pk, depot.delegation)
    assert "Ajoutées 2" in texte(client.get(page["Location"]))
