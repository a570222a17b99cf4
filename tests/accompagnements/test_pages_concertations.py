"""The list of concertations costs the same whatever its length."""

from datetime import datetime, timedelta

from django.urls import reverse

from accompagnements import parcours
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_concertations as concertations
from tests.accompagnements.test_liens import structure
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


def test_une_structure_sans_compte_s_invite_par_un_papier_qui_ne_dit_rien_des_situations(
    db: None, midi: datetime
) -> None:
    m = monde()
    c = concertations.convoquee(m)
    s = structure(m)
    client = connecte(m["social"])
    adresse = reverse("concertation_papier", args=[c.pk])
    assert adresse in client.get(reverse("concertation", args=[c.pk])).content.decode()
    assert "vous invite" not in texte(client.get(adresse))
    page = texte(client.get(adresse, {"structure": str(s.pk)}))
    for dit in (s.nom, "12 rue des Lilas", f"{m.equipe.nom} vous invite"):
        assert dit in page
    for tu in ("Maquette", "Situation A", concertations.DEMANDE, m.bailleur.nom, "26-0001"):
        assert tu not in page, tu
    assert "Choisissez une structure." in texte(client.get(adresse, {"structure": str(c.pk)}))
    with agir_comme(m["social"]):
        parcours.annuler_concertation(c.pk, par=m["social"])
    assert client.get(adresse)["Location"] == reverse("concertation", args=[c.pk])
