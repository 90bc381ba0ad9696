"""Processes that share work out: Dask's, started here or running elsewhere.

A task keeps what it finds itself and returns a count: what a dead worker had finished is found on disk, not done again.
"""

import asyncio
import logging
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from itertools import islice
from typing import TYPE_CHECKING, TypeVar

if TYPE_CHECKING:
    from distributed import Client, Future

THREADS = 16  # of a process: a task only waits
MOST_DEATHS = 10  # of workers that had the same task
RETRIES = 2
SETTINGS = {
    "distributed.scheduler.allowed-failures": MOST_DEATHS,
    "distributed.scheduler.http.routes": [],
    "distributed.worker.http.routes": [],
    "logging": {},
}
PATIENCE_S = 10
Item = TypeVar("Item")
Result = TypeVar("Result")


class TooManyDeaths(RuntimeError):
    """Workers died again and again, or the scheduler went away; what they finished is kept."""


class NoScheduler(RuntimeError):
    """Nothing answers at the address of the scheduler."""


def shared_out(client: "Client", waiting: Iterator[Item], task: Callable[[Item], Result]) -> Iterator[Result]:
    """Results as they come; twice as many tasks under way as threads wait, however long the list.

    task    may run twice where a worker dies, and must leave the same behind
    Raises  TooManyDeaths
    """
    from distributed import KilledWorker, as_completed  # slow import

    under_way = as_completed(_submitted(client, waiting, task, _room(client)))
    try:
        for future in under_way:
            yield future.result()
            for more in _submitted(client, waiting, task, _room(client) - under_way.count()):
                under_way.add(more)
    except (KilledWorker, asyncio.CancelledError, OSError) as error:
        raise TooManyDeaths(str(error)) from error


def _room(client: "Client") -> int:
    return 2 * max(1, sum(client.nthreads().values()))


def _submitted(
    client: "Client", waiting: Iterator[Item], task: Callable[[Item], Result], number: int
) -> "list[Future]":
    return [client.submit(task, item, pure=False, retries=RETRIES) for item in islice(waiting, max(0, number))]


@contextmanager
def a_client(workers: int, scheduler: str) -> "Iterator[Client]":
    """A client of a running scheduler, or of one that lives as long as the block, on loopback and without pages.

    workers    processes to start here, where `scheduler` is empty
    scheduler  address of a running one, such as tcp://host:8786; its workers need this package and the same folder
    Raises     NoScheduler
    """
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
