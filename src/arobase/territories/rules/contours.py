"""What can be made of contours: dissolved groups, simplified outlines, areas, points that stand for a surface."""

from collections.abc import Container, Iterator, Mapping, Sequence

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from arobase.territories.rules.projection import ECCENTRICITY, SEMI_MAJOR_AXIS_M, Frame

GRID_DEGREES = 1e-5  # five decimals, about a metre
COARSENESS = 2.0  # square root of the smallest corner kept on the canvas, square units
SMALLEST_PART = 0.5  # square units of the canvas; a territory's largest part is kept in any case

Shapes = NDArray[np.object_]


def array_of(shapes: Sequence[Geometry]) -> Shapes:
    """Shapes as an array that shapely works on at once."""
    made = np.empty(len(shapes), dtype=object)
    made[:] = shapes
    return made


def on_grid(shapes: Shapes) -> Shapes:
    """Valid shapes whose corners have five decimals."""
    snapped: Shapes = shapely.set_precision(shapely.make_valid(shapes), GRID_DEGREES)
    return array_of([_areas_of(shape) for shape in snapped])


def _areas_of(shape: Geometry) -> Geometry:
    """Without the points and lines that making valid may leave."""
    if shape.geom_type in {"Polygon", "MultiPolygon"}:
        return shape
    return shapely.union_all([part for part in shapely.get_parts(shape) if part.geom_type.endswith("Polygon")])


def dissolve(shapes: Shapes) -> Geometry:
    """The union of neighbours, without their common borders.

    Where corners match exactly, the borders only need to be struck out (shapely's coverage union, tens of times
    faster); where they do not, the shapes are overlaid on the grid of five decimals.
    """
    if len(shapes) == 1:
        return shapes[0]
    if shapely.coverage_is_valid(shapes):
        return shapely.coverage_union_all(shapes)
    return _areas_of(shapely.union_all(shapes, grid_size=GRID_DEGREES))


def clean(shapes: Shapes) -> Shapes:
    """The shapes as a valid coverage: neighbours meet exactly, without overlaps and slivers between them."""
    cleaned: Shapes = shapely.coverage_clean(shapes)
    return array_of([_areas_of(shape) for shape in cleaned])


def gaps(shapes: Shapes) -> list[Geometry]:
    """What a valid coverage surrounds but does not cover."""
    parts = shapely.get_parts(shapely.coverage_union_all(shapes))
    return [
        shapely.Polygon(shapely.get_interior_ring(part, place))
        for part in parts
        for place in range(shapely.get_num_interior_rings(part))
    ]


def with_gaps_filled(shapes: Shapes, *, heirs: Container[int]) -> Shapes:
    """A valid coverage whose gaps went to the neighbour with the longest common border, among `heirs` (positions)."""
    tree, filled = shapely.STRtree(shapes), list(shapes)
    for gap in gaps(shapes):
        around = [int(place) for place in tree.query(gap, predicate="intersects") if int(place) in heirs]
        if around:
            heir = max(around, key=lambda place: float(shapely.length(shapely.intersection(gap, shapes[place]))))
            filled[heir] = _areas_of(shapely.union(filled[heir], gap))
    return array_of(filled)


def outlines(shapes: Mapping[str, Geometry], *, frames: Mapping[str, Frame]) -> dict[str, str]:
    """Simplified outlines as SVG path data on the canvas, by the same keys; neighbours keep sharing their borders.

    frames   the frame that shows each shape
    """
    found: dict[str, str] = {}
    for frame in dict.fromkeys(frames.values()):
        keys = [key for key in shapes if frames[key] == frame]
        drawn = shapely.transform(array_of([shapes[key] for key in keys]), frame.on_canvas)
        if not shapely.coverage_is_valid(drawn):
            drawn = clean(drawn)
        simple = shapely.coverage_simplify(drawn, COARSENESS)
        found |= {key: path(shape) for key, shape in zip(keys, simple, strict=True)}
    return found


def path(shape: Geometry) -> str:
    """SVG path data in tenths of a unit; parts too small to be seen are left out, but never the largest.

    >>> path(shapely.box(0, 0, 10, 5))
    'M10 0v5h-10v-5z'
    """
    parts = sorted(shapely.get_parts(shape), key=lambda part: -part.area)
    kept = [part for place, part in enumerate(parts) if place == 0 or part.area >= SMALLEST_PART]
    return "".join(_ring(shapely.get_coordinates(ring)) for part in kept for ring in _rings(part))


def _rings(polygon: Geometry) -> Iterator[Geometry]:
    if not polygon.is_empty:
        yield shapely.get_exterior_ring(polygon)
        for place in range(shapely.get_num_interior_rings(polygon)):
            hole = shapely.get_interior_ring(polygon, place)
            if shapely.area(shapely.polygons(hole)) >= SMALLEST_PART:
                yield hole


def _ring(corners: NDArray[np.float64]) -> str:
    tenths = np.round(corners * 10).astype(int)
    steps = np.diff(tenths, axis=0)
    steps = steps[np.any(steps != 0, axis=1)][:-1]  # z draws the last
    return f"M{_number(tenths[0, 0])} {_number(tenths[0, 1])}" + "".join(_step(x, y) for x, y in steps) + "z"


def _step(x: int, y: int) -> str:
    if x == 0:
        return f"v{_number(y)}"
    return f"h{_number(x)}" if y == 0 else f"l{_number(x)} {_number(y)}"


def _number(tenths: int) -> str:
    whole, rest = divmod(abs(int(tenths)), 10)
    sign = "-" if tenths < 0 else ""
    return f"{sign}{whole or ''}.{rest}" if rest else f"{sign}{whole}"


def areas_km2(shapes: Shapes) -> NDArray[np.float64]:
    """Surfaces on the ellipsoid, square kilometres.

    Lambert's cylindrical equal-area projection (Snyder, USGS Professional Paper 1395, equations 10-14, 10-15 and 3-12).
    """
    flat = shapely.transform(shapes, _equal_area)
    found: NDArray[np.float64] = shapely.area(flat) / 1e6
    return found


def _equal_area(lonlat: NDArray[np.float64]) -> NDArray[np.float64]:
    lon, sine = np.radians(lonlat[:, 0]), np.sin(np.radians(lonlat[:, 1]))
    e = ECCENTRICITY
    q = (1 - e**2) * (sine / (1 - (e * sine) ** 2) - np.log((1 - e * sine) / (1 + e * sine)) / (2 * e))
    return np.column_stack((SEMI_MAJOR_AXIS_M * lon, SEMI_MAJOR_AXIS_M * q / 2))


def points_on(shapes: Shapes) -> NDArray[np.float64]:
    """A point inside each shape, degrees with five decimals, (n, 2)."""
    found: NDArray[np.float64] = np.round(shapely.get_coordinates(shapely.point_on_surface(shapes)), 5)
    return found
