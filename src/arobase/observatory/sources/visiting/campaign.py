"""Visiting many sites: shard by shard, each kept as soon as it is whole, none visited twice."""

from collections.abc import Callable, Iterable, Iterator, Sequence
from datetime import datetime
from pathlib import Path

import anyio

from arobase.observatory.rules.visits import Site
from arobase.observatory.sources import shards, sites
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.visitor import Visitor

SHARDS_AT_ONCE = 6
Clock = Callable[[], datetime]


async def visit_shard(domains: Sequence[str], *, folder: Path, visitor: Visitor, now: Clock) -> int:
    """Visit the sites of a shard and keep them below `folder`; how many were visited, 0 where they are there already.

    A shard that is given twice is visited once; one that is broken off leaves nothing and is visited again.
    """
    path = sites.place(folder, domains)
    if path.exists():
        return 0
    found: dict[str, Site] = {}

    async def visited(domain: str) -> None:
        found[domain] = await visitor.visit(domain, at=now())

    async with anyio.create_task_group() as together:
        for domain in domains:
            together.start_soon(visited, domain)
    sites.write(path, (found[domain] for domain in domains))
    return len(domains)


async def visit_all(
    domains: Iterable[str], *, folder: Path, manners: Manners, now: Clock, tell: Callable[[int], None]
) -> int:
    """Visit every domain's site in one process, however long the list; how many were visited now.

    tell  is told how many more are done, visited now or before
    """
    groups, total = shards.undone(domains, folder / "sites", tell=tell), 0

    async def takes(visitor: Visitor, groups: Iterator[tuple[str, ...]]) -> None:
        nonlocal total
        for group in groups:
            count = await visit_shard(group, folder=folder, visitor=visitor, now=now)
            total += count  # not in one line: the old total would be read before the wait
            tell(len(group))

    async with Visitor(manners) as visitor, anyio.create_task_group() as together:
        for _one in range(SHARDS_AT_ONCE):
            together.start_soon(takes, visitor, groups)
    return total
