"""The guard while one types, in real Chromium: the page reads what the server reads, and says it before sending."""

import random
from collections.abc import Callable
from datetime import datetime

import pytest
from django.urls import reverse
from playwright.sync_api import Page, expect

from partenaires.models import Compte
from signalements.garde import Contexte, lire, lire_nom
from tests import recits
from tests.fabriques import monde
from tests.navigateur.conftest import TELEPHONE
from tests.signalements.test_garde import CORPUS, MAQUETTE

pytestmark = [pytest.mark.navigateur, pytest.mark.django_db(transaction=True)]
Connecter = Callable[[Compte], None]
DEGUISEMENTS = (
    "a.l.c.o.o.l", "A-L-C-O-O-L", "alcoo-lique", "alc00lique", "@lcoolique", "alco\u200bolique", "alcооlique",
    "ａｌｃｏｏｌｉｑｕｅ", "de\u0301pression", "12 rue du Médecin-de-Garde", "RUE DE L'HOPITAL",
    "boulevard de l’Hôpital Nord",
    "Mme Maquette a ouvert à M. Durand-Petit, du 3e.", "fils@exemple.invalid", "1 85 05 78 006 084 91",
    "1 85 05 78 006 084 92", "Habitat Juif remis.", "Sa fille : +33 6 12 34 56 78", "", " ", "\n", "…", "'",
    "x" * 3000,
)  # fmt: skip
LECTURE = """async ([textes, contexte]) => {
  const {Garde} = await import("/static/palier/garde-lecture.js");
  const garde = new Garde(await (await fetch("/static/palier/formulations.json")).json());
  return textes.map((t) => garde.lire(t, contexte).map((v) => [v.mot, v.categorie, v.phrase, v.raison, v.conseil]));
}"""


def _melanges(graine: int) -> list[str]:
    """Pieces of the corpus sewn together, always the same."""
    de = random.Random(graine)
    morceaux = [*(li["phrase"] for li in CORPUS), *DEGUISEMENTS]
    liens = [" ", ". ", ", ", "\n", " - ", "", "'", " ; "]
    return ["".join(de.choice(morceaux) + de.choice(liens) for _ in range(4)) for _ in range(200)]


def test_la_page_lit_comme_le_serveur(page: Page, connecter: Connecter, midi: datetime) -> None:
    m = monde()
    connecter(m["gardien"])
    page.goto("/signalements/")
    textes = [*(li["phrase"] for li in CORPUS), *DEGUISEMENTS, *_melanges(7)]
    contexte = Contexte(personne=MAQUETTE.personne, noms=("Habitat Juif", "Les Tilleuls"))
    vus = page.evaluate(LECTURE, [textes, {"personne": list(contexte.personne), "noms": list(contexte.noms)}])
    attendus = [[[f.mot, f.categorie.code, f.phrase, f.raison, f.conseil] for f in lire(t, contexte)] for t in textes]
    assert [(t, v) for t, v, a in zip(textes, vus, attendus, strict=True) if v != a] == []
    noms = ["Lefou", "Cancer", "Maquette (alcoolique)", "Prison", "Toxicomane"]
    vus = page.evaluate(LECTURE, [noms, {"nom": True}])
    assert [[v[0] for v in vu] for vu in vus] == [[f.mot for f in lire_nom(nom)] for nom in noms]


def test_la_phrase_a_relire_se_dit_pendant_la_saisie_sans_rien_envoyer(
    page: Page, connecter: Connecter, sans_faute_axe: Callable[[], None], midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.set_viewport_size(TELEPHONE)
    page.goto(reverse("saisie", args=[fiche.pk, "contexte"]))
    champ = page.locator('[name="faits"]')
    champ.focus()
    with page.expect_response("**/formulations.json"):
        pass
    page.route("**/auto/", lambda route: route.fulfill(status=408))  # no network in the stairwell
    demandes: list[str] = []
    page.on("request", lambda r: demandes.append(r.url))
    champ.fill("Volets fermés. Il est alcoolique.")
    suite = page.locator('[data-garde-de="id_faits"]')
    expect(suite).to_contain_text("« Il est alcoolique »")
    expect(suite).to_contain_text("Ce que quelqu’un consomme touche à sa santé")
    expect(suite.get_by_role("status")).to_have_text("Une phrase est à relire, sous ce champ.")
    sans_faute_axe()
    champ.fill("Volets fermés. Bouteilles vides sur le palier le 4 mars.")
    expect(suite).to_be_hidden()
    expect(champ).to_have_value("Volets fermés. Bouteilles vides sur le palier le 4 mars.")
    assert [u for u in demandes if not u.endswith("/auto/")] == []
    page.unroute("**/auto/")


def test_ce_que_le_serveur_a_cite_disparait_une_fois_reformule(
    page: Page, connecter: Connecter, midi: datetime
) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    connecter(m["gardien"])
    page.goto(reverse("saisie", args=[fiche.pk, "contexte"]))
    champ = page.locator('[name="faits"]')
    champ.fill("Il est alcoolique.")
    page.get_by_role("button", name="Relire la fiche").click()
    note = page.locator("#id_faits_garde")
    expect(note).to_contain_text("« Il est alcoolique »")
    champ.fill("Il est alcoolique. Elle est folle.")
    expect(page.locator('[data-garde-de="id_faits"]')).to_contain_text("« Elle est folle »")
    expect(page.locator('[data-garde-de="id_faits"]')).not_to_contain_text("alcoolique")
    champ.fill("Rien à signaler.")
    expect(note).to_be_hidden()
    champ.fill("Il est alcoolique.")
    expect(note).to_be_visible()
    note.get_by_role("checkbox").check()
    page.get_by_role("button", name="Relire la fiche").click()
    expect(page.get_by_role("heading", name="Relire et envoyer")).to_be_visible()


def test_le_fil_du_referent_a_la_meme_aide_dans_le_panneau(page: Page, connecter: Connecter, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, nom="Premiere")
    connecter(m["referent"])
    page.goto("/signalements/")
    page.get_by_role("link", name="Mme Ondine Premiere").click()
    page.locator("#panneau textarea").fill("Mme Premiere est dépressive, selon M. Durand.")
    suite = page.locator("#panneau [data-garde-de]")
    expect(suite).to_contain_text("dépressive")
    expect(suite).to_contain_text("M. Durand")
    expect(suite.locator("li")).to_have_count(2)
