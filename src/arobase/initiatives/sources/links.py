"""Looking whether addresses still lead somewhere: politely, one after the other, and never into a private network."""

import time
from collections.abc import Callable, Iterator, Sequence
from datetime import datetime
from urllib.parse import urlsplit

from django.conf import settings

from arobase.initiatives.actions.links import note_check
from arobase.initiatives.models import LinkCheck
from arobase.web.fetching import Outcome, fetch

PAUSE_S = 2.0  # between two pages of one host


def check(
    addresses: Sequence[str], *, clock: Callable[[], datetime], sleep: Callable[[float], None] = time.sleep
) -> Iterator[LinkCheck]:
    """Check each address once and keep what was found.

    clock   tells the time
    sleep   waits some seconds
    """
    agent = f"Arobase (+{settings.SITE_URL}/confidentialite)"
    asked: dict[str, float] = {}
    for address in addresses:
        host = urlsplit(address).netloc
        if (wait := asked.get(host, 0.0) + PAUSE_S - time.monotonic()) > 0 and host in asked:
            sleep(wait)
        found = fetch(address, agent=agent, allowed=settings.FETCH_ALLOWED)
        asked[host] = time.monotonic()
        yield note_check(
            address,
            outcome=found.outcome,
            status=found.status,
            is_nameless=found.outcome is Outcome.NO_NAME,
            at=clock(),
        )
