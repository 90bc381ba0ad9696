"""What a round decides: who is elected, with how many seats, or who may stand again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from arobase.elections.rules.seats.averages import Ballot, Precedence, by_age, highest_averages
from arobase.elections.rules.seats.law import Rule


@dataclass(frozen=True)
class Outcome:
    """What a round decided.

    seats      by list; all 0 where the round elects nobody, None where only ages could decide
    elected    whether the round elects
    winner     the list that has the bonus; None where there is none
    bonus      seats of the bonus
    stays      lists that may stand in round two; `merges`: lists that may join one of them
    ties       lists among which ages that are not known would decide
    by_age     lists among which average ages decided, for the bonus or for the last seat
    vacant     seats that stay empty because a list has fewer candidates than seats
    """

    seats: Mapping[str, int | None]
    elected: bool
    winner: str | None = None
    bonus: int = 0
    stays: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()
    by_age: tuple[str, ...] = ()
    vacant: int = 0


def outcome(ballots: Sequence[Ballot], *, rule: Rule, seats: int, turn: int) -> Outcome:
    """Decide a round (Code électoral L262, L264, L338, L346; loi 77-729, article 3).

    ballots   valid votes by list: together, the valid votes (« suffrages exprimés »)
    seats     to be filled, above 0
    turn      1 or 2
    """
    valid = sum(one.votes for one in ballots)
    admitted = [one for one in ballots if valid and one.votes >= rule.threshold * valid]
    if valid and rule.has_two_rounds and turn == 1 and not any(has_majority(one.votes, valid) for one in ballots):
        return _again(ballots, rule=rule, valid=valid)
    if not admitted:
        return Outcome(dict.fromkeys((one.name for one in ballots), 0), elected=False)
    return _elected(ballots, admitted, rule=rule, seats=seats)


def has_majority(votes: int, valid: int) -> bool:
    """Absolute majority: more than half of the valid votes, in whole numbers, never on rounded shares.

    >>> has_majority(10_739, 21_479)  # Narbonne, 15 March 2026
    False
    """
    return 2 * votes > valid


def bonus_of(seats: int, *, rule: Rule) -> int:
    """Seats of the bonus: rounded up, or down where fewer seats than `down_below` are to be filled (L262)."""
    exact = seats * rule.bonus
    return floor(exact) if seats < rule.down_below else ceil(exact)


def _elected(ballots: Sequence[Ballot], admitted: Sequence[Ballot], *, rule: Rule, seats: int) -> Outcome:
    bonus = bonus_of(seats, rule=rule)
    first = _first(ballots, rule=rule) if bonus else Precedence((), ())
    shared = highest_averages(admitted, seats - bonus, level=rule.level)
    given: dict[str, int | None] = {**dict.fromkeys((one.name for one in ballots), 0), **shared.seats}
    given.update({one.name: _sum(given[one.name], bonus) for one in first.served})
    undecided = tuple(one.name for one in first.level)
    given.update(dict.fromkeys(undecided, None))
    kept = {one.name: _at_most(given[one.name], one.candidates) for one in ballots}
    return Outcome(
        seats=kept,
        elected=True,
        winner=first.served[0].name if first.served else None,
        bonus=bonus,
        ties=tuple(dict.fromkeys(one for one in (undecided, *shared.ties) if one)),
        by_age=tuple(dict.fromkeys((*(_most_voted(ballots) if first.served else ()), *shared.by_age))),
        vacant=sum((given[name] or 0) - (number or 0) for name, number in kept.items()),
    )


def _most_voted(ballots: Sequence[Ballot]) -> tuple[str, ...]:
    """The lists level at the top; none where one is alone there."""
    names = tuple(one.name for one in _top(ballots))
    return names if len(names) > 1 else ()


def _top(ballots: Sequence[Ballot]) -> list[Ballot]:
    most = max(one.votes for one in ballots)
    return [one for one in ballots if one.votes == most]


def _first(ballots: Sequence[Ballot], *, rule: Rule) -> Precedence:
    """The list that has the bonus: most votes, then age (L262, L338); all of them where ages do not tell."""
    top = _top(ballots)
    return by_age(top, 1, level=rule.level) if len(top) > 1 else Precedence(tuple(top), ())


def _sum(seats: int | None, bonus: int) -> int | None:
    return None if seats is None else seats + bonus


def _at_most(seats: int | None, candidates: int | None) -> int | None:
    return seats if seats is None or candidates is None else min(seats, candidates)


def _again(ballots: Sequence[Ballot], *, rule: Rule, valid: int) -> Outcome:
    """Nobody is elected: who may stand in round two (L264); the first two where fewer reach a region's tenth (L346)."""
    ranked = sorted(ballots, key=lambda one: -one.votes)
    stays = [one for one in ranked if rule.stays is not None and one.votes >= rule.stays * valid]
    if rule.first_two and len(stays) < 2:  # noqa: PLR2004 - a round two has two lists; the law breaks no tie between second ones
        stays = [one for one in ranked if one.votes >= ranked[1].votes]
    merges = [
        one for one in ranked if rule.merges is not None and one.votes >= rule.merges * valid and one not in stays
    ]
    return Outcome(
        dict.fromkeys((one.name for one in ballots), 0),
        elected=False,
        stays=tuple(one.name for one in stays),
        merges=tuple(one.name for one in merges),
    )
