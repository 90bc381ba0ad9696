"""Start-up of `elections`."""

from datetime import datetime

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class ElectionsConfig(AppConfig):
    name = "arobase.elections"

    def ready(self) -> None:
        from arobase.registry.registers import Demonstration, NavigationEntry, demonstrations, navigation  # app ready

        demonstrations.add(
            "elections",
            Demonstration(_("Soirées électorales rejouées"), _fill, ("elections", "replay", "--speed", "60", "--loop")),
        )
        navigation.add("elections", NavigationEntry(_("Soirées électorales"), "elections", order=28))


def _fill(at: datetime) -> int:
    """The nights that the demonstration replays; numpy is loaded only then."""
    from arobase.elections.cli.demonstration import fill  # slow import

    return fill(at)
