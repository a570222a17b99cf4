"""Coordination opens one file to one person between two dates; that person finds it, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied
from django.urls import reverse

from accompagnements import parcours
from accompagnements.enums import Action
from accompagnements.models import Accompagnement, PermissionNommee
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte, Rattachement
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Evenement
from socle.transitions import TransitionInterdite
from tests import recits_accompagnements as histoires
from tests.accompagnements.pages import cle_neuve, entrer
from tests.comptage import enumerees, instructions
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde, organisation
from tests.pages import connecte


@pytest.fixture
def m(db: None, midi: datetime) -> Monde:
    m = monde("Nord")
    a = histoires.en_cours(m)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="sentinelle clinique")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="sentinelle équipe")
    histoires.en_cours(m, nom="Esquisse")
    return m


def premier(m: Monde) -> Accompagnement:
    with en_tant_que("palier_fabrique"):
        a: Accompagnement = Accompagnement.objects.order_by("pk")[0]
        return a


def psychologue() -> Compte:
    with en_tant_que("palier_fabrique"):
        return compte("correspondant", organisation(GenreOrganisation.PARTENAIRE, "CMP Ouest"))


def nommer(m: Monde, qui: Compte, *, par: str = "coordination", jours: int = 3, **champs: Any) -> PermissionNommee:
    jour = horloge.aujourdhui()
    valeurs: dict[str, Any] = {"motif": "psychologue", "du": jour, "au": jour + timedelta(days=jours)} | champs
    with agir_comme(m[par]):
        return parcours.nommer(premier(m).pk, par=m[par], courriel=qui.email, **valeurs)


def test_elle_trouve_le_dossier_dans_sa_liste_et_rien_d_autre(m: Monde) -> None:
    invitee = psychologue()
    client = connecte(invitee)
    liste = reverse("situations_confiees")
    page = reverse("situation_confiee", args=[premier(m).pk])
    assert client.get(liste).status_code == client.get(page).status_code == 404
    permission = nommer(m, invitee)
    lue = client.get(liste).content.decode()
    assert "Maquette" in lue
    assert "Esquisse" not in lue
    with instructions() as vues:
        contenu = client.get(page).content.decode()
    assert len(vues) <= 12, enumerees(vues)
    assert "sentinelle équipe" in contenu
    assert "sentinelle clinique" not in contenu
    assert "Laisser entrer le plombier" in contenu
    for ailleurs in ("situation", "situation_notes", "note_ecrire", "situation_exceptions"):
        assert client.get(reverse(ailleurs, args=[premier(m).pk])).status_code == 404, ailleurs
    for autre in (m["correspondant"], m["referent"], m["dpo"]):
        assert connecte(autre).get(page).status_code == 404
    with en_tant_que("palier_fabrique"):
        lectures = Evenement.objects.filter(action=Action.SITUATION_LUE, compte_id=invitee.pk)
        assert {e.organisation_id for e in lectures} == {m.equipe.pk}
    with agir_comme(m["coordination"]):
        parcours.finir_exception(permission.pk, par=m["coordination"])
    assert client.get(liste).status_code == client.get(page).status_code == 404


def test_sans_rattachement_l_accueil_mene_a_la_liste(m: Monde) -> None:
    invitee = psychologue()
    nommer(m, invitee, jours=2)
    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte=invitee).update(au=horloge.aujourdhui())
    client = entrer(invitee)
    assert client.get("/")["Location"] == reverse("situations_confiees")
    assert "Maquette" in client.get(reverse("situations_confiees")).content.decode()
    horloge.avancer(days=2)
    client = entrer(invitee)
    assert client.get(reverse("situations_confiees")).status_code == 404
    assert client.get("/").status_code == 200


def test_qui_nomme_et_jusqu_a_quand(m: Monde) -> None:
    invitee = psychologue()
    jour = horloge.aujourdhui()
    for role in ("soignant", "social", "referent"):
        with pytest.raises(PermissionDenied):
            nommer(m, invitee, par=role)
    refus: list[dict[str, Any]] = [
        {"au": jour},
        {"au": jour + timedelta(days=400)},
        {"du": jour - timedelta(days=1)},
        {"motif": "curiosite"},
    ]
    for champs in refus:
        with pytest.raises(parcours.SaisieRefusee):
            nommer(m, invitee, **champs)
    with pytest.raises(parcours.SaisieRefusee):
        nommer(m, m["soignant"])  # she carries it
    with pytest.raises(Accompagnement.DoesNotExist), agir_comme(sud := monde("Sud")["coordination"]):
        parcours.nommer(
            premier(m).pk, par=sud, courriel=invitee.email, motif="avis", du=jour, au=jour + timedelta(days=1)
        )
    with en_tant_que("palier_fabrique"):
        assert PermissionNommee.objects.count() == 0
    permission = nommer(m, invitee)
    with pytest.raises(parcours.SaisieRefusee):
        nommer(m, invitee)
    with agir_comme(m["coordination"]):
        parcours.finir_exception(permission.pk, par=m["coordination"])
        with pytest.raises(TransitionInterdite):
            parcours.finir_exception(permission.pk, par=m["coordination"])
    nommer(m, invitee)
    with agir_comme(m["coordination"]):
        assert PermissionNommee.objects.count() == 2  # the history stays


def test_la_page_ouvre_et_ferme(m: Monde) -> None:
    invitee = psychologue()
    client = connecte(m["coordination"])
    page = reverse("situation_exceptions", args=[premier(m).pk])
    jour = horloge.aujourdhui()
    saisie = {
        "courriel": "inconnue@exemple.invalid", "motif": "avis", "du": jour.isoformat(),
        "au": (jour + timedelta(days=5)).isoformat(),
    }  # fmt: skip
    refusee = client.post(page, {"cle": cle_neuve(), **saisie})
    assert "Aucun compte n’a cette adresse" in refusee.content.decode()
    assert client.post(page, {"cle": cle_neuve(), **saisie, "courriel": invitee.email})["Location"] == page
    assert invitee.nom_complet in client.get(page).content.decode()
    assert invitee.nom_complet in client.get(reverse("exceptions")).content.decode()
    with agir_comme(m["coordination"]):
        permission = PermissionNommee.objects.get()
    sud = connecte(monde("Sud")["coordination"])
    assert sud.post(reverse("exception_finir", args=[permission.pk])).status_code == 404
    assert client.post(reverse("exception_finir", args=[permission.pk]))["Location"] == page
    assert "Terminée" in client.get(page).content.decode()
