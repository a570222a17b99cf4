"""A meeting that is past is kept and never changes; nobody else sees it; what its pages cost."""

from datetime import datetime, timedelta

import pytest
from django.db import DatabaseError, connection, transaction

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action
from signalements.enums_reunions import EtatReunion
from signalements.models import DecisionReunion, PointReunion, PresenceReunion, Reunion
from socle.transitions import TransitionInterdite
from socle.versions import ConflitDeVersion
from tests import recits
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import evenements
from tests.signalements.test_reunions import _poster, decidees, ouverte, points, preparee


def test_une_reunion_passee_se_garde_et_ne_change_plus(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    reunion = ouverte(m, fiche)
    (point,) = points(m, reunion)
    _poster(m, point, "recevable", version=recits.relue(m, fiche).instruction.version)
    client = connecte(m["coordination"])
    assert "Terminer la réunion ?" in texte(client.get(f"/reunions/{reunion.pk}/terminer/"))
    assert client.post(f"/reunions/{reunion.pk}/terminer/").status_code == 302
    liste = texte(client.get("/reunions/"))
    assert "Passées Mardi 22 septembre 2026 1 fiche, 1 décidée" in liste
    assert f"ouverte par {m['coordination'].nom_complet}" in liste
    record = client.get(f"/reunions/{reunion.pk}/")
    assert "Déclarée recevable, noté par" in lignes(record)[0]
    assert "Maquette" not in record.content.decode()  # the record names nobody
    assert _poster(m, point, "discutee").status_code == 409
    for suite in ("ordre", "ouvrir", "presents", "terminer", "annuler", "choisir"):
        assert client.post(f"/reunions/{reunion.pk}/{suite}/", {"version": 1}).status_code == 409, suite
    with agir_comme(m["coordination"]):
        assert Reunion.objects.filter(pk=reunion.pk).update(le=midi.date() + timedelta(days=9)) == 0
        assert PointReunion.objects.filter(pk=point.pk).update(ordre=9) == 0
        with pytest.raises(DatabaseError), transaction.atomic():
            DecisionReunion.objects.create(
                point=point, reunion=reunion, equipe=m.equipe, decision="discutee", par=m["coordination"]
            )
    assert decidees(m) == [(fiche.reference, "recevable")]


ATTENDU = {
    ("preparation", "ouvrir_reunion"): "ouverte",
    ("preparation", "annuler_reunion"): "annulee",
    ("ouverte", "terminer_reunion"): "terminee",
}


@pytest.mark.parametrize("transition", ["ouvrir_reunion", "terminer_reunion", "annuler_reunion"])
@pytest.mark.parametrize("etat", list(EtatReunion))
def test_chaque_transition_de_chaque_etat(db: None, midi: datetime, etat: str, transition: str) -> None:
    m = monde()
    reunion = preparee(m)
    for avant in {"ouverte": ["ouvrir_reunion"], "terminee": ["ouvrir_reunion", "terminer_reunion"],
                  "annulee": ["annuler_reunion"]}.get(etat, []):  # fmt: skip
        with agir_comme(m["coordination"]):
            getattr(parcours, avant)(reunion.pk, par=m["coordination"])
    journal = evenements(m.equipe.pk)
    vers = ATTENDU.get((etat, transition))
    with agir_comme(m["social"]):
        if vers:
            getattr(parcours, transition)(reunion.pk, par=m["social"])
        else:
            with pytest.raises(TransitionInterdite):
                getattr(parcours, transition)(reunion.pk, par=m["social"])
    with en_tant_que("palier_fabrique"):
        assert Reunion.objects.get(pk=reunion.pk).etat == (vers or etat)
    assert len(evenements(m.equipe.pk)) == len(journal) + bool(vers)
    with agir_comme(m["referent"]), pytest.raises(Reunion.DoesNotExist):
        getattr(parcours, transition)(reunion.pk, par=m["referent"])


def test_la_version_de_l_ordre_du_jour_garde_des_ecrasements(db: None, midi: datetime) -> None:
    m = monde()
    reunion = preparee(m, recits.transmise(m))
    with agir_comme(m["social"]), pytest.raises(ConflitDeVersion):
        parcours.ordonner(reunion.pk, par=m["social"], ordre=[], questions={}, retires=[], version=reunion.version - 1)
    assert len(points(m, reunion)) == 1


def test_une_autre_equipe_et_les_bailleurs_ne_voient_aucune_reunion(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    reunion = ouverte(m, recits.transmise(m, nom="Canari"))
    (point,) = points(m, reunion)
    for qui in (autre["coordination"], m["referent"], m["responsable"], m["correspondant"], m["exploitation"]):
        client = connecte(qui)
        for adresse in (f"/reunions/{reunion.pk}/", f"/reunions/points/{point.pk}/"):
            reponse = client.get(adresse)
            assert reponse.status_code == 404
            assert "Canari" not in reponse.content.decode()
        with agir_comme(qui):
            for modele in (Reunion, PointReunion, DecisionReunion, PresenceReunion):
                assert modele.objects.count() == 0
    with agir_comme(autre["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        _voler(point, autre)


def _voler(point: PointReunion, autre: Monde) -> None:
    """Another équipe puts the fiche on an agenda of its own, with raw SQL."""
    PointReunion.objects.create(
        reunion_id=point.reunion_id, equipe=autre.equipe, fiche_id=point.fiche_id, ordre=1, question="point"
    )
    with connection.cursor() as curseur:
        curseur.execute("SET CONSTRAINTS ALL IMMEDIATE")


def test_lire_un_point_est_note_et_le_contenu_masque_reste_masque(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    reunion = ouverte(m, fiche)
    (point,) = points(m, reunion)
    client = connecte(m["social"])
    avant = evenements(m.equipe.pk).count(Action.FICHE_LUE)
    client.get(f"/reunions/points/{point.pk}/")
    assert evenements(m.equipe.pk).count(Action.FICHE_LUE) == avant + 1
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    page = texte(client.get(f"/reunions/points/{point.pk}/"))
    assert "Maquette" not in page
    assert "Contenu effacé" in page


@pytest.mark.parametrize("nombre", [3, 30])
def test_chaque_page_coute_douze_instructions_au_plus(db: None, midi: datetime, nombre: int) -> None:
    m = monde()
    fiches = [recits.transmise(m) for _ in range(nombre)]
    reunion = preparee(m, *fiches)
    client = connecte(m["coordination"])
    couts = []
    for adresse in ("/reunions/", f"/reunions/{reunion.pk}/", f"/reunions/{reunion.pk}/choisir/"):
        with instructions() as vues:
            assert client.get(adresse).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
        couts.append(len(vues))
    with agir_comme(m["coordination"]):
        parcours.ouvrir_reunion(reunion.pk, par=m["coordination"])
    (point, *_) = points(m, reunion)
    for adresse in (f"/reunions/{reunion.pk}/", f"/reunions/points/{point.pk}/", f"/reunions/{reunion.pk}/terminer/"):
        with instructions() as vues:
            assert client.get(adresse).status_code == 200
        assert len(vues) <= 12, enumerees(vues)
        couts.append(len(vues))
    assert couts == COUTS


COUTS = [7, 8, 9, 8, 12, 7]
