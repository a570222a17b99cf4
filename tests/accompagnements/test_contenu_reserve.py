"""An équipe may keep the content of its situations to those who carry them: a colleague sees the line and its next
step, in the pages and in raw SQL, and nothing else."""

from datetime import datetime, timedelta
from typing import Any

import pytest
from django.apps import apps
from django.core.exceptions import PermissionDenied
from django.db import DatabaseError, connection, models, transaction

from accompagnements import parcours
from accompagnements.echeances import echeances_de
from accompagnements.models import (
    Accompagnement,
    Concertation,
    DossierConcertation,
    Intervenant,
    NoteEquipe,
    PointConcertation,
)
from partenaires.models import Compte, ReglagesEquipe
from partenaires.perimetre import agir_comme
from socle import horloge
from socle.rls import Politique
from tests import recits, recits_concertations
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_etancheite import comptes_des_tables, nommer
from tests.accompagnements.test_taches import beaucoup
from tests.conftest import en_tant_que
from tests.fabriques import Monde, monde
from tests.pages import connecte, texte

# What is read with the line; every other child is content. A new one must be argued for here.
LIGNE = {"EtapeChoisie", "Intervenant", "LectureMotivee", "PermissionNommee"}


def reserver(m: Monde) -> None:
    with agir_comme(m["coordination"]):
        ReglagesEquipe.objects.update_or_create(equipe=m.equipe, defaults={"intervenants_seulement": True})


def enfants() -> list[type[models.Model]]:
    """Every model that belongs to one accompagnement."""
    trouves = []
    for modele in apps.get_models():
        clefs = [f for f in modele._meta.concrete_fields if f.is_relation]
        if any(f.remote_field.model is Accompagnement for f in clefs if f.remote_field):
            trouves.append(modele)
    return trouves


def test_chaque_table_de_contenu_suit_le_reglage() -> None:
    """A new child of the accompagnement fails here until its policies use `accompagnements.models.regles`."""
    connus = {m.__name__ for m in enfants()}
    assert connus > LIGNE
    for modele in enfants():
        if modele.__name__ in LIGNE:
            continue
        politiques = [c for c in modele._meta.constraints if isinstance(c, Politique) and c.role == "palier_web"]
        assert politiques, modele
        for p in politiques:
            for expression in filter(None, (p.lit, p.ecrit)):
                assert "droit.equipes_ouvertes()" in expression, (modele.__name__, p.name)
                assert "droit.accompagnements_" in expression, (modele.__name__, p.name)


@pytest.fixture
def plein(db: None, midi: datetime) -> Monde:
    """A file with content of every kind, carried by the soignant alone in an équipe that keeps it to her."""
    m = monde("Nord")
    a = histoires.en_cours(m, telephone="06 00 00 00 00")
    histoires.orientation_envoyee(m, a)
    with agir_comme(m["soignant"]):
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="clinique", texte="sentinelle clinique")
        parcours.ecrire_note(a.pk, par=m["soignant"], niveau="equipe", texte="sentinelle équipe")
    with agir_comme(m["coordination"]):
        parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["soignant"]])
    with agir_comme(m["social"]):
        assert NoteEquipe.objects.count() == 1  # open to all of the équipe until it says otherwise
    reserver(m)
    return m


def test_une_collegue_ne_trouve_que_la_ligne_en_sql(plein: Monde) -> None:
    lus = comptes_des_tables(plein["social"])
    assert lus == {"accompagnement": 1, "intervenant": 2}  # her own past place too
    for role in ("coordination", "soignant"):
        trouves = comptes_des_tables(plein[role])
        assert {"visite", "diagnostic", "objectif", "contrat", "document", "noteequipe", "accord", "orientation"} < set(
            trouves
        ), role


def test_une_collegue_n_ecrit_rien_et_ne_s_invite_pas(plein: Monde) -> None:
    social = plein["social"]
    with agir_comme(social):
        a = Accompagnement.objects.get()
        assert Accompagnement.objects.update(ne_pas_y_aller_seul=True) == 0
        assert Intervenant.objects.update(au=None) == 0
        for ligne in (
            Intervenant(accompagnement=a, equipe=plein.equipe, compte=social),
            NoteEquipe(accompagnement=a, equipe=plein.equipe, auteur=social, texte="Non."),
        ):
            with pytest.raises(DatabaseError), transaction.atomic():
                ligne.save(force_insert=True)
        actes: list[Any] = [
            lambda: parcours.ecrire_note(a.pk, par=social, niveau="equipe", texte="Non."),
            lambda: parcours.suspendre(a.pk, par=social, motif="absence"),
            lambda: parcours.changer_intervenants(a.pk, par=social, intervenants=[social]),
            lambda: parcours.planifier_visite(a.pk, par=social, debut=horloge.maintenant() + timedelta(days=1)),
        ]
        for acte in actes:
            with pytest.raises(PermissionDenied), transaction.atomic():
                acte()
    assert comptes_des_tables(social) == {"accompagnement": 1, "intervenant": 2}
    with agir_comme(plein["coordination"]):
        assert Accompagnement.objects.get().ne_pas_y_aller_seul is False


def test_qui_porte_la_situation_la_passe_elle_meme(plein: Monde) -> None:
    soignant, social = plein["soignant"], plein["social"]
    with agir_comme(soignant):
        a = Accompagnement.objects.get()
        assert parcours.remplacer_intervenant(a.pk, par=soignant, de=soignant, a=social)
    assert set(comptes_des_tables(soignant)) == {"accompagnement", "intervenant"}
    with agir_comme(social):
        assert NoteEquipe.objects.count() == 1
        parcours.changer_intervenants(a.pk, par=social, intervenants=[soignant])
    with agir_comme(soignant):
        assert NoteEquipe.objects.count() == 1
        principal = Intervenant.objects.get(au=None)
    assert (principal.compte, principal.principal) == (soignant, True)


def test_qui_ouvre_choisit_qui_porte(db: None, midi: datetime) -> None:
    m = monde()
    reserver(m)
    fiche = recits.a_visiter(m)
    with agir_comme(m["social"]):
        a = parcours.ouvrir(fiche.pk, par=m["social"], intervenants=[m["soignant"]])
        assert not Accompagnement.objects.lus_par(m["social"]).exists()
    with agir_comme(m["soignant"]):
        assert list(Accompagnement.objects.lus_par(m["soignant"])) == [a]


def test_une_exception_nommee_rend_le_contenu_a_une_collegue_sans_l_ecriture(plein: Monde) -> None:
    a = histoires.relu(plein, _seul(plein))
    nommer(plein, plein["social"], a, du=horloge.aujourdhui(), au=horloge.aujourdhui() + timedelta(days=2))
    with agir_comme(plein["social"]):
        assert [n.texte for n in NoteEquipe.objects.visibles_par(plein["social"])] == ["sentinelle équipe"]
        with pytest.raises(PermissionDenied):
            parcours.ecrire_note(a.pk, par=plein["social"], niveau="equipe", texte="Non.")
    horloge.avancer(days=2)
    assert comptes_des_tables(plein["social"]) == {"accompagnement": 1, "intervenant": 2, "permissionnommee": 1}


def test_les_filtres_de_l_application_disent_la_meme_chose_sans_les_politiques(plein: Monde) -> None:
    def lus(compte: Compte) -> set[str]:
        with en_tant_que("palier_fabrique"):
            return {
                modele.__name__
                for modele in enfants()
                if hasattr(modele._default_manager.all(), "visibles_par")
                and modele._default_manager.all().visibles_par(compte).exists()  # type: ignore[attr-defined]
            }

    roles = {}
    for role in ("coordination", "soignant", "social"):
        with agir_comme(plein[role]):
            roles[role] = lus(plein[role])
    assert roles["social"] <= LIGNE
    assert {"Visite", "Objectif", "NoteEquipe", "Accord", "Orientation", "Document"} <= roles["soignant"]
    assert {"Visite", "Objectif", "NoteEquipe", "Accord", "Orientation", "Document"} <= roles["coordination"]


def test_la_ligne_dit_la_meme_suite_que_la_coordination_sans_nommer_de_partenaire(db: None, midi: datetime) -> None:
    m = monde()
    beaucoup(m)
    with agir_comme(m["coordination"]):
        for a in Accompagnement.objects.all():
            if a.etat not in ("termine", "sans_suite"):
                parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m["coordination"]])
        entieres = _suites(m["coordination"])
    reserver(m)
    with agir_comme(m["social"]), connection.cursor() as curseur:
        reservees = _suites(m["social"])
        curseur.execute("SELECT droit.faits_reserves()::text")
        dit: Any = curseur.fetchone()
    nom = m.partenaire.nom
    assert nom not in dit[0]
    neutres = {
        pk: [(titre.replace(f"au {nom}", "au partenaire").replace(f"du {nom}", "du partenaire").replace(
            f", {nom}", ", partenaire"), le) for titre, le in suite]
        for pk, suite in entieres.items()
    }  # fmt: skip
    closes = {pk for pk, suite in reservees.items() if pk not in {p for p, s in neutres.items() if s}}
    assert {pk: s for pk, s in reservees.items() if pk not in closes} == {pk: s for pk, s in neutres.items() if s}
    assert len(reservees) == 11


def _suites(compte: Compte) -> dict[Any, list[tuple[str, str]]]:
    lues = Accompagnement.objects.visibles_par(compte).avec_personne().avec_echeances()
    return {a.pk: [(e.titre, e.le.isoformat()) for e in echeances_de(a)] for a in lues}


def _seul(m: Monde) -> Accompagnement:
    with agir_comme(m["coordination"]):
        a: Accompagnement = Accompagnement.objects.get()
        return a


def test_chacun_inscrit_les_siennes_a_une_commission_sans_lire_celles_des_autres(db: None, midi: datetime) -> None:
    """The letters, « one situation only » and the packs are those of the whole agenda."""
    m = monde()
    siennes = {role: histoires.en_cours(m) for role in ("soignant", "social")}
    for role, a in siennes.items():
        with agir_comme(m["coordination"]):
            parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m[role]])
    reserver(m)
    debut = horloge.maintenant() + timedelta(days=5)
    with agir_comme(m["coordination"]):
        nom = parcours.creer_commission(par=m["coordination"], nom="Commission", habituelles=[m.partenaire.pk])
        c = parcours.preparer_concertation(par=m["coordination"], debut=debut, duree=60, lieu="Mairie", commission=nom)
    for role, a in siennes.items():
        with agir_comme(m[role]):
            parcours.recueillir_accord(
                a.pk, par=m[role], organisation=m.partenaire, portees=["concertation"], mode="oral",
                le=horloge.aujourdhui(),
            )  # fmt: skip
            parcours.inscrire_situation(c.pk, a.pk, par=m[role], demande=recits_concertations.DEMANDE)
    with agir_comme(m["social"]):
        assert [p.lettre for p in PointConcertation.objects.all()] == ["B"]
        assert Concertation.objects.visibles_par(m["social"]).avec_comptes().get().points == 2
        assert "1 autre situation, que vous ne suivez pas" in texte(
            connecte(m["social"]).get(f"/concertations/{c.pk}/")
        )
        parcours.convoquer(c.pk, par=m["social"])
        with pytest.raises(parcours.SaisieRefusee), transaction.atomic():
            parcours.preparer_dossiers(c.pk, par=m["social"])
        assert not DossierConcertation.objects.exists()
    with agir_comme(m["coordination"]):
        (dossier,) = parcours.preparer_dossiers(c.pk, par=m["coordination"])
        assert [p["nom"] for p in dossier.donnees["points"]] == ["Situation A", "Situation B"]


def test_une_concertation_ne_prend_pas_une_seconde_situation_que_l_on_ne_lit_pas(db: None, midi: datetime) -> None:
    m = monde()
    siennes = {role: histoires.en_cours(m) for role in ("soignant", "social")}
    for role, a in siennes.items():
        with agir_comme(m["coordination"]):
            parcours.changer_intervenants(a.pk, par=m["coordination"], intervenants=[m[role]])
    c = recits_concertations.preparee(m, siennes["social"])
    reserver(m)
    with agir_comme(m["soignant"]), pytest.raises(parcours.SaisieRefusee), transaction.atomic():
        parcours.inscrire_situation(
            c.pk, siennes["soignant"].pk, par=m["soignant"], demande=recits_concertations.DEMANDE
        )
    with agir_comme(m["coordination"]):
        assert PointConcertation.objects.count() == 1
