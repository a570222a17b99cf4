"""A gardien's phone at 390 px and a keyboard, nothing else: from the sign-in page to the receipt."""

import io
import time
from collections.abc import Callable
from datetime import datetime
from typing import Any

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value
from django.test import Client
from django.urls import reverse
from PIL import Image
from playwright.sync_api import Page, expect

from accompagnements.models import Accompagnement, Contrat
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.models import Fiche, Grille, Information, Locataire, Releve
from tests import recits_accompagnements
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.navigateur.clavier import Clavier
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.gestes import est_sur
from tests.partenaires.test_connexion import MOT_DE_PASSE, enroler, se_connecter

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]


@pytest.fixture
def clavier(page: Page) -> Clavier:
    page.set_viewport_size(TELEPHONE)
    page.emulate_media(reduced_motion="reduce")  # otherwise the page is still sliding when we look at it
    return Clavier(page)


def _entrer(clavier: Clavier, compte: Compte) -> None:
    """Password, then the code of the authenticator that the person linked before."""
    client = Client()
    se_connecter(client, compte)
    secret = enroler(client)
    client.post("/compte/deconnexion/")
    page = clavier.page
    page.goto("/")
    est_sur(page, "Se connecter")
    clavier.ecrire(login=compte.email, password=MOT_DE_PASSE)
    clavier.presser("Continuer avec le mot de passe")
    est_sur(page, "Votre second facteur")
    # The step after the one that the enrolment used: a code opens once.
    page.keyboard.type(str(format_hotp_value(hotp_value(secret, int(time.time()) // 30 + 1))))
    clavier.presser("Continuer")


def test_un_gardien_depose_toute_une_fiche_au_clavier(
    page: Page, clavier: Clavier, midi: datetime, settings: Any
) -> None:
    settings.MFA_TOTP_TOLERANCE = 1
    m = monde()
    grille = Grille.objects.all().en_vigueur(m.equipe.pk)
    _entrer(clavier, m["gardien"])
    est_sur(page, "Mes signalements")
    clavier.presser("Signaler une situation")

    est_sur(page, "La personne et son logement")
    clavier.ecrire(batiment="A", etage="3e", porte="12", nom="Maquette", prenom="Ondine")
    clavier.choisir("civilite", 0)
    clavier.choisir("majeur", 0)
    clavier.ecrire(naissance="05051961", telephone="06 00 00 00 00")
    clavier.presser("Continuer vers")

    attendues: dict[str, dict[str, str]] = {}
    for _, signaux in grille.par_domaine():
        est_sur(page, "Ce que j’observe")
        premier, deuxieme, *reste = [s.code for s in signaux]
        clavier.choisir(premier, 2)
        clavier.choisir(f"{premier}_source", 0)
        clavier.choisir(deuxieme, 0)
        attendues |= {premier: {"v": "2", "s": "direct"}, deuxieme: {"v": "0"}, **{c: {"v": "NO"} for c in reste}}
        if reste:
            clavier.aller_a("Tout le reste")
            clavier.touche("Enter")
            expect(page.get_by_text("en « non observé ».")).to_be_visible()
        clavier.presser("Continuer vers")

    est_sur(page, "Le contexte")
    clavier.cocher("contexte")
    clavier.ecrire(composition="seule", faits="Volets fermés depuis trois semaines.", demarches="Deux passages.")
    clavier.aller_au_champ("inquietude")
    clavier.touche("ArrowDown")
    clavier.ecrire(informee_le="09092026")
    clavier.aller_au_champ("mode_information")
    clavier.touche("ArrowDown")
    clavier.presser("Relire la fiche")

    est_sur(page, "Relire et envoyer")
    expect(page.get_by_text("Tout est rempli.")).to_be_visible()
    clavier.presser("Envoyer à l’équipe")

    est_sur(page, "Signalement envoyé")
    expect(page.locator("main")).to_contain_text("Les Tilleuls Nord")
    assert page.evaluate("document.documentElement.scrollWidth") <= TELEPHONE["width"]
    assert clavier.fautes == []
    with en_tant_que("palier_fabrique"):
        assert [f.etat for f in Fiche.objects.all()] == ["transmise"]
        personne, releve, information = Locataire.objects.get(), Releve.objects.get(), Information.objects.get()
    assert (personne.nom, personne.porte, personne.naissance) == ("Maquette", "12", "1961-05-05")
    assert releve.cotations == attendues
    assert str(information.le) == "2026-09-09"


def test_un_contrat_se_signe_sans_dessiner(page: Page, clavier: Clavier, connecter: Connecter, midi: datetime) -> None:
    """The drawn signature has its equivalent: print, sign, join the paper; the keyboard reaches all of it."""
    m = monde()
    a = recits_accompagnements.propose(m)  # the clock stands after the visit
    connecter(m["soignant"])
    page.goto(reverse("situation_signer", args=[a.pk]))
    clavier.cocher("lu")
    clavier.aller_au_champ("mode")
    clavier.touche("ArrowDown")
    clavier.aller_a("Imprimer et joindre le papier signé")
    clavier.aller_au_champ("scan")
    with page.expect_file_chooser() as choix:
        page.keyboard.press("Space")
    papier = io.BytesIO()
    Image.new("RGB", (600, 800), "white").save(papier, "PNG")
    choix.value.set_files({"name": "contrat.png", "mimeType": "image/png", "buffer": papier.getvalue()})
    clavier.presser("Enregistrer le contrat signé")
    assert clavier.fautes == []
    with agir_comme(m["coordination"]):
        assert [(c.issue, c.mode) for c in Contrat.objects.all()] == [("signe", "papier")]
        assert Accompagnement.objects.get(pk=a.pk).etat == "en_cours"
