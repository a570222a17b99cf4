-- The door of a partner without an account, and what an answer writes, whoever gives it. A link opens one session, once;
-- a session reads one orientation while it is sent, not withdrawn, and under an accord in force.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Orientations that the partner who acts may read: sent to his organisation, not withdrawn, accord in force.
CREATE OR REPLACE FUNCTION droit.orientations_recues() RETURNS uuid[] LANGUAGE plpgsql STABLE PARALLEL RESTRICTED
SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN RETURN (
  SELECT coalesce(array_agg(o.id), '{}')
  FROM public.accompagnements_orientation o
  JOIN public.accompagnements_accord c ON c.id = o.accord_id AND c.retire_le IS NULL
    AND (c.jusqu_au IS NULL OR c.jusqu_au >= droit.jour())
  WHERE o.destinataire_id = ANY (droit.organisations('repondre')) AND o.envoyee_le IS NOT NULL
    AND o.retiree_le IS NULL
); END $$;

-- What an answer may change in an orientation, its row being locked; NULL for who answered means a link. Granted to
-- nobody: the two doors below call it. Returns whether the state allowed it.
CREATE FUNCTION droit.ecrire_reponse(p_id uuid, p_par bigint, p_vers text, p_le timestamptz, p_rendez_vous timestamptz,
  p_avec bytea, p_revoir_le date, p_motif text, p_reponse bytea, p_jour date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_etat text;
BEGIN
  SELECT etat INTO v_etat FROM public.accompagnements_orientation WHERE id = p_id;
  IF (v_etat, p_vers) IN (('envoyee', 'acceptee'), ('liste_attente', 'acceptee'), ('envoyee', 'liste_attente'),
      ('envoyee', 'refusee'), ('liste_attente', 'refusee')) THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, repondue_le = p_le,
      repondue_par_id = p_par, rendez_vous = p_rendez_vous,
      rendez_vous_avec = coalesce(p_avec, rendez_vous_avec), revoir_le = p_revoir_le,
      motif_refus = CASE WHEN p_vers = 'refusee' THEN coalesce(p_motif, '') ELSE '' END,
      reponse = coalesce(p_reponse, reponse), version = version + 1
      WHERE id = p_id;
  ELSIF (v_etat, p_vers) IN (('acceptee', 'prise_en_charge'), ('liste_attente', 'prise_en_charge')) THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, prise_en_charge_le = p_jour, version = version + 1
      WHERE id = p_id;
  ELSIF (v_etat, p_vers) = ('prise_en_charge', 'terminee') THEN
    UPDATE public.accompagnements_orientation SET etat = p_vers, terminee_le = p_jour, version = version + 1
      WHERE id = p_id;
  ELSE
    RETURN false;
  END IF;
  RETURN true;
END $$;

-- repondre_orientation: the partner who has an account answers, says when the person came, and when it ended.
CREATE OR REPLACE FUNCTION droit.repondre_orientation(p_id uuid, p_vers text, p_le timestamptz,
  p_rendez_vous timestamptz, p_avec bytea, p_revoir_le date, p_motif text, p_reponse bytea, p_jour date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
BEGIN
  IF p_id IS NULL OR p_id <> ALL (droit.orientations_recues()) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  PERFORM 1 FROM public.accompagnements_orientation WHERE id = p_id FOR UPDATE;
  IF p_id <> ALL (droit.orientations_recues()) THEN  -- withdrawn while this waited for the lock
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  RETURN droit.ecrire_reponse(p_id, droit.compte(), p_vers, p_le, p_rendez_vous, p_avec, p_revoir_le, p_motif,
    p_reponse, p_jour);
END $$;

-- The link and its code, by their hashes, open a session (the hash of its secret), once. A wrong code is counted, and
-- the fifth shuts the link. One answer for all that does not open.
CREATE FUNCTION droit.ouvrir_lien(p_jeton bytea, p_code bytea, p_acces bytea, p_le timestamptz, p_jusqu_au timestamptz,
  p_jour date, p_essais int)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE l public.accompagnements_lienorientation;
BEGIN
  SELECT * INTO l FROM public.accompagnements_lienorientation WHERE jeton = p_jeton FOR UPDATE;
  IF NOT FOUND OR l.revoque_le IS NOT NULL OR l.ouvert_le IS NOT NULL OR l.expire_le <= p_le OR l.essais >= p_essais
    OR octet_length(p_acces) <> 32 OR NOT EXISTS (
      SELECT 1 FROM public.accompagnements_orientation o
      JOIN public.accompagnements_accord c ON c.id = o.accord_id AND c.retire_le IS NULL
        AND (c.jusqu_au IS NULL OR c.jusqu_au >= p_jour)
      WHERE o.id = l.orientation_id AND o.envoyee_le IS NOT NULL AND o.retiree_le IS NULL)
  THEN RETURN false; END IF;
  IF l.code IS DISTINCT FROM p_code THEN
    UPDATE public.accompagnements_lienorientation SET essais = essais + 1 WHERE id = l.id;
    RETURN false;
  END IF;
  UPDATE public.accompagnements_lienorientation SET ouvert_le = p_le, acces = p_acces, acces_jusqu_au = p_jusqu_au
    WHERE id = l.id;
  RETURN true;
END $$;

-- The one orientation of a session, and nothing of the équipe's own columns.
CREATE FUNCTION droit.orientation_par_lien(p_acces bytea, p_le timestamptz, p_jour date)
RETURNS TABLE (id uuid, equipe_id bigint, accompagnement_id uuid, structure_id uuid, equipe_nom text, chez_nom text,
  etat text, reference text, demande bytea, contacts text[], personne bytea, telephone bytea, adresse bytea,
  orientee_par bytea, accord_le date, accord_portees text[], envoyee_le timestamptz, repondre_avant date,
  repondue_le timestamptz, rendez_vous timestamptz, rendez_vous_avec bytea, revoir_le date, motif_refus text,
  reponse bytea, prise_en_charge_le date, terminee_le date, version int)
LANGUAGE sql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
  SELECT o.id, o.equipe_id, NULL::uuid, o.structure_id, e.nom::text, s.nom::text, o.etat::text, o.reference::text,
    o.demande, o.contacts::text[], o.personne, o.telephone, o.adresse, o.orientee_par, o.accord_le,
    o.accord_portees::text[], o.envoyee_le, o.repondre_avant, o.repondue_le, o.rendez_vous, o.rendez_vous_avec,
    o.revoir_le, o.motif_refus::text, o.reponse, o.prise_en_charge_le, o.terminee_le, o.version
  FROM public.accompagnements_lienorientation l
  JOIN public.accompagnements_orientation o ON o.id = l.orientation_id
  JOIN public.accompagnements_accord c ON c.id = o.accord_id AND c.retire_le IS NULL
    AND (c.jusqu_au IS NULL OR c.jusqu_au >= p_jour)
  JOIN public.partenaires_structure s ON s.id = o.structure_id
  JOIN public.partenaires_organisation e ON e.id = o.equipe_id
  WHERE l.acces = p_acces AND l.revoque_le IS NULL AND l.acces_jusqu_au > p_le
    AND o.envoyee_le IS NOT NULL AND o.retiree_le IS NULL $$;

-- repondre_par_lien: the same answer as `repondre_orientation`, by a session. NULL when it reads nothing (any more).
CREATE FUNCTION droit.repondre_par_lien(p_acces bytea, p_vers text, p_le timestamptz, p_rendez_vous timestamptz,
  p_avec bytea, p_revoir_le date, p_motif text, p_reponse bytea, p_jour date, p_aujourdhui date)
RETURNS boolean LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE v_id uuid;
BEGIN
  SELECT o.id INTO v_id FROM droit.orientation_par_lien(p_acces, p_le, p_aujourdhui) o;
  IF v_id IS NULL THEN RETURN NULL; END IF;
  PERFORM 1 FROM public.accompagnements_orientation WHERE id = v_id FOR UPDATE;
  PERFORM 1 FROM droit.orientation_par_lien(p_acces, p_le, p_aujourdhui);
  IF NOT FOUND THEN RETURN NULL; END IF;  -- withdrawn while this waited for the lock
  RETURN droit.ecrire_reponse(v_id, NULL, p_vers, p_le, p_rendez_vous, p_avec, p_revoir_le, p_motif, p_reponse, p_jour);
END $$;

REVOKE ALL ON FUNCTION
  droit.ecrire_reponse(uuid, bigint, text, timestamptz, timestamptz, bytea, date, text, bytea, date),
  droit.ouvrir_lien(bytea, bytea, bytea, timestamptz, timestamptz, date, int),
  droit.orientation_par_lien(bytea, timestamptz, date),
  droit.repondre_par_lien(bytea, text, timestamptz, timestamptz, bytea, date, text, bytea, date, date) FROM PUBLIC;
GRANT EXECUTE ON FUNCTION droit.ouvrir_lien(bytea, bytea, bytea, timestamptz, timestamptz, date, int),
  droit.orientation_par_lien(bytea, timestamptz, date),
  droit.repondre_par_lien(bytea, text, timestamptz, timestamptz, bytea, date, text, bytea, date, date) TO palier_web;
RESET ROLE;
