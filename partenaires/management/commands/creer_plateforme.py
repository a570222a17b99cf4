"""`manage.py creer_plateforme`: the first organisation of an instance and the invitation of its first person."""

from typing import Any

from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.core.validators import validate_email

from partenaires.parcours.invitations import adresse_de, installer
from socle.ecriture import date_moyenne
from socle.management.role import exiger_role


class Command(BaseCommand):
    """Print the link that opens the first account; run again, it replaces the link. Refused once it was used."""

    help = "Crée la plateforme et imprime l’invitation de sa première exploitation (PALIER_ROLE=systeme)."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("courriel", help="Adresse de la première personne de l’exploitation.")
        parser.add_argument("--nom", default="Plateforme Palier", help="Nom de la plateforme.")

    def handle(self, *args: Any, **options: Any) -> None:
        exiger_role("systeme")
        courriel = str(options["courriel"])
        try:
            validate_email(courriel)
        except ValidationError as refus:
            raise CommandError(f"{courriel} n’est pas une adresse électronique.") from refus
        invitation = installer(str(options["nom"]), courriel)
        if invitation is None:
            raise CommandError("La plateforme a déjà une exploitation : elle invite elle-même ses membres.")
        self.stdout.write(f"Lien à ouvrir avant le {date_moyenne(invitation.expire_le)}, par {courriel} :")
        self.stdout.write(adresse_de(invitation.pk))
