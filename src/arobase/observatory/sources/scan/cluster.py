"""The engine of several processes or machines: Dask hands shards out, and again where a worker dies."""

import asyncio
import threading
from collections.abc import Callable, Iterable
from functools import cache, partial

import uvloop

from arobase.observatory.rules.answers import Answer
from arobase.observatory.sources.resolver import Resolver
from arobase.observatory.sources.scan.asking import Campaign, Shard, Tally, ask, keep
from arobase.observatory.sources.workers import a_client, shared_out


def run(
    waiting: Iterable[Shard], campaign: Campaign, *, workers: int, scheduler: str, tell: Callable[[Tally], None]
) -> None:
    """Let processes ask about every shard; `tell` hears of each. Raises TooManyDeaths, NoScheduler."""
    with a_client(workers, scheduler) as client:
        for tally in shared_out(client, iter(waiting), partial(ask_and_keep, campaign=campaign)):
            tell(tally)


def ask_and_keep(shard: Shard, campaign: Campaign) -> Tally:
    """The task: what another worker has finished meanwhile is left alone."""
    if campaign.place(shard).exists():
        return Tally(before=len(shard))
    found, questions = _loop_of(campaign).ask(shard)
    return keep(shard, found, campaign, questions=questions)


class _Loop:
    """A process's event loop with its resolver, in a thread of its own."""

    def __init__(self, campaign: Campaign) -> None:
        self._loop = uvloop.new_event_loop()
        threading.Thread(target=self._loop.run_forever, daemon=True, name="resolver").start()
        self._resolver = asyncio.run_coroutine_threadsafe(self._start(campaign), self._loop).result()

    def ask(self, shard: Shard) -> tuple[list[list[Answer]], int]:
        """Answers, and how many questions were sent for them; blocks the calling thread only."""
        return asyncio.run_coroutine_threadsafe(self._ask(shard), self._loop).result()

    async def _start(self, campaign: Campaign) -> Resolver:
        return Resolver(campaign.servers)

    async def _ask(self, shard: Shard) -> tuple[list[list[Answer]], int]:
        return await ask(shard, self._resolver), self._resolver.newly_asked()


_starting = threading.Lock()


def _loop_of(campaign: Campaign) -> _Loop:
    """The loop of a campaign: a worker that outlives it does not answer the next one from memory."""
    with _starting:
        return _kept_loop(campaign)


@cache
def _kept_loop(campaign: Campaign) -> _Loop:
    return _Loop(campaign)
