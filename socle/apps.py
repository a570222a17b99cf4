"""The technical ground: it knows no domain noun."""

from django.apps import AppConfig
from django.db.models.signals import post_migrate


class SocleConfig(AppConfig):
    name = "socle"
    verbose_name = "Socle"

    def ready(self) -> None:
        """Recompute grants, ticket key and journal partitions after each migrate: they are state, not history."""
        import socle.conservation  # noqa: F401
        from socle import droits_sql

        post_migrate.connect(droits_sql.apres_migration, dispatch_uid="socle.droits_sql")
