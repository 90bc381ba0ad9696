"""Jurors assigned to dossiers: the worst-served dossier as well served as can be, then the largest total fit.

The method and what it promises are told in docs/methodology/assignment.md.
"""

from collections.abc import Callable, Collection, Mapping
from dataclasses import dataclass
from math import ceil, floor, inf, isfinite
from typing import TYPE_CHECKING

import numpy as np
from numpy.typing import NDArray

from arobase.label.rules.exchanges import Chosen, fits_of, groups, lift_the_worst, link, raise_the_total
from arobase.label.rules.jury import BadProblem as BadProblem
from arobase.label.rules.jury import Impossible as Impossible
from arobase.label.rules.jury import Pair, Seats, seats_of
from arobase.label.rules.jury import Problem as Problem

if TYPE_CHECKING:
    from arobase.label.rules.programs import Found, Programs

_LIKE = 1e-9
_PROVEN = 1e-6
_FINEST = 1e-6  # how near two floors may be when the fits lie on no coarser grid
_GRIDS = (1, 2, 3, 4, 5, 6, 8, 10, 12, 20, 25, 40, 50, 100, 200, 1_000, 10_000, 100_000)
_STEPS_DOWN = (1.0, 0.95, 0.9, 0.8, 0.7, 0.6, 0.5, 0.25, 0.0)  # of the floor, when linking the jurors asks for it
_FIRST_TRY, _SEARCHED, _SLICE, _END = 0.25, 0.6, 0.15, 0.9  # of the time given
_LEAST_RUN_S = 0.2
_BRISK_S, _UNHURRIED_S = 60.0, 3600.0


@dataclass(frozen=True, slots=True)
class Assignment:
    """Who reads what, and what is proven about it.

    pairs                (dossier, juror), in the order of the problem's dossiers, then jurors
    total_fit            sum of the fits of all pairs
    total_bound          no assignment above this floor has a larger total
    worst_dossier_fit    the least of the dossiers' summed fits
    worst_bound          no assignment has a larger worst dossier
    loads                reviews by juror
    optimal              the total is proven to be the largest above this floor
    floor                the summed fit that every dossier was promised
    connected            all jurors are linked by dossiers read together
    """

    pairs: tuple[Pair, ...]
    total_fit: float
    total_bound: float
    worst_dossier_fit: float
    worst_bound: float
    loads: Mapping[str, int]
    optimal: bool
    floor: float
    connected: bool


def assign(problem: Problem, *, seconds: float = 20.0, elapsed: Callable[[], float]) -> Assignment:
    """The assignment of the largest total fit among those whose worst dossier is as well served as was found.

    seconds    time to be spent, all told; something is given back however short it is
    elapsed    seconds since the start, read by the edge
    Raises     BadProblem when the problem contradicts itself, Impossible when it has no solution.

    Pairs of an earlier assignment come first of all: as many are kept as can be, then floor, then total.

    >>> two = Problem(("a", "b"), ("x", "y"), np.array([[0.9, 0.6], [0.8, 0.1]]), frozenset(), 1)
    >>> found = assign(two, elapsed=lambda: 0.0)
    >>> found.pairs, found.worst_dossier_fit, found.optimal
    ((('a', 'y'), ('b', 'x')), 0.6, True)
    """
    return _Search(problem, seats_of(problem), seconds=seconds, elapsed=elapsed).run()


def alternates(problem: Problem, assignment: Assignment, *, each: int) -> Mapping[str, tuple[str, ...]]:
    """By dossier, up to `each` jurors who could step in: without conflict, best fit first, then the least loaded."""
    taken = frozenset(assignment.pairs) | problem.conflicts
    reserves = {}
    for row, dossier in enumerate(problem.dossiers):
        ranked = sorted(
            (-float(problem.fit[row, column]), assignment.loads[juror], juror)
            for column, juror in enumerate(problem.jurors)
            if (dossier, juror) not in taken
        )
        reserves[dossier] = tuple(juror for _fit, _load, juror in ranked[:each])
    return reserves


def is_connected(pairs: Collection[Pair], jurors: Collection[str]) -> bool:
    """Whether every juror can be reached from every other by way of dossiers read together.

    >>> is_connected([("a", "x"), ("a", "y"), ("b", "y"), ("b", "z")], ["x", "y", "z"])
    True
    >>> is_connected([("a", "x"), ("a", "y"), ("b", "z")], ["x", "y", "z"])
    False
    """
    column = {juror: place for place, juror in enumerate(jurors)}
    row: dict[str, int] = {}
    places = [(row.setdefault(dossier, len(row)), column[juror]) for dossier, juror in pairs]
    chosen = np.zeros((len(row), len(column)), dtype=np.bool_)
    if places:
        chosen[tuple(np.array(places).T)] = True
    return groups(chosen)[0] <= 1


class _Search:
    """One search: the best assignment so far, and what has been proven."""

    def __init__(self, problem: Problem, seats: Seats, *, seconds: float, elapsed: Callable[[], float]) -> None:
        from arobase.label.rules.programs import Programs  # scipy is dear to import, and few processes need it

        self.problem, self.seats = problem, seats
        self.seconds, self.elapsed = seconds, elapsed
        self.step = _grid(problem.fit)
        self.least_kept = 0
        if seats.wanted.any():
            wishes = Programs(seats, least_kept=0)
            kept = _whole(wishes, weights=seats.wanted[wishes.row, wishes.column].astype(np.float64)).chosen
            self.least_kept = 0 if kept is None else int((kept & seats.wanted).sum())
        self.programs = Programs(seats, least_kept=self.least_kept)
        self.total_bound = inf

    def run(self) -> Assignment:
        start = _whole(self.programs, weights=None)
        if start.chosen is None:
            raise AssertionError("a problem that passed the checks has a solution")
        self.chosen, self.largest_total = start.chosen, self._down(start.bound)
        self.worst_bound = self._down(self._best_for_each())
        self._search_floor()
        self.floor = self._worst(self.chosen)
        if self.floor <= self._worst(start.chosen) + _LIKE:
            self.chosen, self.total_bound = start.chosen, self.largest_total
        self._search_total()
        if self.problem.connect and self.problem.reviews > 1:
            self._link()
        return self._told()

    # --- the floor -------------------------------------------------------------------------------------------------

    def _search_floor(self) -> None:
        """Raise the worst dossier: first to the bound itself, then by exchanges, then by bisection."""
        if self._worst(self.chosen) >= self.worst_bound - _LIKE:
            return
        if self._reach(self.worst_bound, until=_FIRST_TRY, gap=None):
            return
        starts = [self.chosen]
        relaxed = self.programs.highest_floor(seconds=self._left(_SEARCHED) / 2)
        if relaxed is not None:
            self.worst_bound = min(self.worst_bound, self._down(relaxed.value))
            rounded = self.programs.best(floor=None, weights=relaxed.shares, seconds=self._left(_SEARCHED)).chosen
            starts += [] if rounded is None else [rounded]
        for chosen in starts:
            for tenure in (5, 15):
                self._keep_if_worst_is_better(
                    lift_the_worst(
                        self.seats,
                        chosen,
                        least_kept=self.least_kept,
                        tenure=tenure,
                        rounds=6000,
                        patience=2000,
                        is_over=lambda: self._left(_SEARCHED) <= 0,
                    )
                )
        self._bisect()

    def _bisect(self) -> None:
        high = self.worst_bound
        while (low := self._worst(self.chosen)) + self.step <= high + _LIKE and self._left(_SEARCHED) > 0:
            target = min(high, max(low + self.step, self._up((low + high) / 2)))
            if not self._reach(target, until=_SEARCHED, gap=0.02):
                high = target - self.step

    def _reach(self, target: float, *, until: float, gap: float | None) -> bool:
        """Whether an assignment above this floor was found; a proof that there is none lowers the bound."""
        allowance = min(self._left(until), self.seconds * (_SLICE if gap else until))
        found = self.programs.best(floor=target, seconds=allowance, gap=gap or _LIKE)
        if found.bound == -inf:
            self.worst_bound = min(self.worst_bound, max(self._worst(self.chosen), target - self.step))
            return False
        if found.chosen is None or self._worst(found.chosen) < target - _LIKE:
            return False
        self.chosen = found.chosen
        if self._worst(found.chosen) <= target + _LIKE:
            self.total_bound = self._down(found.bound)
        return True

    def _keep_if_worst_is_better(self, chosen: Chosen) -> None:
        if self._worst(chosen) > self._worst(self.chosen) + _LIKE:
            self.chosen, self.total_bound = chosen, inf

    # --- the total -------------------------------------------------------------------------------------------------

    def _search_total(self) -> None:
        """Raise the total above the floor: by exchanges, then exactly, over the pairs that could still improve it."""
        self.total_bound = min(self.total_bound, self.largest_total)
        if self._is_optimal():
            return
        relaxed = self.programs.relaxed(floor=self.floor, seconds=self._left(_END))
        if relaxed is not None:
            self.total_bound = min(self.total_bound, self._down(relaxed.value))
        self.chosen = raise_the_total(
            self.seats,
            self.chosen,
            floor=self.floor,
            least_kept=self.least_kept,
            rounds=600,
            patience=100,
            is_over=lambda: self._left((_SEARCHED + _END) / 2) <= 0,
        )
        if relaxed is None or self._is_optimal() or self._left(_END) < _LEAST_RUN_S:
            return
        total = self._total(self.chosen)
        programs = self.programs
        own = self.chosen[programs.row, programs.column]
        # A pair outside whose reduced cost alone eats up the gap is in no better assignment.
        could = (relaxed.value - np.maximum(0, relaxed.reduced) >= total - _PROVEN) | own
        found = programs.best(floor=self.floor, seconds=self._left(_END), open_pairs=could)
        if found.chosen is not None and self._worst(found.chosen) >= self.floor - _LIKE:
            self.chosen = max(self.chosen, found.chosen, key=self._total)
        self.total_bound = min(self.total_bound, max(self._total(self.chosen), self._down(found.bound)))

    # --- the links -------------------------------------------------------------------------------------------------

    def _link(self) -> None:
        floors = [self.floor * share for share in _STEPS_DOWN]
        self.chosen = link(self.seats, self.chosen, least_kept=self.least_kept, floors=floors)
        worst = self._worst(self.chosen)
        if worst < self.floor - _LIKE:
            self.floor = worst
            relaxed = self.programs.relaxed(floor=worst, seconds=self._left(1))
            self.total_bound = self.largest_total if relaxed is None else self._down(relaxed.value)

    # --- figures ---------------------------------------------------------------------------------------------------

    def _worst(self, chosen: Chosen) -> float:
        return float(fits_of(self.seats, chosen).min())

    def _total(self, chosen: Chosen) -> float:
        """The total of what was to be decided, without the locked pairs."""
        return float(self.seats.fit[chosen].sum())

    def _is_optimal(self) -> bool:
        return self._total(self.chosen) >= self.total_bound - _PROVEN

    def _best_for_each(self) -> float:
        """What the worst dossier would have if each could take its best jurors."""
        ranked = -np.sort(-np.where(self.seats.allowed, self.seats.fit, 0.0), axis=1)
        mine = np.arange(ranked.shape[1])[None, :] < self.seats.need[:, None]
        return float((self.seats.base + (ranked * mine).sum(axis=1)).min())

    def _left(self, share: float) -> float:
        return self.seconds * share - self.elapsed()

    def _down(self, value: float) -> float:
        """The largest sum of fits that is not above."""
        return floor(value / self.step + _PROVEN) * self.step if self.step > _FINEST and isfinite(value) else value

    def _up(self, value: float) -> float:
        return ceil(value / self.step - _PROVEN) * self.step if self.step > _FINEST else value

    def _told(self) -> Assignment:
        problem, seats = self.problem, self.seats
        rows, columns = np.nonzero(self.chosen | seats.locked)
        places = sorted(zip(seats.dossiers[rows].tolist(), seats.jurors[columns].tolist(), strict=True))
        pairs = tuple((problem.dossiers[row], problem.jurors[column]) for row, column in places)
        loads = np.bincount([column for _row, column in places], minlength=len(problem.jurors))
        fits = [float(problem.fit[row, column]) for row, column in places]
        by_dossier = np.array(fits).reshape(len(problem.dossiers), problem.reviews).sum(axis=1)
        total, worst = sum(fits), float(by_dossier.min())
        total_bound = self.total_bound + float(seats.base.sum())
        return Assignment(
            pairs=pairs,
            total_fit=total,
            total_bound=max(total, total_bound),
            worst_dossier_fit=worst,
            worst_bound=max(worst, self.worst_bound),
            loads={juror: int(load) for juror, load in zip(problem.jurors, loads, strict=True)},
            optimal=total >= total_bound - _PROVEN,
            floor=min(self.floor, worst),
            connected=is_connected(pairs, problem.jurors),
        )


def _whole(programs: "Programs", *, weights: NDArray[np.float64] | None) -> "Found":
    """The best without a floor, however long it takes; asked for in a minute first, which HiGHS does faster."""
    found = programs.best(floor=None, weights=weights, seconds=_BRISK_S)
    return found if found.chosen is not None else programs.best(floor=None, weights=weights, seconds=_UNHURRIED_S)


def _grid(fit: NDArray[np.float64]) -> float:
    """The step between two possible sums of fits: that of the coarsest grid on which all fits lie."""
    for parts in _GRIDS:
        if np.abs(fit * parts - np.round(fit * parts)).max() < _LIKE:
            return 1 / parts
    return _FINEST
