"""Where a place lies on the printed map: the metropole in Lambert-93, each overseas department or collectivity in a
frame of its own beneath it, all on one canvas of fixed size.

Lambert's conformal conic projection: J. P. Snyder, Map Projections: A Working Manual (USGS Professional Paper 1395,
1987), equations 15-1 to 15-9; constants of Lambert-93 (RGF93 v1, GRS 80): decree no. 2000-1276 and EPSG:2154.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]

CANVAS = (1000.0, 1230.0)
METROPOLE = "metropole"

SEMI_MAJOR_AXIS_M = 6_378_137.0
FLATTENING = 1 / 298.257222101  # GRS 80
ECCENTRICITY = float(np.sqrt(FLATTENING * (2 - FLATTENING)))
MARGIN = 4.0


class UnknownFrame(KeyError):
    """No frame of the map shows this department."""

    def __init__(self, department: str) -> None:
        super().__init__(department)
        self.department = department


@dataclass(frozen=True)
class Cone:
    """A conformal conic projection.

    origin      longitude and latitude of the origin, degrees
    parallels   the latitudes that keep their length, degrees; twice the same for a tangent cone
    false       what is added to easting and northing, metres
    """

    origin: tuple[float, float]
    parallels: tuple[float, float]
    false: tuple[float, float] = (0.0, 0.0)

    @cached_property
    def _n(self) -> float:
        south, north = (float(np.radians(parallel)) for parallel in self.parallels)
        if np.isclose(south, north):
            return float(np.sin(south))
        return float((np.log(_m(south)) - np.log(_m(north))) / (np.log(_t(south)) - np.log(_t(north))))

    @cached_property
    def _f(self) -> float:
        south = float(np.radians(self.parallels[0]))
        return float(_m(south) / (self._n * _t(south) ** self._n))

    def metres(self, lonlat: Array) -> Array:
        """Easting and northing in metres of points, (n, 2) → (n, 2); 15-1, 15-2, 15-7 and 14-4."""
        lon, lat = np.radians(lonlat[:, 0]), np.radians(np.clip(lonlat[:, 1], -89.9, 89.9))
        turned = (np.degrees(lon) - self.origin[0] + 180) % 360 - 180
        theta = self._n * np.radians(turned)
        rho = SEMI_MAJOR_AXIS_M * self._f * _t(lat) ** self._n
        rho_0 = SEMI_MAJOR_AXIS_M * self._f * _t(np.radians(self.origin[1])) ** self._n
        return np.column_stack((self.false[0] + rho * np.sin(theta), self.false[1] + rho_0 - rho * np.cos(theta)))


def _m(lat: float) -> float:
    """14-15."""
    return float(np.cos(lat) / np.sqrt(1 - (ECCENTRICITY * np.sin(lat)) ** 2))


def _t(lat: Array | float) -> Array:
    """15-9."""
    bent = ECCENTRICITY * np.sin(lat)
    value: Array = np.asarray(np.tan(np.pi / 4 - np.asarray(lat) / 2) / ((1 - bent) / (1 + bent)) ** (ECCENTRICITY / 2))
    return value


LAMBERT_93 = Cone(origin=(3.0, 46.5), parallels=(49.0, 44.0), false=(700_000.0, 6_600_000.0))


@dataclass(frozen=True)
class Frame:
    """A part of the canvas with a projection of its own.

    code     METROPOLE, or the department or collectivity that it shows
    box      left, top, width, height on the canvas
    bounds   west, south, east, north of what it shows, degrees
    """

    code: str
    box: tuple[float, float, float, float]
    bounds: tuple[float, float, float, float]

    @cached_property
    def cone(self) -> Cone:
        if self.code == METROPOLE:
            return LAMBERT_93
        west, south, east, north = self.bounds
        middle = (south + north) / 2
        return Cone(origin=((west + east) / 2, middle), parallels=(middle, middle))

    @cached_property
    def _fit(self) -> tuple[float, float, float]:
        """Units of the canvas per metre, and the canvas point of easting 0, northing 0."""
        west, south, east, north = self.bounds
        along = np.linspace(0.0, 1.0, 50)
        lons, lats = west + along * (east - west), south + along * (north - south)
        edge = [
            (lons, np.full(50, south)),
            (lons, np.full(50, north)),
            (np.full(50, west), lats),
            (np.full(50, east), lats),
        ]
        metres = self.cone.metres(np.concatenate([np.column_stack(side) for side in edge]))
        (left, bottom), (right, top) = metres.min(axis=0), metres.max(axis=0)
        x, y, width, height = self.box
        scale = min((width - 2 * MARGIN) / (right - left), (height - 2 * MARGIN) / (top - bottom))
        return (
            float(scale),
            float(x + width / 2 - scale * (left + right) / 2),
            float(y + height / 2 + scale * (bottom + top) / 2),
        )

    def on_canvas(self, lonlat: Array) -> Array:
        """Points of the canvas (y grows downwards) of points in degrees, (n, 2) → (n, 2)."""
        scale, x, y = self._fit
        metres = self.cone.metres(lonlat)
        return np.column_stack((x + scale * metres[:, 0], y - scale * metres[:, 1]))


def _row(top: float, height: float, shown: Sequence[tuple[str, tuple[float, float, float, float]]]) -> list[Frame]:
    width = CANVAS[0] / len(shown)
    return [
        Frame(code, (place * width + 5, top, width - 10, height), bounds) for place, (code, bounds) in enumerate(shown)
    ]


# Bounds: those of the contours of ADMIN EXPRESS (IGN) and Natural Earth, rounded outwards.
FRAMES = (
    Frame(METROPOLE, (0.0, 0.0, CANVAS[0], 930.0), (-5.2, 41.3, 9.6, 51.1)),
    *_row(
        945.0,
        150.0,
        [
            ("971", (-61.82, 15.82, -60.99, 16.52)),
            ("972", (-61.24, 14.38, -60.80, 14.89)),
            ("973", (-54.62, 2.10, -51.60, 5.76)),
            ("974", (55.20, -21.40, 55.85, -20.86)),
            ("976", (45.00, -13.02, 45.31, -12.62)),
        ],
    ),
    *_row(
        1115.0,
        100.0,
        [
            ("975", (-56.42, 46.74, -56.12, 47.16)),
            ("977", (-62.88, 17.87, -62.78, 17.94)),
            ("978", (-63.16, 18.02, -63.00, 18.13)),
            ("984", (38.00, -68.00, 142.00, -10.00)),
            ("986", (-178.22, -14.40, -176.10, -13.16)),
            ("987", (-154.70, -27.80, -134.30, -7.70)),
            ("988", (163.40, -22.80, 171.50, -19.50)),
            ("989", (-109.26, 10.26, -109.18, 10.34)),
        ],
    ),
)
_FRAME_OF = {frame.code: frame for frame in FRAMES}


def frame_of(department: str) -> Frame:
    """The frame that shows a department or overseas collectivity, by its code.

    Raises UnknownFrame for a code overseas that is none of them.

    >>> frame_of("76").code
    'metropole'
    >>> frame_of("971").code
    '971'
    """
    if department in _FRAME_OF:
        return _FRAME_OF[department]
    if department[:2] in {"97", "98"} or not department:
        raise UnknownFrame(department)
    return _FRAME_OF[METROPOLE]


def project(lon: float, lat: float, *, frame: Frame) -> tuple[float, float]:
    """The point of the canvas where a place lies, rounded to a tenth of a unit.

    >>> project(3.0, 46.5, frame=frame_of("03"))
    (553.5, 450.4)
    """
    x, y = frame.on_canvas(np.array([[lon, lat]], np.float64))[0]
    return round(float(x), 1), round(float(y), 1)
