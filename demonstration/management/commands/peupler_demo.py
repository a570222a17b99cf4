"""Fill the demonstration: eighteen months of fictional work, through the real transitions, under a set clock."""

from typing import Any

from django.core.management.base import BaseCommand
from django.test.utils import override_settings

from demonstration import histoire
from demonstration.roles import prendre_le_role_du_web
from socle import horloge


class Command(BaseCommand):
    """Does nothing when the data are there already; deterministic otherwise (seeded)."""

    help = "Remplit la démonstration de données fictives (sans effet si elles y sont déjà)."

    def handle(self, *args: Any, **options: Any) -> None:
        prendre_le_role_du_web()
        if histoire.deja_racontee():
            self.stdout.write("Les données de démonstration sont là.")
            return
        with override_settings(
            EMAIL_BACKEND="django.core.mail.backends.dummy.EmailBackend",
            PASSWORD_HASHERS=["django.contrib.auth.hashers.MD5PasswordHasher"],  # nobody signs in with them
        ):
            try:
                bilan = histoire.raconter(dire=self.stdout.write)
            finally:
                horloge.regler(None)
        self.stdout.write(f"Démonstration prête : {bilan}.")
