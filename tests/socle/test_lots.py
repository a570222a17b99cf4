"""Several lists in one statement are the same lists, to the last column."""

from datetime import datetime
from typing import Any

import pytest
from django.apps import apps
from django.contrib.postgres.fields import DateRangeField
from django.db import models
from django.db.models import F

from accompagnements.models import Accompagnement, NoteEquipe, Visite
from partenaires.perimetre import agir_comme
from signalements.models import Fiche
from socle.lots import lire_ensemble
from tests import recits_accompagnements as histoires
from tests.accompagnements.test_taches import beaucoup
from tests.comptage import instructions
from tests.conftest import en_tant_que
from tests.fabriques import monde

SANS_LECTURE = {
    modele
    for modele in apps.get_models()
    if any(isinstance(champ, DateRangeField) for champ in modele._meta.concrete_fields)
}
MAISON = ("socle", "partenaires", "signalements", "accompagnements", "indicateurs")


def _etat(objet: models.Model) -> dict[str, Any]:
    return {nom: valeur for nom, valeur in vars(objet).items() if nom != "_state"}


def test_chaque_table_se_lit_pareil(db: None, midi: datetime) -> None:
    beaucoup(monde())
    listes = {
        f"{modele._meta.app_label}_{modele._meta.model_name}": modele._base_manager.order_by("pk")[:20]
        for modele in apps.get_models()
        if modele._meta.app_label in MAISON and modele not in SANS_LECTURE
    }
    with en_tant_que("palier_fabrique"):
        ordinaires = {nom: list(lignes.all()) for nom, lignes in listes.items()}
        with instructions() as vues:
            lues = lire_ensemble(**listes)
    assert len(vues) == 1
    assert sum(map(bool, ordinaires.values())) > 30
    for nom, objets in ordinaires.items():
        assert list(map(_etat, lues[nom])) == list(map(_etat, objets)), nom


def test_relations_annotations_et_colonnes_scellees(db: None, midi: datetime) -> None:
    m = monde()
    a = histoires.en_cours(m, nom="Maquette")
    with agir_comme(m["soignant"]):
        siens = Accompagnement.objects.visibles_par(m["soignant"]).avec_personne().avec_echeances()
        visites = Visite.objects.de_l_accompagnement(a).defer("compte_rendu").annotate(quand=F("debut"))
        with instructions() as vues:
            lues = lire_ensemble(situations=siens, visites=visites, aucune=Fiche.objects.none())
            situation, visite = lues["situations"][0], lues["visites"][0]
            assert situation.fiche.locataire.nom == "Maquette"
            assert situation.suivie_par_ids == [m["soignant"].pk, m["social"].pk]
            assert situation.visites_en_vue == siens.get().visites_en_vue
            assert visite.quand == visite.debut
        assert len(vues) == 2  # the second is the comparison's
        assert visite.get_deferred_fields() == {"compte_rendu"}
        assert visite.compte_rendu == "Mme Maquette nous reçoit dans la cuisine."
    assert lues["aucune"] == []


def test_le_perimetre_reste_celui_de_la_base(db: None, midi: datetime) -> None:
    m, sud = monde("Nord"), monde("Sud")
    a = histoires.en_cours(m)
    histoires.en_cours(sud)
    with agir_comme(m["soignant"]):
        lues = lire_ensemble(toutes=Accompagnement.objects.all(), notes=NoteEquipe.objects.all())
    assert [x.pk for x in lues["toutes"]] == [a.pk]
    with agir_comme(m["gardien"]):
        assert lire_ensemble(toutes=Accompagnement.objects.all())["toutes"] == []


def test_une_colonne_sans_lecture_est_refusee(db: None, midi: datetime) -> None:
    m = monde()
    histoires.en_cours(m)
    duree = models.ExpressionWrapper(F("debut") - F("planifiee_le"), output_field=models.DurationField())
    with agir_comme(m["soignant"]), pytest.raises(TypeError, match="DurationField"):
        lire_ensemble(visites=Visite.objects.annotate(ecart=duree))


def test_rien_ne_coute_rien(db: None) -> None:
    with instructions() as vues:
        assert lire_ensemble() == {}
        assert lire_ensemble(fiches=Fiche.objects.none()) == {"fiches": []}
    assert vues == []
