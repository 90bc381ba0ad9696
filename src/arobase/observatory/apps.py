"""The observatory among the capabilities."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ObservatoryConfig(AppConfig):
    name = "arobase.observatory"
    verbose_name = _("Observatoire")
