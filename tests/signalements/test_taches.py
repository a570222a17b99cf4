"""What those who report have to do, late first, for À faire."""

from datetime import datetime, timedelta

from django.urls import reverse

from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import TypeEvaluateur
from signalements.taches import taches
from socle import horloge
from tests import recits
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.signalements.test_pages_releves import attendu


def _titres(compte: Compte) -> list[tuple[str, str]]:
    with agir_comme(compte):
        return [
            (t.titre.replace("\N{NO-BREAK SPACE}", " "), t.delai.libelle.replace("\N{NO-BREAK SPACE}", " "))
            for t in taches(compte)
        ]


def _monde(midi: datetime) -> Monde:
    m = monde(relecture=True)
    horloge.regler(midi - timedelta(days=30))
    informer = recits.envoyee(m, nom="Informer")
    question = recits.envoyee(m, nom="Question")
    with agir_comme(m["referent"]):
        parcours.valider(informer.pk, par=m["referent"])
        parcours.valider(question.pk, par=m["referent"])
    with agir_comme(m["social"]):
        parcours.declarer_recevable(informer.pk, par=m["social"])
    horloge.regler(midi - timedelta(days=1))
    with agir_comme(m["social"]):
        parcours.demander_complement(question.pk, par=m["social"], question="Quel étage ?")
    horloge.regler(midi)
    recits.envoyee(m, nom="Relire")
    attendu(m, informer, du_le=midi.date() + timedelta(days=9))
    attendu(m, question, a=m["gardien"], du_le=midi.date() + timedelta(days=3))
    attendu(m, informer, type_evaluateur=TypeEvaluateur.EQUIPE, du_le=midi.date())
    return m


def test_le_referent_voit_ce_qui_est_du_en_retard_d_abord(db: None, midi: datetime) -> None:
    m = _monde(midi)
    recits.brouillon(m, m["referent"])
    assert _titres(m["referent"]) == [
        ("Enregistrer l’information de Mme Informer", "9 j de retard"),
        ("Relire la fiche de Mme Relire", "jeu. 24 sept."),
        ("Répondre à l’équipe sur Mme Question", "lun. 28 sept."),
        ("Remplir le relevé de Mme Informer", "1er octobre"),
        ("Finir un brouillon", "22 octobre"),
    ]
    page = texte(connecte(m["referent"]).get("/"))
    assert page.index("Informer") < page.index("Relire la fiche")


def test_le_gardien_voit_ses_brouillons_ses_corrections_et_ses_releves(db: None, midi: datetime) -> None:
    m = _monde(midi)
    recits.brouillon(m)
    renvoyee = recits.envoyee(m, nom="Renvoyee")
    with agir_comme(m["referent"]):
        parcours.renvoyer(renvoyee.pk, par=m["referent"], commentaires={"faits": "Quand ?"})
    assert _titres(m["gardien"]) == [
        ("Corriger une fiche renvoyée", "Aujourd’hui"),
        ("Remplir le relevé de Mme Question", "ven. 25 sept."),
        ("Finir un brouillon", "22 octobre"),
    ]


def test_l_equipe_ne_voit_que_ses_propres_releves(db: None, midi: datetime) -> None:
    m = _monde(midi)
    assert _titres(m["social"]) == [("Remplir le relevé de Mme Informer", "Aujourd’hui")]
    assert _titres(m["correspondant"]) == []
    for role in ("coordination_clsm", "exploitation", "dpo"):
        assert _titres(m[role]) == []


def test_rien_ne_passe_d_une_organisation_a_l_autre(db: None, midi: datetime) -> None:
    _monde(midi)
    sud = monde("Sud")
    for role in ("gardien", "referent", "responsable", "social"):
        assert _titres(sud[role]) == []


def test_chaque_tache_mene_a_la_page_qui_la_fait(db: None, midi: datetime) -> None:
    m = _monde(midi)
    client = connecte(m["referent"])
    with agir_comme(m["referent"]):
        adresses = [t.url for t in taches(m["referent"])]
    assert reverse("releves") not in adresses
    for adresse in adresses:
        assert client.get(adresse).status_code == 200, adresse


def test_trois_instructions_au_plus(db: None, midi: datetime) -> None:
    m = _monde(midi)
    for role in ("referent", "gardien", "social"):
        with agir_comme(m[role]), instructions() as vues:
            taches(m[role])
        assert len(vues) <= 3, enumerees(vues)


def test_la_page_a_faire_coute_autant_avec_trois_et_trente_taches(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    client = connecte(m["referent"])
    nombres = []
    for combien in (3, 27):
        for _ in range(combien):
            recits.envoyee(m)
        with instructions() as vues:
            assert client.get("/").status_code == 200
        nombres.append(len(vues))
        assert len(vues) <= 12, enumerees(vues)
    assert nombres[0] == nombres[1]
