"""What a gardien types, step by step, through the pages."""

from typing import Any

from django.http import HttpResponse
from django.test import Client
from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements.models import Brouillon, Fiche, Grille
from tests.fabriques import Monde

DOMAINES = ("logement", "securite", "presence", "voisinage", "echanges", "bailleur")
# What the équipe says of a fiche that it types: from whom, how and when it came.
ARRIVEE = {"signale_par": "Mme Craie, cheffe de secteur", "arrivee": "telephone", "arrivee_le": "2026-09-21"}
ETAPES = ("personne", *DOMAINES, "contexte")


def adresse(pk: Any, etape: str) -> str:
    return reverse("saisie", args=[pk, etape])


def commencer(client: Client, **champs: Any) -> Any:
    """The big button; returns the address of the first step."""
    page = client.get("/fiches/nouvelle/")
    cle = str(page.context["formulaire"]["cle"].value())
    return client.post("/fiches/nouvelle/", {"cle": cle, **champs})


def personne(m: Monde, **champs: Any) -> dict[str, Any]:
    """A right first step."""
    return {"residence": m.residence.pk, "batiment": "B", "nom": "Maquette", "majeur": "oui", **champs}


def domaine(code: str, valeur: str = "NO", **champs: Any) -> dict[str, Any]:
    """Every line of a domain answered the same, without a source."""
    grille = Grille.objects.en_vigueur(None)
    signaux = dict(grille.par_domaine())[code]  # type: ignore[index]
    return {**{s.code: valeur for s in signaux}, **champs}


def remplir(client: Client, m: Monde, pk: Any, **personnes: Any) -> None:
    """Every step, right; LOG1 is frequent, seen directly."""
    etapes = {
        "personne": personne(m, **personnes),
        **{d: domaine(d) for d in DOMAINES},
        "logement": domaine("logement", LOG1="2", LOG1_source="direct"),
        "contexte": {"faits": "Volets fermés depuis trois semaines.", "contexte": ["impaye"], "inquietude": "6"},
    }
    for etape in ETAPES:
        reponse = client.post(adresse(pk, etape), etapes[etape])
        assert reponse.status_code == 302, (etape, reponse.context["formulaire"].errors)


def envoyer(client: Client, pk: Any) -> HttpResponse:
    """The last button."""
    grille = Grille.objects.en_vigueur(None)
    return client.post(adresse(pk, "relire"), {"grille": grille.pk, "vers": "suivant"})  # type: ignore[return-value]


def brouillon_de(m: Monde, pk: Any, role: str = "gardien") -> dict[str, Any]:
    """What the server keeps of a draft."""
    with agir_comme(m[role]):
        contenu: dict[str, Any] = Brouillon.objects.get(pk=pk).contenu
        return contenu


def fiches_de(m: Monde, role: str = "gardien") -> list[Fiche]:
    with agir_comme(m[role]):
        return list(Fiche.objects.visibles_par(m[role]).order_by("cree_le", "id"))
