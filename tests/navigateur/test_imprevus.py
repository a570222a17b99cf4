"""What happens to people: a session that ends in the middle of the form, a finger that taps twice."""

from collections.abc import Callable
from datetime import UTC, datetime
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.test import Client
from django.urls import reverse
from playwright.sync_api import Page, expect

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.models import Brouillon, Fiche
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.gestes import est_sur
from tests.partenaires.test_connexion import MOT_DE_PASSE, enroler, se_connecter
from tests.signalements.saisies import remplir

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]


def _codes_de_secours(compte: Compte) -> list[str]:
    """A person who linked an authenticator before; her recovery codes."""
    client = Client()
    se_connecter(client, compte)
    enroler(client)
    page = client.get(reverse("mfa_view_recovery_codes"))
    return list(page.context["unused_codes"])


def test_la_session_expire_au_milieu_et_le_brouillon_attend_apres_la_connexion(
    page: Page, connecter: Callable[..., None], midi: datetime
) -> None:
    m = monde()
    codes = _codes_de_secours(m["gardien"])
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    ici = reverse("saisie", args=[fiche.pk, "contexte"])
    page.goto(ici)
    with page.expect_response("**/auto/"):
        page.locator('[name="faits"]').fill("Volets fermés depuis trois semaines.")
    with en_tant_que("palier_fabrique"):
        assert Session.objects.update(expire_date=datetime(2020, 1, 1, tzinfo=UTC))
    page.locator('[name="demarches"]').fill("Deux passages, sans réponse.")
    lien = page.get_by_role("link", name="Se reconnecter").first
    expect(lien).to_be_visible()
    page.on("dialog", lambda question: question.accept())  # leaving with a sentence that is not kept is asked about
    lien.click()
    est_sur(page, "Se connecter")
    page.locator('[name="login"]').fill(m["gardien"].email)
    page.locator('[name="password"]').fill(MOT_DE_PASSE)
    page.get_by_role("button", name="Continuer avec le mot de passe").click()
    page.locator('[name="code"]').fill(codes[0])
    page.get_by_role("button", name="Continuer").click()
    est_sur(page, "Le contexte")
    assert page.url.endswith(ici)
    expect(page.locator('[name="faits"]')).to_have_value("Volets fermés depuis trois semaines.")
    with agir_comme(m["gardien"]):
        contenu: dict[str, Any] = Brouillon.objects.get(pk=fiche.pk).contenu
    assert contenu["faits"] == "Volets fermés depuis trois semaines."


def test_un_double_clic_n_envoie_qu_une_fiche(page: Page, connecter: Callable[..., None], midi: datetime) -> None:
    m = monde()
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto("/signalements/")
    page.get_by_role("button", name="Signaler une situation").dblclick()
    est_sur(page, "La personne et son logement")
    with agir_comme(m["gardien"]):
        fiche = Fiche.objects.get()
    client = Client()
    client.cookies.load({c["name"]: c["value"] for c in page.context.cookies()})
    remplir(client, m, fiche.pk)
    page.goto(reverse("saisie", args=[fiche.pk, "relire"]))
    page.get_by_role("button", name="Envoyer à l’équipe").dblclick()
    est_sur(page, "Signalement envoyé")
    with agir_comme(m["gardien"]):
        assert [f.etat for f in Fiche.objects.all()] == ["transmise"]
