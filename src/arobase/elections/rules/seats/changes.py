"""What it would take for a seat to change hands: exact, by trying."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from fractions import Fraction

from arobase.elections.rules.seats.averages import Ballot, Level
from arobase.elections.rules.seats.law import Rule
from arobase.elections.rules.seats.rounds import Outcome, outcome


@dataclass(frozen=True)
class Change:
    """The fewest votes more that give a list a seat more, or a say of ages in it, all else unchanged.

    votes       to be won
    loses       the lists that lose a seat to it (several where a majority changes hands)
    undecided   with so many votes nobody would have the majority any more, and the round would elect nobody
    tied        with so many votes the list would be level with others, and ages would decide
    level       those others; or, where `tied` is not, those it is level with now and would leave behind
    seats       how many more it would have, or (`tied`) ages would decide about; 0 where `undecided`
    """

    name: str
    votes: int
    loses: tuple[str, ...] = ()
    undecided: bool = False
    tied: bool = False
    level: tuple[str, ...] = ()
    seats: int = 0


@dataclass(frozen=True)
class Loss:
    """The fewest votes less that cost a list a seat, all else unchanged; `gains` are the lists that take it."""

    name: str
    votes: int
    gains: tuple[str, ...] = ()
    undecided: bool = False
    tied: bool = False


def next_seats(ballots: Sequence[Ballot], *, rule: Rule, seats: int, turn: int) -> Sequence[Change]:
    """For each list, what it lacks for one seat more, or to leave a tie; none for lists that have all they can."""
    trial = _Trial(tuple(ballots), rule, seats, turn)
    found = (trial.gain(place) for place in range(len(ballots)) if trial.now.elected)
    return [one for one in found if one is not None]


def last_seats(ballots: Sequence[Ballot], *, rule: Rule, seats: int, turn: int) -> Sequence[Loss]:
    """For each list that has a seat, the fewest votes whose loss costs it one; lists tied by age are left out."""
    trial = _Trial(tuple(ballots), rule, seats, turn)
    found = (trial.loss(place) for place in range(len(ballots)) if trial.now.elected)
    return [one for one in found if one is not None]


class _Trial:
    """A round, and the same round with one list's votes changed."""

    def __init__(self, ballots: tuple[Ballot, ...], rule: Rule, seats: int, turn: int) -> None:
        self._ballots, self._rule, self._seats, self._turn = ballots, rule, seats, turn
        self.now = self._with(0, 0)

    def _with(self, place: int, more: int) -> Outcome:
        changed = [replace(one, votes=one.votes + more) if at == place else one for at, one in enumerate(self._ballots)]
        return outcome(changed, rule=self._rule, seats=self._seats, turn=self._turn)

    def _by_age(self, place: int, more: int, *, first: bool) -> int:
        """Seats of the list at a place with so many votes more, were it the first (or the last) to be served by age."""
        older = first is (self._rule.level is Level.OLDER)
        trial = _Trial(
            tuple(replace(one, average_age=Fraction(older is (at == place))) for at, one in enumerate(self._ballots)),
            self._rule,
            self._seats,
            self._turn,
        )
        return trial._with(place, more).seats[self._ballots[place].name] or 0

    def gain(self, place: int) -> Change | None:
        """What the list at a place lacks for one seat more; where ages decide about it, to have it without them."""
        one = self._ballots[place]
        mine = self.now.seats[one.name]
        least = self._by_age(place, 0, first=False) if mine is None else mine
        if least >= min(self._seats, self._seats if one.candidates is None else one.candidates):
            return None

        def is_enough(more: int) -> bool:
            after = self._with(place, more)
            gained = after.seats[one.name]
            return not after.elected or (mine is not None if gained is None else gained > least)

        votes = _fewest(is_enough)
        after = self._with(place, votes)
        if not after.elected:
            return Change(one.name, votes, undecided=True)
        gained = after.seats[one.name]
        loses = tuple(name for name in self.now.seats if name != one.name and self._fewer(name, self.now, after))
        if gained is None:
            stake = self._by_age(place, votes, first=True) - self._by_age(place, votes, first=False)
            return Change(one.name, votes, loses, tied=True, level=_level_with(one.name, after), seats=stake)
        return Change(one.name, votes, loses, level=_level_with(one.name, self.now), seats=gained - least)

    def loss(self, place: int) -> Loss | None:
        """What costs the list at a place a seat."""
        one = self._ballots[place]
        mine = self.now.seats[one.name]
        if not mine:
            return None

        def is_enough(less: int) -> bool:
            after = self._with(place, -min(less, one.votes))
            return not after.elected or (left := after.seats[one.name]) is None or left < mine

        votes = _fewest(is_enough)
        after = self._with(place, -votes)
        gains = tuple(name for name in self.now.seats if name != one.name and self._fewer(name, after, self.now))
        return Loss(one.name, votes, gains if after.elected else (), not after.elected, after.seats[one.name] is None)

    @staticmethod
    def _fewer(name: str, before: Outcome, after: Outcome) -> bool:
        had, has = before.seats[name], after.seats[name]
        return had is not None and has is not None and has < had


def _level_with(name: str, found: Outcome) -> tuple[str, ...]:
    """The lists that only ages would tell from this one."""
    tied = next((names for names in found.ties if name in names), ())
    return tuple(other for other in tied if other != name)


def _fewest(is_enough: Callable[[int], bool]) -> int:
    """The least number, 1 or more, that is enough; whatever is above it is enough too."""
    most = 1
    while not is_enough(most):
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return most
