-- The delays of the suivi are settings of the équipe: a review is due so many months after the last one, by the rule of
-- that day. The number of the rail follows, counts the late decisions of concertations, and says no more of a line whose
-- content is kept from the person than its next step.
SET LOCAL check_function_bodies = off;
DROP FUNCTION droit.retards_du_suivi(date, int, int, int, int, int, int, int, int, int, int);
SET LOCAL ROLE palier_droit;

-- Months between two reviews in an équipe, as it had chosen on a day; NULL without a day.
CREATE FUNCTION droit.mois_de_revue(p_equipe bigint, p_le date) RETURNS int LANGUAGE sql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT CASE WHEN p_le IS NULL THEN NULL ELSE coalesce((
    SELECT d.revue_mois FROM public.partenaires_delaisequipe d
    WHERE d.equipe_id = p_equipe AND d.retires_le IS NULL AND d.a_partir_du <= p_le
    ORDER BY d.a_partir_du DESC, d.decides_le DESC, d.id DESC LIMIT 1), 3) END
$$;

-- How many things are late on the accompagnements of the équipe of the person who acts, on p_jour: the number of the
-- rail, on each of her pages (the rules are those of accompagnements.echeances; a test holds the two together). It
-- gives one number and no row; under row-level security the same count costs thirty times more.
CREATE FUNCTION droit.retards_du_suivi(p_jour date, p_premiere int, p_depart int, p_sursis int, p_diagnostic int,
  p_proposition int, p_signature int, p_visites int, p_suspension int, p_refus int)
RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p_equipes bigint[] := droit.organisations('suivre');
  p_ouvertes bigint[] := droit.equipes_ouvertes();
  p_nommes uuid[] := CASE WHEN p_equipes <@ p_ouvertes THEN '{}' ELSE droit.accompagnements_nommes() END;
BEGIN
  RETURN (
    WITH a AS MATERIALIZED (
      SELECT a.id, a.fiche_id, a.equipe_id, a.etat, a.fin_le,
        a.equipe_id <> ALL (p_ouvertes) AND a.id <> ALL (p_nommes) AS reserve,
        (a.ouvert_le AT TIME ZONE 'Europe/Paris')::date AS ouvert,
        (a.evaluation_depuis AT TIME ZONE 'Europe/Paris')::date AS evaluation,
        (a.propose_le AT TIME ZONE 'Europe/Paris')::date AS propose,
        (a.signe_le AT TIME ZONE 'Europe/Paris')::date AS signe,
        (a.suspendu_le AT TIME ZONE 'Europe/Paris')::date AS suspendu
      FROM public.accompagnements_accompagnement a
      JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id AND i.etat <> 'opposition'
      WHERE a.equipe_id = ANY (p_equipes) AND a.etat <> 'sans_suite'
    ), v AS (
      SELECT v.accompagnement_id AS id, bool_or(v.etat = 'planifiee') AS prevue,
        max(d.jour) FILTER (WHERE v.etat = 'faite') AS derniere,
        max(d.jour) FILTER (WHERE v.etat = 'faite' AND v.premiere) AS premiere,
        count(*) FILTER (WHERE v.etat = 'planifiee' AND d.jour < p_jour) AS passees
      FROM public.accompagnements_visite v
      CROSS JOIN LATERAL (SELECT (v.debut AT TIME ZONE 'Europe/Paris')::date AS jour) d
      WHERE v.accompagnement_id IN (SELECT a.id FROM a) GROUP BY 1
    ), j AS (
      SELECT j.accompagnement_id AS id,
        min(coalesce(j.revu_le, (j.cree_le AT TIME ZONE 'Europe/Paris')::date)) AS depuis
      FROM public.accompagnements_objectif j
      WHERE j.etat = 'ouvert' AND j.accompagnement_id IN (SELECT a.id FROM a) GROUP BY 1
    ), c AS (
      SELECT DISTINCT ON (c.accompagnement_id) c.accompagnement_id AS id, c.jusqu_au
      FROM public.accompagnements_contrat c
      WHERE c.issue = 'signe' AND c.accompagnement_id IN (SELECT a.id FROM a)
      ORDER BY c.accompagnement_id, c.numero DESC
    ), o AS (
      SELECT o.accompagnement_id AS id, count(*) AS retards
      FROM public.accompagnements_orientation o
      WHERE o.accompagnement_id IN (SELECT a.id FROM a WHERE a.etat <> 'termine') AND CASE o.etat
        WHEN 'proposee' THEN (o.proposee_le AT TIME ZONE 'Europe/Paris')::date + p_refus < p_jour
        WHEN 'envoyee' THEN o.repondre_avant < p_jour
        WHEN 'acceptee' THEN (o.rendez_vous AT TIME ZONE 'Europe/Paris')::date < p_jour
        WHEN 'liste_attente' THEN o.revoir_le < p_jour
        WHEN 'refusee' THEN o.refus_traite_le IS NULL
          AND (o.repondue_le AT TIME ZONE 'Europe/Paris')::date + p_refus < p_jour
          AND NOT EXISTS (SELECT 1 FROM public.accompagnements_orientation s
            WHERE s.accompagnement_id = o.accompagnement_id AND s.proposee_le > o.repondue_le
              AND s.etat IN ('proposee', 'envoyee', 'acceptee', 'liste_attente', 'refusee'))
        ELSE false END
      GROUP BY 1
    ), n AS (
      SELECT a.reserve, (
      CASE WHEN a.etat = 'termine' THEN 0 ELSE coalesce(v.passees, 0) + coalesce(o.retards, 0)
          + coalesce(v.premiere + p_depart < p_jour AND v.premiere + p_sursis >= p_jour AND NOT EXISTS (
              SELECT 1 FROM public.signalements_releve r
              WHERE r.fiche_id = a.fiche_id AND r.moment = 't0' AND r.type_evaluateur = 'equipe'), false)::int END
        + CASE a.etat
          WHEN 'evaluation' THEN CASE
            WHEN v.premiere IS NULL THEN NOT coalesce(v.prevue, false) AND a.ouvert + p_premiere < p_jour
            WHEN EXISTS (SELECT 1 FROM public.accompagnements_diagnostic d
                WHERE d.accompagnement_id = a.id AND d.axes <> '{}') THEN a.evaluation + p_proposition < p_jour
            ELSE a.evaluation + p_diagnostic < p_jour END
          WHEN 'propose' THEN a.propose + p_signature < p_jour
          WHEN 'suspendu' THEN a.suspendu + p_suspension < p_jour
          ELSE false END::int
        + CASE WHEN a.etat = 'en_cours' THEN
            (NOT coalesce(v.prevue, false) AND coalesce(v.derniere, a.signe, a.ouvert) + p_visites < p_jour)::int
            + coalesce((j.depuis + make_interval(months => droit.mois_de_revue(a.equipe_id, j.depuis)))::date
              < p_jour, false)::int
            + coalesce(c.jusqu_au < p_jour, false)::int
          ELSE 0 END
        + ((a.ouvert + make_interval(months => 6))::date < p_jour AND NOT EXISTS (
            SELECT 1 FROM public.accompagnements_situationlogement l WHERE l.accompagnement_id = a.id))::int
      ) AS retards,
      (SELECT count(*) FROM public.accompagnements_decision d
        WHERE d.accompagnement_id = a.id AND a.fin_le IS NULL AND d.etat = 'a_faire' AND d.avant_le < p_jour) AS decisions,
      EXISTS (SELECT 1 FROM public.accompagnements_etapechoisie e WHERE e.accompagnement_id = a.id
        AND a.etat <> 'termine' AND e.faite_le IS NULL AND e.le < p_jour) AS etape
      FROM a LEFT JOIN v USING (id) LEFT JOIN j USING (id) LEFT JOIN c USING (id) LEFT JOIN o USING (id)
    )
    -- On a line whose content is kept from her she is shown the next step, and no decision of a meeting.
    SELECT coalesce(sum(CASE WHEN n.reserve THEN (n.retards > 0 OR n.etape)::int ELSE n.retards + n.decisions END), 0)
    FROM n
  );
END $$;

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
      'revue_mois', (SELECT droit.mois_de_revue(a.equipe_id,
          min(coalesce(j.revu_le, (j.cree_le AT TIME ZONE 'Europe/Paris')::date)))
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

REVOKE ALL ON FUNCTION droit.mois_de_revue(bigint, date),
  droit.retards_du_suivi(date, int, int, int, int, int, int, int, int, int) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.mois_de_revue(bigint, date) TO palier_web, palier_systeme;
GRANT EXECUTE ON FUNCTION droit.retards_du_suivi(date, int, int, int, int, int, int, int, int, int) TO palier_web;
RESET ROLE;
