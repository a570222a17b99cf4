"""The acts of a situation through its pages: stale forms, notes, accords, visits, documents."""

import re
from datetime import datetime
from typing import Any
from uuid import UUID, uuid4

import pytest
from django.test import Client
from django.urls import reverse

from accompagnements import parcours
from accompagnements.models import (
    Accompagnement,
    Accord,
    Contrat,
    Document,
    EntreeClinique,
    NoteEquipe,
    Objectif,
    Orientation,
    SituationLogement,
    Visite,
)
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from socle.models import Evenement
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_documents import produire
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

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


def test_un_formulaire_perime_dit_l_etat_et_garde_le_texte(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    client = connecte(m["social"])
    adresse = reverse("situation_terminer", args=[a.pk])
    corps = {
        "motif": "objectifs", "relais": "Le CCAS poursuit l’aide au courrier de la personne.",
        "situation_logement": "maintenu",
    }  # fmt: skip
    assert client.post(adresse, corps).status_code == 302
    page = texte(client.post(adresse, corps), 409)
    assert "Accompagnement terminé" in page
    assert "Le CCAS poursuit l’aide au courrier de la personne." in page
    assert client.get(reverse("visite_planifier", args=[a.pk])).status_code == 409
    assert compter(m, Document, genre="fin") == 1


def test_le_niveau_d_une_note_se_choisit_avant_d_ecrire(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    adresse = reverse("note_ecrire", args=[a.pk])
    soignant, social = connecte(m["soignant"]), connecte(m["social"])
    assert "Choisissez d’abord" not in texte(soignant.get(adresse))
    choisi = soignant.get(adresse + "?niveau=clinique")
    assert choisi.url == reverse("note_ecrire_niveau", args=[a.pk, "clinique"])  # type: ignore[attr-defined]
    assert social.get(adresse).url == reverse("note_ecrire_niveau", args=[a.pk, "equipe"])  # type: ignore[attr-defined]
    clinique = reverse("note_ecrire_niveau", args=[a.pk, "clinique"])
    for role in ("social", "coordination"):
        assert connecte(m[role]).post(clinique, {"cle": uuid4(), "texte": "Non."}).status_code == 403
    assert social.get(reverse("note_ecrire_niveau", args=[a.pk, "secret"])).status_code == 404
    soignant.post(clinique, {"cle": cle(soignant.get(clinique)), "texte": "Pour les soignants."})
    assert (compter(m, EntreeClinique), compter(m, NoteEquipe)) == (1, 0)


def test_seul_l_auteur_corrige_sa_note(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    with agir_comme(m["social"]):
        note = parcours.ecrire_note(a.pk, par=m["social"], niveau="equipe", texte="Vue à la fenêtre.")
    adresse = reverse("note_modifier", args=[note.pk])
    assert connecte(m["soignant"]).post(adresse, {"version": 1, "texte": "Réécrite."}).status_code == 403
    client = connecte(m["social"])
    assert client.post(adresse, {"version": 1, "texte": "Vue au balcon."}).status_code == 302
    page = texte(client.post(adresse, {"version": 1, "texte": "Vue dans la cour."}), 409)
    assert "Vue au balcon." in page
    assert "Vue dans la cour." in page


def test_accord_orientation_et_retrait_par_les_pages(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    client = connecte(m["social"])
    preparer = reverse("orientation_proposer", args=[a.pk])
    corps = {
        "cle": cle(client.get(preparer)), "destinataire": m.partenaire.pk, "demande": "Un rendez-vous.",
        "contacts": ["sms"],
    }  # fmt: skip
    for _ in range(2):
        client.post(preparer, corps)
    assert compter(m, Orientation) == 1
    recueillir = reverse("accord_recueillir", args=[a.pk])
    client.post(
        recueillir,
        {
            "cle": cle(client.get(recueillir)), "organisation": m.partenaire.pk, "portees": ["demande"],
            "mode": "oral", "le": horloge.aujourdhui().isoformat(),
        },
    )  # fmt: skip
    with agir_comme(m["social"]):
        accord = Accord.objects.get()
        o = Orientation.objects.get()
        parcours.envoyer_orientation(o.pk, par=m["social"])
    retirer = reverse("accord_retirer", args=[accord.pk])
    assert client.post(retirer).status_code == 302
    assert client.post(retirer).status_code == 409
    assert histoires.orientation_relue(m, o).etat == "retiree"
    sud = monde("Sud")
    assert connecte(sud["social"]).post(retirer).status_code == 404


def test_la_coordination_seule_decide_d_un_retrait(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    adresse = reverse("situation_retrait", args=[a.pk])
    assert connecte(m["coordination"]).get(adresse).status_code == 409
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    assert connecte(m["social"]).get(adresse).status_code == 403
    client = connecte(m["coordination"])
    incomplet = client.post(adresse, {"decision": "arreter"})
    assert incomplet.context["formulaire"].errors.keys() == {"relais", "situation_logement"}
    assert client.get(reverse("accord_recueillir", args=[a.pk])).status_code == 409
    assert client.post(adresse, {"decision": "poursuivre"}).status_code == 302
    assert histoires.relu(m, a).etat == "en_cours"


@pytest.mark.parametrize(
    ("recit", "route", "corps", "etat"),
    [
        ("evalue", "situation_proposer", {}, "propose"),
        ("propose", "situation_reprendre_evaluation", {}, "evaluation"),
        ("propose", "situation_refus_contrat", {"confirme": "on"}, "propose"),
        ("en_cours", "situation_suspendre", {"motif": "absence"}, "suspendu"),
        ("suspendu", "situation_reprendre", {}, "en_cours"),
        ("evalue", "situation_sans_suite", {"motif": "refus"}, "sans_suite"),
    ],
)
def test_chaque_acte_a_sa_page_et_dit_ce_qu_il_fait(
    db: None, midi: datetime, recit: str, route: str, corps: dict[str, str], etat: str
) -> None:
    m = monde()
    a: Accompagnement = getattr(histoires, recit)(m)
    client = connecte(m["social"])
    adresse = reverse(route, args=[a.pk])
    assert client.get(adresse).status_code == 200
    assert client.post(adresse, corps).status_code == 302
    assert histoires.relu(m, a).etat == etat
    assert connecte(m["referent"]).post(adresse, corps).status_code == 404


def test_objectifs_logement_releve_et_intervenants_ont_leur_page(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.evalue(m)
    client = connecte(m["social"])
    ajouter = reverse("objectif_ajouter", args=[a.pk])
    corps = {"cle": cle(client.get(ajouter)), "axe": "famille", "texte": "Appeler son frère."}
    for _ in range(2):
        client.post(ajouter, corps)
    with agir_comme(m["social"]):
        o = Objectif.objects.get(axe="famille")
    revoir = reverse("objectif_revoir", args=[o.pk])
    client.post(revoir, {"version": 1, "etat": "atteint", "texte": "Appeler son frère."})
    assert client.post(revoir, {"version": 1, "etat": "ouvert", "texte": "Autre."}).status_code == 409
    changer = reverse("situation_intervenants", args=[a.pk])
    client.post(changer, {"cle": cle(client.get(changer)), "intervenants": [m["social"].pk], "referent": ""})
    releve = reverse("situation_releve", args=[a.pk])
    vide = client.post(releve, {"cle": client.get(releve).context["formulaire"].cle["cle"].value()})
    assert vide.status_code == 200
    rempli = client.post(releve, {"tout_non_observe": "1"}).context["formulaire"]
    donnees = {nom: "NO" for f in rempli.formulaires for nom in f.fields if not nom.endswith("_source")}
    donnees = {n: v for n, v in donnees.items() if rempli_choix(rempli, n)}
    assert client.post(releve, {"cle": str(uuid4()), **donnees}).status_code == 302
    assert client.get(releve).status_code == 409
    logement = reverse("situation_logement", args=[a.pk])
    assert client.get(logement).status_code == 409
    horloge.regler(horloge.a_paris(a.logement_du_le))
    corps = {"cle": str(uuid4()), "situation": "maintenu", "le": horloge.aujourdhui().isoformat()}
    assert client.post(logement, corps).status_code == 302
    assert client.get(logement).status_code == 409
    assert compter(m, SituationLogement) == 1


def rempli_choix(formulaire: Any, nom: str) -> bool:
    """Whether a field takes « NO »."""
    return any("NO" in dict(getattr(f.fields.get(nom), "choices", [])) for f in formulaire.formulaires)


def test_une_visite_se_deplace_et_s_annule_par_ses_pages(db: None, midi: datetime) -> None:
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    client = connecte(m["social"])
    deplacer, annuler = reverse("visite_deplacer", args=[visite.pk]), reverse("visite_annuler", args=[visite.pk])
    assert client.post(deplacer, {"version": 1, "jour": "2026-11-02", "heure": "14:00"}).status_code == 302
    assert client.post(deplacer, {"version": 1, "jour": "2026-11-03", "heure": "14:00"}).status_code == 409
    assert client.post(annuler).status_code == 302
    assert client.get(annuler).status_code == 409
    with agir_comme(m["social"]):
        lue = Visite.objects.get()
        assert (lue.etat, horloge.paris(lue.debut).isoformat()) == ("annulee", "2026-11-02T14:00:00+01:00")


# Documents -------------------------------------------------------------------------------------------------


def test_un_document_se_telecharge_en_piece_jointe_par_qui_peut_le_lire(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a = histoires.en_cours(m)
    histoires.orientation_envoyee(m, a)
    attente = reverse("document", args=[_document(m, "contrat").pk])
    assert connecte(m["social"]).get(attente).status_code == 404
    contrat, lettre = produire(m, "contrat"), produire(m, "lettre")
    for document, lecteurs in ((contrat, EQUIPE), (lettre, EQUIPE | {"correspondant"})):
        adresse = reverse("document", args=[document.pk])
        for role in ROLES:
            reponse = connecte(m[role]).get(adresse)
            assert reponse.status_code == (200 if role in lecteurs else 404), (document.genre, role)
            assert connecte(sud[role]).get(adresse).status_code == 404
            if role in lecteurs:
                assert reponse.content == document.octets
                assert reponse["Content-Type"] == "application/pdf"
                assert reponse["Content-Disposition"].startswith("attachment; filename=")
                assert "26-0001.pdf" in reponse["Content-Disposition"]
                assert "Maquette" not in reponse["Content-Disposition"]
                assert reponse["X-Content-Type-Options"] == "nosniff"
    with agir_comme(m["coordination"]):
        assert Evenement.objects.filter(action="accompagnements.document_lu").count() == 7


def test_un_document_en_retard_se_redemande(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = _document(m, "contrat")
    client = connecte(m["social"])
    page = client.get(reverse("situation_documents", args=[document.accompagnement_id]))
    assert "En préparation. Vous pouvez quitter cette page." in texte(page)
    assert client.post(reverse("document_relancer", args=[document.pk])).status_code == 302
    assert _document(m, "contrat").delegation_id != document.delegation_id
    produire(m, "contrat")
    assert client.post(reverse("document_relancer", args=[document.pk])).status_code == 409
    assert connecte(m["referent"]).post(reverse("document_relancer", args=[document.pk])).status_code == 404


def _document(m: Monde, genre: str) -> Document:
    with agir_comme(m["coordination"]):
        return Document.objects.get(genre=genre)


def test_un_titre_de_page_ne_nomme_jamais_la_personne(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    client = connecte(m["social"])
    visite = histoires.visite_prevue(m, a)
    adresses = [
        reverse(r, args=[a.pk]) for r in (*ONGLETS, "visite_planifier", "situation_signer", "situation_terminer")
    ]
    for adresse in [*adresses, reverse("visite", args=[visite.pk])]:
        contenu = client.get(adresse).content.decode()
        titre = re.search(r"<title>(.*?)</title>", contenu, re.DOTALL)
        assert titre is not None
        assert "26-0001" in titre[1]
        assert "Maquette" not in titre[1]


def test_un_get_n_ecrit_rien_que_le_journal(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m)
    client = connecte(m["soignant"])
    version = histoires.relu(m, a).version
    for route in (*ONGLETS, "visite_planifier", "situation_signer", "situation_suspendre", "note_ecrire"):
        client.get(reverse(route, args=[a.pk]))
    assert histoires.relu(m, a).version == version
    with en_tant_que("palier_fabrique"):
        assert Contrat.objects.count() == 1


def test_une_cle_inconnue_donne_404(db: None) -> None:
    m = monde()
    client: Client = connecte(m["social"])
    inconnue: UUID = uuid4()
    for route in (*ONGLETS, "visite", "document", "objectif_revoir", "accord_retirer", "note_modifier"):
        assert client.get(reverse(route, args=[inconnue])).status_code == 404
