"""One keeper of turns for all processes that visit: Dask's scheduler, whom every worker can ask.

However sites were shared out, a host or address is asked no more often than agreed: where a redirect leads, and whose
address a name has today, is only known while one visits.
"""

import asyncio
import time
from typing import Any

import anyio
from distributed import Scheduler, SchedulerPlugin, Worker, get_worker

from arobase.observatory.sources.visiting.turns import Book

HANDLER = "arobase_turn"


class TurnKeeper(SchedulerPlugin):
    """Lives in the scheduler, and in it once: two commands that visit at the same time wait for each other."""

    name = "arobase-turns"
    idempotent = True

    def __init__(self) -> None:
        self._book = Book()

    async def start(self, scheduler: Scheduler) -> None:
        """Answer workers from now on."""
        scheduler.handlers[HANDLER] = self.turn

    def turn(self, whom: str, pause_s: float) -> float:
        """Seconds until whoever asks may ask `whom`."""
        return self._book.reserve(whom, pause_s, now=time.monotonic())


class KeeperGone(RuntimeError):
    """The scheduler does not answer: the visit ends, for it would be no finding about the site."""


class SharedTurns:
    """Turns of a worker, asked of the keeper."""

    def __init__(self, worker: Worker | None = None) -> None:
        self._worker: Any = worker or get_worker()

    async def wait(self, whom: str, pause_s: float) -> None:
        """Return when it is one's turn among all workers. Raises KeeperGone."""
        if not pause_s:
            return
        asking = getattr(self._worker.scheduler, HANDLER)(whom=whom, pause_s=pause_s)
        try:
            wait_s = await asyncio.wrap_future(asyncio.run_coroutine_threadsafe(asking, self._worker.loop.asyncio_loop))
        except OSError as error:
            raise KeeperGone(whom) from error
        if wait_s:
            await anyio.sleep(wait_s)
