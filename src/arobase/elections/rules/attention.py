"""Which stations the central desk should call first, and why: what is late, and what is odd."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime, time, timedelta
from enum import StrEnum

from arobase.elections.rules.checks import Finding
from arobase.elections.rules.counts import Count
from arobase.elections.rules.oddities import Odd
from arobase.elections.rules.states import State

# Opening the box and counting its envelopes takes about twenty minutes (rules/replay.py): after thirty, one calls.
SILENT_AFTER = timedelta(minutes=30)
# Towns give the prefecture its number within the half hour: at twenty minutes there is time left for a call.
HOUR_AFTER = timedelta(minutes=20)
# A bag of a hundred takes nine minutes (rules/replay.py): twenty without one is two bags missed.
STALLED_AFTER = timedelta(minutes=20)
# The record is written in two copies and read by everyone at the table before it is signed (Code électoral, R67).
UNSIGNED_AFTER = timedelta(minutes=30)


class Reason(StrEnum):
    """Why a station needs someone's attention; the first ones are the most urgent."""

    DIFFERING = "differing"
    SILENT = "silent"
    STALLED = "stalled"
    GAP = "gap"
    ODD = "odd"
    HOUR_MISSING = "hour_missing"
    UNSIGNED = "unsigned"


URGENCY = list(Reason)


@dataclass(frozen=True)
class Alert:
    """A reason to call, and since when it holds.

    facts   the figures that its sentence names: of odd figures `bag`, the place of the bag they are in, from 1
    asked   of odd figures, what was asked of whoever confirmed them
    """

    reason: Reason
    since: datetime
    facts: Mapping[str, int | str] = field(default_factory=dict)
    asked: Finding | None = None


@dataclass(frozen=True)
class Watched:
    """A station as the desk watches it.

    opens, closes   aware, by the commune's clock
    last_at         of its last entry
    hours           at which turnout is asked for
    odd             odd figures that someone confirmed (`rules.oddities`)
    by_clock        False in a rehearsal, which has its own time: only what hangs on its entries is late there
    """

    count: Count
    opens: datetime
    closes: datetime
    last_at: datetime | None
    hours: Sequence[str]
    by_clock: bool = True
    odd: Odd = field(default_factory=dict)


def alerts(station: Watched, *, at: datetime) -> tuple[Alert, ...]:
    """Everything late or odd in a station at this moment, the most urgent first; nothing where all is well."""
    found = [*_of_figures(station, at), *_of_pace(station, at), *(_of_clock(station, at) if station.by_clock else ())]
    return tuple(sorted(found, key=lambda one: URGENCY.index(one.reason)))


def urgency(found: Sequence[Alert]) -> tuple[int, datetime]:
    """By what stations are sorted: their most urgent alert, then for how long it has held."""
    return URGENCY.index(found[0].reason), found[0].since


def _of_figures(station: Watched, at: datetime) -> Iterator[Alert]:
    count, since = station.count, station.last_at or at
    if count.state is State.DIFFERING:
        yield Alert(Reason.DIFFERING, since)
    box = count.opened
    if box and box.signatures != box.envelopes and count.state is not State.SIGNED:  # signed: it is in the record
        yield Alert(Reason.GAP, since, {"signatures": box.signatures, "envelopes": box.envelopes})
    if count.state is not State.SIGNED:
        yield from _odd(station, since)


def _odd(station: Watched, since: datetime) -> Iterator[Alert]:
    numbers = {f"bag:{bag.entry}": number for number, bag in enumerate(station.count.bags, start=1)}
    for about, asked in station.odd.items():
        facts = {"bag": numbers[about]} if about in numbers else {}
        yield from (Alert(Reason.ODD, since, facts, one) for one in asked)


def _of_pace(station: Watched, at: datetime) -> Iterator[Alert]:
    if station.last_at is None:
        return
    still = at - station.last_at
    if station.count.state is State.COUNTING and still >= STALLED_AFTER:
        yield Alert(Reason.STALLED, station.last_at, {"minutes": minutes(still)})
    if station.count.state is State.COUNTED and still >= UNSIGNED_AFTER:
        yield Alert(Reason.UNSIGNED, station.last_at, {"minutes": minutes(still)})


def _of_clock(station: Watched, at: datetime) -> Iterator[Alert]:
    if station.count.state not in {State.AWAITED, State.VOTING}:
        return
    if at >= station.closes + SILENT_AFTER:
        yield Alert(Reason.SILENT, station.closes, {"minutes": minutes(at - station.closes)})
        return
    missing = [(hour, due) for hour, due in _due(station) if at >= due + HOUR_AFTER]
    if missing:
        yield Alert(Reason.HOUR_MISSING, missing[0][1], {"hours": ", ".join(hour for hour, _due_at in missing)})


def _due(station: Watched) -> Iterator[tuple[str, datetime]]:
    """Hours within the station's opening that were not given."""
    for hour in station.hours:
        due = datetime.combine(station.opens.date(), time.fromisoformat(hour), tzinfo=station.opens.tzinfo)
        if hour not in station.count.turnout and station.opens < due <= station.closes:
            yield hour, due


def minutes(span: timedelta) -> int:
    """Whole minutes."""
    return int(span.total_seconds() // 60)
