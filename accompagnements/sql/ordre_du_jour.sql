-- The letters given on the agenda of a meeting of one's équipe, of the situations that one does not read too: the next
-- letter, « one situation only » and « every situation » are said of the whole agenda. Ranks, and nothing of anybody.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE FUNCTION droit.ordre_du_jour(p_concertation uuid) RETURNS smallint[] LANGUAGE plpgsql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  RETURN (
    SELECT coalesce(array_agg(p.rang ORDER BY p.rang), '{}')
    FROM public.accompagnements_pointconcertation p
    WHERE p.concertation_id = p_concertation AND p.equipe_id = ANY (droit.organisations('suivre'))
  );
END $$;

REVOKE ALL ON FUNCTION droit.ordre_du_jour(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.ordre_du_jour(uuid) TO palier_web;
RESET ROLE;
