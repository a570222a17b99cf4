-- The journal: chained per organisation at insert, append-only for every role.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- One length-prefixed field of the canonical text of an entry: two different entries never read alike.
CREATE FUNCTION droit.champ(v text) RETURNS text LANGUAGE sql IMMUTABLE PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$ SELECT CASE WHEN v IS NULL THEN '-;' ELSE length(v)::text || ':' || v || ';' END $$;

CREATE FUNCTION droit.chainer() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE t public.socle_tete;
BEGIN
  INSERT INTO public.socle_tete (organisation_id, sequence, empreinte) VALUES (NEW.organisation_id, 0, '\x')
    ON CONFLICT DO NOTHING;
  SELECT * INTO t FROM public.socle_tete WHERE organisation_id = NEW.organisation_id FOR UPDATE;
  NEW.sequence := t.sequence + 1;
  NEW.empreinte := sha256(t.empreinte || convert_to(
    droit.champ(NEW.organisation_id::text) || droit.champ(NEW.sequence::text) || droit.champ(NEW.id::text)
    || droit.champ(to_char(NEW.le AT TIME ZONE 'UTC', 'YYYY-MM-DD"T"HH24:MI:SS.US')) || droit.champ(NEW.compte_id::text)
    || droit.champ(NEW.session) || droit.champ(NEW.action) || droit.champ(NEW.objet_type)
    || droit.champ(array_to_string(NEW.objets, ',')) || droit.champ(NEW.issue) || droit.champ(NEW.motif), 'UTF8'));
  UPDATE public.socle_tete SET sequence = NEW.sequence, empreinte = NEW.empreinte
    WHERE organisation_id = NEW.organisation_id;
  RETURN NEW;
END $$;

CREATE FUNCTION droit.refuser() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN RAISE EXCEPTION 'journal: % is refused', TG_OP USING ERRCODE = 'insufficient_privilege'; END $$;

-- A task that acts as a person: the grant written in the asking transaction, if it still holds.
CREATE FUNCTION droit.delegation(p_id uuid, p_tache text, p_le timestamptz)
RETURNS TABLE (compte_id bigint, organisation_id bigint) LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
  SELECT d.compte_id, d.organisation_id FROM public.socle_delegation d
  WHERE d.id = p_id AND d.tache = p_tache AND d.expire_le > p_le $$;

REVOKE ALL ON ALL FUNCTIONS IN SCHEMA droit FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.chainer(), droit.refuser() TO palier_owner;
GRANT EXECUTE ON FUNCTION droit.delegation(uuid, text, timestamptz) TO palier_web;
RESET ROLE;

-- The journal is partitioned by month from day one: the plain table made by the migration gives way to it.
DROP TABLE socle_evenement;
CREATE TABLE socle_evenement (
  id uuid NOT NULL,
  organisation_id bigint NOT NULL,
  sequence bigint,
  empreinte bytea,
  le timestamptz NOT NULL,
  compte_id bigint,
  session varchar(16) NOT NULL,
  action varchar(60) NOT NULL,
  objet_type varchar(40) NOT NULL,
  objets varchar(40)[] NOT NULL,
  issue varchar(10) NOT NULL,
  motif varchar(60) NOT NULL,
  PRIMARY KEY (id, le)
) PARTITION BY RANGE (le);

CREATE TRIGGER journal_chaine BEFORE INSERT ON socle_evenement FOR EACH ROW EXECUTE FUNCTION droit.chainer();
CREATE TRIGGER journal_immuable BEFORE UPDATE OR DELETE ON socle_evenement FOR EACH ROW EXECUTE FUNCTION droit.refuser();
