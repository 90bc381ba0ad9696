"""The engine of several processes or machines: Dask hands shards out, and again where a worker dies.

A task keeps its facts itself and returns a count: what a dead worker had finished is found on disk, not asked again.
"""

import asyncio
import logging
import threading
from collections.abc import Callable, Iterable, Iterator
from contextlib import contextmanager
from functools import cache
from itertools import islice
from typing import TYPE_CHECKING

import uvloop

from arobase.observatory.rules.answers import Answer
from arobase.observatory.sources.resolver import Resolver
from arobase.observatory.sources.scan.asking import Campaign, Shard, Tally, ask, keep

if TYPE_CHECKING:
    from distributed import Client, Future

# A task only waits, in a thread, for its process's event loop: so many shards one process asks about at once.
THREADS = 16
MOST_DEATHS = 10  # of workers that had the same shard
RETRIES = 2
SETTINGS = {
    "distributed.scheduler.allowed-failures": MOST_DEATHS,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "logging": {},
}
PATIENCE_S = 10


class TooManyDeaths(RuntimeError):
    """Workers died again and again, or the scheduler went away; what they finished is kept."""


class NoScheduler(RuntimeError):
    """Nothing answers at the address of the scheduler."""


def run(
    waiting: Iterable[Shard], campaign: Campaign, *, workers: int, scheduler: str, tell: Callable[[Tally], None]
) -> None:
    """Let processes ask about every shard; `tell` hears of each.

    workers    processes to start here, where `scheduler` is empty
    scheduler  address of a running one, such as tcp://host:8786; its workers need this package and the same folder
    Raises     TooManyDeaths, NoScheduler
    """
    with _client(workers, scheduler) as client:
        for tally in _shared_out(client, iter(waiting), campaign):
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


def _shared_out(client: "Client", waiting: Iterator[Shard], campaign: Campaign) -> Iterator[Tally]:
    """Tallies as they come; twice as many tasks under way as threads wait, however long the list."""
    from distributed import KilledWorker, as_completed  # slow import

    under_way = as_completed(_submitted(client, waiting, campaign, _room(client)))
    try:
        for future in under_way:
            yield future.result()
            for more in _submitted(client, waiting, campaign, _room(client) - under_way.count()):
                under_way.add(more)
    except (KilledWorker, asyncio.CancelledError, OSError) as error:
        raise TooManyDeaths(str(error)) from error


def _room(client: "Client") -> int:
    return 2 * max(1, sum(client.nthreads().values()))


def _submitted(client: "Client", waiting: Iterator[Shard], campaign: Campaign, number: int) -> "list[Future]":
    return [
        client.submit(ask_and_keep, shard, campaign, pure=False, retries=RETRIES)
        for shard in islice(waiting, max(0, number))
    ]


@contextmanager
def _client(workers: int, scheduler: str) -> "Iterator[Client]":
    """A client of a running scheduler, or of one that lives as long as the block, on loopback and without pages."""
    import dask  # slow import
    from distributed import Client, LocalCluster  # slow import

    for name in ("distributed", "tornado", "asyncio"):
        logging.getLogger(name).setLevel(logging.CRITICAL)
    with dask.config.set(SETTINGS):
        if scheduler:
            try:
                with Client(scheduler, timeout=PATIENCE_S) as client:
                    yield client
            except (OSError, ValueError) as error:
                raise NoScheduler(f"{scheduler}: {error}") from error
            return
        with (
            LocalCluster(
                n_workers=workers,
                threads_per_worker=THREADS,
                processes=True,
                host="127.0.0.1",
                dashboard_address="127.0.0.1:0",  # Dask opens a port whatever it is told; ours answers nothing
                scheduler_kwargs={"dashboard": False},
                memory_limit=None,
                silence_logs=logging.CRITICAL,
            ) as cluster,
            Client(cluster) as client,
        ):
            yield client
