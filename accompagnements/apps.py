"""What is done."""

from django.apps import AppConfig


class AccompagnementsConfig(AppConfig):
    name = "accompagnements"
