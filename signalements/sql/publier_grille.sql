-- An équipe publishes a version of its grid: coordination alone, in one piece, and a code keeps its meaning for ever,
-- in the national versions and in the équipe's own. Returns the new version.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.publier_grille(p_equipe bigint, p_jour date, p_signaux jsonb) RETURNS bigint LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  g bigint;
  s record;
BEGIN
  IF p_equipe <> ALL (droit.organisations('coordonner')) OR p_jour NOT BETWEEN droit.jour() AND droit.jour() + 1 THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM pg_advisory_xact_lock(hashtext('droit.publier_grille'), p_equipe::int);
  INSERT INTO public.signalements_grille (equipe_id, numero, publiee_le)
    SELECT p_equipe, coalesce(max(numero), 0) + 1, p_jour FROM public.signalements_grille WHERE equipe_id = p_equipe
    RETURNING id INTO g;
  FOR s IN SELECT x.code, x.domaine, x.libelle, coalesce(x.aide, '') AS aide, row_number() OVER () AS rang
      FROM jsonb_to_recordset(p_signaux) AS x(code text, domaine text, libelle text, aide text) LOOP
    IF EXISTS (SELECT 1 FROM public.signalements_signal a JOIN public.signalements_grille v ON v.id = a.grille_id
        WHERE a.code = s.code AND (v.equipe_id IS NULL OR v.equipe_id = p_equipe)) THEN
      IF NOT EXISTS (SELECT 1 FROM public.signalements_signal a JOIN public.signalements_grille v ON v.id = a.grille_id
          WHERE a.code = s.code AND a.domaine = s.domaine AND a.libelle = s.libelle
            AND (v.equipe_id IS NULL OR v.equipe_id = p_equipe)) THEN
        RAISE EXCEPTION 'publier_grille: % keeps its meaning', s.code USING ERRCODE = 'check_violation';
      END IF;
    ELSIF s.code !~ '^[A-Z]{3}[1-9][0-9]{2}$' OR length(s.libelle) NOT BETWEEN 10 AND 160
        OR s.domaine NOT IN ('logement', 'securite', 'presence', 'voisinage', 'echanges', 'bailleur') THEN
      RAISE EXCEPTION 'publier_grille: % is not a signal', s.code USING ERRCODE = 'check_violation';
    END IF;
    INSERT INTO public.signalements_signal (grille_id, code, domaine, libelle, aide, ordre)
      VALUES (g, s.code, s.domaine, s.libelle, s.aide, s.rang);
  END LOOP;
  IF (SELECT count(DISTINCT domaine) FROM public.signalements_signal WHERE grille_id = g) <> 6 THEN
    RAISE EXCEPTION 'publier_grille: a domain is empty' USING ERRCODE = 'check_violation';
  END IF;
  RETURN g;
END $$;
REVOKE ALL ON FUNCTION droit.publier_grille(bigint, date, jsonb) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.publier_grille(bigint, date, jsonb) TO palier_web;
RESET ROLE;
