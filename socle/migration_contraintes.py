"""Constraints and indexes added together, as one migration operation."""

from collections.abc import Sequence
from typing import Any, Final

from django.db.backends.base.schema import BaseDatabaseSchemaEditor
from django.db.migrations import AddConstraint, AddIndex
from django.db.migrations.operations.base import Operation
from django.db.migrations.state import ProjectState

_OPTIONS: Final = {AddConstraint: ("constraints", "constraint"), AddIndex: ("indexes", "index")}


class AjouterEnsemble(Operation):
    """What its operations do, with the models rendered once instead of once for each.

    Django renders a model again, and every model related to it, after each constraint: three hundred policies and
    checks made `migrate` of an empty database ten times slower than what PostgreSQL does in it.
    """

    reversible = False

    def __init__(self, operations: Sequence[AddConstraint | AddIndex]) -> None:
        self.operations = operations

    def deconstruct(self) -> tuple[str, list[Any], dict[str, Any]]:
        return type(self).__name__, [list(self.operations)], {}

    def state_forwards(self, app_label: str, state: ProjectState) -> None:
        touches = set()
        for operation in self.operations:
            option, attribut = _OPTIONS[type(operation)]
            cle = (app_label, operation.model_name_lower)
            options = state.models[cle].options
            options[option] = [*options.get(option, []), getattr(operation, attribut)]
            touches.add(cle)
        state.reload_models(list(touches), delay=True)

    def database_forwards(
        self,
        app_label: str,
        schema_editor: BaseDatabaseSchemaEditor,
        from_state: ProjectState,
        to_state: ProjectState,
    ) -> None:
        for operation in self.operations:
            operation.database_forwards(app_label, schema_editor, from_state, to_state)

    def describe(self) -> str:
        return f"Add {len(self.operations)} constraints and indexes"
