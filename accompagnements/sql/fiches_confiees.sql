-- Who the person is, for somebody to whom one file is open by name and who reads no fiche: her name and dwelling, and
-- the reference that is said on the phone.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.accompagnements_confies() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT a.id), '{}') FROM public.accompagnements_permissionnommee p
  JOIN public.accompagnements_accompagnement a ON a.id = p.content_object_id
  JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id AND i.etat <> 'opposition'
  WHERE p.user_id = droit.compte() AND p.du <= droit.jour() AND (p.au IS NULL OR p.au > droit.jour())
); END $$;

CREATE FUNCTION droit.fiches_confiees()
RETURNS TABLE (accompagnement_id uuid, fiche_id uuid, reference text, residence text) LANGUAGE plpgsql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN QUERY
  SELECT a.id, f.id, f.reference::text, coalesce(r.nom, '')::text FROM public.accompagnements_accompagnement a
  JOIN public.signalements_fiche f ON f.id = a.fiche_id
  LEFT JOIN public.partenaires_residence r ON r.id = f.residence_id
  WHERE a.id = ANY (droit.accompagnements_confies());
END $$;

CREATE FUNCTION droit.locataires_confies() RETURNS SETOF public.signalements_locataire LANGUAGE plpgsql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN QUERY
  SELECT l.* FROM public.signalements_locataire l
  JOIN public.accompagnements_accompagnement a ON a.fiche_id = l.fiche_id
  WHERE a.id = ANY (droit.accompagnements_confies());
END $$;

REVOKE ALL ON FUNCTION droit.accompagnements_confies(), droit.fiches_confiees(), droit.locataires_confies() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.fiches_confiees(), droit.locataires_confies() TO palier_web;
RESET ROLE;
