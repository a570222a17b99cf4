"""The demonstration: installed by `config.settings.demo` alone, never in production."""

from django.apps import AppConfig
from django.conf import settings
from django.core.exceptions import ImproperlyConfigured


class DemonstrationConfig(AppConfig):
    name = "demonstration"
    verbose_name = "Démonstration"

    def ready(self) -> None:
        """Refuse to stand anywhere else: its sign-in page asks for no password."""
        if not settings.DEMO:
            raise ImproperlyConfigured("The demonstration is installed under config.settings.demo only.")
