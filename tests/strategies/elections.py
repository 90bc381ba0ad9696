"""Small contests among lists: votes, seats, a rule and a round, with ages where they are drawn."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from hypothesis import strategies as st

from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.law import RULES, Rule
from arobase.elections.rules.seats.rounds import Outcome, outcome


@dataclass(frozen=True)
class Contest:
    """Lists, and what decides among them."""

    ballots: tuple[Ballot, ...]
    rule: Rule
    seats: int
    turn: int

    @property
    def valid(self) -> int:
        return sum(one.votes for one in self.ballots)

    def decided(self) -> Outcome:
        return outcome(self.ballots, rule=self.rule, seats=self.seats, turn=self.turn)

    def with_votes(self, name: str, votes: int) -> "Contest":
        """The same with other votes for one list."""
        return replace(
            self, ballots=tuple(replace(one, votes=votes) if one.name == name else one for one in self.ballots)
        )


def lists(votes: Sequence[int], ages: Sequence[Fraction | None] | None = None) -> tuple[Ballot, ...]:
    """Lists of so many votes, named in order, the first the oldest unless ages are given."""
    known = ages or [Fraction(60 - place) for place in range(len(votes))]
    return tuple(Ballot(f"liste {place}", number, known[place]) for place, number in enumerate(votes))


@st.composite
def contests(draw: st.DrawFn, *, most_votes: int = 5000, most_seats: int = 80, with_ages: bool = True) -> Contest:
    """Up to eight lists that together have a vote; ages all known and different, or some unknown or the same."""
    votes = draw(st.lists(st.integers(0, most_votes), min_size=1, max_size=8).filter(any))
    age = st.one_of(st.none(), st.integers(40, 43).map(Fraction))
    ages = None if with_ages else draw(st.lists(age, min_size=len(votes), max_size=len(votes)))
    return Contest(
        lists(votes, ages),
        draw(st.sampled_from(RULES)),
        draw(st.integers(1, most_seats)),
        draw(st.sampled_from([1, 2])),
    )
