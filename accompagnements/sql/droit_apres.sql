-- What opens an accompagnement beyond the équipe, the partner's door on an orientation, and what the end of the
-- week of opposition does to them (docs/adr: the one exception to « one writer per state »).
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Accompagnements opened by name to the person who acts, on the day of the ticket; never one that an opposition hides.
CREATE FUNCTION droit.accompagnements_nommes() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(DISTINCT p.content_object_id), '{}')
  FROM public.accompagnements_permissionnommee p
  JOIN public.accompagnements_accompagnement a ON a.id = p.content_object_id
  JOIN public.signalements_instruction i ON i.fiche_id = a.fiche_id
  WHERE p.user_id = droit.compte() AND p.du <= droit.jour() AND (p.au IS NULL OR p.au > droit.jour())
    AND i.etat <> 'opposition' $$;

-- Orientations that the partner who acts may read: sent to his organisation, not withdrawn, accord in force.
CREATE FUNCTION droit.orientations_recues() RETURNS uuid[] LANGUAGE sql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT coalesce(array_agg(o.id), '{}')
  FROM public.accompagnements_orientation o
  JOIN public.accompagnements_accord c ON c.id = o.accord_id AND c.retire_le IS NULL
  WHERE o.destinataire_id = ANY (droit.organisations('repondre')) AND o.envoyee_le IS NOT NULL
    AND o.retiree_le IS NULL $$;

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
  droit.repondre_orientation(uuid, text, timestamptz, timestamptz, bytea, date, text, bytea, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.accompagnements_nommes(), droit.orientations_recues(),
  droit.repondre_orientation(uuid, text, timestamptz, timestamptz, bytea, date, text, bytea, date) TO palier_web;
GRANT EXECUTE ON FUNCTION droit.suivre_instruction(), droit.fin_definitive() TO palier_owner;
RESET ROLE;

CREATE TRIGGER accompagnement_suit_instruction AFTER UPDATE ON signalements_instruction FOR EACH ROW
  WHEN (OLD.etat IS DISTINCT FROM NEW.etat OR OLD.retrait_demande_le IS DISTINCT FROM NEW.retrait_demande_le)
  EXECUTE FUNCTION droit.suivre_instruction();
CREATE TRIGGER accompagnement_fin_definitive BEFORE UPDATE OF etat ON accompagnements_accompagnement FOR EACH ROW
  WHEN (OLD.etat IN ('termine', 'sans_suite') AND NEW.etat IS DISTINCT FROM OLD.etat)
  EXECUTE FUNCTION droit.fin_definitive();
