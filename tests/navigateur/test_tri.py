"""The équipe's triage in real Chromium: axe and no overflow at every width, in both themes, and the keyboard."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from socle import horloge
from tests import recits
from tests.fabriques import Monde, monde
from tests.navigateur.conftest import BUREAU, TABLETTE, TELEPHONE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]


def _monde(midi: datetime) -> Monde:
    """A list with a row of each shape, and two views."""
    m = monde()
    for n, contexte in enumerate((("plaintes",), (), ("impaye", "commandement"))):
        horloge.regler(midi - timedelta(days=11 - 2 * n))
        fiche = recits.transmise(m, nom=f"Modèle {n}", contexte=contexte)
        if not contexte:
            with agir_comme(m["referent"]):
                parcours.ecrire_message(fiche.pk, par=m["referent"], texte="Bonjour")
        if n == 2:
            with agir_comme(m["social"]):
                parcours.declarer_recevable(fiche.pk, par=m["social"])
    horloge.regler(midi)
    with agir_comme(m["coordination"]):
        for nom, etat in (("Retards", "en_cours"), ("Sans personne", "a_etudier")):
            parcours.enregistrer_vue(par=m["coordination"], nom=nom, parametres={"etat": etat}, partagee=True)
    return m


def visiter(page: Page, regarder: Callable[[], None], adresses: list[str]) -> None:
    for adresse in adresses:
        page.goto(adresse)
        regarder()


def test_les_pages_du_tri_sont_accessibles_a_toutes_les_largeurs(
    page: Page, connecter: Connecter, regarder: Callable[[], None], midi: datetime
) -> None:
    m = _monde(midi)
    connecter(m["coordination"])
    visiter(
        page,
        regarder,
        [
            "/fiches/?etat=en_cours&tri=-echange", "/fiches/?etat=a_etudier&suivie=personne", "/fiches/?suivie=999",
            "/fiches/vues/", "/fiches/vues/enregistrer/?etat=delai", "/recherche/?q=modele",
            "/fiches/exporter/?etat=delai", "/fiches/exports/",
        ],
    )  # fmt: skip


def test_une_reunion_se_prepare_et_se_decide_au_clavier(
    page: Page, connecter: Connecter, regarder: Callable[[], None], midi: datetime
) -> None:
    m = _monde(midi)
    connecter(m["coordination"])
    page.goto("/reunions/preparer/")
    page.get_by_label("Date de la réunion").fill("2026-09-22")
    _entrer(page, "button", "Choisir les fiches")
    expect(page.get_by_role("checkbox")).to_have_count(3)
    for case in page.get_by_role("checkbox", name="Discuter").all():
        case.press("Space")
    _entrer(page, "button", "Ajouter les fiches cochées")
    expect(page.get_by_text("3 fiches ajoutées à l’ordre du jour.")).to_be_visible()
    reunion = page.url.rstrip("/").split("/")[-1]
    page.get_by_label("Rang de 26-0003").fill("1")
    _entrer(page, "button", "Enregistrer l’ordre du jour")
    expect(page.get_by_text("L’ordre du jour est enregistré.")).to_be_visible()
    _entrer(page, "button", "Ouvrir la réunion")
    _entrer(page, "link", "Prendre la suivante")
    expect(page.get_by_text("À décider")).to_be_visible()
    resume = page.locator("summary", has_text="Revoir à une prochaine réunion")
    resume.focus()
    page.keyboard.press("Enter")
    _entrer(page, "button", "Revoir à une prochaine réunion")
    expect(page.get_by_text("À revoir à une prochaine réunion, noté par")).to_be_visible()
    point = page.url.removeprefix(page.url.split("/reunions")[0])
    _entrer(page, "link", "Suivante")
    expect(page.get_by_text("Fiche 2 sur 3")).to_be_visible()
    adresses = ["", "choisir/", "terminer/"]
    visiter(page, regarder, ["/reunions/", *(f"/reunions/{reunion}/{a}" for a in adresses), point])


def _entrer(page: Page, role: Any, nom: str) -> None:
    """Reach a control and press Enter, as somebody without a mouse does."""
    page.get_by_role(role, name=nom).focus()
    page.keyboard.press("Enter")


def test_au_clavier_la_barre_oblique_cherche_et_tout_se_rejoint(
    page: Page, connecter: Connecter, midi: datetime
) -> None:
    m = _monde(midi)
    connecter(m["social"])
    page.goto("/fiches/?etat=en_cours")
    page.keyboard.press("/")
    champ = page.locator("[data-recherche]")
    expect(champ).to_be_focused()
    vus: list[str] = []
    for _ in range(60):
        page.keyboard.press("Tab")
        vus.append(page.evaluate("document.activeElement.textContent.trim().replace(/\\s+/g, ' ').slice(0, 40)"))
    for attendu in ("Retards", "Gérer les vues", "Terminées", "Enregistrer cette vue", "Dernier échange"):
        assert any(attendu in texte for texte in vus), attendu
    assert sum(texte.startswith("Ouvrir") for texte in vus) == 3
    champ.fill("modele 1")
    champ.press("Enter")
    expect(page.get_by_text("1 fiche trouvée")).to_be_visible()


def test_la_liste_se_trie_aussi_quand_les_lignes_sont_des_cartes(
    page: Page, connecter: Connecter, midi: datetime
) -> None:
    connecter(_monde(midi)["coordination"])
    tris = page.get_by_role("navigation", name="Trier les fiches")
    page.set_viewport_size(BUREAU)
    page.goto("/fiches/?etat=en_cours")
    expect(tris).to_be_hidden()
    for taille in (TABLETTE, TELEPHONE):
        page.set_viewport_size(taille)
        page.goto("/fiches/?etat=en_cours")
        tris.get_by_role("link", name="Résidence").click()
        expect(tris.locator("[aria-current]")).to_have_text("Résidence")
        assert "tri=residence" in page.url
