"""Polling stations as a drawing of their town, outlines as paths and points as discs: a plain local projection."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import lru_cache
from itertools import count
from math import cos, hypot, pi, radians, sin, sqrt
from typing import Any

WIDTH = 600.0
MARGIN = 6.0
# On a phone of 360 pixels a unit is half a pixel: a disc of the greatest radius is 24 wide there, what a finger meets
# (WCAG 2.2, 2.5.8). Of a large town they are smaller, to stay apart: the list beside says the same.
LEAST_RADIUS, MOST_RADIUS = 8.0, 24.0
APART = 2.2  # radii between the middles of two discs
TURN = pi * (3 - sqrt(5))  # the golden angle, by which a sunflower fills its disc evenly (Vogel 1979)
SMALLEST = 0.002  # degrees, some 200 m: stations nearer than that are shown side by side, not at the ends of the map
Ring = Sequence[Sequence[float]]
Point = tuple[float, float]


@dataclass(frozen=True)
class Drawing:
    """Paths and discs (their middles) by key, in a box of `width` × `height` units; all discs have one radius."""

    width: int
    height: int
    paths: Mapping[str, str]
    discs: Mapping[str, Point] = field(default_factory=dict)
    radius: float = 0.0


def draw(geometries: Mapping[str, Mapping[str, Any]], points: Mapping[str, Point] | None = None) -> Drawing | None:
    """Draw GeoJSON polygons and points (longitude, latitude in degrees), north up; None where there is nothing to draw.

    A point is a disc, unless its key has a polygon. Where discs would hide each other (two stations of one school), the
    later one stands beside. Equirectangular projection about the middle latitude (Snyder 1987, p. 90): within one town
    its error is far below the width of a line.
    """
    rings = {key: found for key, geometry in geometries.items() if geometry and (found := list(_rings(geometry)))}
    alone = {key: point for key, point in (points or {}).items() if key not in rings}
    degrees = [(one[0], one[1]) for found in rings.values() for ring in found for one in ring] + list(alone.values())
    if not degrees:
        return None
    place = _projection(degrees)
    radius = min(MOST_RADIUS, max(LEAST_RADIUS, WIDTH / (4 * sqrt(len(rings) + len(alone)))))
    discs = _side_by_side(tuple((key, place(point)) for key, point in alone.items()), gap=APART * radius)
    west, north, east, south = _box([*map(place, degrees[: len(degrees) - len(alone)]), *_corners(discs, radius)])
    if spare := max(0.0, WIDTH - 2 * MARGIN - max(east - west, south - north)):  # a few discs in one place stay small
        west, east = west - spare / 2, east + spare / 2

    def shifted(point: Point) -> Point:
        return point[0] - west + MARGIN, point[1] - north + MARGIN

    def path(ring: Ring) -> str:
        return "M" + "L".join("{:.1f} {:.1f}".format(*shifted(place((x, y)))) for x, y, *_rest in ring) + "Z"

    return Drawing(
        width=round(east - west + 2 * MARGIN),
        height=round(south - north + 2 * MARGIN),
        paths={key: "".join(map(path, found)) for key, found in rings.items()},
        discs={key: _rounded(shifted(point)) for key, point in discs.items()},
        radius=round(radius, 1),
    )


def _projection(degrees: Sequence[Point]) -> Callable[[Point], Point]:
    """Degrees into units, x to the east and y to the south, the farther of both filling the width."""
    west, south, east, north = _box(degrees)
    stretch = cos(radians((south + north) / 2))
    scale = (WIDTH - 2 * MARGIN) / max((east - west) * stretch, north - south, SMALLEST)
    return lambda point: ((point[0] - west) * stretch * scale, (north - point[1]) * scale)


def _box(points: Sequence[Point]) -> tuple[float, float, float, float]:
    across, along = [one[0] for one in points], [one[1] for one in points]
    return min(across), min(along), max(across), max(along)


def _corners(discs: Mapping[str, Point], radius: float) -> Iterator[Point]:
    for x, y in discs.values():
        yield x - radius, y - radius
        yield x + radius, y + radius


@lru_cache(maxsize=8)  # half a second for 900 stations, which stand where they stand while their figures come in
def _side_by_side(points: tuple[tuple[str, Point], ...], *, gap: float) -> Mapping[str, Point]:
    """Each at its place, or at the nearest free one where another stands within `gap` already."""
    taken: dict[tuple[int, int], list[Point]] = defaultdict(list)  # by squares as wide as the gap

    def is_free(point: Point) -> bool:
        column, row = int(point[0] // gap), int(point[1] // gap)
        near = (one for x in (-1, 0, 1) for y in (-1, 0, 1) for one in taken.get((column + x, row + y), ()))
        return all(hypot(point[0] - x, point[1] - y) >= gap for x, y in near)

    placed = {}
    for key, wished in points:
        placed[key] = found = next(filter(is_free, _around(wished, step=gap / 2)))
        taken[int(found[0] // gap), int(found[1] // gap)].append(found)
    return placed


def _around(point: Point, *, step: float) -> Iterable[Point]:
    """The point itself, then places ever farther around it, as the seeds of a sunflower."""
    for number in count():
        away, turn = step * sqrt(number), TURN * number
        yield point[0] + away * cos(turn), point[1] + away * sin(turn)


def _rounded(point: Point) -> Point:
    return round(point[0], 1), round(point[1], 1)


def _rings(geometry: Mapping[str, Any]) -> Iterator[Ring]:
    kind, coordinates = geometry.get("type"), geometry.get("coordinates", [])
    if kind == "Polygon":
        yield from coordinates
    elif kind == "MultiPolygon":
        for polygon in coordinates:
            yield from polygon
