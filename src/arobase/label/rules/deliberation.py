"""The jury's meeting: in which order, with which quorum, and the states of a decision."""

from collections.abc import Mapping, Sequence
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from arobase.label.rules.states import Machine

MOST_EXACT = 8  # different sets of jurors in conflict for which every order is weighed
Away = frozenset[str]


class DecisionState(StrEnum):
    """Where a decision stands; what is decided stays unseen until all are published at once."""

    PROPOSED = "proposed"
    DECIDED = "decided"
    PUBLISHED = "published"


class DecisionVerb(StrEnum):
    """What the meeting does with a decision."""

    DECIDE = "decide"
    UNDO = "undo"
    PUBLISH = "publish"


DECISION = Machine(
    {
        (DecisionState.PROPOSED, DecisionVerb.DECIDE): DecisionState.DECIDED,
        (DecisionState.DECIDED, DecisionVerb.DECIDE): DecisionState.DECIDED,
        (DecisionState.DECIDED, DecisionVerb.UNDO): DecisionState.PROPOSED,
        (DecisionState.DECIDED, DecisionVerb.PUBLISH): DecisionState.PUBLISHED,
    }
)


def has_quorum(present: int, *, seated: int, share: Fraction) -> bool:
    """Whether enough jurors are present; exactly the share is enough, nobody never is.

    >>> [has_quorum(n, seated=5, share=Fraction(1, 2)) for n in (0, 2, 3)]
    [False, False, True]
    """
    return present > 0 and present >= share * seated


def movements(order: Sequence[Away]) -> int:
    """How often a juror leaves or comes back when dossiers are taken in this order; all are in at both ends."""
    everyone_in: Away = frozenset()
    return sum(len(one ^ other) for one, other in pairwise([everyone_in, *order, everyone_in]))


def meeting_order(away: Mapping[int, Away]) -> list[int]:
    """The dossiers in an order in which jurors in conflict leave and come back as rarely as was found.

    away   by dossier, the jurors who must not be there
    Dossiers with the same jurors away follow one another. Up to MOST_EXACT different sets the order is the best there
    is (Held and Karp 1962); beyond, the nearest next is taken and improved by turning parts round (2-opt). It is never
    worse than the order given.
    """
    groups: dict[Away, list[int]] = {}
    for dossier, jurors in away.items():
        groups.setdefault(jurors, []).append(dossier)
    sets = list(groups)
    ordered = _best(sets) if len(sets) <= MOST_EXACT else _turned(_nearest(sets))
    found = [dossier for jurors in ordered for dossier in groups[jurors]]
    given = list(away)
    return found if movements([away[one] for one in found]) <= movements([away[one] for one in given]) else given


def _best(sets: list[Away]) -> list[Away]:
    """Held and Karp: the best way to end in each set, by which sets were taken before."""
    best: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {
        (1 << place, place): (len(one), (place,)) for place, one in enumerate(sets)
    }
    for _step in range(1, len(sets)):
        longer: dict[tuple[int, int], tuple[int, tuple[int, ...]]] = {}
        for (taken, last), (cost, order) in best.items():
            for place, one in enumerate(sets):
                if not taken & 1 << place:
                    key = (taken | 1 << place, place)
                    reached = (cost + len(sets[last] ^ one), (*order, place))
                    if key not in longer or reached < longer[key]:
                        longer[key] = reached
        best = longer
    order = min((cost + len(sets[last]), way) for (_taken, last), (cost, way) in best.items())[1] if best else ()
    return [sets[place] for place in order]


def _nearest(sets: list[Away]) -> list[Away]:
    left, here, order = list(sets), frozenset[str](), list[Away]()
    while left:
        here = min(left, key=lambda one: (len(one ^ here), sorted(one)))
        left.remove(here)
        order.append(here)
    return order


def _turned(order: list[Away]) -> list[Away]:
    """Turn parts round while that saves movements: only the two ends of a part change what they follow."""
    path = [frozenset[str](), *order, frozenset[str]()]

    def saved(start: int, end: int) -> int:
        before, first, last, after = path[start - 1], path[start], path[end], path[end + 1]
        return len(before ^ first) + len(last ^ after) - len(before ^ last) - len(first ^ after)

    improved = True
    while improved:
        improved = False
        for start in range(1, len(order)):
            for end in range(start + 1, len(order) + 1):
                if saved(start, end) > 0:
                    path[start : end + 1] = path[start : end + 1][::-1]
                    improved = True
    return path[1:-1]
