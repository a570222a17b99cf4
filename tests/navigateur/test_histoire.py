"""The whole path in real Chromium, person by person, while the test moves the clock.

A gardien files a fiche, the référent passes it on, the équipe triages it, the week runs, the first visit and the
contract take place, a partner answers an orientation, the signals are rated again at six months, and the CLSM
downloads the bilan.
"""

import hashlib
import io
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from typing import Any

import pytest
from django.urls import reverse
from playwright.sync_api import Page, ViewportSize, expect
from pypdf import PdfReader

from accompagnements import documents
from accompagnements.enums import EtatOrientation
from accompagnements.models import Accompagnement, Document, Orientation, Visite
from indicateurs import calcul
from indicateurs.models import Bilan
from indicateurs.parcours import echeances
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Fiche, Grille, Instruction, Releve
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.navigateur.conftest import BUREAU, TABLETTE, TELEPHONE
from tests.navigateur.gestes import appuyer, est_sur, remplir, signer_au_pave, suivre

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]


class Histoire:
    """One page, the people of one world, and the object they pass on to each other."""

    def __init__(self, page: Page, m: Monde, connecter: Connecter) -> None:
        self.page, self.m, self._connecter = page, m, connecter

    def devient(self, role: str, taille: ViewportSize) -> Page:
        self._connecter(self.m[role])
        self.page.set_viewport_size(taille)
        self.page.goto("/")
        return self.page

    def lire(self, modele: Any, role: str = "coordination", **filtre: Any) -> Any:
        """The object as this role sees it now."""
        with agir_comme(self.m[role]):
            return modele.objects.filter(**filtre).get()

    def aller(self, nom: str, *args: Any) -> None:
        self.page.goto(reverse(nom, args=args))


def test_de_la_cage_d_escalier_au_bilan(page: Page, connecter: Connecter, midi: datetime) -> None:
    h = Histoire(page, monde(relecture=True), connecter)
    fiche = _le_gardien_signale(h)
    _le_referent_transmet(h, fiche)
    _l_equipe_recoit_et_la_semaine_passe(h, fiche)
    dossier = _la_visite_et_le_contrat(h, fiche)
    _le_partenaire_repond(h, dossier)
    _six_mois_apres_les_signaux_sont_cotes_a_nouveau(h, fiche)
    _la_coordination_publie_et_le_clsm_telecharge(h)


def _le_gardien_signale(h: Histoire) -> Fiche:
    page = h.devient("gardien", TELEPHONE)
    est_sur(page, "Mes signalements")
    appuyer(page, "Signaler une situation")
    remplir(page, porte="12", nom="Maquette", prenom="Ondine", civilite="mme", majeur="oui")
    appuyer(page, "Continuer vers")
    page.locator('[name="LOG1"][value="3"]').check(force=True)
    page.locator('[name="LOG1-source"], [name="LOG1_source"], [name="source-LOG1"]').first.check(force=True)
    for _ in range(6):
        appuyer(page, "Tout le reste")
        page.locator(".pa-pied-action button.btn-primary").click()
        page.wait_for_load_state()
    remplir(page, faits="Volets fermés depuis trois semaines.")
    page.locator(".pa-pied-action button.btn-primary").click()
    est_sur(page, "Relire et envoyer")
    page.locator(".pa-pied-action button.btn-primary").click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Les Tilleuls")
    expect(page.locator("main")).not_to_contain_text("Maquette")
    with agir_comme(h.m["gardien"]):
        return Fiche.objects.visibles_par(h.m["gardien"]).get(etat="a_relire")


def _le_referent_transmet(h: Histoire, fiche: Fiche) -> None:
    page = h.devient("referent", BUREAU)
    expect(page.locator("main")).to_contain_text("Maquette")
    h.aller("signalement_relecture", fiche.pk)
    appuyer(page, "Transmettre à l’équipe")
    assert h.lire(Fiche, "referent", pk=fiche.pk).statut == "recue"


def _l_equipe_recoit_et_la_semaine_passe(h: Histoire, fiche: Fiche) -> None:
    page = h.devient("social", BUREAU)
    h.aller("fiches")
    page.locator("main table a.btn").first.click()
    est_sur(page, "Mme Ondine Maquette")
    h.aller("fiche_recevable", fiche.pk)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    assert h.lire(Instruction, pk=fiche.pk).etat == "recevable"
    page = h.devient("referent", BUREAU)
    h.aller("signalement", fiche.pk)
    remplir(page, informee_le=horloge.aujourdhui().isoformat(), mode_information="vive_voix")
    page.locator('form:has([name="mode_information"]) button.btn').first.click()
    page.wait_for_load_state()
    assert h.lire(Instruction, pk=fiche.pk).etat == "delai_opposition"
    page = h.devient("social", BUREAU)
    h.aller("situation_ouvrir", fiche.pk)
    expect(page.get_by_role("button", name="Ouvrir l’accompagnement")).to_have_count(0)  # the week runs
    horloge.avancer(days=9)
    with en_tant_que("palier_systeme"):
        assert parcours.lever_delai(fiche.pk)


def _la_visite_et_le_contrat(h: Histoire, fiche: Fiche) -> Accompagnement:
    page, soignant = h.devient("soignant", TABLETTE), h.m["soignant"]
    h.aller("situation_ouvrir", fiche.pk)
    remplir(page, intervenants=[soignant.pk], referent=soignant.pk)
    appuyer(page, "Ouvrir l’accompagnement")
    dossier: Accompagnement = h.lire(Accompagnement, fiche=fiche.pk)
    h.aller("visite_planifier", dossier.pk)
    demain = horloge.aujourdhui() + timedelta(days=1)
    remplir(page, jour=demain.isoformat(), heure="10:30", lieu="domicile", participants=[soignant.pk], conjointe="on")
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    visite = h.lire(Visite, accompagnement=dossier.pk)
    horloge.regler(visite.debut + timedelta(hours=1))
    h.aller("visite", visite.pk)
    remplir(page, issue="faite", compte_rendu="Rencontre sur le palier, puis à l’intérieur.")
    page.get_by_role("button", name="Terminer la visite").click()
    page.wait_for_url(lambda url: "/visites/" not in url)  # the form leaves once its draft is on the server
    assert h.lire(Fiche, "referent", pk=fiche.pk).statut == "rencontre"
    h.aller("situation_diagnostic", dossier.pk)
    remplir(page, axes=["logement"])
    page.locator("main form textarea").first.fill("Le logement est au centre de la demande.")
    appuyer(page, "Enregistrer le diagnostic")
    h.aller("objectif_ajouter", dossier.pk)
    remplir(page, axe="logement", texte="Laisser entrer le plombier")
    appuyer(page, "Ajouter l’objectif")
    h.aller("situation_proposer", dossier.pk)
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    _signer(h, dossier)
    return h.lire(Accompagnement, pk=dossier.pk)  # type: ignore[no-any-return]


def _signer(h: Histoire, dossier: Accompagnement) -> None:
    page = h.page
    h.aller("situation_signer", dossier.pk)
    bouton = page.locator("button.btn-primary[type=submit]").last
    remplir(page, lu="on")
    bouton.click()
    page.wait_for_load_state()
    expect(page.locator("main")).to_contain_text("Il manque la signature")  # nothing is signed without the drawing
    assert h.lire(Accompagnement, pk=dossier.pk).etat == "propose"
    remplir(page, lu="on")
    signer_au_pave(page, "trace_personne")
    signer_au_pave(page, "trace_equipe")
    page.locator("button.btn-primary[type=submit]").last.click()
    page.wait_for_load_state()
    assert h.lire(Accompagnement, pk=dossier.pk).etat == "en_cours"
    document = h.lire(Document, accompagnement=dossier.pk, genre="contrat")
    documents.produire(document.pk, document.delegation_id)
    with page.expect_download() as attente:
        page.evaluate("adresse => { const a = document.createElement('a'); a.href = adresse; a.click() }",
                      reverse("document", args=[document.pk]))  # fmt: skip
    octets = attente.value.path().read_bytes()
    assert hashlib.sha256(octets).hexdigest() == h.lire(Document, pk=document.pk).sha256
    assert "Laisser entrer le plombier" in "".join(p.extract_text() for p in PdfReader(io.BytesIO(octets)).pages)


def _le_partenaire_repond(h: Histoire, dossier: Accompagnement) -> None:
    page = h.devient("soignant", TABLETTE)
    h.aller("accord_recueillir", dossier.pk)
    remplir(
        page, organisation=h.m.partenaire.pk, portees=["coordonnees", "demande"], mode="oral",
        le=horloge.aujourdhui().isoformat(),
    )  # fmt: skip
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    h.aller("orientation_proposer", dossier.pk)
    remplir(page, destinataire=h.m.partenaire.pk, demande="Un premier rendez-vous, plutôt le matin.", contacts=["sms"])
    page.locator("main form button.btn-primary").first.click()
    page.wait_for_load_state()
    orientation = h.lire(Orientation, accompagnement=dossier.pk)
    if orientation.etat == EtatOrientation.PROPOSEE:
        h.aller("orientation_envoyer", orientation.pk)
        page.locator("main form button.btn-primary").first.click()
        page.wait_for_load_state()
    page = h.devient("correspondant", BUREAU)
    est_sur(page, "Orientations reçues")
    h.aller("orientation_recue", orientation.pk)
    expect(page.locator("main")).to_contain_text("Un premier rendez-vous, plutôt le matin.")
    expect(page.locator("main")).not_to_contain_text("plombier")
    rendez_vous = horloge.aujourdhui() + timedelta(days=8)
    remplir(page, issue="accepter", jour=rendez_vous.isoformat(), heure="09:15", avec="Secrétariat")
    appuyer(page, "Accepter l’orientation")
    assert h.lire(Orientation, pk=orientation.pk).etat == EtatOrientation.ACCEPTEE


def _six_mois_apres_les_signaux_sont_cotes_a_nouveau(h: Histoire, fiche: Fiche) -> None:
    horloge.regler(datetime(2027, 3, 15, 10, 0, tzinfo=UTC))
    with en_tant_que("palier_systeme"):
        echeances.ouvrir_releves_dus()
    page = h.devient("gardien", TELEPHONE)
    expect(page.locator("main")).to_contain_text("Relevé à 6 mois")
    releve = h.lire(Releve, "gardien", fiche=fiche.pk, moment="t6", type_evaluateur="bailleur")
    h.aller("releve", releve.pk)
    expect(page.locator("input[type=radio]:checked")).to_have_count(0)  # blank: never the answers of the start
    for code in sorted(Grille.objects.all().en_vigueur(h.m.equipe.pk).codes()):
        page.locator(f'[name="{code}"][value="0"], [name$="-{code}"][value="0"]').first.check(force=True)
    page.locator("button.btn-primary[type=submit]").last.click()
    page.wait_for_load_state()
    rendu = h.lire(Releve, pk=releve.pk)
    assert (rendu.etat, rendu.valeur("LOG1")) == ("rendu", 0)
    with agir_comme(h.m["gardien"]):
        assert not Releve.objects.exists()


def _la_coordination_publie_et_le_clsm_telecharge(h: Histoire) -> None:
    page = h.devient("coordination", BUREAU)
    suivre(page, "Bilans")
    page.locator('[name="periode"]').first.select_option(index=1) if page.locator(
        'select[name="periode"]'
    ).count() else page.locator('[name="periode"]').first.check(force=True)
    appuyer(page, "Demander ce bilan")
    bilan = h.lire(Bilan)
    assert calcul.calculer(bilan.pk, bilan.delegation)
    h.aller("bilan_publier", bilan.pk)
    remplir(page, relu="on")
    page.locator("main form button.btn-primary, main form button.btn-danger").first.click()
    page.wait_for_load_state()
    assert h.lire(Bilan, pk=bilan.pk).etat == "publie"
    page = h.devient("coordination_clsm", BUREAU)
    with page.expect_download() as attente:
        page.get_by_role("link", name="Télécharger le PDF").first.click()
    lu = PdfReader(attente.value.path())
    assert "Bilan du" in lu.pages[0].extract_text()
    assert not any("Maquette" in p.extract_text() for p in lu.pages)
