"""Going through many domains with one browser: each kept as soon as it is seen, a browser that dies started anew."""

import asyncio
from collections import Counter, deque
from collections.abc import Callable, Iterable
from contextlib import suppress
from datetime import datetime
from pathlib import Path

from playwright.async_api import Browser, Error

from arobase.observatory.rules.browsing import Browsing, Moment, Phase
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.browsed import latest, place, write
from arobase.observatory.sources.browsing import Clock, Manner, browse, running_chromium

MOST_DEATHS = 2  # of a browser, while a domain was looked at
Told = Callable[[Browsing], None]


def browse_all(
    domains: Iterable[str],
    *,
    folder: Path,
    manner: Manner,
    now: Clock,
    tell: Told,
    at_once: int = 2,
    since: datetime | None = None,
) -> int:
    """Browse every domain that is not there yet, keep each as soon as it is seen, and tell of it; how many were there.

    since    what was seen before is seen again
    at_once  domains in one browser at a time; one that dies is started anew, and what it was at is browsed again
    Raises   ChromiumFailed
    """
    named = list(dict.fromkeys(domains))
    there = {one for one in named if _is_there(folder, one, since)}
    waiting = [one for one in named if one not in there]

    def keep(browsing: Browsing) -> None:
        write(folder, browsing)
        tell(browsing)

    if waiting:
        asyncio.run(_browse_all(waiting, manner=manner, now=now, keep=keep, at_once=at_once))
    return len(there)


def _is_there(folder: Path, domain: str, since: datetime | None) -> bool:
    if since is None:
        return place(folder, domain).exists()
    kept = latest([folder], domain)
    return kept is not None and kept.browsed_at >= since


async def _browse_all(waiting: list[str], *, manner: Manner, now: Clock, keep: Told, at_once: int) -> None:
    left = deque(waiting)
    deaths = Counter[str]()
    while left:
        async with running_chromium(manner) as browser:
            await asyncio.gather(
                *(_take(left, deaths, browser, manner=manner, now=now, keep=keep) for _one in range(at_once))
            )


async def _take(
    left: deque[str], deaths: Counter[str], browser: Browser, *, manner: Manner, now: Clock, keep: Told
) -> None:
    """Take domains one by one until none is left or the browser dies; who was there each time is given up."""
    while left and browser.is_connected():
        domain = left.popleft()
        found: Browsing | None = None
        with suppress(Error):
            found = await browse(domain, browser, manner=manner, now=now)
        if browser.is_connected() and found:
            keep(found)
            continue
        deaths[domain] += 1
        if deaths[domain] < MOST_DEATHS:
            left.append(domain)
        else:
            keep(Browsing(domain, now(), Phase(Moment.BEFORE, Ending.UNREADABLE, is_crashed=True)))
