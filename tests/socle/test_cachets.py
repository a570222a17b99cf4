"""The seal: PAdES by the organisation's certificate, PDF/UA kept, verified by pyHanko's validator, broken by a bit."""

import hashlib
import io
import re
from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from functools import cache
from pathlib import Path

import page
import pytest
from django.core.management import CommandError, call_command
from pyhanko.pdf_utils.misc import PdfReadError
from pyhanko.pdf_utils.reader import PdfFileReader
from pyhanko.sign.validation import SignatureCoverageLevel, validate_pdf_signature
from pyhanko_certvalidator import ValidationContext
from pypdf import PdfReader
from pytest_django import Settings

from socle import cachet_demonstration, cachets, verification
from socle.models import EmpreinteDocument
from socle.pdf import rendre

LE = datetime(2026, 9, 22, 10, tzinfo=UTC)
MOT = "mot-de-passe-d-essai"
HTML = (
    "<!doctype html><html lang='fr'><head><title>Contrat</title></head><body><h1>Contrat</h1>"
    "<p>Laisser entrer le plombier.</p><table><caption>Objectifs</caption><tr><th scope='col'>Axe</th></tr>"
    "<tr><td>Logement</td></tr></table></body></html>"
)


@cache
def pdf() -> bytes:
    return rendre(HTML, identifiant="contrat-1", date=LE)


@cache
def archive(nom: str = cachet_demonstration.NOM) -> bytes:
    return cachet_demonstration.faire(MOT, nom=nom)


@pytest.fixture
def certificat(tmp_path: Path, settings: Settings) -> cachets.Certificat:
    """The certificate of the instance, in force."""
    (tmp_path / "instance.p12").write_bytes(archive())
    settings.CACHET_CERTIFICAT = str(tmp_path / "instance.p12")
    settings.CACHET_MOT_DE_PASSE = MOT
    lu = cachets.certificat_pour(7, le=LE)
    assert lu is not None
    return lu


def sceller(certificat: cachets.Certificat) -> bytes:
    return cachets.sceller(pdf(), certificat, le=LE, motif="Contrat d’engagement")


def test_le_document_scelle_est_valide_pour_le_validateur_de_pyhanko(certificat: cachets.Certificat) -> None:
    scelle = sceller(certificat)
    (signature,) = PdfFileReader(io.BytesIO(scelle)).embedded_signatures
    racines = ValidationContext(trust_roots=list(certificat.signataire.cert_registry), moment=LE, allow_fetching=False)
    avis = validate_pdf_signature(signature, signer_validation_context=racines)
    assert (avis.intact, avis.valid, avis.trusted, avis.bottom_line) == (True, True, True, True)
    assert avis.coverage is SignatureCoverageLevel.ENTIRE_FILE
    assert signature.sig_object["/SubFilter"] == "/ETSI.CAdES.detached"
    assert avis.signer_reported_dt == LE
    assert cachets.verifier(scelle, certificat, le=LE) == cachets.Verdict(certificat.nom, LE, True, True)


def test_le_cachet_s_ajoute_sans_rien_changer_et_garde_pdf_ua(certificat: cachets.Certificat) -> None:
    scelle = sceller(certificat)
    assert scelle.startswith(pdf())
    rapport = page.validate_pdf_bytes(scelle, profile="ua1")
    assert [(echec.rule_id, echec.message) for echec in rapport.failures] == []
    assert rapport.is_compliant
    avant, apres = (PdfReader(io.BytesIO(octets)) for octets in (pdf(), scelle))
    assert apres.pages[0].extract_text() == avant.pages[0].extract_text()
    assert "/StructTreeRoot" in apres.root_object


# Whatever is signed: the document, and what the seal adds before and after the place of the signature itself.
@pytest.mark.parametrize("ou", [lambda n, _: 60, lambda n, _: n // 2, lambda n, _: n - 30, lambda _, s: s - 40])
def test_un_bit_change_rompt_le_cachet(certificat: cachets.Certificat, ou: Callable[[int, int], int]) -> None:
    scelle = sceller(certificat)
    autre = bytearray(scelle)
    autre[ou(len(pdf()), len(scelle))] ^= 1
    try:
        verdict = cachets.verifier(bytes(autre), certificat, le=LE)
    except PdfReadError:  # so broken that it is not read any more
        return
    assert verdict is None or not verdict.intact


def test_ce_qui_est_ajoute_apres_le_cachet_se_voit(certificat: cachets.Certificat) -> None:
    verdict = cachets.verifier(sceller(certificat) + b"\n% ajout\n", certificat, le=LE)
    assert verdict is not None
    assert not verdict.intact


def test_le_cachet_d_un_autre_n_est_pas_reconnu(certificat: cachets.Certificat, tmp_path: Path) -> None:
    (tmp_path / "autre.p12").write_bytes(cachet_demonstration.faire(MOT, nom="Une autre organisation"))
    autre = cachets.lire(tmp_path / "autre.p12")
    verdict = cachets.verifier(sceller(autre), certificat, le=LE)
    assert verdict == cachets.Verdict("Une autre organisation", LE, True, False)


def test_une_equipe_a_son_certificat_les_autres_celui_de_l_instance(
    certificat: cachets.Certificat, tmp_path: Path, settings: Settings
) -> None:
    settings.CACHET_DOSSIER = str(tmp_path / "equipes")
    (tmp_path / "equipes").mkdir()
    (tmp_path / "equipes" / "9.p12").write_bytes(cachet_demonstration.faire(MOT, nom="Hôpital du Nord"))
    sien, commun = cachets.certificat_pour(9, le=LE), cachets.certificat_pour(7, le=LE)
    assert sien is not None
    assert commun is not None
    assert (sien.nom, commun.nom) == ("Hôpital du Nord", certificat.nom)


def test_sans_certificat_ou_hors_de_ses_dates_rien_n_est_scelle(
    certificat: cachets.Certificat, settings: Settings, caplog: pytest.LogCaptureFixture
) -> None:
    assert cachets.certificat_pour(7, le=certificat.au + timedelta(seconds=1)) is None
    assert [trace.message for trace in caplog.records] == ["cachet_hors_dates"]
    settings.CACHET_CERTIFICAT = ""
    assert cachets.certificat_pour(7, le=LE) is None


@pytest.mark.parametrize("faute", ["absente", "mot de passe", "contenu"])
def test_une_archive_illisible_est_nommee_sans_son_mot_de_passe(
    certificat: cachets.Certificat, settings: Settings, tmp_path: Path, faute: str
) -> None:
    if faute == "absente":
        settings.CACHET_CERTIFICAT = str(tmp_path / "rien.p12")
    elif faute == "mot de passe":
        settings.CACHET_MOT_DE_PASSE = "un-autre"
    else:
        (tmp_path / "instance.p12").write_bytes(b"rien")
    with pytest.raises(cachets.CertificatIllisible) as refus:
        cachets.certificat_pour(7, le=LE)
    assert re.fullmatch(r"(instance|rien)\.p12: \w+( \w+)?", str(refus.value))


def test_la_commande_fait_un_certificat_de_demonstration_une_fois_et_le_dit(
    settings: Settings, tmp_path: Path, capsys: pytest.CaptureFixture[str]
) -> None:
    chemin = tmp_path / "demo" / "cachet.p12"
    settings.CACHET_CERTIFICAT, settings.CACHET_MOT_DE_PASSE = str(chemin), MOT
    call_command("cachet", demonstration=True)
    premier = chemin.read_bytes()
    call_command("cachet", demonstration=True)
    assert chemin.read_bytes() == premier
    assert chemin.stat().st_mode & 0o077 == 0
    dit = capsys.readouterr().out
    assert "cachet de démonstration" in dit
    assert "sans valeur" in dit
    assert MOT not in dit
    chemin.write_bytes(b"rien")
    with pytest.raises(CommandError, match=r"Illisible : cachet\.p12"):
        call_command("cachet")


# Known by its digest ---------------------------------------------------------------------------------------


def test_un_document_connu_est_intact_modifie_ou_inconnu(db: None, certificat: cachets.Certificat) -> None:
    scelle = sceller(certificat)
    verification.declarer(scelle, cachet=certificat.nom)
    empreinte = hashlib.sha256(scelle).hexdigest()
    connue = EmpreinteDocument.objects.get(sha256=empreinte)
    attendue = verification.Reponse("intact", certificat.nom, connue.le)
    assert verification.du_fichier(scelle) == verification.de_l_empreinte(empreinte) == attendue
    for ou in range(0, len(scelle), len(scelle) // 8):
        autre = bytearray(scelle)
        autre[ou] ^= 1
        assert verification.du_fichier(bytes(autre)).issue in {"modifie", "inconnu"}
    milieu = bytearray(scelle)
    milieu[len(pdf()) // 2] ^= 1
    assert verification.du_fichier(bytes(milieu)) == verification.Reponse("modifie")
    assert verification.du_fichier(pdf() + b"\n%") == verification.Reponse("modifie")
    autre_pdf = rendre(HTML, identifiant="contrat-2", date=LE)
    assert verification.du_fichier(autre_pdf) == verification.Reponse("inconnu")
    assert verification.du_fichier(b"") == verification.de_l_empreinte("0" * 64) == verification.Reponse("inconnu")
