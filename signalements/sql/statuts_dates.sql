-- Each neutral status of a fiche with the day it took it: [["recue", "2026-09-22"], ...], oldest first. Only this
-- writes it, whoever writes the status; the day is that of the person who acts, as everywhere.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.dater_statut() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE le date := coalesce(droit.jour(), (NEW.terminee_le AT TIME ZONE 'Europe/Paris')::date);
BEGIN
  IF TG_OP = 'INSERT' THEN
    NEW.statuts := '[]';
  ELSE
    NEW.statuts := OLD.statuts;
    IF NEW.statut IS DISTINCT FROM OLD.statut AND NEW.statut <> '' AND le IS NOT NULL THEN
      NEW.statuts := NEW.statuts || jsonb_build_array(jsonb_build_array(NEW.statut, le));
    END IF;
  END IF;
  RETURN NEW;
END $$;
RESET ROLE;
CREATE TRIGGER fiche_statuts_dates BEFORE INSERT OR UPDATE OF statut, statuts ON signalements_fiche
  FOR EACH ROW EXECUTE FUNCTION droit.dater_statut();
