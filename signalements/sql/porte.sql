-- The narrow, allow-listed door through which an orienteur acts on an instruction that it cannot read.
-- Each function checks the right of the person who acts, then the transition; none tells a state.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Whether the person who acts may speak for this fiche: a référent of its orienteur, or its équipe.
CREATE FUNCTION droit.parle_pour(p_orienteur bigint, p_equipe bigint) RETURNS boolean LANGUAGE sql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT p_orienteur = ANY (droit.organisations('lire_fiches')) OR p_equipe = ANY (droit.organisations('suivre')) $$;

-- Whether an instant is of the day on which the person acts (the request may cross midnight): nobody backdates.
CREATE FUNCTION droit.est_du_jour(p_le timestamptz) RETURNS boolean LANGUAGE sql STABLE
PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce((p_le AT TIME ZONE 'Europe/Paris')::date BETWEEN droit.jour() AND droit.jour() + 1, false) $$;

-- A transmitted fiche gets its instruction and its reference, once. Its author, or a référent, calls this in the
-- transaction that transmits. A number per équipe and year: AA-NNNN.
CREATE FUNCTION droit.instruire(p_fiche uuid, p_le timestamptz, p_etudier_avant date, p_opposition date)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f public.signalements_fiche;
  a int := extract(year FROM p_le AT TIME ZONE 'Europe/Paris');
  n int;
  r text;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR f.etat <> 'transmise' OR f.transmise_le IS DISTINCT FROM p_le OR NOT droit.est_du_jour(p_le)
     OR NOT ((f.auteur_id = droit.compte() AND f.declarant_id = ANY (droit.organisations('saisir')))
             OR droit.parle_pour(f.orienteur_id, NULL)) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  INSERT INTO public.signalements_compteur (equipe_id, annee, dernier) VALUES (f.equipe_id, a, 1)
    ON CONFLICT (equipe_id, annee) DO UPDATE SET dernier = signalements_compteur.dernier + 1
    RETURNING dernier INTO n;
  r := lpad((a % 100)::text, 2, '0') || '-' || lpad(n::text, greatest(4, length(n::text)), '0');
  INSERT INTO public.signalements_instruction
    (fiche_id, equipe_id, etat, etat_avant, motif, transmise_le, etudier_avant, opposition_connue_le, version)
    VALUES (f.id, f.equipe_id, 'transmise', '', '', p_le, p_etudier_avant,
      (SELECT max(o.le) FROM public.signalements_oppositionconnue o
        WHERE o.equipe_id = f.equipe_id AND o.le = p_opposition), 1);
  UPDATE public.signalements_fiche SET reference = r, statut = 'recue' WHERE id = f.id;
  RETURN r;
END $$;

-- The date of the newest opposition known under this keyed hash, for the triage of the same person. Only the
-- code that files a fiche asks, with a hash that needs the search key.
CREATE FUNCTION droit.opposition_connue(p_equipe bigint, p_empreinte bytea, p_jour date) RETURNS date
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT max(le) FROM public.signalements_oppositionconnue
  WHERE equipe_id = p_equipe AND empreinte = p_empreinte AND expire_le > p_jour $$;

-- completer: the référent answered; the fiche goes back to study. Returns whether there was a question.
CREATE FUNCTION droit.completer(p_fiche uuid, p_etudier_avant date) RETURNS boolean LANGUAGE plpgsql
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR f.orienteur_id <> ALL (droit.organisations('lire_fiches')) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  UPDATE public.signalements_instruction SET etat = 'transmise', etudier_avant = p_etudier_avant, version = version + 1
    WHERE fiche_id = p_fiche AND etat = 'a_completer';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.signalements_fiche SET statut = 'recue' WHERE id = p_fiche;
  RETURN true;
END $$;

-- informer: the household was told on p_jour; the week ends at p_fin, at least seven whole days later. Starts the
-- delay of a fiche found recevable, lengthens one that runs, otherwise changes nothing. Tells nothing.
CREATE FUNCTION droit.informer(p_fiche uuid, p_jour date, p_fin timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR NOT droit.parle_pour(f.orienteur_id, f.equipe_id) OR f.terminee_le IS NOT NULL THEN
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

-- opposer: before a contract, everything is hidden at once; after it, the same wish is a retrait d'accord that
-- coordination decides. For the orienteur both look alike, in SQL too: the situation is over. Returns whether
-- anything was left to end.
CREATE FUNCTION droit.opposer(p_fiche uuid, p_le timestamptz, p_jour date, p_empreinte bytea, p_expire date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  f public.signalements_fiche;
  i public.signalements_instruction;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR NOT droit.parle_pour(f.orienteur_id, f.equipe_id) OR NOT droit.est_du_jour(p_le) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO i FROM public.signalements_instruction WHERE fiche_id = p_fiche FOR UPDATE;
  IF NOT FOUND OR i.fin_le IS NOT NULL OR f.terminee_le IS NOT NULL THEN RETURN false; END IF;
  IF i.contrat_signe_le IS NULL THEN
    UPDATE public.signalements_instruction
      SET etat = 'opposition', etat_avant = i.etat, fin_le = p_le, version = version + 1 WHERE fiche_id = p_fiche;
    INSERT INTO public.signalements_oppositionconnue (id, equipe_id, empreinte, fiche_id, le, expire_le)
      VALUES (gen_random_uuid(), f.equipe_id, p_empreinte, p_fiche, p_jour, p_expire);
  ELSE
    UPDATE public.signalements_instruction SET retrait_demande_le = coalesce(retrait_demande_le, p_le),
      version = version + 1 WHERE fiche_id = p_fiche;
  END IF;
  UPDATE public.signalements_fiche SET statut = 'terminee', terminee_le = coalesce(terminee_le, p_le)
    WHERE id = p_fiche;
  -- A relevé that the orienteur still owed would go on showing him the name.
  DELETE FROM public.signalements_releve
    WHERE fiche_id = p_fiche AND etat = 'attendu' AND type_evaluateur <> 'equipe';
  RETURN true;
END $$;

-- rendre_releve: the orienteur's rater gives back a six-month relevé, which then leaves his sight.
CREATE FUNCTION droit.rendre_releve(p_releve uuid, p_etat text, p_cotations jsonb, p_motif text, p_le timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r public.signalements_releve;
BEGIN
  SELECT * INTO r FROM public.signalements_releve WHERE id = p_releve FOR UPDATE;
  IF NOT FOUND OR r.type_evaluateur = 'equipe' OR r.moment <> 't6' OR NOT (
       r.orienteur_id = ANY (droit.organisations('lire_fiches'))
       OR (r.evaluateur_id = droit.compte() AND r.orienteur_id = ANY (droit.organisations('saisir')))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF r.etat <> 'attendu' THEN RETURN NULL; END IF;
  UPDATE public.signalements_releve SET etat = p_etat, cotations = p_cotations, motif = p_motif, rendu_le = p_le,
    evaluateur_id = droit.compte() WHERE id = p_releve;
  RETURN r.fiche_id;
END $$;

-- Where the convention asks for the référent's reading, nobody else transmits, in SQL either.
CREATE FUNCTION droit.garder_relecture() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF OLD.etat IN ('brouillon', 'a_corriger') AND NOT droit.parle_pour(NEW.orienteur_id, NEW.equipe_id)
     AND (SELECT c.relecture FROM public.partenaires_convention c WHERE c.id = NEW.convention_id) THEN
    RAISE EXCEPTION 'porte: the référent reads it first' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION droit.garder_relecture(), droit.parle_pour(bigint, bigint), droit.instruire(uuid, timestamptz, date, date),
  droit.opposition_connue(bigint, bytea, date), droit.completer(uuid, date),
  droit.informer(uuid, date, timestamptz), droit.est_du_jour(timestamptz), droit.opposer(uuid, timestamptz, date, bytea, date),
  droit.rendre_releve(uuid, text, jsonb, text, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.instruire(uuid, timestamptz, date, date),
  droit.opposition_connue(bigint, bytea, date), droit.completer(uuid, date),
  droit.informer(uuid, date, timestamptz), droit.opposer(uuid, timestamptz, date, bytea, date),
  droit.rendre_releve(uuid, text, jsonb, text, timestamptz) TO palier_web;
GRANT EXECUTE ON FUNCTION droit.garder_relecture() TO palier_owner;
RESET ROLE;

CREATE TRIGGER fiche_relue BEFORE UPDATE OF etat ON signalements_fiche FOR EACH ROW
  WHEN (NEW.etat = 'transmise' AND OLD.etat IS DISTINCT FROM NEW.etat) EXECUTE FUNCTION droit.garder_relecture();
