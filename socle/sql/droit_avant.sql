-- The schema `droit`: who acts, as the database itself believes it.
-- Functions are owned by palier_droit (NOLOGIN), which holds narrow grants and policies of its own.
SET LOCAL check_function_bodies = off;
CREATE SCHEMA IF NOT EXISTS droit;
GRANT USAGE, CREATE ON SCHEMA droit TO palier_droit;
GRANT USAGE ON SCHEMA droit TO palier_web, palier_systeme;
SET LOCAL ROLE palier_droit;

-- The ticket key, already mixed with the HMAC pads; granted to nobody.
CREATE TABLE droit.cle (dedans bytea NOT NULL, dehors bytea NOT NULL);
REVOKE ALL ON droit.cle FROM PUBLIC;

-- The checked parts of the ticket 'compte.organisation.jour.pid.expiry.hmac', or NULL.
-- Bound to this backend: a ticket stolen from another connection opens nothing.
CREATE FUNCTION droit.ticket() RETURNS text[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p text[] := string_to_array(NULLIF(current_setting('palier.ticket', true), ''), '.');
  attendu text;
BEGIN
  IF p IS NULL OR array_length(p, 1) <> 6 OR p[4] <> pg_backend_pid()::text THEN RETURN NULL; END IF;
  SELECT encode(sha256(dehors || sha256(dedans || convert_to(array_to_string(p[1:5], '.'), 'UTF8'))), 'hex')
    INTO attendu FROM droit.cle;
  IF attendu IS NULL OR p[6] IS DISTINCT FROM attendu THEN RETURN NULL; END IF;
  IF to_timestamp(p[5]::bigint) < clock_timestamp() THEN RETURN NULL; END IF;
  RETURN p;
END $$;

CREATE FUNCTION droit.compte() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (droit.ticket())[1]::bigint; END $$;

-- The organisation under which the person acts now: a page never mixes two.
CREATE FUNCTION droit.organisation() RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN NULLIF((droit.ticket())[2], '0')::bigint; END $$;

-- The civil day on which the person acts (Europe/Paris), as the application's clock says it.
CREATE FUNCTION droit.jour() RETURNS date LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (droit.ticket())[3]::date; END $$;

-- Closed until the application that knows roles replaces them.
CREATE FUNCTION droit.organisations(quoi text) RETURNS bigint[] LANGUAGE sql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$ SELECT '{}'::bigint[] $$;
CREATE FUNCTION droit.a_permission(quoi text) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN coalesce(array_length(droit.organisations(quoi), 1), 0) > 0; END $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA droit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.compte(), droit.organisation(), droit.jour(), droit.organisations(text),
  droit.a_permission(text) TO palier_web, palier_systeme;
RESET ROLE;
