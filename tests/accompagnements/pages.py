"""What the tests of the pages share: a signed-in client, the hidden fields of a form, addresses."""

from typing import Any
from uuid import uuid4

from django.test import Client

from accompagnements.models import Orientation
from partenaires.models import Compte
from partenaires.second_facteur import VERIFIE

ACTES = ("envoyer/", "relancer/", "reponse/", "prise-en-charge/", "terminer/", "retirer/", "lettre/")


def entrer(personne: Compte) -> Client:
    """A client signed in, second factor done."""
    client = Client()
    client.force_login(personne)
    session = client.session
    session[VERIFIE] = True
    session.save()
    return client


def cles(page: Any, nom: str = "formulaire") -> dict[str, str]:
    """The hidden fields of the form that a page shows."""
    formulaire = page.context[nom]
    return {"cle": str(formulaire["cle"].value()), "version": str(formulaire["version"].value())}


def cle_neuve() -> str:
    """A key that no form carried."""
    return str(uuid4())


def recues(o: Orientation, suite: str = "") -> str:
    """The partner's page of an orientation, or one of its acts."""
    return f"/orientations/recues/{o.pk}/{suite}"


def page_de(o: Orientation, suite: str = "") -> str:
    """The équipe's."""
    return f"/orientations/{o.pk}/{suite}"
