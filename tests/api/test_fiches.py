"""A software files, completes, transmits, follows: by the parcours of the pages, with the same refusals."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon, Constat, Fiche, Information, Locataire, Releve
from socle import horloge
from socle.models import Evenement
from tests import recits
from tests.api.saisies import brouillon, deposee, fiche, grille, lue, personne, signaux
from tests.cles import Appelant, logiciel, pointeurs, probleme
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.partenaires.regards import compter, evenements, promesses

pytestmark = pytest.mark.django_db
TABLES = (Fiche, Brouillon, Locataire, Constat, Releve, Information)


def _equipe(m: Monde, pk: Any) -> Any:
    """The fiche as the équipe reads it."""
    with agir_comme(m["coordination"]):
        return Fiche.objects.visibles_par(m["coordination"]).avec_contenu().get(pk=pk)


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
    lu_par_l_equipe = _equipe(m, recu["id"])
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
    assert _equipe(m, pk).constat.faits == "Courrier qui déborde."
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
        parcours.renvoyer(uuid.UUID(recu["id"]), par=m["referent"], commentaires={"contexte": "Depuis quand ?"})
    assert lue(appelant.get(f"fiches/{recu['id']}/"))["a_faire"] == "corriger"
    assert [b["etat"] for b in lue(appelant.get("brouillons/"))["resultats"]] == ["a_corriger"]
    reponse = appelant.get(f"fiches/{recu['id']}/saisie/")
    assert lue(reponse)["commentaires"] == {"contexte": "Depuis quand ?"}
    reponse = appelant.patch(
        f"fiches/{recu['id']}/saisie/", {"contexte": {"faits": "Volets fermés depuis mars."}}, reponse["ETag"]
    )
    refus = appelant.ecrire("DELETE", f"fiches/{recu['id']}/saisie/", version=reponse["ETag"])
    probleme(refus, 409, "etat")
    assert lue(appelant.post(f"fiches/{recu['id']}/transmission/", version=reponse["ETag"]))["etat"] == "a_relire"
    with agir_comme(m["referent"]):
        parcours.valider(uuid.UUID(recu["id"]), par=m["referent"])
    assert lue(appelant.get(f"fiches/{recu['id']}/"))["etat"] == "transmise"
    assert _equipe(m, recu["id"]).constat.faits == "Volets fermés depuis mars."


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


# After the transmission ---------------------------------------------------------------------------------------


def test_l_information_fait_courir_la_semaine_comme_sur_la_page(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    with agir_comme(m["social"]):
        parcours.declarer_recevable(uuid.UUID(recu["id"]), par=m["social"])
    avant = lue(appelant.get(f"fiches/{recu['id']}/"))
    assert (avant["statut"], avant["a_faire"], avant["informer_avant"]) == ("en_cours", "informer", "2026-10-13")
    corps = {"le": "2026-09-22", "mode": "vive_voix"}
    apres = lue(appelant.post(f"fiches/{recu['id']}/information/", corps), 201)
    assert (apres["information"], apres["a_faire"]) == (corps, None)
    instruction = _equipe(m, recu["id"]).instruction
    assert instruction.etat == "delai_opposition"
    assert instruction.delai_jusqua == horloge.a_paris(datetime(2026, 9, 30).date(), 0)
    texte = json.dumps(apres)
    for mot in ("delai_opposition", "2026-09-30", "recevable"):
        assert mot not in texte


@pytest.mark.parametrize(
    ("corps", "ou"),
    [
        ({"le": "2026-09-23", "mode": "courrier"}, "#/le"),
        ({"le": "hier", "mode": "courrier"}, "#/le"),
        ({"le": "2026-09-22", "mode": "pigeon"}, "#/mode"),
        ({"le": "2026-09-22"}, "#/mode"),
        ({"le": "2026-09-22", "mode": "courrier", "heure": "12:00"}, "#/heure"),
    ],
)
def test_une_information_mal_dite_n_est_pas_enregistree(midi: datetime, corps: dict[str, Any], ou: str) -> None:
    m = monde()
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    refus = probleme(appelant.post(f"fiches/{recu['id']}/information/", corps), 422, "validation")
    assert set(pointeurs(refus)) == {ou}
    assert compter(Information) == {"Information": 0}


def test_une_fiche_terminee_se_lit_terminee_et_ne_recoit_plus_rien(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    lue(appelant.post(f"fiches/{recu['id']}/information/", {"le": "2026-09-22", "mode": "courrier"}), 201)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(uuid.UUID(recu["id"]), par=m["social"], motif="doublon")
    fin = lue(appelant.get(f"fiches/{recu['id']}/"))
    assert (fin["statut"], fin["a_faire"], fin["information"]) == ("terminee", None, None)
    assert "doublon" not in json.dumps(fin)
    refus = appelant.post(f"fiches/{recu['id']}/information/", {"le": "2026-09-22", "mode": "courrier"})
    probleme(refus, 409, "etat")
    probleme(appelant.post(f"fiches/{recu['id']}/complement/", {"texte": "Depuis mars."}), 409, "etat")
    assert compter(Information) == {"Information": 1}


def test_la_reponse_a_la_question_de_l_equipe_renvoie_la_fiche_a_l_etude(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    recu = deposee(appelant, m)
    adresse = f"fiches/{recu['id']}/complement/"
    probleme(appelant.post(adresse, {"texte": "Trop tôt."}), 409, "etat")
    with agir_comme(m["social"]):
        parcours.demander_complement(uuid.UUID(recu["id"]), par=m["social"], question="Depuis quand QUESTION ?")
    avant = appelant.get(f"fiches/{recu['id']}/")
    assert (lue(avant)["statut"], lue(avant)["a_faire"]) == ("a_completer", "completer")
    assert b"QUESTION" not in avant.content
    refus = probleme(appelant.post(adresse, {"texte": "Il est schizophrène."}), 422, "validation")
    assert refus["erreurs"][0]["formulations"][0]["mots"] == "schizophrène"
    refus = probleme(appelant.post(adresse, {"texte": "x" * 601}), 422, "validation")
    assert set(pointeurs(refus)) == {"#/texte"}
    apres = lue(appelant.post(adresse, {"texte": "Le courrier revient depuis mars."}), 201)
    assert apres["statut"] == "recue"
    assert _equipe(m, recu["id"]).instruction.etat == "transmise"
    with en_tant_que("palier_fabrique"):
        from signalements.models import Echange

        assert [e.texte for e in Echange.objects.order_by("le", "id")] == [
            "Depuis quand QUESTION ?", "Le courrier revient depuis mars."
        ]  # fmt: skip


def test_le_releve_a_six_mois_de_ce_qu_un_logiciel_a_depose_revient_aux_referents(midi: datetime) -> None:
    from indicateurs.parcours import echeances
    from signalements.enums import Moment

    m = monde()
    recu = deposee(logiciel(m), m)
    with agir_comme(m["social"]):
        parcours.declarer_recevable(uuid.UUID(recu["id"]), par=m["social"])
    horloge.regler(midi + timedelta(days=180))
    with en_tant_que("palier_systeme"):
        assert echeances.ouvrir_releves_dus() == 1
    with en_tant_que("palier_fabrique"):
        assert Releve.objects.get(moment=Moment.T6).evaluateur_id is None
    with agir_comme(m["referent"]):
        assert Releve.objects.all().a_rendre_par(m["referent"]).count() == 1


def test_les_fiches_des_gardiens_se_suivent_sans_leur_contenu_meme_en_sql(midi: datetime) -> None:
    m = monde(relecture=True)
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    attente = recits.envoyee(m)  # a gardien's, that the référent reads first
    envoyee = recits.envoyee(m)
    with agir_comme(m["referent"]):
        parcours.valider(envoyee.pk, par=m["referent"])
    assert [f["id"] for f in lue(appelant.get("fiches/"))["resultats"]] == [str(envoyee.pk)]
    recu = lue(appelant.get(f"fiches/{envoyee.pk}/"))
    assert (recu["deposee_par_ce_logiciel"], recu["reference"]) == (False, "26-0001")
    probleme(appelant.get(f"fiches/{attente.pk}/"), 404, "introuvable")
    probleme(appelant.get(f"fiches/{envoyee.pk}/saisie/"), 409, "etat")
    compte = appelant.logiciel.compte
    with agir_comme(compte):
        assert [f.pk for f in Fiche.objects.all()] == [envoyee.pk]
        for table in (Brouillon, Locataire, Constat, Releve):
            assert list(table.objects.all()) == [], table


def test_un_logiciel_ne_s_oppose_pas_n_abandonne_pas_et_ne_lit_pas_le_fil(midi: datetime) -> None:
    from django.core.exceptions import PermissionDenied
    from django.db import DatabaseError, connection, transaction

    from signalements.models import Echange
    from socle.transitions import TransitionInterdite

    m = monde()
    appelant: Appelant = logiciel(m)
    assert appelant.logiciel is not None
    recu = deposee(appelant, m)
    pk, compte = uuid.UUID(recu["id"]), appelant.logiciel.compte
    with agir_comme(m["social"]):
        parcours.ecrire_message(pk, par=m["social"], texte="Bonjour.")
    with agir_comme(compte):
        with pytest.raises(PermissionDenied):
            parcours.opposer(pk, par=compte)
        with pytest.raises(PermissionDenied):
            parcours.ecrire_message(pk, par=compte, texte="Bonjour.")
        with pytest.raises((PermissionDenied, TransitionInterdite, Fiche.DoesNotExist)):
            parcours.abandonner(pk, par=compte)
        with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
            curseur.execute(
                "SELECT droit.opposer(%s, %s, %s, '\\x00', %s)",
                [pk, midi, midi.date(), midi.date() + timedelta(days=700)],
            )
        assert Echange.objects.count() == 0
    assert _equipe(m, pk).instruction.etat == "transmise"
