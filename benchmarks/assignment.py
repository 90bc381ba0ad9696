"""Assignment: jurors to dossiers, ours against greedy, chance and the plain largest total.

Fits are cosines of topics; in the contested case they are mostly a matter of the juror, so that all want the same ones.
"""

import resource
import time
from collections.abc import Callable

import numpy as np
from numpy.typing import NDArray
from scipy.optimize import linear_sum_assignment

from arobase.label.rules.assignment import Problem, assign
from arobase.label.rules.jury import seats_of
from arobase.label.rules.programs import Programs

SEED = 2026
REVIEWS = 3
SIZES = ((226, 24), (400, 40))
TOPICS = 12
CONFLICTS = 0.05
Chosen = NDArray[np.bool_]


def run() -> list[tuple[str, str]]:
    """Label and figure: total fit, worst dossier, spread of loads and time, by size, kind of fit and method."""
    figures = []
    for rows, columns in SIZES:
        for kind, made in (("topics", _topics), ("contested", _contested)):
            rng = np.random.default_rng(SEED)
            fit = made(rows, columns, rng)
            problem = _problem(fit, rng.random(fit.shape) < CONFLICTS)
            head = f"{rows} × {columns} × {REVIEWS}, {kind}"
            figures += _ours(head, problem)
            for name, method in METHODS.items():
                start = time.perf_counter()
                chosen = method(problem)
                figures.append((f"  {name}", _told(problem.fit, chosen, time.perf_counter() - start)))
    figures.append(("peak memory", f"{resource.getrusage(resource.RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"))
    figures.append(("peers from PyPI", "none measured"))
    return figures


def _topics(rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.float64]:
    dossiers = rng.dirichlet(np.full(TOPICS, 0.3), rows)
    jurors = rng.dirichlet(np.full(TOPICS, 0.4), columns)
    lengths = np.linalg.norm(dossiers, axis=1)[:, None] * np.linalg.norm(jurors, axis=1)[None, :]
    return np.round(np.clip(dossiers @ jurors.T / lengths, 0, 1), 4)


def _contested(rows: int, columns: int, rng: np.random.Generator) -> NDArray[np.float64]:
    quality = rng.beta(1, 3, columns)[None, :]
    return np.round(np.clip(quality + 0.1 * rng.normal(size=(rows, columns)), 0, 1), 4)


def _problem(fit: NDArray[np.float64], conflicts: Chosen) -> Problem:
    dossiers = tuple(f"d{place:03}" for place in range(fit.shape[0]))
    jurors = tuple(f"j{place:02}" for place in range(fit.shape[1]))
    pairs = frozenset((dossiers[row], jurors[column]) for row, column in np.argwhere(conflicts))
    return Problem(dossiers, jurors, fit, pairs, REVIEWS)


def _ours(head: str, problem: Problem) -> list[tuple[str, str]]:
    start = time.perf_counter()
    found = assign(problem, elapsed=lambda: time.perf_counter() - start)
    taken = time.perf_counter() - start
    spread = f"{min(found.loads.values())}–{max(found.loads.values())}"
    proof = "proven" if found.optimal else f"at most {found.total_bound:.2f}"
    figure = f"total {found.total_fit:.2f} ({proof}), worst {found.worst_dossier_fit:.3f} (at most "
    return [(f"{head}: ours", f"{figure}{found.worst_bound:.3f}), loads {spread}, {taken:.2f} s")]


def _told(fit: NDArray[np.float64], chosen: Chosen, taken: float) -> str:
    loads, sums = chosen.sum(axis=0), (fit * chosen).sum(axis=1)
    short = int((chosen.sum(axis=1) < REVIEWS).sum())
    lacking = f", {short} dossiers short of jurors" if short else ""
    worst, total = sums.min(), sums.sum()
    return f"total {total:.2f}, worst {worst:.3f}, loads {loads.min()}–{loads.max()}, {taken:.2f} s{lacking}"


def _allowed(problem: Problem) -> Chosen:
    return np.array([[(name, juror) not in problem.conflicts for juror in problem.jurors] for name in problem.dossiers])


def _most(problem: Problem) -> int:
    return -(-len(problem.dossiers) * REVIEWS // len(problem.jurors))


def greedy(problem: Problem) -> Chosen:
    """The best pair that is still free, again and again."""
    chosen, allowed = np.zeros(problem.fit.shape, dtype=np.bool_), _allowed(problem)
    for place in np.argsort(-problem.fit, axis=None, kind="stable"):
        row, column = np.unravel_index(place, problem.fit.shape)
        if allowed[row, column] and chosen[row].sum() < REVIEWS and chosen[:, column].sum() < _most(problem):
            chosen[row, column] = True
    return chosen


def by_chance(problem: Problem) -> Chosen:
    """Dossier by dossier, jurors drawn among those least loaded."""
    rng = np.random.default_rng(SEED)
    chosen, allowed = np.zeros(problem.fit.shape, dtype=np.bool_), _allowed(problem)
    for row in range(len(chosen)):
        order = np.lexsort((rng.random(chosen.shape[1]), chosen.sum(axis=0), ~allowed[row]))
        chosen[row, order[:REVIEWS]] = True
    return chosen & allowed


def plain_total(problem: Problem) -> Chosen:
    """The largest total in rounds: one juror for each dossier by a linear assignment, as many rounds as reviews."""
    chosen, allowed = np.zeros(problem.fit.shape, dtype=np.bool_), _allowed(problem)
    for _turn in range(REVIEWS):
        left = _most(problem) - chosen.sum(axis=0)
        columns = np.repeat(np.arange(len(left)), left)
        gains = np.where(allowed & ~chosen, problem.fit, -1e6)
        rows, taken = linear_sum_assignment(gains[:, columns], maximize=True)
        chosen[rows, columns[taken]] = True
    return chosen & allowed


def largest_total(problem: Problem) -> Chosen:
    """The largest total within the same loads, whatever becomes of the worst dossier."""
    seats = seats_of(problem)
    found = Programs(seats, least_kept=0).best(floor=None, seconds=60).chosen
    chosen = np.zeros(problem.fit.shape, dtype=np.bool_)
    if found is not None:
        chosen[np.ix_(seats.dossiers, seats.jurors)] = found
    return chosen


METHODS: dict[str, Callable[[Problem], Chosen]] = {
    "largest total, no floor": largest_total,
    "peer: greedy": greedy,
    "peer: by chance": by_chance,
    "peer: linear assignment in rounds": plain_total,
}
