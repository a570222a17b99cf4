-- What those invited to a concertation may read, resolved at each statement: a withdrawn accord, an opposition or an end
-- closes it at once. Nothing that they read leads from a point to a person.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Meetings to which the organisation of the person who acts was convened.
CREATE FUNCTION droit.concertations_recues() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('repondre') || droit.organisations('lire_fiches');
BEGIN
  IF siennes = '{}' THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(v.concertation_id), '{}')
    FROM public.accompagnements_invitationconcertation v
    WHERE v.organisation_id = ANY (siennes) AND v.convoquee_le IS NOT NULL
  );
END $$;

-- Points that the organisation of the person who acts may read: convened to the meeting and not declined, an accord in
-- force that names it and covers concertations, the situation open and not opposed, until a week after the meeting.
CREATE FUNCTION droit.points_recus() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('repondre') || droit.organisations('lire_fiches');
BEGIN
  IF siennes = '{}' THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(s.point_id), '{}')
    FROM public.accompagnements_invitationconcertation v
    JOIN public.accompagnements_concertation c ON c.id = v.concertation_id
    JOIN public.accompagnements_situationevoquee s ON s.concertation_id = c.id
    JOIN public.accompagnements_accompagnement a ON a.id = s.accompagnement_id
    JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id
    JOIN public.accompagnements_accord k ON k.accompagnement_id = a.id AND k.organisation_id = v.organisation_id
    WHERE v.organisation_id = ANY (siennes) AND v.convoquee_le IS NOT NULL AND v.reponse <> 'declinee'
      AND c.etat IN ('convoquee', 'tenue')
      AND (c.debut AT TIME ZONE 'Europe/Paris')::date + 7 >= droit.jour()
      AND a.fin_le IS NULL AND i.etat <> 'opposition' AND i.retrait_demande_le IS NULL
      AND k.retire_le IS NULL AND (k.jusqu_au IS NULL OR k.jusqu_au >= droit.jour())
      AND 'concertation' = ANY (k.portees)
  );
END $$;

-- Actions agreed together that the bailleur who acts may read: his fiche, not ended, an accord in force that names him
-- and covers them.
CREATE FUNCTION droit.actions_lues() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('lire_fiches');
BEGIN
  IF siennes = '{}' THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(x.id), '{}')
    FROM public.accompagnements_actionconvenue x
    JOIN public.accompagnements_accompagnement a ON a.id = x.accompagnement_id
    JOIN public.signalements_fiche f ON f.id = x.fiche_id AND f.orienteur_id = x.bailleur_id
    JOIN public.signalements_instruction i ON i.fiche_id = f.id
    JOIN public.accompagnements_accord k ON k.accompagnement_id = a.id AND k.organisation_id = x.bailleur_id
    WHERE x.bailleur_id = ANY (siennes) AND x.etat <> 'abandonnee'
      AND a.fin_le IS NULL AND f.terminee_le IS NULL AND i.etat <> 'opposition' AND i.retrait_demande_le IS NULL
      AND k.retire_le IS NULL AND (k.jusqu_au IS NULL OR k.jusqu_au >= droit.jour())
      AND 'actions' = ANY (k.portees)
  );
END $$;

-- Those invited answer, and may change their mind until the meeting is held: nothing else of the row is theirs.
-- Returns whether the state allowed it; refuses an invitation that is not the organisation's.
CREATE FUNCTION droit.repondre_invitation(p_id uuid, p_reponse text, p_qui bytea, p_le timestamptz)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v public.accompagnements_invitationconcertation;
BEGIN
  SELECT * INTO v FROM public.accompagnements_invitationconcertation
    WHERE id = p_id AND convoquee_le IS NOT NULL
      AND organisation_id = ANY (droit.organisations('repondre') || droit.organisations('lire_fiches'))
    FOR UPDATE;
  IF NOT FOUND OR p_reponse NOT IN ('acceptee', 'declinee') OR p_reponse IS NULL THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM 1 FROM public.accompagnements_concertation c WHERE c.id = v.concertation_id AND c.etat = 'convoquee';
  IF NOT FOUND THEN RETURN false; END IF;
  UPDATE public.accompagnements_invitationconcertation
    SET reponse = p_reponse, qui_vient = coalesce(p_qui, qui_vient), repondue_le = p_le,
      repondue_par_id = droit.compte()
    WHERE id = p_id;
  RETURN true;
END $$;

REVOKE ALL ON FUNCTION droit.concertations_recues(), droit.points_recus(), droit.actions_lues(),
  droit.repondre_invitation(uuid, text, bytea, timestamptz) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.concertations_recues(), droit.points_recus(), droit.actions_lues(),
  droit.repondre_invitation(uuid, text, bytea, timestamptz) TO palier_web;
RESET ROLE;
