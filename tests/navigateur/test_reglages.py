"""The settings of an équipe and the platform's conventions, in a real browser: three widths, both themes, axe."""

from collections.abc import Callable
from datetime import date, datetime
from typing import Any

import pytest
from playwright.sync_api import Page, expect

from partenaires.models import Convention
from partenaires.parcours.conventions import ajouter_communes, terminer_commune
from partenaires.parcours.delais import changer_delais
from partenaires.perimetre import agir_comme
from signalements.parcours import grilles
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def test_une_convention_se_cree_en_cherchant_ses_communes(
    page: Page, connecter: Callable[..., None], regarder: Callable[[], None], midi: datetime
) -> None:
    m = monde()
    connecter(m["exploitation"])
    page.goto("/conventions/creer/")
    expect(page.locator("#id_equipe_liste option")).to_have_count(1)
    page.get_by_label("Équipe", exact=True).fill(m.equipe.nom)
    page.get_by_label("Bailleur ou partenaire", exact=True).fill(m.bailleur.nom)
    for commune in ("lens", "henin beaumont"):
        page.get_by_label("Chercher une commune").fill(commune)
        page.get_by_role("button", name="Chercher la commune").click()
        page.locator("#id_communes input:not(:checked)").first.check()
    regarder()
    page.get_by_role("button", name="Créer la convention").click()
    expect(page.get_by_role("status").or_(page.locator(".pa-message")).first).to_contain_text("peut saisir")
    regarder()
    with en_tant_que("palier_fabrique"):
        creee = Convention.objects.latest("pk")
        assert {t.territoire.nom for t in creee.territoires.all()} == {"Lens", "Hénin-Beaumont"}
    with agir_comme(m["exploitation"]):
        ajouter_communes(creee.pk, [("62510", "Liévin")], du=date(2027, 1, 1), par=m["exploitation"])
        ligne = creee.territoires.get(territoire__code_insee="62427")
        terminer_commune(creee.pk, ligne.pk, date(2026, 12, 31), par=m["exploitation"])
    for suite in ("", "communes/", "reglages/", "terminer/"):
        page.goto(f"/conventions/{creee.pk}/{suite}")
        regarder()


def test_les_reglages_de_l_equipe_se_lisent_et_se_preparent(
    page: Page, connecter: Callable[..., None], regarder: Callable[[], None], midi: datetime
) -> None:
    m = monde()
    coordination = m["coordination"]
    with agir_comme(coordination):
        changer_delais(
            par=coordination, a_partir_du=date(2026, 10, 1), etude_jours=7, information_jours=14, opposition_jours=10,
            alsace_moselle=True,
        )  # fmt: skip
        _preparer(m)
    connecter(coordination)
    for adresse in ("", "delais/", "grille/", "grille/preparer/", "grille/apercu/"):
        page.goto(f"/reglages/{adresse}")
        regarder()


def _preparer(m: Monde) -> Any:
    brouillon = grilles.brouillon_de(m.equipe.pk)
    restent = set(brouillon.codes) - {"LOG1"}
    brouillon = grilles.choisir_signaux(par=m["coordination"], codes=restent, version=brouillon.version)
    return grilles.ajouter_signal(
        par=m["coordination"], domaine="logement", libelle="Boîte aux lettres qui déborde depuis longtemps",
        aide="Vue par le gardien.", version=brouillon.version,
    )  # fmt: skip
