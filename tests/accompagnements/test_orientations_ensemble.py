"""Two gestures at the very same time, by two connections: one orientation, one answer, nothing after a withdrawal."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from copy import copy
from datetime import datetime
from threading import Barrier
from typing import Any

import pytest
from django.db import connections
from django.test import Client

from accompagnements import parcours
from accompagnements.models import Accord, Orientation
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_liens import LUE, cles, entrer, envoyee, structure
from tests.conftest import en_tant_que
from tests.fabriques import monde

pytestmark = pytest.mark.django_db(transaction=True)


def ensemble(*gestes: Callable[[], Any]) -> list[Any]:
    """Each gesture in a thread of its own, all let go together; a refusal is given back."""
    depart = Barrier(len(gestes))

    def faire(geste: Callable[[], Any]) -> Any:
        try:
            depart.wait(timeout=20)
            return geste()
        except Exception as refus:
            return refus
        finally:
            connections.close_all()

    with ThreadPoolExecutor(len(gestes)) as fils:
        return [f.result(timeout=60) for f in [fils.submit(faire, g) for g in gestes]]


def test_deux_collegues_n_orientent_qu_une_fois_vers_un_partenaire(midi: datetime) -> None:
    m = monde()
    s, a = structure(m), histoires.evalue(m)

    def proposer(role: str) -> Callable[[], object]:
        def faire() -> object:
            qui = copy(m[role])
            with agir_comme(qui):
                return parcours.proposer_orientation(
                    a.pk, par=qui, destinataire=s, demande="Un rendez-vous.", contacts=[]
                )

        return faire

    issues = ensemble(proposer("soignant"), proposer("social"), proposer("coordination"))
    assert sorted(type(i).__name__ for i in issues) == ["DejaOuverte", "DejaOuverte", "Orientation"]
    with en_tant_que("palier_fabrique"):
        assert Orientation.objects.count() == 1


def test_deux_reponses_par_le_lien_n_en_font_qu_une(midi: datetime) -> None:
    m = monde()
    o = envoyee(m)
    client = entrer(m, o)
    envoi = {**cles(client.get(LUE)), "acte": "repondre", "issue": "refuser"}
    reponses = ensemble(
        lambda: client.post(LUE, {**envoi, "motif": "sans_place"}),
        lambda: client.post(LUE, {**envoi, "motif": "hors_secteur"}),
    )
    assert {r.status_code for r in reponses} == {302}
    lue = histoires.orientation_relue(m, o)
    assert (lue.etat, lue.version) == ("refusee", o.version + 1)
    assert lue.motif_refus in ("sans_place", "hors_secteur")


@pytest.mark.parametrize("par_lien", [True, False])
def test_une_reponse_pendant_un_retrait_passe_avant_ou_ne_passe_pas(midi: datetime, par_lien: bool) -> None:
    m = monde()
    o = envoyee(m) if par_lien else histoires.orientation_envoyee(m)
    with agir_comme(m["social"]):
        accord = Accord.objects.get()
    client, envoi = Client(), {}
    if par_lien:
        client = entrer(m, o)
        envoi = {**cles(client.get(LUE)), "acte": "repondre", "issue": "refuser", "motif": "sans_place"}

    def repondre() -> object:
        if par_lien:
            return client.post(LUE, envoi).status_code
        qui = copy(m["correspondant"])
        with agir_comme(qui):
            return parcours.repondre(o.pk, par=qui, issue="refuser", motif="sans_place")

    def retirer() -> object:
        qui = copy(m["social"])
        with agir_comme(qui):
            return parcours.retirer_accord(accord.pk, par=qui)

    _, retrait = ensemble(repondre, retirer)
    assert isinstance(retrait, Accord)
    with en_tant_que("palier_systeme"):
        lue = Orientation.objects.get(pk=o.pk)
    assert lue.retiree_le == horloge.maintenant()  # withdrawn in any case
    repondue = lue.repondue_le is not None
    assert (lue.etat, lue.motif_refus) == (("refusee", "sans_place") if repondue else ("retiree", ""))
    if par_lien:
        assert client.get(LUE).status_code == 404
    else:
        with agir_comme(m["correspondant"]):
            assert not Orientation.objects.exists()
