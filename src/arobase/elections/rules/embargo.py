"""When results may be known: Code électoral, L52-2 (hours of polling: R41).

No result, partial, final or estimated, may reach the public before the last polling station has closed: of metropolitan
France; overseas, of the department; in a partial election, of the constituency. No station closes later than 20:00.
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from arobase.territories.rules.clocks import zone_of

LAST_CLOSING = time(20)  # Code électoral, R41: the prefect may put the closing off until 20:00 at most


class Scope(StrEnum):
    """Whether all of France votes that day (« élections générales ») or one constituency (« élection partielle »)."""

    GENERAL = "general"
    PARTIAL = "partial"


def ends(day: date, closings: Iterable[time], *, commune: str, scope: Scope) -> datetime:
    """When the embargo ends: aware, on the commune's clock.

    closings   the stations' hours of closing, by that clock; where none is known, the latest that the law allows
    """
    known = list(closings)
    last = max(known, default=LAST_CLOSING)
    if scope is Scope.GENERAL:
        last = max(last, LAST_CLOSING)
    return datetime.combine(day, last, tzinfo=zone_of(commune))


def holds(at: datetime, end: datetime) -> bool:
    """Whether nothing may be known yet at this moment of the server's clock."""
    return at < end


def evening(day: date, *, commune: str) -> tuple[datetime, datetime]:
    """From when to when figures may be entered: the day of the poll, and the night after it until six."""
    zone = zone_of(commune)
    return datetime.combine(day, time(), tzinfo=zone), datetime.combine(day + timedelta(days=1), time(6), tzinfo=zone)
