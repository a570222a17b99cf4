"""Clients of tests: signed in, second factor verified, organisation chosen; and what a page says."""

import html
import re
import time
from typing import Protocol

from django.http import HttpResponse
from django.test import Client

from partenaires.models import Compte, Rattachement
from partenaires.perimetre import CLE_ORGANISATION
from partenaires.second_facteur import VERIFIE
from socle.sessions import DEBUT, VU
from tests.conftest import en_tant_que

PLUS_TARD = 4_000_000_000  # seen "later" than any request of the suite: the session is not written again


class Reponse(Protocol):
    """What a test client returns, and what a view does."""

    @property
    def status_code(self) -> int: ...

    @property
    def content(self) -> bytes: ...


def connecte(compte: Compte) -> Client:
    """A client signed in as this account, under its first organisation."""
    with en_tant_que("palier_fabrique"):
        organisation_id = Rattachement.objects.filter(compte=compte).order_by("id").values_list("organisation_id")
        cle = organisation_id[0][0]
    client = Client()
    client.force_login(compte)
    session = client.session
    session.update({VERIFIE: True, CLE_ORGANISATION: cle, DEBUT: int(time.time()), VU: PLUS_TARD})
    session.save()
    return client


def texte(reponse: Reponse, statut: int = 200) -> str:
    """The words of a page, one space between them, entities and non-breaking spaces made plain."""
    assert reponse.status_code == statut, reponse.status_code
    corps = re.sub(r"<(script|style|svg)\b.*?</\1>", " ", reponse.content.decode(), flags=re.DOTALL)
    mots = html.unescape(re.sub(r"<[^>]+>", " ", corps)).replace("\N{NO-BREAK SPACE}", " ")
    return re.sub(r"\s+", " ", mots)


def lignes(reponse: Reponse) -> list[str]:
    """The rows of the (only) table body of a page, as words."""
    corps = re.search(r"<tbody>(.*?)</tbody>", reponse.content.decode(), re.DOTALL)
    if corps is None:
        return []
    rangees = re.findall(r"<tr>(.*?)</tr>", corps[1], re.DOTALL)
    return [re.sub(r"\s+", " ", texte(HttpResponse(r))).strip() for r in rangees]
