"""What the logs say: an event, a place, identifiers; never what was typed, nor an address that opens by itself."""

import json
import logging
from typing import Any

import pytest
from django.urls import URLPattern, get_resolver

from socle.traces import formateur

FICHE = "/fiches/01a20605-28cf-775e-9894-5f22955b631d/saisie/personne/"
JETON = "k3Vd-_9fQw7xLr2Tn8Zb5Yc1Hj6Ms4Pa0Ge3Ui_-Ok9"


def ligne(message: str, *args: object, exc_info: Any = None, **extra: object) -> dict[str, Any]:
    """A line as it is written, read again."""
    trace = logging.LogRecord("source", logging.WARNING, "", 0, message, args, exc_info)
    vars(trace).update(extra)
    lue: dict[str, Any] = json.loads(formateur().format(trace))
    return lue


@pytest.mark.parametrize(
    "chemin",
    [f"/invitation/{JETON}/", f"/agenda/{JETON}.ics", f"/compte/mot-de-passe/oublie/2f-{JETON}/", f"/x/{JETON}?q=1"],
)
def test_une_adresse_qui_ouvre_n_est_pas_ecrite(chemin: str) -> None:
    dite = ligne("Not Found: %s", chemin)["evenement"]
    assert JETON[:12] not in dite
    assert dite.startswith(f"Not Found: {chemin[:3]}")


def test_un_identifiant_se_lit_et_la_recherche_ne_se_lit_pas() -> None:
    assert ligne("Conflict: %s", FICHE)["evenement"] == f"Conflict: {FICHE}"
    assert ligne("Not Found: %s", "/fiches/?q=maquette")["evenement"] == "Not Found: /fiches/"


def test_une_exception_dit_son_genre_et_son_lieu_jamais_ses_valeurs() -> None:
    def echouer(nom: str) -> None:
        raise ValueError(nom)

    with pytest.raises(ValueError, match="canari") as faute:
        echouer("Maquettecanari")
    exc_info = (faute.type, faute.value, faute.tb)
    lue = ligne("cle_refusee", exc_info=exc_info, cle="abc", request={"nom": "Maquettecanari"})
    assert (lue["exception"], lue["cle"]) == ("ValueError", "abc")
    assert lue["lieu"].startswith("test_traces.py:")
    assert "Maquettecanari" not in json.dumps(lue)


def test_aucun_mot_de_nos_adresses_n_est_pris_pour_un_secret() -> None:
    motifs: list[str] = []

    def parcourir(routes: Any) -> None:
        for route in routes:
            motifs.append(str(route.pattern))
            if not isinstance(route, URLPattern):
                parcourir(route.url_patterns)

    parcourir(get_resolver().url_patterns)
    longs = [
        mot for motif in motifs for mot in motif.split("/") if len(mot) >= 32 and "<" not in mot and "(" not in mot
    ]
    assert len(motifs) > 100
    assert longs == []
