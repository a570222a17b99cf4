-- The door through which a référent answers the slots of the joint first visit: he reads neither the accompagnement
-- nor its visits, and his answer alone makes the visit.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- repondre_proposition: `p_choix` is one of the dates offered, NULL when none fits (`p_reponse` then says why, sealed).
-- `p_visite` is the key of the visit to make, with its two texts sealed empty. Gives « acceptee » or « declinee » when
-- it was done, « repondue » when somebody answered before, « passee » when the date is not offered any more. Refuses
-- what this person may not read. Locks in the order of the équipe: instruction, accompagnement, proposition.
CREATE FUNCTION droit.repondre_proposition(p_id uuid, p_choix timestamptz, p_reponse bytea, p_le timestamptz,
  p_visite uuid, p_compte_rendu bytea, p_presents bytea)
RETURNS text LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE p public.accompagnements_propositiondevisite;
BEGIN
  SELECT * INTO p FROM public.accompagnements_propositiondevisite WHERE id = p_id;
  IF NOT FOUND OR p.orienteur_id <> ALL (droit.organisations('lire_fiches')) OR NOT droit.est_du_jour(p_le) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM 1 FROM public.signalements_instruction WHERE fiche_id = p.fiche_id FOR UPDATE;
  PERFORM 1 FROM public.accompagnements_accompagnement WHERE id = p.accompagnement_id FOR UPDATE;
  SELECT * INTO p FROM public.accompagnements_propositiondevisite WHERE id = p_id FOR UPDATE;
  IF NOT FOUND OR p.etat NOT IN ('ouverte', 'acceptee', 'declinee')
     OR NOT EXISTS (SELECT 1 FROM public.signalements_fiche f WHERE f.id = p.fiche_id AND f.terminee_le IS NULL)
     OR NOT EXISTS (SELECT 1 FROM public.accompagnements_accompagnement a
       WHERE a.id = p.accompagnement_id AND a.etat NOT IN ('termine', 'sans_suite')) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p.etat <> 'ouverte' THEN RETURN 'repondue'; END IF;
  IF p_choix IS NULL THEN
    UPDATE public.accompagnements_propositiondevisite SET etat = 'declinee', reponse = p_reponse,
      repondue_le = p_le, repondue_par_id = droit.compte(), version = version + 1 WHERE id = p_id;
    RETURN 'declinee';
  END IF;
  IF p_choix <> ALL (p.creneaux) OR p_choix <= p_le OR EXISTS (
       SELECT 1 FROM public.accompagnements_visite v WHERE v.accompagnement_id = p.accompagnement_id AND v.premiere
         AND v.etat IN ('planifiee', 'faite')) THEN
    RETURN 'passee';
  END IF;
  UPDATE public.accompagnements_propositiondevisite SET etat = 'acceptee', retenu = p_choix, repondue_le = p_le,
    repondue_par_id = droit.compte(), version = version + 1 WHERE id = p_id;
  INSERT INTO public.accompagnements_visite (id, accompagnement_id, equipe_id, proposition_id, etat, debut, duree, lieu,
      conjointe, premiere, ne_pas_y_aller_seul, participants, sortis, autres_presents, compte_rendu, planifiee_par_id,
      planifiee_le, version)
    VALUES (p_visite, p.accompagnement_id, p.equipe_id, p.id, 'planifiee', p_choix, p.duree, 'domicile', true, true,
      p.pas_seul, coalesce((SELECT array_agg(i.compte_id ORDER BY i.principal DESC, i.id)
        FROM public.accompagnements_intervenant i
        WHERE i.accompagnement_id = p.accompagnement_id AND i.au IS NULL), '{}'), '{}',
      p_presents, p_compte_rendu, p.proposee_par_id, p_le, 1);
  RETURN 'acceptee';
END $$;

REVOKE ALL ON FUNCTION
  droit.repondre_proposition(uuid, timestamptz, bytea, timestamptz, uuid, bytea, bytea) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION
  droit.repondre_proposition(uuid, timestamptz, bytea, timestamptz, uuid, bytea, bytea) TO palier_web;
RESET ROLE;
