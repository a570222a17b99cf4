"""Added together or one by one, constraints and indexes give the same models and the same database."""

from django.db import connection, migrations, models
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ModelState, ProjectState

from socle.migration_contraintes import AjouterEnsemble


def _etat() -> ProjectState:
    etat = ProjectState()
    etat.add_model(
        ModelState("socle", "EssaiDeContraintes", [("id", models.BigAutoField(primary_key=True)), ("n", _entier())])
    )
    return etat


def _entier() -> "models.IntegerField[int, int]":
    return models.IntegerField()


def _operations() -> list[migrations.AddConstraint | migrations.AddIndex]:
    return [
        migrations.AddIndex("essaidecontraintes", models.Index(fields=["n"], name="essai_index")),
        migrations.AddConstraint(
            "essaidecontraintes", models.CheckConstraint(condition=models.Q(n__gt=0), name="essai_positif")
        ),
        migrations.AddConstraint("essaidecontraintes", models.UniqueConstraint(fields=["n"], name="essai_unique")),
    ]


def _appliquer(operations: list[Operation]) -> tuple[ProjectState, list[str]]:
    """The state after these operations, rendered all along as in the middle of a migration, and their SQL."""
    etat = _etat()
    with connection.schema_editor(collect_sql=True, atomic=False) as editeur:
        for operation in operations:
            avant = etat.clone()
            avant.apps  # noqa: B018
            operation.state_forwards("socle", etat)
            operation.database_forwards("socle", editeur, avant, etat)
    return etat, editeur.collected_sql


def test_l_ensemble_fait_ce_que_font_ses_operations(db: None) -> None:
    cle = ("socle", "essaidecontraintes")
    une_par_une, sql_une_par_une = _appliquer(list(_operations()))
    ensemble, sql_ensemble = _appliquer([AjouterEnsemble(_operations())])
    assert len(sql_ensemble) == 3
    assert sql_ensemble == sql_une_par_une
    assert ensemble.models[cle].options == une_par_une.models[cle].options
    rendu = ensemble.apps.get_model(*cle)._meta
    assert [c.name for c in (*rendu.indexes, *rendu.constraints)] == ["essai_index", "essai_positif", "essai_unique"]
