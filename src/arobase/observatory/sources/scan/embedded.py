"""The engine of one process: shards side by side on one event loop, with one resolver and its memory."""

import asyncio
from collections.abc import Callable, Iterable

import uvloop

from arobase.observatory.sources.resolver import Resolver
from arobase.observatory.sources.scan.asking import Campaign, Shard, Tally, ask, keep

MOST_SHARDS = 100  # open at once: those that wait for silent servers hold up nobody


def run(waiting: Iterable[Shard], campaign: Campaign, *, tell: Callable[[Tally], None]) -> None:
    """Ask about every shard and keep each as soon as it is whole; `tell` hears of it."""
    uvloop.run(_run(waiting, campaign, tell))


async def _run(waiting: Iterable[Shard], campaign: Campaign, tell: Callable[[Tally], None]) -> None:
    resolver = Resolver(campaign.servers)
    open_shards: set[asyncio.Task[None]] = set()

    async def one(shard: Shard) -> None:
        found = await ask(shard, resolver)
        tell(keep(shard, found, campaign, questions=resolver.newly_asked()))

    try:
        async with asyncio.TaskGroup() as group:
            for shard in waiting:
                task = group.create_task(one(shard))
                open_shards.add(task)
                task.add_done_callback(open_shards.discard)
                await _turn()
                await resolver.room()
                if len(open_shards) >= MOST_SHARDS:
                    await asyncio.wait(open_shards, return_when=asyncio.FIRST_COMPLETED)
    finally:
        resolver.close()


async def _turn() -> None:
    """Let a new shard's domains ask their first questions."""
    for _ in range(3):
        await asyncio.sleep(0)
