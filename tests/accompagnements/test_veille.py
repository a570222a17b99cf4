"""Coming out of a visit: said in one tap, or coordination is told two hours after the end."""

from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied

from accompagnements import parcours
from accompagnements.models import Visite
from accompagnements.parcours import SaisieRefusee
from accompagnements.tasks import systeme_veiller_sur_les_visites
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import entrer
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.recits_avis import courriels


def balayer() -> int:
    with en_tant_que("palier_systeme"):
        return systeme_veiller_sur_les_visites()


def apres(visite: Visite, **duree: int) -> None:
    horloge.regler(visite.fin + timedelta(**duree))


def alertes(m: Monde) -> list[str]:
    return [c.to[0] for c in courriels() if "deux heures après" in c.body]


@pytest.fixture
def scene(db: None, midi: datetime) -> tuple[Monde, Visite]:
    m = monde()
    visite = histoires.visite_prevue(m, histoires.ouvert(m))
    courriels()
    return m, visite


def test_une_visite_non_close_deux_heures_apres_alerte_la_coordination_une_fois(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    apres(visite, minutes=119)
    assert (balayer(), alertes(m)) == (0, [])
    with en_tant_que("palier_fabrique"):
        Compte.objects.filter(pk=m["soignant"].pk).update(telephone="06 00 00 00 01")
    apres(visite, minutes=121)
    assert (balayer(), alertes(m)) == (1, [m["coordination"].email])
    apres(visite, minutes=150)
    assert (balayer(), alertes(m)) == (1, [])
    page = entrer(m["coordination"]).get("/").content.decode()
    assert "Sorties à vérifier" in page
    assert m["soignant"].nom_complet in page
    assert 'href="tel:0600000001"' in page
    assert "Sorties à vérifier" not in entrer(m["social"]).get("/").content.decode()


def test_qui_est_sorti_n_inquiete_plus_et_tous_sortis_personne_n_est_alerte(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    apres(visite, minutes=1)
    for role in ("soignant", "social"):
        assert entrer(m[role]).post(f"/visites/{visite.pk}/sortie/").status_code == 302
        assert "Votre sortie est signalée" in entrer(m[role]).get(f"/visites/{visite.pk}/").content.decode()
    apres(visite, hours=3)
    assert (balayer(), alertes(m)) == (0, [])
    with agir_comme(m["soignant"]):
        lue = Visite.objects.get(pk=visite.pk)
        assert (lue.etat, lue.version, sorted(lue.sortis)) == ("planifiee", 1, sorted(lue.participants))


def test_la_visite_close_entre_la_promesse_et_l_envoi_n_alerte_personne(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    apres(visite, hours=3)
    assert balayer() == 1
    with agir_comme(m["soignant"]):
        parcours.rendre_compte(visite.pk, par=m["soignant"], version=1, issue="absent", compte_rendu="")
    assert alertes(m) == []


@pytest.mark.parametrize("lieu", ["telephone", "domicile"])
def test_un_appel_ou_une_visite_annulee_n_alerte_personne(scene: tuple[Monde, Visite], lieu: str) -> None:
    m, visite = scene
    with agir_comme(m["soignant"]):
        parcours.annuler_visite(visite.pk, par=m["soignant"])
        if lieu == "telephone":
            autre = parcours.planifier_visite(
                visite.accompagnement_id, par=m["soignant"], debut=visite.debut, lieu="telephone"
            )
            assert autre.a_attendre == [m["soignant"].pk]
    apres(visite, hours=3)
    assert (balayer(), alertes(m)) == (0, [])


def test_chacun_ne_signale_que_sa_sortie_et_pas_avant_l_heure(scene: tuple[Monde, Visite]) -> None:
    m, visite = scene
    with agir_comme(m["soignant"]), pytest.raises(SaisieRefusee):
        parcours.signaler_sortie(visite.pk, par=m["soignant"])
    apres(visite, minutes=1)
    with agir_comme(m["coordination"]), pytest.raises(PermissionDenied):
        parcours.signaler_sortie(visite.pk, par=m["coordination"])
    with agir_comme(m["soignant"]):
        parcours.rendre_compte(visite.pk, par=m["soignant"], version=1, issue="absent", compte_rendu="")
        with pytest.raises(TransitionInterdite):
            parcours.signaler_sortie(visite.pk, par=m["soignant"])
        assert Visite.objects.get(pk=visite.pk).sortis == []


def test_les_tentatives_sont_comptees_et_la_troisieme_propose_la_fin(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    client = entrer(m["soignant"])
    for n in (1, 2, 3):
        histoires.visite_rendue(m, a, issue="absent" if n % 2 else "refusee")
        client = entrer(m["soignant"])
        page = client.get(f"/situations/{a.pk}/visites/").content.decode().replace("\N{NO-BREAK SPACE}", " ")
        assert f"{n} tentative" in page
        assert ("non_adhesion" in page) is (n == 3)
    fin = client.get(f"/situations/{a.pk}/sans-suite/?motif=non_adhesion").context["formulaire"]
    assert fin["motif"].value() == "non_adhesion"
    histoires.visite_rendue(m, a)
    assert "tentative" not in entrer(m["soignant"]).get(f"/situations/{a.pk}/visites/").content.decode()
