"""Where a number goes on a drawing, and which numbers stand on its axis."""

from collections.abc import Sequence
from itertools import count


def nice_ticks(highest: int, *, most: int = 5) -> tuple[int, ...]:
    """Whole steps of 1, 2 or 5 × 10ⁿ from 0 to at least `highest`, at most `most` of them above 0.

    >>> nice_ticks(356), nice_ticks(3), nice_ticks(0)
    ((0, 100, 200, 300, 400), (0, 1, 2, 3), (0, 1))
    """
    top = max(highest, 1)
    steps = (digit * 10**power for power in count() for digit in (1, 2, 5))
    step = next(step for step in steps if -(-top // step) <= most)
    return tuple(range(0, top + step, step))[: -(-top // step) + 1]


def labelled(labels: Sequence[str], *, most: int) -> tuple[bool, ...]:
    """Which labels of an axis are written so that at most `most` are: the last one always, the others evenly.

    >>> labelled(["2021", "2022", "2023", "2024", "2025"], most=3)
    (True, False, True, False, True)
    """
    step = -(-len(labels) // most) if labels else 1
    return tuple((len(labels) - 1 - place) % step == 0 for place in range(len(labels)))
