-- The feed of a calendar, which has no session: a secret address gives the visits of one person, by reference alone.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- NULL for an address that opens nothing (unknown, revoked, its person no longer of the équipe on `p_jour`). Otherwise
-- the visits that she makes between two instants, cancelled ones included, but none of a file that an opposition hides.
CREATE FUNCTION droit.agenda(p_empreinte bytea, p_jour date, p_du timestamptz, p_au timestamptz) RETURNS jsonb
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE b public.accompagnements_abonnementagenda;
BEGIN
  SELECT * INTO b FROM public.accompagnements_abonnementagenda WHERE empreinte = p_empreinte;
  IF NOT FOUND OR NOT EXISTS (
      SELECT 1 FROM public.partenaires_rattachement r
      JOIN public.partenaires_compte c ON c.id = r.compte_id AND c.is_active
      JOIN public.partenaires_organisation o ON o.id = r.organisation_id
        AND (o.fermee_le IS NULL OR o.fermee_le > p_jour)
      JOIN public.partenaires_rolepermission p ON p.role = r.role AND p.permission = 'suivre'
      WHERE r.compte_id = b.compte_id AND r.organisation_id = b.equipe_id AND r.du <= p_jour
        AND (r.au IS NULL OR r.au > p_jour)) THEN
    RETURN NULL;
  END IF;
  RETURN (
    SELECT coalesce(jsonb_agg(jsonb_build_object('pk', v.id, 'debut', v.debut, 'duree', v.duree, 'etat', v.etat,
      'version', v.version, 'planifiee_le', v.planifiee_le, 'reference', f.reference) ORDER BY v.debut, v.id), '[]')
    FROM public.accompagnements_visite v
    JOIN public.accompagnements_accompagnement a ON a.id = v.accompagnement_id
    JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id AND i.etat <> 'opposition'
    JOIN public.signalements_fiche f ON f.id = a.fiche_id
    WHERE v.equipe_id = b.equipe_id AND v.participants @> ARRAY[b.compte_id] AND v.debut >= p_du AND v.debut < p_au);
END $$;

REVOKE ALL ON FUNCTION droit.agenda(bytea, date, timestamptz, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.agenda(bytea, date, timestamptz, timestamptz) TO palier_web;
RESET ROLE;
