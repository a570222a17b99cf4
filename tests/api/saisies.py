"""What a software of the tests sends."""

import json
from typing import Any

from partenaires.perimetre import agir_comme
from signalements.models import Fiche, Grille
from tests.cles import Appelant
from tests.fabriques import Monde


def grille(m: Monde) -> Grille:
    """The grid in force for the world's équipe."""
    return Grille.objects.en_vigueur(m.equipe.pk)


def personne(m: Monde, **champs: Any) -> dict[str, Any]:
    """A right first part."""
    return {
        "residence": m.residence.pk, "batiment": "B", "nom": "Maquette", "prenom": "Ondine", "majeur": "oui", **champs,
    }  # fmt: skip


def signaux(m: Monde, **reponses: Any) -> dict[str, Any]:
    """Every signal answered « not observed », LOG1 frequent and seen."""
    toutes: dict[str, Any] = {code: {"valeur": "NO"} for code in sorted(grille(m).codes())}
    return {**toutes, "LOG1": {"valeur": "2", "source": "direct"}, **reponses}


def fiche(m: Monde, **parties: Any) -> dict[str, Any]:
    """A whole fiche that may leave."""
    return {
        "personne": personne(m),
        "grille": grille(m).pk,
        "signaux": signaux(m),
        "contexte": {"situation": ["impaye"], "faits": "Volets fermés depuis trois semaines.", "inquietude": 6},
        **parties,
    }


def lue(reponse: Any, statut: int = 200) -> Any:
    """The JSON of an answer of this status."""
    assert reponse.status_code == statut, (reponse.status_code, reponse.content.decode())
    return json.loads(reponse.content)


def deposee(appelant: Appelant, m: Monde, **parties: Any) -> dict[str, Any]:
    """A fiche transmitted in one call: its receipt."""
    recu: dict[str, Any] = lue(appelant.post("fiches/", {**fiche(m, **parties), "transmettre": True}), 201)
    return recu


def brouillon(appelant: Appelant, m: Monde, **parties: Any) -> tuple[str, str]:
    """A draft begun: its identifier and its ETag."""
    reponse = appelant.post("fiches/", fiche(m, **parties))
    return lue(reponse, 201)["id"], reponse["ETag"]


def equipe_lit(m: Monde, pk: Any) -> Any:
    """The fiche as the équipe reads it."""
    with agir_comme(m["coordination"]):
        return Fiche.objects.visibles_par(m["coordination"]).avec_contenu().get(pk=pk)
