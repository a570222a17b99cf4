"""Search by name, reference or résidence: within one's organisation, noted without its words, and never telling."""

import html
import re
from datetime import datetime, timedelta

import pytest

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.prolongements import _connus, prolonger
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements

ADRESSE = "/recherche/"


@pytest.mark.parametrize(
    "saisie",
    ["Maquette", "maq", "MAQUETTE ondine", "ondine maqu", "26-0001", "260001", "26-00", "0001", "Tilleuls",
     "les tilleuls", "  maquette  "],
)  # fmt: skip
def test_on_trouve_par_nom_reference_ou_residence(db: None, midi: datetime, saisie: str) -> None:
    m = monde()
    recits.transmise(m)
    page = texte(connecte(m["social"]).get(ADRESSE, {"q": saisie}))
    assert "1 fiche trouvée" in page
    assert f"Mme Ondine Maquette 26-0001 Les Tilleuls Nord · {m.bailleur.nom} · reçue le 22 septembre À étudier" in page


@pytest.mark.parametrize("saisie", ["Maquille", "maquette anatole", "26-0002", "Grand Pré", "quette", "ma quette"])
def test_on_ne_trouve_pas_ce_qui_ne_correspond_pas(db: None, midi: datetime, saisie: str) -> None:
    m = monde()
    recits.transmise(m)
    page = texte(connecte(m["social"]).get(ADRESSE, {"q": saisie}))
    assert "Aucune fiche trouvée" in page
    assert "Essayez le début du nom" in page


@pytest.mark.parametrize(
    ("saisie", "aide"),
    [("", "Que cherchez-vous ?"), ("   ", "Que cherchez-vous ?"), ("a", "Écrivez au moins deux lettres ou chiffres"),
     ("!?", "Écrivez au moins deux lettres ou chiffres")],
)  # fmt: skip
def test_une_recherche_vide_ou_courte_est_aidee_et_ne_cherche_rien(
    db: None, midi: datetime, saisie: str, aide: str
) -> None:
    m = monde()
    recits.transmise(m)
    assert aide in texte(connecte(m["social"]).get(ADRESSE, {"q": saisie}))
    assert Action.RECHERCHE not in evenements(m.equipe.pk)


def test_le_journal_garde_la_recherche_sans_ses_mots(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    connecte(m["social"]).get(ADRESSE, {"q": "maquette"})
    with en_tant_que("palier_fabrique"):
        note = Evenement.objects.get(action=Action.RECHERCHE)
    assert (note.compte_id, note.organisation_id, note.objets) == (m["social"].pk, m.equipe.pk, [str(fiche.pk)])
    assert "maquette" not in str(vars(note)).casefold()


def test_le_referent_cherche_dans_son_organisation_et_lit_un_statut_neutre(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    reponse = connecte(m["referent"]).get(ADRESSE, {"q": "maquette"})
    page = texte(reponse)
    assert "Mme Ondine Maquette 26-0001" in page
    assert "En cours" in page
    assert "Information à enregistrer" not in page
    assert f'href="/signalements/{fiche.pk}/"' in reponse.content.decode()


def test_le_nom_ne_se_retrouve_plus_apres_la_fin_ni_apres_une_opposition(db: None, midi: datetime) -> None:
    m = monde()
    finie, opposee = recits.transmise(m), recits.transmise(m, nom="Opposée", prenom="Zoé")
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
        parcours.opposer(opposee.pk, par=m["social"])
    referent, equipe = connecte(m["referent"]), connecte(m["social"])
    for client, nom in ((referent, "maquette"), (referent, "opposee"), (equipe, "opposee")):
        page = texte(client.get(ADRESSE, {"q": nom}))
        assert "Aucune fiche trouvée" in page
        assert "26-000" not in page.replace("26-0419", "")
    assert "Mme Ondine Maquette" in texte(equipe.get(ADRESSE, {"q": "maquette"}))
    # By its reference, a fiche without content says so and nothing else.
    for client, reference in ((referent, "26-0001"), (equipe, "26-0002")):
        page = texte(client.get(ADRESSE, {"q": reference}))
        assert f"Contenu effacé {reference}" in page
        assert "Maquette" not in page
        assert "Zoé" not in page


@pytest.mark.parametrize("role", ["coordination", "referent", "responsable"])
def test_on_ne_trouve_rien_chez_les_autres(db: None, midi: datetime, role: str) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    recits.transmise(nord, nom="Canari")
    client = connecte(sud[role])
    for saisie in ("canari", "26-0001", "tilleuls nord", "ondine"):
        page = texte(client.get(ADRESSE, {"q": saisie}))
        assert "Canari" not in page
        assert "Aucune fiche trouvée" in page


@pytest.mark.parametrize(
    ("role", "statut"),
    [("gardien", 403), ("correspondant", 404), ("coordination_clsm", 404), ("exploitation", 404), ("dpo", 404)],
)
def test_les_autres_roles_ne_cherchent_pas(db: None, midi: datetime, role: str, statut: int) -> None:
    m = monde()
    recits.transmise(m, nom="Canari")
    reponse = connecte(m[role]).get(ADRESSE, {"q": "canari"})
    assert reponse.status_code == statut
    assert "Ondine" not in reponse.content.decode()
    assert Action.RECHERCHE not in evenements()


@pytest.mark.parametrize(
    "saisie",
    ["jean-pierre", "JEANPIERRE", "jean pierre", "pierre jean", "le goff", "legoff", "Jean-Pierre Le Goff",
     "goff jean-pierre", "légoff", "jeanpi goff"],
)  # fmt: skip
def test_un_nom_se_trouve_dans_les_deux_sens_et_avec_ou_sans_trait(db: None, midi: datetime, saisie: str) -> None:
    m = monde()
    recits.transmise(m, civilite="m", nom="Le Goff", prenom="Jean-Pierre")
    recits.transmise(m, nom="Goffin", prenom="Pierrette", residence=m.autre_residence)
    page = texte(connecte(m["social"]).get(ADRESSE, {"q": saisie}))
    assert "1 fiche trouvée" in page
    assert "M. Jean-Pierre Le Goff 26-0001" in page


def test_nom_et_prenom_inverses_a_la_saisie_se_trouvent_quand_meme(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, nom="Ondine", prenom="Maquette")
    for saisie in ("maquette ondine", "Ondine Maquette", "ondi maq"):
        assert "1 fiche trouvée" in texte(connecte(m["social"]).get(ADRESSE, {"q": saisie}))


def test_la_recherche_se_lit_page_par_page_au_meme_cout_et_chaque_page_est_notee(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["social"])
    couts: list[int] = []
    for nombre in (3, 27):
        for n in range(nombre):
            horloge.regler(midi - timedelta(minutes=200 - n - nombre))
            recits.transmise(m)
        horloge.regler(midi)
        with instructions() as vues:
            client.get(ADRESSE, {"q": "maquette"})
        couts.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert couts[0] == couts[1]
    premiere = client.get(ADRESSE, {"q": "maquette"})
    assert "Plus de 25 fiches : précisez" in texte(premiere)
    lues = re.findall(r"26-\d{4}", texte(premiere).split("Plus de 25")[1])
    assert len(lues) == 25
    suivante = html.unescape(re.search(r'href="([^"]+)" rel="next"', premiere.content.decode())[1])  # type: ignore[index]
    with instructions() as vues:
        seconde = client.get(ADRESSE + suivante)
    assert len(vues) <= 12, enumerees(vues)
    reste = re.findall(r"26-\d{4}", texte(seconde).split("Suite des fiches")[1])
    assert (len(reste), set(lues) & set(reste)) == (5, set())
    with en_tant_que("palier_fabrique"):
        notees = Evenement.objects.filter(action=Action.RECHERCHE).order_by("-sequence")
        assert [len(e.objets) for e in notees[:2]] == [5, 25]


def test_le_referent_tourne_les_pages_de_ses_seules_fiches(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    for _ in range(26):
        recits.transmise(m)
    recits.transmise(autre, nom="Maquette")
    client = connecte(m["referent"])
    premiere = client.get(ADRESSE, {"q": "maquette"})
    suivante = html.unescape(re.search(r'href="([^"]+)" rel="next"', premiere.content.decode())[1])  # type: ignore[index]
    seconde = client.get(ADRESSE + suivante).content.decode()
    assert (premiere.content.decode().count("pa-resultat"), seconde.count("pa-resultat")) == (25, 1)
    assert autre.bailleur.nom not in seconde


def test_une_situation_ouverte_se_trouve_par_sa_page(db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch) -> None:
    m = monde()
    fiche = recits.transmise(m)
    avant = list(_connus)

    class Suite:
        def ouvrir(self, fiche: object) -> str:
            return "/ouvrir/"

        def situations(self, fiches: object, compte: object) -> dict[object, str]:
            return {fiche.pk: "/situations/7/"}

    prolonger(Suite())  # type: ignore[arg-type]
    try:
        assert 'href="/situations/7/"' in connecte(m["social"]).get(ADRESSE, {"q": "maquette"}).content.decode()
        referent = connecte(m["referent"]).get(ADRESSE, {"q": "maquette"}).content.decode()
        assert "/situations/7/" not in referent
    finally:
        _connus[:] = avant
