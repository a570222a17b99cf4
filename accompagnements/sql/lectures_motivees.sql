-- Accompagnements open to her: a permission by name in its dates, because she carries them, or for the reason and the
-- time that she gave, as long as she is of the équipe. Never one that an opposition hides.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;
CREATE OR REPLACE FUNCTION droit.accompagnements_nommes() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT n.id), '{}') FROM (
    SELECT p.content_object_id AS id FROM public.accompagnements_permissionnommee p
    WHERE p.user_id = droit.compte() AND p.du <= droit.jour() AND (p.au IS NULL OR p.au > droit.jour())
    UNION ALL
    SELECT unnest(droit.accompagnements_suivis())
    UNION ALL
    SELECT l.accompagnement_id FROM public.accompagnements_lecturemotivee l
    WHERE l.compte_id = droit.compte() AND l.ferme_le IS NULL AND l.ouvert_le <= droit.instant()
      AND l.jusqu_au > droit.instant() AND l.equipe_id = ANY (droit.organisations('suivre'))
  ) n
  JOIN public.accompagnements_accompagnement a ON a.id = n.id
  JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id
  WHERE i.etat <> 'opposition'
); END $$;
-- What the next step of a line is counted from, for each accompagnement of hers whose content is kept from her: the
-- facts of accompagnements.models.lectures, by key. No text, no partner, no place.
CREATE OR REPLACE FUNCTION droit.faits_reserves() RETURNS jsonb LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  reservees bigint[];
  nommes uuid[];
BEGIN
  SELECT coalesce(array_agg(e.id), '{}') INTO reservees FROM unnest(droit.organisations('suivre')) AS e(id)
    WHERE e.id <> ALL (droit.equipes_ouvertes());
  IF reservees = '{}' THEN RETURN '{}'; END IF;
  nommes := droit.accompagnements_nommes();
  RETURN (
    SELECT coalesce(jsonb_object_agg(a.id, CASE WHEN a.etat = 'sans_suite' THEN '{}'::jsonb ELSE jsonb_build_object(
      'premiere_faite_le', (SELECT max(v.debut) FROM public.accompagnements_visite v
        WHERE v.accompagnement_id = a.id AND v.etat = 'faite' AND v.premiere),
      'derniere_faite_le', (SELECT max(v.debut) FROM public.accompagnements_visite v
        WHERE v.accompagnement_id = a.id AND v.etat = 'faite'),
      'a_un_diagnostic', EXISTS (SELECT 1 FROM public.accompagnements_diagnostic d
        WHERE d.accompagnement_id = a.id AND d.axes <> '{}'),
      'objectifs_depuis', (SELECT min(coalesce(j.revu_le, (j.cree_le AT TIME ZONE 'Europe/Paris')::date))
        FROM public.accompagnements_objectif j WHERE j.accompagnement_id = a.id AND j.etat = 'ouvert'),
      'contrat_jusqu_au', (SELECT c.jusqu_au FROM public.accompagnements_contrat c
        WHERE c.accompagnement_id = a.id AND c.issue = 'signe' ORDER BY c.numero DESC LIMIT 1),
      'logement_note', EXISTS (SELECT 1 FROM public.accompagnements_situationlogement l
        WHERE l.accompagnement_id = a.id),
      'visites_brutes', (SELECT coalesce(jsonb_agg(jsonb_build_object('pk', v.id, 'etat', v.etat, 'debut', v.debut,
          'duree', v.duree, 'lieu', v.lieu, 'premiere', v.premiere, 'ne_pas_y_aller_seul', v.ne_pas_y_aller_seul,
          'participants', v.participants, 'sortis', v.sortis) ORDER BY v.debut, v.id), '[]')
        FROM public.accompagnements_visite v WHERE v.accompagnement_id = a.id AND v.etat = 'planifiee'),
      'proposition_brute', (SELECT jsonb_build_object('etat', p.etat, 'repondre_avant', p.repondre_avant)
        FROM public.accompagnements_propositiondevisite p
        WHERE p.accompagnement_id = a.id AND p.etat IN ('ouverte', 'acceptee', 'declinee') LIMIT 1),
      'orientations_brutes', (SELECT coalesce(jsonb_agg(jsonb_build_object('pk', o.id, 'etat', o.etat,
          'destinataire', '', 'proposee_le', o.proposee_le, 'envoyee_le', o.envoyee_le,
          'repondre_avant', o.repondre_avant, 'relancee_le', o.relancee_le, 'rendez_vous', o.rendez_vous,
          'revoir_le', o.revoir_le, 'repondue_le', o.repondue_le, 'refus_traite_le', o.refus_traite_le)
          ORDER BY o.proposee_le, o.id), '[]')
        FROM public.accompagnements_orientation o WHERE o.accompagnement_id = a.id
          AND o.etat IN ('proposee', 'envoyee', 'acceptee', 'liste_attente', 'refusee'))
    ) END), '{}')
    FROM public.accompagnements_accompagnement a
    JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id AND i.etat <> 'opposition'
    WHERE a.equipe_id = ANY (reservees) AND a.id <> ALL (nommes)
  );
END $$;
RESET ROLE;
