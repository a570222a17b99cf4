"""What docker-compose.yml promises, checked without a Docker engine."""

import re
from pathlib import Path
from typing import Any

import pytest
import yaml

RACINE = Path(__file__).resolve().parents[2]
APPLICATION = {"migration", "web", "worker", "worker-systeme", "beat"}
SERVICES = APPLICATION | {"postgresql", "redis", "clamav", "courriel"}
MOT_DE_PASSE_DU_ROLE = {
    "migration": ("owner", "${PALIER_MDP_OWNER:?}"),
    "web": ("web", "${PALIER_MDP_WEB:?}"),
    "worker": ("web", "${PALIER_MDP_WEB:?}"),
    "worker-systeme": ("systeme", "${PALIER_MDP_SYSTEME:?}"),
    "beat": ("systeme", "${PALIER_MDP_SYSTEME:?}"),
}


@pytest.fixture(scope="module")
def compose() -> dict[str, Any]:
    lu: dict[str, Any] = yaml.safe_load((RACINE / "docker-compose.yml").read_text())
    return lu


def mots(service: dict[str, Any]) -> list[str]:
    return [str(mot) for mot in service["command"]]


def test_les_services_sont_ceux_qui_sont_declares_ici(compose: dict[str, Any]) -> None:
    assert set(compose["services"]) == SERVICES


def test_seul_le_web_publie_un_port_et_seulement_sur_la_machine(compose: dict[str, Any]) -> None:
    publies = {nom: service["ports"] for nom, service in compose["services"].items() if "ports" in service}

    assert publies == {"web": ["127.0.0.1:${PALIER_PORT:-8000}:8000"]}
    assert not any("network_mode" in service for service in compose["services"].values())


@pytest.mark.parametrize("nom", sorted(MOT_DE_PASSE_DU_ROLE))
def test_chaque_conteneur_ne_tient_que_le_mot_de_passe_de_son_role(compose: dict[str, Any], nom: str) -> None:
    environnement = compose["services"][nom]["environment"]

    assert (environnement["PALIER_ROLE"], environnement["PALIER_BD_MOT_DE_PASSE"]) == MOT_DE_PASSE_DU_ROLE[nom]
    assert [valeur for valeur in map(str, environnement.values()) if "PALIER_MDP_" in valeur] == [
        MOT_DE_PASSE_DU_ROLE[nom][1]
    ]


@pytest.mark.parametrize("nom", sorted(APPLICATION))
def test_l_application_tourne_sans_privilege_et_n_ecrit_que_dans_tmp(compose: dict[str, Any], nom: str) -> None:
    service = compose["services"][nom]

    assert service["read_only"] is True
    assert service["tmpfs"] == ["/tmp"]
    assert service["cap_drop"] == ["ALL"]
    assert service["security_opt"] == ["no-new-privileges:true"]
    # What seals the documents is read by the worker that makes them, and written by nobody.
    assert service.get("volumes", []) == (["./cachets:/cachets:ro"] if nom == "worker" else [])
    assert "user" not in service  # the image's: unprivileged


def test_chaque_file_de_taches_a_un_seul_ouvrier_et_le_role_qui_lui_convient(compose: dict[str, Any]) -> None:
    files = {
        nom: mots(service)[mots(service).index("-Q") + 1]
        for nom, service in compose["services"].items()
        if nom.startswith("worker")
    }

    assert files == {"worker": "defaut,pdf", "worker-systeme": "systeme"}
    horloges = [nom for nom, service in compose["services"].items() if "beat" in service.get("command", [])]
    assert horloges == ["beat"]
    assert "replicas" not in str(compose["services"]["beat"])


def test_rien_ne_sert_avant_que_les_migrations_aient_reussi(compose: dict[str, Any]) -> None:
    for nom in APPLICATION - {"migration"}:
        assert compose["services"][nom]["depends_on"] == {
            "postgresql": {"condition": "service_healthy"},
            "redis": {"condition": "service_healthy"},
            "migration": {"condition": "service_completed_successfully"},
        }


def test_redis_garde_ses_files_et_n_en_jette_rien(compose: dict[str, Any]) -> None:
    commande = " ".join(mots(compose["services"]["redis"]))

    assert "--appendonly yes" in commande
    assert "--maxmemory-policy noeviction" in commande
    assert compose["services"]["redis"]["volumes"] == ["file-attente:/data"]


def test_postgresql_ne_renonce_a_aucune_garantie_d_ecriture(compose: dict[str, Any]) -> None:
    commande = " ".join(mots(compose["services"]["postgresql"]))

    assert not re.search(r"fsync|synchronous_commit|full_page_writes", commande)


def test_les_donnees_restent_dans_un_reseau_sans_issue(compose: dict[str, Any]) -> None:
    assert compose["networks"]["interne"] == {"internal": True}
    for nom in ("postgresql", "redis", "migration", "beat", "courriel"):
        assert compose["services"][nom]["networks"] == ["interne"]


def test_l_antivirus_et_le_recueil_de_courriels_sont_facultatifs(compose: dict[str, Any]) -> None:
    profils = {nom: service.get("profiles") for nom, service in compose["services"].items() if "profiles" in service}

    assert profils == {"clamav": ["antivirus"], "courriel": ["courriel"]}


def test_chaque_service_durable_dit_s_il_va_bien(compose: dict[str, Any]) -> None:
    image = (RACINE / "Dockerfile").read_text()

    for nom, service in compose["services"].items():
        if nom == "web":
            assert "HEALTHCHECK" in image
            assert "healthcheck" not in service  # the image's
        elif nom == "migration":
            assert service["healthcheck"] == {"disable": True}
        else:
            assert service["healthcheck"]["test"]


def test_aucune_image_n_est_prise_sans_version(compose: dict[str, Any]) -> None:
    for nom, service in compose["services"].items():
        version = service["image"].partition(":")[2]
        assert version, nom
        assert version != "latest", nom


def test_chaque_variable_lue_par_compose_est_expliquee_et_sans_secret_ecrit() -> None:
    modele = (RACINE / ".env.example").read_text()
    expliquees = dict(re.findall(r"^(PALIER_\w+)=(.*)$", modele, flags=re.MULTILINE))
    lues = set(re.findall(r"\$\{(PALIER_\w+)", (RACINE / "docker-compose.yml").read_text()))

    assert lues <= set(expliquees)
    secrets = {nom for nom in expliquees if re.search(r"MDP|MOT_DE_PASSE|CLE|SECRET", nom)}
    assert {nom: expliquees[nom] for nom in secrets} == dict.fromkeys(secrets, "")
    for nom in expliquees:
        avant = modele.split(f"\n{nom}=")[0].splitlines()
        assert any(ligne.startswith("#") for ligne in avant[-6:]), nom


def test_chaque_variable_lue_par_l_application_est_expliquee() -> None:
    lecture = re.compile(r"\benv\.(?:texte|entier|vrai|liste|cle_\w+|cles_\w+)\(\s*\"(\w+)\"")
    sources = [*(RACINE / "config").rglob("*.py"), *(RACINE / "socle").rglob("*.py")]
    lues = {"PALIER_ROLE"} | {"PALIER_" + nom for source in sources for nom in lecture.findall(source.read_text())}
    expliquees = set(re.findall(r"^(PALIER_\w+)=", (RACINE / ".env.example").read_text(), flags=re.MULTILINE))

    assert len(lues) > 10
    assert lues - expliquees == set()


def test_l_image_tourne_sous_un_compte_sans_privilege_et_ne_porte_aucun_secret() -> None:
    image = (RACINE / "Dockerfile").read_text()
    derniere_etape = image.split("\nFROM ")[-1]

    assert re.findall(r"^USER (.+)$", derniere_etape, flags=re.MULTILINE) == ["10001:10001"]
    assert derniere_etape.index("USER 10001") < derniere_etape.index("\nCMD ")
    assert "--require-hashes" in image
    assert not re.search(r"^(ENV|ARG) .*(SECRET|CLE_|CLES_|MDP)", image, flags=re.MULTILINE)


def test_l_image_ne_recoit_que_ce_qu_elle_fait_tourner() -> None:
    lignes = [
        ligne for ligne in (RACINE / ".dockerignore").read_text().splitlines() if ligne and not ligne.startswith("#")
    ]

    assert lignes[0] == "*"
    admis = {ligne[1:] for ligne in lignes if ligne.startswith("!")}
    assert admis.isdisjoint({".env", ".git", ".local", "tests", "demonstration"})
    for nom in ("manage.py", "config", "socle", "requirements-production.lock", "outils/sante.py"):
        assert nom in admis


def test_les_roles_de_la_base_n_ont_aucun_pouvoir_de_trop() -> None:
    script = (RACINE / "outils" / "postgres" / "roles.sh").read_text()

    for role in ("palier_droit", "palier_owner", "palier_web", "palier_systeme"):
        attributs = re.search(rf"ALTER ROLE {role} (.+);", script)
        assert attributs, role
        assert {"NOINHERIT", "NOSUPERUSER", "NOBYPASSRLS"} <= set(attributs[1].split())
    assert re.findall(r"^GRANT (palier_\w+ TO \w+);", script, flags=re.MULTILINE) == ["palier_droit TO palier_owner"]
    assert "palier_fabrique" not in script
    assert "palier_peuplement" not in script
