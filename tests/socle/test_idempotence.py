"""A creating form sent twice makes one object."""

import uuid
from datetime import datetime, timedelta

import pytest

from partenaires.perimetre import agir_comme
from socle import horloge, idempotence
from socle.models import CleIdempotence
from tests.conftest import en_tant_que
from tests.fabriques import monde


def test_la_meme_cle_et_le_meme_corps_rendent_le_meme_objet(db: None, midi: datetime) -> None:
    m = monde()
    cle, faits = uuid.uuid4(), []

    def faire() -> str:
        faits.append(1)
        return f"objet-{len(faits)}"

    def une_fois(role: str, corps: dict[str, int]) -> tuple[str, bool]:
        return idempotence.une_fois(cle, compte_id=m[role].pk, action="creer", corps=corps, faire=faire)

    with agir_comme(m["gardien"]):
        assert une_fois("gardien", {"a": 1}) == ("objet-1", True)
        assert une_fois("gardien", {"a": 1}) == ("objet-1", False)
        with pytest.raises(idempotence.CorpsDifferent):
            une_fois("gardien", {"a": 2})
    assert faits == [1]
    with agir_comme(m["referent"]):
        assert une_fois("referent", {"a": 2}) == ("objet-2", True)
        assert CleIdempotence.objects.count() == 1


def test_les_cles_s_oublient_apres_sept_jours(db: None, midi: datetime) -> None:
    m = monde()
    with agir_comme(m["gardien"]):
        idempotence.une_fois(uuid.uuid4(), compte_id=m["gardien"].pk, action="x", corps={}, faire=lambda: 1)
    horloge.regler(midi + timedelta(days=7, seconds=1))
    with en_tant_que("palier_systeme"):
        assert idempotence.purger(a_blanc=True) == 1
        assert CleIdempotence.objects.count() == 1
        assert idempotence.purger(a_blanc=False) == 1
        assert CleIdempotence.objects.count() == 0
