"""The pages of a situation: who opens what, double clicks, second editors, stale forms, downloads, budgets."""

import re
from datetime import datetime, timedelta
from typing import Any
from uuid import uuid4

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.urls import reverse

from accompagnements import parcours
from accompagnements.models import (
    Accompagnement,
    Contrat,
    Document,
    Visite,
)
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from signalements.enums import EtatInstruction
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests import recits_accompagnements as histoires
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte

ONGLETS = (
    "situation", "situation_contrat", "situation_visites", "situation_orientations", "situation_notes",
    "situation_documents",
)  # fmt: skip
ROLES = (
    "coordination", "soignant", "social", "gardien", "referent", "responsable", "correspondant", "coordination_clsm",
    "exploitation", "dpo",
)  # fmt: skip
EQUIPE = frozenset({"coordination", "soignant", "social"})


def cle(page: Any) -> str:
    return str(page.context["formulaire"]["cle"].value())


def compter(m: Monde, modele: Any, **filtres: Any) -> int:
    with agir_comme(m["soignant"]):
        return int(modele.objects.filter(**filtres).count())


# Who opens what --------------------------------------------------------------------------------------------


def test_chaque_page_s_ouvre_a_l_equipe_et_a_elle_seule(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    a = histoires.en_cours(nord)
    adresses = [reverse(route, args=[a.pk]) for route in ONGLETS]
    for m in (nord, sud):
        for role in ROLES:
            client = connecte(m[role])
            attendu = 200 if m is nord and role in EQUIPE else 404
            for adresse in adresses:
                reponse = client.get(adresse)
                assert reponse.status_code == attendu, (adresse, role, m is nord)
                if attendu == 404:
                    assert b"Maquette" not in reponse.content
            liste = client.get(reverse("situations"))
            assert liste.status_code == (200 if role in EQUIPE else 404), role
            if role in EQUIPE:
                assert ("Maquette" in texte(liste)) is (m is nord)


def test_une_opposition_ferme_les_pages(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    client = connecte(m["coordination"])
    for route in ONGLETS:
        assert client.get(reverse(route, args=[a.pk])).status_code == 404
    assert lignes(client.get(reverse("situations"))) == []


def test_la_lecture_est_inscrite_au_journal(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Réservé.")
    connecte(m["soignant"]).get(reverse("situation_notes", args=[a.pk]))
    connecte(m["coordination"]).get(reverse("situation_notes", args=[a.pk]))
    with agir_comme(m["coordination"]):
        lues = Evenement.objects.all().de_l_objet(a.pk).filter(action__endswith="_lue")
        assert sorted(lues.values_list("compte_id", "action")) == sorted(
            [
                (m["soignant"].pk, "accompagnements.situation_lue"),
                (m["soignant"].pk, "accompagnements.clinique_lue"),
                (m["coordination"].pk, "accompagnements.situation_lue"),
            ]
        )


def test_une_note_clinique_a_trois_lectures(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Sentinelle clinique.")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="Sentinelle équipe.")
    for route in ("situation", "situation_notes"):
        pages = {r: texte(connecte(m[r]).get(reverse(route, args=[a.pk]))) for r in sorted(EQUIPE)}
        assert all("Sentinelle équipe." in page for page in pages.values())
        assert "Sentinelle clinique." in pages["soignant"]
        assert "Sentinelle clinique." not in pages["coordination"] + pages["social"]
        assert "Contenu réservé aux soignants de l’équipe." in pages["coordination"]
        assert "Clinique" in pages["coordination"]
        assert "Clinique" not in pages["social"]
        assert "Contenu réservé" not in pages["social"]


# The list --------------------------------------------------------------------------------------------------


def test_la_liste_met_le_retard_en_tete_et_se_filtre_par_l_adresse(db: None, midi: datetime) -> None:
    m = monde()
    histoires.ouvert(m, nom="Ancienne")
    horloge.avancer(days=30)
    histoires.ouvert(m, nom="Récente")
    histoires.en_cours(m, nom="Suivie")
    client = connecte(m["social"])
    noms = [re.search(r"Mme Ondine (\w+)", ligne)[1] for ligne in lignes(client.get(reverse("situations")))]  # type: ignore[index]
    assert noms[0] == "Ancienne"
    assert set(noms) == {"Ancienne", "Récente", "Suivie"}
    for adresse, attendus in (
        ("?etape=en_cours", 1), ("?etape=evaluation", 2), ("?etape=closes", 0), ("?q=Récente", 1), ("?q=26-0001", 1),
        (f"?suivie={m['soignant'].pk}", 3), (f"?suivie={m['coordination'].pk}", 0), ("?etape=inconnue&page=x", 3),
    ):  # fmt: skip
        assert len(lignes(client.get(reverse("situations") + adresse))) == attendus, adresse


@pytest.mark.parametrize("nombre", [3, 30])
def test_la_liste_coute_autant_a_trois_qu_a_trente(db: None, midi: datetime, nombre: int) -> None:
    m = monde()
    for n in range(nombre):
        histoires.ouvert(m, nom=f"Personne{n}")
    client = connecte(m["social"])
    client.get(reverse("situations"))
    with instructions() as vues:
        page = client.get(reverse("situations"))
    assert len(lignes(page)) == min(nombre, 25)
    assert len(vues) <= 12, enumerees(vues)
    if nombre > 25:
        suite = client.get(reverse("situations") + page.context["url_apres"])
        assert len(lignes(suite)) == nombre - 25
        assert lignes(client.get(reverse("situations") + suite.context["url_avant"])) == lignes(page)


# Acts ------------------------------------------------------------------------------------------------------


def test_ouvrir_depuis_la_fiche_une_seule_fois(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    client = connecte(m["social"])
    adresse = reverse("situation_ouvrir", args=[fiche.pk])
    assert adresse in connecte(m["social"]).get(reverse("fiche", args=[fiche.pk])).content.decode()
    corps = {"cle": cle(client.get(adresse)), "intervenants": [m["social"].pk], "referent": ""}
    for _ in range(2):
        client.post(adresse, corps)
    with agir_comme(m["social"]):
        a = Accompagnement.objects.get()
        assert [i.compte for i in a.intervenants.all()] == [m["social"]]
    assert client.get(adresse).status_code == 409
    page = client.get(reverse("fiche", args=[fiche.pk]))
    assert reverse("situation", args=[a.pk]) in page.content.decode()


def test_ouvrir_sans_personne_se_dit_sur_le_champ(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    client = connecte(m["social"])
    adresse = reverse("situation_ouvrir", args=[fiche.pk])
    page = client.post(adresse, {"cle": uuid4(), "intervenants": []})
    assert "Choisissez au moins une personne de l’équipe." in texte(page)
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.A_VISITER


def planifiee(m: Monde, a: Accompagnement) -> dict[str, Any]:
    return {
        "cle": str(uuid4()), "jour": "2026-10-20", "heure": "10:30", "duree": "60", "lieu": "domicile",
        "participants": [str(m["social"].pk)],
    }  # fmt: skip


def test_un_double_clic_ne_planifie_qu_une_visite(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = connecte(m["social"])
    corps = planifiee(m, a)
    for _ in range(2):
        assert client.post(reverse("visite_planifier", args=[a.pk]), corps).status_code == 302
    with agir_comme(m["social"]):
        visite = Visite.objects.get()
        assert horloge.paris(visite.debut).isoformat() == "2026-10-20T10:30:00+02:00"
        assert visite.premiere
    autre = client.post(reverse("visite_planifier", args=[a.pk]), {**corps, "heure": "11:00"})
    assert "déjà été envoyé" in texte(autre)
    assert compter(m, Visite) == 1


def test_une_regle_du_domaine_devient_une_erreur_du_champ(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m, seul=True)
    corps = {**planifiee(m, a), "ne_pas_y_aller_seul": "on"}
    page = connecte(m["social"]).post(reverse("visite_planifier", args=[a.pk]), corps)
    assert "Cette visite ne se fait pas seul" in texte(page)
    assert page.context["formulaire"].errors.keys() == {"participants"}
    assert compter(m, Visite) == 0


def test_le_compte_rendu_se_garde_tout_seul_puis_se_rend(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    visite = histoires.visite_prevue(m, a)
    client = connecte(m["soignant"])
    adresse, auto = reverse("visite", args=[visite.pk]), reverse("visite_brouillon", args=[visite.pk])
    assert client.post(auto, {"version": 1, "compte_rendu": "Elle ouvre"}).json() == {"version": 2}
    assert "Elle ouvre" in texte(client.get(adresse))
    assert connecte(m["social"]).post(auto, {"version": 1, "compte_rendu": "Perdu ?"}).status_code == 409
    assert client.post(auto, {"version": 2, "compte_rendu": "x" * 1501}).status_code == 400
    corps = {
        "version": 2,
        "issue": "faite",
        "participants": [m["soignant"].pk],
        "duree": "45",
        "compte_rendu": "Reçus.",
    }
    tot = client.post(adresse, corps)
    assert "n’a pas encore commencé" in texte(tot)
    horloge.regler(visite.debut + timedelta(hours=1))
    conflit = connecte(m["social"]).post(adresse, {**corps, "version": 1})
    assert "Elle ouvre" in texte(conflit, 409)
    assert "Reçus." in texte(conflit, 409)
    assert client.post(adresse, corps).status_code == 302
    with agir_comme(m["soignant"]):
        lue = Visite.objects.get()
        assert (lue.etat, lue.compte_rendu, lue.duree) == ("faite", "Reçus.", 45)
    assert "Reçus." in texte(client.get(adresse))
    assert client.post(auto, {"version": 3, "compte_rendu": "Réécrit"}).status_code == 409


def test_le_second_redacteur_du_diagnostic_voit_les_deux_textes(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    histoires.diagnostic_ecrit(m, a)
    client = connecte(m["soignant"])
    adresse = reverse("situation_diagnostic", args=[a.pk])
    corps = {"version": 0, "logement": "Chauffage réparé.", "axes": ["logement"]}
    conflit = client.post(adresse, corps)
    page = texte(conflit, 409)
    assert "Chauffage réparé." in page
    assert "Volets fermés, chauffage coupé." in page
    assert m["social"].nom_complet in page
    version = conflit.context["formulaire"]["version"].value()
    assert client.post(adresse, {**corps, "version": version}).status_code == 302
    assert "Chauffage réparé." in texte(client.get(reverse("situation_contrat", args=[a.pk])))


def signature(page: Any, **champs: Any) -> dict[str, Any]:
    return {
        "cle": cle(page), "signataire": "personne", "mandataire": "", "jusqu_au": "2027-03-01", "lu": "on",
        "mode": "ecran", "trace_personne": histoires.TRACE, "trace_equipe": histoires.TRACE, **champs,
    }  # fmt: skip


def test_signer_a_l_ecran_une_seule_fois(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.propose(m)
    client = connecte(m["soignant"])
    adresse = reverse("situation_signer", args=[a.pk])
    corps = signature(client.get(adresse))
    manque = client.post(adresse, {**corps, "trace_equipe": ""})
    assert "Il manque la signature de l’équipe." in texte(manque)
    assert manque.context["formulaire"]["trace_personne"].value() == histoires.TRACE
    assert compter(m, Contrat) == compter(m, Document) == 0
    for _ in range(2):
        assert client.post(adresse, corps).status_code == 302
    assert compter(m, Contrat) == compter(m, Document) == 1
    assert histoires.relu(m, a).etat == "en_cours"


def test_un_mauvais_fichier_se_dit_et_rien_n_est_ecrit(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.propose(m)
    client = connecte(m["soignant"])
    adresse = reverse("situation_signer", args=[a.pk])
    for contenu, mot in ((b"GIF89a" + b"\0" * 80, "PDF, ou une photo"), (b"%PDF-" + b"\0" * (5 * 2**20), "dépasse 5")):
        scan = SimpleUploadedFile("contrat.pdf", contenu, content_type="application/pdf")
        page = client.post(adresse, signature(client.get(adresse), mode="papier", scan=scan))
        assert mot in texte(page)
    assert compter(m, Contrat) == compter(m, Document) == 0
    assert histoires.relu(m, a).etat == "propose"
    with agir_comme(m["coordination"]):
        assert not Evenement.objects.filter(action="accompagnements.signe").exists()
