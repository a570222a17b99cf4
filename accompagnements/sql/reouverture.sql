-- An end is taken back by the repair of an opposition, or by a reopening that says which end and why (its table
-- refuses one after thirty days): no other statement gives life back to an accompagnement that is over.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE OR REPLACE FUNCTION droit.fin_definitive() RETURNS trigger LANGUAGE plpgsql
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user = 'palier_droit' THEN  -- apart: the definer may not read the table of the next condition
    RETURN NEW;
  END IF;
  IF OLD.motif_fin = 'opposition' OR NOT EXISTS (
    SELECT 1 FROM public.accompagnements_reouverture r
    WHERE r.accompagnement_id = OLD.id AND r.fin_le = OLD.fin_le
  ) THEN
    RAISE EXCEPTION 'accompagnement_etat: % is an end', OLD.etat USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
RESET ROLE;
