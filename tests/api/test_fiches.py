"""A software files, completes, transmits, follows: by the parcours of the pages, with the same refusals."""

import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon, Constat, Fiche, Information, Locataire, Releve
from socle import horloge
from socle.models import Evenement
from tests.api.saisies import brouillon, deposee, equipe_lit, fiche, grille, lue, personne, signaux
from tests.cles import logiciel, pointeurs, probleme
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import compter, evenements, promesses

pytestmark = pytest.mark.django_db
TABLES = (Fiche, Brouillon, Locataire, Constat, Releve, Information)


def _rien(m: Monde) -> None:
    """Nothing of a fiche, its journal or its effects."""
    assert compter(*TABLES) == {t.__name__: 0 for t in TABLES}
    assert [a for a in evenements() if a.startswith("signalements.")] == []
    assert [p for p in promesses() if p.startswith("signalements.")] == []


# Filing -------------------------------------------------------------------------------------------------------


def test_une_fiche_complete_part_en_une_requete(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    reponse = appelant.post("fiches/", {**fiche(m), "transmettre": True})
    recu = lue(reponse, 201)
    assert recu == {
        "id": recu["id"],
        "reference": "26-0001",
        "etat": "transmise",
        "statut": "recue",
        "residence": {"id": m.residence.pk, "nom": m.residence.nom},
        "cree_le": "2026-09-22T12:00:00+02:00",
        "envoyee_le": "2026-09-22T12:00:00+02:00",
        "transmise_le": "2026-09-22T12:00:00+02:00",
        "a_faire": None,
        "informer_avant": None,
        "information": None,
        "deposee_par_ce_logiciel": True,
        "page": f"http://127.0.0.1:8000/signalements/{recu['id']}/",
        "etudier_avant": "2026-09-29",
    }
    assert reponse["Location"] == f"http://testserver/api/v1/fiches/{recu['id']}/"
    lu_par_l_equipe = equipe_lit(m, recu["id"])
    assert lu_par_l_equipe.locataire.nom == "Maquette"
    assert lu_par_l_equipe.constat.faits == "Volets fermés depuis trois semaines."
    assert lu_par_l_equipe.instruction.etat == "transmise"
    assert lu_par_l_equipe.auteur == appelant.logiciel.compte  # type: ignore[union-attr]
    assert lu_par_l_equipe.auteur.nom_complet == "Logiciel Gestion locative"
    assert promesses().count("signalements.transmise") == 1


def test_le_journal_nomme_le_compte_du_logiciel_et_sa_cle(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    deposee(appelant, m)
    with en_tant_que("palier_fabrique"):
        lignes = Evenement.objects.filter(action__startswith="signalements.").order_by("action")
        assert [(e.action, e.organisation_id) for e in lignes] == [
            ("signalements.brouillon_cree", m.bailleur.pk), ("signalements.transmise", m.equipe.pk)
        ]  # fmt: skip
        qui = {(e.compte_id, e.session) for e in lignes}
    assert qui == {(appelant.logiciel.compte_id, appelant.jeton.split("_")[1])}


def test_un_brouillon_se_complete_puis_part(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    reponse = appelant.post("fiches/", {"personne": {"nom": "Maquette"}})
    pk = lue(reponse, 201)["id"]
    assert (lue(reponse, 201)["etat"], lue(reponse, 201)["statut"], reponse["ETag"]) == ("brouillon", None, '"2"')
    saisie = lue(appelant.get(f"fiches/{pk}/saisie/"))
    assert saisie["personne"]["nom"] == "Maquette"
    assert {m["pointeur"]: m["texte"] for m in saisie["manques"]}["#/personne/residence"] == "Choisissez la résidence."
    reponse = appelant.patch(f"fiches/{pk}/saisie/", {"personne": personne(m)}, '"2"')
    assert [e["pointeur"] for e in lue(reponse)["manques"]] == [
        f"#/signaux/{s.code}" for _, signaux_ in grille(m).par_domaine() for s in signaux_
    ]
    reponse = appelant.patch(
        f"fiches/{pk}/saisie/",
        {"grille": grille(m).pk, "signaux": signaux(m), "contexte": {"faits": "Courrier qui déborde."}},
        reponse["ETag"],
    )
    assert lue(reponse)["manques"] == []
    assert lue(reponse)["version"] == 4
    envoi = appelant.post(f"fiches/{pk}/transmission/", version=reponse["ETag"])
    assert (lue(envoi)["etat"], lue(envoi)["reference"]) == ("transmise", "26-0001")
    assert "ETag" not in envoi
    assert equipe_lit(m, pk).constat.faits == "Courrier qui déborde."
    assert compter(Brouillon) == {"Brouillon": 0}


def test_null_efface_une_reponse_et_l_absence_la_garde(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    pk, version = brouillon(appelant, m)
    reponse = appelant.patch(
        f"fiches/{pk}/saisie/",
        {"personne": {"prenom": None}, "contexte": {"inquietude": None, "situation": None}},
        version,
    )
    saisie = lue(reponse)
    assert (saisie["personne"]["nom"], saisie["personne"]["prenom"]) == ("Maquette", None)
    assert (saisie["contexte"]["inquietude"], saisie["contexte"]["situation"]) == (None, [])
    assert saisie["contexte"]["faits"] == "Volets fermés depuis trois semaines."


def test_ou_la_convention_le_demande_un_referent_relit_d_abord_et_peut_renvoyer(midi: datetime) -> None:
    m = monde(relecture=True)
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    assert (recu["etat"], recu["statut"], recu["reference"]) == ("a_relire", "recue", "")
    assert compter(*TABLES)["Fiche"] == 1
    with agir_comme(m["referent"]):
        parcours.renvoyer(uuid.UUID(recu["id"]), par=m["referent"], commentaires={"faits": "Depuis quand ?"})
    assert lue(appelant.get(f"fiches/{recu['id']}/"))["a_faire"] == "corriger"
    assert [b["etat"] for b in lue(appelant.get("brouillons/"))["resultats"]] == ["a_corriger"]
    reponse = appelant.get(f"fiches/{recu['id']}/saisie/")
    assert lue(reponse)["commentaires"] == {"faits": "Depuis quand ?"}
    ferme = appelant.patch(f"fiches/{recu['id']}/saisie/", {"personne": {"nom": "Autre"}}, reponse["ETag"])
    assert [e["pointeur"] for e in probleme(ferme, 422, "validation")["erreurs"]] == ["#/personne/nom"]
    reponse = appelant.patch(
        f"fiches/{recu['id']}/saisie/", {"contexte": {"faits": "Volets fermés depuis mars."}}, reponse["ETag"]
    )
    refus = appelant.ecrire("DELETE", f"fiches/{recu['id']}/saisie/", version=reponse["ETag"])
    probleme(refus, 409, "etat")
    assert lue(appelant.post(f"fiches/{recu['id']}/transmission/", version=reponse["ETag"]))["etat"] == "a_relire"
    with agir_comme(m["referent"]):
        parcours.valider(uuid.UUID(recu["id"]), par=m["referent"])
    assert lue(appelant.get(f"fiches/{recu['id']}/"))["etat"] == "transmise"
    assert equipe_lit(m, recu["id"]).constat.faits == "Volets fermés depuis mars."


def test_un_brouillon_s_efface_avec_son_contenu(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    pk, version = brouillon(appelant, m)
    probleme(appelant.ecrire("DELETE", f"fiches/{pk}/saisie/", version='"1"'), 412, "version")
    assert compter(Fiche, Brouillon) == {"Fiche": 1, "Brouillon": 1}
    assert appelant.ecrire("DELETE", f"fiches/{pk}/saisie/", version=version).status_code == 204
    assert compter(Fiche, Brouillon) == {"Fiche": 0, "Brouillon": 0}
    probleme(appelant.get(f"fiches/{pk}/"), 404, "introuvable")


# The same refusals as the pages -------------------------------------------------------------------------------

MINEUR = "Palier est fait pour les adultes."


@pytest.mark.parametrize(
    ("parties", "ou", "mot"),
    [
        ({"personne": {"majeur": "non"}}, "#/personne/majeur", MINEUR),
        ({"personne": {"naissance": "2010-01-01"}}, "#/personne/naissance", MINEUR),
        ({"personne": {"naissance": "2027-01-01"}}, "#/personne/naissance", "La date doit être passée ou du jour."),
        ({"personne": {"naissance": "1880-01-01"}}, "#/personne/naissance", "Vérifiez l’année de naissance."),
        ({"personne": {"nom": None}}, "#/personne/nom", "Écrivez le nom, même s’il n’est pas sûr."),
        ({"personne": {"majeur": None}}, "#/personne/majeur", "Répondez"),
        ({"personne": {"batiment": None}}, "#/personne/batiment", "Écrivez au moins le bâtiment"),
        ({"personne": {"telephone": "12"}}, "#/personne/telephone", "Écrivez un numéro à dix chiffres"),
        ({"signaux": {"LOG1": {"valeur": "2"}}}, "#/signaux/LOG1", "Dites comment vous le savez."),
        ({"signaux": {"LOG1": {"valeur": None}}}, "#/signaux/LOG1", "Choisissez une réponse"),
        ({"contexte": {"informee_le": "2026-09-21"}}, "#/contexte/mode_information", "Dites comment elle a été"),
        (
            {"contexte": {"informee_le": "2026-09-23", "mode_information": "courrier"}},
            "#/contexte/informee_le", "La date doit être passée ou du jour.",
        ),
        ({"contexte": {"faits": "C’est un alcoolique."}}, "#/contexte/faits", "Reformulez"),
    ],
)  # fmt: skip
def test_les_refus_sont_ceux_des_pages_et_ne_laissent_rien(
    midi: datetime, parties: dict[str, Any], ou: str, mot: str
) -> None:
    m = monde()
    appelant = logiciel(m)
    base = fiche(m)
    corps = {**base, **{nom: {**base[nom], **dedans} for nom, dedans in parties.items()}}
    refus = probleme(appelant.post("fiches/", {**corps, "transmettre": True}), 422, "validation")
    assert set(pointeurs(refus)) == {ou}
    assert mot in pointeurs(refus)[ou]
    _rien(m)
    reponse = appelant.post("fiches/", corps)  # the same thing as a draft is kept, and says what is missing
    pk = lue(reponse, 201)["id"]
    manques = lue(appelant.get(f"fiches/{pk}/saisie/"))["manques"]
    assert [m["pointeur"] for m in manques] == [ou]
    refus = probleme(appelant.post(f"fiches/{pk}/transmission/", version=reponse["ETag"]), 422, "validation")
    assert set(pointeurs(refus)) == {ou}
    assert compter(Fiche, Brouillon, Locataire) == {"Fiche": 1, "Brouillon": 1, "Locataire": 0}


@pytest.mark.parametrize("comment", ["terminee", "hors_commune", "fermee"])
def test_hors_convention_la_fiche_ne_part_pas_et_dit_qui_appeler(midi: datetime, comment: str) -> None:
    m = monde()
    appelant = logiciel(m)
    with en_tant_que("palier_fabrique"):
        if comment == "terminee":
            hier = horloge.aujourdhui() - timedelta(days=1)
            type(m.convention).objects.filter(pk=m.convention.pk).update(au=hier)
        elif comment == "hors_commune":
            ailleurs = type(m.territoire).objects.create(code_insee="99998", nom="Ailleurs")
            type(m.residence).objects.filter(pk=m.residence.pk).update(territoire=ailleurs)
        else:
            type(m.residence).objects.filter(pk=m.residence.pk).update(fermee_le=horloge.aujourdhui())
    refus = probleme(appelant.post("fiches/", {**fiche(m), "transmettre": True}), 422, "validation")
    texte = pointeurs(refus)["#/personne/residence"]
    attendu = "Choisissez une résidence de la liste." if comment == "fermee" else "Aucune convention ne couvre"
    assert texte.startswith(attendu)
    _rien(m)
    lues = lue(appelant.get("residences/"))["resultats"]
    assert {r["id"]: r["conventionnee"] for r in lues}[m.residence.pk] is False


def test_la_residence_d_un_autre_bailleur_n_existe_pas(midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    appelant = logiciel(m)
    corps = {**fiche(m), "personne": personne(sud)}
    for transmettre in (True, False):
        refus = probleme(appelant.post("fiches/", {**corps, "transmettre": transmettre}), 422, "validation")
        assert pointeurs(refus) == {"#/personne/residence": "Choisissez une résidence de la liste."}
    probleme(appelant.get(f"residences/{sud.residence.pk}/grille/"), 404, "introuvable")
    _rien(m)


def test_une_phrase_a_revoir_se_reformule_ou_se_garde_exprès_et_le_journal_le_dit(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    corps = {**fiche(m, contexte={"faits": "Les voisins disent qu’il est alcoolique."}), "transmettre": True}
    refus = probleme(appelant.post("fiches/", corps), 422, "validation")
    (formulation,) = refus["erreurs"][0]["formulations"]
    assert formulation["mots"] == "alcoolique"
    assert formulation["raison"]
    assert formulation["conseil"]
    assert "signalements.formulation_gardee" not in evenements()
    lue(appelant.post("fiches/", {**corps, "phrases_gardees": [formulation["empreinte"]]}), 201)
    assert evenements().count("signalements.formulation_gardee") == 1


def test_une_autre_version_de_la_grille_est_dite(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    refus = probleme(appelant.post("fiches/", fiche(m, grille=grille(m).pk + 1)), 422, "validation")
    assert "La liste des signaux a changé" in pointeurs(refus)["#/grille"]
    refus = probleme(
        appelant.post("fiches/", {"grille": grille(m).pk, "signaux": {"XYZ": {"valeur": "0"}}}), 422, "validation"
    )
    assert pointeurs(refus) == {"#/signaux/XYZ": "Ce signal n’est pas dans la grille."}
    refus = probleme(appelant.post("fiches/", {"signaux": {}}), 422, "validation")
    assert set(pointeurs(refus)) == {"#/grille"}
    _rien(m)
