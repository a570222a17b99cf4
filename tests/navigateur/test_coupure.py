"""The network is cut between the phone and the server: the worker answers, nothing is readable, one fiche comes out."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import BrowserContext, Page, expect

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements.models import Fiche
from socle import horloge
from tests import recits
from tests.fabriques import Monde, monde
from tests.navigateur.appareil import contenu, en_attente, lisible, reessayer
from tests.navigateur.conftest import TELEPHONE
from tests.navigateur.coupure import Reseau
from tests.pages import connecte
from tests.signalements.saisies import brouillon_de, fiches_de, remplir

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]
NOM, PHRASE, SUITE = "Maquettecanari", "Volets fermés depuis le passage du canari.", "Prenomcanari"
REVENU = "Ce que vous aviez écrit sans réseau est revenu dans votre fiche."


def _installer(page: Page, reseau: Reseau) -> None:
    """The gardien's home on his phone, with the worker at work and a lock to shut texts with."""
    page.set_viewport_size(TELEPHONE)
    page.goto(f"{reseau.url}/signalements/")
    page.wait_for_function("() => navigator.serviceWorker.controller && localStorage.getItem('palier.marque')")


def _lu(m: Monde, fiche: Fiche) -> Any:
    """A sent fiche as its équipe reads it."""
    with agir_comme(m["social"]):
        return Fiche.objects.visibles_par(m["social"]).avec_contenu().get(pk=fiche.pk)


def test_le_reseau_coupe_au_milieu_la_page_rechargee_puis_une_seule_fiche(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime, sans_faute_axe: Callable[[], None]
) -> None:
    m = monde()
    connecter(m["gardien"])
    _installer(page, reseau)
    page.get_by_role("button", name="Signaler une situation").click()
    page.wait_for_url("**/personne/")
    (fiche,) = fiches_de(m)
    remplir(connecte(m["gardien"]), m, fiche.pk, nom=NOM)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    expect(page.get_by_text("Un texte attend le réseau.")).to_be_visible()
    expect(page.get_by_role("heading", name="Continuer la fiche sans réseau")).to_be_visible()
    page.locator('[name="prenom"]').fill(SUITE)
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    sans_faute_axe()
    assert len(en_attente(page)) == 2
    assert "canari" not in lisible(contenu(page)).lower()
    reseau.rendre()
    page.get_by_role("link", name="Retrouver le réseau").click()
    expect(page.get_by_text(REVENU).first).to_be_visible()
    expect(page.locator('[name="faits"]')).to_have_value(PHRASE)
    assert en_attente(page) == []
    page.get_by_role("button", name="Relire la fiche").click()
    page.wait_for_url("**/relire/")
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_role("heading", name="Signalement envoyé")).to_be_visible()
    (envoyee,) = fiches_de(m)
    lue = _lu(m, envoyee)
    assert (envoyee.pk, envoyee.etat) == (fiche.pk, "transmise")
    assert (lue.locataire.nom, lue.locataire.prenom, lue.constat.faits) == (NOM, SUITE, PHRASE)


def test_une_fiche_commencee_sans_reseau_et_rechargee_ne_fait_qu_un_brouillon(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    connecter(m["gardien"])
    _installer(page, reseau)
    reseau.couper()
    page.reload()
    expect(page.get_by_role("heading", name="Commencer une fiche sans réseau")).to_be_visible()
    page.locator('[name="nom"]').fill(NOM)
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    page.reload()
    expect(page.get_by_role("heading", name="Continuer la fiche sans réseau")).to_be_visible()
    expect(page.locator('[name="nom"]')).to_have_value("")  # nothing on the device can read it
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    page.get_by_role("button", name="Écrire une autre fiche").click()
    expect(page.get_by_role("heading", name="Commencer une fiche sans réseau")).to_be_visible()
    page.locator('[name="nom"]').fill("Autrecanari")
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    assert len(en_attente(page)) == 3
    assert "canari" not in lisible(contenu(page)).lower()
    reseau.rendre()
    page.get_by_role("link", name="Retrouver le réseau").click()
    expect(page.get_by_text(REVENU)).to_be_visible()
    brouillons = [brouillon_de(m, f.pk) for f in fiches_de(m)]
    assert brouillons == [{"nom": NOM, "faits": PHRASE}, {"nom": "Autrecanari"}]
    assert en_attente(page) == []


def test_rien_ne_se_tape_tant_que_la_fiche_precedente_n_est_pas_gardee(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    """The blank page would wipe it; and what the device refuses to keep stays on the page, which says so."""
    m = monde()
    connecter(m["gardien"])
    _installer(page, reseau)
    reseau.couper()
    page.reload()
    page.locator('[name="nom"]').fill(NOM)
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    ferme = "bouton => { bouton.click(); return bouton.closest('[inert]') !== null; }"
    assert page.get_by_role("button", name="Écrire une autre fiche").evaluate(ferme)
    expect(page.get_by_role("heading", name="Commencer une fiche sans réseau")).to_be_visible()
    expect(page.locator('[name="nom"]')).to_be_focused()
    expect(page.locator('[name="nom"]')).to_have_value("")
    page.locator('[name="nom"]').fill("Autrecanari")
    expect(page.get_by_text("Gardé sur cet appareil, chiffré")).to_be_visible()
    page.evaluate("() => { crypto.subtle.encrypt = () => Promise.reject(new Error('quota')); }")
    page.get_by_role("button", name="Écrire une autre fiche").click()
    expect(page.get_by_text("Non gardé")).to_be_visible()
    expect(page.locator('[name="nom"]')).to_be_focused()
    expect(page.locator('[name="nom"]')).to_have_value("Autrecanari")
    assert len(en_attente(page)) == 2


def test_ce_que_l_ouvrier_garde_ne_vient_d_aucune_page_lue(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    """Pages with a person's data are read; the caches hold the blank page and its files, the same as for nobody."""
    m = monde()
    fiche = recits.brouillon(m)
    remplir(connecte(m["gardien"]), m, fiche.pk, nom=NOM)
    envoyee = recits.transmise(m, nom=NOM)
    connecter(m["gardien"])
    _installer(page, reseau)
    for adresse in (reverse("saisie", args=[fiche.pk, "personne"]), reverse("saisie", args=[fiche.pk, "relire"]),
                    reverse("signalement", args=[envoyee.pk]), "/signalements/", "/mon-compte/"):  # fmt: skip
        page.goto(f"{reseau.url}{adresse}")
    lu = contenu(page)
    ((_, cache),) = lu["caches"].items()
    hors_static = {chemin for chemin in cache if not chemin.startswith("/static/")}
    assert hors_static == {reverse("hors_ligne")}
    for absent in (NOM, m["gardien"].nom, m.residence.nom, m.bailleur.nom, str(fiche.pk), envoyee.reference):
        assert absent not in lisible(lu)


def test_un_envoi_coupe_le_dit_et_la_fiche_n_est_pas_dite_envoyee(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    remplir(connecte(m["gardien"]), m, fiche.pk, nom=NOM)
    connecter(m["gardien"])
    _installer(page, reseau)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'relire'])}")
    reseau.couper()
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_text("Votre dernier envoi n’est peut-être pas arrivé.")).to_be_visible()
    assert [f.etat for f in fiches_de(m)] == ["brouillon"]
    reseau.rendre()
    page.get_by_role("link", name="Retrouver le réseau").click()
    page.get_by_role("button", name="Envoyer à l’équipe").click()
    expect(page.get_by_role("heading", name="Signalement envoyé")).to_be_visible()
    assert [f.etat for f in fiches_de(m)] == ["transmise"]


def test_apres_vingt_quatre_heures_le_texte_est_refuse_et_efface(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _installer(page, reseau)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.reload()
    reseau.rendre()
    horloge.regler(midi + timedelta(hours=24, minutes=2))  # the device counts from its own seconds
    page.goto(f"{reseau.url}/signalements/")
    expect(page.get_by_text("a attendu plus de 24 heures, ou ne peut plus être ouvert")).to_be_visible()
    assert en_attente(page) == []
    assert brouillon_de(m, fiche.pk) == {}


def test_l_ouvrier_efface_ce_qui_a_expire_meme_si_personne_ne_revient(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _installer(page, reseau)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.reload()
    assert len(en_attente(page)) == 1
    page.evaluate(
        """() => new Promise((oui) => {
          const demande = indexedDB.open("palier", 1);
          demande.onsuccess = () => {
            const passage = demande.result.transaction(["attente"], "readwrite");
            const tout = passage.objectStore("attente").getAll();
            tout.onsuccess = () => tout.result.forEach((e) => passage.objectStore("attente").put(
              { ...e, expire: e.expire - 24 * 3600 * 1000 - 1000 }));
            passage.oncomplete = () => { demande.result.close(); oui(); };
          };
        })"""
    )
    page.reload()
    expect(page.get_by_role("heading", name="Pas de réseau")).to_be_visible()
    page.wait_for_function(
        """() => new Promise((oui) => {
          const demande = indexedDB.open("palier", 1);
          demande.onsuccess = () => {
            const combien = demande.result.transaction("attente").objectStore("attente").count();
            combien.onsuccess = () => { demande.result.close(); oui(combien.result === 0); };
          };
        })"""
    )
    assert en_attente(page) == []
    expect(page.get_by_text("Un texte attend le réseau.")).to_be_hidden()


@pytest.mark.parametrize("faute", ["cle", "octets", "deplace"])
def test_une_entree_changee_sur_l_appareil_ne_s_ouvre_pas(
    page: Page, context: BrowserContext, connecter: Connecter, reseau: Reseau, midi: datetime, faute: str
) -> None:
    """Another key of the same person, bytes changed, or dates changed: nothing reaches the draft."""
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _installer(page, reseau)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    autre = connecte(m["gardien"]).post("/cles-hors-ligne/", {"verrou": "1"}).json()["verrou"]["id"]
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.reload()
    page.evaluate(
        """([faute, autre]) => new Promise((oui) => {
          const demande = indexedDB.open("palier", 1);
          demande.onsuccess = () => {
            const passage = demande.result.transaction(["attente"], "readwrite");
            const tout = passage.objectStore("attente").getAll();
            tout.onsuccess = () => tout.result.forEach((e) => {
              if (faute === "cle") e.cle = autre;
              else if (faute === "octets") e.scelle[3] ^= 1;
              else e.expire += 3600 * 1000;
              passage.objectStore("attente").put(e);
            });
            passage.oncomplete = () => { demande.result.close(); oui(); };
          };
        })""",
        [faute, autre],
    )
    reseau.rendre()
    page.goto(f"{reseau.url}/signalements/")
    expect(page.get_by_text("a attendu plus de 24 heures, ou ne peut plus être ouvert")).to_be_visible()
    assert en_attente(page) == []
    assert brouillon_de(m, fiche.pk) == {}


def test_deux_onglets_coupes_le_second_texte_ne_remplace_pas_le_premier_en_silence(
    page: Page, context: BrowserContext, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    _installer(page, reseau)
    ici = f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}"
    page.goto(ici)
    autre = context.new_page()
    autre.goto(ici)
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    autre.locator('[name="faits"]').fill("Texte du second onglet.")
    expect(autre.locator("[data-etat=attente]")).to_be_visible()
    autre.route("**/reprise/", lambda route: route.abort())  # the first tab is the first to find the network again
    reseau.rendre()
    page.bring_to_front()
    reessayer(page)
    expect(page.locator("[data-etat=ok]")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    autre.bring_to_front()
    autre.unroute("**/reprise/")
    reessayer(autre)
    expect(autre.get_by_text("Sur cet appareil : Texte du second onglet.")).to_be_visible()
    expect(autre.get_by_text(f"Dans la fiche : {PHRASE}")).to_be_visible()
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE
    autre.get_by_role("button", name="Garder ce qui est dans la fiche").click()
    expect(autre.locator('[name="faits"]')).to_have_value(PHRASE)
    assert en_attente(autre) == []
    assert brouillon_de(m, fiche.pk)["faits"] == PHRASE


def test_l_alerte_immediate_sans_reseau_dit_qui_appeler_et_l_equipe_le_saura(
    page: Page, connecter: Connecter, reseau: Reseau, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    remplir(connecte(m["gardien"]), m, fiche.pk, nom=NOM)
    connecter(m["gardien"])
    _installer(page, reseau)
    page.goto(f"{reseau.url}{reverse('saisie', args=[fiche.pk, 'contexte'])}")
    reseau.couper()
    page.locator('[name="faits"]').fill(PHRASE)
    page.get_by_role("button", name="Alerte immédiate").click()
    expect(page.get_by_role("heading", name="Appelez maintenant")).to_be_focused()
    for numero in ("15", "17", "18", "112", "3114", "119"):
        expect(page.locator(f'[data-alerte-ici] a[href="tel:{numero}"]')).to_be_visible()
    expect(page.locator("[data-etat=attente]")).to_be_visible()
    page.get_by_role("button", name="J’ai appelé, reprendre la fiche").click()
    expect(page.get_by_role("heading", name="Appelez maintenant")).to_be_hidden()
    expect(page.locator('[name="faits"]')).to_have_value(PHRASE)
    assert "alerte_le" not in brouillon_de(m, fiche.pk)
    reseau.rendre()
    reessayer(page)
    expect(page.locator("[data-etat=ok]")).to_be_visible()
    garde = brouillon_de(m, fiche.pk)
    assert (garde["faits"], garde["alerte_le"]) == (PHRASE, midi.isoformat())
    assert en_attente(page) == []
