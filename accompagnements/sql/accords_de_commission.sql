-- What those invited to a concertation may read, now that the person may consent to a commission: an accord that names
-- the organisation, or one that names the commission and says that the organisation sits in it. What she said of the
-- organisation by its name since then prevails.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

CREATE OR REPLACE FUNCTION droit.points_recus() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('repondre') || droit.organisations('lire_fiches');
BEGIN
  IF siennes = '{}' THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(DISTINCT s.point_id), '{}')
    FROM public.accompagnements_invitationconcertation v
    JOIN public.accompagnements_concertation c ON c.id = v.concertation_id
    JOIN public.accompagnements_situationevoquee s ON s.concertation_id = c.id
    JOIN public.accompagnements_accompagnement a ON a.id = s.accompagnement_id
    JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id
    JOIN public.accompagnements_accord k ON k.accompagnement_id = a.id
    WHERE v.organisation_id = ANY (siennes) AND v.convoquee_le IS NOT NULL AND v.reponse <> 'declinee'
      AND c.etat IN ('convoquee', 'tenue')
      AND (c.debut AT TIME ZONE 'Europe/Paris')::date + 7 >= droit.jour()
      AND a.fin_le IS NULL AND i.etat <> 'opposition' AND i.retrait_demande_le IS NULL
      AND k.retire_le IS NULL AND (k.jusqu_au IS NULL OR k.jusqu_au >= droit.jour())
      AND 'concertation' = ANY (k.portees)
      AND (k.organisation_id = v.organisation_id
        OR (k.commission_id = c.commission_id AND v.organisation_id = ANY (k.siegent)
          AND v.organisation_id = ANY (droit.organisations('repondre'))
          AND NOT EXISTS (
            SELECT 1 FROM public.accompagnements_accord n
            WHERE n.accompagnement_id = a.id AND n.organisation_id = v.organisation_id
              AND CASE WHEN n.retire_le IS NULL THEN n.le > k.le
                ELSE (n.retire_le AT TIME ZONE 'Europe/Paris')::date >= k.le END)))
  );
END $$;
RESET ROLE;
