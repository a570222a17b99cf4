"""Who finds which rows in raw SQL: the équipe by level, the partner one frozen row, bailleur and CLSM nothing."""

from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.contrib.auth.models import Permission
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, ProgrammingError, connection, transaction
from guardian.utils import get_user_obj_perms_model

from accompagnements import parcours
from accompagnements.models import (
    Accompagnement,
    Document,
    EntreeClinique,
    NoteClinique,
    NoteEquipe,
    PermissionNommee,
    Visite,
)
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests.conftest import en_tant_que
from tests.fabriques import Monde, compte, monde, organisation

TABLES = (
    "accompagnement", "intervenant", "situationlogement", "visite", "diagnostic", "objectif", "contrat", "document",
    "noteequipe", "entreeclinique", "noteclinique", "accord", "orientation", "permissionnommee", "revueobjectif",
    "lecturemotivee", "etapechoisie",
)  # fmt: skip


def comptes_des_tables(par: Compte | None) -> dict[str, int]:
    """Rows that this person finds in each table, in raw SQL."""

    def lire() -> dict[str, int]:
        trouves = {}
        with connection.cursor() as curseur:
            for table in TABLES:
                curseur.execute(f"SELECT count(*) FROM accompagnements_{table}")
                ligne: Any = curseur.fetchone()
                trouves[table] = ligne[0]
        return {t: n for t, n in trouves.items() if n}

    if par is None:
        return lire()
    with agir_comme(par):
        return lire()


@pytest.fixture
def plein(db: None, midi: datetime) -> Monde:
    """One file with a row in every table: six months later, a note of each level, an orientation sent."""
    m = monde("Nord")
    a = histoires.en_cours(m, telephone="06 00 00 00 00")
    histoires.orientation_envoyee(m, a)
    histoires.objectifs_revus(m, a)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="sentinelle clinique")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="sentinelle équipe")
    horloge.regler(horloge.a_paris(a.logement_du_le))
    with agir_comme(m["social"]):
        parcours.noter_logement(a.pk, par=m["social"], situation="maintenu", le=horloge.aujourdhui())
    nommer(m, m["correspondant"], a, du=date(2030, 1, 1))
    return m


def nommer(m: Monde, a_qui: Compte, a: Accompagnement, *, du: date, au: date | None = None) -> PermissionNommee:
    with agir_comme(m["coordination"]):
        permission = PermissionNommee(
            user=a_qui, content_object=Accompagnement.objects.get(pk=a.pk), equipe=m.equipe, du=du, au=au,
            permission=Permission.objects.get(codename="lire_accompagnement"), accordee_par=m["coordination"],
        )  # fmt: skip
        permission.save()
        return permission


TOUT = {
    "accompagnement": 1, "intervenant": 2, "situationlogement": 1, "visite": 1, "diagnostic": 1, "objectif": 1,
    "contrat": 1, "document": 2, "noteequipe": 1, "entreeclinique": 1, "noteclinique": 1, "accord": 1,
    "orientation": 1, "permissionnommee": 1, "revueobjectif": 1,
}  # fmt: skip


def sauf(*tables: str) -> dict[str, int]:
    return {t: n for t, n in TOUT.items() if t not in tables}


def test_chaque_role_trouve_ses_lignes_et_rien_d_autre(plein: Monde) -> None:
    sud = monde("Sud")
    attendus: dict[str, dict[str, int]] = {
        "coordination": sauf("noteclinique"),
        "soignant": sauf("permissionnommee"),
        "social": sauf("noteclinique", "entreeclinique", "permissionnommee"),
        "correspondant": {"orientation": 1, "document": 1, "permissionnommee": 1},
        "gardien": {},
        "referent": {},
        "responsable": {},
        "coordination_clsm": {},
        "exploitation": {},
        "dpo": {},
        "logiciel": {},
    }
    assert set(attendus) == set(plein.comptes)
    for role, attendu in attendus.items():
        assert comptes_des_tables(plein[role]) == attendu, role
        assert comptes_des_tables(sud[role]) == {}, role
    assert comptes_des_tables(None) == {}


def test_un_rattachement_termine_ferme_le_dossier(plein: Monde) -> None:
    from partenaires.models import Rattachement

    with en_tant_que("palier_fabrique"):
        Rattachement.objects.filter(compte__in=[plein["soignant"], plein["correspondant"]]).update(
            au=horloge.aujourdhui()
        )
    assert comptes_des_tables(plein["soignant"]) == {}
    assert comptes_des_tables(plein["correspondant"]) == {"permissionnommee": 1}  # his own line, not yet open


def test_personne_hors_de_l_equipe_n_ecrit_en_sql(plein: Monde) -> None:
    sud = monde("Sud")
    requetes = [
        "UPDATE accompagnements_{} SET equipe_id = equipe_id RETURNING equipe_id",
        "DELETE FROM accompagnements_{} RETURNING equipe_id",
    ]
    for acteur in (plein["referent"], plein["correspondant"], plein["coordination_clsm"], sud["soignant"]):
        for table in TABLES:
            for requete in requetes:
                # Either the command is granted to nobody, or row-level security finds no row for it.
                with suppress(ProgrammingError), agir_comme(acteur), connection.cursor() as curseur:
                    curseur.execute(requete.format(table))
                    assert curseur.fetchall() == [], (acteur.roles, table)
    assert comptes_des_tables(plein["coordination"]) == sauf("noteclinique")


def test_une_note_clinique_ne_se_lit_ni_ne_s_ecrit_hors_des_soignants(plein: Monde) -> None:
    with agir_comme(plein["soignant"]):
        a = Accompagnement.objects.get()
        (entree,) = EntreeClinique.objects.all().de_l_accompagnement(a)
        assert entree.contenu.texte == "sentinelle clinique"
    with agir_comme(plein["coordination"]):
        (entree,) = EntreeClinique.objects.all().de_l_accompagnement(a)
        assert (entree.auteur, entree.contenu_lisible) == (plein["soignant"], None)
    for role in ("coordination", "social"):
        with agir_comme(plein[role]):
            with pytest.raises(PermissionDenied), transaction.atomic():
                parcours.ecrire_note(a.pk, par=plein[role], niveau="clinique", texte="Non.")
            with pytest.raises(DatabaseError), transaction.atomic():
                EntreeClinique(accompagnement=a, equipe=plein.equipe, auteur=plein[role]).save(force_insert=True)
            assert NoteClinique.objects.update(equipe=plein.equipe) == 0
    with agir_comme(plein["soignant"]):
        assert EntreeClinique.objects.count() == NoteClinique.objects.count() == 1


def test_une_note_ne_se_corrige_que_par_son_auteur(plein: Monde) -> None:
    with agir_comme(plein["social"]):
        note = NoteEquipe.objects.get()
        with pytest.raises(PermissionDenied):
            parcours.modifier_note(note.pk, par=plein["social"], version=1, texte="Réécrite.")
        assert NoteEquipe.objects.update(version=9) == 0
    with agir_comme(plein["soignant"]):
        parcours.modifier_note(note.pk, par=plein["soignant"], version=1, texte="Réécrite.")
        entree = EntreeClinique.objects.get()
        parcours.modifier_note_clinique(entree.pk, par=plein["soignant"], version=1, texte="Précisée.")
        assert (NoteEquipe.objects.get().texte, NoteClinique.objects.get().texte) == ("Réécrite.", "Précisée.")
        assert EntreeClinique.objects.get().version == 2


def test_une_visite_rendue_ne_se_reecrit_pas_en_sql(plein: Monde) -> None:
    with agir_comme(plein["coordination"]):
        visite = Visite.objects.get()
        assert Visite.objects.filter(pk=visite.pk).update(duree=10) == 0


def test_rien_ne_change_d_equipe(plein: Monde) -> None:
    sud = monde("Sud")
    with agir_comme(plein["coordination"]), pytest.raises(DatabaseError), transaction.atomic():
        Accompagnement.objects.update(equipe=sud.equipe)
    assert comptes_des_tables(sud["coordination"]) == {}


# Named exceptions ------------------------------------------------------------------------------------------


def test_une_exception_nommee_ouvre_un_dossier_entre_ses_dates_puis_se_ferme(db: None, midi: datetime) -> None:
    m = monde("Nord")
    with en_tant_que("palier_fabrique"):
        ailleurs = compte("soignant", organisation(GenreOrganisation.EQUIPE, "Équipe Ouest"))
        psychologue = compte("correspondant", organisation(GenreOrganisation.PARTENAIRE, "CMP Ouest"))
    a = histoires.en_cours(m)
    autre = histoires.en_cours(m, nom="Esquisse")
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="Non.")
    depart = horloge.maintenant()
    jour = horloge.aujourdhui()
    for invite in (psychologue, ailleurs):
        nommer(m, invite, a, du=jour + timedelta(days=1), au=jour + timedelta(days=3))
        assert comptes_des_tables(invite) == {"permissionnommee": 1}
        ouvert = {
            "accompagnement": 1, "intervenant": 2, "visite": 1, "diagnostic": 1, "objectif": 1, "contrat": 1,
            "document": 1, "permissionnommee": 1,
        }  # fmt: skip
        for apres in (1, 2):
            horloge.regler(depart + timedelta(days=apres))
            assert comptes_des_tables(invite) == ouvert, apres
        with agir_comme(invite):
            assert list(Accompagnement.objects.visibles_par(invite)) == [a]
            assert Accompagnement.objects.filter(pk=a.pk).update(version=9) == 0
            assert not Accompagnement.objects.filter(pk=autre.pk).exists()
        horloge.regler(depart + timedelta(days=3))
        assert comptes_des_tables(invite) == {"permissionnommee": 1}
        with agir_comme(invite):
            assert not Accompagnement.objects.visibles_par(invite).exists()
        horloge.regler(depart)
        nommer_fin(m, invite)


def nommer_fin(m: Monde, a_qui: Compte) -> None:
    with en_tant_que("palier_fabrique"):
        PermissionNommee.objects.filter(user=a_qui).delete()


def test_une_exception_ne_survit_pas_a_une_opposition(db: None, midi: datetime) -> None:
    from signalements import parcours as signalements

    m = monde()
    with en_tant_que("palier_fabrique"):
        invite = compte("correspondant", organisation(GenreOrganisation.PARTENAIRE, "CMP Ouest"))
    a = histoires.evalue(m)
    nommer(m, invite, a, du=horloge.aujourdhui())
    assert comptes_des_tables(invite)["accompagnement"] == 1
    with agir_comme(m["referent"]):
        signalements.opposer(a.fiche_id, par=m["referent"])
    assert comptes_des_tables(invite) == {"permissionnommee": 1}


def test_seule_la_coordination_nomme(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.ouvert(m)
    with agir_comme(m["soignant"]), pytest.raises(DatabaseError), transaction.atomic():
        PermissionNommee(
            user=m["referent"], content_object=a, equipe=m.equipe, accordee_par=m["soignant"],
            permission=Permission.objects.get(codename="lire_accompagnement"),
        ).save()  # fmt: skip
    assert comptes_des_tables(m["referent"]) == {}


@pytest.mark.django_db
def test_guardian_connait_le_modele_a_cle_directe() -> None:
    assert get_user_obj_perms_model(Accompagnement()) is PermissionNommee


def test_le_contenu_ne_se_lit_pas_dans_la_base(plein: Monde) -> None:
    with en_tant_que("palier_systeme"), connection.cursor() as curseur:
        curseur.execute(
            "SELECT octet_length(texte), position('sentinelle'::bytea in texte) FROM accompagnements_noteequipe"
        )
        assert [ligne[1] for ligne in curseur.fetchall()] == [0]
        for document in Document.objects.all():
            assert document.donnees["reference" if document.genre != "contrat" else "sha256"]
