"""An election night as it stands at one moment: what was counted, bag by bag, and what is known of each station."""

from collections.abc import Mapping
from dataclasses import dataclass
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Array = NDArray[np.float64]
Integers = NDArray[np.int64]
Mask = NDArray[np.bool_]


@dataclass(frozen=True, slots=True)
class Bag:
    """One bag (an envelope of a centaine) as it was counted; ballots = blank + null + sum(votes).

    votes   by choice, in the night's order of choices
    """

    ballots: int
    blank: int
    null: int
    votes: tuple[int, ...]


@dataclass(frozen=True, slots=True)
class Former:
    """What the same station did in the former election, whose choices have names of their own."""

    registered: int
    voters: int
    votes: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Station:
    """A polling station. A station that has not been heard from has no bags.

    voters     signatures on its register, None where they are not known yet
    complete   whether its bags are all there is
    """

    id: str
    registered: int
    voters: int | None
    bags: tuple[Bag, ...] = ()
    complete: bool = False
    previous: Former | None = None


@dataclass(frozen=True)
class Night:
    """All stations of a poll in one territory, with the choices in their official order."""

    choices: tuple[str, ...]
    stations: tuple[Station, ...]

    @cached_property
    def counted(self) -> "Counted":
        """The counts as arrays."""
        return Counted.of(self)


@dataclass(frozen=True)
class Counted:
    """The counts of S stations and K choices as arrays of whole numbers.

    votes             S × K, votes counted
    valid, ballots    S, valid votes and ballots counted
    registered        S
    voters            S, -1 where unknown; the ballots of a complete station are its voters, and no station has fewer
                      voters than ballots counted
    complete          S
    bags              S, number of bags
    """

    votes: Integers
    valid: Integers
    ballots: Integers
    registered: Integers
    voters: Integers
    complete: Mask
    bags: Integers

    @classmethod
    def of(cls, night: Night) -> "Counted":
        """Add up the bags of each station."""
        votes = np.zeros((len(night.stations), len(night.choices)), dtype=np.int64)
        ballots = np.zeros(len(night.stations), dtype=np.int64)
        for row, station in enumerate(night.stations):
            for bag in station.bags:
                votes[row] += bag.votes
                ballots[row] += bag.ballots
        complete = np.array([one.complete for one in night.stations], dtype=bool)
        told = np.array([-1 if one.voters is None else one.voters for one in night.stations], dtype=np.int64)
        known = (told >= 0) | complete
        return cls(
            votes=votes,
            valid=votes.sum(axis=1),
            ballots=ballots,
            registered=np.array([one.registered for one in night.stations], dtype=np.int64),
            voters=np.where(known, np.where(complete, ballots, np.maximum(told, ballots)), -1),
            complete=complete,
            bags=np.array([len(one.bags) for one in night.stations], dtype=np.int64),
        )

    @property
    def is_final(self) -> bool:
        """Whether nothing is left to count."""
        return bool(self.complete.all())

    def most_left(self) -> int:
        """Ballots that may still come, at most: those who signed, or all registered where signatures are unknown."""
        ceiling = np.where(self.voters >= 0, self.voters, self.registered)
        return int(np.maximum(ceiling - self.ballots, 0)[~self.complete].sum())
