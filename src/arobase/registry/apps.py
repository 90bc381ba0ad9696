"""Start-up of `registry`."""

from django.apps import AppConfig


class RegistryConfig(AppConfig):
    name = "arobase.registry"
