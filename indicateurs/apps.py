"""What it changes: the relevés at six months, their evolution, and the bilans."""

from django.apps import AppConfig


class IndicateursConfig(AppConfig):
    name = "indicateurs"
    verbose_name = "Indicateurs"

    def ready(self) -> None:
        """Register the effects of the outbox."""
        import indicateurs.genres
        import indicateurs.notifications  # noqa: F401
