"""The linear and integer programs of the assignment, solved by HiGHS through scipy."""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import Bounds, LinearConstraint, linprog, milp
from scipy.sparse import csr_array, hstack, vstack

from arobase.label.rules.jury import Seats

_SHARPER = 1000.0  # HiGHS holds a row to within 1e-6; rows of fit are scaled so that a floor holds to within 1e-9
_TINY_GAP = 1e-9
_LEAST_RUN_S = 0.05
_INFEASIBLE = 2


@dataclass(frozen=True, slots=True)
class Found:
    """What a program gave.

    chosen          rows × columns; None when nothing was found
    bound           proven upper bound of the objective; minus infinity when there is no solution
    """

    chosen: NDArray[np.bool_] | None
    bound: float


@dataclass(frozen=True, slots=True)
class Relaxed:
    """A linear relaxation: shares between 0 and 1 by pair, its value, and what a unit of each pair would cost."""

    shares: NDArray[np.float64]
    value: float
    reduced: NDArray[np.float64]


class Programs:
    """The programs of one set of seats; a variable for each allowed pair."""

    def __init__(self, seats: Seats, *, least_kept: int) -> None:
        self.seats = seats
        self.row, self.column = np.nonzero(seats.allowed)
        self.fits = seats.fit[self.row, self.column]
        self.size = len(self.row)
        kept = seats.wanted[self.row, self.column].astype(np.float64)
        self._reviews = self._by(self.row, np.ones(self.size), lines=len(seats.need))
        self._loads = self._by(self.column, np.ones(self.size), lines=len(seats.least))
        self._fit_rows = self._by(self.row, _SHARPER * self.fits, lines=len(seats.need))
        self._kept = csr_array(kept[None, :])
        self._least_kept = least_kept

    def _by(self, lines_of: NDArray[np.intp], values: NDArray[np.float64], *, lines: int) -> csr_array:
        return csr_array((values, (lines_of, np.arange(self.size))), shape=(lines, self.size))

    def best(
        self,
        *,
        floor: float | None,
        seconds: float,
        weights: NDArray[np.float64] | None = None,
        open_pairs: NDArray[np.bool_] | None = None,
        gap: float = _TINY_GAP,
    ) -> Found:
        """The assignment of the largest total weight (fit, unless given by pair) above the floor, if time allows."""
        seats, values = self.seats, self.fits if weights is None else weights
        if not self.size:
            return Found(np.zeros(seats.allowed.shape, dtype=np.bool_), 0.0)
        parts = [self._reviews, self._loads, self._kept]
        low = [seats.need, seats.least, np.array([self._least_kept])]
        high = [seats.need, seats.most, np.array([np.inf])]
        if floor is not None:
            parts.append(self._fit_rows)
            low.append(_SHARPER * (floor - seats.base))
            high.append(np.full(len(seats.base), np.inf))
        upper = np.ones(self.size) if open_pairs is None else open_pairs.astype(np.float64)
        result = milp(
            -values,
            integrality=np.ones(self.size),
            bounds=Bounds(0, upper),
            constraints=LinearConstraint(vstack(parts, format="csr"), np.concatenate(low), np.concatenate(high)),
            options={"time_limit": max(_LEAST_RUN_S, seconds), "mip_rel_gap": gap},
        )
        if result.status == _INFEASIBLE:
            return Found(None, -np.inf)
        bound = np.inf if result.mip_dual_bound is None else -float(result.mip_dual_bound)
        return Found(None if result.x is None else self._chosen(result.x), bound)

    def _chosen(self, shares: NDArray[np.float64]) -> NDArray[np.bool_]:
        chosen = np.zeros(self.seats.allowed.shape, dtype=np.bool_)
        taken = shares > 0.5  # noqa: PLR2004  HiGHS gives 0 and 1 within 1e-6
        chosen[self.row[taken], self.column[taken]] = True
        return chosen

    def relaxed(self, *, floor: float, seconds: float) -> Relaxed | None:
        """The linear relaxation of the largest total above the floor; None when it has no solution, or not in time."""
        seats = self.seats
        result = linprog(
            -self.fits,
            A_ub=vstack([self._loads, -self._loads, -self._kept, -self._fit_rows], format="csr"),
            b_ub=np.concatenate([seats.most, -seats.least, [-self._least_kept], -_SHARPER * (floor - seats.base)]),
            A_eq=self._reviews,
            b_eq=seats.need,
            bounds=(0, 1),
            method="highs",
            options={"time_limit": max(_LEAST_RUN_S, seconds)},
        )
        if result.status != 0:
            return None
        return Relaxed(result.x, -float(result.fun), result.lower.marginals + result.upper.marginals)

    def highest_floor(self, *, seconds: float) -> Relaxed | None:
        """The linear relaxation of the largest worst fit, which no assignment exceeds; None when not found in time."""
        seats, lines = self.seats, len(self.seats.base)
        bare = vstack([self._loads, -self._loads, -self._kept], format="csr")
        with_floor = hstack([-self._fit_rows, csr_array(np.full((lines, 1), _SHARPER))])
        without = hstack([bare, csr_array((bare.shape[0], 1))])
        result = linprog(
            np.concatenate([np.zeros(self.size), [-1.0]]),
            A_ub=vstack([without, with_floor], format="csr"),
            b_ub=np.concatenate([seats.most, -seats.least, [-self._least_kept], _SHARPER * seats.base]),
            A_eq=hstack([self._reviews, csr_array((lines, 1))], format="csr"),
            b_eq=seats.need,
            bounds=[(0, 1)] * self.size + [(0, None)],
            method="highs",
            options={"time_limit": max(_LEAST_RUN_S, seconds)},
        )
        if result.status != 0:
            return None
        return Relaxed(result.x[:-1], -float(result.fun), np.zeros(self.size))
