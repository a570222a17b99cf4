-- What opens an accompagnement beyond the équipe, the partner's door on an orientation, and what the end of the
-- week of opposition does to them (docs/adr: the one exception to « one writer per state »).
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Accompagnements opened by name to the person who acts, on the day of the ticket; never one that an opposition hides.
CREATE FUNCTION droit.accompagnements_nommes() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(DISTINCT p.content_object_id), '{}')
  FROM public.accompagnements_permissionnommee p
  JOIN public.accompagnements_accompagnement a ON a.id = p.content_object_id
  JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id
  WHERE p.user_id = droit.compte() AND p.du <= droit.jour() AND (p.au IS NULL OR p.au > droit.jour())
    AND i.etat <> 'opposition'
); END $$;

-- Orientations that the partner who acts may read: sent to his organisation, not withdrawn, accord in force.
CREATE FUNCTION droit.orientations_recues() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(o.id), '{}')
  FROM public.accompagnements_orientation o
  JOIN public.accompagnements_accord c ON c.id = o.accord_id AND c.retire_le IS NULL
  WHERE o.destinataire_id = ANY (droit.organisations('repondre')) AND o.envoyee_le IS NOT NULL
    AND o.retiree_le IS NULL
); END $$;

-- repondre_orientation: the partner answers, says when the person came, and when it ended. Nothing else of the
-- row is his to write. Returns whether the state allowed it; refuses what he may not read.
CREATE FUNCTION droit.repondre_orientation(p_id uuid, p_vers text, p_le timestamptz, p_rendez_vous timestamptz,
  p_avec bytea, p_revoir_le date, p_motif text, p_reponse bytea, p_jour date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE o public.accompagnements_orientation;
BEGIN
  IF p_id IS NULL OR p_id <> ALL (droit.orientations_recues()) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  SELECT * INTO o FROM public.accompagnements_orientation WHERE id = p_id FOR UPDATE;
  IF p_id <> ALL (droit.orientations_recues()) THEN  -- withdrawn while this waited for the lock
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF (o.etat, p_vers) IN (('envoyee', 'acceptee'), ('liste_attente', 'acceptee'), ('envoyee', 'liste_attente'),
      ('envoyee', 'refusee'), ('liste_attente', 'refusee')) THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, repondue_le = p_le,
      repondue_par_id = droit.compte(), rendez_vous = p_rendez_vous,
      rendez_vous_avec = coalesce(p_avec, rendez_vous_avec), revoir_le = p_revoir_le,
      motif_refus = CASE WHEN p_vers = 'refusee' THEN coalesce(p_motif, '') ELSE '' END,
      reponse = coalesce(p_reponse, reponse), version = version + 1
      WHERE id = p_id;
  ELSIF (o.etat, p_vers) IN (('acceptee', 'prise_en_charge'), ('liste_attente', 'prise_en_charge')) THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, prise_en_charge_le = p_jour, version = version + 1
      WHERE id = p_id;
  ELSIF (o.etat, p_vers) = ('prise_en_charge', 'terminee') THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, terminee_le = p_jour, version = version + 1
      WHERE id = p_id;
  ELSE
    RETURN false;
  END IF;
  RETURN true;
END $$;

-- An opposition closes the open accompagnement and withdraws its orientations at once, whoever recorded it and
-- though a bailleur can read neither. Its repair gives the accompagnement back the state it had; orientations stay
-- withdrawn. A retrait d'accord (the same wish after a contract) stops every sharing and leaves the rest to
-- coordination.
CREATE FUNCTION droit.suivre_instruction() RETURNS trigger LANGUAGE plpgsql SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  v_motif text;
  v_le timestamptz;
BEGIN
  IF NEW.etat = 'opposition' AND OLD.etat <> 'opposition' THEN
    v_motif := 'opposition';
    v_le := NEW.fin_le;
    UPDATE public.accompagnements_accompagnement SET etat_avant_opposition = etat, etat = 'sans_suite',
      motif_fin = 'opposition', fin_le = v_le, version = version + 1
      WHERE fiche_id = NEW.fiche_id AND etat IN ('evaluation', 'propose');
  ELSIF OLD.etat = 'opposition' AND NEW.etat <> 'opposition' THEN
    UPDATE public.accompagnements_accompagnement SET etat = etat_avant_opposition, etat_avant_opposition = '',
      motif_fin = '', fin_le = NULL, version = version + 1
      WHERE fiche_id = NEW.fiche_id AND etat = 'sans_suite' AND motif_fin = 'opposition';
  ELSIF NEW.retrait_demande_le IS NOT NULL AND OLD.retrait_demande_le IS NULL THEN
    v_motif := 'accord_retire';
    v_le := NEW.retrait_demande_le;
    UPDATE public.accompagnements_accord SET retire_le = v_le
      WHERE retire_le IS NULL AND accompagnement_id IN (
        SELECT a.id FROM public.accompagnements_accompagnement a WHERE a.fiche_id = NEW.fiche_id);
  END IF;
  IF v_motif IS NOT NULL THEN
    UPDATE public.accompagnements_orientation SET retiree_le = v_le, motif_retrait = v_motif, version = version + 1,
      etat = CASE WHEN etat IN ('refusee', 'terminee') THEN etat ELSE 'retiree' END
      WHERE retiree_le IS NULL AND accompagnement_id IN (
        SELECT a.id FROM public.accompagnements_accompagnement a WHERE a.fiche_id = NEW.fiche_id);
  END IF;
  RETURN NULL;
END $$;

-- How many things are late on the accompagnements of the équipe of the person who acts, on p_jour: the number of the
-- rail, on each of her pages (the rules are those of accompagnements.echeances; a test holds the two together). It
-- gives one number and no row; under row-level security the same count costs thirty times more.
CREATE FUNCTION droit.retards_du_suivi(p_jour date, p_premiere int, p_depart int, p_sursis int, p_diagnostic int,
  p_proposition int, p_signature int, p_visites int, p_revue_mois int, p_suspension int, p_refus int)
RETURNS bigint LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  p_equipes bigint[] := droit.organisations('suivre');
BEGIN
  RETURN (
    WITH a AS MATERIALIZED (
      SELECT a.id, a.fiche_id, a.etat, (a.ouvert_le AT TIME ZONE 'Europe/Paris')::date AS ouvert,
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
    )
    SELECT coalesce(sum(
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
          + coalesce((j.depuis + make_interval(months => p_revue_mois))::date < p_jour, false)::int
          + coalesce(c.jusqu_au < p_jour, false)::int
        ELSE 0 END
      + ((a.ouvert + make_interval(months => 6))::date < p_jour AND NOT EXISTS (
          SELECT 1 FROM public.accompagnements_situationlogement l WHERE l.accompagnement_id = a.id))::int
    ), 0)
    FROM a LEFT JOIN v USING (id) LEFT JOIN j USING (id) LEFT JOIN c USING (id) LEFT JOIN o USING (id)
  );
END $$;

-- Only the repair of an opposition gives life back to an accompagnement that is over.
CREATE FUNCTION droit.fin_definitive() RETURNS trigger LANGUAGE plpgsql SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF current_user <> 'palier_droit' THEN
    RAISE EXCEPTION 'accompagnement_etat: % is an end', OLD.etat USING ERRCODE = 'check_violation';
  END IF;
  RETURN NEW;
END $$;

REVOKE ALL ON FUNCTION droit.accompagnements_nommes(), droit.orientations_recues(), droit.suivre_instruction(),
  droit.fin_definitive(),
  droit.retards_du_suivi(date, int, int, int, int, int, int, int, int, int, int),
  droit.repondre_orientation(uuid, text, timestamptz, timestamptz, bytea, date, text, bytea, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.accompagnements_nommes(), droit.orientations_recues(),
  droit.retards_du_suivi(date, int, int, int, int, int, int, int, int, int, int),
  droit.repondre_orientation(uuid, text, timestamptz, timestamptz, bytea, date, text, bytea, date) TO palier_web;
GRANT EXECUTE ON FUNCTION droit.suivre_instruction(), droit.fin_definitive() TO palier_owner;
RESET ROLE;

CREATE TRIGGER accompagnement_suit_instruction AFTER UPDATE ON signalements_instruction FOR EACH ROW
  WHEN (OLD.etat IS DISTINCT FROM NEW.etat OR OLD.retrait_demande_le IS DISTINCT FROM NEW.retrait_demande_le)
  EXECUTE FUNCTION droit.suivre_instruction();
CREATE TRIGGER accompagnement_fin_definitive BEFORE UPDATE OF etat ON accompagnements_accompagnement FOR EACH ROW
  WHEN (OLD.etat IN ('termine', 'sans_suite') AND NEW.etat IS DISTINCT FROM OLD.etat)
  EXECUTE FUNCTION droit.fin_definitive();
