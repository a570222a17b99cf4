-- Who reads the content of an accompagnement in an équipe that keeps it to its intervenants, and what a colleague
-- is told of the others: dates, so that the next step can be written, and nothing that was written or decided.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Équipes whose files are all open to the person who acts: hers, unless she does not coordinate one that keeps
-- their content to intervenants.
CREATE OR REPLACE FUNCTION droit.equipes_ouvertes() RETURNS bigint[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('suivre');
BEGIN
  IF siennes = '{}' THEN RETURN siennes; END IF;
  RETURN (
    SELECT coalesce(array_agg(e.id), '{}') FROM unnest(siennes) AS e(id)
    WHERE e.id = ANY (droit.organisations('coordonner')) OR NOT EXISTS (
      SELECT 1 FROM public.partenaires_reglagesequipe r WHERE r.equipe_id = e.id AND r.intervenants_seulement)
  );
END $$;

-- Accompagnements that she carries now in her équipe, and those that she has just opened, as long as nobody
-- carries them.
CREATE OR REPLACE FUNCTION droit.accompagnements_suivis() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE siennes bigint[] := droit.organisations('suivre');
BEGIN
  IF siennes = '{}' THEN RETURN '{}'; END IF;
  RETURN (
    SELECT coalesce(array_agg(s.id), '{}') FROM (
      SELECT i.accompagnement_id AS id FROM public.accompagnements_intervenant i
      WHERE i.compte_id = droit.compte() AND i.au IS NULL AND i.equipe_id = ANY (siennes)
      UNION
      SELECT a.id FROM public.accompagnements_accompagnement a
      WHERE a.ouvert_par_id = droit.compte() AND a.equipe_id = ANY (siennes) AND NOT EXISTS (
        SELECT 1 FROM public.accompagnements_intervenant i WHERE i.accompagnement_id = a.id)
    ) s
  );
END $$;

-- Accompagnements open to her by name: a permission in its dates, or because she carries them. Never one that an
-- opposition hides.
CREATE OR REPLACE FUNCTION droit.accompagnements_nommes() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT n.id), '{}') FROM (
    SELECT p.content_object_id AS id FROM public.accompagnements_permissionnommee p
    WHERE p.user_id = droit.compte() AND p.du <= droit.jour() AND (p.au IS NULL OR p.au > droit.jour())
    UNION ALL
    SELECT unnest(droit.accompagnements_suivis())
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
          'participants', v.participants) ORDER BY v.debut, v.id), '[]')
        FROM public.accompagnements_visite v WHERE v.accompagnement_id = a.id AND v.etat = 'planifiee'),
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

REVOKE ALL ON FUNCTION droit.equipes_ouvertes(), droit.accompagnements_suivis(), droit.faits_reserves() FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.equipes_ouvertes(), droit.accompagnements_suivis(), droit.faits_reserves()
  TO palier_web;
RESET ROLE;
