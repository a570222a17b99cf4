-- An account's row is its owner's: whoever is signed in changes no other, and before sign-in only the password
-- (the reset page) and the date of the last sign-in are written.
SET LOCAL ROLE palier_droit;
CREATE FUNCTION droit.garder_compte() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
DECLARE moi bigint;
BEGIN
  IF current_user <> 'palier_web' THEN RETURN NEW; END IF;
  moi := droit.compte();
  IF NEW.id = moi THEN RETURN NEW; END IF;
  IF moi IS NULL AND to_jsonb(NEW) - 'password' - 'last_login' = to_jsonb(OLD) - 'password' - 'last_login' THEN
    RETURN NEW;
  END IF;
  RAISE EXCEPTION 'compte: not one''s own' USING ERRCODE = 'insufficient_privilege';
END $$;
REVOKE ALL ON FUNCTION droit.garder_compte() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.garder_compte() TO palier_owner;
RESET ROLE;

CREATE TRIGGER compte_a_son_titulaire BEFORE UPDATE ON partenaires_compte FOR EACH ROW
  EXECUTE FUNCTION droit.garder_compte();
