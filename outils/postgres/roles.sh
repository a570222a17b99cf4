#!/usr/bin/env bash
# The roles of Palier and its database, on a cluster of its own. Run once by the image of PostgreSQL when its
# data folder is empty, or by hand by a superuser. Safe to run again: it then sets attributes and passwords.
#
# Reads: PALIER_BD_NOM, PALIER_MDP_OWNER, PALIER_MDP_WEB, PALIER_MDP_SYSTEME, POSTGRES_USER.
# - palier_owner owns tables and runs migrations; NOINHERIT, so that being a member of palier_droit shows it no row;
# - palier_web and palier_systeme own nothing and cannot bypass row-level security;
# - palier_droit cannot log in: it owns the functions that resolve who may see what.
set -euo pipefail
: "${PALIER_BD_NOM:?}" "${PALIER_MDP_OWNER:?}" "${PALIER_MDP_WEB:?}" "${PALIER_MDP_SYSTEME:?}"

psql --no-psqlrc --quiet --set ON_ERROR_STOP=1 --username "${POSTGRES_USER:-postgres}" --dbname postgres <<'SQL'
\getenv base PALIER_BD_NOM
\getenv mdp_owner PALIER_MDP_OWNER
\getenv mdp_web PALIER_MDP_WEB
\getenv mdp_systeme PALIER_MDP_SYSTEME
SET log_statement = 'none';
SET log_min_error_statement = 'panic'; -- a password never reaches the log
SET password_encryption = 'scram-sha-256';
SELECT format('CREATE ROLE %I', nom)
  FROM unnest(ARRAY['palier_droit', 'palier_owner', 'palier_web', 'palier_systeme']) AS nom
 WHERE NOT EXISTS (SELECT 1 FROM pg_roles WHERE rolname = nom) \gexec
ALTER ROLE palier_droit NOLOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE;
ALTER ROLE palier_owner LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'mdp_owner';
ALTER ROLE palier_web LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'mdp_web';
ALTER ROLE palier_systeme LOGIN NOINHERIT NOSUPERUSER NOBYPASSRLS NOCREATEDB NOCREATEROLE PASSWORD :'mdp_systeme';
GRANT palier_droit TO palier_owner;
SELECT format('CREATE DATABASE %I OWNER palier_owner TEMPLATE template0 ENCODING %L LOCALE %L', :'base', 'UTF8', 'C.UTF-8')
 WHERE NOT EXISTS (SELECT 1 FROM pg_database WHERE datname = :'base') \gexec
REVOKE ALL ON DATABASE :"base" FROM PUBLIC;
GRANT CONNECT ON DATABASE :"base" TO palier_web, palier_systeme;
-- The owner inherits nothing, not even what owning a database gives on its public schema.
\connect :"base"
GRANT USAGE, CREATE ON SCHEMA public TO palier_owner;
SQL
