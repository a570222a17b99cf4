"""The list of concertations costs the same whatever its length."""

from datetime import datetime, timedelta

from accompagnements import parcours
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.comptage import enumerees, instructions
from tests.fabriques import Monde, monde
from tests.pages import connecte, lignes, texte


def _preparer(m: Monde, nombre: int) -> None:
    with agir_comme(m["social"]):
        for jour in range(nombre):
            debut = horloge.maintenant() + timedelta(days=1 + jour)
            parcours.preparer_concertation(par=m["social"], debut=debut, duree=60, lieu="Mairie")


def test_la_liste_coute_autant_pour_trois_que_pour_trente(db: None, midi: datetime) -> None:
    m = monde()
    client = connecte(m["coordination"])
    comptes = []
    for ajout, montrees in ((3, 3), (27, 25)):
        _preparer(m, ajout)
        with instructions() as vues:
            page = client.get("/concertations/")
        assert len(lignes(page)) == montrees
        assert len(vues) <= 12, enumerees(vues)
        comptes.append(len(vues))
    assert comptes[0] == comptes[1]
    assert "Aucune concertation passée" in texte(client.get("/concertations/?vue=passees"))
