-- A gardien reports on his résidences from a day until another: the right follows the dates.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE OR REPLACE FUNCTION droit.residences() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT g.residence_id), '{}')
  FROM public.partenaires_residencegardien g
  JOIN public.partenaires_rattachement r ON r.id = g.rattachement_id
  WHERE r.compte_id = droit.compte() AND r.organisation_id = droit.organisation()
    AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour())
    AND g.du <= droit.jour() AND (g.au IS NULL OR g.au > droit.jour())
); END $$;

CREATE OR REPLACE FUNCTION droit.accepter_invitation(p_jeton bytea, p_compte bigint, p_le timestamptz, p_jour date)
RETURNS bigint LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.partenaires_invitation;
  r bigint;
BEGIN
  SELECT * INTO i FROM public.partenaires_invitation
    WHERE jeton = p_jeton AND utilisee_le IS NULL AND annulee_le IS NULL AND expire_le > p_le FOR UPDATE;
  IF NOT FOUND THEN RETURN NULL; END IF;
  PERFORM 1 FROM public.partenaires_compte c
    WHERE c.id = p_compte AND (i.courriel = '' OR c.email = lower(i.courriel)) AND c.is_active;
  IF NOT FOUND THEN RETURN NULL; END IF;
  UPDATE public.partenaires_invitation SET utilisee_le = p_le, utilisee_par_id = p_compte WHERE id = i.id;
  SELECT id INTO r FROM public.partenaires_rattachement
    WHERE compte_id = p_compte AND organisation_id = i.organisation_id AND role = i.role AND au IS NULL;
  IF r IS NULL THEN
    INSERT INTO public.partenaires_rattachement (compte_id, organisation_id, role, fonction, du)
      VALUES (p_compte, i.organisation_id, i.role, i.fonction, p_jour) RETURNING id INTO r;
  END IF;
  INSERT INTO public.partenaires_residencegardien AS g (rattachement_id, residence_id, bailleur_id, du)
    SELECT r, res.id, res.bailleur_id, p_jour FROM public.partenaires_residence res
    WHERE res.bailleur_id = i.organisation_id
      AND res.id IN (SELECT value::bigint FROM jsonb_array_elements_text(i.residences))
    ON CONFLICT (rattachement_id, residence_id) DO UPDATE SET du = p_jour, au = NULL WHERE g.au <= p_jour;
  RETURN i.organisation_id;
END $$;
RESET ROLE;
