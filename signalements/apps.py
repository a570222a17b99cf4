"""What is reported: the fiche, its grid, its path to the end of the week."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _charger_grilles(sender: Any, using: str, **kwargs: Any) -> None:
    from signalements import grilles

    grilles.charger_nationales(using)


class SignalementsConfig(AppConfig):
    name = "signalements"
    verbose_name = "Signalements"

    def ready(self) -> None:
        """Keep the national grids equal to the files of the release; register effects and rules of purge."""
        import signalements.conservation
        import signalements.genres
        import signalements.notifications
        import signalements.tasks  # noqa: F401
        from partenaires.reprises import inscrire
        from signalements.reprise import Fiches

        inscrire("signalements", Fiches())

        post_migrate.connect(_charger_grilles, sender=self, dispatch_uid="signalements.grilles")
