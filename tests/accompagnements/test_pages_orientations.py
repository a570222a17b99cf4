"""The partner's pages of orientations: the inbox, what it shows and hides, the answer, what follows."""

from datetime import datetime, timedelta

import pytest

from accompagnements import parcours
from accompagnements.enums import EtatOrientation
from accompagnements.models import Document, Orientation
from partenaires.enums import GenreOrganisation
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import ACTES, cle_neuve, cles, entrer, page_de, recues
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde, organisation
from tests.partenaires.regards import etat_complet, evenements
from tests.recits_accompagnements import orientation_relue as relue

AUTRES = ("gardien", "referent", "responsable", "coordination_clsm", "exploitation", "dpo")


def test_chaque_role_a_ses_pages_et_ignore_celles_des_autres(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    for role in ("coordination", "soignant", "social"):
        client = entrer(m[role])
        assert [client.get(a).status_code for a in ("/orientations/", page_de(o))] == [200, 200]
        assert [client.get(a).status_code for a in ("/orientations/recues/", recues(o))] == [404, 404]
    client = entrer(m["correspondant"])
    assert [client.get(a).status_code for a in ("/orientations/recues/", recues(o))] == [200, 200]
    assert [client.get(a).status_code for a in ("/orientations/", page_de(o))] == [404, 404]
    assert {client.post(page_de(o, a)).status_code for a in ACTES[:-1]} == {404}
    for role in AUTRES:
        client = entrer(m[role])
        for adresse in ("/orientations/", page_de(o), "/orientations/recues/", recues(o), recues(o, "lettre/")):
            assert client.get(adresse).status_code == 404, (role, adresse)
        assert client.post(recues(o, "repondre/")).status_code == 404


def test_le_correspondant_arrive_sur_ses_orientations(db: None, midi: datetime) -> None:
    m = monde()
    reponse = entrer(m["correspondant"]).get("/")
    assert (reponse.status_code, reponse.url) == (302, "/orientations/recues/")  # type: ignore[attr-defined]


def test_la_boite_dit_ce_qui_attend_et_ce_qui_tarde_en_premier(db: None, midi: datetime) -> None:
    m = monde()
    client = entrer(m["correspondant"])
    assert "Aucune orientation reçue" in client.get("/orientations/recues/").content.decode()
    ancienne = histoires.orientation_envoyee(m)
    horloge.avancer(days=15)
    recente = histoires.orientation_envoyee(m)
    acceptee = histoires.orientation_repondue(m, "accepter")
    page = entrer(m["correspondant"]).get("/orientations/recues/")
    assert [(x.pk, x.delai.etat) for x in page.context["a_repondre"]] == [
        (ancienne.pk, "retard"), (recente.pk, "a_venir"),
    ]  # fmt: skip
    assert [x.pk for x in page.context["repondues"]] == [acceptee.pk]
    texte = page.content.decode()
    attente = (horloge.aujourdhui() - horloge.paris(ancienne.envoyee_le or midi).date()).days
    assert f"Sans réponse depuis {attente}\xa0j" in texte
    assert "Répondre avant le" in texte
    assert "Acceptée, rendez-vous le" in texte
    assert "2 attendent votre réponse" in texte.replace("\xa0", " ")


def test_le_partenaire_lit_ce_que_l_accord_couvre_et_rien_d_autre(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m, telephone="06 00 00 00 00", faits="CANARI-FAITS")
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="CANARI-NOTE")
    o = histoires.orientation_envoyee(m, a)
    avant = evenements(m.equipe.pk)
    page = entrer(m["correspondant"]).get(recues(o)).content.decode()
    for attendu in (
        "Mme\N{NO-BREAK SPACE}Ondine Maquette", "06 00 00 00 00", "Un premier rendez-vous, plutôt le matin.",
        "Plutôt par SMS",
        "Accord recueilli", f"accepte que le {m.partenaire.nom} reçoive ses coordonnées et cette demande.",
        "Rien d’autre ne vous est transmis.", "Aucune information médicale ici.", "Envoyer la réponse",
    ):  # fmt: skip
        assert attendu in page, attendu
    assert "CANARI" not in page
    assert str(a.pk) not in page
    assert evenements(m.equipe.pk)[len(avant) :] == [
        "accompagnements.orientation_lue", "accompagnements.orientations_lues",
    ]  # fmt: skip


REPONSES: dict[str, tuple[dict[str, str], str]] = {
    "accepter": ({"jour": "2026-11-01", "heure": "09:15", "avec": "le secrétariat"}, EtatOrientation.ACCEPTEE),
    "mettre_en_attente": ({"revoir_le": "2026-11-15"}, EtatOrientation.LISTE_ATTENTE),
    "refuser": ({"motif": "sans_place"}, EtatOrientation.REFUSEE),
}


@pytest.mark.parametrize("issue", REPONSES)
def test_le_partenaire_repond_une_seule_fois_meme_en_cliquant_deux_fois(db: None, midi: datetime, issue: str) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["correspondant"])
    champs, etat = REPONSES[issue]
    # What was typed under another answer is ignored, even wrong.
    saisie = {"revoir_le": "x", "motif": "y", "jour": "z", **champs, "issue": issue, "message": "À bientôt."}
    saisie |= cles(client.get(recues(o)))
    premiere = client.post(recues(o, "repondre/"), saisie)
    assert (premiere.status_code, premiere.url) == (302, recues(o))  # type: ignore[attr-defined]
    faite = relue(m, o)
    assert (faite.etat, faite.reponse, faite.repondue_par_id) == (etat, "À bientôt.", m["correspondant"].pk)
    if issue == "accepter":
        assert faite.rendez_vous == horloge.a_paris(datetime(2026, 11, 1).date(), 9, 15)
        assert faite.rendez_vous_avec == "le secrétariat"
    assert client.post(recues(o, "repondre/"), saisie).status_code == 302
    assert relue(m, o).version == faite.version
    page = client.get(recues(o)).content.decode()
    assert "À bientôt." in page
    assert ("Enregistrer la prise en charge" in page) is (issue != "refuser")


def test_une_reponse_venue_trop_tard_est_dite_et_ne_change_rien(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["correspondant"])
    saisie = {"issue": "accepter", "jour": "2026-11-01", "heure": "09:15", "message": "Un message assez long à garder."}
    saisie |= cles(client.get(recues(o)))
    with agir_comme(m["social"]):
        parcours.repondre(
            o.pk, par=m["social"], issue="mettre_en_attente", revoir_le=horloge.aujourdhui() + timedelta(days=9)
        )
    avant = etat_complet(o)
    reponse = client.post(recues(o, "repondre/"), saisie)
    assert reponse.status_code == 409
    texte = reponse.content.decode()
    assert "Un message assez long à garder." in texte
    assert "Liste d’attente" in texte
    assert etat_complet(o) == avant
    # The page read again allows to accept what waits.
    saisie |= cles(client.get(recues(o)))
    assert client.post(recues(o, "repondre/"), saisie).status_code == 302
    assert relue(m, o).etat == EtatOrientation.ACCEPTEE


@pytest.mark.parametrize(
    ("champs", "fautes"),
    [
        ({}, {"issue"}),
        ({"issue": "oublier"}, {"issue"}),
        ({"issue": "accepter"}, {"jour", "heure"}),
        ({"issue": "accepter", "jour": "2026-09-01", "heure": "09:15"}, {"jour"}),
        ({"issue": "accepter", "jour": "2036-09-01", "heure": "25:15"}, {"jour", "heure"}),
        ({"issue": "accepter", "jour": "2026-11-01", "heure": "09:15", "avec": "x" * 121}, {"avec"}),
        ({"issue": "mettre_en_attente"}, {"revoir_le"}),
        ({"issue": "mettre_en_attente", "revoir_le": "2026-09-01"}, {"revoir_le"}),
        ({"issue": "refuser", "motif": "maladie"}, {"motif"}),
        ({"issue": "refuser", "motif": "sans_place", "message": "x" * 401}, {"message"}),
        ({"issue": "refuser", "motif": "sans_place", "version": ""}, {"version"}),
        ({"issue": "refuser", "motif": "sans_place", "cle": "x"}, {"cle"}),
    ],
)
def test_une_reponse_fausse_garde_ce_qui_etait_ecrit(
    db: None, midi: datetime, champs: dict[str, str], fautes: set[str]
) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["correspondant"])
    saisie = {"message": "Gardez ceci.", **cles(client.get(recues(o))), **champs}
    avant = etat_complet(o)[1:]
    reponse = client.post(recues(o, "repondre/"), saisie)
    assert reponse.status_code == 200
    assert set(reponse.context["formulaire"].errors) == fautes
    assert saisie["message"] in reponse.content.decode()
    assert "<title>Erreur" in reponse.content.decode()
    assert etat_complet(o)[1:] == avant


def test_la_personne_est_venue_puis_c_est_fini(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_repondue(m, "accepter")
    horloge.avancer(days=6)
    client = entrer(m["correspondant"])
    saisie = cles(client.get(recues(o)), "prise_en_charge")
    avant = etat_complet(o)[1:]
    for le in ("", "x", "2026-01-01", "2027-01-01"):
        refus = client.post(recues(o, "prise-en-charge/"), {**saisie, "le": le})
        assert (refus.status_code, list(refus.context["prise_en_charge"].errors)) == (200, ["le"]), le
    assert etat_complet(o)[1:] == avant
    hier = horloge.aujourdhui() - timedelta(days=1)
    assert client.post(recues(o, "prise-en-charge/"), {**saisie, "le": hier.isoformat()}).status_code == 302
    assert (relue(m, o).etat, relue(m, o).prise_en_charge_le) == (EtatOrientation.PRISE_EN_CHARGE, hier)
    saisie = cles(client.get(recues(o)), "fin")
    trop_tot = client.post(recues(o, "terminer/"), {**saisie, "le": (hier - timedelta(days=1)).isoformat()})
    assert list(trop_tot.context["fin"].errors) == ["le"]
    fin = {**saisie, "le": horloge.aujourdhui().isoformat()}
    assert client.post(recues(o, "terminer/"), fin).status_code == 302
    assert relue(m, o).etat == EtatOrientation.TERMINEE
    assert "Terminée" in client.get(recues(o)).content.decode()
    assert client.post(recues(o, "prise-en-charge/"), {**fin, "cle": cle_neuve()}).status_code == 409


@pytest.mark.parametrize("comment", ["accord", "retrait"])
def test_un_accord_retire_ferme_la_page_aussitot(db: None, midi: datetime, comment: str) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["correspondant"])
    saisie = {"issue": "refuser", "motif": "sans_place", **cles(client.get(recues(o)))}
    with agir_comme(m["soignant"]):
        if comment == "accord":
            assert o.accord_id is not None
            parcours.retirer_accord(o.accord_id, par=m["soignant"])
        else:
            parcours.retirer(o.pk, par=m["soignant"], motif="erreur")
    avant = relue(m, o).version
    assert client.get(recues(o)).status_code == 404
    assert client.get(recues(o, "lettre/")).status_code == 404
    assert [client.post(recues(o, a), saisie).status_code for a in ("repondre/", "prise-en-charge/", "terminer/")] == [
        404, 404, 404,
    ]  # fmt: skip
    assert "Maquette" not in client.get("/orientations/recues/").content.decode()
    assert relue(m, o).version == avant


def test_un_autre_partenaire_ne_sait_pas_qu_elle_existe(db: None, midi: datetime) -> None:
    m, autre = monde(), monde("Sud")
    o = histoires.orientation_envoyee(m)
    with en_tant_que("palier_fabrique"):
        ccas = organisation(GenreOrganisation.PARTENAIRE, "CCAS")
        agente = compte("correspondant", ccas)
    avant = etat_complet(o)
    for personne in (agente, autre["correspondant"]):
        client = entrer(personne)
        assert client.get(recues(o)).status_code == 404
        assert client.get(recues(o, "lettre/")).status_code == 404
        assert client.post(recues(o, "repondre/"), {"issue": "refuser"}).status_code == 404
        assert "Maquette" not in client.get("/orientations/recues/").content.decode()
    for personne in (autre["coordination"], autre["soignant"]):
        client = entrer(personne)
        assert {client.get(page_de(o, a)).status_code for a in ("", *ACTES)} == {404}
        assert {client.post(page_de(o, a)).status_code for a in ACTES[:-1]} == {404}
        assert "Maquette" not in client.get("/orientations/").content.decode()
    assert etat_complet(o)[1:] == avant[1:]


def test_la_lettre_se_telecharge_quand_elle_est_prete(db: None, midi: datetime) -> None:
    m = monde()
    o = histoires.orientation_envoyee(m)
    client = entrer(m["correspondant"])
    assert "lettre/" not in client.get(recues(o)).content.decode()
    assert client.get(recues(o, "lettre/")).status_code == 404
    produire_la_lettre(m, o)
    assert recues(o, "lettre/") in client.get(recues(o)).content.decode()
    for personne, adresse in ((m["correspondant"], recues(o, "lettre/")), (m["social"], page_de(o, "lettre/"))):
        avant = len(evenements(m.equipe.pk))
        lettre = entrer(personne).get(adresse)
        assert (lettre.status_code, lettre["Content-Type"], lettre.content) == (200, "application/pdf", b"%PDF-1.7 x")
        assert lettre["Content-Disposition"] == f'attachment; filename="orientation-{o.reference}.pdf"'
        assert evenements(m.equipe.pk)[avant:] == ["accompagnements.document_lu"]


def produire_la_lettre(m: Monde, o: Orientation) -> None:
    with agir_comme(m["soignant"]):
        lettre = Document.objects.lettre_de(o.pk).get()
        assert parcours.enregistrer_octets(lettre.pk, b"%PDF-1.7 x")


def test_le_cout_des_listes_ne_suit_pas_le_nombre_de_lignes(db: None, midi: datetime) -> None:
    m = monde()
    for _ in range(2):
        histoires.orientation_envoyee(m)
    faite = histoires.orientation_repondue(m, "refuser")
    pages = {"/orientations/": entrer(m["social"]), recues(faite): entrer(m["correspondant"])}
    for adresse, client in pages.items():
        client.get(adresse)  # the first page of a session writes its date

    def couts() -> list[int]:
        lus = []
        for adresse, client in pages.items():
            with instructions() as vues:
                assert client.get(adresse).status_code == 200
            assert len(vues) <= 12, (adresse, enumerees(vues))
            lus.append(len(vues))
        return lus

    avant = couts()
    for n in range(27):
        histoires.orientation_envoyee(m) if n % 2 else histoires.orientation_repondue(m, "refuser")
    assert couts() == avant
