"""What the two pages where the équipe spends its day cost in statements: the fiche, and the situation with its tabs."""

from datetime import datetime, timedelta

from django.test import Client
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


ROLES = ("coordination", "social")


def cout(client: Client, adresse: str) -> int:
    with instructions() as vues:
        assert client.get(adresse).status_code == 200
    assert len(vues) <= PLAFOND, (adresse, enumerees(vues))
    return len(vues)


def test_la_fiche_coute_autant_avec_trois_et_trente_echanges(db: None, midi: datetime) -> None:
    m = monde()
    fiche = recits.transmise(m)
    clients = {role: connecte(m[role]) for role in ROLES}
    couts = []
    for nombre in (3, 27):
        for n in range(nombre):
            with agir_comme(m["social"]):
                signalements.demander_complement(fiche.pk, par=m["social"], question=f"Depuis quand, {n} ?")
            with agir_comme(m["referent"]):
                signalements.completer(fiche.pk, par=m["referent"], reponse=f"Depuis {n} semaines.")
        couts.append({role: cout(client, reverse("fiche", args=[fiche.pk])) for role, client in clients.items()})
    assert couts[0] == couts[1]


def test_la_situation_coute_autant_avec_trente_lignes_et_plus(db: None, midi: datetime) -> None:
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
        couts.append({onglet: cout(client, reverse(onglet, args=[a.pk])) for onglet in ONGLETS})
    assert couts[0] == couts[1]
