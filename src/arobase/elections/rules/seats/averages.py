"""Highest averages (« plus forte moyenne »): the method of D'Hondt, exact, with the ties of the law.

The law first gives each list its votes divided by the electoral quotient, then the seats left by highest averages: the
result is that of highest averages from the first seat (Balinski and Young, Fair Representation, 2001, appendix A).
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from fractions import Fraction


@dataclass(frozen=True)
class Ballot:
    """A list: name, valid votes, average age in years where known, number of candidates (None: as many as seats)."""

    name: str
    votes: int
    average_age: Fraction | None = None
    candidates: int | None = None


@dataclass(frozen=True)
class Shared:
    """Seats by list; None for lists among which only ages that are not known could decide."""

    seats: Mapping[str, int | None]
    ties: tuple[tuple[str, ...], ...] = ()


def highest_averages(ballots: Sequence[Ballot], seats: int) -> Shared:
    """Share seats out.

    The last seat, where averages are equal, goes to the list with more votes, then to the older one on average (Code
    électoral, L262).
    """
    averages = sorted(
        (
            (Fraction(one.votes, number), one.votes, one)
            for one in ballots
            if one.votes
            for number in range(1, seats + 1)
        ),
        key=lambda found: (-found[0], -found[1]),
    )
    given = {one.name: 0 for one in ballots}
    for _average, _votes, one in averages[:seats]:
        given[one.name] += 1
    if len(averages) <= seats or seats <= 0:
        return Shared(given)
    last = averages[seats - 1][:2]
    level = [one for average, votes, one in averages if (average, votes) == last]
    taken = sum(1 for average, votes, _one in averages[:seats] if (average, votes) == last)
    return Shared(given) if taken == len(level) else _by_age(given, level, taken)


def _by_age(given: dict[str, int], level: Sequence[Ballot], taken: int) -> Shared:
    """Of lists level in average and votes, the oldest on average take the seats left."""
    sure = {**given}
    for one in level[:taken]:
        sure[one.name] -= 1
    if all(one.average_age is not None for one in level):
        oldest = sorted(level, key=lambda one: one.average_age or 0, reverse=True)
        if oldest[taken - 1].average_age != oldest[taken].average_age:
            for one in oldest[:taken]:
                sure[one.name] += 1
            return Shared(sure)
    names = tuple(one.name for one in level)
    return Shared({name: None if name in names else seats for name, seats in sure.items()}, (names,))
