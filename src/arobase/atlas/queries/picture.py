"""The map of laureates as it is drawn on the server: outlines, insets, and a disc for each."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arobase.atlas.queries.laureates import Laureate
from arobase.territories.models import Kind
from arobase.territories.queries.locator import Ground, map_ground
from arobase.territories.rules.projection import FRAMES, Frame, UnknownFrame, frame_of, project

RADII = {5: 11.0, 4: 10.0, 3: 9.0, 2: 8.0, 1: 7.0, 0: 6.0}
# The tokens of frontend/src/styles/tokens.css: an SVG file of its own cannot read the page's.
COLOURS: Mapping[str, Mapping[str, str]] = {
    "light": {
        "water": "#dde7e9", "land": "#f7f1e4", "rule": "#c9bda6", "ink": "#211d17", "quiet": "#5c5446",
        "0": "#a39b8d", "1": "#e3bb8c", "2": "#d3965b", "3": "#bb7136", "4": "#964a17", "5": "#6b2b09",
    },
    "dark": {
        "water": "#0c1117", "land": "#222a37", "rule": "#4a5568", "ink": "#ece6d9", "quiet": "#b9b1a0",
        "0": "#757c87", "1": "#7a4c2b", "2": "#a5652f", "3": "#cf8440", "4": "#eda860", "5": "#ffd49c",
    },
}  # fmt: skip
LIGHT_TEXT_FROM = {"light": 3, "dark": 9}


@dataclass(frozen=True, slots=True)
class Disc:
    """A laureate on the canvas; `sign` is the number of @, so that colour is not alone."""

    x: float
    y: float
    radius: float
    colour: str
    ink: str
    sign: str
    name: str
    is_body: bool


@dataclass(frozen=True, slots=True)
class Picture:
    """Everything that the SVG draws; `missing` laureates have no known place."""

    ground: Ground
    discs: tuple[Disc, ...]
    colours: Mapping[str, str]
    missing: int


def picture(laureates: Sequence[Laureate], *, theme: str) -> Picture:
    """The drawing of these laureates in the colours of a theme, the highest levels on top."""
    ordered = sorted(laureates, key=lambda one: one.row.level or 0)
    discs = [disc for one in ordered if (disc := _disc(one, theme=theme)) is not None]
    return Picture(map_ground(), tuple(discs), COLOURS[theme], len(laureates) - len(discs))


def _disc(one: Laureate, *, theme: str) -> Disc | None:
    row = one.row
    frame = _frame(row.department, lon=row.lon, lat=row.lat)
    if frame is None or row.lon is None or row.lat is None:
        return None
    x, y = project(row.lon, row.lat, frame=frame)
    level = row.level or 0
    ink = "#ffffff" if theme == "light" and level >= LIGHT_TEXT_FROM["light"] else "#1a140d"
    if theme == "dark" and level in (1, 2):
        ink = "#ffffff"
    is_body = row.kind == Kind.EPCI
    sign = str(level) if level else "?"
    return Disc(x, y, RADII[level], COLOURS[theme][str(level)], ink, sign, row.territory, is_body)


def _frame(department: str | None, *, lon: float | None, lat: float | None) -> Frame | None:
    if department:
        try:
            return frame_of(department)
        except UnknownFrame:
            return None
    if lon is None or lat is None:
        return None
    return next(
        (one for one in FRAMES if one.bounds[0] <= lon <= one.bounds[2] and one.bounds[1] <= lat <= one.bounds[3]), None
    )
