-- The software of a bailleur: its technical account is attached and detached here, and its keys are recognised.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- The technical account of an access just opened gets its rattachement, once. Called by the responsable who opens it.
CREATE FUNCTION droit.ouvrir_logiciel(p_logiciel uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE l public.partenaires_logiciel;
BEGIN
  SELECT * INTO l FROM public.partenaires_logiciel WHERE id = p_logiciel AND ferme_le IS NULL;
  IF NOT FOUND OR l.organisation_id <> ALL (droit.organisations('logiciels'))
     OR EXISTS (SELECT 1 FROM public.partenaires_rattachement r WHERE r.compte_id = l.compte_id) THEN
    RAISE EXCEPTION 'logiciel: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.partenaires_rattachement (compte_id, organisation_id, role, fonction, du)
    VALUES (l.compte_id, l.organisation_id, 'logiciel', '', droit.jour());
END $$;

-- The access is closed: the technical account has lost every right at the next statement.
CREATE FUNCTION droit.fermer_logiciel(p_logiciel uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE l public.partenaires_logiciel;
BEGIN
  SELECT * INTO l FROM public.partenaires_logiciel WHERE id = p_logiciel;
  IF NOT FOUND OR l.organisation_id <> ALL (droit.organisations('logiciels')) THEN
    RAISE EXCEPTION 'logiciel: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.partenaires_rattachement SET au = droit.jour()
    WHERE compte_id = l.compte_id AND organisation_id = l.organisation_id AND role = 'logiciel' AND au IS NULL;
END $$;

-- A key by its public identifier, for somebody who has no identity yet. `valable` says whether it opens anything at
-- this instant: not revoked, not expired, its software open, the organisation too, and the rattachement in force.
CREATE FUNCTION droit.cle_api(p_identifiant text, p_le timestamptz, p_jour date)
RETURNS TABLE (cle uuid, empreinte bytea, compte_id bigint, organisation_id bigint, portees text[], utilisee_le date,
  valable boolean)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT c.id, c.empreinte, l.compte_id, l.organisation_id, l.portees::text[], c.utilisee_le,
    c.revoquee_le IS NULL AND c.expire_le > p_le AND l.ferme_le IS NULL
    AND (o.fermee_le IS NULL OR o.fermee_le > p_jour)
    AND EXISTS (SELECT 1 FROM public.partenaires_rattachement r
      JOIN public.partenaires_compte t ON t.id = r.compte_id AND t.technique AND t.is_active
      WHERE r.compte_id = l.compte_id AND r.organisation_id = l.organisation_id AND r.role = 'logiciel'
        AND r.du <= p_jour AND (r.au IS NULL OR r.au > p_jour))
  FROM public.partenaires_cleapi c
  JOIN public.partenaires_logiciel l ON l.id = c.logiciel_id
  JOIN public.partenaires_organisation o ON o.id = l.organisation_id
  WHERE c.identifiant = p_identifiant $$;

-- The day a key was last used: written by the technical account that acts, once a day.
CREATE FUNCTION droit.noter_usage(p_cle uuid) RETURNS void LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  UPDATE public.partenaires_cleapi c SET utilisee_le = droit.jour()
    FROM public.partenaires_logiciel l
    WHERE c.id = p_cle AND l.id = c.logiciel_id AND l.compte_id = droit.compte()
      AND (c.utilisee_le IS NULL OR c.utilisee_le < droit.jour());
END $$;

REVOKE ALL ON FUNCTION droit.ouvrir_logiciel(uuid), droit.fermer_logiciel(uuid), droit.noter_usage(uuid),
  droit.cle_api(text, timestamptz, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.ouvrir_logiciel(uuid), droit.fermer_logiciel(uuid), droit.noter_usage(uuid),
  droit.cle_api(text, timestamptz, date) TO palier_web;
RESET ROLE;
