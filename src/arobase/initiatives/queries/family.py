"""The drawing of who inspired whom around an initiative."""

from collections.abc import Sequence
from dataclasses import dataclass

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.desk import links
from arobase.initiatives.queries.library import shown
from arobase.initiatives.rules.filiation import family

BOX, GAP_X, GAP_Y = (190, 46), 60, 16  # pixels


@dataclass(frozen=True, slots=True)
class Box:
    """An initiative in the drawing, its corner in pixels."""

    initiative: Initiative
    x: int
    y: int
    is_here: bool


@dataclass(frozen=True, slots=True)
class Arrow:
    """From the right side of the one that inspired to the left side of the one that followed."""

    path: str
    source: Initiative
    follower: Initiative


@dataclass(frozen=True, slots=True)
class Drawing:
    """All of it, with its size in pixels."""

    boxes: Sequence[Box]
    arrows: Sequence[Arrow]
    width: int
    height: int


def drawing(initiative: Initiative) -> Drawing | None:
    """The family of an initiative; None where it inspired nobody and nobody inspired it."""
    kept, spots = family(links(), initiative.pk)
    if not kept:
        return None
    named = {one.pk: one for one in shown([spot.id for spot in spots])}
    corners = {
        spot.id: (spot.generation * (BOX[0] + GAP_X), spot.rank * (BOX[1] + GAP_Y))
        for spot in spots
        if spot.id in named
    }
    boxes = [Box(named[id], x, y, id == initiative.pk) for id, (x, y) in corners.items()]
    arrows = [
        Arrow(_curve(corners[source], corners[follower]), named[source], named[follower])
        for source, follower in kept
        if source in corners and follower in corners
    ]
    width = max(x for x, _y in corners.values()) + BOX[0]
    return Drawing(boxes, arrows, width, max(y for _x, y in corners.values()) + BOX[1])


def _curve(source: tuple[int, int], follower: tuple[int, int]) -> str:
    x1, y1 = source[0] + BOX[0], source[1] + BOX[1] // 2
    x2, y2 = follower[0], follower[1] + BOX[1] // 2
    middle = (x1 + x2) // 2
    return f"M{x1},{y1}C{middle},{y1} {middle},{y2} {x2},{y2}"
