"""The équipe's pages of orientations: the list by state, the acts, what they refuse."""

from datetime import datetime, timedelta

from django.urls import reverse

from accompagnements.enums import EtatOrientation
from accompagnements.models import Orientation
from partenaires.parcours import annuaire
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve, cles, entrer, page_de, recues
from tests.accompagnements.test_liens import structure
from tests.fabriques import monde
from tests.pages import connecte, texte
from tests.recits_accompagnements import orientation_relue as relue


def test_l_equipe_trouve_chaque_etat_sous_son_onglet(db: None, midi: datetime) -> None:
    m = monde()
    faites = {
        "a_envoyer": histoires.orientation_proposee(m, histoires.evalue(m)),
        "sans_reponse": histoires.orientation_envoyee(m),
        "acceptees": histoires.orientation_repondue(m, "accepter"),
        "en_attente": histoires.orientation_repondue(m, "mettre_en_attente"),
        "refusees": histoires.orientation_repondue(m, "refuser"),
        "prises_en_charge": histoires.orientation_prise_en_charge(m),
        "terminees": histoires.orientation_terminee(m),
        "retirees": histoires.orientation_retiree(m),
    }
    client = entrer(m["social"])
    for volet, o in faites.items():
        page = client.get("/orientations/", {"etat": volet})
        assert [x.url for x in page.context["lignes"]] == [page_de(o)], volet
        assert {x.nombre for x in page.context["onglets"]} == {1}
        assert ("1 orientation retirée" in page.content.decode().replace("\xa0", " ")) is (volet != "retirees")
        detail = client.get(page_de(o)).content.decode()
        assert "Mme\N{NO-BREAK SPACE}Ondine Maquette" in detail
        assert f"/situations/{o.accompagnement_id}/" in detail
    assert client.get("/orientations/?etat=nimporte").context["volet"].code == "sans_reponse"


def test_les_filtres_sont_dans_l_adresse(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["coordination"])

    def montrees(**filtres: str | int) -> list[str]:
        return [x.url for x in client.get("/orientations/", filtres).context["lignes"]]

    assert montrees(partenaire=m.partenaire.pk) == [page_de(o)]
    assert montrees(suivie=m["soignant"].pk) == [page_de(o)]
    assert montrees(suivie=m["social"].pk) == []  # an intervenant, not the principal
    assert montrees(partenaire=m.bailleur.pk) == [page_de(o)]  # not offered: filters nothing
    assert montrees(partenaire="x", suivie="'", apres="x") == [page_de(o)]


def test_sans_accord_rien_ne_part_et_la_page_le_dit(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    o = histoires.orientation_proposee(m, a)
    client = entrer(m["social"])
    page = client.get(page_de(o, "envoyer/"))
    assert "Il manque l’accord" in page.content.decode()
    assert f"/situations/{a.pk}/accords/recueillir/" in page.content.decode()
    forcee = client.post(page_de(o, "envoyer/"), {"cle": cle_neuve(), "version": o.version})
    assert forcee.status_code == 200
    assert relue(m, o).etat == EtatOrientation.PROPOSEE
    histoires.accord(m, a)
    page = client.get(page_de(o, "envoyer/"))
    assert (
        f"Accord oral recueilli aujourd’hui. Mme\N{NO-BREAK SPACE}Ondine Maquette accepte que le "
        f"{m.partenaire.nom} reçoive ses coordonnées et cette demande. Rien d’autre ne part."
    ) in page.content.decode()
    saisie = cles(page)
    assert client.post(page_de(o, "envoyer/"), saisie).status_code == 302
    assert relue(m, o).etat == EtatOrientation.ENVOYEE
    assert client.post(page_de(o, "envoyer/"), saisie).status_code == 302
    assert relue(m, o).version == o.version + 1


def test_l_equipe_relance_puis_saisit_ce_que_le_partenaire_a_dit(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    partie = horloge.aujourdhui()
    horloge.avancer(days=20)
    client = entrer(m["social"])
    page = client.get(page_de(o))
    assert page.context["principal"][0] == "Relancer le partenaire"
    assert "Sans réponse depuis 20\xa0j" in page.content.decode()
    assert client.post(page_de(o, "relancer/"), cles(client.get(page_de(o, "relancer/")))).status_code == 302
    assert relue(m, o).relancee_le == horloge.maintenant()
    saisie = cles(client.get(page_de(o, "reponse/")))
    avant_l_envoi = {**saisie, "issue": "accepter", "heure": "10:00", "jour": (partie - timedelta(days=1)).isoformat()}
    assert list(client.post(page_de(o, "reponse/"), avant_l_envoi).context["formulaire"].errors) == ["jour"]
    recue = {**avant_l_envoi, "jour": partie.isoformat()}
    assert client.post(page_de(o, "reponse/"), recue).status_code == 302
    assert (relue(m, o).etat, relue(m, o).repondue_par_id) == (EtatOrientation.ACCEPTEE, m["social"].pk)
    assert client.get(page_de(o, "relancer/")).status_code == 409
    le = {"le": horloge.aujourdhui().isoformat()}
    assert client.post(page_de(o, "terminer/"), {**saisie, **le, "cle": cle_neuve()}).status_code == 409
    for acte, etat in (("prise-en-charge/", "prise_en_charge"), ("terminer/", "terminee")):
        saisie = cles(client.get(page_de(o, acte)))
        assert client.post(page_de(o, acte), {**saisie, **le}).status_code == 302
        assert relue(m, o).etat == etat
    assert client.get(page_de(o)).context["principal"] is None


def test_une_orientation_retiree_l_est_avec_un_motif(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["soignant"])
    saisie = cles(client.get(page_de(o, "retirer/")))
    for motif in ("", "opposition", "accord_retire"):
        refus = client.post(page_de(o, "retirer/"), {**saisie, "motif": motif})
        assert list(refus.context["formulaire"].errors) == ["motif"]
    assert relue(m, o).etat == EtatOrientation.ENVOYEE
    assert client.post(page_de(o, "retirer/"), {**saisie, "motif": "sans_objet"}).status_code == 302
    assert relue(m, o).etat == EtatOrientation.RETIREE
    assert client.get(page_de(o)).context["principal"] is None
    assert client.get(page_de(o, "reponse/")).status_code == 409
    assert client.post(page_de(o, "retirer/"), {**saisie, "cle": cle_neuve(), "motif": "erreur"}).status_code == 409


def test_repondre_avant_l_envoi_n_est_pas_possible(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_proposee(m, histoires.evalue(m))
    client = entrer(m["soignant"])
    for acte in ("relancer/", "reponse/", "prise-en-charge/", "terminer/"):
        assert client.get(page_de(o, acte)).status_code == 409
        donnees = {"cle": cle_neuve(), "version": o.version, "issue": "refuser", "motif": "sans_place"}
        le = {"le": horloge.aujourdhui().isoformat()}
        assert client.post(page_de(o, acte), {**donnees, **le}).status_code == 409, acte
    assert relue(m, o).version == o.version


def test_une_opposition_cache_l_orientation_a_tous(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    o = histoires.orientation_envoyee(m, a)
    with agir_comme(m["social"]):
        signalements.opposer(a.fiche_id, par=m["social"])
    assert entrer(m["correspondant"]).get(recues(o)).status_code == 404
    client = entrer(m["social"])
    assert client.get(page_de(o)).status_code == 404
    assert "Maquette" not in client.get("/orientations/?etat=retirees").content.decode()


def test_les_pages_de_la_liste_montrent_chaque_orientation_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    faites = {page_de(histoires.orientation_envoyee(m)) for _ in range(27)}
    client = entrer(m["social"])
    premiere = client.get("/orientations/")
    suite = client.get("/orientations/" + premiere.context["page"].suivante)
    vues = [x.url for p in (premiere, suite) for x in p.context["lignes"]]
    assert (len(vues), set(vues)) == (27, faites)
    assert suite.context["page"].suivante == ""


def test_on_oriente_depuis_l_annuaire_en_choisissant_la_situation(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a, close = histoires.evalue(m), histoires.sans_suite(m, nom="Close")
    histoires.evalue(sud, nom="Ailleurs")
    s = structure(m)
    client = connecte(m["social"])
    adresse = reverse("orientation_vers", args=[s.pk])
    assert f'href="{adresse}"' in client.get(reverse("structure", args=[s.pk])).content.decode()
    page = texte(client.get(adresse))
    assert "Maquette" in page
    assert "Close" not in page
    assert "Ailleurs" not in page
    for refusee in ("", str(close.pk)):
        assert "Choisissez une situation." in texte(client.get(adresse, {"situation": refusee}))
    recu = client.get(adresse, {"situation": str(a.pk)})
    assert recu["Location"] == f"{reverse('orientation_proposer', args=[a.pk])}?structure={s.pk}"
    preparee = client.get(recu["Location"])
    assert preparee.context["formulaire"]["destinataire"].value() == str(s.pk)
    with agir_comme(m["social"]):
        assert not Orientation.objects.exists()  # nothing is made by choosing
        annuaire.archiver(s.pk, par=m["social"])
    assert adresse not in client.get(reverse("structure", args=[s.pk])).content.decode()
    assert client.get(adresse)["Location"] == reverse("structure", args=[s.pk])
