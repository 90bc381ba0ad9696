"""Where a territory lies on the map of France: its own shape or point on the canvas of `rules.projection`."""

import zlib
from dataclasses import dataclass

import shapely

from arobase.territories.models import Contour, Kind, Territory
from arobase.territories.queries.outlines import Outline, outlines
from arobase.territories.rules.contours import array_of, path
from arobase.territories.rules.projection import CANVAS, FRAMES, METROPOLE, Frame, UnknownFrame, frame_of, project

SMALL = 30.0  # a shape less wide and high than this on the canvas gets a ring around it


@dataclass(frozen=True, slots=True)
class Locator:
    """What is drawn over the outlines of departments.

    path     SVG path data of the territory, empty where its contour is not known
    within   SVG path data of its department, empty where there is none
    point    where to draw a ring around what is too small to be seen
    frame    code of the inset that shows it; empty in the metropole
    """

    path: str
    within: str
    point: tuple[float, float] | None
    frame: str = ""


@dataclass(frozen=True, slots=True)
class Ground:
    """The map's background: outlines of departments and overseas collectivities, and the frames of those overseas."""

    outlines: tuple[Outline, ...]
    insets: tuple[Frame, ...]
    width: float = CANVAS[0]
    height: float = CANVAS[1]


def map_ground() -> Ground:
    """The background that all locators share."""
    drawn = (*outlines(Kind.DEPARTMENT), *outlines(Kind.COLLECTIVITY))
    return Ground(drawn, tuple(frame for frame in FRAMES if frame.code != METROPOLE))


def locator(territory: Territory) -> Locator | None:
    """Where a territory lies; None where neither contour nor point is known."""
    frame = _frame(territory)
    if frame is None:
        return None
    own = Contour.objects.filter(pk=territory.pk).first()
    drawn = (own.outline or _drawn(bytes(own.geometry), frame)) if own else ""
    box = _box(bytes(own.geometry), frame) if own else None
    if box is None and territory.lon is not None and territory.lat is not None:
        x, y = project(territory.lon, territory.lat, frame=frame)
        box = (x, y, x, y)
    if box is None:
        return None
    west, north, east, south = box
    is_small = east - west < SMALL and south - north < SMALL
    point = (round((west + east) / 2, 1), round((north + south) / 2, 1)) if is_small else None
    within = ""
    if territory.department_id and territory.kind != Kind.DEPARTMENT:
        found = Contour.objects.filter(pk=territory.department_id).values_list("outline", flat=True).first()
        within = found or ""
    return Locator(drawn, within, point, "" if frame.code == METROPOLE else frame.code)


def _frame(territory: Territory) -> Frame | None:
    """The frame that shows a territory: by its department, else by where its point lies."""
    if territory.kind in {Kind.DEPARTMENT, Kind.COLLECTIVITY}:
        return _frame_of(territory.code)
    if territory.department_id:
        return _frame_of(territory.department_id.partition(":")[2])
    if territory.lon is None or territory.lat is None:
        return None
    for frame in FRAMES:
        west, south, east, north = frame.bounds
        if west <= territory.lon <= east and south <= territory.lat <= north:
            return frame
    return None


def _frame_of(code: str) -> Frame | None:
    try:
        return frame_of(code)
    except UnknownFrame:
        return None


def _shape(packed: bytes, frame: Frame) -> shapely.Geometry:
    return shapely.transform(shapely.from_geojson(zlib.decompress(packed)), frame.on_canvas)


def _drawn(packed: bytes, frame: Frame) -> str:
    return path(shapely.simplify(array_of([_shape(packed, frame)]), 0.2, preserve_topology=True)[0])


def _box(packed: bytes, frame: Frame) -> tuple[float, float, float, float]:
    west, north, east, south = (float(edge) for edge in shapely.bounds(_shape(packed, frame)))
    return west, north, east, south
