-- What the person who acts may do, resolved from the rattachements in force on the day of the ticket.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Organisation ids that grant a permission: only the active one, and only while its rattachement runs.
-- In plpgsql, whose plans a session keeps: a policy names it once per table, a page dozens of times. Measured on a
-- loaded machine: 0.03 ms a call, where a function in SQL, planned again by each statement, costs 0.4 ms.
CREATE OR REPLACE FUNCTION droit.organisations(quoi text) RETURNS bigint[] LANGUAGE plpgsql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE t text[] := droit.ticket();
BEGIN
  IF t IS NULL THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(DISTINCT r.organisation_id), '{}')
    FROM public.partenaires_rattachement r
    JOIN public.partenaires_rolepermission p ON p.role = r.role
    WHERE r.compte_id = t[1]::bigint AND r.organisation_id = NULLIF(t[2], '0')::bigint AND p.permission = quoi
      AND r.du <= t[3]::date AND (r.au IS NULL OR r.au > t[3]::date));
END $$;

-- Whether somebody manages the members of an organisation: until then the platform invites the first one.
CREATE FUNCTION droit.geree(p_organisation bigint) RETURNS boolean LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT EXISTS (SELECT 1 FROM public.partenaires_rattachement r
    JOIN public.partenaires_rolepermission p ON p.role = r.role AND p.permission = 'membres'
    WHERE r.organisation_id = p_organisation AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour()))
); END $$;

-- Résidences that the person may report on: his own for a gardien, his organisation's for the others.
CREATE FUNCTION droit.residences() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT g.residence_id), '{}')
  FROM public.partenaires_residencegardien g
  JOIN public.partenaires_rattachement r ON r.id = g.rattachement_id
  WHERE r.compte_id = droit.compte() AND r.organisation_id = droit.organisation()
    AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour())
); END $$;

-- Organisations tied to mine by a convention, in force or not: their résidences and names are mine to read.
CREATE FUNCTION droit.conventionnees() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT c.orienteur_id), '{}') FROM public.partenaires_convention c
  WHERE c.equipe_id = ANY (droit.organisations('suivre'))
); END $$;

-- Communes over which a partenaire may file under its own convention: their résidences are offered to it.
CREATE FUNCTION droit.territoires_conventionnes() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT ct.territoire_id), '{}') FROM public.partenaires_conventionterritoire ct
  WHERE ct.orienteur_id = ANY (droit.organisations('repondre'))
); END $$;

-- Équipes whose conventions cover a territory of my CLSM.
CREATE FUNCTION droit.equipes_du_clsm() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT ct.equipe_id), '{}')
  FROM public.partenaires_conventionterritoire ct
  JOIN public.partenaires_couvertureclsm cv ON cv.territoire_id = ct.territoire_id
  WHERE cv.clsm_id = ANY (droit.organisations('lire_bilans'))
); END $$;

REVOKE ALL ON FUNCTION droit.residences(), droit.conventionnees(), droit.equipes_du_clsm(), droit.territoires_conventionnes(),
  droit.geree(bigint)
  FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.residences(), droit.conventionnees(), droit.equipes_du_clsm(), droit.territoires_conventionnes(),
  droit.geree(bigint)
  TO palier_web, palier_systeme;
RESET ROLE;

-- Invitations: read and used by somebody who has no right yet, by the hash of a secret of 32 bytes.
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.invitation(p_jeton bytea, p_le timestamptz)
RETURNS TABLE (id uuid, organisation_id bigint, organisation text, role text, courriel text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT i.id, o.id, o.nom::text, i.role::text, i.courriel::text
  FROM public.partenaires_invitation i JOIN public.partenaires_organisation o ON o.id = i.organisation_id
  WHERE i.jeton = p_jeton AND i.utilisee_le IS NULL AND i.annulee_le IS NULL AND i.expire_le > p_le $$;

-- Single use: the row is locked, marked, and only then the rattachement is made. The address must be the
-- account's own. Returns the organisation, or NULL when the invitation does not hold.
CREATE FUNCTION droit.accepter_invitation(p_jeton bytea, p_compte bigint, p_le timestamptz, p_jour date)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.partenaires_invitation;
  r bigint;
BEGIN
  SELECT * INTO i FROM public.partenaires_invitation
    WHERE jeton = p_jeton AND utilisee_le IS NULL AND annulee_le IS NULL AND expire_le > p_le FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM public.partenaires_compte c WHERE c.id = p_compte AND c.email = lower(i.courriel) AND c.is_active;
  IF NOT FOUND THEN RETURN NULL; END IF;
  UPDATE public.partenaires_invitation SET utilisee_le = p_le, utilisee_par_id = p_compte WHERE id = i.id;
  SELECT id INTO r FROM public.partenaires_rattachement
    WHERE compte_id = p_compte AND organisation_id = i.organisation_id AND role = i.role AND au IS NULL;
  IF r IS NULL THEN
    INSERT INTO public.partenaires_rattachement (compte_id, organisation_id, role, fonction, du)
      VALUES (p_compte, i.organisation_id, i.role, i.fonction, p_jour) RETURNING id INTO r;
  END IF;
  INSERT INTO public.partenaires_residencegardien (rattachement_id, residence_id, bailleur_id)
    SELECT r, res.id, res.bailleur_id FROM public.partenaires_residence res
    WHERE res.bailleur_id = i.organisation_id
      AND res.id IN (SELECT value::bigint FROM jsonb_array_elements_text(i.residences))
    ON CONFLICT DO NOTHING;
  RETURN i.organisation_id;
END $$;

REVOKE ALL ON FUNCTION droit.invitation(bytea, timestamptz),
  droit.accepter_invitation(bytea, bigint, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.invitation(bytea, timestamptz),
  droit.accepter_invitation(bytea, bigint, timestamptz, date) TO palier_web;

-- The first invitation of an instance, made by the installation: only while nobody holds « exploitation ».
-- Makes the platform organisation if there is none, withdraws the invitations made the same way before, and
-- returns the organisation, or NULL when the instance already has its exploitation.
CREATE FUNCTION droit.installer(p_nom text, p_id uuid, p_courriel text, p_jeton bytea, p_le timestamptz,
  p_expire timestamptz, p_jour date)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o bigint;
BEGIN
  PERFORM pg_advisory_xact_lock(hashtext('droit.installer'));
  IF EXISTS (SELECT 1 FROM public.partenaires_rattachement
      WHERE role = 'exploitation' AND du <= p_jour AND (au IS NULL OR au > p_jour)) THEN RETURN NULL; END IF;
  SELECT id INTO o FROM public.partenaires_organisation WHERE genre = 'plateforme' ORDER BY id LIMIT 1;
  IF o IS NULL THEN
    INSERT INTO public.partenaires_organisation (genre, nom, genre_partenaire, telephone, courriel, adresse)
      VALUES ('plateforme', p_nom, '', '', '', '') RETURNING id INTO o;
  END IF;
  UPDATE public.partenaires_invitation SET annulee_le = p_le
    WHERE organisation_id = o AND role = 'exploitation' AND utilisee_le IS NULL AND annulee_le IS NULL;
  INSERT INTO public.partenaires_invitation
      (id, organisation_id, role, fonction, courriel, residences, jeton, cree_le, expire_le)
    VALUES (p_id, o, 'exploitation', '', p_courriel, '[]', p_jeton, p_le, p_expire);
  RETURN o;
END $$;

REVOKE ALL ON FUNCTION droit.installer(text, uuid, text, bytea, timestamptz, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.installer(text, uuid, text, bytea, timestamptz, timestamptz, date)
  TO palier_systeme;
RESET ROLE;
