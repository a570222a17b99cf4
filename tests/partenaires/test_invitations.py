"""An invitation opens one role of one organisation to one address, once, for fourteen days."""

import re
import uuid
from datetime import timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.core.mail import EmailMessage
from django.db import DatabaseError, connection, transaction

from partenaires.enums import GenreOrganisation, Role
from partenaires.models import Compte, Invitation, Rattachement, ResidenceGardien
from partenaires.parcours.invitations import (
    CompteExistant,
    InvitationFermee,
    accepter_avec_nouveau_compte,
    accepter_invitation,
    annuler_invitation,
    invitation_ouverte,
    inviter,
    jeton_de,
    secret_de,
)
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.models import Envoi
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde, organisation
from tests.partenaires.regards import compter, etat_complet, evenements, promesses, relire, traiter_envois

MOT_DE_PASSE = "une phrase assez longue"


def invitation_de(
    m: Monde, role: str = "gardien", adresse: str = "rose.gouache@exemple.invalid", **champs: Any
) -> Invitation:
    with agir_comme(m["responsable"]):
        return inviter(m.bailleur, role, adresse, par=m["responsable"], **champs)


def test_le_responsable_invite_un_gardien_sur_ses_residences(
    db: None, midi: Any, mailoutbox: list[EmailMessage]
) -> None:
    m = monde()
    invitation = invitation_de(m, residences=[m.residence.pk], fonction="Gardien des Tilleuls")
    assert evenements() == ["partenaires.invitation_creee"]
    assert promesses() == ["partenaires.invitation"]
    assert (invitation.expire_le - invitation.cree_le) == timedelta(days=14)
    assert traiter_envois() == 1
    (lettre,) = mailoutbox
    assert lettre.to == ["rose.gouache@exemple.invalid"]
    lien = re.search(r"https?://\S+", str(lettre.body))
    assert lien is not None
    jeton = lien.group().partition("#")[2]
    assert jeton == jeton_de(invitation.pk)
    ouverte = invitation_ouverte(jeton)
    assert (ouverte.organisation, ouverte.role) == (m.bailleur.nom, Role.GARDIEN)
    for mot in (m.bailleur.nom, "Canevas", "Agathe", "Gouache", "psy", "santé"):
        assert mot not in lettre.subject + str(lettre.body)


def test_le_secret_du_lien_n_est_ni_dans_la_table_ni_dans_la_boite_d_envoi(db: None, midi: Any) -> None:
    m = monde()
    invitation = invitation_de(m)
    secret, jeton = secret_de(invitation.pk), jeton_de(invitation.pk)
    with en_tant_que("palier_fabrique"):
        ligne = Invitation.objects.values().get(pk=invitation.pk)
        envoi = Envoi.objects.values().get()
    assert len(secret) == 32
    assert len(bytes(ligne["jeton"])) == 32
    assert bytes(ligne["jeton"]) != secret
    assert jeton not in repr(envoi) + repr(ligne)
    assert secret.hex() not in repr(envoi) + repr(ligne)
    assert envoi["donnees"] == {}


def test_le_courriel_ne_part_pas_si_l_invitation_est_annulee_avant(
    db: None, midi: Any, mailoutbox: list[EmailMessage]
) -> None:
    m = monde()
    invitation = invitation_de(m)
    with agir_comme(m["responsable"]):
        annuler_invitation(invitation.pk, par=m["responsable"])
    assert traiter_envois() == 1
    assert mailoutbox == []
    assert evenements() == ["partenaires.invitation_creee", "partenaires.invitation_annulee"]


def test_un_nouveau_compte_est_rattache_avec_ses_residences(db: None, midi: Any) -> None:
    m = monde()
    invitation = invitation_de(m, residences=[m.residence.pk, m.autre_residence.pk], fonction="Gardien")
    nouveau = accepter_avec_nouveau_compte(
        jeton_de(invitation.pk), nom="Gouache", prenom="Rose", mot_de_passe=MOT_DE_PASSE
    )
    assert nouveau.email == "rose.gouache@exemple.invalid"
    assert nouveau.check_password(MOT_DE_PASSE)
    with agir_comme(nouveau):
        assert nouveau.organisation_id == m.bailleur.pk
        assert nouveau.roles == {"gardien"}
        assert nouveau.fonction == "Gardien"
    with en_tant_que("palier_fabrique"):
        residences = ResidenceGardien.objects.filter(rattachement__compte=nouveau)
        assert set(residences.values_list("residence_id", flat=True)) == {m.residence.pk, m.autre_residence.pk}
    assert evenements(m.bailleur.pk) == ["partenaires.invitation_creee", "partenaires.invitation_acceptee"]
    assert relire(invitation).utilisee_par_id == nouveau.pk


def test_une_invitation_ne_sert_qu_une_fois(db: None, midi: Any) -> None:
    m = monde()
    jeton = jeton_de(invitation_de(m).pk)
    nouveau = accepter_avec_nouveau_compte(jeton, nom="Gouache", prenom="Rose", mot_de_passe=MOT_DE_PASSE)
    avant = compter(Compte, Rattachement), evenements()
    with pytest.raises(InvitationFermee):
        accepter_avec_nouveau_compte(jeton, nom="Autre", prenom="Personne", mot_de_passe=MOT_DE_PASSE)
    with pytest.raises(InvitationFermee), agir_comme(nouveau):
        accepter_invitation(jeton, compte=nouveau)
    assert (compter(Compte, Rattachement), evenements()) == avant


@pytest.mark.parametrize("cause", ["expiree", "annulee", "inconnue", "illisible", "vide"])
def test_une_invitation_fermee_n_ouvre_rien_et_ne_dit_pas_pourquoi(db: None, midi: Any, cause: str) -> None:
    m = monde()
    invitation = invitation_de(m)
    jeton = jeton_de(invitation.pk)
    if cause == "expiree":
        horloge.avancer(days=14)
    elif cause == "annulee":
        with agir_comme(m["responsable"]):
            annuler_invitation(invitation.pk, par=m["responsable"])
    elif cause == "inconnue":
        jeton = jeton_de(uuid.uuid4())
    elif cause == "illisible":
        jeton = "é" * 43
    else:
        jeton = ""
    avant = compter(Compte, Rattachement), evenements()
    with pytest.raises(InvitationFermee):
        invitation_ouverte(jeton)
    with pytest.raises(InvitationFermee):
        accepter_avec_nouveau_compte(jeton, nom="Gouache", prenom="Rose", mot_de_passe=MOT_DE_PASSE)
    assert (compter(Compte, Rattachement), evenements()) == avant


def test_l_invitation_est_ouverte_jusqu_a_son_dernier_instant(db: None, midi: Any) -> None:
    m = monde()
    jeton = jeton_de(invitation_de(m).pk)
    horloge.avancer(days=14, seconds=-1)
    assert invitation_ouverte(jeton).courriel == "rose.gouache@exemple.invalid"


def test_seul_le_compte_de_l_adresse_invitee_accepte(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    jeton = jeton_de(invitation_de(m, "referent", sud["correspondant"].email.upper()).pk)
    avant = compter(Compte, Rattachement), evenements()
    for autre in (sud["referent"], m["gardien"]):
        with pytest.raises(InvitationFermee), agir_comme(autre):
            accepter_invitation(jeton, compte=autre)
    assert (compter(Compte, Rattachement), evenements()) == avant
    with agir_comme(sud["correspondant"]):
        assert accepter_invitation(jeton, compte=sud["correspondant"]) == m.bailleur.pk
    with agir_comme(sud["correspondant"], m.bailleur.pk):
        assert sud["correspondant"].roles == {"referent"}
        assert sud["correspondant"].a_plusieurs_organisations


def test_une_adresse_qui_a_un_compte_se_connecte_d_abord(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    jeton = jeton_de(invitation_de(m, "referent", sud["social"].email).pk)
    avant = compter(Compte, Rattachement), evenements()
    with pytest.raises(CompteExistant):
        accepter_avec_nouveau_compte(jeton, nom="X", prenom="Y", mot_de_passe=MOT_DE_PASSE)
    assert (compter(Compte, Rattachement), evenements()) == avant


@pytest.mark.parametrize(
    ("invitant", "chez", "permis"),
    [
        ("responsable", "bailleur", {"gardien", "referent", "responsable"}),
        ("coordination", "equipe", {"coordination", "soignant", "social"}),
        ("exploitation", "plateforme", {"exploitation", "dpo"}),
        ("exploitation", "bailleur", set()),
        ("exploitation", "equipe", set()),
        ("exploitation", "partenaire", {"correspondant"}),
        ("exploitation", "clsm", {"coordination_clsm"}),
        ("responsable", "equipe", set()),
        ("coordination", "bailleur", set()),
        ("gardien", "bailleur", set()),
        ("referent", "bailleur", set()),
        ("soignant", "equipe", set()),
        ("social", "equipe", set()),
        ("correspondant", "partenaire", set()),
        ("coordination_clsm", "clsm", set()),
        ("dpo", "plateforme", set()),
    ],
)
def test_personne_ne_donne_plus_que_son_droit(db: None, midi: Any, invitant: str, chez: str, permis: set[str]) -> None:
    """Every role is tried; the database says the same by raw SQL."""
    m = monde()
    org, qui = getattr(m, chez), m[invitant]
    for role in Role:
        avant = etat_complet(qui)
        with agir_comme(qui):
            if role.value in permis:
                inviter(org, role, f"{role}@exemple.invalid", par=qui)
                continue
            with pytest.raises(PermissionDenied):
                inviter(org, role, f"{role}@exemple.invalid", par=qui)
            with pytest.raises(DatabaseError, match="row-level security"), transaction.atomic():
                Invitation.objects.create(
                    organisation=org, role=role, courriel="x@exemple.invalid", jeton=uuid.uuid4().bytes * 2,
                    par=qui, expire_le=horloge.maintenant() + timedelta(days=1),
                )  # fmt: skip
        assert etat_complet(qui) == avant
    assert compter(Invitation) == {"Invitation": len(permis)}


def test_l_exploitation_invite_le_premier_responsable_puis_plus_personne(db: None, midi: Any) -> None:
    m = monde()
    with en_tant_que("palier_fabrique"):
        neuf = organisation(GenreOrganisation.BAILLEUR, "Habitat Neuf")
    with agir_comme(m["exploitation"]):
        with pytest.raises(PermissionDenied):
            inviter(neuf, Role.GARDIEN, "g@exemple.invalid", par=m["exploitation"])
        invitation = inviter(neuf, Role.RESPONSABLE, "chef@exemple.invalid", par=m["exploitation"])
    chef = accepter_avec_nouveau_compte(jeton_de(invitation.pk), nom="Calque", prenom="Inès", mot_de_passe=MOT_DE_PASSE)
    with agir_comme(m["exploitation"]), pytest.raises(PermissionDenied):
        inviter(neuf, Role.RESPONSABLE, "moi@exemple.invalid", par=m["exploitation"])
    with agir_comme(chef):
        inviter(neuf, Role.GARDIEN, "g@exemple.invalid", par=chef)
    assert compter(Invitation) == {"Invitation": 2}


def test_une_invitation_en_double_est_refusee(db: None, midi: Any) -> None:
    m = monde()
    invitation = invitation_de(m)
    avant = etat_complet(invitation)
    with pytest.raises(ValidationError, match="déjà en attente"):
        invitation_de(m, adresse=" Rose.Gouache@exemple.invalid ")
    with pytest.raises(ValidationError, match="déjà ce rôle"):
        invitation_de(m, adresse=m["gardien"].email)
    assert etat_complet(invitation) == avant
    horloge.avancer(days=14)
    invitation_de(m)


def test_les_residences_d_une_autre_organisation_sont_refusees(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    with pytest.raises(ValidationError, match="de votre organisation"):
        invitation_de(m, residences=[m.residence.pk, sud.residence.pk])
    assert (compter(Invitation), evenements(), promesses()) == ({"Invitation": 0}, [], [])


def test_on_n_annule_que_ses_invitations_en_attente(db: None, midi: Any) -> None:
    m, sud = monde(), monde("Sud")
    invitation = invitation_de(m)
    avant = etat_complet(invitation)
    with agir_comme(sud["responsable"]), pytest.raises(Invitation.DoesNotExist):
        annuler_invitation(invitation.pk, par=sud["responsable"])
    with agir_comme(m["referent"]), pytest.raises(Invitation.DoesNotExist):  # it is not a code of his
        annuler_invitation(invitation.pk, par=m["referent"])
    with agir_comme(m["gardien"]), pytest.raises(PermissionDenied):
        annuler_invitation(invitation.pk, par=m["gardien"])
    assert etat_complet(invitation) == avant
    accepter_avec_nouveau_compte(jeton_de(invitation.pk), nom="G", prenom="R", mot_de_passe=MOT_DE_PASSE)
    avant = etat_complet(invitation)
    with agir_comme(m["responsable"]), pytest.raises(ValidationError, match="plus en attente"):
        annuler_invitation(invitation.pk, par=m["responsable"])
    assert etat_complet(invitation) == avant


def test_une_invitation_ne_change_pas_de_role_meme_en_sql(db: None, midi: Any) -> None:
    m = monde()
    invitation = invitation_de(m)
    for colonne, valeur in (("role", "responsable"), ("courriel", "x@exemple.invalid"), ("organisation_id", 1)):
        with (
            agir_comme(m["responsable"]),
            pytest.raises(DatabaseError, match="permission denied"),
            transaction.atomic(),
            connection.cursor() as curseur,
        ):
            curseur.execute(f"UPDATE partenaires_invitation SET {colonne} = %s", [valeur])
    assert relire(invitation).role == "gardien"


def test_une_invitation_acceptee_ne_donne_pas_deux_fois_le_meme_role(db: None, midi: Any) -> None:
    m = monde()
    premiere = invitation_de(m, "referent", m["gardien"].email)
    with agir_comme(m["gardien"]):
        accepter_invitation(jeton_de(premiere.pk), compte=m["gardien"])
    with en_tant_que("palier_fabrique"):
        assert Rattachement.objects.filter(compte=m["gardien"]).count() == 2
