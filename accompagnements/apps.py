"""What is done: the accompagnement, from its opening to a written end, and the orientations to partners."""

from django.apps import AppConfig


class AccompagnementsConfig(AppConfig):
    name = "accompagnements"
    verbose_name = "Accompagnements"

    def ready(self) -> None:
        """Register the effects of the outbox, the rules of purge, and where a fiche goes on."""
        import accompagnements.genres
        import accompagnements.notifications
        import accompagnements.tasks  # noqa: F401
        from accompagnements.acces import archive
        from accompagnements.prolongement import Situations
        from accompagnements.reprise import Accompagnements
        from accompagnements.suites_structure import Orientations
        from partenaires import suites
        from partenaires.reprises import inscrire
        from signalements.prolongements import prolonger

        prolonger(Situations())
        archive.proposer()
        inscrire("accompagnements", Accompagnements())
        suites.inscrire("accompagnements", Orientations())
