-- A fiche leaves only under a convention that covers the commune of its résidence on that day: the convention and the
-- territory have each their dates. One that was sent back goes on under the convention that it left under, even after
-- its end, as long as it stays in the same commune; what the équipe has already is not looked at again.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.fiche_couverte() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  t bigint;
  avant bigint;
BEGIN
  IF NEW.convention_id IS NULL OR NEW.residence_id IS NULL OR OLD.transmise_le IS NOT NULL THEN RETURN NEW; END IF;
  SELECT r.territoire_id INTO t FROM public.partenaires_residence r WHERE r.id = NEW.residence_id;
  SELECT r.territoire_id INTO avant FROM public.partenaires_residence r WHERE r.id = OLD.residence_id;
  IF NEW.convention_id IS NOT DISTINCT FROM OLD.convention_id AND t IS NOT DISTINCT FROM avant
     AND (OLD.etat <> 'brouillon' OR NEW.etat = 'brouillon') THEN RETURN NEW; END IF;
  IF NOT EXISTS (
    SELECT 1 FROM public.partenaires_conventionterritoire ct
    JOIN public.partenaires_convention c ON c.id = ct.convention_id
    WHERE c.id = NEW.convention_id AND ct.territoire_id = t AND ct.periode @> droit.jour()
      AND c.du <= droit.jour() AND (c.au IS NULL OR c.au >= droit.jour())) THEN
    RAISE EXCEPTION 'fiche_couverte: no convention covers this commune today' USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;
RESET ROLE;
CREATE TRIGGER fiche_couverte BEFORE UPDATE OF convention_id, residence_id, etat ON signalements_fiche
  FOR EACH ROW EXECUTE FUNCTION droit.fiche_couverte();
