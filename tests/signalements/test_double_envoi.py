"""Two sendings at the very same time, by two connections: one fiche, one receipt, one promise."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connection
from django.test import Client
from django.urls import reverse

from signalements.models import Fiche, Locataire, Releve
from tests import recits
from tests.fabriques import monde
from tests.pages import connecte
from tests.partenaires.regards import compter, promesses
from tests.signalements.saisies import commencer, envoyer, fiches_de, remplir

pytestmark = pytest.mark.django_db(transaction=True)


def _ensemble(*gestes: Callable[[], Any]) -> list[Any]:
    """Each gesture in a thread of its own, all let go together."""
    depart = Barrier(len(gestes))

    def faire(geste: Callable[[], Any]) -> Any:
        try:
            depart.wait(timeout=20)
            return geste()
        finally:
            connection.close()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return [f.result(timeout=60) for f in [fils.submit(faire, g) for g in gestes]]


def test_deux_envois_au_meme_instant_ne_deposent_qu_une_fiche(midi: datetime) -> None:
    m = monde()
    fiche = recits.brouillon(m)
    un, deux = connecte(m["gardien"]), connecte(m["gardien"])
    remplir(un, m, fiche.pk)
    reponses = _ensemble(lambda: envoyer(un, fiche.pk), lambda: envoyer(deux, fiche.pk))
    assert {(r.status_code, r["Location"]) for r in reponses} == {(302, reverse("signalement", args=[fiche.pk]))}
    assert [f.etat for f in fiches_de(m)] == ["transmise"]
    assert compter(Fiche, Locataire, Releve) == {"Fiche": 1, "Locataire": 1, "Releve": 1}
    assert sorted(promesses()) == ["signalements.information_tardive", "signalements.transmise"]


def test_deux_touches_du_grand_bouton_au_meme_instant_ne_commencent_qu_un_brouillon(midi: datetime) -> None:
    m = monde()
    client = connecte(m["gardien"])
    cle = str(client.get("/fiches/nouvelle/").context["formulaire"]["cle"].value())
    autre = Client()
    autre.cookies = client.cookies

    def toucher(par: Client) -> Any:
        return par.post("/fiches/nouvelle/", {"cle": cle})

    vers = {r["Location"] for r in _ensemble(lambda: toucher(client), lambda: toucher(autre))}
    (fiche,) = fiches_de(m)
    assert vers == {reverse("saisie", args=[fiche.pk, "personne"])}
    assert commencer(client)["Location"] not in vers  # a new key is another fiche
