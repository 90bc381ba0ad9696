"""Visiting many sites with several processes or machines: Dask hands shards out, and again where a worker dies."""

import threading
from collections.abc import Callable, Iterable, Iterator
from datetime import datetime
from functools import partial
from pathlib import Path

import uvloop

from arobase.observatory.sources import shards
from arobase.observatory.sources.visiting.campaign import SHARDS_AT_ONCE, Clock, visit_shard
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.turn_keeper import SharedTurns, TurnKeeper
from arobase.observatory.sources.visiting.visitor import Visitor
from arobase.observatory.sources.workers import a_client, shared_out

Handed = tuple[tuple[str, ...], datetime]  # a shard, and when it was handed out
_room = threading.BoundedSemaphore(SHARDS_AT_ONCE)  # of one process, however many threads its tasks have


def visit_all(
    domains: Iterable[str],
    *,
    folder: Path,
    manners: Manners,
    now: Clock,
    workers: int,
    scheduler: str,
    tell: Callable[[int], None],
) -> int:
    """Let processes visit every domain's site, however long the list; how many were visited now.

    A site is dated with the moment at which its shard was handed out. Turns at a host and at an address hold among all.
    Raises  TooManyDeaths, NoScheduler
    """
    total = 0

    def waiting() -> Iterator[Handed]:
        for shard in shards.undone(domains, folder / "sites", tell=tell):
            yield shard, now()

    with a_client(workers, scheduler) as client:
        client.register_plugin(TurnKeeper())
        task = partial(visit_and_keep, folder=folder, manners=manners)
        for visited, asked in shared_out(client, waiting(), task):
            total += visited
            tell(asked)
    return total


def visit_and_keep(handed: Handed, folder: Path, manners: Manners) -> tuple[int, int]:
    """The task: visit a shard that nobody has finished meanwhile; how many were visited, of how many."""
    shard, at = handed

    async def whole() -> int:
        async with Visitor(manners, turns=SharedTurns()) as visitor:
            return await visit_shard(shard, folder=folder, visitor=visitor, now=lambda: at)

    with _room:
        return uvloop.run(whole()), len(shard)
