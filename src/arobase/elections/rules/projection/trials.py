"""Nights drawn from past polls: which stations report first, and bags drawn from their urns, well mixed or not."""

from dataclasses import dataclass
from enum import StrEnum

import numpy as np

from arobase.elections.rules.projection.night import Array, Bag, Former, Integers, Night, Station

BAG = 100
BAGS = 2
FEWEST = 2  # stations reporting, however small the share


class Reporting(StrEnum):
    """In which order stations report."""

    RANDOM = "random"
    SMALLEST = "smallest"  # voters, fewest first


@dataclass(frozen=True)
class TownPoll:
    """A past poll in one town.

    poll, town            what it is called, the town's code
    choices               K, those with votes here
    stations              S codes
    registered, voters    S
    votes                 S × K
    blank                 S, -1 where blank and null ballots are not told apart
    """

    poll: str
    town: str
    choices: tuple[str, ...]
    stations: tuple[str, ...]
    registered: Integers
    voters: Integers
    votes: Integers
    blank: Integers

    @property
    def shares(self) -> Array:
        """K: the final shares of valid votes."""
        return np.asarray(self.votes.sum(axis=0) / self.votes.sum())

    @property
    def leader(self) -> int:
        """The choice that finally won."""
        return int(self.votes.sum(axis=0).argmax())

    @property
    def urns(self) -> Integers:
        """S × (K + 2): votes, blank, null (all without a vote are null where they are not told apart)."""
        none = self.voters - self.votes.sum(axis=1)
        blank = np.clip(self.blank, 0, none)
        return np.column_stack([self.votes, blank, none - blank])


@dataclass(frozen=True)
class Row:
    """A row of the back-test's table: an order, and the share of stations that have reported."""

    reporting: Reporting
    share: float


ROWS = tuple(Row(reporting, share) for reporting in Reporting for share in (0.1, 0.25, 0.5))


def drawn_night(poll: TownPoll, former: TownPoll | None, row: Row, *, spread: float, rng: np.random.Generator) -> Night:
    """A night on which the first stations of `row` have counted two bags of 100 (the whole urn if it is smaller).

    spread   φ: how many times the variance of bags is that of draws without replacement
    """
    reporting = set(reporting_first(poll, row, rng=rng).tolist())
    before = _formers(poll, former)
    stations = tuple(
        Station(
            id=code,
            registered=int(poll.registered[place]),
            voters=int(poll.voters[place]),
            bags=drawn_bags(poll.urns[place], spread=spread, rng=rng) if place in reporting else (),
            complete=place in reporting and int(poll.voters[place]) <= BAG * BAGS,
            previous=before[place],
        )
        for place, code in enumerate(poll.stations)
    )
    return Night(choices=poll.choices, stations=stations)


def counted_night(poll: TownPoll, former: TownPoll | None, *, rows: Integers | None = None) -> Night:
    """The night with the stations at `rows` (all where None) counted whole, in one bag each."""
    inside = range(len(poll.stations)) if rows is None else {int(row) for row in rows}
    before = _formers(poll, former)
    return Night(
        choices=poll.choices,
        stations=tuple(
            Station(
                id=code,
                registered=int(poll.registered[place]),
                voters=int(poll.voters[place]),
                bags=(_bag(poll.urns[place]),) if place in inside else (),
                complete=place in inside,
                previous=before[place],
            )
            for place, code in enumerate(poll.stations)
        ),
    )


def reporting_first(poll: TownPoll, row: Row, *, rng: np.random.Generator) -> Integers:
    """The stations that report first, two at least."""
    number = min(len(poll.stations), max(FEWEST, round(row.share * len(poll.stations))))
    if row.reporting is Reporting.SMALLEST:
        return np.argsort(poll.voters, kind="stable")[:number]
    return rng.permutation(len(poll.stations))[:number]


def drawn_bags(urn: Integers, *, spread: float, rng: np.random.Generator) -> tuple[Bag, ...]:
    """Two bags drawn one after the other without replacement from an urn (K + 2: votes, blank, null).

    With φ > 1 the urn is first tied into clumps of ballots that agree, of ⌊φ⌋ and ⌊φ⌋ + 1 so mixed that E[size²] /
    E[size] = φ, and the clumps are shuffled: the urn keeps its ballots exactly, and what is drawn varies φ times as
    much.
    """
    ballots = (
        _clumped(urn, spread=spread, rng=rng) if spread > 1.0 else rng.permutation(np.repeat(np.arange(len(urn)), urn))
    )
    parts = [ballots[start : start + BAG] for start in range(0, BAG * BAGS, BAG)]
    return tuple(_bag(np.bincount(part, minlength=len(urn))) for part in parts if len(part))


def _clumped(urn: Integers, *, spread: float, rng: np.random.Generator) -> Integers:
    small = int(spread)
    in_large = spread - small  # share of ballots in the larger clumps
    kinds, sizes = [], []
    for kind, number in enumerate(urn.tolist()):
        large = round(number * in_large / (small + 1))
        whole, rest = divmod(number - large * (small + 1), small)
        clumps = [small + 1] * large + [small] * whole + [rest] * (rest > 0)
        kinds += [kind] * len(clumps)
        sizes += clumps
    order = rng.permutation(len(kinds))
    return np.repeat(np.array(kinds, dtype=np.int64)[order], np.array(sizes, dtype=np.int64)[order])


def _bag(counts: Integers) -> Bag:
    *votes, blank, null = counts.tolist()
    return Bag(ballots=int(counts.sum()), blank=blank, null=null, votes=tuple(votes))


def _formers(poll: TownPoll, former: TownPoll | None) -> list[Former | None]:
    if former is None:
        return [None] * len(poll.stations)
    place = {code: row for row, code in enumerate(former.stations)}
    return [_former(former, place[code]) if code in place else None for code in poll.stations]


def _former(former: TownPoll, row: int) -> Former:
    votes = dict(zip(former.choices, former.votes[row].tolist(), strict=True))
    return Former(registered=int(former.registered[row]), voters=int(former.voters[row]), votes=votes)
