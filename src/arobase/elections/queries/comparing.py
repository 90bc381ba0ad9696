"""A night beside the poll before it: the second round beside the first, or last time's lists where they stand again."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext

from arobase.elections.queries.results import Line, Night, StationResult
from arobase.elections.rules.comparing import Change, Comparison, Poll, compare


@dataclass(frozen=True)
class Beside:
    """A list that stands now beside itself then, as it is drawn: a bar, and a mark (None where it did not stand)."""

    line: Line
    change: Change

    @property
    def width(self) -> float:
        """Of the bar, out of 100."""
        return round(100 * (self.change.share_now or 0), 2)

    @property
    def mark(self) -> float | None:
        """Where it ended then, out of 100."""
        then = self.change.share_before
        return None if then is None else round(100 * then, 2)


@dataclass(frozen=True)
class Before:
    """What is compared, list by list in the order of tonight's votes; `poll` names the one before."""

    poll: str
    of: Comparison
    lists: Sequence[Beside]


def compared(night: Night) -> Before | None:
    """Stations complete now beside what they were then; None where nothing is comparable yet."""
    names = [choice.name for choice in night.choices]
    known = [one for one in night.final if one.station.former and one.count.opened]
    found = compare((_then(one.station.former), _now(one, names)) for one in known)
    if found is None or not (found.is_of_the_same or night.election.round > 1):
        return None
    polls = Counter(one.station.former["poll"] for one in known)
    changes = {one.name: one for one in found.standing}
    lists = [Beside(line, changes[line.choice.name]) for line in night.ranking if line.choice.name in changes]
    return Before(gettext(polls.most_common(1)[0][0]), found, lists)


@dataclass(frozen=True)
class TurnoutBefore:
    """Turnout at the closing last time, as shares of the registered voters of some stations.

    now          of the very same stations tonight; None before any of them has closed
    is_of_all    whether these are all stations of which tonight's turnout at the closing is known
    """

    share: float
    now: float | None
    stations: int
    is_of_all: bool


def turnout_before(night: Night) -> TurnoutBefore | None:
    """Last time's turnout in the stations closed now, like with like; while none is, in all whose result is known."""
    closed = [one for one in night.opened if one.station.former]
    known = closed or [one for one in night.stations if one.station.former and not night.opened]
    registered = sum(one.station.former["registered"] for one in known)
    if not registered:
        return None
    share = sum(one.station.former["voters"] for one in known) / registered
    envelopes = sum(one.count.opened.envelopes for one in closed if one.count.opened)
    now = envelopes / sum(one.station.registered for one in closed) if closed else None
    return TurnoutBefore(share, now, len(known), is_of_all=len(closed) == len(night.opened))


def _then(former: dict[str, Any]) -> Poll:
    return Poll(former["registered"], former["voters"], former["votes"])


def _now(one: StationResult, names: Sequence[str]) -> Poll:
    voters = one.count.opened.envelopes if one.count.opened else 0
    return Poll(one.station.registered, voters, dict(zip(names, one.ballots.votes, strict=True)))
