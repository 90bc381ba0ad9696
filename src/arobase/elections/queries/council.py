"""Who sits in the council once all is counted: seats, or who may stand again, and what the next seat hangs on."""

from collections.abc import Sequence
from dataclasses import dataclass
from decimal import Decimal
from fractions import Fraction

from arobase.elections.models import Kind
from arobase.elections.queries.results import Line, Night
from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.changes import Change, next_seats
from arobase.elections.rules.seats.law import Kind as Shared
from arobase.elections.rules.seats.law import NoRule, Rule, rule_of
from arobase.elections.rules.seats.rounds import Outcome, outcome

SHARED = {Kind.MUNICIPAL: Shared.MUNICIPAL, Kind.MUNICIPAL_PLM: Shared.MUNICIPAL_PLM}


@dataclass(frozen=True)
class Council:
    """What the round decided.

    seats    lists with their seats (None where only ages could decide), those with most first
    stays    lists that may stand in round two; `merges`: lists that may join one of them
    nearest  the change of seat that fewest votes would make; None where there is none
    """

    of: int
    outcome: Outcome
    rule: Rule
    seats: Sequence[tuple[Line, int | None]]
    stays: Sequence[Line]
    merges: Sequence[Line]
    nearest: Change | None


def council(night: Night) -> Council | None:
    """Seats of the town's council by the final count; None before it, or where no seats are shared among lists."""
    kind, of = SHARED.get(Kind(night.election.kind)), night.election.seats
    if kind is None or of is None or not night.is_final or not night.ballots.valid:
        return None
    try:
        rule = rule_of(kind, night.election.day.year)
    except NoRule:
        return None
    ballots = [Ballot(one.choice.name, one.votes, _age(one.choice.average_age)) for one in night.lines]
    turn = night.election.round
    decided = outcome(ballots, rule=rule, seats=of, turn=turn)
    changes = next_seats(ballots, rule=rule, seats=of, turn=turn)
    return Council(
        of=of,
        outcome=decided,
        rule=rule,
        seats=_seated(night, decided),
        stays=[line for line in night.ranking if line.choice.name in decided.stays],
        merges=[line for line in night.ranking if line.choice.name in decided.merges],
        nearest=min((one for one in changes if not one.tied), key=lambda change: change.votes, default=None),
    )


def _seated(night: Night, decided: Outcome) -> Sequence[tuple[Line, int | None]]:
    found = [(line, decided.seats[line.choice.name]) for line in night.ranking]
    return [(line, seats) for line, seats in found if seats is None or seats]


def _age(kept: Decimal | None) -> Fraction | None:
    return None if kept is None else Fraction(kept)
