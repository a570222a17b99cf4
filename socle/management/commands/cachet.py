"""`manage.py cachet`: what seals the documents, until when; `--demonstration` makes a worthless certificate."""

from pathlib import Path
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from socle import cachet_demonstration, cachets, horloge
from socle.ecriture import date_moyenne


class Command(BaseCommand):
    """Exit code 0 when every archive opens and is in force, 1 otherwise. Reads no database."""

    help = "Dit quels certificats scellent les documents ; --demonstration en fabrique un, sans valeur."
    requires_system_checks: tuple[str, ...] = ()

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--demonstration", action="store_true", help="fabrique l’archive si elle n’existe pas")

    def handle(self, *args: Any, demonstration: bool = False, **options: Any) -> None:
        if demonstration:
            self._fabriquer()
        fautes = [faute for chemin in self._archives() if (faute := self._dire(chemin))]
        horodateur = settings.CACHET_HORODATEUR or "aucun"
        self.stdout.write(f"Horodateur : {horodateur}.")
        if fautes:
            raise CommandError("\n".join(fautes), returncode=1)

    def _fabriquer(self) -> None:
        if not settings.CACHET_CERTIFICAT or not settings.CACHET_MOT_DE_PASSE:
            raise CommandError("Posez PALIER_CACHET_CERTIFICAT (où l’écrire) et PALIER_CACHET_MOT_DE_PASSE.")
        try:
            cachet_demonstration.ecrire(Path(settings.CACHET_CERTIFICAT), settings.CACHET_MOT_DE_PASSE)
        except FileExistsError:
            self.stdout.write("L’archive existe déjà : elle n’est pas remplacée.")

    def _archives(self) -> list[Path]:
        dossier = Path(settings.CACHET_DOSSIER) if settings.CACHET_DOSSIER else None
        propres = sorted(dossier.glob("*.p12")) if dossier else []
        instance = [Path(settings.CACHET_CERTIFICAT)] if settings.CACHET_CERTIFICAT else []
        if not propres and not instance:
            self.stdout.write("Aucun certificat : les documents ne sont pas scellés.")
        return [*instance, *propres]

    def _dire(self, chemin: Path) -> str:
        """One line for an archive; what is wrong with it, "" when nothing is."""
        try:
            certificat = cachets.lire(chemin)
        except cachets.CertificatIllisible as faute:
            return f"Illisible : {faute}"
        fin = date_moyenne(certificat.au)
        self.stdout.write(f"{chemin.name} : {certificat.nom}, délivré par {certificat.emetteur}, jusqu’au {fin}.")
        if not certificat.du <= horloge.maintenant() <= certificat.au:
            return f"{chemin.name} : hors de ses dates, il ne scelle rien."
        return ""
