"""The documents of an accompagnement, sealed by the worker, then checked: by anybody, and by the équipe."""

import io
from datetime import datetime
from pathlib import Path
from typing import Any

import pytest
from django.conf import LazySettings
from django.core.cache import cache
from django.core.files.uploadedfile import SimpleUploadedFile
from django.test import Client
from django.urls import reverse
from pypdf import PdfReader

from accompagnements import documents
from accompagnements.models import Document
from partenaires.perimetre import agir_comme
from socle import cachet_demonstration, cachets
from socle.models import EmpreinteDocument
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_documents import conforme, octets, produire, texte, un_document
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte

MOT = "mot-de-passe-d-essai"


@pytest.fixture
def certifie(settings: LazySettings, tmp_path: Path) -> None:
    """The instance has a certificate."""
    (tmp_path / "instance.p12").write_bytes(cachet_demonstration.faire(MOT))
    settings.CACHET_CERTIFICAT = str(tmp_path / "instance.p12")
    settings.CACHET_MOT_DE_PASSE = MOT


@pytest.fixture
def contrat(db: None, midi: datetime, certifie: None) -> tuple[Monde, Document]:
    m = monde()
    histoires.en_cours(m)
    return m, produire(m, "contrat")


def envoyer(fichier: bytes | None = None, empreinte: str = "") -> Any:
    envoi: dict[str, Any] = {"empreinte": empreinte}
    if fichier is not None:
        envoi["fichier"] = SimpleUploadedFile("x.pdf", fichier, "application/pdf")
    return Client().post(reverse("verification"), envoi)


def test_l_ouvrier_scelle_le_contrat_et_le_dit(contrat: tuple[Monde, Document]) -> None:
    m, document = contrat
    assert document.cachet == cachet_demonstration.NOM
    conforme(octets(document))
    certificat = cachets.certificat_pour(m.equipe.pk, le=document.pret_le or document.demande_le)
    assert certificat is not None
    verdict = cachets.verifier(octets(document), certificat, le=document.demande_le)
    assert verdict == cachets.Verdict(cachet_demonstration.NOM, document.pret_le, True, True)
    assert f"porte le cachet électronique de « {cachet_demonstration.NOM} »" in texte(octets(document))
    page = connecte(m["social"]).get(reverse("situation_documents", args=[document.accompagnement_id]))
    assert f"Cachet électronique de {cachet_demonstration.NOM}" in page.content.decode()


def test_sans_certificat_le_document_se_fait_et_dit_qu_il_n_est_pas_scelle(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    document = produire(m, "contrat")
    assert document.cachet == ""
    assert "ne porte pas de cachet électronique" in texte(octets(document))
    assert "/AcroForm" not in PdfReader(io.BytesIO(octets(document))).root_object
    dit = envoyer(octets(document)).content.decode()
    assert "Document intact" in dit
    assert "Il ne porte pas de cachet" in dit


def test_une_archive_illisible_ne_laisse_pas_un_document_sans_cachet(
    db: None, midi: datetime, certifie: None, settings: LazySettings
) -> None:
    m = monde()
    histoires.en_cours(m)
    settings.CACHET_MOT_DE_PASSE = "un autre"
    document = un_document(m, "contrat")
    assert document.delegation_id is not None
    with pytest.raises(cachets.CertificatIllisible):
        documents.produire(document.pk, document.delegation_id)
    assert un_document(m, "contrat").etat == "a_produire"
    with agir_comme(m["coordination"]):
        assert EmpreinteDocument.objects.count() == 0


def test_qui_detient_un_document_le_verifie_sans_compte_ni_nom(contrat: tuple[Monde, Document]) -> None:
    m, document = contrat
    for reponse in (envoyer(octets(document)), envoyer(empreinte=document.sha256.upper())):
        dit = reponse.content.decode()
        assert reponse.status_code == 200
        assert "Document intact" in dit
        assert cachet_demonstration.NOM in dit
        for secret in ("Maquette", "Ondine", "26-0001", m.equipe.nom, m.bailleur.nom, "Contrat d’engagement"):
            assert secret not in dit


def test_un_octet_change_et_le_document_est_refuse(contrat: tuple[Monde, Document]) -> None:
    _, document = contrat
    autre = bytearray(octets(document))
    autre[len(autre) // 3] ^= 1
    assert "Document modifié" in envoyer(bytes(autre)).content.decode()
    assert "Document inconnu" in envoyer(empreinte="0" * 64).content.decode()
    assert "Document inconnu" in envoyer(b"%PDF-1.4 un autre").content.decode()


@pytest.mark.parametrize(
    ("fichier", "empreinte", "message"),
    [
        (None, "", "Choisissez un fichier"),
        (b"%PDF", "0" * 64, "Choisissez un fichier"),
        (None, "abc", "64 chiffres"),
        (b"%PDF" + b"0" * (5 * 1024 * 1024), "", "dépasse 5"),
    ],
)
def test_une_demande_incomplete_est_expliquee(db: None, fichier: bytes | None, empreinte: str, message: str) -> None:
    dit = envoyer(fichier, empreinte).content.decode()
    assert message in dit
    assert "Document i" not in dit


def test_la_verification_est_freinee_par_adresse(db: None, settings: LazySettings) -> None:
    settings.ACCOUNT_RATE_LIMITS = {"verification": "2/m/ip"}
    cache.clear()
    assert [envoyer(empreinte="0" * 64).status_code for _ in range(3)] == [200, 200, 429]
    cache.clear()


def test_la_verification_n_ecrit_rien(contrat: tuple[Monde, Document]) -> None:
    _, document = contrat
    with en_tant_que("palier_fabrique"):
        avant = (EmpreinteDocument.objects.count(), Document.objects.count())
    envoyer(b"%PDF-1.4 secret du passant")
    with en_tant_que("palier_fabrique"):
        assert (EmpreinteDocument.objects.count(), Document.objects.count()) == avant
    assert document.sha256 == un_document(contrat[0], "contrat").sha256


def test_l_equipe_verifie_ce_qui_est_garde(contrat: tuple[Monde, Document], monkeypatch: pytest.MonkeyPatch) -> None:
    m, document = contrat
    page = connecte(m["soignant"]).get(reverse("document_verifier", args=[document.pk]))
    assert "Document intact" in page.content.decode()
    assert connecte(m["referent"]).get(reverse("document_verifier", args=[document.pk])).status_code == 404
    with en_tant_que("palier_fabrique"):
        abime = Document.objects.get(pk=document.pk)
        abime.octets = b"%PDF-autre"
        abime.save(update_fields=["octets"])
    page = connecte(m["soignant"]).get(reverse("document_verifier", args=[document.pk]))
    assert "Document altéré" in page.content.decode()
