"""Whether an address that shows an initiative still leads somewhere, told from what its checks found."""

from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

CERTAIN = timedelta(days=7)  # of failing, before what may be a bad day is called dead
OFTEN = 3  # checks that failed in that time
GONE = frozenset({404, 410})
GUARDED = frozenset({401, 403, 405, 406, 429})  # somebody is there, who answers people and not us


class LinkState(StrEnum):
    """What is known of an address."""

    ALIVE = "alive"
    FAILING = "failing"
    DEAD = "dead"


@dataclass(frozen=True)
class Link:
    """An address as its checks left it; `failing_since` and `failures` count from the last time it answered."""

    state: LinkState
    failing_since: datetime | None = None
    failures: int = 0


def is_there(status: int | None) -> bool:
    """Whether somebody answers there; None where nothing did."""
    return status is not None and (status < 400 or status in GUARDED)  # noqa: PLR2004 - HTTP


def after_check(link: Link | None, status: int | None, *, at: datetime, is_nameless: bool = False) -> Link:
    """What is known after one more check.

    status        of the last answer; None where nothing answered
    is_nameless   the host's name does not exist

    Gone or without a name is dead at once; a time-out or a broken server may be a bad day, and is dead after OFTEN
    checks over CERTAIN.

    >>> after_check(None, 404, at=datetime(2026, 11, 24)).state
    <LinkState.DEAD: 'dead'>
    """
    if is_there(status):
        return Link(LinkState.ALIVE)
    since = (link.failing_since if link else None) or at
    failures = (link.failures if link else 0) + 1
    is_dead = is_nameless or status in GONE or (failures >= OFTEN and at - since >= CERTAIN)
    return Link(LinkState.DEAD if is_dead else LinkState.FAILING, since, failures)


def is_due(state: LinkState, checked_at: datetime, *, at: datetime) -> bool:
    """Whether an address is to be looked at again: what fails tomorrow, everything else a week later."""
    return at - checked_at >= (timedelta(days=1) if state is LinkState.FAILING else timedelta(days=7))
