"""A world on 22 September 2026, and the messages that Redis would have had."""

from datetime import datetime

import pytest
from celery import current_app

from tests.fabriques import Monde, monde


@pytest.fixture
def m(db: None, midi: datetime) -> Monde:
    return monde()


@pytest.fixture
def messages(monkeypatch: pytest.MonkeyPatch) -> list[list[str]]:
    """What would have been sent to Redis."""
    envoyes: list[list[str]] = []
    monkeypatch.setattr(current_app, "send_task", lambda nom, args, **_: envoyes.append([nom, *args]))
    return envoyes
