-- The door, opened as far as a software of the bailleur needs: it answers the équipe and records the information of
-- the household, without reading the instruction nor the content. Everything else is as it was.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE OR REPLACE FUNCTION droit.completer(p_fiche uuid, p_etudier_avant date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR (f.orienteur_id <> ALL (droit.organisations('lire_fiches'))
      AND f.orienteur_id <> ALL (droit.organisations('renseigner'))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.signalements_instruction SET etat = 'transmise', etudier_avant = p_etudier_avant, version = version + 1
    WHERE fiche_id = p_fiche AND etat = 'a_completer';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.signalements_fiche SET statut = 'recue' WHERE id = p_fiche;
  RETURN true;
END $$;

CREATE OR REPLACE FUNCTION droit.informer(p_fiche uuid, p_jour date, p_fin timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR f.terminee_le IS NOT NULL OR NOT (droit.parle_pour(f.orienteur_id, f.equipe_id)
      OR f.orienteur_id = ANY (droit.organisations('renseigner'))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  -- Seven whole days after the information, and never before two days after its recording, which is today.
  IF p_jour > droit.jour() OR p_fin < ((p_jour + 8)::timestamp AT TIME ZONE 'Europe/Paris')
     OR p_fin < ((droit.jour() + 3)::timestamp AT TIME ZONE 'Europe/Paris') THEN
    RAISE EXCEPTION 'porte: the delay is too short' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.signalements_instruction SET etat = 'delai_opposition', delai_jusqua = p_fin, version = version + 1
    WHERE fiche_id = p_fiche AND etat = 'recevable';
  IF NOT FOUND THEN
    UPDATE public.signalements_instruction SET delai_jusqua = greatest(delai_jusqua, p_fin), version = version + 1
      WHERE fiche_id = p_fiche AND etat = 'delai_opposition';
  END IF;
END $$;
RESET ROLE;
