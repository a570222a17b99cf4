"""What follows a transmission: information of the household, answer to the équipe, end, and what stays closed."""

import json
import uuid
from datetime import datetime, timedelta
from typing import Any

import pytest

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.models import Brouillon, Constat, Fiche, Information, Locataire, Releve
from socle import horloge
from tests import recits
from tests.api.saisies import deposee, equipe_lit, lue
from tests.cles import Appelant, logiciel, pointeurs, probleme
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.partenaires.regards import compter

pytestmark = pytest.mark.django_db


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
    instruction = equipe_lit(m, recu["id"]).instruction
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
    assert equipe_lit(m, recu["id"]).instruction.etat == "transmise"
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
    assert equipe_lit(m, pk).instruction.etat == "transmise"
