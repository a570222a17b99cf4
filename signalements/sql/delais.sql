-- The working days of France, and the end of the week of opposition, as socle.calendrier counts them: the door refuses
-- a week that the settings of the équipe would not give. A test holds the two together.
SET LOCAL check_function_bodies = off;
SET LOCAL ROLE palier_droit;

-- Easter Sunday of a Gregorian year (Meeus, Jones and Butcher).
CREATE FUNCTION droit.paques(p_annee int) RETURNS date LANGUAGE plpgsql IMMUTABLE STRICT PARALLEL SAFE
SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  c int := p_annee / 100;
  n int := p_annee % 19;
  e int := (19 * n + c - c / 4 - (8 * c + 13) / 25 + 15) % 30;
  s int := (32 + 2 * (c % 4) + 2 * ((p_annee % 100) / 4) - e - (p_annee % 100) % 4) % 7;
  k int := e + s - 7 * ((n + 11 * e + 22 * s) / 451) + 114;
BEGIN RETURN make_date(p_annee, k / 31, k % 31 + 1); END $$;

-- Article L3133-1 of the Code du travail; Good Friday and 26 December too in Alsace-Moselle (L3134-13).
CREATE FUNCTION droit.est_ouvre(p_jour date, p_alsace boolean) RETURNS boolean LANGUAGE plpgsql IMMUTABLE STRICT
PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE p date := droit.paques(extract(year FROM p_jour)::int);
BEGIN
  IF extract(isodow FROM p_jour) > 5 OR p_jour - p IN (1, 39, 50)
     OR to_char(p_jour, 'MMDD') IN ('0101', '0501', '0508', '0714', '0815', '1101', '1111', '1225') THEN
    RETURN false;
  END IF;
  RETURN NOT (p_alsace AND (p_jour - p = -2 OR to_char(p_jour, 'MMDD') = '1226'));
END $$;

-- The n-th working day after a day, never the day itself.
CREATE FUNCTION droit.jour_ouvre_apres(p_jour date, p_n int, p_alsace boolean) RETURNS date LANGUAGE plpgsql IMMUTABLE
STRICT PARALLEL SAFE SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  j date := p_jour;
  n int := p_n;
BEGIN
  WHILE n > 0 LOOP
    j := j + 1;
    IF droit.est_ouvre(j, p_alsace) THEN n := n - 1; END IF;
  END LOOP;
  RETURN j;
END $$;

-- The end of the week: 24:00 in Paris, the days of the équipe after the information and never before 2 working days
-- after its recording. The settings are those of the day of the recording.
CREATE FUNCTION droit.fin_du_delai(p_equipe bigint, p_informee date, p_enregistree date) RETURNS timestamptz
LANGUAGE plpgsql STABLE PARALLEL RESTRICTED SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE
  jours int;
  alsace boolean;
BEGIN
  SELECT d.opposition_jours, d.alsace_moselle INTO jours, alsace FROM public.partenaires_delaisequipe d
    WHERE d.equipe_id = p_equipe AND d.retires_le IS NULL AND d.a_partir_du <= p_enregistree
    ORDER BY d.a_partir_du DESC, d.decides_le DESC, d.id DESC LIMIT 1;
  RETURN (greatest(p_informee + coalesce(jours, 7), droit.jour_ouvre_apres(p_enregistree, 2, coalesce(alsace, false))) + 1
    )::timestamp AT TIME ZONE 'Europe/Paris';
END $$;

-- As before; and the week is at least the one that the équipe has chosen, in working days too.
CREATE OR REPLACE FUNCTION droit.informer(p_fiche uuid, p_jour date, p_fin timestamptz) RETURNS void
LANGUAGE plpgsql SECURITY DEFINER SET search_path = pg_catalog, pg_temp AS $$
DECLARE f public.signalements_fiche;
BEGIN
  SELECT * INTO f FROM public.signalements_fiche WHERE id = p_fiche FOR UPDATE;
  IF NOT FOUND OR f.terminee_le IS NOT NULL OR NOT (droit.parle_pour(f.orienteur_id, f.equipe_id)
      OR f.orienteur_id = ANY (droit.organisations('renseigner'))) THEN
    RAISE EXCEPTION 'porte: refused' USING ERRCODE = 'insufficient_privilege';
  END IF;
  IF p_jour > droit.jour() OR p_fin < droit.fin_du_delai(f.equipe_id, p_jour, droit.jour()) THEN
    RAISE EXCEPTION 'porte: the delay is too short' USING ERRCODE = 'check_violation';
  END IF;
  UPDATE public.signalements_instruction SET etat = 'delai_opposition', delai_jusqua = p_fin, version = version + 1
    WHERE fiche_id = p_fiche AND etat = 'recevable';
  IF NOT FOUND THEN
    UPDATE public.signalements_instruction SET delai_jusqua = greatest(delai_jusqua, p_fin), version = version + 1
      WHERE fiche_id = p_fiche AND etat = 'delai_opposition';
  END IF;
END $$;

REVOKE ALL ON FUNCTION droit.paques(int), droit.est_ouvre(date, boolean), droit.jour_ouvre_apres(date, int, boolean),
  droit.fin_du_delai(bigint, date, date) FROM PUBLIC;

GRANT EXECUTE ON FUNCTION droit.paques(int), droit.est_ouvre(date, boolean),
  droit.jour_ouvre_apres(date, int, boolean), droit.fin_du_delai(bigint, date, date) TO palier_web;
RESET ROLE;
