"""Templates and style sheets, without any page: what every screen inherits."""

import re
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Any

import brotli
import pytest
from django import forms
from django.contrib.staticfiles import finders
from django.template import Context, Template, engines
from django.template.loader import get_template, render_to_string
from django.utils.safestring import SafeString

from socle.presentation import Delai, EntreeFrise, Etape
from socle.saisies import CasesPuces, RadiosCartes, RadiosPuces, SaisieDate, TexteBorne
from socle.templatetags.palier import IconeInconnue, icone

RACINE = Path(__file__).resolve().parent.parent.parent
GABARITS = sorted((RACINE / "templates").rglob("*.html"))
COMPOSANTS = sorted((RACINE / "templates" / "composants").glob("*.html"))
FEUILLES = sorted((RACINE / "static" / "palier").glob("*.css"))


class VariableAbsente(str):
    """Stands for `string_if_invalid`: an undefined variable that would be printed fails the test."""

    def __contains__(self, texte: object) -> bool:
        return True

    def __mod__(self, variable: object) -> str:
        raise AssertionError(f"undefined variable: {variable}")


@pytest.fixture
def stricts() -> Iterator[None]:
    """Templates refuse an undefined variable."""
    moteur = engines["django"].engine  # type: ignore[attr-defined]
    avant = moteur.string_if_invalid
    moteur.string_if_invalid = VariableAbsente("%s")
    yield
    moteur.string_if_invalid = avant


def rendre(composant: str, /, **parametres: Any) -> str:
    return render_to_string(f"composants/{composant}.html", parametres)


class Informer(forms.Form):
    informee_le = forms.DateField(label="Personne informée le", widget=SaisieDate, help_text="Le jour même convient.")
    mode = forms.ChoiceField(label="Mode", choices=[("voix", "De vive voix")], widget=forms.Select)
    texte = forms.CharField(label="Ce qui vous inquiète", widget=TexteBorne(600))
    avec = forms.CharField(label="Avec", required=False)
    majeur = forms.ChoiceField(label="Majeur", choices=[("oui", "Oui"), ("non", "Non")], widget=RadiosPuces)
    reponse = forms.ChoiceField(
        label="Réponse", choices=[("a", "Accepter")], widget=RadiosCartes({"a": "Un rendez-vous"})
    )
    presents = forms.MultipleChoiceField(label="Présents", choices=[("a", "Inès")], widget=CasesPuces, required=False)
    lu = forms.BooleanField(label="Lu à voix haute")


class Coter(forms.Form):
    signal = forms.ChoiceField(
        label="Boîte aux lettres non relevée",
        choices=[("0", "Absent"), ("1", "Occasionnel"), ("2", "Fréquent"), ("3", "Permanent"), ("NO", "Non observé")],
        widget=forms.RadioSelect,
        required=False,
    )
    source = forms.ChoiceField(
        label="Comment le savez-vous\xa0?", choices=[("constat", "Constat direct")], widget=forms.RadioSelect
    )


@pytest.mark.parametrize("fichier", GABARITS, ids=lambda f: str(f.relative_to(RACINE / "templates")))
def test_aucun_style_ni_script_dans_un_gabarit(fichier: Path) -> None:
    texte = fichier.read_text(encoding="utf-8")
    assert re.findall(r"\sstyle=|\son[a-z]+=\"|<style|<script(?![^>]*\ssrc=)[^>]*>", texte) == []


@pytest.mark.parametrize("fichier", GABARITS, ids=lambda f: str(f.relative_to(RACINE / "templates")))
def test_chaque_icone_nommee_existe(fichier: Path) -> None:
    noms = re.findall(r'{% icone "([^"]+)"', fichier.read_text(encoding="utf-8"))
    assert [nom for nom in noms if finders.find(f"vendor/icones/{nom}.svg") is None] == []


@pytest.mark.parametrize("fichier", COMPOSANTS, ids=lambda f: f.stem)
def test_chaque_composant_dit_a_quoi_il_sert_dans_son_entete(fichier: Path) -> None:
    entete = fichier.read_text(encoding="utf-8").split("#}")[0]
    assert re.search(r"{# [A-Z].{20,}", entete, re.DOTALL)


def test_une_icone_est_muette_et_une_inconnue_est_refusee() -> None:
    assert 'aria-hidden="true"' in icone("inbox")
    assert isinstance(icone("inbox", "grande"), SafeString)
    with pytest.raises(IconeInconnue):
        icone("licorne")


@pytest.mark.parametrize(
    ("nom", "parametres", "attendu"),
    [
        ("statut_neutre", {"statut": "recue"}, "Reçue"),
        ("statut_neutre", {"statut": "a_completer"}, "À compléter"),
        ("statut_neutre", {"statut": "en_cours"}, "En cours"),
        ("statut_neutre", {"statut": "rencontre_faite"}, "Rencontre faite"),
        ("statut_neutre", {"statut": "terminee"}, "Terminée"),
        ("statut", {"libelle": "Accompagnement en cours"}, "Accompagnement en cours"),
        ("delai", {"delai": Delai("retard", "2 j de retard", "2026-09-20")}, "2 j de retard"),
        ("etiquette", {"libelle": "Impayé"}, "Impayé"),
        ("puce", {"libelle": "Tous", "url": "?"}, "Tous"),
        ("nb", {"nombre": 3}, "3"),
        ("avatar", {}, "?"),
        ("frise", {"entrees": []}, "pa-frise"),
        ("parcours", {"etapes": [Etape("En cours", "courante")]}, 'aria-current="step"'),
        ("suite", {"titre": "Planifier la visite"}, "Planifier la visite"),
        ("confidentialite", {"niveau": "clinique"}, "Clinique"),
        ("secret", {}, "masqué"),
        ("urgence", {}, 'href="tel:112"'),
        ("choix", {"nom": "n", "valeur": "v", "libelle": "Accepter"}, 'type="radio"'),
        ("echelle_reste", {"nombre": 3}, "les 3\xa0lignes"),
        ("signature", {"nom": "signature", "libelle": "Inès Calque"}, "Signez ici"),
        ("message", {"auteur": "Vous", "initiales": "SÉ", "texte": "Bonjour", "quand": "hier"}, "Bonjour"),
        ("chiffres", {"chiffres": [{"libelle": "Fiches", "valeur": "137"}]}, "137"),
        ("vide", {"titre": "Aucune visite aujourd’hui"}, "Aucune visite"),
        ("note", {"texte": "Vous n’avez rien d’autre à faire."}, "rien d’autre"),
        ("pagination", {}, ""),
        ("colonne", {"libelle": "Résidence"}, '<th scope="col">Résidence'),
        ("progres", {"etape": 2, "total": 4}, "Étape 2 sur 4"),
        ("progres", {"titre": "Calcul du bilan", "faits": 3, "total": 8}, "Calcul du bilan"),
        ("messages", {"messages": []}, 'role="status"'),
        ("fil", {"fil": [("Situations", "/"), ("26-0158", "")]}, 'aria-current="page">26-0158'),
        ("onglets", {"onglets": [{"libelle": "Visites", "url": "/"}], "nom": "Situation"}, "Visites"),
        ("recherche", {"url": "/"}, 'role="search"'),
        ("menu", {"libelle": "Autres actions", "liens": [("Exporter", "/")]}, "Exporter"),
    ],
)
def test_un_composant_se_rend_sans_ses_parametres_facultatifs(
    stricts: None, nom: str, parametres: dict[str, Any], attendu: str
) -> None:
    assert attendu in rendre(nom, **parametres)


def test_le_secret_ne_dit_pas_de_seuil() -> None:
    assert "11" not in rendre("secret", legende=True)


def test_une_entree_clinique_garde_sa_marque(stricts: None, midi: datetime) -> None:
    entree = EntreeFrise("Note du Dr Gabarit", midi, "lock-fill", niveau="clinique")
    rendu = rendre("frise", entrees=[entree])
    assert "pa-confid-bloc--clinique" in rendu
    assert "Clinique" in rendu


def test_chaque_champ_est_nomme_et_ses_erreurs_le_decrivent(stricts: None) -> None:
    formulaire = Informer({})
    rendu = "".join(champ.as_field_group() for champ in formulaire)
    ids = re.findall(r'\sid="([^"]+)"', rendu)
    assert len(ids) == len(set(ids))
    assert rendu.count("Ce champ est obligatoire.") == 6
    decrits = [reference for liste in re.findall(r'aria-describedby="([^"]+)"', rendu) for reference in liste.split()]
    assert "id_informee_le_helptext" in decrits
    assert "id_informee_le_error" in decrits
    assert "id_texte_compteur" in decrits
    assert set(decrits) <= set(ids)
    assert set(re.findall(r'<label[^>]* for="([^"]+)"', rendu)) <= set(ids)
    assert rendu.count('aria-invalid="true"') >= 4
    assert rendu.count("(facultatif)") == 2
    assert rendu.count("<fieldset") == 3


def test_le_resume_des_erreurs_mene_a_des_champs_qui_existent(stricts: None) -> None:
    formulaire = Informer({"texte": "x"})
    resume = rendre("erreurs", formulaire=formulaire)
    page = "".join(champ.as_field_group() for champ in formulaire)
    ancres = re.findall(r'href="#([^"]+)"', resume)
    assert len(ancres) == 5
    assert set(ancres) <= set(re.findall(r'\sid="([^"]+)"', page))
    assert "5\xa0réponses à corriger" in resume
    assert "«\xa0Mode\xa0»\xa0: ce champ est obligatoire." in resume
    assert "autofocus" in resume


def test_sans_erreur_il_n_y_a_pas_de_resume(stricts: None) -> None:
    assert rendre("erreurs", formulaire=Informer()).strip() == ""


def test_l_echelle_a_cinq_radios_sans_choix_par_defaut_et_sa_source(stricts: None) -> None:
    formulaire = Coter()
    rendu = rendre("echelle", champ=formulaire["signal"], source=formulaire["source"])
    assert re.findall(r'name="signal" value="(\w+)"', rendu) == ["0", "1", "2", "3", "NO"]
    assert "checked" not in rendu
    assert rendu.count('name="source"') == 1


def test_un_texte_saisi_ne_devient_jamais_du_html(stricts: None) -> None:
    mechant = "<script>alert(1)</script>"
    for nom, parametres in (
        ("message", {"auteur": mechant, "initiales": "A", "texte": mechant, "quand": "hier"}),
        ("suite", {"titre": mechant, "texte": mechant}),
        (
            "conflit",
            {
                "champs": [{"libelle": "x", "mien": mechant, "autre": mechant}],
                "auteur": mechant,
                "quand": "hier",
                "url_abandon": "/",
            },
        ),
    ):
        assert "<script" not in rendre(nom, **parametres)


@pytest.mark.parametrize("nom", ["404.html", "403.html", "403_formulaire.html", "400.html", "500.html"])
def test_une_page_d_erreur_se_rend_sans_aucun_contexte(nom: str) -> None:
    rendu = get_template(nom).render()
    assert rendu.count("<h1>") == 1
    assert 'lang="fr"' in rendu
    assert "invalide" not in rendu


def test_le_titre_annonce_les_erreurs() -> None:
    page = Template('{% extends "base.html" %}{% block titre %}Fiche{% endblock %}')
    assert "<title>Fiche – Palier</title>" in page.render(Context({"formulaire": Informer()}))
    assert "<title>Erreur&nbsp;: Fiche – Palier</title>" in page.render(Context({"formulaire": Informer({})}))


@pytest.mark.urls("tests.ecrans.adresses")
def test_la_premiere_page_du_gardien_tient_en_120_ko() -> None:
    """Cold, compressed as whitenoise serves it: page, style sheets, modules, mark, and the one font it needs."""
    page = get_template("coquille_tel.html").render({"navigation": [], "compte": object()})
    adresses = re.findall(r'(?:href|src)="/static/([^"]+)"', page)
    assert len(adresses) > 10
    poids = len(brotli.compress(page.encode()))
    for adresse in set(adresses):
        contenu = (RACINE / "static" / adresse).read_bytes()
        poids += len(contenu if adresse.endswith(".woff2") else brotli.compress(contenu))
    assert poids < 100_000, "The page itself needs about 10 kB of the 120."


COURRIELS = sorted(
    set((RACINE / "templates").glob("*/email/*_message.txt")) - set((RACINE / "templates").glob("*/email/base_*.txt"))
)


@pytest.mark.parametrize("fichier", COURRIELS, ids=lambda f: f"{f.parent.parent.name}-{f.stem}")
def test_un_courriel_de_compte_est_en_francais_et_ne_nomme_personne(fichier: Path, midi: datetime) -> None:
    personnel = {"email": "sonia@exemple.fr", "user": "Sonia Ébauche", "username": "sonia", "ip": "192.0.2.1"}
    adresses = {"password_reset_url": "https://palier.test/r", "activate_url": "https://palier.test/a", "code": ""}
    nom = str(fichier.relative_to(RACINE / "templates"))
    corps = render_to_string(nom, {**personnel, **adresses, "timestamp": midi})
    sujet = render_to_string(nom.replace("_message", "_subject"), {})
    assert "Palier" in corps
    assert [mot for mot in personnel.values() if mot in corps + sujet] == []
    assert sujet.strip().count("\n") == 0
    assert sujet.strip()


# Style sheets ---------------------------------------------------------------------------------------------

SURFACES = ("fond", "surface", "creux", "survol")
# Text on the least favourable surface it is used on (WCAG 1.4.3), then what is not text (1.4.11).
TEXTES = [
    *(("encre", surface) for surface in SURFACES),
    *(("encre-2", surface) for surface in SURFACES),
    ("petrole", "petrole-pale"),
    ("petrole", "fond"),
    ("petrole-fonce", "petrole-pale"),
    ("sur-aplat", "aplat"),
    ("sur-aplat", "aplat-survol"),
    *((sens, f"{sens}-pale") for sens in ("accent", "alerte", "attention", "succes", "info", "clinique")),
]
TRACES = [*(("trait-fort", surface) for surface in SURFACES), *(("focus", surface) for surface in SURFACES)]


def _jetons(sombre: bool) -> dict[str, str]:
    texte = (RACINE / "static/palier/jetons.css").read_text(encoding="utf-8")
    clair, _, fonce = texte.partition("@media (prefers-color-scheme: dark)")
    motif = r"--pa-([a-z0-9-]+): (#[0-9a-f]{6});"
    return dict(re.findall(motif, clair)) | (dict(re.findall(motif, fonce)) if sombre else {})


def _luminance(couleur: str) -> float:
    canaux = [int(couleur[i : i + 2], 16) / 255 for i in (1, 3, 5)]
    lineaires = [c / 12.92 if c <= 0.04045 else ((c + 0.055) / 1.055) ** 2.4 for c in canaux]
    return 0.2126 * lineaires[0] + 0.7152 * lineaires[1] + 0.0722 * lineaires[2]


def _contraste(une: str, autre: str) -> float:
    clair, sombre = sorted((_luminance(une), _luminance(autre)), reverse=True)
    return (clair + 0.05) / (sombre + 0.05)


@pytest.mark.parametrize("sombre", [False, True], ids=["clair", "sombre"])
@pytest.mark.parametrize(
    ("dessus", "dessous", "minimum"),
    [*((a, b, 4.5) for a, b in TEXTES), *((a, b, 3.0) for a, b in TRACES)],
)
def test_les_contrastes_tiennent_dans_les_deux_themes(dessus: str, dessous: str, minimum: float, sombre: bool) -> None:
    jetons = _jetons(sombre)
    assert _contraste(jetons[dessus], jetons[dessous]) >= minimum


@pytest.mark.parametrize("fichier", FEUILLES, ids=lambda f: f.stem)
def test_une_feuille_ne_nomme_que_des_fichiers_qui_existent(fichier: Path) -> None:
    adresses = re.findall(r'url\("(?!data:)([^"]+)"\)', fichier.read_text(encoding="utf-8"))
    assert [a for a in adresses if not (fichier.parent / a).is_file()] == []


def test_chaque_couleur_est_un_jeton() -> None:
    """Colours stand in jetons.css; the exceptions are paper: print, PDF, the signature pad, the QR code."""
    permis = {"jetons", "document", "document-bilan", "impression"}
    blanc_et_encre = {"#fff", "#1d2625", "#7f796e", "#525b59"}
    for feuille in FEUILLES:
        if feuille.stem in permis:
            continue
        texte = re.sub(r'url\("data:[^"]+"\)', "", feuille.read_text(encoding="utf-8"))
        assert set(re.findall(r"#[0-9a-fA-F]{3,8}\b(?=[;\s)])", texte)) <= blanc_et_encre, feuille.name


def test_chaque_jeton_utilise_est_defini() -> None:
    definis = set(re.findall(r"(--pa-[\w-]+):", (RACINE / "static/palier/jetons.css").read_text(encoding="utf-8")))
    utilises = {jeton for f in FEUILLES for jeton in re.findall(r"var\((--pa-[\w-]+)", f.read_text(encoding="utf-8"))}
    assert utilises <= definis
