"""How good projections are: error, coverage, and the interval score, which pays for both width and misses."""

from dataclasses import dataclass
from statistics import fmean

from arobase.elections.rules.projection.answers import LEVELS, Estimate


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
