"""How good projections are: error, coverage, the interval score, which pays for both width and misses; and chances."""

from bisect import bisect_right
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from enum import StrEnum
from statistics import fmean

from arobase.elections.rules.projection.answers import LEVELS, Estimate, Projection


def interval_score(low: float, high: float, truth: float, *, level: int = 90) -> float:
    """Width plus 2/α times what the truth lies outside, in the unit of its arguments; α = 1 − level/100.

    T. Gneiting and A. Raftery, *Strictly Proper Scoring Rules, Prediction, and Estimation*, JASA 2007, equation 43.

    >>> interval_score(0.40, 0.50, 0.52)
    0.5
    """
    miss = max(low - truth, truth - high, 0.0)
    return round(high - low + 200.0 / (100 - level) * miss, 12)


@dataclass(frozen=True, slots=True)
class Mark:
    """One projection of the choice that finally led, against its final share."""

    estimate: Estimate
    truth: float


@dataclass(frozen=True, slots=True)
class Marks:
    """What many projections come to, in points of share; coverage in per cent by level.

    asked   nights asked for; answered of them
    """

    asked: int
    answered: int
    error: float
    coverage: dict[int, float]
    width: float
    score: float


def marks_of(marks: list[Mark | None]) -> Marks | None:
    """Mean figures of the nights that were answered (None: silent); None when none was.

    Each gives an interval of 90 %; coverage is told at the levels that all give.
    """
    told = [mark for mark in marks if mark is not None]
    if not told:
        return None
    ends = [mark.estimate.intervals[90] for mark in told]
    return Marks(
        asked=len(marks),
        answered=len(told),
        error=100 * fmean(abs(mark.estimate.share - mark.truth) for mark in told),
        coverage={
            level: 100 * fmean(_holds(mark, level) for mark in told) for level in LEVELS if _all_give(told, level)
        },
        width=100 * fmean(high - low for low, high in ends),
        score=100 * fmean(interval_score(*end, mark.truth) for end, mark in zip(ends, told, strict=True)),
    )


def _all_give(told: list[Mark], level: int) -> bool:
    return all(level in mark.estimate.intervals for mark in told)


def _holds(mark: Mark, level: int) -> bool:
    low, high = mark.estimate.intervals[level]
    return low <= mark.truth <= high


class Event(StrEnum):
    """What a chance is told of."""

    FIRST = "first"
    FIRST_TWO = "first_two"
    ORDER = "order"  # the likeliest order of the first three
    MAJORITY = "majority"  # of anyone: no second round
    TENTH = "tenth"
    TWENTIETH = "twentieth"


@dataclass(frozen=True, slots=True)
class Foretold:
    """A chance that was told, and whether it came true."""

    event: Event
    p: float
    is_true: bool


def foretold(projection: Projection, votes: Sequence[int]) -> Iterator[Foretold]:
    """What a projection told of the end, beside the end.

    votes   the final ones, in the order of the projection's choices
    """
    valid, order = sum(votes), sorted(range(len(votes)), key=lambda one: -votes[one])
    for place, one in enumerate(projection.outlooks):
        yield Foretold(Event.FIRST, one.p_first, place == order[0])
        yield Foretold(Event.TENTH, one.p_tenth, 10 * votes[place] >= valid)
        yield Foretold(Event.TWENTIETH, one.p_twentieth, 20 * votes[place] >= valid)
        if len(votes) > 2:  # noqa: PLR2004 - of two, both are among the first two
            yield Foretold(Event.FIRST_TWO, one.p_first_two, place in order[:2])
    likeliest = projection.orders[0]
    yield Foretold(Event.ORDER, likeliest.p, list(likeliest.choices) == order[: len(likeliest.choices)])
    yield Foretold(Event.MAJORITY, projection.p_majority, 2 * max(votes) > valid)


STEPS = (0.01, 0.1, 0.3, 0.5, 0.7, 0.9, 0.99)  # between classes of chances; each goes to the class that it begins
_BOUNDS = (0.0, *STEPS, 1.0)


@dataclass(frozen=True, slots=True)
class Reliability:
    """Chances of an event between two bounds: how many, their mean, and how often it came true (both 0 to 1)."""

    event: Event
    low: float
    high: float
    n: int
    told: float
    true: float


class Reliabilities:
    """Whether what is told so often comes true so often, by event and class of chance."""

    def __init__(self) -> None:
        self._sums: dict[tuple[Event, int], tuple[int, float, int]] = {}

    def add(self, one: Foretold) -> None:
        """Count one more."""
        key = one.event, bisect_right(STEPS, one.p)
        n, told, true = self._sums.get(key, (0, 0.0, 0))
        self._sums[key] = n + 1, told + one.p, true + one.is_true

    def classes(self) -> list[Reliability]:
        """The classes in which there is any, by event and chance."""
        return [
            Reliability(event, _BOUNDS[place], _BOUNDS[place + 1], n=n, told=told / n, true=true / n)
            for (event, place), (n, told, true) in sorted(self._sums.items(), key=_by_event)
        ]


def _by_event(item: tuple[tuple[Event, int], object]) -> tuple[int, int]:
    (event, place), _sums = item
    return list(Event).index(event), place
