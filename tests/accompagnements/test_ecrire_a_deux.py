"""Two people write over the same text: the second is shown both, keeps what she typed, and sends it again knowingly.

Minutes of a visit and the diagnostic are in test_pages.py.
"""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from django.urls import reverse

from accompagnements import parcours
from accompagnements.models import NoteEquipe
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as suivi
from tests import recits_concertations as concertations
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

PREMIER, SECOND = "Premier texte, gardé.", "Second texte, tapé en même temps."


def test_le_second_voit_les_deux_textes_et_choisit(db: None, midi: datetime) -> None:
    m = monde()
    for nom, corps in _textes(m).items():
        adresse, champ, autres = corps
        premiere, seconde = connecte(m["soignant"]), connecte(m["soignant" if nom == "note" else "social"])
        page = seconde.get(adresse)
        assert page.status_code == 200, nom
        version = page.context["formulaire"]["version"].value()
        envoi = {"version": version, **autres}
        assert premiere.post(adresse, {**envoi, champ: PREMIER}).status_code == 302, nom
        conflit = seconde.post(adresse, {**envoi, champ: SECOND})
        dit = texte(conflit, 409)
        assert PREMIER in dit, nom
        assert dit.count(SECOND) >= 1, nom
        formulaire = conflit.context["formulaire"]
        assert formulaire[champ].value() == SECOND, nom  # what was typed is still there
        assert PREMIER in str(_gardes(m, nom)), nom  # and nothing was overwritten
        assert SECOND not in str(_gardes(m, nom)), nom
        encore = {**envoi, "version": formulaire["version"].value(), champ: SECOND}
        assert seconde.post(adresse, encore).status_code == 302, nom
        assert SECOND in str(_gardes(m, nom)), nom


LUS: dict[str, Callable[[Monde], Any]] = {}


def _gardes(m: Monde, nom: str) -> list[str]:
    """The texts of this kind, as the équipe reads them now."""
    with agir_comme(m["soignant"]):
        return list(LUS[nom](m))


def _textes(m: Monde) -> dict[str, tuple[str, str, dict[str, Any]]]:
    """(address, field, the other fields) of each form that edits a text."""
    from accompagnements.models import (
        Concertation,
        EtapeChoisie,
        PointConcertation,
        RevueObjectif,
        SituationEvoquee,
    )

    a, autre = suivi.en_cours(m), suivi.en_cours(m, nom="Autre")
    with agir_comme(m["soignant"]):
        note = parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="Au début.")
        clinique = parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Au début.")
        etape = parcours.noter_etape(a.pk, par=m["soignant"], version=0, texte="Rappeler", le=horloge.aujourdhui())
        objectif = a.objectifs.get()
    preparee = concertations.preparee(m, autre)
    depart = horloge.maintenant()
    tenue = concertations.tenue(m, a)
    horloge.regler(depart)
    demain = (horloge.aujourdhui() + timedelta(days=4)).isoformat()
    LUS.update(
        note=lambda m: [n.texte for n in NoteEquipe.objects.all()],
        etape=lambda m: [e.texte for e in EtapeChoisie.objects.all()],
        objectif=lambda m: [r.commentaire for r in RevueObjectif.objects.all()],
        demande=lambda m: [p.demande for p in PointConcertation.objects.all()],
        lieu=lambda m: [c.lieu for c in Concertation.objects.all()],
        compte_rendu=lambda m: [s.compte_rendu for s in SituationEvoquee.objects.all()],
    )
    assert clinique.pk != etape.pk
    return {
        "note": (reverse("note_modifier", args=[note.pk]), "texte", {}),
        "etape": (reverse("situation_etape", args=[a.pk]), "texte", {"le": demain}),
        "objectif": (reverse("objectif_revoir", args=[objectif.pk]), "commentaire", {"etat": "ouvert"}),
        "demande": (reverse("point_modifier", args=[concertations.point_de(m, preparee).pk]), "demande", {}),
        "lieu": (
            reverse("concertation_modifier", args=[preparee.pk]), "lieu",
            {"jour": demain, "heure": "14:00", "duree": "60", "membres": []},
        ),
        "compte_rendu": (reverse("point_rediger", args=[concertations.point_de(m, tenue).pk]), "compte_rendu", {}),
    }  # fmt: skip
