"""The client of clamd: a verdict or a refusal, never a guess; nothing of the file in the logs."""

import logging
from typing import Any

import pytest
from django.core.exceptions import ImproperlyConfigured

from config import env
from socle import antivirus
from socle.antivirus import AntivirusIndisponible, FichierInfecte, examiner
from tests.socle.faux_clamd import EICAR, clamd


@pytest.mark.parametrize("tcp", [False, True], ids=["unix", "tcp"])
def test_un_fichier_sain_passe_et_arrive_entier(settings: Any, tcp: bool) -> None:
    octets = bytes(range(256)) * 1000  # four chunks
    with clamd(settings, tcp=tcp) as serveur:
        examiner(octets)
        examiner(b"")
        assert antivirus.repond()
    assert serveur.recus == [octets, b""]


def test_un_fichier_infecte_est_refuse_sans_rien_en_dire(settings: Any, caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.INFO), clamd(settings), pytest.raises(FichierInfecte):
        examiner(b"avant" + EICAR)
    assert [(r.message, vars(r).get("signature")) for r in caplog.records] == [
        ("antivirus: refused a file", "Eicar-Test-Signature")
    ]


@pytest.mark.parametrize("humeur", ["coupe", "charabia", "limite"])
def test_sans_verdict_le_fichier_n_est_pas_accepte(settings: Any, humeur: str) -> None:
    with clamd(settings, humeur), pytest.raises(AntivirusIndisponible):
        examiner(b"x" * 300_000)


def test_un_antivirus_muet_ne_retient_pas_la_demande(settings: Any, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(antivirus, "DELAI", 0.2)
    with clamd(settings, "muet"), pytest.raises(AntivirusIndisponible):
        examiner(b"x")


@pytest.mark.parametrize("adresse", ["unix:///nulle/part/clamd.ctl", "tcp://127.0.0.1:9"])
def test_un_antivirus_injoignable_est_une_panne_dite(
    settings: Any, caplog: pytest.LogCaptureFixture, adresse: str
) -> None:
    settings.ANTIVIRUS = adresse
    assert not antivirus.repond()
    with caplog.at_level(logging.INFO), pytest.raises(AntivirusIndisponible):
        examiner(b"x")
    assert [r.message for r in caplog.records] == ["antivirus: no answer"]


def test_sans_reglage_rien_n_est_examine(settings: Any) -> None:
    settings.ANTIVIRUS = ""
    assert not antivirus.est_configure()
    examiner(EICAR)


def test_le_reglage_se_lit_au_demarrage(monkeypatch: pytest.MonkeyPatch) -> None:
    for bon in ("", "unix:///run/clamav/clamd.ctl", "tcp://clamav:3310", "tcp://[::1]:3310"):
        monkeypatch.setenv("PALIER_ANTIVIRUS", bon)
        assert env.antivirus() == bon
    for faux in ("clamav", "unix://clamd.ctl", "tcp://clamav", "http://clamav:3310"):
        monkeypatch.setenv("PALIER_ANTIVIRUS", faux)
        with pytest.raises(ImproperlyConfigured, match="PALIER_ANTIVIRUS"):
            env.antivirus()
