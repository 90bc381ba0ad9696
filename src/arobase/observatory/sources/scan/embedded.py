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
    under_way: set[asyncio.Task[None]] = set()

    async def one(shard: Shard) -> None:
        found = await ask(shard, resolver)
        tell(keep(shard, found, campaign, questions=resolver.newly_asked()))

    try:
        for shard in waiting:
            under_way.add(asyncio.create_task(one(shard)))
            await _turn()
            await resolver.room()
            under_way = await _rest(under_way, most=MOST_SHARDS - 1)
        await _rest(under_way, most=0)
    finally:
        resolver.close()


async def _rest(under_way: set[asyncio.Task[None]], *, most: int) -> set[asyncio.Task[None]]:
    """What is still under way once no more than `most` are; what went wrong in one is raised here."""
    ended = {one for one in under_way if one.done()}
    left = under_way - ended
    while len(left) > most:
        more, left = await asyncio.wait(left, return_when=asyncio.FIRST_COMPLETED)
        ended |= more
    for one in ended:
        one.result()
    return left


async def _turn() -> None:
    """Let a new shard's domains ask their first questions."""
    for _ in range(3):
        await asyncio.sleep(0)
