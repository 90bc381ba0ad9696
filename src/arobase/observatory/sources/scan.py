"""Asking about many domains: shard by shard, several at once, each kept as soon as it is whole."""

import asyncio
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from concurrent.futures import ProcessPoolExecutor, as_completed
from concurrent.futures.process import BrokenProcessPool
from dataclasses import dataclass, field
from datetime import datetime
from itertools import islice
from multiprocessing import get_context
from pathlib import Path

import uvloop

from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.questions import Question, of_itself, that_follow
from arobase.observatory.sources import shards
from arobase.observatory.sources.resolver import Resolver, Servers

AT_ONCE = 6  # shards that one process asks about together
MOST_ROUNDS = 12  # of following what answers name: an SPF tree is at most ten deep
MOST_BREAKS = 5
Clock = Callable[[], datetime]
Shard = tuple[str, ...]


class TooManyBreaks(RuntimeError):
    """Workers died again and again; what they finished is kept."""


@dataclass
class Tally:
    """What a scan did: domains asked about now and found done from before, questions, and how they ended."""

    domains: int = 0
    before: int = 0
    questions: int = 0
    outcomes: Counter[str] = field(default_factory=Counter)

    def add(self, other: "Tally") -> None:
        """Take in what another did."""
        self.domains += other.domains
        self.before += other.before
        self.questions += other.questions
        self.outcomes += other.outcomes


Told = Callable[[Tally], None]


async def collect(domain: str, resolver: Resolver) -> list[Answer]:
    """Every answer about a domain; when the name does not exist, that alone."""
    first = await resolver.ask(domain, "NS")
    answers: dict[Question, Answer] = {(domain, "NS"): first}
    if first.outcome in {Outcome.NO_NAME, Outcome.BAD_NAME}:
        return [first]
    ahead = [one for one in of_itself(domain) if one not in answers]
    for _round in range(MOST_ROUNDS):
        if not ahead:
            break
        told = await asyncio.gather(*(resolver.ask(*question) for question in ahead))
        answers |= zip(ahead, told, strict=True)
        ahead = list(dict.fromkeys(one for one in that_follow(domain, answers) if one not in answers))
    return list(answers.values())


def scan(domains: Iterable[str], *, folder: Path, servers: Servers, workers: int, now: Clock, tell: Told) -> Tally:
    """Ask about every domain and keep the facts below `folder`; what is there already is not asked again.

    workers  processes; a killed one costs its unfinished shards a second time, and nothing else
    tell     is told what was done since it was told before
    Raises   TooManyBreaks
    """
    total = Tally()
    groups = shards.shards(domains)
    waiting = (group for group in groups if not _is_done(group, folder, total, tell))
    for done in _done_by(waiting, folder=folder, servers=servers, workers=workers, now=now):
        total.add(done)
        tell(done)
    return total


def _is_done(group: Shard, folder: Path, total: Tally, tell: Told) -> bool:
    if not shards.place(folder, group).exists():
        return False
    found = Tally(before=len(group))
    total.add(found)
    tell(found)
    return True


def _done_by(waiting: Iterator[Shard], *, folder: Path, servers: Servers, workers: int, now: Clock) -> Iterator[Tally]:
    """Batches of shards by processes of their own; those of a broken pool are given to a new one."""
    breaks, lost = 0, list[tuple[Shard, ...]]()
    batches = iter(lambda: tuple(islice(waiting, AT_ONCE)), ())
    while True:
        with ProcessPoolExecutor(workers, mp_context=get_context("spawn")) as pool:
            try:
                yield from _pooled(pool, batches, lost, folder=folder, servers=servers, workers=workers, at=now())
            except BrokenProcessPool:
                breaks += 1
                if breaks > MOST_BREAKS:
                    raise TooManyBreaks from None
                continue
        return


def _pooled(
    pool: ProcessPoolExecutor,
    batches: Iterator[tuple[Shard, ...]],
    lost: list[tuple[Shard, ...]],
    *,
    folder: Path,
    servers: Servers,
    workers: int,
    at: datetime,
) -> Iterator[Tally]:
    """Keep two batches a worker under way, however long the list; `lost` holds what is not finished."""
    running = {pool.submit(ask_batch, batch, folder, servers, at): batch for batch in lost}
    while True:
        for batch in islice(batches, max(0, 2 * workers - len(running))):
            lost.append(batch)
            running[pool.submit(ask_batch, batch, folder, servers, at)] = batch
        if not running:
            return
        finished = next(as_completed(running))
        done = finished.result()
        lost.remove(running.pop(finished))
        yield done


def ask_batch(batch: tuple[Shard, ...], folder: Path, servers: Servers, at: datetime) -> Tally:
    """Ask about some shards together and keep each; what another worker finished meanwhile is left alone."""
    return uvloop.run(_ask_batch(batch, folder, servers, at))


async def _ask_batch(batch: tuple[Shard, ...], folder: Path, servers: Servers, at: datetime) -> Tally:
    resolver = Resolver(servers)
    try:
        tallies = await asyncio.gather(*(_ask_shard(group, folder, resolver, at) for group in batch))
    finally:
        await resolver.close()
    total = Tally(questions=resolver.asked)
    for one in tallies:
        total.add(one)
    return total


async def _ask_shard(group: Shard, folder: Path, resolver: Resolver, at: datetime) -> Tally:
    path = shards.place(folder, group)
    if path.exists():
        return Tally(before=len(group))
    found = await asyncio.gather(*(collect(domain, resolver) for domain in group))
    shards.write(path, zip(group, found, strict=True), at=at)
    outcomes = Counter(answer.outcome.value for answers in found for answer in answers)
    return Tally(domains=len(group), outcomes=outcomes)
