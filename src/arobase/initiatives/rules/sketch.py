"""Where an initiative is, drawn: its territory's contour with its places, numbered as the list beside it."""

from collections.abc import Sequence
from dataclasses import dataclass
from math import cos, radians

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

from arobase.territories.rules.contours import path

WIDTH, MARGIN, FINE = 320.0, 14.0, 0.6


@dataclass(frozen=True)
class Sketch:
    """A drawing WIDTH units wide.

    height   in the same units
    path     SVG path data of the contour
    points   (number, x, y) of the places
    """

    height: float
    path: str
    points: tuple[tuple[int, float, float], ...]


def sketch(contour: Geometry, places: Sequence[tuple[int, float, float]]) -> Sketch:
    """Draw places over a contour, north up; places outside it widen the drawing.

    contour   longitudes and latitudes in degrees
    places    (number, longitude, latitude)
    """
    spots = shapely.MultiPoint([(lon, lat) for _number, lon, lat in places])
    west, south, east, north = shapely.union_all([shapely.box(*contour.bounds), spots]).bounds
    narrow = cos(radians((south + north) / 2))
    across = max((east - west) * narrow, north - south, 1e-6)
    scale = (WIDTH - 2 * MARGIN) / across
    left = (WIDTH - (east - west) * narrow * scale) / 2

    def on_paper(degrees: NDArray[np.float64]) -> NDArray[np.float64]:
        x = left + (degrees[:, 0] - west) * narrow * scale
        y = MARGIN + (north - degrees[:, 1]) * scale
        return np.column_stack([x, y])

    drawn = shapely.simplify(shapely.transform(contour, on_paper), FINE)
    placed = on_paper(np.array([(lon, lat) for _number, lon, lat in places], dtype=np.float64).reshape(-1, 2))
    points = tuple(
        (number, round(float(x), 1), round(float(y), 1))
        for (number, _lon, _lat), (x, y) in zip(places, placed, strict=True)
    )
    return Sketch(round((north - south) * scale + 2 * MARGIN, 1), path(drawn), points)
