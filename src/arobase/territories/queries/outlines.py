"""Simplified outlines for maps drawn on the server, and the land around France for the map's own background."""

import json
import zlib
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from arobase.territories.models import BaseLayer, Contour


@dataclass(frozen=True, slots=True)
class Outline:
    """The outline of a territory as SVG path data on `rules.projection.CANVAS`."""

    id: str
    code: str
    name: str
    path: str


def outlines(kind: str, *, codes: Iterable[str] | None = None) -> list[Outline]:
    """Outlines of all territories of a kind that have one, by code; only those with the given codes when given."""
    known = Contour.objects.filter(territory__kind=kind).exclude(outline="").order_by("territory__code")
    if codes is not None:
        known = known.filter(territory__code__in=list(codes))
    columns = ("territory_id", "territory__code", "territory__name", "outline")
    return [Outline(*row) for row in known.values_list(*columns)]


def neighbours() -> dict[str, Any]:
    """The countries around the metropole as a GeoJSON FeatureCollection; without features while none are loaded."""
    layer = BaseLayer.objects.filter(name=BaseLayer.NEIGHBOURS).first()
    if layer is None:
        return {"type": "FeatureCollection", "features": []}
    found: dict[str, Any] = json.loads(zlib.decompress(bytes(layer.geojson)))
    return found
