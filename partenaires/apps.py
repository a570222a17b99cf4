"""Who: organisations, territories, conventions, résidences, accounts and their rattachements."""

from typing import Any

from django.apps import AppConfig
from django.db.models.signals import post_migrate


def _poser_permissions(sender: Any, using: str, **kwargs: Any) -> None:
    from partenaires import droits

    droits.poser_permissions(using)


class PartenairesConfig(AppConfig):
    name = "partenaires"
    verbose_name = "Partenaires"

    def ready(self) -> None:
        """Keep the database's table of permissions equal to `droits`; register effects and rules of purge."""
        import partenaires.avis
        import partenaires.avis_seances
        import partenaires.notifications
        import partenaires.tasks  # noqa: F401

        post_migrate.connect(_poser_permissions, sender=self, dispatch_uid="partenaires.permissions")
