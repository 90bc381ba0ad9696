"""TopoJSON decoded: shapes made of shared arcs, delta-encoded on a grid (TopoJSON format specification, 2013, §2)."""

from collections.abc import Mapping, Sequence
from typing import Any

import numpy as np
import shapely
from numpy.typing import NDArray
from shapely import Geometry

Arc = NDArray[np.float64]
SHORTEST_RING = 4


def arcs(topology: Mapping[str, Any]) -> list[Arc]:
    """The arcs in degrees."""
    transform = topology.get("transform")
    if transform is None:
        return [np.asarray(arc, np.float64) for arc in topology["arcs"]]
    scale, shift = np.asarray(transform["scale"]), np.asarray(transform["translate"])
    return [np.cumsum(np.asarray(arc, np.float64), axis=0) * scale + shift for arc in topology["arcs"]]


def shape_of(geometry: Mapping[str, Any], known: Sequence[Arc]) -> Geometry:
    """A Polygon or MultiPolygon of the topology; an empty one for any other geometry."""
    if geometry["type"] == "Polygon":
        polygons = [geometry["arcs"]]
    elif geometry["type"] == "MultiPolygon":
        polygons = geometry["arcs"]
    else:
        return shapely.MultiPolygon()
    drawn = ([_ring(ring, known) for ring in rings] for rings in polygons)
    return shapely.MultiPolygon([_polygon(*rings) for rings in drawn if len(rings[0]) >= SHORTEST_RING])


def _polygon(shell: Arc, *holes: Arc) -> Geometry:
    return shapely.Polygon(shell, [hole for hole in holes if len(hole) >= SHORTEST_RING])


def _ring(numbers: Sequence[int], known: Sequence[Arc]) -> Arc:
    """Arcs end to end; ~n stands for arc n backwards; the point where two meet is not repeated."""
    pieces = [known[number] if number >= 0 else known[~number][::-1] for number in numbers]
    return np.concatenate([pieces[0], *(piece[1:] for piece in pieces[1:])])
