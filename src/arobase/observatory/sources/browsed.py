"""What a browser saw, on disk: a Parquet file a domain, whole or not at all; and going through many domains."""

import asyncio
import hashlib
import os
from collections import Counter, deque
from collections.abc import Callable, Iterable, Iterator
from contextlib import suppress
from pathlib import Path

import pyarrow
import pyarrow.parquet
from playwright.async_api import Browser, Error
from pydantic import TypeAdapter

from arobase.observatory.rules.browsing import Browsing, Moment, Phase
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.browsing import Clock, Manner, browse, running_chromium

SCHEMA = pyarrow.schema(
    [("domain", pyarrow.string()), ("browsed_at", pyarrow.timestamp("s", tz="UTC")), ("document", pyarrow.string())]
)
DOCUMENT = TypeAdapter(Browsing)
MOST_DEATHS = 2  # of a browser, while a domain was looked at
Told = Callable[[Browsing], None]


def place(folder: Path, domain: str) -> Path:
    """Where a domain's document belongs, however often it is browsed."""
    return folder / "browsing" / f"{hashlib.sha256(domain.encode()).hexdigest()[:20]}.parquet"


def write(folder: Path, browsing: Browsing) -> None:
    """Keep a document; whoever reads meanwhile sees the one before or this one."""
    path = place(folder, browsing.domain)
    row = {
        "domain": browsing.domain,
        "browsed_at": browsing.browsed_at,
        "document": DOCUMENT.dump_json(browsing).decode(),
    }
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(f".{os.getpid()}.partial")
    pyarrow.parquet.write_table(pyarrow.Table.from_pylist([row], schema=SCHEMA), partial, compression="zstd")
    partial.replace(path)


def read(folder: Path) -> Iterator[Browsing]:
    """Every document below a folder, in the order of their places."""
    for path in sorted((folder / "browsing").glob("*.parquet")):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            yield DOCUMENT.validate_json(row["document"])


def browse_all(
    domains: Iterable[str],
    *,
    folder: Path,
    manner: Manner,
    now: Clock,
    tell: Told,
    at_once: int = 2,
) -> int:
    """Browse every domain that is not there yet, keep each as soon as it is seen, and tell of it; how many were there.

    at_once  domains in one browser at a time; one that dies is started anew, and what it was at is browsed again
    Raises   ChromiumFailed
    """
    named = list(dict.fromkeys(domains))
    waiting = [one for one in named if not place(folder, one).exists()]

    def keep(browsing: Browsing) -> None:
        write(folder, browsing)
        tell(browsing)

    if waiting:
        asyncio.run(_browse_all(waiting, manner=manner, now=now, keep=keep, at_once=at_once))
    return len(named) - len(waiting)


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
