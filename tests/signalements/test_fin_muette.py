"""Whatever the end, the référent's pages answer the same at the same moment: nothing tells the motif."""

import re
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.urls import reverse

from partenaires.perimetre import agir_comme
from signalements import parcours
from signalements.enums import EtatInstruction, MotifClassement, MotifNonRecevable, Statut
from signalements.models import Echange, Fiche
from tests import recits, recits_avis
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

Fin = Callable[[Monde, Fiche], Any]


def _non_recevable(m: Monde, fiche: Fiche) -> None:
    parcours.declarer_non_recevable(fiche.pk, par=m["social"], motif=MotifNonRecevable.DOUBLON)


def _reorientee(m: Monde, fiche: Fiche) -> None:
    parcours.reorienter(fiche.pk, par=m["social"])


def _opposee(m: Monde, fiche: Fiche) -> None:
    parcours.opposer(fiche.pk, par=m["social"])


def _classee(m: Monde, fiche: Fiche) -> None:
    parcours.declarer_recevable(fiche.pk, par=m["social"])
    parcours.classer(fiche.pk, par=m["social"], motif=MotifClassement.HOSPITALISATION)


PAGES = ("signalement", "signalement_fiche", "signalement_opposition", "fiche_rectifier", "notice", "notice_pdf")
FINS: tuple[Fin, ...] = (_non_recevable, _reorientee, _opposee, _classee)


def _reponses(m: Monde, fin: Fin) -> dict[str, Any]:
    """What every page and act of the référent answers once the situation has ended so."""
    fiche = recits.transmise(m)
    recits_avis.message_de_l_equipe(m, fiche)
    with agir_comme(m["referent"]):
        message = Echange.objects.get(fiche=fiche)
    with agir_comme(m["social"]):
        fin(m, fiche)
    client = connecte(m["referent"])
    dites: dict[str, Any] = {}
    for route in (
        "signalement",
        "signalement_fiche",
        "signalement_opposition",
        "fiche_rectifier",
        "notice",
        "notice_pdf",
    ):
        reponse = client.get(reverse(route, args=[fiche.pk]))
        dites[route] = (reponse.status_code, reponse.headers.get("Location", "").replace(str(fiche.pk), "pk"))
    for route, envoi in (
        ("fil_lu", {"jusqu_a": str(message.pk)}),
        ("signalement_repondre", {"action": "message", "texte": "Encore là ?"}),
        ("fiche_rectifier", {"nom": "Autre", "version": "1", "motif": "demande"}),
        ("signalement_information", {"informee_le": "2026-09-22", "mode_information": "vive_voix"}),
    ):
        reponse = client.post(reverse(route, args=[fiche.pk]), envoi)
        dites[f"POST {route}"] = (reponse.status_code, reponse.headers.get("Location", "").replace(str(fiche.pk), "pk"))
    panneau = texte(client.get(reverse("signalement", args=[fiche.pk])))
    ligne = texte(client.get(reverse("mes_signalements"), {"q": fiche.reference}))
    dites["mots"] = re.sub(r"26-\d{4}", "26-N", panneau + ligne)
    return dites


def test_aucune_fin_ne_se_distingue_d_une_autre_pour_le_referent(db: None, midi: datetime) -> None:
    dites = [_reponses(monde("Nord"), fin) for fin in FINS]
    for autre, fin in zip(dites[1:], FINS[1:], strict=True):
        mots, siens = dites[0].pop("mots", ""), autre.pop("mots")
        assert autre == dites[0], fin.__name__
        dites[0]["mots"] = mots
        assert _sans_noms(siens) == _sans_noms(mots), fin.__name__
    neutres = {str(statut.label).lower() for statut in Statut}
    for etat in {str(e.label).lower() for e in EtatInstruction} - neutres:
        assert etat not in dites[0]["mots"].lower(), etat


def _sans_noms(mots: str) -> str:
    """Worlds differ by a number in their names."""
    return re.sub(r"\d+", "N", mots)
