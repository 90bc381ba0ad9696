"""Start-up of `elections`."""

from django.apps import AppConfig


class ElectionsConfig(AppConfig):
    name = "arobase.elections"
