"""An invitation by QR code, and links whose secret no log holds."""

import re
from datetime import datetime, timedelta

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.test import Client

from partenaires.codes import MARGE, code_de
from partenaires.models import Compte, Invitation, Rattachement, ResidenceGardien
from partenaires.parcours import invitations
from partenaires.perimetre import agir_comme
from socle import horloge
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte
from tests.partenaires.regards import evenements, promesses, relire

pytestmark = pytest.mark.django_db
MOT = "une phrase assez longue pour moi"


def par_code(m: Monde) -> Invitation:
    with agir_comme(m["responsable"]):
        return invitations.inviter_par_code(m.bailleur, "", [m.residence.pk], par=m["responsable"])


def ouvrir(invitation: Invitation, client: Client | None = None) -> Client:
    """What the script does with the secret that stands after the « # »."""
    client = client or Client()
    adresse = invitations.adresse_de(invitation.pk)
    assert client.post("/rejoindre/", {"lien": adresse}).status_code == 302
    return client


def creer_son_compte(client: Client, courriel: str = "nouveau.gardien@exemple.invalid") -> int:
    return client.post(
        "/rejoindre/",
        {"courriel": courriel, "nom": "Esquisse", "prenom": "Basile", "mot_de_passe": MOT, "confirmation": MOT},
    ).status_code


def test_un_gardien_sans_adresse_connue_cree_son_compte_depuis_le_code(midi: datetime) -> None:
    m = monde()
    invitation = par_code(m)
    client = ouvrir(invitation)
    assert "Adresse électronique" in texte(client.get("/rejoindre/"))
    assert creer_son_compte(client) == 302
    nouveau = Compte.objects.get(email="nouveau.gardien@exemple.invalid")
    with en_tant_que("palier_fabrique"):
        rattachement = Rattachement.objects.get(compte=nouveau)
        assert (rattachement.organisation_id, rattachement.role) == (m.bailleur.pk, "gardien")
        assert ResidenceGardien.objects.get(rattachement=rattachement).residence_id == m.residence.pk
    assert promesses() == []  # nothing was sent to anybody
    assert Client().post("/rejoindre/", {"lien": invitations.adresse_de(invitation.pk)}, follow=True).status_code == 404


def test_un_code_ne_sert_qu_une_fois_et_trente_minutes(midi: datetime) -> None:
    m = monde()
    invitation = par_code(m)
    client = ouvrir(invitation)
    horloge.regler(midi + timedelta(minutes=31))
    assert client.get("/rejoindre/").status_code == 404
    assert creer_son_compte(ouvrir(invitation)) == 404
    assert not Compte.objects.filter(email="nouveau.gardien@exemple.invalid").exists()
    page = connecte(m["responsable"]).get(f"/membres/invitations/{invitation.pk}/code/")
    assert "Ce code a expiré" in texte(page)
    assert 'class="pa-code"' not in page.content.decode().partition("pa-code")[2]


def test_un_nouveau_code_remplace_l_ancien_et_un_code_s_annule(midi: datetime) -> None:
    m = monde()
    premier = par_code(m)
    client = connecte(m["responsable"])
    suite = client.post(f"/membres/invitations/{premier.pk}/refaire/")
    second = re.search(r"invitations/([0-9a-f-]{36})/code", suite["Location"])
    assert second is not None
    assert relire(premier).situation == "annulee"
    assert ouvrir(premier).get("/rejoindre/").status_code == 404
    with en_tant_que("palier_fabrique"):
        neuf = Invitation.objects.get(pk=second[1])
    assert neuf.residences == [m.residence.pk]
    page = client.get(suite["Location"])
    assert "Annuler l’invitation" in texte(page)
    client.post(f"/membres/invitations/{neuf.pk}/annuler/")
    assert ouvrir(neuf).get("/rejoindre/").status_code == 404
    assert "partenaires.invitation_montree" in evenements(m.bailleur.pk)


def test_un_code_utilise_ne_se_refait_pas(midi: datetime) -> None:
    m = monde()
    invitation = par_code(m)
    assert creer_son_compte(ouvrir(invitation)) == 302
    with agir_comme(m["responsable"]), pytest.raises(ValidationError):
        invitations.refaire_le_code(invitation.pk, par=m["responsable"])
    page = texte(connecte(m["responsable"]).get(f"/membres/invitations/{invitation.pk}/code/"))
    assert "Le code a servi" in page
    assert "Basile Esquisse" in page


@pytest.mark.parametrize("role", ["gardien", "coordination", "correspondant", "exploitation"])
def test_seuls_le_referent_et_le_responsable_invitent_par_un_code(midi: datetime, role: str) -> None:
    m = monde()
    with agir_comme(m[role]), pytest.raises(PermissionDenied):
        invitations.inviter_par_code(m.bailleur, par=m[role])
    with en_tant_que("palier_fabrique"):
        assert not Invitation.objects.exists()


def test_le_code_d_un_autre_bailleur_n_existe_pas(midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    invitation = par_code(nord)
    for role in ("responsable", "exploitation"):
        assert connecte(sud[role]).get(f"/membres/invitations/{invitation.pk}/code/").status_code == 404
    assert relire(invitation).situation == "attente"


def test_le_secret_n_est_dans_aucune_adresse_que_le_serveur_recoit(midi: datetime) -> None:
    m = monde()
    invitation = par_code(m)
    adresse = invitations.adresse_de(invitation.pk)
    chemin, _, secret = adresse.partition("#")
    assert chemin.endswith("/rejoindre/")
    assert secret == invitations.jeton_de(invitation.pk)
    client = Client()
    page = client.get("/rejoindre/")
    assert "Lien de l’invitation" in texte(page)  # without the script, it is pasted
    reponse = client.post("/rejoindre/", {"lien": secret})
    assert secret not in reponse["Location"]
    assert secret not in str(dict(client.session))
    assert secret.encode() not in client.get("/rejoindre/").content


def test_une_adresse_deja_connue_se_connecte_pour_accepter(midi: datetime) -> None:
    m = monde()
    invitation = par_code(m)
    assert creer_son_compte(ouvrir(invitation), courriel=m["correspondant"].email) == 200
    assert relire(invitation).situation == "attente"
    client = ouvrir(invitation, connecte(m["correspondant"]))
    assert client.post("/rejoindre/").status_code == 302
    with en_tant_que("palier_fabrique"):
        assert Rattachement.objects.filter(compte=m["correspondant"], organisation=m.bailleur).exists()


def test_le_code_est_un_carre_noir_avec_sa_marge() -> None:
    code = code_de("https://palier.exemple.invalid/rejoindre/#" + "a" * 43)
    assert code.cote > 2 * MARGE + 20
    assert code.chemin.startswith(f"M{MARGE} {MARGE}h7v1h-7z")  # the first finder pattern
