"""What a round decides: who is elected, with how many seats, or who may stand again."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from math import ceil, floor

from arobase.elections.rules.seats.averages import Ballot, Shared, highest_averages
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
    """

    seats: Mapping[str, int | None]
    elected: bool
    winner: str | None = None
    bonus: int = 0
    stays: tuple[str, ...] = ()
    merges: tuple[str, ...] = ()
    ties: tuple[tuple[str, ...], ...] = ()


def outcome(ballots: Sequence[Ballot], *, rule: Rule, seats: int, turn: int) -> Outcome:
    """Decide a round.

    ballots   valid votes by list: together, the valid votes (« suffrages exprimés »)
    seats     to be filled, above 0
    turn      1 or 2
    """
    valid = sum(one.votes for one in ballots)
    nobody: dict[str, int | None] = dict.fromkeys((one.name for one in ballots), 0)
    if not valid:
        return Outcome(nobody, elected=False)
    if rule.has_two_rounds and turn == 1 and not any(has_majority(one.votes, valid) for one in ballots):
        return _again(ballots, nobody, rule=rule, valid=valid)
    first = _first(ballots) if rule.bonus else None
    if isinstance(first, tuple):
        names = tuple(one.name for one in first)
        return Outcome({**nobody, **dict.fromkeys(names, None)}, elected=True, ties=(names,))
    bonus = bonus_of(seats, rule=rule) if first else 0
    admitted = [one for one in ballots if one.votes >= rule.threshold * valid]
    shared = _within_candidates(admitted, seats - bonus, first=first.name if first else None, bonus=bonus)
    return Outcome(
        seats={**nobody, **shared.seats},
        elected=True,
        winner=first.name if first else None,
        bonus=bonus,
        ties=shared.ties,
    )


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


def _first(ballots: Sequence[Ballot]) -> Ballot | tuple[Ballot, ...]:
    """The list with most votes; among equals the oldest on average; all of them where ages do not tell."""
    most = max(one.votes for one in ballots)
    level = [one for one in ballots if one.votes == most]
    if len(level) == 1:
        return level[0]
    ages = [one.average_age for one in level if one.average_age is not None]
    if len(ages) == len(level) and ages.count(max(ages)) == 1:
        return max(level, key=lambda one: one.average_age or 0)
    return tuple(level)


def _within_candidates(ballots: Sequence[Ballot], seats: int, *, first: str | None, bonus: int) -> Shared:
    """Share the seats left; no list takes more than it has candidates, what it cannot take goes to the others."""
    fixed: dict[str, int | None] = {}
    open_ones = list(ballots)
    while True:
        kept = bonus if first in {one.name for one in open_ones} else 0
        taken = sum(number or 0 for number in fixed.values())
        shared = highest_averages(open_ones, seats + bonus - taken - kept)
        total = {one.name: _sum(shared.seats[one.name], bonus if one.name == first else 0) for one in open_ones}
        full = [one for one in open_ones if _is_over(total[one.name], one.candidates)]
        if not full:
            return Shared({**fixed, **total}, shared.ties)
        fixed.update({one.name: one.candidates for one in full})
        open_ones = [one for one in open_ones if one not in full]


def _sum(seats: int | None, bonus: int) -> int | None:
    return None if seats is None else seats + bonus


def _is_over(seats: int | None, candidates: int | None) -> bool:
    return seats is not None and candidates is not None and seats > candidates


def _again(ballots: Sequence[Ballot], nobody: Mapping[str, int | None], *, rule: Rule, valid: int) -> Outcome:
    """Nobody is elected: who may stand in round two (L264; the first two, where fewer than two reach the threshold)."""
    ranked = sorted(ballots, key=lambda one: -one.votes)
    stays = [one for one in ranked if rule.stays is not None and one.votes >= rule.stays * valid]
    if len(stays) < 2:  # noqa: PLR2004 - a round two has two lists
        stays = ranked[:2]
    merges = [
        one for one in ranked if rule.merges is not None and one.votes >= rule.merges * valid and one not in stays
    ]
    return Outcome(
        nobody, elected=False, stays=tuple(one.name for one in stays), merges=tuple(one.name for one in merges)
    )
