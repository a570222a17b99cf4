-- The instant at which the person acts, as the application's clock says it: the third part of the ticket, whose first
-- ten letters are the civil day of droit.jour().
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.instant() RETURNS timestamptz LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (droit.ticket())[3]::timestamptz; END $$;
REVOKE ALL ON FUNCTION droit.instant() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.instant() TO palier_web;
RESET ROLE;
