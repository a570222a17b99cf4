"""Who finds which rows in raw SQL: the équipe by level, the partner one frozen row, bailleur and CLSM nothing."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import date, datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
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
from accompagnements.parcours.suites_concertation import enregistrer_dossier
from partenaires.enums import GenreOrganisation
from partenaires.models import Compte, ReglagesEquipe
from partenaires.perimetre import agir_comme
from socle import horloge
from tests import recits_accompagnements as histoires
from tests import recits_concertations
from tests.accompagnements.test_liens import structure
from tests.conftest import MIDI, en_tant_que
from tests.fabriques import Monde, compte, monde, organisation
from tests.partage import jete

TABLES = (
    "abonnementagenda", "accompagnement", "accord", "actionconvenue", "commission", "concertation", "contrat",
    "decision", "demandeacces", "diagnostic", "document", "dossierconcertation", "entreeclinique", "etapechoisie",
    "intervenant", "invitationconcertation", "lecturemotivee", "lienorientation", "noteclinique", "noteequipe",
    "objectif", "orientation", "permissionnommee", "pointconcertation", "propositiondevisite", "reouverture",
    "revueobjectif", "situationevoquee", "situationlogement", "visite",
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


@pytest.fixture(scope="module")
def raconte(django_db_setup: None, django_db_blocker: Any) -> Iterator[tuple[Monde, datetime]]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        yield _raconter(), horloge.maintenant()


@pytest.fixture
def db(raconte: tuple[Monde, datetime], django_db_blocker: Any) -> Iterator[None]:
    with jete(django_db_blocker):
        horloge.regler(MIDI)
        yield


@pytest.fixture
def plein(db: None, raconte: tuple[Monde, datetime]) -> Monde:
    """The story, at its end."""
    m, fin = raconte
    horloge.regler(fin)
    return m


def _raconter() -> Monde:
    """A row in every table. One file under contract, six months later: a note of each level, orientations, a meeting
    held; one ended and opened again; one whose first visit is offered to the bailleur.
    """
    m = monde("Nord")
    rouverte = histoires.sans_suite(m)
    with agir_comme(m["coordination"]):
        parcours.rouvrir(rouverte.pk, par=m["coordination"], raison="Elle rappelle.")
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
    s = structure(m)
    histoires.accord(m, a, organisation=s)
    sans_compte = histoires.orientation_proposee(m, a, destinataire=s)
    with agir_comme(m["soignant"]):
        parcours.envoyer_orientation(sans_compte.pk, par=m["soignant"])
        parcours.remettre_lien(sans_compte.pk, par=m["soignant"])
        parcours.ouvrir_abonnement(par=m["soignant"])
        parcours.noter_etape(a.pk, par=m["soignant"], version=0, texte="Rappeler", le=horloge.aujourdhui())
        parcours.demander_dossier(
            a.pk, par=m["soignant"], recue_le=horloge.aujourdhui(), demandeur="personne", identite="connue",
            remise="main",
        )  # fmt: skip
    histoires.proposition(m, histoires.ouvert(m, nom="Offerte"))
    with agir_comme(m["coordination"]):
        parcours.creer_commission(par=m["coordination"], nom="Commission", habituelles=[m.partenaire.pk])
        parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["soignant"], m["social"]])
    _lire_pour_une_raison(m, rouverte)
    _concerter(m, a)
    return m


def _concerter(m: Monde, a: Accompagnement) -> None:
    """A meeting with the partner and the bailleur, held, with a pack each, a decision, an action agreed."""
    recits_concertations.accords(m, a)
    c, par = recits_concertations.convoquee(m, a), m["social"]
    prepares = recits_concertations.dossiers(m, c)
    horloge.regler(c.debut)
    lot: dict[str, Any] = {"par": par, "texte": "Passer.", "avant_le": horloge.aujourdhui()}
    with agir_comme(par):
        assert all(enregistrer_dossier(d.pk, b"%PDF-1.7 " + d.pk.bytes) for d in prepares)
        parcours.tenir(c.pk, par=par, presentes=[], comptes=[])
        point = recits_concertations.point_de(m, c).pk
        parcours.decider_en_concertation(point, **lot)
        parcours.convenir(point, qui="bailleur", **lot)


def _lire_pour_une_raison(m: Monde, a: Accompagnement) -> None:
    """A colleague reads a file that she does not carry, in an équipe that keeps it, which opens again since."""
    reglage = ReglagesEquipe.objects.filter(equipe=m.equipe)
    with agir_comme(m["coordination"]):
        parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["soignant"]])
        ReglagesEquipe.objects.update_or_create(equipe=m.equipe, defaults={"intervenants_seulement": True})
    with agir_comme(m["social"]):
        parcours.ouvrir_lecture(a.pk, par=m["social"], motif="reunion", precision="Réunion.")
    with agir_comme(m["coordination"]):
        reglage.update(intervenants_seulement=False)


def nommer(m: Monde, a_qui: Compte, a: Accompagnement, *, du: date, au: date | None = None) -> PermissionNommee:
    with agir_comme(m["coordination"]):
        permission = PermissionNommee(
            user=a_qui, content_object=Accompagnement.objects.get(pk=a.pk), equipe=m.equipe, du=du, au=au,
            permission=Permission.objects.get(codename="lire_accompagnement"), accordee_par=m["coordination"],
        )  # fmt: skip
        permission.save()
        return permission


TOUT = {
    "abonnementagenda": 1, "accompagnement": 3, "accord": 4, "actionconvenue": 1, "commission": 1, "concertation": 1,
    "contrat": 1, "decision": 1, "demandeacces": 1, "diagnostic": 2, "document": 3, "dossierconcertation": 2,
    "entreeclinique": 1, "etapechoisie": 1, "intervenant": 6, "invitationconcertation": 2, "lecturemotivee": 1,
    "lienorientation": 1, "noteclinique": 1, "noteequipe": 1, "objectif": 2, "orientation": 2, "permissionnommee": 1,
    "pointconcertation": 1, "propositiondevisite": 1, "reouverture": 1, "revueobjectif": 1, "situationevoquee": 1,
    "situationlogement": 1, "visite": 2,
}  # fmt: skip
# What a référent reads in these tables: his own invitation and what the accord opens, and the dates offered to him.
BAILLEUR = {
    "actionconvenue": 1, "concertation": 1, "invitationconcertation": 1, "pointconcertation": 1,
    "dossierconcertation": 1, "propositiondevisite": 1,
}  # fmt: skip
COORDINATION = ("abonnementagenda", "noteclinique")  # another's calendar, and what soignants alone read


def sauf(*tables: str) -> dict[str, int]:
    return {t: n for t, n in TOUT.items() if t not in tables}


def test_aucune_table_n_est_oubliee() -> None:
    """A new table of this application fails here until the raw SQL of every role is written for it."""
    tables = {modele._meta.model_name for modele in apps.get_app_config("accompagnements").get_models()}
    assert tables == set(TABLES) == set(TOUT)


def test_chaque_role_trouve_ses_lignes_et_rien_d_autre(plein: Monde) -> None:
    sud = monde("Sud")
    attendus: dict[str, dict[str, int]] = {
        "coordination": sauf(*COORDINATION),
        "soignant": sauf("permissionnommee", "lecturemotivee"),
        "social": sauf("abonnementagenda", "noteclinique", "entreeclinique", "permissionnommee"),  # her own reading
        "correspondant": {
            "orientation": 1,
            "document": 1,
            "permissionnommee": 1,
            "concertation": 1,
            "invitationconcertation": 1,
            "pointconcertation": 1,
            "dossierconcertation": 1,
        },
        "gardien": {},
        "referent": BAILLEUR,
        "responsable": BAILLEUR,
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
    assert comptes_des_tables(plein["coordination"]) == sauf(*COORDINATION)


def test_une_note_clinique_ne_se_lit_ni_ne_s_ecrit_hors_des_soignants(plein: Monde) -> None:
    with agir_comme(plein["soignant"]):
        a = Accompagnement.objects.get(etat="en_cours")
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
        visite = Visite.objects.filter(etat="faite").earliest("debut")
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


def test_guardian_connait_le_modele_a_cle_directe(db: None) -> None:
    assert get_user_obj_perms_model(Accompagnement()) is PermissionNommee


def test_le_contenu_ne_se_lit_pas_dans_la_base(plein: Monde) -> None:
    with en_tant_que("palier_systeme"), connection.cursor() as curseur:
        curseur.execute(
            "SELECT octet_length(texte), position('sentinelle'::bytea in texte) FROM accompagnements_noteequipe"
        )
        assert [ligne[1] for ligne in curseur.fetchall()] == [0]
        for document in Document.objects.all():
            assert document.donnees["reference" if document.genre != "contrat" else "sha256"]
