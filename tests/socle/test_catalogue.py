"""The catalogue of the database: every table declared, guarded, granted as written, and nothing more."""

import re
from collections.abc import Iterable

import pytest
from django.db import connection

from socle.droits_sql import declarations

# Definer functions that palier_web or palier_systeme may call. A new one must be argued for here.
FONCTIONS_OUVERTES = set(
    re.findall(
        r"\w+",
        """
    a_permission accepter_invitation accompagnements_nommes agenda accompagnements_suivis cle_api completer compte
    conventionnees delegation
    equipes_du_clsm equipes_ouvertes est_ouvre faits_reserves
    fermer_logiciel fiches_confiees instant locataires_confies
    fiches_a_recoter fin_du_delai geree informer installer instruire
    invitation jour jour_ouvre_apres noter_usage opposer opposition_connue organisation organisations
    orientation_par_lien orientations_recues ouvrir_lien ouvrir_logiciel paques portefeuille publier_grille rectifier
    rendre_releve repondre_orientation repondre_par_lien repondre_proposition reprendre residences retards_du_suivi
    territoires_conventionnes
    mois_de_revue
    actions_lues annuler_inscription concertations_recues inscrire ordre_du_jour points_recus remplir_seance
    repondre_invitation seances_recues
    """,
    )
)
TABLES_TECHNIQUES = {"django_migrations"}


def _lignes(requete: str, *parametres: str) -> list[tuple[object, ...]]:
    with connection.cursor() as curseur:
        curseur.execute(requete, parametres)
        return list(curseur.fetchall())


def _commandes(texte: str) -> set[str]:
    """« SELECT, UPDATE (role, au) » as a set: `SELECT`, and `UPDATE(au)`, `UPDATE(role)` for columns."""
    commandes = set()
    for commande, colonnes in re.findall(r"(\w+)\s*(?:\(([^)]*)\))?", texte):
        noms = [c.strip() for c in colonnes.split(",") if c.strip()]
        commandes.update({f"{commande}({n})" for n in noms} or {commande})
    return commandes


def test_chaque_table_de_la_base_est_declaree(db: None) -> None:
    declarees = {modele._meta.db_table for modele, _ in declarations()}
    presentes = {
        str(t)
        for (t,) in _lignes(
            "SELECT c.relname FROM pg_class c WHERE c.relnamespace = 'public'::regnamespace "
            "AND c.relkind IN ('r', 'p') AND NOT c.relispartition"
        )
    }
    assert presentes == declarees | TABLES_TECHNIQUES


def test_les_droits_accordes_sont_ceux_qui_sont_declares(db: None) -> None:
    """Read from pg_class itself: information_schema shows a role its own grants only."""
    accordes: dict[tuple[str, str], set[str]] = {}
    for table, role, commande in _lignes(
        "SELECT c.relname, a.grantee::regrole::text, a.privilege_type FROM pg_class c, aclexplode(c.relacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND c.relkind IN ('r', 'p') "
        "AND a.grantee::regrole::text NOT IN ('palier_owner', 'palier_fabrique')"
    ):
        accordes.setdefault((str(table), str(role)), set()).add(str(commande))
    for table, role, commande, colonne in _lignes(
        "SELECT c.relname, a.grantee::regrole::text, a.privilege_type, t.attname FROM pg_attribute t "
        "JOIN pg_class c ON c.oid = t.attrelid, aclexplode(t.attacl) a "
        "WHERE c.relnamespace = 'public'::regnamespace AND a.grantee::regrole::text NOT IN "
        "('palier_owner', 'palier_fabrique')"
    ):
        accordes.setdefault((str(table), str(role)), set()).add(f"{commande}({colonne})")
    voulus: dict[tuple[str, str], set[str]] = {
        ("django_migrations", "palier_web"): {"SELECT"},
        ("django_migrations", "palier_systeme"): {"SELECT"},
    }
    for modele, declaration in declarations():
        for role, texte in (
            ("palier_web", declaration.web),
            ("palier_systeme", declaration.systeme),
            ("palier_droit", declaration.droit),
        ):
            if texte:
                voulus[(modele._meta.db_table, role)] = _commandes(texte)
    assert accordes == voulus


def test_aucun_role_de_l_application_ne_contourne_la_securite(db: None) -> None:
    roles = _lignes(
        "SELECT rolname, rolsuper, rolbypassrls, rolinherit, rolcreaterole FROM pg_roles "
        "WHERE rolname IN ('palier_web', 'palier_systeme', 'palier_owner', 'palier_droit') ORDER BY 1"
    )
    assert [r[:4] for r in roles if r[0] != "palier_droit"] == [
        ("palier_owner", False, False, False),
        ("palier_systeme", False, False, False),
        ("palier_web", False, False, False),
    ]
    assert [r[:3] for r in roles if r[0] == "palier_droit"] == [("palier_droit", False, False)]


def _locataires() -> Iterable[tuple[str, str, str, str]]:
    for modele, d in declarations():
        if d.portee == "locataire":
            yield modele._meta.db_table, d.web, d.systeme, d.droit


def test_les_tables_de_locataires_sont_gardees_et_forcees(db: None) -> None:
    gardees = {
        str(t)
        for (t,) in _lignes(
            "SELECT relname FROM pg_class WHERE relrowsecurity AND relforcerowsecurity "
            "AND relnamespace = 'public'::regnamespace"
        )
    }
    assert gardees == {table for table, *_ in _locataires()}


def test_chaque_commande_accordee_a_sa_politique(db: None) -> None:
    politiques: dict[tuple[str, str], set[str]] = {}
    for table, roles, commande in _lignes("SELECT tablename, roles, cmd FROM pg_policies WHERE schemaname = 'public'"):
        noms = re.findall(r"palier_\w+", str(roles))
        for role in noms:
            commandes = {"SELECT", "INSERT", "UPDATE", "DELETE"} if commande == "ALL" else {str(commande)}
            politiques.setdefault((str(table), role), set()).update(commandes)
    manquantes = []
    for table, web, systeme, droit in _locataires():
        for role, texte in (("palier_web", web), ("palier_systeme", systeme), ("palier_droit", droit)):
            manque = {c.split("(")[0] for c in _commandes(texte)} - politiques.get((table, role), set())
            if manque:
                manquantes.append((table, role, sorted(manque)))
    assert manquantes == []


def test_aucune_politique_du_web_n_ouvre_tout(db: None) -> None:
    ouvertes = _lignes(
        "SELECT tablename, policyname FROM pg_policies WHERE roles && ARRAY['palier_web', 'public']::name[] "
        "AND (qual = 'true' OR with_check = 'true' OR (qual IS NULL AND cmd <> 'INSERT'))"
    )
    assert ouvertes == []


def test_les_partitions_du_journal_ne_s_ouvrent_a_personne(db: None) -> None:
    ouvertes = _lignes(
        "SELECT c.relname FROM pg_inherits i JOIN pg_class c ON c.oid = i.inhrelid, aclexplode(c.relacl) a "
        "WHERE a.grantee::regrole::text NOT IN ('palier_owner', 'palier_fabrique')"
    )
    assert ouvertes == []


def test_les_fonctions_du_schema_droit_sont_connues_fermees_et_a_chemin_fixe(db: None) -> None:
    lignes = _lignes(
        "SELECT p.proname, p.prosecdef, pg_get_userbyid(p.proowner), p.proconfig, "
        "  has_function_privilege('palier_web', p.oid, 'EXECUTE') "
        "  OR has_function_privilege('palier_systeme', p.oid, 'EXECUTE'), p.prorettype = 'trigger'::regtype "
        "FROM pg_proc p WHERE p.pronamespace = 'droit'::regnamespace"
    )
    assert lignes
    ouvertes = set()
    for nom, definie, proprietaire, reglages, ouverte, declencheur in lignes:
        assert "search_path=pg_catalog, pg_temp" in str(reglages), nom
        if definie:
            assert proprietaire == "palier_droit", nom
        if ouverte and not declencheur:
            ouvertes.add(str(nom))
    assert ouvertes == FONCTIONS_OUVERTES


def test_la_cle_des_tickets_n_est_lisible_par_aucun_login(db: None) -> None:
    assert _lignes(
        "SELECT has_table_privilege(r, 'droit.cle', 'SELECT') FROM unnest(ARRAY['palier_web', 'palier_systeme']) r"
    ) == [(False,), (False,)]


@pytest.mark.parametrize("modele", [m for m, _ in declarations()], ids=lambda m: m._meta.label)
def test_chaque_modele_dit_sa_purge_son_export_et_son_journal(modele: type) -> None:
    declaration = dict(declarations())[modele]
    assert declaration.purge
    assert declaration.export
    assert declaration.journal


def test_les_evenements_du_journal_sont_uniques_et_sont_des_phrases() -> None:
    from importlib import import_module

    vus: dict[str, str] = {}
    for app in ("partenaires", "signalements", "accompagnements", "indicateurs"):
        module = import_module(f"{app}.enums")
        for action in module.Action:
            assert action.value.startswith(f"{app}."), action
            assert action.value not in vus, action
            assert str(action.label).endswith("."), action
            vus[action.value] = str(action.label)
    assert len(vus) > 30
