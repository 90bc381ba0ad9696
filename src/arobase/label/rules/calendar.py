"""When a campaign opens, closes and ends: always an instant, shown in Paris time and in the territory's own."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from enum import StrEnum
from zoneinfo import ZoneInfo

from arobase.territories.rules.clocks import PARIS


class Phase(StrEnum):
    """What a campaign is at, by its calendar."""

    BEFORE = "before"
    PARTICIPATION = "participation"
    REVIEW = "review"
    DELIBERATION = "deliberation"
    CEREMONY = "ceremony"


@dataclass(frozen=True)
class Calendar:
    """The instants of a campaign, each with its time zone.

    opens_at, closes_at   participation; what the server receives before `closes_at` is in time
    review_closes_at      jurors score from the closing until then
    deliberates_at        the jury's meeting
    ceremony_at           decisions are published from this second on
    appeal_days           days after the ceremony within which a decision may be appealed
    badge_years           years after the ceremony during which a badge is valid
    remind_days           days before the closing on which those who have not submitted are reminded
    """

    opens_at: datetime
    closes_at: datetime
    review_closes_at: datetime
    deliberates_at: datetime
    ceremony_at: datetime
    appeal_days: int
    remind_days: tuple[int, ...]
    badge_years: int = 2

    def phase(self, at: datetime) -> Phase:
        """What the campaign is at."""
        ends = (
            (Phase.BEFORE, self.opens_at),
            (Phase.PARTICIPATION, self.closes_at),
            (Phase.REVIEW, self.review_closes_at),
            (Phase.DELIBERATION, self.ceremony_at),
        )
        return next((phase for phase, end in ends if at < end), Phase.CEREMONY)

    def appeals_close_at(self) -> datetime:
        """The instant from which a decision is no longer appealed."""
        return self.ceremony_at + timedelta(days=self.appeal_days)


class BadWallTime(ValueError):
    """A wall time that does not exist, or exists twice, because clocks change in that night."""

    def __init__(self, text: str, *, is_twice: bool) -> None:
        super().__init__(f"{text} exists {'twice' if is_twice else 'never'}.")
        self.text, self.is_twice = text, is_twice


def instant(wall: datetime, *, zone: ZoneInfo = PARIS) -> datetime:
    """The instant of a wall time without a zone. Raises BadWallTime where clocks make it doubtful.

    >>> instant(datetime(2026, 10, 31, 23, 59)).isoformat()
    '2026-10-31T23:59:00+01:00'
    """
    if wall.tzinfo is not None:
        return wall
    first, second = wall.replace(tzinfo=zone, fold=0), wall.replace(tzinfo=zone, fold=1)
    if first.utcoffset() != second.utcoffset():
        exists = first.astimezone(UTC).astimezone(zone).replace(tzinfo=None) == wall
        raise BadWallTime(wall.isoformat(" ", "minutes"), is_twice=exists)
    return first


def closing_for(calendar: Calendar, extensions: Sequence[datetime]) -> datetime:
    """When participation closes for one territory: the latest of the common closing and what it was granted."""
    return max([calendar.closes_at, *extensions])


def is_in_time(calendar: Calendar, *, at: datetime, extensions: Sequence[datetime] = ()) -> bool:
    """Whether something received at an instant is in time: not before the opening, and before the closing."""
    return calendar.opens_at <= at < closing_for(calendar, extensions)


def reminders(calendar: Calendar) -> tuple[datetime, ...]:
    """The instants of the reminders, in order."""
    return tuple(calendar.closes_at - timedelta(days=days) for days in sorted(calendar.remind_days, reverse=True))
