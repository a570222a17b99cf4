"""Clients signed in as a role, with a second factor enrolled and verified."""

from collections.abc import Callable

import pytest
from django.test import Client

from partenaires.models import Compte
from partenaires.second_facteur import VERIFIE

Entrer = Callable[..., Client]


@pytest.fixture
def entrer() -> Entrer:
    """A client signed in as an account; `second_facteur=False` leaves it without one."""

    def _entrer(compte: Compte, *, second_facteur: bool = True, organisation_id: int | None = None) -> Client:
        client = Client()
        client.force_login(compte)
        session = client.session
        if second_facteur:
            session[VERIFIE] = True
        if organisation_id is not None:
            session["organisation_id"] = organisation_id
        session.save()
        return client

    return _entrer
