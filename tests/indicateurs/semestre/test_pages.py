"""The pages of the bilans, by an équipe and by a CLSM: what each reads, and nothing of another territory."""

import hashlib
import io
import zipfile

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from indicateurs.lecture import chiffres, sections
from indicateurs.models import Bilan, BilanFichier
from indicateurs.publication import Publication
from indicateurs.taches import taches
from partenaires.enums import Role
from partenaires.perimetre import agir_comme
from socle.models import Evenement
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.recits_bilan import relire

ROUTES = ("bilan", "bilan_pdf", "bilan_ods")


def adresse(nom: str, b: Bilan) -> str:
    return reverse(nom, args=[b.pk])


def journal(m: Monde, b: Bilan) -> list[tuple[str, str, int | None]]:
    with agir_comme(m["coordination"]):
        lignes = Evenement.objects.all().de_l_objet(b.pk).order_by("sequence")
        return [(e.action, e.motif, e.compte_id) for e in lignes]


# The équipe -----------------------------------------------------------------------------------------------


def test_la_coordination_relit_tout_ce_qui_sera_publie(semestre: Monde, bilan: Bilan) -> None:
    lu = texte(connecte(semestre["coordination"]).get(adresse("bilan", bilan)))
    assert bilan.donnees is not None
    p = Publication.depuis(bilan.donnees)
    for section in sections(p, "page"):
        for phrase in section.phrases:
            assert " ".join(phrase.split()) in lu
        for bloc in section.blocs:
            assert bloc.titre in lu
            for rangee in bloc.tableau.lignes:
                attendue = " ".join([rangee.entete, *(c.texte for c in rangee.cellules if c.texte)])
                assert " ".join(attendue.split()) in lu, (bloc.titre, rangee.entete)
    assert "Publier ce bilan" in lu
    assert "Établi le 15 juillet 2026, pas encore publié." in lu
    assert lu.count("Une baisse ne prouve pas un effet de l’accompagnement") >= 4


def test_les_autres_de_l_equipe_lisent_sans_publier(semestre: Monde, bilan: Bilan) -> None:
    for role in (Role.SOIGNANT, Role.SOCIAL):
        client = connecte(semestre[role])
        assert "Publier ce bilan" not in texte(client.get(adresse("bilan", bilan)))
        assert (
            client.post(adresse("bilan_publier", bilan), {"empreinte": bilan.empreinte, "relu": "on"}).status_code
            == 403
        )
        assert client.post(adresse("bilan_relancer", bilan)).status_code == 403
    assert relire(semestre, bilan).etat == "pret"


def test_publier_demande_une_confirmation(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination"])
    page = client.get(adresse("bilan_publier", bilan))
    assert "Publier ce bilan ?" in texte(page)
    assert bilan.empreinte in page.content.decode()
    sans_case = client.post(adresse("bilan_publier", bilan), {"empreinte": bilan.empreinte})
    assert "Cochez la case après avoir relu le bilan." in texte(sans_case)
    assert relire(semestre, bilan).etat == "pret"
    fait = client.post(adresse("bilan_publier", bilan), {"empreinte": bilan.empreinte, "relu": "on"}, follow=True)
    assert "Publié le 15 juillet 2026, peut circuler librement." in texte(fait)
    assert relire(semestre, bilan).publie_par_id == semestre["coordination"].pk


def test_publier_des_chiffres_recalcules_depuis_est_refuse(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination"])
    page = client.post(adresse("bilan_publier", bilan), {"empreinte": "f" * 64, "relu": "on"}, follow=True)
    assert "Ce bilan a été recalculé depuis que vous l’avez ouvert." in texte(page)
    assert relire(semestre, bilan).etat == "pret"


def test_un_bilan_publie_ne_se_recalcule_pas(semestre: Monde, publie: Bilan) -> None:
    client = connecte(semestre["coordination"])
    page = client.post(adresse("bilan_relancer", publie))
    assert "publié" in texte(page, 409)
    assert "Recalculer" not in texte(client.get(adresse("bilan", publie)))
    assert relire(semestre, publie).donnees == publie.donnees


def test_la_liste_dit_l_etat_et_propose_les_periodes_terminees(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination"])
    page = client.get(reverse("bilans"))
    lu = texte(page)
    assert "1er semestre 2026 À relire et publier" in lu
    assert [c[1] for c in page.context["formulaire"].fields["periode"].widget.choices] == [
        "2e semestre 2025",
        "1er semestre 2025",
        "Année 2025",
    ]
    assert "Demander un bilan" not in texte(connecte(semestre["social"]).get(reverse("bilans")))


@pytest.mark.parametrize(
    ("code", "phrase"),
    [
        ("2026-2", "Le semestre n’est pas terminé."),
        ("2026-A", "L’année n’est pas terminée."),
        ("", "Choisissez une période."),
        ("bientôt", "Choisissez une période de la liste."),
    ],
)
def test_une_mauvaise_periode_est_dite_pres_du_champ(semestre: Monde, bilan: Bilan, code: str, phrase: str) -> None:
    page = connecte(semestre["coordination"]).post(reverse("bilans"), {"periode": code})
    assert phrase in texte(page)
    assert "<title>Erreur&nbsp;: Bilans" in page.content.decode()
    with en_tant_que("palier_systeme"):
        assert Bilan.objects.count() == 1


def test_demander_mene_a_la_page_d_attente_qui_marche_sans_javascript(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination"])
    page = client.post(reverse("bilans"), {"periode": "2025-2"}, follow=True)
    lu = texte(page)
    assert "Bilan, 2e semestre 2025" in lu
    assert "Vous pouvez quitter cette page" in lu
    assert "La demande attend son tour." in lu
    assert "Actualiser" in lu
    assert 'hx-trigger="every 2s"' in page.content.decode()
    assert client.post(reverse("bilans"), {"periode": "2025-2"}).headers["Location"] == page.request["PATH_INFO"]
    with agir_comme(semestre["coordination"]):
        assert Bilan.objects.count() == 2


def test_le_morceau_interroge_recharge_la_page_a_la_fin(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination"])
    assert client.get(adresse("bilan_progres", bilan)).headers["HX-Refresh"] == "true"
    client.post(adresse("bilan_relancer", bilan))
    encore = client.get(adresse("bilan_progres", bilan))
    assert "HX-Refresh" not in encore.headers
    assert "Calcul du bilan" in texte(encore)


def test_a_faire_dit_qu_un_bilan_est_pret_a_la_coordination_seule(semestre: Monde, bilan: Bilan) -> None:
    with agir_comme(semestre["coordination"]):
        (tache,) = taches(semestre["coordination"])
    assert (tache.titre, tache.action, tache.url) == (
        "Publier le bilan, 1er semestre 2026", "Relire", adresse("bilan", bilan),
    )  # fmt: skip
    for role in (Role.SOIGNANT, Role.REFERENT, Role.COORDINATION_CLSM):
        with agir_comme(semestre[role]):
            assert taches(semestre[role]) == []


# The CLSM -------------------------------------------------------------------------------------------------


def test_le_clsm_lit_le_bilan_publie_de_son_territoire(semestre: Monde, publie: Bilan) -> None:
    client = connecte(semestre["coordination_clsm"])
    lu = texte(client.get(reverse("bilans")))
    assert publie.donnees is not None
    for chiffre in chiffres(Publication.depuis(publie.donnees)):
        assert " ".join(f"{chiffre.libelle} {chiffre.valeur} {chiffre.precision}".split()) in lu
    assert "Signaux au départ et six mois après" in lu
    assert "masqué remplace tout nombre de 1 à 10, et tout nombre qui permettrait de le retrouver." in lu
    assert "Relevés rendus et comparables : 26 sur 26 attendus." in lu
    assert lu == texte(client.get(adresse("bilan", publie)))
    assert "Publier" not in lu.replace("Publié", "")


def test_rien_n_est_visible_du_clsm_avant_la_publication(semestre: Monde, bilan: Bilan) -> None:
    client = connecte(semestre["coordination_clsm"])
    assert "Aucun bilan publié sur vos territoires" in texte(client.get(reverse("bilans")))
    for nom in ROUTES:
        assert client.get(adresse(nom, bilan)).status_code == 404
    with agir_comme(semestre["coordination_clsm"]), connection.cursor() as curseur:
        for table in ("indicateurs_bilan", "indicateurs_bilanfichier"):
            curseur.execute(f"SELECT count(*) FROM {table}")
            assert curseur.fetchone() == (0,)


def test_le_clsm_d_un_autre_territoire_ne_trouve_rien_meme_en_sql(semestre: Monde, publie: Bilan) -> None:
    autre = monde("Sud")
    client = connecte(autre["coordination_clsm"])
    assert "Aucun bilan publié" in texte(client.get(reverse("bilans")))
    for nom in ROUTES:
        assert client.get(adresse(nom, publie)).status_code == 404
    with agir_comme(autre["coordination_clsm"]), connection.cursor() as curseur:
        for requete in (
            "SELECT id::text FROM indicateurs_bilan",
            "SELECT bilan_id::text FROM indicateurs_bilanfichier",
            "UPDATE indicateurs_bilan SET etape = 1 RETURNING id::text",
            "WITH b AS (SELECT * FROM indicateurs_bilan) SELECT count(*)::text FROM b HAVING count(*) > 0",
        ):
            curseur.execute(requete)
            assert curseur.fetchall() == []


@pytest.mark.parametrize(
    "role", [Role.GARDIEN, Role.REFERENT, Role.RESPONSABLE, Role.CORRESPONDANT, Role.EXPLOITATION, Role.DPO]
)
def test_personne_d_autre_ne_trouve_ni_page_ni_ligne(semestre: Monde, publie: Bilan, role: str) -> None:
    client = connecte(semestre[role])
    assert client.get(reverse("bilans")).status_code == 404
    assert client.get(reverse("methode")).status_code == 404
    for nom in ROUTES:
        assert client.get(adresse(nom, publie)).status_code == 404
    with agir_comme(semestre[role]):
        assert not Bilan.objects.exists()
        assert not BilanFichier.objects.exists()


def test_le_clsm_n_a_aucune_table_sur_les_personnes(semestre: Monde, publie: Bilan) -> None:
    with agir_comme(semestre["coordination_clsm"]), connection.cursor() as curseur:
        for table in (
            "signalements_fiche", "signalements_instruction", "signalements_locataire", "signalements_releve",
            "accompagnements_accompagnement", "accompagnements_orientation",
        ):  # fmt: skip
            curseur.execute(f"SELECT count(*) FROM {table}")
            assert curseur.fetchone() == (0,), table


# Downloads ------------------------------------------------------------------------------------------------


def test_le_pdf_se_telecharge_tel_quel_et_le_journal_le_dit(semestre: Monde, publie: Bilan) -> None:
    compte = semestre["coordination_clsm"]
    client = connecte(compte)
    reponse = client.get(adresse("bilan_pdf", publie))
    assert reponse.headers["Content-Type"] == "application/pdf"
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="bilan-{publie.identifiant}.pdf"'
    assert reponse.headers["X-Content-Type-Options"] == "nosniff"
    page = client.get(adresse("bilan", publie)).content.decode()
    assert hashlib.sha256(reponse.content).hexdigest() in page
    assert publie.empreinte in page
    assert journal(semestre, publie)[-2:] == [
        ("indicateurs.bilan_telecharge", "pdf", compte.pk),
        ("indicateurs.bilan_lu", "", compte.pk),
    ]


def test_le_classeur_se_telecharge(semestre: Monde, publie: Bilan) -> None:
    reponse = connecte(semestre["coordination_clsm"]).get(adresse("bilan_ods", publie))
    assert reponse.headers["Content-Disposition"] == f'attachment; filename="bilan-{publie.identifiant}.ods"'
    with zipfile.ZipFile(io.BytesIO(reponse.content)) as archive:
        assert publie.identifiant in archive.read("content.xml").decode()


# Cost -----------------------------------------------------------------------------------------------------


@pytest.mark.parametrize("role", ["coordination", "coordination_clsm"])
def test_les_pages_coutent_au_plus_douze_requetes(semestre: Monde, publie: Bilan, role: str) -> None:
    client: Client = connecte(semestre[role])
    for url in (reverse("bilans"), adresse("bilan", publie)):
        client.get(url)
        with instructions() as vues:
            assert client.get(url).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
