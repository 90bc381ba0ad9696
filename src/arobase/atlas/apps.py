"""Start-up of `atlas`."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class AtlasConfig(AppConfig):
    name = "arobase.atlas"

    def ready(self) -> None:
        from arobase.atlas.queries.dynamics import area_panel  # app ready
        from arobase.atlas.sources import tiles  # app ready
        from arobase.registry.registers import (  # app ready
            DataSource,
            NavigationEntry,
            Panel,
            data_sources,
            navigation,
            panels,
        )

        panels.add("dynamics", Panel(_("Dynamiques du label"), "atlas/panels/dynamics.html", area_panel, order=25))
        navigation.add("dynamics", NavigationEntry(_("Dynamiques"), "dynamics", order=20))
        navigation.add("atlas", NavigationEntry(_("Atlas"), "atlas", order=10))
        data_sources.add(
            "tiles",
            DataSource(
                "tiles", _("Tuiles de la carte"), "Arobase", tiles.load, needs=("contours", "outlines", "points")
            ),
        )
