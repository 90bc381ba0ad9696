"""Who sits in the council once all is counted: seats, or who may stand again, and what the next seat hangs on."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from decimal import Decimal
from fractions import Fraction

from arobase.elections.models import Election, Kind
from arobase.elections.queries.disputed import disputed
from arobase.elections.queries.results import Line, Night
from arobase.elections.rules.seats.averages import Ballot
from arobase.elections.rules.seats.changes import Change, next_seats
from arobase.elections.rules.seats.law import Kind as Shared
from arobase.elections.rules.seats.law import NoRule, Rule, may_be_incomplete, rule_of
from arobase.elections.rules.seats.rounds import Outcome, has_majority, outcome

SHARED = {
    Kind.MUNICIPAL: Shared.MUNICIPAL,
    Kind.MUNICIPAL_PLM: Shared.MUNICIPAL_PLM,
    Kind.SECTOR: Shared.SECTOR,
}
# Community councillors: those of Paris and Marseille by the rule of their council (L273-8 with L272-4-1).
WITH_COMMUNITY = {Kind.MUNICIPAL: Shared.COMMUNITY, Kind.MUNICIPAL_PLM: Shared.MUNICIPAL_PLM}
Seated = Sequence[tuple[Line, int | None]]


@dataclass(frozen=True)
class Community:
    """Seats of the intercommunal council that the same ballot fills: how many, by which rule, whose."""

    of: int
    rule: Rule
    seats: Seated


@dataclass(frozen=True)
class Council:
    """What the round decided.

    seats    lists with their seats (None where only ages could decide), those with most first
    stays    lists that may stand in round two; `merges`: lists that may join one of them
    nearest  the change that fewest votes would make, a tie included: of these, of most seats; None where there is none
    complete lists that may have fewer names than seats, but whose number of names is not known
    community  seats of the intercommunal council, where the same ballot fills them
    """

    of: int
    outcome: Outcome
    rule: Rule
    seats: Seated
    stays: Sequence[Line]
    merges: Sequence[Line]
    nearest: Change | None
    complete: Sequence[Line]
    community: Community | None

    @property
    def disputed(self) -> str:
        """What the nearest change is, in words; empty where there is none."""
        return disputed(self.nearest) if self.nearest else ""


def council(night: Night) -> Council | None:
    """Seats of the town's council by the final count; None before it, or where no seats are shared among lists."""
    rule, of = _rule(SHARED, night.election), night.election.seats
    if rule is None or of is None or not night.is_final or not night.ballots.valid:
        return None
    ballots = [
        Ballot(one.choice.name, one.votes, _age(one.choice.average_age), one.choice.candidates) for one in night.lines
    ]
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
        nearest=min(changes, key=lambda change: (change.votes, -change.seats), default=None),
        complete=_taken_for_complete(night),
        community=_community(night, ballots) if decided.elected else None,
    )


def is_decided(night: Night) -> bool:
    """Whether a first round has elected the council: all is counted, and a list has more than half (L262)."""
    if _rule(SHARED, night.election) is None or night.election.round != 1 or not night.is_final:
        return False
    return any(has_majority(line.votes, night.ballots.valid) for line in night.lines)


def _rule(kinds: Mapping[Kind, Shared], election: Election) -> Rule | None:
    """How an election's seats are shared; None where they are not, among lists."""
    kind = kinds.get(Kind(election.kind))
    if kind is None:
        return None
    try:
        return rule_of(kind, election.day.year, population=election.population)
    except NoRule:
        return None


def _taken_for_complete(night: Night) -> Sequence[Line]:
    election = night.election
    if election.kind != Kind.MUNICIPAL or election.seats is None:
        return []
    if not may_be_incomplete(seats=election.seats, population=election.population):
        return []
    return [line for line in night.lines if line.choice.candidates is None]


def _community(night: Night, ballots: Sequence[Ballot]) -> Community | None:
    rule, of = _rule(WITH_COMMUNITY, night.election), night.election.community_seats
    if rule is None or of is None:
        return None
    lists = [replace(one, candidates=None) for one in ballots]  # their names for this council are another list
    return Community(of, rule, _seated(night, outcome(lists, rule=rule, seats=of, turn=night.election.round)))


def _seated(night: Night, decided: Outcome) -> Seated:
    found = [(line, decided.seats[line.choice.name]) for line in night.ranking]
    return [(line, seats) for line, seats in found if seats is None or seats]


def _age(kept: Decimal | None) -> Fraction | None:
    return None if kept is None else Fraction(kept)
