"""A fiche as the équipe reads it, and its acts: each on its page, refused with the present state when it changed."""

import re
import uuid
from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.models import Echange, Fiche, Information, Instruction
from socle import horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import compte, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import etat_complet, evenements

EQUIPE = ("coordination", "soignant", "social")
AUTRES = ("gardien", "referent", "responsable", "correspondant", "coordination_clsm", "exploitation", "dpo")
ACTES = (
    "fiche_attribuer", "fiche_recevable", "fiche_complement", "fiche_non_recevable", "fiche_reorienter",
    "fiche_information", "fiche_classer", "fiche_opposer", "fiche_annuler_opposition", "fiche_message",
)  # fmt: skip


def _adresse(nom: str, fiche: Fiche) -> str:
    return reverse(nom, args=[fiche.pk])


def _lire(client: Client, fiche: Fiche, statut: int = 200) -> str:
    return texte(client.get(_adresse("fiche", fiche)), statut)


def _instruction(fiche: Fiche) -> Instruction:
    with en_tant_que("palier_fabrique"):
        return Instruction.objects.get(pk=fiche.pk)


def _version(fiche: Fiche) -> dict[str, int]:
    return {"version": _instruction(fiche).version}


def test_la_page_dit_tout_ce_que_l_equipe_peut_savoir(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, naissance=datetime(1972, 3, 1).date(), composition="Vit seule")
    with agir_comme(m["referent"]):
        parcours.ecrire_message(fiche.pk, par=m["referent"], texte="La gardienne est passée.")
    reponse = connecte(m["soignant"]).get(_adresse("fiche", fiche))
    page = texte(reponse)
    for attendu in (
        "Fiches 26-0001", "Mme Ondine Maquette", "À étudier", "54 ans · Les Tilleuls Nord",
        "bât. A, 3e étage, porte 12", m.bailleur.nom,
        "Prochaine étape : étudier la fiche", "À étudier avant le mardi 29 septembre 2026",
        "Fréquent Constat direct", "Permanent Constat direct",
        "Impayé", "Vit seule", "Volets fermés depuis trois semaines.",
        "La gardienne est passée.", "La personne n’est pas encore informée",
        "Sans personne", m["gardien"].nom_complet,
        "Données effacées deux ans après le dernier contact. Votre lecture de cette page est inscrite au journal.",
    ):  # fmt: skip
        assert attendu in page, attendu
    corps = reponse.content.decode()
    assert "<title>Fiche 26-0001 – Fiches – Palier</title>" in corps
    assert corps.count("btn-primary") == 1
    assert corps.count("<h1>") == 1
    assert evenements(m.equipe.pk)[-1] == Action.FICHE_LUE


@pytest.mark.parametrize("role", AUTRES)
def test_aucun_autre_role_n_ouvre_la_fiche_ni_ses_actes(db: None, midi: datetime, role: str) -> None:
    m = monde()
    fiche = recits.transmise(m, nom="CANARI")
    avant = etat_complet(fiche)
    client = connecte(m[role])
    for nom in ("fiche", *ACTES):
        for reponse in (client.get(_adresse(nom, fiche)), client.post(_adresse(nom, fiche), {"version": 1})):
            assert reponse.status_code in (404, 405), nom
            assert "CANARI" not in reponse.content.decode()
    assert etat_complet(fiche) == avant


def test_la_fiche_d_une_autre_equipe_est_introuvable(db: None, midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    fiche = recits.transmise(nord, nom="CANARI")
    avant = etat_complet(fiche)
    for role in EQUIPE:
        client = connecte(sud[role])
        for nom in ("fiche", *ACTES):
            inconnue = client.get(reverse(nom, args=[uuid.uuid4()]))
            reponse = client.get(_adresse(nom, fiche))
            assert (reponse.status_code, inconnue.status_code) == (404, 404)
            assert texte(reponse, 404) == texte(inconnue, 404)
            assert client.post(_adresse(nom, fiche), {"version": 1}).status_code == (405 if nom == "fiche" else 404)
    assert etat_complet(fiche) == avant


def test_la_semaine_bloque_la_visite_et_dit_jusqu_a_quand(db: None, midi: datetime) -> None:
    m = monde()
    page = _lire(connecte(m["social"]), recits.informee(m))
    assert "attendre la fin du délai, le mardi 29 septembre 2026 à minuit" in page
    assert "Aucune visite ni aucun contact avec un partenaire avant." in page
    assert "à partir du mercredi 30 septembre 2026" in page
    assert "Informée le 22 septembre De vive voix, notice remise. Enregistré par" in page
    assert "Ouvrir l’accompagnement" not in page


def test_une_opposition_connue_n_est_montree_qu_au_tri(db: None, midi: datetime) -> None:
    m = monde()
    premiere = recits.transmise(m)
    with agir_comme(m["referent"]):
        parcours.opposer(premiere.pk, par=m["referent"])
    horloge.regler(midi + timedelta(days=60))
    seconde = recits.transmise(m)
    client = connecte(m["social"])
    assert "s’est opposée le 22 septembre" in _lire(client, seconde)
    assert "Opposition connue" in texte(client.get("/fiches/"))


def test_le_meme_nom_dans_la_meme_residence_est_signale_quatre_vingt_dix_jours(db: None, midi: datetime) -> None:
    m = monde()
    ancienne = recits.transmise(m, porte="1")
    ailleurs = recits.transmise(m, porte="2", residence=m.autre_residence)
    autre_nom = recits.transmise(m, porte="3", nom="Maquet")
    horloge.regler(midi + timedelta(days=90))
    proche = recits.transmise(m, porte="4", nom="maquètte", prenom="")
    horloge.regler(midi + timedelta(days=91))
    loin = recits.transmise(m, porte="5")
    client = connecte(m["social"])
    page = _lire(client, proche)
    for autre in (loin, ancienne):
        assert f"Comparer avec {autre.reference} Nom proche, même résidence, à moins de 90 jours. À étudier" in page
    page = _lire(client, loin)
    assert f"Comparer avec {proche.reference} Nom proche, même résidence" in page
    for fiche in (ancienne, ailleurs, autre_nom):
        assert fiche.reference not in page
    assert "Peut-être la même personne" not in _lire(client, autre_nom)


# Each act, as it goes ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("nom", "envoi", "etat", "action"),
    [
        ("fiche_recevable", {}, "recevable", Action.RECEVABLE),
        ("fiche_non_recevable", {"motif": "hors_territoire"}, "non_recevable", Action.NON_RECEVABLE),
        ("fiche_complement", {"question": "Depuis quand ?"}, "a_completer", Action.COMPLEMENT_DEMANDE),
        ("fiche_reorienter", {}, "reorientee", Action.REORIENTEE),
        ("fiche_opposer", {"confirme": "on"}, "opposition", Action.OPPOSITION),
    ],
)
def test_un_acte_se_confirme_sur_sa_page_puis_revient_a_la_fiche(
    db: None, midi: datetime, nom: str, envoi: dict[str, str], etat: str, action: str
) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["social"])
    page = client.get(_adresse(nom, fiche))
    assert page.status_code == 200
    assert 'name="version"' in page.content.decode() or nom == "fiche_opposer"
    reponse = client.post(_adresse(nom, fiche), {**_version(fiche), **envoi})
    assert (reponse.status_code, reponse["Location"]) == (302, _adresse("fiche", fiche))
    assert _instruction(fiche).etat == etat
    assert action in evenements(m.equipe.pk)


def test_le_classement_demande_un_motif_et_garde_la_fiche_sans_lui(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    client = connecte(m["social"])
    avant = etat_complet(fiche, _instruction(fiche))
    page = texte(client.post(_adresse("fiche_classer", fiche), _version(fiche)))
    assert "Choisissez le motif." in page
    assert "Erreur : Classer la fiche – Fiche 26-0001" in page
    for motif in ("doublon", "inconnu"):  # a motif of another decision, or of none
        assert client.post(_adresse("fiche_classer", fiche), {**_version(fiche), "motif": motif}).status_code == 200
    assert etat_complet(fiche, _instruction(fiche)) == avant
    client.post(_adresse("fiche_classer", fiche), {**_version(fiche), "motif": "injoignable"})
    assert (_instruction(fiche).etat, _instruction(fiche).motif) == ("classee", "injoignable")
    page = _lire(client, fiche)
    assert "Motif Injoignable Lu par l’équipe seulement." in page
    assert "Données effacées le 22 septembre 2028 au plus tard." in page
    assert "Écrire un message" not in page


@pytest.mark.parametrize("longueur", [0, 601])
def test_une_question_vide_ou_trop_longue_est_rendue_avec_son_texte(db: None, midi: datetime, longueur: int) -> None:
    m = monde()
    fiche = recits.transmise(m)
    avant = etat_complet(fiche, _instruction(fiche))
    phrase = "q" * longueur
    reponse = connecte(m["social"]).post(_adresse("fiche_complement", fiche), {**_version(fiche), "question": phrase})
    page = texte(reponse)
    assert ("Écrivez votre question." if not longueur else "Raccourcissez votre question : 600 caractères") in page
    assert phrase in reponse.content.decode()
    assert etat_complet(fiche, _instruction(fiche)) == avant


def test_l_information_demarre_la_semaine_et_sa_correction_ne_fait_que_l_allonger(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    client = connecte(m["social"])
    adresse = _adresse("fiche_information", fiche)

    def envoyer(le: str) -> str:
        return texte(client.post(adresse, {"cle": str(uuid.uuid4()), "le": le, "mode": "courrier"}, follow=True))

    assert "La date doit être passée ou du jour." in envoyer("2026-09-23")
    assert _instruction(fiche).etat == "recevable"
    assert "Aucune visite avant le mercredi 30 septembre 2026" in envoyer("2026-09-22")
    fin = _instruction(fiche).delai_jusqua
    assert _instruction(fiche).etat == "delai_opposition"
    assert "Corriger l’information" in texte(client.get(adresse))
    envoyer("2026-09-15")  # an earlier date does not shorten it
    assert _instruction(fiche).delai_jusqua == fin
    horloge.regler(midi + timedelta(days=2))
    envoyer("2026-09-24")
    assert horloge.paris(_instruction(fiche).delai_jusqua).isoformat() == "2026-10-02T00:00:00+02:00"  # type: ignore[arg-type]


def test_un_double_envoi_n_ecrit_qu_une_information_et_qu_un_message(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.recevable(m)
    client = connecte(m["social"])
    cles = [str(uuid.uuid4()), str(uuid.uuid4())]
    for _ in range(2):
        envoi = {"cle": cles[0], "le": "2026-09-22", "mode": "courrier"}
        assert client.post(_adresse("fiche_information", fiche), envoi).status_code == 302
        assert client.post(_adresse("fiche_message", fiche), {"cle": cles[1], "texte": "Merci."}).status_code == 302
    with en_tant_que("palier_fabrique"):
        assert (Information.objects.count(), Echange.objects.count()) == (1, 1)
    assert "Merci." in _lire(client, fiche)
    # The same key with another text is refused, and both are shown.
    page = texte(client.post(_adresse("fiche_message", fiche), {"cle": cles[1], "texte": "Autre chose."}))
    assert "déjà été envoyé" in page
    with en_tant_que("palier_fabrique"):
        assert Echange.objects.count() == 1


def test_l_opposition_masque_la_fiche_et_la_coordination_seule_la_repare(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.informee(m)
    social, coordination = connecte(m["social"]), connecte(m["coordination"])
    page = texte(social.get(_adresse("fiche_opposer", fiche)))
    assert "Enregistrer l’opposition de Mme Ondine Maquette ?" in page
    assert "masqué à tout le monde maintenant, puis effacé le 29 septembre" in page
    assert "Cochez la case si la personne a refusé." in texte(social.post(_adresse("fiche_opposer", fiche), {}))
    assert _instruction(fiche).etat == "delai_opposition"
    social.post(_adresse("fiche_opposer", fiche), {"confirme": "on"})
    for client in (social, coordination):
        page = _lire(client, fiche)
        assert "Le contenu de cette fiche est masqué à tout le monde." in page
        for mot in ("Maquette", "Volets", "allée des Tilleuls", "porte 12", "Échanges avec"):
            assert mot not in page, mot
    assert "Réparer une opposition" not in _lire(social, fiche)
    assert "Contenu effacé le 29 septembre." in _lire(coordination, fiche)
    reparer = _adresse("fiche_annuler_opposition", fiche)
    assert social.post(reparer, {**_version(fiche), "confirme": "on"}).status_code == 403
    assert _instruction(fiche).etat == "opposition"
    assert "jusqu’au mardi 29 septembre 2026" in texte(coordination.get(reparer))
    coordination.post(reparer, {**_version(fiche), "confirme": "on"})
    assert "Mme Ondine Maquette" in _lire(social, fiche)
    assert _instruction(fiche).etat == "delai_opposition"


def test_l_opposition_ne_se_repare_plus_une_fois_le_contenu_efface(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    horloge.regler(midi + timedelta(days=7, minutes=1))
    client = connecte(m["coordination"])
    assert "Réparer une opposition" not in _lire(client, fiche)
    avant = etat_complet(fiche, _instruction(fiche))
    reparer = _adresse("fiche_annuler_opposition", fiche)
    assert client.get(reparer).status_code == 409
    assert client.post(reparer, {**_version(fiche), "confirme": "on"}).status_code == 409
    assert etat_complet(fiche, _instruction(fiche)) == avant


# Somebody else was quicker ---------------------------------------------------------------------------------------


def test_un_formulaire_perime_dit_l_etat_present_et_rend_le_texte(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["social"])
    version = _version(fiche)
    with agir_comme(m["soignant"]):
        parcours.declarer_recevable(fiche.pk, par=m["soignant"])
    avant = etat_complet(fiche, _instruction(fiche))
    question = "Une question assez longue pour ne pas être perdue ?"
    page = texte(client.post(_adresse("fiche_complement", fiche), {**version, "question": question}), 409)
    assert "La fiche 26-0001 a changé entre-temps" in page
    assert "État actuel : Information à enregistrer . Rien n’a été enregistré." in page
    assert question in page
    assert "Maquette" not in page
    assert client.get(_adresse("fiche_complement", fiche)).status_code == 409
    assert etat_complet(fiche, _instruction(fiche)) == avant


def test_une_decision_prise_sans_avoir_lu_la_reponse_est_refusee(db: None, midi: datetime) -> None:
    """`declarer_non_recevable` is possible before and after the answer: only the version tells."""
    m = monde()
    fiche = recits.transmise(m)
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Depuis quand ?")
    version = _version(fiche)
    with agir_comme(m["referent"]):
        parcours.completer(fiche.pk, par=m["referent"], reponse="Depuis mars.")
    client = connecte(m["social"])
    page = texte(client.post(_adresse("fiche_non_recevable", fiche), {**version, "motif": "incomplete"}), 409)
    assert "État actuel : À étudier" in page
    assert _instruction(fiche).etat == "transmise"


def test_le_second_qui_attribue_voit_le_choix_du_premier(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m["coordination"])
    adresse = _adresse("fiche_attribuer", fiche)
    version = _version(fiche)
    with agir_comme(m["social"]):
        parcours.attribuer(fiche.pk, par=m["social"], a=m["soignant"])
    reponse = client.post(adresse, {**version, "suivie_par": m["social"].pk})
    page = texte(reponse, 409)
    assert "Quelqu’un de l’équipe a modifié cette page entre-temps" in page
    assert f"Suivie par , enregistré par Quelqu’un de l’équipe {m['soignant'].nom_complet}" in page
    assert f"Suivie par , votre texte {m['social'].nom_complet}" in page
    assert _instruction(fiche).suivie_par_id == m["soignant"].pk
    # The form now bears the version that was just read: sent again, it holds.
    assert f'name="version" value="{_version(fiche)["version"]}"' in reponse.content.decode()
    assert client.post(adresse, {**_version(fiche), "suivie_par": m["social"].pk}).status_code == 302
    assert _instruction(fiche).suivie_par_id == m["social"].pk
    assert client.post(adresse, {**_version(fiche), "suivie_par": ""}).status_code == 302
    assert _instruction(fiche).suivie_par_id is None


def test_on_n_attribue_qu_a_quelqu_un_de_l_equipe_en_fonction(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    with en_tant_que("palier_fabrique"):
        partie = compte("social", m.equipe)
        partie.rattachements.update(au=midi.date())
    client = connecte(m["coordination"])
    page = texte(client.get(_adresse("fiche_attribuer", fiche)))
    assert m["social"].nom_complet in page
    avant = etat_complet(fiche, _instruction(fiche))
    for intrus in (m["referent"], m["gardien"], partie):
        assert intrus.nom not in page
        reponse = client.post(_adresse("fiche_attribuer", fiche), {**_version(fiche), "suivie_par": intrus.pk})
        assert reponse.status_code == 200
    assert etat_complet(fiche, _instruction(fiche)) == avant


@pytest.mark.parametrize("nom", [n for n in ACTES if n != "fiche_annuler_opposition"])
def test_apres_la_fin_aucun_acte_ne_passe(db: None, midi: datetime, nom: str) -> None:
    m = monde()
    fiche = recits.recevable(m)
    with agir_comme(m["social"]):
        parcours.classer(fiche.pk, par=m["social"], motif="deces")
    client = connecte(m["coordination"])
    avant = etat_complet(fiche, _instruction(fiche))
    envoi = {
        **_version(fiche), "cle": str(uuid.uuid4()), "motif": "autre", "question": "Encore ?", "texte": "Encore.",
        "confirme": "on", "le": "2026-09-22", "mode": "courrier", "suivie_par": "",
    }  # fmt: skip
    assert "État actuel : Classée" in texte(client.get(_adresse(nom, fiche)), 409)
    assert "État actuel : Classée" in texte(client.post(_adresse(nom, fiche), envoi), 409)
    assert etat_complet(fiche, _instruction(fiche)) == avant


def test_la_page_n_offre_que_ce_que_l_etat_et_le_role_permettent(db: None, midi: datetime) -> None:
    m = monde()
    offertes = {
        "transmise": {"Déclarer recevable", "Demander un complément", "Déclarer non recevable", "Réorienter"},
        "recevable": {"Enregistrer l’information", "Réorienter", "Classer"},
        "delai_opposition": {"Classer"},
    }
    tous = set().union(*offertes.values())
    client = connecte(m["social"])
    for fabrique in (recits.transmise, recits.recevable, recits.informee):
        fiche = fabrique(m)
        corps = client.get(_adresse("fiche", fiche)).content.decode()
        liens = set(re.findall(r">([^<>]+)</a>", corps))
        assert liens & tous == offertes[_instruction(fiche).etat]
        assert "Enregistrer son opposition" in liens
