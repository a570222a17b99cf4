"""E-mails: a reference and a link, no name and no word about health; only to who holds the right when they leave."""

import re
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core import mail
from django.urls import reverse

from partenaires.models import Rattachement
from partenaires.perimetre import agir_comme
from signalements import conservation, parcours
from signalements.enums import ModeInformation
from signalements.models import Fiche
from socle import envois, horloge
from tests import recits
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.partenaires.regards import promesses, traiter_envois

CHAMPS: dict[str, Any] = {"nom": "Canari", "prenom": "Prenomcanari", "faits": "Faitscanari", "porte": "Portecanari"}
SANTE = re.compile(r"sant[ée]|psy|soin|malad|souffran|trouble|médic|clinique|canari", re.IGNORECASE)


def _courriels() -> list[tuple[list[str], str]]:
    """Recipients and body of what the outbox sends now; each one is checked on its way."""
    mail.outbox = []
    traiter_envois()
    for courriel in mail.outbox:
        assert courriel.subject == "Palier\N{NO-BREAK SPACE}: une situation vous attend"
        assert len(courriel.to) == 1
        assert not SANTE.search(str(courriel.body).replace("http://127.0.0.1:8000", "")), courriel.body
    return [(list(c.to), str(c.body)) for c in mail.outbox]


def _a(m: Monde, *roles: str) -> list[list[str]]:
    return [[m[role].email] for role in roles]


def _destinataires() -> list[list[str]]:
    return [a for a, _ in _courriels()]


def test_la_coordination_apprend_qu_une_fiche_est_a_etudier(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, **CHAMPS)
    (courriel,) = _courriels()
    assert courriel[0] == [m["coordination"].email]
    assert "Une nouvelle fiche est à étudier avant le 29\N{NO-BREAK SPACE}septembre." in courriel[1]
    assert "Référence : 26-0001" in courriel[1]
    assert f"http://127.0.0.1:8000{reverse('fiche', args=[fiche.pk])}" in courriel[1]


def test_la_relecture_est_rappelee_puis_remonte_au_responsable(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m, **CHAMPS)
    assert _destinataires() == _a(m, "referent")
    horloge.regler(midi + timedelta(days=2))  # Thursday: two working days
    (rappel,) = _courriels()
    assert rappel[0] == [m["referent"].email]
    assert "attend d’être relue" in rappel[1]
    assert reverse("signalement_relecture", args=[fiche.pk]) in rappel[1]
    horloge.regler(midi + timedelta(days=6))  # Monday: two more
    assert _destinataires() == _a(m, "responsable")


def test_une_fiche_relue_a_temps_n_est_pas_rappelee(db: None, midi: datetime) -> None:
    m = monde(relecture=True)
    fiche = recits.envoyee(m, **CHAMPS)
    _courriels()
    with agir_comme(m["referent"]):
        parcours.renvoyer(fiche.pk, par=m["referent"], commentaires={"faits": "Commentaire canari"})
    (renvoi,) = _courriels()
    assert (renvoi[0], "à corriger" in renvoi[1]) == ([m["gardien"].email], True)
    horloge.regler(midi + timedelta(days=10))
    assert _courriels() == []


def test_chacun_est_prevenu_de_ce_qui_l_attend(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, **CHAMPS)
    _courriels()
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Question canari ?")
    assert _destinataires() == _a(m, "referent")
    with agir_comme(m["referent"]):
        parcours.completer(fiche.pk, par=m["referent"], reponse="Réponse canari")
    assert _destinataires() == _a(m, "coordination")
    with agir_comme(m["social"]):
        parcours.attribuer(fiche.pk, par=m["social"], a=m["soignant"])
        parcours.ecrire_message(fiche.pk, par=m["social"], texte="Message canari")
    assert _destinataires() == _a(m, "referent")
    with agir_comme(m["referent"]):
        parcours.ecrire_message(fiche.pk, par=m["referent"], texte="Message canari")
    assert _destinataires() == _a(m, "soignant")
    with agir_comme(m["social"]):
        parcours.declarer_recevable(fiche.pk, par=m["social"])
    assert _destinataires() == _a(m, "referent")
    with agir_comme(m["referent"]):
        parcours.enregistrer_information(fiche.pk, par=m["referent"], le=midi.date(), mode=ModeInformation.VIVE_VOIX)
    horloge.regler(midi + timedelta(days=9))
    with en_tant_que("palier_systeme"):
        parcours.lever_delai(fiche.pk)
    assert _destinataires() == _a(m, "soignant")
    with agir_comme(m["referent"]):
        parcours.opposer(fiche.pk, par=m["referent"])
    assert sorted(_destinataires()) == sorted(_a(m, "soignant", "coordination"))


def test_ce_qui_n_attend_plus_n_est_pas_envoye(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m, **CHAMPS)
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Q ?")
        parcours.ecrire_message(fiche.pk, par=m["social"], texte="M")
        parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif="doublon")
    assert len(promesses()) == 4  # and the alert of the third week
    assert _courriels() == []


def test_qui_a_quitte_l_organisation_ne_recoit_rien(db: None, midi: datetime) -> None:
    m = monde()
    recits.transmise(m, **CHAMPS)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=m["coordination"]).update(au=midi.date())
        nouvelle = compte("coordination", m.equipe)
        eteinte = compte("coordination", m.equipe)
        eteinte.is_active = False
        eteinte.save()
    assert _destinataires() == [[nouvelle.email]]


def test_le_correspondant_est_prevenu_de_la_question_sur_sa_fiche(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        compte("correspondant", m.partenaire)
    fiche = recits.transmise(m, par=m["correspondant"], **CHAMPS)
    _courriels()
    with agir_comme(m["social"]):
        parcours.demander_complement(fiche.pk, par=m["social"], question="Q ?")
    assert _destinataires() == _a(m, "correspondant")


def test_le_brouillon_delaisse_est_rappele_une_fois(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs={"nom": "Canari"})
    horloge.regler(midi + timedelta(days=25, minutes=1))
    for _ in range(2):
        with en_tant_que("palier_systeme"):
            assert conservation.rappeler_brouillons() == 1
    (rappel,) = _courriels()
    assert rappel[0] == [m["gardien"].email]
    assert "supprimé le 22\N{NO-BREAK SPACE}octobre" in rappel[1]
    assert _courriels() == []


def test_un_brouillon_repris_n_est_pas_rappele(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    horloge.regler(midi + timedelta(days=26))
    with en_tant_que("palier_systeme"):
        conservation.rappeler_brouillons()
    with agir_comme(m["gardien"]):
        parcours.enregistrer_brouillon(fiche.pk, par=m["gardien"], champs={"nom": "Canari"})
    assert _courriels() == []


@pytest.mark.parametrize("genre", sorted(g for g in envois._TRAITEURS if g.startswith("signalements.")))
def test_chaque_envoi_supporte_une_fiche_disparue(db: None, genre: str) -> None:
    m = monde()
    fiche = Fiche()
    donnees = {
        "role": "referent",
        "envoyee_le": "2026-01-01T00:00:00+00:00",
        "modifiee_le": "2026-01-01T00:00:00+00:00",
    }
    with agir_comme(m["gardien"]):
        envois.prevoir(genre, effet=f"essai|{genre}", organisation_id=m.bailleur.pk, objet_id=fiche.pk, donnees=donnees)
    assert traiter_envois() == 1
    assert mail.outbox == []
