"""Quotient, then highest averages (« plus forte moyenne »), exact, with the ties of the law.

Each list first takes its votes divided by the electoral quotient; the seats left go one by one to the highest average.
The result is D'Hondt's, which never gives less than the quotient (Balinski and Young, Fair Representation, 2001).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction


class Level(StrEnum):
    """Which of two lists level in average and in votes takes the last seat: by the average age of its candidates."""

    OLDER = "older"
    YOUNGER = "younger"


@dataclass(frozen=True)
class Ballot:
    """A list: name, valid votes, average age in years where known, number of candidates (None: as many as seats)."""

    name: str
    votes: int
    average_age: Fraction | None = None
    candidates: int | None = None


@dataclass(frozen=True)
class Shared:
    """Seats by list; None for lists among which only ages that are not known could decide.

    ties     the lists that ages would decide among
    by_age   the lists that ages did decide among
    """

    seats: Mapping[str, int | None]
    ties: tuple[tuple[str, ...], ...] = ()
    by_age: tuple[str, ...] = ()


@dataclass(frozen=True)
class Precedence:
    """Lists put in order by age: who is surely served, who is level still, and whether ages had a say."""

    served: tuple[Ballot, ...]
    level: tuple[Ballot, ...]


def highest_averages(ballots: Sequence[Ballot], seats: int, *, level: Level = Level.OLDER) -> Shared:
    """Share seats out among the lists admitted.

    seats   0 or more; they are all given unless no list has a vote or a tie stays open
    level   who takes the last seat where averages and votes are equal (L262, L338; loi 77-729, article 3)

    >>> dict(highest_averages([Ballot("A", 884), Ballot("B", 544)], 9).seats)
    {'A': 6, 'B': 3}
    """
    given = _by_quotient(ballots, seats)
    left = seats - sum(given.values())
    while left > 0 and any(one.votes for one in ballots):
        best = _best(ballots, given)
        if len(best) > left:
            return _by_age(given, by_age(best, left, level=level), names=tuple(one.name for one in best))
        given.update({one.name: given[one.name] + 1 for one in best})
        left -= len(best)
    return Shared(given)


def by_age(level_lists: Sequence[Ballot], places: int, *, level: Level) -> Precedence:
    """Which lists take places that are fewer than they are, by average age; all stay level where one is unknown."""
    if any(one.average_age is None for one in level_lists):
        return Precedence((), tuple(level_lists))
    sign = -1 if level is Level.OLDER else 1
    ranked = sorted((sign * (one.average_age or 0), at, one) for at, one in enumerate(level_lists))
    last = ranked[places - 1][0]
    if ranked[places][0] != last:
        return Precedence(tuple(one for _age, _at, one in ranked[:places]), ())
    return Precedence(
        tuple(one for age, _at, one in ranked if age < last), tuple(one for age, _at, one in ranked if age == last)
    )


def _by_quotient(ballots: Sequence[Ballot], seats: int) -> dict[str, int]:
    total = sum(one.votes for one in ballots)
    return {one.name: one.votes * seats // total if total else 0 for one in ballots}


def _best(ballots: Sequence[Ballot], given: Mapping[str, int]) -> list[Ballot]:
    """The lists with the highest average for one seat more, and of these those with most votes."""
    ranks = [(Fraction(one.votes, given[one.name] + 1), one.votes) for one in ballots]
    return [one for one, rank in zip(ballots, ranks, strict=True) if rank == max(ranks)]


def _by_age(given: Mapping[str, int], order: Precedence, *, names: tuple[str, ...]) -> Shared:
    seats: dict[str, int | None] = {**given}
    seats.update({one.name: given[one.name] + 1 for one in order.served})
    if not order.level:
        return Shared(seats, by_age=names)
    tied = tuple(one.name for one in order.level)
    return Shared({**seats, **dict.fromkeys(tied, None)}, ties=(tied,), by_age=names if order.served else ())
