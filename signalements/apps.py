"""What is reported."""

from django.apps import AppConfig


class SignalementsConfig(AppConfig):
    name = "signalements"
