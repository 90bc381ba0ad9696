"""When results may be known: Code électoral, L52-2 (hours of polling: R41).

No result, partial, final or estimated, may reach the public before the last polling station has closed: of metropolitan
France; overseas, of the department; in a partial election, of the constituency. No station closes later than 20:00.
What is on the web is read in metropolitan France: a result from overseas waits for both (docs/methodology).
"""

from collections.abc import Iterable
from datetime import date, datetime, time, timedelta
from enum import StrEnum

from arobase.territories.rules.clocks import PARIS, zone_of

SATURDAY = 5
# What all of France votes on at once: there is no partial election of these (kinds of `models.Kind`).
ALWAYS_GENERAL = frozenset({"presidential", "european", "referendum", "regional"})
NEVER_GENERAL = frozenset({"consultation"})
MUNICIPAL = frozenset({"municipal", "municipal_plm", "sector"})
LAST_CLOSING = time(20)  # Code électoral, R41: the prefect may put the closing off until 20:00 at most


class Scope(StrEnum):
    """Whether all of France votes that day (« élections générales ») or one constituency (« élection partielle »)."""

    GENERAL = "general"
    PARTIAL = "partial"


def ends(day: date, closings: Iterable[time], *, commune: str, scope: Scope, is_alone: bool = True) -> datetime:
    """When the embargo ends: aware, on the commune's clock.

    closings   the stations' hours of closing, by that clock; where none is known, the latest that the law allows
    is_alone   whether a partial election is the commune's alone; else another town of the constituency may close later
    """
    zone = zone_of(commune)
    last = max(closings, default=LAST_CLOSING)
    if scope is Scope.GENERAL or not is_alone:
        last = max(last, LAST_CLOSING)
    here = datetime.combine(day, last, tzinfo=zone)
    return max(here, _in_metropolitan_france(day).astimezone(zone)) if scope is Scope.GENERAL else here


def _in_metropolitan_france(day: date) -> datetime:
    """When its last station closes; west of it people vote on the Saturday before (décret 2022-648, article 5)."""
    sunday = day + timedelta(days=1) if day.weekday() == SATURDAY else day
    return datetime.combine(sunday, LAST_CLOSING, tzinfo=PARIS)


def voted_together(kind: str) -> frozenset[str]:
    """Kinds on which all of France votes when it votes on this one; none for what each town asks by itself."""
    if kind in NEVER_GENERAL:
        return frozenset()
    return MUNICIPAL if kind in MUNICIPAL else frozenset({kind})


def holds(at: datetime, end: datetime) -> bool:
    """Whether nothing may be known yet at this moment of the server's clock."""
    return at < end


def evening(day: date, *, commune: str) -> tuple[datetime, datetime]:
    """From when to when figures may be entered: the day of the poll, and the night after it until six."""
    zone = zone_of(commune)
    return datetime.combine(day, time(), tzinfo=zone), datetime.combine(day + timedelta(days=1), time(6), tzinfo=zone)
