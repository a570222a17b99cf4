"""What a séance prints: the sheet, the sealed attestations, who downloads them, the calendar, what is erased."""

import io
import zipfile
from datetime import datetime, timedelta
from pathlib import Path
from typing import Any

import icalendar
import pytest
from django.conf import LazySettings
from django.urls import reverse

from partenaires import documents
from partenaires.models import DocumentSeance, InscriptionSeance, Seance
from partenaires.parcours import documents_seance
from partenaires.perimetre import agir_comme
from partenaires.tasks import demander_document_seance, purger_seances
from socle import cachet_demonstration, cachets, horloge, purge, verification
from socle.models import Envoi
from tests import recits_seances as recits
from tests.accompagnements.test_documents import conforme, texte
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde
from tests.pages import connecte

MOT = "mot-de-passe-d-essai"


@pytest.fixture
def certifie(settings: LazySettings, tmp_path: Path) -> None:
    """The instance has a certificate."""
    (tmp_path / "instance.p12").write_bytes(cachet_demonstration.faire(MOT))
    settings.CACHET_CERTIFICAT = str(tmp_path / "instance.p12")
    settings.CACHET_MOT_DE_PASSE = MOT


def _faits(m: Monde, s: Seance) -> list[DocumentSeance]:
    """Everything that was asked for, made once."""
    for document in recits.documents(m, s):
        assert document.delegation_id is not None
        assert documents.produire(document.pk, document.delegation_id)
        assert not documents.produire(document.pk, document.delegation_id)
    return recits.documents(m, s)


def _octets(document: DocumentSeance) -> bytes:
    assert document.octets is not None
    return bytes(document.octets)


def test_l_attestation_est_scellee_conforme_et_se_verifie(db: None, midi: datetime, certifie: None) -> None:
    m = monde()
    s = recits.close(m, noms=("Tom Esquisse", "Ana Calque"))
    (attestation,) = _faits(m, s)  # the gardien alone came
    octets = _octets(attestation)
    conforme(octets)
    certificat = cachets.certificat_pour(m.equipe.pk, le=horloge.maintenant())
    assert certificat is not None
    verdict = cachets.verifier(octets, certificat, le=horloge.maintenant())
    assert verdict == cachets.Verdict(cachet_demonstration.NOM, attestation.pret_le, True, True)
    assert verification.du_fichier(octets).issue == "intact"
    assert verification.du_fichier(octets + b" ").issue == "modifie"
    mots = texte(octets)
    for dit in (m["gardien"].nom_complet, s.titre, s.lieu, m.bailleur.nom, m.equipe.nom, "Mme Gabarit", "3 h"):
        assert dit in mots, dit
    for tu in ("Tom Esquisse", "Ana Calque"):
        assert tu not in mots


def test_la_feuille_porte_les_inscrits_et_des_lignes_libres_sans_la_liste_d_attente(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m, noms=("Tom Esquisse", "Ana Calque"), capacite=2, duree=360)
    with agir_comme(m["social"]):
        documents_seance.demander_feuille(s.pk, par=m["social"])
    (feuille,) = _faits(m, s)
    conforme(_octets(feuille))
    mots = texte(_octets(feuille))
    for dit in (m["gardien"].nom_complet, "Tom Esquisse", "2 personnes inscrites", "après-midi"):
        assert dit in mots, dit
    assert "Ana Calque" not in mots
    assert feuille.cachet == ""


def test_chacun_telecharge_ce_qui_est_a_lui(db: None, midi: datetime) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        collegue = compte("gardien", m.bailleur)
    s = recits.close(m)
    (attestation,) = _faits(m, s)
    adresse = reverse("document_seance", args=[attestation.pk])
    archive = reverse("seance_attestations", args=[s.pk])
    permis = {"social": (200, 200), "referent": (200, 200), "gardien": (200, 403), "correspondant": (404, 404)}
    for role, statuts in permis.items():
        client = connecte(m[role])
        assert (client.get(adresse).status_code, client.get(archive).status_code) == statuts, role
    assert connecte(collegue).get(adresse).status_code == 404
    lue = connecte(m["referent"]).get(archive)
    with zipfile.ZipFile(io.BytesIO(lue.content)) as fichiers:
        assert [fichiers.read(nom) for nom in fichiers.namelist()] == [_octets(attestation)]
        assert fichiers.namelist()[0].startswith(f"attestation-{s.jour.isoformat()}-agathe-")
    page = connecte(m["gardien"]).get(reverse("mes_seances"))
    assert adresse.encode() in page.content


def test_un_document_en_retard_se_demande_a_nouveau_et_ce_qui_n_est_plus_permis_ne_se_fait_pas(
    db: None, midi: datetime
) -> None:
    m = monde()
    s = recits.close(m)
    avant = recits.documents(m, s)[0].delegation_id
    horloge.avancer(days=8)  # the grant of the first request is over
    with en_tant_que("palier_systeme"):
        envoi = Envoi.objects.filter(genre=documents_seance.ENVOI).latest("cree_le")
        demander_document_seance(envoi)
        assert not DocumentSeance.objects.all().permis().exists()
    page = connecte(m["coordination"]).get(reverse("seance", args=[s.pk]))
    assert "Demander à nouveau" in page.content.decode()
    assert connecte(m["coordination"]).post(reverse("seance_relancer", args=[s.pk])).status_code == 302
    assert recits.documents(m, s)[0].delegation_id != avant
    assert _faits(m, s)[0].est_pret


def test_la_seance_s_ajoute_a_un_agenda_sans_nom_ni_titre(db: None, midi: datetime) -> None:
    m = monde()
    s = recits.avec_inscrits(m)
    reponse = connecte(m["gardien"]).get(reverse("seance_agenda", args=[s.pk]))
    assert reponse["Content-Type"] == "text/calendar; charset=utf-8"
    evenement: Any
    (evenement,) = icalendar.Calendar.from_ical(reponse.content).walk("VEVENT")
    assert (evenement["dtstart"].dt, evenement["dtend"].dt) == (s.debut, s.debut + timedelta(hours=3))
    assert (str(evenement["summary"]), str(evenement["location"])) == ("Séance de sensibilisation", s.lieu)
    for tu in (s.titre, "Gabarit", m["gardien"].nom):
        assert tu.encode() not in reponse.content


def test_les_noms_et_les_attestations_partent_trois_ans_apres_et_le_compte_reste(db: None, midi: datetime) -> None:
    m = monde()
    depart = horloge.avancer(days=-600)
    s = recits.close(m, noms=("Tom Esquisse",))
    _faits(m, s)
    horloge.regler(depart + timedelta(days=1000))
    with en_tant_que("palier_systeme"):
        assert purger_seances(a_blanc=False) == 0
    horloge.regler(depart + timedelta(days=1110))
    with en_tant_que("palier_systeme"):
        assert purge.executer(a_blanc=True)["noms et attestations des séances"] == 3
        assert purger_seances(a_blanc=False) == 3
        assert purger_seances(a_blanc=False) == 0
        assert DocumentSeance.objects.count() == 0
        lues = list(InscriptionSeance.objects.order_by("inscrite_le", "id"))
    assert [(i.nom, i.fonction, i.compte_id, i.empreinte) for i in lues] == [(None, None, None, None)] * 2
    assert {i.presence for i in lues} == {"presente", "absente"}
    assert {i.designation for i in lues} == {"Nom effacé"}
