-- Séances of sensibilisation: which ones a bailleur reads, and the only ways to take and free a seat. Each of these
-- holds the row of the séance, so that the last seat goes to one person, whoever asks and from wherever.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Séances to which the bailleur of the person who acts was invited, once open; for anyone of a bailleur, those where
-- he stands.
CREATE FUNCTION droit.seances_recues() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  siennes bigint[] := droit.organisations('inscrire');
  moi bigint := droit.compte();
  ici bigint := droit.organisation();
BEGIN
  IF moi IS NULL OR ici IS NULL THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(s.id), '{}') FROM public.partenaires_seance s
    WHERE s.ouverte_le IS NOT NULL AND (
      s.id IN (SELECT v.seance_id FROM public.partenaires_invitationseance v WHERE v.bailleur_id = ANY (siennes))
      OR s.id IN (SELECT i.seance_id FROM public.partenaires_inscriptionseance i
        WHERE i.compte_id = moi AND i.bailleur_id = ici AND i.etat <> 'annulee'
          AND EXISTS (SELECT 1 FROM public.partenaires_rattachement r
            WHERE r.compte_id = moi AND r.organisation_id = ici
              AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour())))
    ));
END $$;

-- Gives the free seats to those who wait, the oldest first; the caller holds the séance.
CREATE FUNCTION droit.donner_les_places(p_seance uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s public.partenaires_seance;
  prises int;
  promues uuid[];
BEGIN
  SELECT * INTO s FROM public.partenaires_seance WHERE id = p_seance;
  SELECT count(*) INTO prises FROM public.partenaires_inscriptionseance
    WHERE seance_id = p_seance AND etat = 'inscrite' AND NOT ajoutee;
  WITH suivantes AS (
    SELECT id FROM public.partenaires_inscriptionseance WHERE seance_id = p_seance AND etat = 'en_attente'
    ORDER BY inscrite_le, id LIMIT greatest(0, s.capacite - prises)
  ), faites AS (
    UPDATE public.partenaires_inscriptionseance i SET etat = 'inscrite', promue_le = droit.instant()
    FROM suivantes WHERE i.id = suivantes.id RETURNING i.id
  )
  SELECT coalesce(array_agg(id), '{}') INTO promues FROM faites;
  UPDATE public.partenaires_seance SET inscrites = prises + cardinality(promues) WHERE id = p_seance;
  RETURN promues;
END $$;

-- Registers a person of a bailleur: by an account that belongs to it today (the bailleur alone knows whose they are), or
-- by the keyed hash of a name. Says
-- `inscrite`, `en_attente`, `deja`, or `fermee` when the séance takes nobody any more. A référent registers the people
-- of his bailleur until the close; the équipe, until it begins. `p_ajoutee`: came without being registered; the équipe
-- alone, from the day of the séance until it is closed, and without a seat.
CREATE FUNCTION droit.inscrire(p_id uuid, p_seance uuid, p_bailleur bigint, p_compte bigint, p_nom bytea,
  p_fonction bytea, p_empreinte bytea, p_ajoutee boolean)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  s public.partenaires_seance;
  instant timestamptz := droit.instant();
  equipe boolean;
  libre boolean;
  issue text;
BEGIN
  SELECT * INTO s FROM public.partenaires_seance WHERE id = p_seance FOR UPDATE;
  equipe := s.equipe_id = ANY (droit.organisations('suivre'));
  IF s.id IS NULL OR p_ajoutee IS NULL OR NOT (equipe OR (p_bailleur = ANY (droit.organisations('inscrire'))
        AND s.ouverte_le IS NOT NULL AND NOT p_ajoutee))
     OR NOT EXISTS (SELECT 1 FROM public.partenaires_invitationseance v
        WHERE v.seance_id = p_seance AND v.bailleur_id = p_bailleur)
     OR (p_compte IS NOT NULL AND NOT EXISTS (SELECT 1 FROM public.partenaires_rattachement r
        WHERE p_bailleur = ANY (droit.organisations('inscrire')) AND r.compte_id = p_compte AND r.organisation_id = p_bailleur AND r.role <> 'logiciel'
          AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour()))) THEN
    RAISE EXCEPTION 'inscription: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p_ajoutee THEN
    IF NOT (s.etat = 'tenue' OR (s.etat = 'ouverte'
        AND (s.debut AT TIME ZONE 'Europe/Paris')::date <= droit.jour())) THEN RETURN 'fermee'; END IF;
  ELSIF s.etat <> 'ouverte' OR s.debut <= instant OR (NOT equipe AND s.inscription_jusqu_au < droit.jour()) THEN
    RETURN 'fermee';
  END IF;
  IF EXISTS (SELECT 1 FROM public.partenaires_inscriptionseance i
      WHERE i.seance_id = p_seance AND i.etat <> 'annulee'
        AND (i.compte_id = p_compte OR (i.bailleur_id = p_bailleur AND i.empreinte = p_empreinte))) THEN
    RETURN 'deja';
  END IF;
  libre := s.inscrites < s.capacite;
  issue := CASE WHEN p_ajoutee OR libre THEN 'inscrite' ELSE 'en_attente' END;
  INSERT INTO public.partenaires_inscriptionseance
      (id, seance_id, equipe_id, bailleur_id, compte_id, nom, fonction, empreinte, etat, ajoutee, inscrite_par_id,
       inscrite_le, presence, pointee_par_id, pointee_le)
    VALUES (p_id, p_seance, s.equipe_id, p_bailleur, p_compte, p_nom, p_fonction, p_empreinte, issue, p_ajoutee,
      droit.compte(), instant, CASE WHEN p_ajoutee THEN 'presente' ELSE '' END,
      CASE WHEN p_ajoutee THEN droit.compte() END, CASE WHEN p_ajoutee THEN instant END);
  IF libre AND NOT p_ajoutee THEN
    UPDATE public.partenaires_seance SET inscrites = inscrites + 1 WHERE id = p_seance;
  END IF;
  RETURN issue;
END $$;

-- Frees a seat before the séance begins, and gives it to whoever waits: returns those promoted, NULL when the state
-- does not allow it. A référent for his bailleur, the équipe for anybody.
CREATE FUNCTION droit.annuler_inscription(p_id uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  i public.partenaires_inscriptionseance;
  s public.partenaires_seance;
BEGIN
  SELECT * INTO i FROM public.partenaires_inscriptionseance WHERE id = p_id;
  IF NOT FOUND OR NOT (i.equipe_id = ANY (droit.organisations('suivre'))
      OR i.bailleur_id = ANY (droit.organisations('inscrire'))) THEN
    RAISE EXCEPTION 'inscription: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO s FROM public.partenaires_seance WHERE id = i.seance_id FOR UPDATE;
  IF s.etat <> 'ouverte' OR s.debut <= droit.instant() THEN RETURN NULL; END IF;
  UPDATE public.partenaires_inscriptionseance
    SET etat = 'annulee', annulee_le = droit.instant(), annulee_par_id = droit.compte()
    WHERE id = p_id AND etat <> 'annulee';
  IF NOT FOUND THEN RETURN NULL; END IF;
  RETURN droit.donner_les_places(s.id);
END $$;

-- The équipe added seats: those who wait take them. Nothing once the séance has begun.
CREATE FUNCTION droit.remplir_seance(p_seance uuid) RETURNS uuid[] LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE s public.partenaires_seance;
BEGIN
  SELECT * INTO s FROM public.partenaires_seance WHERE id = p_seance FOR UPDATE;
  IF NOT FOUND OR s.equipe_id <> ALL (droit.organisations('suivre')) THEN
    RAISE EXCEPTION 'seance: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF s.etat <> 'ouverte' OR s.debut <= droit.instant() THEN RETURN '{}'; END IF;
  RETURN droit.donner_les_places(p_seance);
END $$;

REVOKE ALL ON FUNCTION droit.seances_recues(), droit.donner_les_places(uuid),
  droit.inscrire(uuid, uuid, bigint, bigint, bytea, bytea, bytea, boolean), droit.annuler_inscription(uuid),
  droit.remplir_seance(uuid) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.seances_recues(),
  droit.inscrire(uuid, uuid, bigint, bigint, bytea, bytea, bytea, boolean), droit.annuler_inscription(uuid),
  droit.remplir_seance(uuid) TO palier_web;
RESET ROLE;
