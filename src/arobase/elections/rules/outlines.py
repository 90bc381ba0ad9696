"""Outlines of polling stations as paths of a drawing: a plain local projection, good for one town."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from math import cos, radians
from typing import Any

WIDTH = 600.0
MARGIN = 6.0
Ring = Sequence[Sequence[float]]


@dataclass(frozen=True)
class Drawing:
    """Paths by key, in a box of `width` × `height` units."""

    width: int
    height: int
    paths: Mapping[str, str]


def draw(geometries: Mapping[str, Mapping[str, Any]]) -> Drawing | None:
    """Draw GeoJSON polygons (longitude, latitude in degrees), north up; None where there is nothing to draw.

    Equirectangular projection about the middle latitude (Snyder 1987, p. 90): within one town its error is far below
    the width of a line.
    """
    rings = {key: list(_rings(geometry)) for key, geometry in geometries.items() if geometry}
    points = [point for found in rings.values() for ring in found for point in ring]
    if not points:
        return None
    west, east = min(one[0] for one in points), max(one[0] for one in points)
    south, north = min(one[1] for one in points), max(one[1] for one in points)
    stretch = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * stretch, (north - south), 1e-9)

    def path(ring: Ring) -> str:
        placed = (
            f"{MARGIN + (x - west) * stretch * scale:.1f} {MARGIN + (north - y) * scale:.1f}" for x, y, *_rest in ring
        )
        return "M" + "L".join(placed) + "Z"

    return Drawing(
        width=round((east - west) * stretch * scale + 2 * MARGIN),
        height=round((north - south) * scale + 2 * MARGIN),
        paths={key: "".join(map(path, found)) for key, found in rings.items() if found},
    )


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates", [])
    if kind == "Polygon":
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon
