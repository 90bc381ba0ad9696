"""Start-up of `web`."""

from django.apps import AppConfig


class WebConfig(AppConfig):
    name = "arobase.web"
