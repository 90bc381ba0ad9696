"""What it would take for a seat to change hands: exact, by trying."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.law import Rule
from arobase.elections.rules.seats.rounds import Outcome, outcome


@dataclass(frozen=True)
class Change:
    """The fewest votes more that give a list a seat more, all else unchanged.

    votes       to be won
    loses       the lists that lose a seat to it (several where a majority changes hands)
    undecided   with so many votes nobody would have the majority any more, and the round would elect nobody
    """

    name: str
    votes: int
    loses: tuple[str, ...] = ()
    undecided: bool = False


def next_seats(ballots: Sequence[Ballot], *, rule: Rule, seats: int, turn: int) -> Sequence[Change]:
    """For each list, what it lacks for one more seat; lists that have all seats, or are tied by age, are left out."""
    now = outcome(ballots, rule=rule, seats=seats, turn=turn)
    if not now.elected:
        return []
    found = (_next(place, ballots, now, rule=rule, seats=seats, turn=turn) for place in range(len(ballots)))
    return [one for one in found if one is not None]


def _next(place: int, ballots: Sequence[Ballot], now: Outcome, *, rule: Rule, seats: int, turn: int) -> Change | None:
    mine = now.seats[ballots[place].name]
    if mine is None or mine >= seats or mine == ballots[place].candidates:
        return None

    def then(more: int) -> Outcome:
        grown = [replace(one, votes=one.votes + more) if at == place else one for at, one in enumerate(ballots)]
        return outcome(grown, rule=rule, seats=seats, turn=turn)

    def is_enough(more: int) -> bool:
        after = then(more)
        gained = after.seats[ballots[place].name]
        return not after.elected or gained is None or gained > mine

    most = 1
    while not is_enough(most):
        most *= 2
    least = most // 2
    while most - least > 1:
        middle = (least + most) // 2
        least, most = (least, middle) if is_enough(middle) else (middle, most)
    return _told(ballots[place].name, most, now, then(most))


def _told(name: str, votes: int, now: Outcome, after: Outcome) -> Change:
    if not after.elected:
        return Change(name, votes, undecided=True)
    loses = tuple(
        other
        for other, seats in now.seats.items()
        if other != name and seats is not None and (then := after.seats[other]) is not None and then < seats
    )
    return Change(name, votes, loses)
