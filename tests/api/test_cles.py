"""What a key opens, and what stops it: its end, its software's, its account's; and what is kept of it."""

import json
from datetime import datetime, timedelta
from typing import Any

import pytest
from django.core.exceptions import PermissionDenied, ValidationError
from django.db import DatabaseError, IntegrityError, connection, transaction
from django.test import Client
from django.urls import reverse

from partenaires.models import CleApi, Compte, Logiciel, Rattachement
from partenaires.parcours import logiciels
from partenaires.perimetre import agir_comme
from socle import cles, horloge
from socle.models import Evenement
from tests.cles import Appelant, logiciel, probleme
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde

pytestmark = pytest.mark.django_db


def _actions(m: Monde) -> list[str]:
    with en_tant_que("palier_fabrique"):
        lignes = Evenement.objects.all().de_la_chaine(m.bailleur.pk)
        return [e.action.removeprefix("partenaires.") for e in lignes]


def _cle(appelant: Appelant) -> CleApi:
    with en_tant_que("palier_fabrique"):
        return CleApi.objects.get(identifiant=appelant.jeton.split("_")[1])


def test_une_cle_agit_pour_son_bailleur_et_dit_ce_qu_elle_permet(midi: datetime) -> None:
    m = monde()
    reponse = logiciel(m, "residences:lire", "fiches:lire").get("acces/")
    assert reponse.status_code == 200
    assert json.loads(reponse.content) == {
        "organisation": m.bailleur.nom,
        "logiciel": "Gestion locative",
        "portees": ["fiches:lire", "residences:lire"],
        "aujourdhui": "2026-09-22",
    }
    assert reponse["Cache-Control"] == "no-store"
    assert reponse.cookies == {}


@pytest.mark.parametrize(
    "autorisation",
    [
        "",
        "Bearer",
        "Bearer x",
        "Basic eDp5",
        "Bearer palier_" + "a" * 16 + "_" + "a" * 52,
        "Bearer palier_é",
        "Bearer " + "z" * 5000,
    ],
)
def test_sans_cle_rien_ne_s_ouvre_et_le_refus_est_le_meme(midi: datetime, autorisation: str) -> None:
    reponse = Client().get("/api/v1/acces/", headers={"Authorization": autorisation} if autorisation else {})
    assert probleme(reponse, 401, "cle-refusee")["detail"] == "Aucune clé valable n’accompagne cette requête."
    assert reponse["WWW-Authenticate"] == 'Bearer realm="Palier"'


def test_le_bon_identifiant_sans_le_bon_secret_n_ouvre_rien(midi: datetime) -> None:
    appelant = logiciel(monde())
    _, identifiant, secret = appelant.jeton.split("_")
    faux = "a" if secret[0] != "a" else "b"
    probleme(Appelant(f"palier_{identifiant}_{faux}{secret[1:]}").get("acces/"), 401, "cle-refusee")
    assert _cle(appelant).utilisee_le is None


def test_une_session_n_ouvre_pas_l_api_et_l_api_n_en_touche_aucune(midi: datetime) -> None:
    m = monde()
    client = Client()
    client.force_login(m["responsable"])
    avant = client.session.session_data if hasattr(client.session, "session_data") else dict(client.session)
    reponse = client.get("/api/v1/acces/")
    probleme(reponse, 401, "cle-refusee")
    assert reponse.cookies == {}
    apres = client.session.session_data if hasattr(client.session, "session_data") else dict(client.session)
    assert apres == avant


def test_le_compte_d_un_logiciel_n_a_ni_mot_de_passe_ni_session(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    compte = Compte.objects.get(pk=appelant.logiciel.compte_id)
    assert compte.technique
    assert not compte.has_usable_password()
    compte.set_password("motdepasse-de-test")
    with pytest.raises(IntegrityError, match="compte_technique_sans_mot_de_passe"), transaction.atomic():
        Compte.objects.filter(pk=compte.pk).update(password=compte.password)
    client = Client()
    client.force_login(compte)
    for adresse in ("/", "/signalements/", "/membres/", "/mon-compte/"):
        reponse = client.get(adresse)
        assert (reponse.status_code, reponse["Location"].split("?")[0]) == (302, reverse("account_login")), adresse


def test_la_table_ne_dit_rien_du_secret(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    secret = appelant.jeton.split("_")[2]
    with en_tant_que("palier_fabrique"):
        assert bytes(CleApi.objects.defer(None).get().empreinte) == cles.empreinte(_cle(appelant).identifiant, secret)
        with connection.cursor() as curseur:
            for table in ("partenaires_cleapi", "partenaires_logiciel", "partenaires_compte", "socle_evenement",
                          "socle_envoi"):  # fmt: skip
                curseur.execute(f"SELECT count(*) FROM {table} t WHERE t::text LIKE %s", [f"%{secret}%"])
                assert curseur.fetchone() == (0,), table
    with agir_comme(m["responsable"]), pytest.raises(DatabaseError), transaction.atomic():
        list(CleApi.objects.all().defer(None))
    with agir_comme(m["responsable"]):
        assert [c.identifiant for c in CleApi.objects.recentes()] == [_cle(appelant).identifiant]


def test_une_cle_revoquee_ne_sert_plus_a_la_requete_suivante(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.get("acces/").status_code == 200
    assert appelant.logiciel is not None
    with agir_comme(m["responsable"]):
        logiciels.revoquer_cle(appelant.logiciel.pk, _cle(appelant).pk, par=m["responsable"])
    probleme(appelant.get("acces/"), 401, "cle-refusee")
    with agir_comme(m["responsable"]), pytest.raises(ValidationError):
        logiciels.revoquer_cle(appelant.logiciel.pk, _cle(appelant).pk, par=m["responsable"])
    assert _actions(m) == ["logiciel_ouvert", "logiciel_cle_creee", "logiciel_cle_revoquee"]


def test_une_cle_s_arrete_a_son_terme(midi: datetime) -> None:
    appelant = logiciel(monde())
    horloge.regler(midi + timedelta(days=365, seconds=-1))
    assert appelant.get("acces/").status_code == 200
    horloge.regler(midi + timedelta(days=365))
    probleme(appelant.get("acces/"), 401, "cle-refusee")


def test_le_renouvellement_laisse_les_deux_cles_le_temps_choisi(midi: datetime) -> None:
    m = monde()
    ancienne = logiciel(m)
    assert ancienne.logiciel is not None
    with agir_comme(m["responsable"]):
        _, jeton = logiciels.creer_cle(ancienne.logiciel.pk, jours=365, recouvrement=7, par=m["responsable"])
    neuve = Appelant(jeton)
    assert [a.get("acces/").status_code for a in (ancienne, neuve)] == [200, 200]
    with agir_comme(m["responsable"]):  # a second renewal leaves the newest two
        _, jeton = logiciels.creer_cle(ancienne.logiciel.pk, jours=90, recouvrement=30, par=m["responsable"])
    derniere = Appelant(jeton)
    assert [a.get("acces/").status_code for a in (ancienne, neuve, derniere)] == [401, 200, 200]
    horloge.regler(midi + timedelta(days=30))
    assert [a.get("acces/").status_code for a in (neuve, derniere)] == [401, 200]
    with agir_comme(m["responsable"]):
        _, jeton = logiciels.creer_cle(ancienne.logiciel.pk, jours=90, recouvrement=0, par=m["responsable"])
    assert [a.get("acces/").status_code for a in (derniere, Appelant(jeton))] == [401, 200]


def test_fermer_l_acces_arrete_ses_cles_et_le_rattachement_du_compte(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    compte = appelant.logiciel.compte
    with agir_comme(compte):
        assert compte.roles == {"logiciel"}
    with agir_comme(m["responsable"]):
        logiciels.fermer_logiciel(appelant.logiciel.pk, par=m["responsable"])
        with pytest.raises(ValidationError):
            logiciels.creer_cle(appelant.logiciel.pk, jours=90, par=m["responsable"])
        with pytest.raises(ValidationError):
            logiciels.fermer_logiciel(appelant.logiciel.pk, par=m["responsable"])
    probleme(appelant.get("acces/"), 401, "cle-refusee")
    with agir_comme(compte):
        assert compte.organisation_id is None
    assert _actions(m) == ["logiciel_ouvert", "logiciel_cle_creee", "logiciel_ferme"]


@pytest.mark.parametrize("quoi", ["rattachement", "compte", "organisation"])
def test_la_fin_de_ce_qui_porte_la_cle_l_arrete_aussi(midi: datetime, quoi: str) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    compte_id = appelant.logiciel.compte_id
    with en_tant_que("palier_fabrique"):
        if quoi == "rattachement":
            Rattachement.objects.filter(compte=compte_id).update(au=horloge.aujourdhui())
        elif quoi == "compte":
            Compte.objects.filter(pk=compte_id).update(is_active=False)
        else:
            type(m.bailleur).objects.filter(pk=m.bailleur.pk).update(fermee_le=horloge.aujourdhui())
    probleme(appelant.get("acces/"), 401, "cle-refusee")


def test_le_dernier_usage_est_un_jour_et_ne_s_ecrit_qu_une_fois(midi: datetime) -> None:
    appelant = logiciel(monde())
    ecritures: list[str] = []

    def noter(executer: Any, sql: str, *reste: Any) -> Any:
        if "noter_usage" in sql:
            ecritures.append(sql)
        return executer(sql, *reste)

    with connection.execute_wrapper(noter):
        appelant.get("acces/")
        appelant.get("acces/")
        assert _cle(appelant).utilisee_le == midi.date()
        horloge.avancer(days=1)
        appelant.get("residences/")
    assert _cle(appelant).utilisee_le == midi.date() + timedelta(days=1)
    assert len(ecritures) == 2


def test_seul_un_responsable_ouvre_un_acces_et_chez_lui(midi: datetime) -> None:
    nord, sud = monde("Nord"), monde("Sud")
    appelant = logiciel(nord)
    assert appelant.logiciel is not None
    for role in sorted(set(nord.comptes) - {"responsable"}):
        with agir_comme(nord[role]):
            with pytest.raises(PermissionDenied):
                logiciels.ouvrir_logiciel("Autre", ["fiches:lire"], par=nord[role])
            assert Logiciel.objects.count() == 0, role
            assert CleApi.objects.count() == 0, role
    with agir_comme(sud["responsable"]):
        assert Logiciel.objects.count() == 0
        for appel in (logiciels.fermer_logiciel, lambda pk, par: logiciels.creer_cle(pk, jours=90, par=par)):
            with pytest.raises(Logiciel.DoesNotExist):
                appel(appelant.logiciel.pk, par=sud["responsable"])
        for fonction in ("ouvrir_logiciel", "fermer_logiciel"):
            with pytest.raises(DatabaseError), transaction.atomic(), connection.cursor() as curseur:
                curseur.execute(f"SELECT droit.{fonction}(%s)", [appelant.logiciel.pk])
    assert appelant.get("acces/").status_code == 200


def test_un_compte_de_personne_ne_devient_pas_celui_d_un_logiciel(midi: datetime) -> None:
    """In SQL: the account behind an access is technical, its rattachement is of role `logiciel` and of no other."""
    m = monde()
    with agir_comme(m["responsable"]), pytest.raises(DatabaseError), transaction.atomic():
        Logiciel(
            organisation=m.bailleur, nom="Faux", compte=m["gardien"], portees=["fiches:lire"],
            cree_par=m["responsable"],
        ).save(force_insert=True)  # fmt: skip
    appelant = logiciel(m)
    assert appelant.logiciel is not None
    with agir_comme(m["responsable"]):
        assert appelant.logiciel.compte_id not in set(
            Rattachement.objects.all().visibles_par(m["responsable"]).values_list("compte_id", flat=True)
        )
        siens = Rattachement.objects.filter(compte=appelant.logiciel.compte_id)
        assert siens.update(role="referent") == siens.update(au=horloge.aujourdhui()) == 0
        assert list(siens.values_list("role", "au")) == [("logiciel", None)]


@pytest.mark.parametrize(
    ("nom", "portees"), [("Gestion locative", ["fiches:lire"]), ("Autre", []), ("Autre", ["tout"])]
)
def test_un_acces_mal_dit_n_est_pas_ouvert(midi: datetime, nom: str, portees: list[str]) -> None:
    m = monde()
    logiciel(m)
    with agir_comme(m["responsable"]):
        with pytest.raises(ValidationError):
            logiciels.ouvrir_logiciel(nom, portees, par=m["responsable"])
        assert Logiciel.objects.count() == 1
    assert _actions(m) == ["logiciel_ouvert", "logiciel_cle_creee"]


def test_changer_les_permissions_vaut_a_la_requete_suivante(midi: datetime) -> None:
    m = monde()
    appelant = logiciel(m)
    assert appelant.get("residences/").status_code == 200
    assert appelant.logiciel is not None
    with agir_comme(m["responsable"]):
        logiciels.changer_portees(appelant.logiciel.pk, ["fiches:lire"], par=m["responsable"])
    corps = probleme(appelant.get("residences/"), 403, "refus")
    assert "residences:lire" in corps["detail"]
