"""Badges: until when one is valid, and what a check of one finds."""

from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum


class Finding(StrEnum):
    """What a check of a badge finds; the first that holds, from what matters most."""

    ALTERED = "altered"
    STRANGER = "stranger"
    REVOKED = "revoked"
    NOT_YET = "not_yet"
    EXPIRED = "expired"
    VALID = "valid"


@dataclass(frozen=True)
class Window:
    """From when and until when a badge is valid, as it says itself; None where it sets no end."""

    since: datetime
    until: datetime | None


def valid_until(since: datetime, *, years: int) -> datetime:
    """The same day and hour some years later; 1 March for a 29 February that the later year lacks.

    >>> valid_until(datetime(2028, 2, 29, 18, 30), years=1).isoformat()
    '2029-03-01T18:30:00'
    """
    try:
        return since.replace(year=since.year + years)
    except ValueError:
        return since.replace(year=since.year + years, month=3, day=1)


def finding(*, is_intact: bool, is_ours: bool, is_revoked: bool, window: Window, at: datetime) -> Finding:
    """What holds of a badge that could be read.

    is_intact    its signature covers all that it says
    is_ours      a key of this site signed it, for a badge that this site knows
    is_revoked   taken back since
    """
    checks = (
        (Finding.ALTERED, not is_intact),
        (Finding.STRANGER, not is_ours),
        (Finding.REVOKED, is_revoked),
        (Finding.NOT_YET, at < window.since),
        (Finding.EXPIRED, window.until is not None and at >= window.until),
    )
    return next((found for found, holds in checks if holds), Finding.VALID)
