-- The part of a rectification that neither side may write by itself: the search tokens of both, made again by the
-- caller, and what triage knows of an earlier opposition under the corrected name. Tells nothing.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE FUNCTION droit.rectifier(p_fiche uuid, p_empreinte bytea) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  -- A référent until the end; the équipe as long as it reads the content.
  IF NOT FOUND OR f.transmise_le IS NULL OR NOT (
       (droit.parle_pour(f.orienteur_id, NULL) AND f.terminee_le IS NULL)
       OR (droit.parle_pour(NULL, f.equipe_id) AND EXISTS (SELECT 1 FROM public.signalements_instruction i
             WHERE i.fiche_id = p_fiche AND i.etat <> 'opposition'))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  DELETE FROM public.signalements_jeton WHERE fiche_id = p_fiche;
  UPDATE public.signalements_instruction SET opposition_connue_le = (
      SELECT max(o.le) FROM public.signalements_oppositionconnue o
      WHERE o.equipe_id = f.equipe_id AND o.empreinte = p_empreinte AND o.expire_le > droit.jour())
    WHERE fiche_id = p_fiche;
END $$;

REVOKE ALL ON FUNCTION droit.rectifier(uuid, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.rectifier(uuid, bytea) TO palier_web;
RESET ROLE;
