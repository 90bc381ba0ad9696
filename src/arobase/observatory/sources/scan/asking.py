"""The work of one shard: every answer about its domains, kept as one file. Whichever engine asks for it."""

import asyncio
from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path

from arobase.observatory.rules.answers import Answer
from arobase.observatory.rules.questions import Question, first_of, of_itself, of_others, that_follow
from arobase.observatory.sources import shards
from arobase.observatory.sources.facts import registrable
from arobase.observatory.sources.resolver import Resolver, Servers

MOST_ROUNDS = 12  # of following what answers name: an SPF tree is at most ten deep
Shard = tuple[str, ...]


@dataclass(frozen=True)
class Campaign:
    """Where facts are kept, whom to ask, and the moment that they are dated with."""

    folder: Path
    servers: Servers
    at: datetime

    def place(self, shard: Shard) -> Path:
        return shards.place(self.folder, shard)


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


async def collect(domain: str, resolver: Resolver) -> list[Answer]:
    """Every answer about a domain; when the name does not exist, that alone."""
    first = await resolver.ask(first_of(domain))
    answers: dict[Question, Answer] = {first_of(domain): first}
    organisation = registrable(domain)
    own, shared = list(of_itself(domain, first.outcome)), list(of_others(domain, answers, organisation=organisation))
    for _round in range(MOST_ROUNDS):
        if not own and not shared:
            break
        told = await asyncio.gather(*map(resolver.ask, own), *map(resolver.ask_once, shared))
        answers |= zip([*own, *shared], told, strict=True)
        own = [one for one in that_follow(domain, answers) if one not in answers]
        others = of_others(domain, answers, organisation=organisation)
        shared = list({one: None for one in others if one not in answers and one not in own})
    return list(answers.values())


async def ask(shard: Shard, resolver: Resolver) -> list[list[Answer]]:
    """Every answer about each domain of a shard, all asked at once."""
    return await asyncio.gather(*(collect(domain, resolver) for domain in shard))


def keep(shard: Shard, found: Sequence[Sequence[Answer]], campaign: Campaign, *, questions: int) -> Tally:
    """Write the facts of a shard, whole or not at all, and say what they are."""
    shards.write(campaign.place(shard), zip(shard, found, strict=True), at=campaign.at)
    outcomes = Counter(str(answer.outcome) for answers in found for answer in answers)
    return Tally(domains=len(shard), questions=questions, outcomes=outcomes)
