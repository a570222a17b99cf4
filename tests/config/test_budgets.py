"""What the two pages where the équipe spends its day cost in statements: the fiche, and the situation with its tabs."""

from datetime import datetime, timedelta

import pytest
from django.urls import reverse

from accompagnements import parcours
from partenaires.perimetre import agir_comme
from signalements import parcours as signalements
from socle import horloge
from tests import recits
from tests import recits_accompagnements as histoires
from tests.comptage import enumerees, instructions
from tests.fabriques import monde
from tests.pages import connecte

PLAFOND = 12
ONGLETS = (
    "situation", "situation_visites", "situation_notes", "situation_contrat", "situation_diagnostic",
    "situation_orientations", "situation_documents",
)  # fmt: skip


@pytest.mark.parametrize("role", ["coordination", "social"])
def test_la_fiche_coute_autant_avec_trois_et_trente_echanges(db: None, midi: datetime, role: str) -> None:
    m = monde()
    fiche = recits.transmise(m)
    client = connecte(m[role])
    couts = []
    for nombre in (3, 27):
        for n in range(nombre):
            with agir_comme(m["social"]):
                signalements.demander_complement(fiche.pk, par=m["social"], question=f"Depuis quand, {n} ?")
            with agir_comme(m["referent"]):
                signalements.completer(fiche.pk, par=m["referent"], reponse=f"Depuis {n} semaines.")
        with instructions() as vues:
            assert client.get(reverse("fiche", args=[fiche.pk])).status_code == 200
        couts.append(len(vues))
        assert len(vues) <= PLAFOND, enumerees(vues)
    assert couts[0] == couts[1]


@pytest.mark.parametrize("onglet", ONGLETS)
def test_la_situation_coute_autant_avec_trente_lignes_et_plus(db: None, midi: datetime, onglet: str) -> None:
    m = monde()
    a = histoires.en_cours(m)
    histoires.accord(m, a)
    client = connecte(m["soignant"])
    couts = []
    for nombre in (27, 3):
        for n in range(nombre):
            histoires.visite_prevue(m, a, dans=timedelta(days=n + 1))
            with agir_comme(m["soignant"]):
                parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte=f"Note {n}")
            orientation = histoires.orientation_proposee(m, a)
            if nombre > 3 or n < 2:  # one at a time to a partner
                with agir_comme(m["soignant"]):
                    parcours.retirer(orientation.pk, par=m["soignant"], motif="sans_objet")
        horloge.avancer(days=1)
        with instructions() as vues:
            assert client.get(reverse(onglet, args=[a.pk])).status_code == 200
        couts.append(len(vues))
        assert len(vues) <= PLAFOND, enumerees(vues)
    assert couts[0] == couts[1]
