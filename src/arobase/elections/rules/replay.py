"""A night replayed: what happens in each station and when, from results that are known, with bags drawn at random."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from types import MappingProxyType
from typing import Any

import numpy as np

from arobase.elections.rules.checks import FULL_BAG
from arobase.elections.rules.plans import Replayed
from arobase.elections.rules.states import Verb

# How long things take, in seconds: judgements, for nothing but the pace of a rehearsal hangs on them.
HOUR_GAP_S, OPENING_S, OPENING_SPREAD_S, BAG_S, BAG_SPREAD_S = 90.0, 600.0, 900.0, 540.0, 180.0
TYPING_S = 20.0  # from one bag to the next, of tables that finish theirs together
# Share of the day's voters who had come by an hour: Cogolin, 15 March 2026, its 12 stations together (the only count of
# voters by hour found; source in docs/methodology/election-night.md).
BY_HOUR = {
    "08:00": 0.0,
    "09:00": 0.084,
    "10:00": 0.201,
    "11:00": 0.362,
    "12:00": 0.532,
    "13:00": 0.633,
    "14:00": 0.726,
    "15:00": 0.821,
    "16:00": 0.907,
    "17:00": 0.958,
    "18:00": 1.0,
}
NO_TABLES: Mapping[str, int] = MappingProxyType({})


@dataclass(frozen=True)
class Step:
    """Something entered `after_s` seconds from the beginning."""

    after_s: float
    station: str
    verb: Verb
    payload: Mapping[str, Any]


def night(
    results: Mapping[str, Replayed],
    *,
    hours: Sequence[str],
    rng: np.random.Generator,
    tables: Mapping[str, int] = NO_TABLES,
) -> Sequence[Step]:
    """Everything that is entered, in the order of time.

    results   by station code; so are `tables`, each of which counts a bag while the others do (one where not told)
    hours     at which turnout is given
    rng       draws the bags without replacement, and the pace
    """
    steps = [
        step
        for code in sorted(results)
        for step in _station(code, results[code], hours, rng, tables=tables.get(code, 1))
    ]
    return sorted(steps, key=lambda step: step.after_s)


def _station(
    code: str, result: Replayed, hours: Sequence[str], rng: np.random.Generator, *, tables: int
) -> Iterator[Step]:
    ballots = sum(result.votes) + result.blank + result.null
    for place, hour in enumerate(hours):
        voters = min(result.signatures, round(result.signatures * _came_by(hour)))
        yield Step(
            place * HOUR_GAP_S + rng.uniform(0, HOUR_GAP_S / 2), code, Verb.TURNOUT, {"hour": hour, "voters": voters}
        )
    now = counted = HOUR_GAP_S * len(hours) + OPENING_S + rng.uniform(0, OPENING_SPREAD_S)
    yield Step(now, code, Verb.BOX, {"signatures": result.signatures, "envelopes": ballots})
    for number, drawn in enumerate(bags(result, rng=rng), start=1):
        if (number - 1) % tables == 0:
            counted += BAG_S + rng.uniform(-BAG_SPREAD_S, BAG_SPREAD_S)
        now = max(counted, now + TYPING_S)
        *votes, blank, null = drawn
        yield Step(now, code, Verb.BAG, {"number": number, "votes": votes, "blank": blank, "null": null})
    yield Step(now + 60, code, Verb.FINISH, {})


def bags(result: Replayed, *, rng: np.random.Generator) -> Iterator[list[int]]:
    """The station's ballots in bags of a hundred (the last one shorter), drawn without replacement.

    Each bag is votes in order, then blank, then null.
    """
    left = np.array([*result.votes, result.blank, result.null], dtype=np.int64)
    while left.sum():
        drawn = rng.multivariate_hypergeometric(left, min(FULL_BAG, int(left.sum())))
        left = left - drawn
        yield [int(one) for one in drawn]


def _came_by(hour: str) -> float:
    """Share of the voters who have come by an hour, between the hours that are known."""
    minutes = [int(one[:2]) * 60 + int(one[3:]) for one in BY_HOUR]
    return float(np.interp(int(hour[:2]) * 60 + int(hour[3:]), minutes, list(BY_HOUR.values())))
