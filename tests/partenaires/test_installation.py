"""A bare instance: the first invitation, and the purge of what nobody answered."""

import re
from datetime import timedelta
from io import StringIO
from typing import Any

import pytest
from django.contrib.sessions.models import Session
from django.core.management import CommandError, call_command
from django.db import DatabaseError, connection, transaction

from partenaires.enums import GenreOrganisation
from partenaires.models import Invitation, Organisation
from partenaires.parcours.invitations import InvitationFermee, accepter_avec_nouveau_compte, invitation_ouverte, inviter
from partenaires.perimetre import agir_comme
from socle import horloge, purge
from socle.models import Envoi
from tests.conftest import en_tant_que
from tests.fabriques import monde
from tests.partenaires.regards import compter, evenements, traiter_envois

MOT_DE_PASSE = "une phrase assez longue"


def creer_plateforme(courriel: str = "Premiere@exemple.invalid") -> str:
    """The link that the command prints."""
    sortie = StringIO()
    with en_tant_que("palier_systeme"):
        call_command("creer_plateforme", courriel, nom="Plateforme d’essai", stdout=sortie)
    lien = re.search(r"/rejoindre/#([\w-]{43})", sortie.getvalue())
    assert lien is not None
    return lien.group(1)


def test_la_premiere_invitation_d_une_instance_ouvre_l_exploitation(db: None, midi: Any) -> None:
    jeton = creer_plateforme()
    ouverte = invitation_ouverte(jeton)
    assert (ouverte.organisation, ouverte.role.value) == ("Plateforme d’essai", "exploitation")
    premiere = accepter_avec_nouveau_compte(jeton, nom="Prototype", prenom="Margot", mot_de_passe=MOT_DE_PASSE)
    with agir_comme(premiere):
        assert premiere.roles == {"exploitation"}
        assert premiere.organisation_active is not None
        assert premiere.organisation_active.genre == GenreOrganisation.PLATEFORME
    assert evenements() == ["partenaires.invitation_creee", "partenaires.invitation_acceptee"]


def test_relancer_la_commande_remplace_le_lien(db: None, midi: Any) -> None:
    ancien = creer_plateforme()
    nouveau = creer_plateforme("seconde@exemple.invalid")
    with pytest.raises(InvitationFermee):
        invitation_ouverte(ancien)
    assert invitation_ouverte(nouveau).courriel == "seconde@exemple.invalid"
    assert compter(Organisation, Invitation) == {"Organisation": 1, "Invitation": 2}


def test_une_instance_qui_a_son_exploitation_refuse_la_commande(db: None, midi: Any) -> None:
    accepter_avec_nouveau_compte(creer_plateforme(), nom="P", prenom="M", mot_de_passe=MOT_DE_PASSE)
    avant = compter(Organisation, Invitation), evenements()
    with pytest.raises(CommandError, match="déjà une exploitation"):
        creer_plateforme("pirate@exemple.invalid")
    assert (compter(Organisation, Invitation), evenements()) == avant


def test_une_adresse_mal_ecrite_est_refusee(db: None, midi: Any) -> None:
    with pytest.raises(CommandError, match="n’est pas une adresse"):
        creer_plateforme("pas une adresse")
    assert compter(Organisation, Invitation) == {"Organisation": 0, "Invitation": 0}


def test_le_web_ne_peut_pas_installer(db: None, midi: Any) -> None:
    with (
        pytest.raises(DatabaseError, match="permission denied"),
        transaction.atomic(),
        connection.cursor() as curseur,
    ):
        curseur.execute(
            "SELECT droit.installer('x', gen_random_uuid(), 'x@y.z', '\\x00'::bytea, now(), now(), current_date)"
        )
    assert compter(Organisation) == {"Organisation": 0}


def test_la_purge_a_blanc_compte_et_n_efface_rien_puis_efface(db: None, midi: Any) -> None:
    m = monde()
    with agir_comme(m["responsable"]):
        inviter(m.bailleur, "gardien", "sans.reponse@exemple.invalid", par=m["responsable"])
    traiter_envois()
    horloge.avancer(days=14 + 90)
    with agir_comme(m["responsable"]):
        inviter(m.bailleur, "gardien", "recente@exemple.invalid", par=m["responsable"])
    horloge.avancer(seconds=1)
    tables = (Invitation, Envoi)
    assert compter(*tables) == {"Invitation": 2, "Envoi": 2}
    sortie = StringIO()
    with en_tant_que("palier_systeme"):
        call_command("purger", "--a-blanc", stdout=sortie)
    assert re.search(r"^invitations restées sans réponse +1$", sortie.getvalue(), re.M)
    assert re.search(r"^envois faits +1$", sortie.getvalue(), re.M)
    assert compter(*tables) == {"Invitation": 2, "Envoi": 2}
    with en_tant_que("palier_systeme"):
        rapport = purge.executer(a_blanc=False)
    assert (rapport["invitations restées sans réponse"], rapport["envois faits"]) == (1, 1)
    assert compter(*tables) == {"Invitation": 1, "Envoi": 1}


def test_les_sessions_expirees_sont_effacees(db: None) -> None:
    with en_tant_que("palier_fabrique"):
        for cle, jours in (("vieille", -1), ("en cours", 1)):
            Session.objects.create(
                session_key=cle, session_data="", expire_date=horloge.maintenant() + timedelta(days=jours)
            )
    with en_tant_que("palier_systeme"):
        purge.executer(a_blanc=False)
    with en_tant_que("palier_fabrique"):
        assert list(Session.objects.values_list("session_key", flat=True)) == ["en cours"]
