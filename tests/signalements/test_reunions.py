"""The réunion d'équipe: chosen, ordered, printed without a name, decided in place by the acts of the fiche, kept."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import Action, EtatInstruction
from signalements.enums_reunions import Decision, Question
from signalements.models import DecisionReunion, Fiche, PointReunion, PresenceReunion, Reunion
from socle import horloge
from socle.models import Envoi
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte
from tests.partenaires.regards import evenements

CLE = "00000000-0000-4000-8000-00000000000"


def preparee(m: Monde, *fiches: Fiche, qui: str = "coordination") -> Reunion:
    """A meeting of today with these fiches on its agenda."""
    with agir_comme(m[qui]):
        reunion = parcours.preparer_reunion(par=m[qui], le=horloge.aujourdhui())
        parcours.inscrire(reunion.pk, par=m[qui], fiches=[f.pk for f in fiches])
        return Reunion.objects.get(pk=reunion.pk)


def ouverte(m: Monde, *fiches: Fiche) -> Reunion:
    reunion = preparee(m, *fiches)
    with agir_comme(m["coordination"]):
        return parcours.ouvrir_reunion(reunion.pk, par=m["coordination"])


def points(m: Monde, reunion: Reunion) -> list[PointReunion]:
    with agir_comme(m["coordination"]):
        return list(PointReunion.objects.all().de_la_reunion(reunion).select_related("fiche", "fiche__instruction"))


def decidees(m: Monde) -> list[tuple[str, str]]:
    with en_tant_que("palier_fabrique"):
        lues = DecisionReunion.objects.select_related("point__fiche").order_by("le", "pk")
        return [(d.point.fiche.reference, d.decision) for d in lues]


# Preparing --------------------------------------------------------------------------------------------------


def test_on_prepare_choisit_et_retrouve_l_ordre_du_jour(db: None, midi: datetime) -> None:
    m = monde()
    etudier, informer = recits.transmise(m, nom="Etudier"), recits.recevable(m, nom="Informer")
    client = connecte(m["social"])
    reponses = [client.post("/reunions/preparer/", {"cle": CLE + "1", "le": "2026-09-24"}) for _ in range(2)]
    choisir = reponses[0]["Location"]
    assert reponses[1]["Location"] == choisir  # a double click makes one
    page = client.get(choisir)
    assert [re.search(r"26-\d{4}", r)[0] for r in lignes(page)] == ["26-0001", "26-0002"]  # type: ignore[index]
    assert page.content.decode().count('type="checkbox"') == 2
    assert client.post(choisir, {"fiche": [str(informer.pk), str(etudier.pk), "inconnue"]}).status_code == 302
    pk = choisir.split("/")[2]
    preparation = client.get(f"/reunions/{pk}/")
    assert "2 fiches à discuter" in texte(preparation)
    assert [re.search(r"26-\d{4}", r)[0] for r in lignes(preparation)] == ["26-0002", "26-0001"]  # type: ignore[index]
    assert "Mme Ondine Informer" in texte(preparation)
    assert "Inscrite" in lignes(client.get(choisir))[0]
    with en_tant_que("palier_fabrique"):
        assert [p.question for p in PointReunion.objects.order_by("ordre")] == ["information", "recevabilite"]
    assert "jeudi 24 septembre 2026" in texte(client.get("/reunions/")).lower()


def test_l_ordre_les_questions_et_les_retraits_s_enregistrent_au_clavier(db: None, midi: datetime) -> None:
    m = monde()
    fiches = [recits.transmise(m, nom=n) for n in ("Une", "Deux", "Trois")]
    reunion = preparee(m, *fiches)
    une, deux, trois = points(m, reunion)
    corps: dict[str, Any] = {"version": reunion.version}
    for point, rang, question in ((une, 2, "doublon"), (deux, 1, "recevabilite"), (trois, "", "point")):
        corps |= {f"rang_{point.pk}": rang, f"question_{point.pk}": question}
    corps[f"retirer_{trois.pk}"] = "on"
    client = connecte(m["soignant"])
    assert client.post(f"/reunions/{reunion.pk}/ordre/", corps).status_code == 302
    assert [(p.pk, p.ordre, p.question) for p in points(m, reunion)] == [
        (deux.pk, 1, "recevabilite"), (une.pk, 2, "doublon"),
    ]  # fmt: skip
    # The same form again: somebody changed the agenda, nothing is overwritten.
    client.post(f"/reunions/{reunion.pk}/ordre/", {**corps, f"rang_{une.pk}": 1, f"rang_{deux.pk}": 9})
    assert [p.pk for p in points(m, reunion)] == [deux.pk, une.pk]
    assert "Quelqu’un a changé cet ordre du jour" in texte(client.get(f"/reunions/{reunion.pk}/"))


def test_un_rang_impossible_est_dit_et_rien_ne_change(db: None, midi: datetime) -> None:
    m = monde()
    reunion = preparee(m, recits.transmise(m))
    (point,) = points(m, reunion)
    corps = {"version": reunion.version, f"rang_{point.pk}": 0, f"question_{point.pk}": "point"}
    page = texte(connecte(m["social"]).post(f"/reunions/{reunion.pk}/ordre/", corps))
    assert "Écrivez un rang de 1 à 100." in page
    assert points(m, reunion)[0].question == Question.RECEVABILITE


def test_seules_les_fiches_ouvertes_de_l_equipe_s_inscrivent_et_une_fois(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    ouverte_, finie, ailleurs = recits.transmise(m), recits.transmise(m), recits.transmise(autre)
    with agir_comme(m["social"]):
        parcours.declarer_non_recevable(finie.pk, par=m["social"], motif="doublon")
    reunion = preparee(m, ouverte_, finie, ailleurs, ouverte_)
    assert [p.fiche_id for p in points(m, reunion)] == [ouverte_.pk]
    with agir_comme(m["social"]):
        assert parcours.inscrire(reunion.pk, par=m["social"], fiches=[ouverte_.pk]) == 0
    with agir_comme(m["social"]), pytest.raises(ValidationError, match="aujourd’hui ou plus tard"):
        parcours.preparer_reunion(par=m["social"], le=horloge.aujourdhui() - timedelta(days=1))
    with agir_comme(m["referent"]), pytest.raises(PermissionDenied):
        parcours.preparer_reunion(par=m["referent"], le=horloge.aujourdhui())


# Deciding ----------------------------------------------------------------------------------------------------


def _poster(m: Monde, point: PointReunion, decision: str, *, qui: str = "social", **champs: Any) -> Any:
    corps = {"decision": decision, **{f"{decision}-{nom}": valeur for nom, valeur in champs.items()}}
    return connecte(m[qui]).post(f"/reunions/points/{point.pk}/", corps)


@pytest.mark.parametrize(
    ("decision", "champs", "etat"),
    [
        ("recevable", {}, "recevable"),
        ("complement", {"question": "Depuis quand ?"}, "a_completer"),
        ("information", {"le": "2026-09-21", "mode": "vive_voix", "cle": CLE + "9"}, "transmise"),
        ("attribuee", {}, "transmise"),
        ("non_recevable", {"motif": "doublon", "confirme": "on"}, "non_recevable"),
        ("reorientee", {"confirme": "on"}, "reorientee"),
        ("reportee", {}, "transmise"),
        ("discutee", {}, "transmise"),
    ],
)
def test_chaque_decision_fait_l_acte_de_la_fiche_et_garde_sa_trace(
    db: None, midi: datetime, decision: str, champs: dict[str, Any], etat: str
) -> None:
    m = monde()
    fiche = recits.transmise(m)
    (point,) = points(m, ouverte(m, fiche))
    version = recits.relue(m, fiche).instruction.version
    if decision == "attribuee":
        champs = {"suivie_par": m["soignant"].pk}
    reponse = _poster(m, point, decision, version=version, **champs)
    assert (reponse.status_code, reponse["Location"]) == (302, f"/reunions/points/{point.pk}/")
    assert recits.relue(m, fiche).instruction.etat == etat
    assert decidees(m) == [(fiche.reference, decision)]
    page = texte(connecte(m["coordination"]).get(f"/reunions/points/{point.pk}/"))
    assert f"{Decision(decision).label}, noté par {m['social'].nom_complet} à 12 h" in page
    assert evenements(m.equipe.pk).count(Action.REUNION_DECISION) == 1
    if decision == "attribuee":
        assert recits.relue(m, fiche).instruction.suivie_par_id == m["soignant"].pk


def test_classer_en_reunion_une_fiche_a_visiter(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.a_visiter(m)
    (point,) = points(m, ouverte(m, fiche))
    page = connecte(m["social"]).get(f"/reunions/points/{point.pk}/").content.decode()
    offertes = re.findall(r'name="decision" value="(\w+)"', page)
    assert offertes == ["attribuee", "reorientee", "classee", "reportee", "discutee"]
    version = recits.relue(m, fiche).instruction.version
    assert _poster(m, point, "classee", version=version, motif="injoignable", confirme="on").status_code == 302
    assert recits.relue(m, fiche).instruction.etat == EtatInstruction.CLASSEE


@pytest.mark.parametrize(
    ("decision", "champs", "dit"),
    [
        ("non_recevable", {"motif": "doublon"}, "Cochez la case pour confirmer"),
        ("non_recevable", {"confirme": "on"}, "Choisissez le motif."),
        ("reorientee", {}, "Cochez la case pour confirmer"),
        ("complement", {}, "Écrivez votre question."),
        ("complement", {"question": "Est-elle alcoolique ?"}, "alcoolique"),
        ("information", {"le": "2026-09-25", "mode": "vive_voix", "cle": CLE + "8"}, "La date doit être passée"),
    ],
)
def test_une_decision_incomplete_est_refusee_et_rien_ne_se_passe(
    db: None, midi: datetime, decision: str, champs: dict[str, Any], dit: str
) -> None:
    m = monde()
    fiche = recits.transmise(m)
    (point,) = points(m, ouverte(m, fiche))
    with en_tant_que("palier_systeme"):
        avant = Envoi.objects.count()
    reponse = _poster(m, point, decision, version=recits.relue(m, fiche).instruction.version, **champs)
    page = texte(reponse)
    assert dit in page
    assert "<title>Erreur" in reponse.content.decode()
    assert 'class="pa-acte" open' in reponse.content.decode()
    assert (recits.relue(m, fiche).instruction.etat, decidees(m)) == ("transmise", [])
    assert Action.REUNION_DECISION not in evenements(m.equipe.pk)
    with en_tant_que("palier_systeme"):
        assert Envoi.objects.count() == avant


def test_deux_personnes_ont_la_reunion_ouverte_et_la_seconde_voit_la_premiere(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    (point,) = points(m, ouverte(m, fiche))
    version = recits.relue(m, fiche).instruction.version
    assert _poster(m, point, "recevable", qui="coordination", version=version).status_code == 302
    seconde = _poster(m, point, "non_recevable", version=version, motif="doublon", confirme="on")
    assert "La fiche 26-0001" in texte(seconde, 409)
    encore = _poster(m, point, "recevable", version=version)  # the same click again
    assert encore.status_code == 409
    assert decidees(m) == [(fiche.reference, "recevable")]
    assert recits.relue(m, fiche).instruction.etat == "recevable"
    for _ in range(2):  # discussed twice is discussed once
        assert _poster(m, point, "discutee").status_code == 302
    assert decidees(m) == [(fiche.reference, "recevable"), (fiche.reference, "discutee")]


def test_si_la_trace_ne_peut_pas_s_ecrire_l_acte_est_defait(
    db: None, midi: datetime, monkeypatch: pytest.MonkeyPatch
) -> None:
    m = monde()
    fiche = recits.transmise(m)
    (point,) = points(m, ouverte(m, fiche))

    def plein(*args: Any, **kwargs: Any) -> None:
        raise OSError("disk full")

    monkeypatch.setattr(DecisionReunion, "save", plein)
    with agir_comme(m["social"]), pytest.raises(OSError, match="disk full"):
        parcours.decider_point(point.pk, par=m["social"], decision="recevable", donnees={"version": None})
    assert recits.relue(m, fiche).instruction.etat == "transmise"
    assert Action.RECEVABLE not in evenements(m.equipe.pk)


def test_on_passe_d_une_fiche_a_la_suivante_et_ce_qui_est_decide_se_voit(db: None, midi: datetime) -> None:
    m = monde()
    fiches = [recits.transmise(m, nom=n) for n in ("Une", "Deux", "Trois")]
    reunion = ouverte(m, *fiches)
    une, deux, trois = points(m, reunion)
    client = connecte(m["social"])
    page = client.get(f"/reunions/points/{deux.pk}/")
    assert "Fiche 2 sur 3. À décider : Recevable ou non" in texte(page)
    corps = page.content.decode()
    assert f'rel="prev" href="/reunions/points/{une.pk}/"' in corps
    assert f'rel="next" href="/reunions/points/{trois.pk}/"' in corps
    _poster(m, deux, "reportee")
    tenue = client.get(f"/reunions/{reunion.pk}/")
    assert "3 fiches, 2 sans décision." in texte(tenue)
    assert f'href="/reunions/points/{une.pk}/">Prendre la suivante' in tenue.content.decode()
    assert "À revoir à une prochaine réunion, noté par" in lignes(tenue)[1]


def test_les_presents_sont_ceux_de_l_equipe(db: None, midi: datetime) -> None:
    m, autre = monde("Nord"), monde("Sud")
    reunion = ouverte(m, recits.transmise(m))
    client = connecte(m["coordination"])
    presents = [m["coordination"].pk, m["social"].pk]
    client.post(f"/reunions/{reunion.pk}/presents/", {"presents": presents})
    with agir_comme(m["social"]):
        parcours.noter_presents(reunion.pk, par=m["social"], presents=[*presents, autre["social"].pk])
    with en_tant_que("palier_fabrique"):
        assert set(PresenceReunion.objects.values_list("compte_id", flat=True)) == set(presents)
    client.post(f"/reunions/{reunion.pk}/presents/", {"presents": [m["soignant"].pk]})
    client.post(f"/reunions/{reunion.pk}/terminer/")
    page = texte(client.get(f"/reunions/{reunion.pk}/"))
    assert "Présents " + m["soignant"].nom_complet in page
    assert m["social"].nom_complet not in page
