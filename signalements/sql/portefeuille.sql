-- What is a person's own in an organisation, and how it goes to somebody else when she leaves. Whoever manages the
-- members never reads the drafts or the content: these functions tell what there is and move it, nothing more.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE FUNCTION droit.portefeuille(p_compte bigint)
RETURNS TABLE (genre text, id uuid, reference text, le timestamptz, residence text)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  WITH ici AS (SELECT droit.organisations('membres') AS o)
  SELECT CASE f.etat WHEN 'brouillon' THEN 'brouillon' WHEN 'a_corriger' THEN 'a_corriger' ELSE 'envoyee' END,
    f.id, f.reference::text, coalesce(f.envoyee_le, f.cree_le), coalesce(r.nom, '')::text
  FROM public.signalements_fiche f CROSS JOIN ici LEFT JOIN public.partenaires_residence r ON r.id = f.residence_id
  WHERE f.auteur_id = p_compte AND f.declarant_id = ANY (ici.o) AND f.terminee_le IS NULL
  UNION ALL
  SELECT 'releve', v.id, f.reference::text, v.du_le::timestamptz, coalesce(r.nom, '')::text
  FROM public.signalements_releve v CROSS JOIN ici JOIN public.signalements_fiche f ON f.id = v.fiche_id
    LEFT JOIN public.partenaires_residence r ON r.id = f.residence_id
  WHERE v.evaluateur_id = p_compte AND v.moment = 't6' AND v.etat = 'attendu'
    AND CASE v.type_evaluateur WHEN 'equipe' THEN v.equipe_id ELSE v.orienteur_id END = ANY (ici.o)
  UNION ALL
  SELECT 'suivie', i.fiche_id, f.reference::text, i.transmise_le, coalesce(r.nom, '')::text
  FROM public.signalements_instruction i CROSS JOIN ici JOIN public.signalements_fiche f ON f.id = i.fiche_id
    LEFT JOIN public.partenaires_residence r ON r.id = f.residence_id
  WHERE i.suivie_par_id = p_compte AND i.equipe_id = ANY (ici.o) AND i.fin_le IS NULL $$;

-- One thing goes from one member to another of the same organisation, who may do what it asks. Returns whether it
-- was there to give. Whoever sent a fiche first is kept (`deposee_par`).
CREATE FUNCTION droit.reprendre(p_genre text, p_id uuid, p_de bigint, p_a bigint) RETURNS boolean
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF NOT EXISTS (
    SELECT 1 FROM public.partenaires_rattachement r
    JOIN public.partenaires_rolepermission p ON p.role = r.role
      AND p.permission = CASE p_genre WHEN 'suivie' THEN 'suivre' ELSE 'saisir' END
    WHERE r.compte_id = p_a AND r.organisation_id = ANY (droit.organisations('membres'))
      AND r.du <= droit.jour() AND (r.au IS NULL OR r.au > droit.jour())) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF NOT EXISTS (SELECT 1 FROM droit.portefeuille(p_de) x WHERE x.genre = p_genre AND x.id = p_id) THEN
    RETURN false;
  END IF;
  IF p_genre IN ('brouillon', 'a_corriger', 'envoyee') THEN
    UPDATE public.signalements_fiche SET auteur_id = p_a,
      deposee_par_id = CASE WHEN envoyee_le IS NULL THEN NULL ELSE coalesce(deposee_par_id, p_de) END
      WHERE id = p_id;
  ELSIF p_genre = 'releve' THEN
    UPDATE public.signalements_releve SET evaluateur_id = p_a WHERE id = p_id;
  ELSIF p_genre = 'suivie' THEN
    UPDATE public.signalements_instruction SET suivie_par_id = p_a, version = version + 1 WHERE fiche_id = p_id;
  ELSE
    RETURN false;
  END IF;
  RETURN true;
END $$;

-- Fiches of a partenaire whose six-month relevé waits for somebody: whoever rated them has left. Any correspondant
-- of the partenaire may rate them; a bailleur has its référents, who read them already.
CREATE FUNCTION droit.fiches_a_recoter() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(r.fiche_id), '{}') FROM public.signalements_releve r
  WHERE r.orienteur_id = ANY (droit.organisations('repondre')) AND r.etat = 'attendu' AND r.moment = 't6'
    AND r.type_evaluateur = 'partenaire' AND r.evaluateur_id IS NULL
); END $$;

-- As before, and a correspondant gives back what nobody of his partenaire rates any more.
CREATE OR REPLACE FUNCTION droit.rendre_releve(
  p_releve uuid, p_etat text, p_cotations jsonb, p_motif text, p_le timestamptz)
RETURNS uuid LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE r public.signalements_releve;
BEGIN
  SELECT * INTO r FROM public.signalements_releve WHERE id = p_releve FOR UPDATE;
  IF NOT FOUND OR r.type_evaluateur = 'equipe' OR r.moment <> 't6' OR NOT (
       r.orienteur_id = ANY (droit.organisations('lire_fiches'))
       OR (r.evaluateur_id = droit.compte() AND r.orienteur_id = ANY (droit.organisations('saisir')))
       OR (r.evaluateur_id IS NULL AND r.type_evaluateur = 'partenaire'
           AND r.orienteur_id = ANY (droit.organisations('repondre')))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF r.etat <> 'attendu' THEN RETURN NULL; END IF;
  UPDATE public.signalements_releve SET etat = p_etat, cotations = p_cotations, motif = p_motif, rendu_le = p_le,
    evaluateur_id = droit.compte() WHERE id = p_releve;
  RETURN r.fiche_id;
END $$;

REVOKE ALL ON FUNCTION droit.portefeuille(bigint), droit.reprendre(text, uuid, bigint, bigint),
  droit.fiches_a_recoter() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.portefeuille(bigint), droit.reprendre(text, uuid, bigint, bigint),
  droit.fiches_a_recoter() TO palier_web;
RESET ROLE;
