"""PDF/UA-1: text and structure read back, same bytes twice, and hostile HTML that reaches nothing."""

import io
import socket
import subprocess
import sys
from collections import Counter
from collections.abc import Iterator
from datetime import UTC, datetime, timedelta, timezone
from pathlib import Path
from typing import Any

import page
import pytest
import time_machine
from django.utils.html import escape
from hypothesis import given
from hypothesis import strategies as st
from pypdf import PdfReader
from pypdf.generic import ArrayObject, DictionaryObject
from pytest_django import Settings

from socle import pdf
from socle.pdf import PdfSansTitre, PdfTropLong, RenduIncomplet, RessourceRefusee, rendre

RACINE = Path(pdf.__file__).resolve().parent.parent
LE = datetime(2026, 9, 22, 10, tzinfo=UTC)
SENTINELLE = "sentinelle-4f1c"
CORPS = """
<h1>Bilan du 1er semestre 2026</h1>
<p>62 personnes ont été observées, « Équipe » d’Étampes : 82 %.</p>
<svg width="100" height="20" role="img"><title>Signaux au départ</title><rect width="50" height="10"/></svg>
<table><caption>Les mêmes chiffres</caption>
<thead><tr><th scope="col">Domaine</th><th scope="col">T0</th></tr></thead>
<tbody><tr><th scope="row">Logement</th><td>47</td></tr></tbody></table>
<ul><li>Une baisse ne prouve rien.</li></ul>
<p><a href="#fin">Méthode</a></p><h2 id="fin">Méthode</h2>
"""


def html(corps: str = CORPS, *, titre: str = "Bilan", tete: str = "") -> str:
    style = "<style>body { font-family: 'DejaVu Sans', sans-serif }</style>"
    return f"<!doctype html><html><head><title>{titre}</title>{style}{tete}</head><body>{corps}</body></html>"


def faire(source: str, **options: Any) -> bytes:
    return rendre(source, **{"identifiant": "bilan-26-1", "date": LE, **options})


def lire(octets: bytes) -> PdfReader:
    return PdfReader(io.BytesIO(octets))


def texte(octets: bytes) -> str:
    return " ".join(" ".join(feuille.extract_text() for feuille in lire(octets).pages).split())


def elements(octets: bytes) -> Iterator[DictionaryObject]:
    """The structure elements, depth first."""
    a_voir: list[Any] = [lire(octets).root_object["/StructTreeRoot"]]
    while a_voir:
        noeud = a_voir.pop().get_object()
        if isinstance(noeud, ArrayObject):
            a_voir.extend(reversed(noeud))
        elif isinstance(noeud, DictionaryObject):
            if "/S" in noeud:
                yield noeud
            if "/K" in noeud:
                a_voir.append(noeud["/K"])


def test_le_document_est_conforme_a_pdf_ua_1() -> None:
    octets = faire(html())
    rapport = page.validate_pdf_bytes(octets, profile="ua1")
    assert [(echec.rule_id, echec.message) for echec in rapport.failures] == []
    assert rapport.is_compliant
    assert rapport.profile is page.ValidationProfile.PDF_UA_1
    assert rapport.document.page_count == 1


def test_le_nombre_de_pages_est_celui_du_document() -> None:
    saut = '<p style="break-after: page">Une page.</p>'
    document = pdf.composer(html(f"<h1>Bilan</h1>{saut}{saut}<p>Fin.</p>"), identifiant="b", date=LE)
    assert document.pages == len(lire(document.octets).pages) == 3


def test_le_texte_se_relit_dans_l_ordre() -> None:
    lu = texte(faire(html()))
    attendus = [
        "Bilan du 1er semestre 2026",
        "d’Étampes : 82 %",
        "Les mêmes chiffres",
        "Logement",
        "47",
        "Méthode",
    ]
    places = [lu.index(attendu) for attendu in attendus]
    assert places == sorted(places)


def test_la_structure_porte_titres_tableau_liste_et_figure() -> None:
    trouves = list(elements(faire(html())))
    genres = Counter(str(element["/S"]) for element in trouves)
    attendus = {"/H1": 1, "/H2": 1, "/Table": 1, "/TH": 3, "/TD": 1, "/LI": 1, "/Figure": 1, "/Link": 1}
    assert {genre: genres[genre] for genre in attendus} == attendus
    assert [str(e["/Alt"]) for e in trouves if "/Alt" in e] == ["Signaux au départ"]


def test_les_metadonnees_viennent_des_arguments() -> None:
    ailleurs = timezone(timedelta(hours=2))
    lecteur = lire(faire(html(), date=datetime(2026, 9, 22, 12, tzinfo=ailleurs), langue="fr-FR"))
    assert lecteur.metadata == {
        "/Title": "Bilan",
        "/Creator": "Palier",
        "/Producer": "WeasyPrint 70.0",
        "/CreationDate": "D:20260922100000+00'00",
        "/ModDate": "D:20260922100000+00'00",
    }
    assert str(lecteur.root_object["/Lang"]) == "fr-FR"
    identifiants = lecteur.trailer["/ID"]
    assert isinstance(identifiants, ArrayObject)
    assert str(identifiants[0]) == "bilan-26-1"


def test_la_langue_est_le_francais_par_defaut() -> None:
    assert str(lire(faire(html())).root_object["/Lang"]) == "fr"


def test_les_memes_donnees_donnent_les_memes_octets_un_autre_jour() -> None:
    """The subset of a font would otherwise bear the second at which it was made."""
    source = html(tete='<link rel="stylesheet" href="palier:palier/document.css">').replace(
        "<body>", '<body class="pa-doc">'
    )
    with time_machine.travel(LE):
        premier = faire(source)
    with time_machine.travel(LE + timedelta(days=400)):
        assert faire(source) == premier


def test_les_memes_donnees_donnent_les_memes_octets() -> None:
    octets = faire(html())
    assert faire(html()) == octets
    assert faire(html(), date=LE + timedelta(seconds=1)) != octets
    assert faire(html(), identifiant="bilan-26-2") != octets


def test_une_date_sans_fuseau_est_refusee() -> None:
    with pytest.raises(ValueError, match="aware"):
        faire(html(), date=datetime(2026, 9, 22, 10))


@pytest.mark.parametrize("source", ["", "<p>Bonjour</p>", html(titre=""), html(titre=" \n ")])
def test_un_document_sans_titre_est_refuse(source: str) -> None:
    with pytest.raises(PdfSansTitre):
        faire(source)


def test_un_dessin_n_est_pas_le_titre_du_document() -> None:
    with pytest.raises(PdfSansTitre):
        faire("<svg><title>Dessin</title></svg>")


def test_un_document_trop_long_est_refuse(settings: Settings) -> None:
    trois_pages = html("<h1>a</h1>" + '<p style="break-before: page">suite</p>' * 2)
    settings.PDF_PAGES_MAXIMUM = 3
    assert len(lire(faire(trois_pages)).pages) == 3
    settings.PDF_PAGES_MAXIMUM = 2
    with pytest.raises(PdfTropLong, match="3 pages, 2 at most"):
        faire(trois_pages)


@pytest.mark.parametrize(
    "corps",
    [
        '<svg width="9" height="9"><rect width="5" height="5"/></svg>',
        '<svg width="9" height="9"><title> </title><rect width="5" height="5"/></svg>',
        '<img src="palier:images/point.svg">',
        '<img src="palier:images/point.svg" alt="">',
        '<a href="#nulle-part">lien</a>',
    ],
)
def test_ce_qui_se_perdrait_en_silence_est_une_erreur(corps: str, statique: Path) -> None:
    with pytest.raises(RenduIncomplet):
        faire(html(corps))


# What a document may reach ---------------------------------------------------------------------------------


@pytest.fixture
def statique(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A folder of bundled files, with a secret next to it."""
    dossier = tmp_path / "static"
    (dossier / "images").mkdir(parents=True)
    (dossier / "images" / "point.svg").write_text(
        '<svg xmlns="http://www.w3.org/2000/svg" width="9" height="9"><rect width="9" height="9"/></svg>'
    )
    (dossier / "style.css").write_text('h1::after { content: " (style)" } @import "suite/autre.css";')
    (dossier / "suite").mkdir()
    (dossier / "suite" / "autre.css").write_text("p { background: url(../images/point.svg) }")
    (dossier / "notes.txt").write_text(SENTINELLE)
    (tmp_path / "secret.css").write_text(f'h1::after {{ content: "{SENTINELLE}" }}')
    (dossier / "lien.css").symlink_to(tmp_path / "secret.css")
    monkeypatch.setattr(pdf, "DOSSIER_STATIQUE", dossier)
    return dossier


def test_un_fichier_livre_se_nomme_par_le_schema_ou_relativement(statique: Path) -> None:
    for adresse in ("palier:style.css", "style.css", "/style.css", "palier:images/../style.css?v=1#x"):
        octets = faire(html("<h1>Titre</h1>", tete=f'<link rel="stylesheet" href="{adresse}">'))
        assert "Titre (style)" in texte(octets)
    assert faire(html('<img src="palier:images/point.svg" alt="Un point">'))


def test_une_feuille_de_style_en_importe_une_autre_et_une_image(statique: Path) -> None:
    (statique / "style.css").write_text('@import "suite/autre.css";')
    lien = '<link rel="stylesheet" href="style.css">'
    avec, sans = faire(html("<p>fond</p>", tete=lien)), faire(html("<p>fond</p>"))
    assert len(avec) > len(sans)
    (statique / "images" / "point.svg").unlink()
    with pytest.raises(RessourceRefusee, match=r"palier:/?images/point\.svg"):
        faire(html("<p>fond</p>", tete=lien))


@pytest.mark.parametrize(
    "adresse",
    [
        "palier:absent.css",
        "palier:notes.txt",
        "palier:lien.css",
        "palier:../secret.css",
        "palier:images/../../secret.css",
        "palier:%2e%2e/secret.css",
        "palier:..%2fsecret.css",
        "palier:images",
        "palier:",
        "palier://hote/style.css/x",
        "../secret.css",
        "palier:style.css%00.svg",
        "palier:" + "x" * 5000 + ".css",
    ],
)
def test_on_ne_sort_pas_du_dossier_statique(adresse: str, statique: Path) -> None:
    with pytest.raises(RessourceRefusee):
        faire(html("<h1>Titre</h1>", tete=f'<link rel="stylesheet" href="{adresse}">'))


@given(st.text(max_size=60))
def test_aucune_adresse_ne_mene_hors_du_dossier(adresse: str) -> None:
    fichier = pdf._fichier_statique(f"palier:{adresse}")
    assert fichier is None or fichier.is_relative_to(pdf.DOSSIER_STATIQUE.resolve())
    if not adresse.lower().startswith("palier:"):
        assert pdf._fichier_statique(adresse) is None


SUIVIES = [
    '<img alt="x" src="{}">',
    '<object data="{}"></object>',
    '<embed src="{}">',
    '<link rel="stylesheet" href="{}">',
    '<link rel="attachment" href="{}">',
    '<a rel="attachment" href="{}">x</a>',
    '<style>@import "{}";</style>',
    "<style>@import url({});</style>",
    '<style>@font-face {{ font-family: x; src: url("{}") }} p {{ font-family: x }}</style><p>x</p>',
    '<style>@color-profile device-cmyk {{ src: url("{}") }}</style>',
    '<p style="background: url({})">x</p>',
    '<ul style="list-style-image: url({})"><li>x</li></ul>',
    '<style>p::before {{ content: url("{}") }}</style><p>x</p>',
    '<style>@page {{ background: url("{}") }}</style><p>x</p>',
    '<svg width="9" height="9"><title>x</title><image href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><title>x</title><image xlink:href="{}" width="9" height="9"/></svg>',
    '<svg width="9" height="9"><title>x</title><style>@import "{}";</style></svg>',
]
IGNOREES = [
    '<img alt="x" srcset="{} 2x">',
    '<iframe src="{}"></iframe>',
    '<script src="{}"></script>',
    '<video src="{}" poster="{}"></video>',
    '<input type="image" src="{}">',
    '<meta http-equiv="refresh" content="0; url={}">',
    '<svg width="9" height="9"><title>x</title><use href="{}#x"/></svg>',
]


@pytest.fixture
def adresses(tmp_path: Path) -> Iterator[list[str]]:
    """Hostile addresses; at the end, nobody has called the server they name."""
    secret = tmp_path / "secret.css"
    secret.write_text(f'p::after {{ content: "{SENTINELLE}" }}')
    with socket.create_server(("127.0.0.1", 0)) as serveur:
        hote = f"127.0.0.1:{serveur.getsockname()[1]}"
        yield [
            secret.as_uri(),
            f"FILE://{secret}",
            str(secret),
            f"http://{hote}/x.css",
            f"//{hote}/x.css",
            f"ftp://{hote}/x",
            "data:text/css,p%7Bcolor:red%7D",
            "data:image/svg+xml,%3Csvg%20xmlns=%22http://www.w3.org/2000/svg%22/%3E",
        ]
        serveur.settimeout(0)
        with pytest.raises(BlockingIOError):
            serveur.accept()


@pytest.mark.parametrize("forme", SUIVIES)
def test_un_html_hostile_n_atteint_ni_fichier_ni_reseau(forme: str, adresses: list[str]) -> None:
    for adresse in adresses:
        with pytest.raises((RessourceRefusee, RenduIncomplet)) as refus:
            faire(html(forme.format(adresse)))
        assert SENTINELLE not in str(refus.value)


@pytest.mark.parametrize("forme", IGNOREES)
def test_ce_que_le_rendu_ne_suit_pas_ne_laisse_rien_dans_le_document(forme: str, adresses: list[str]) -> None:
    for adresse in adresses:
        octets = faire(html(forme.format(adresse, adresse)))
        assert SENTINELLE not in texte(octets)
        assert "/EmbeddedFiles" not in str(lire(octets).root_object)


def test_une_base_hostile_ne_change_pas_ce_qui_est_servi(tmp_path: Path) -> None:
    (tmp_path / "secret.css").write_text(f'p::after {{ content: "{SENTINELLE}" }}')
    tete = f'<base href="{tmp_path.as_uri()}/"><link rel="stylesheet" href="secret.css">'
    with pytest.raises(RessourceRefusee, match=r"^file:…$"):
        faire(html("<p>x</p>", tete=tete))


def test_un_texte_echappe_reste_du_texte() -> None:
    malveillant = '<img src="file:///etc/passwd"><script>alert(1)</script>'
    lu = texte(faire(html(f"<p>{escape(malveillant)}</p>")))
    assert malveillant in lu


def test_un_refus_n_empeche_pas_le_document_suivant() -> None:
    with pytest.raises(RessourceRefusee):
        faire(html('<img alt="x" src="http://127.0.0.1/">'))
    assert page.is_pdf_compliant_bytes(faire(html()), profile="ua1")


def test_importer_le_module_ne_charge_pas_weasyprint() -> None:
    code = "import sys, socle.pdf; sys.exit('weasyprint' in sys.modules)"
    assert subprocess.run([sys.executable, "-c", code], cwd=RACINE, check=False).returncode == 0
