"""Small juries: problems of a few dossiers and jurors, with conflicts, locks and fits on a grid."""

from itertools import combinations, product

import numpy as np
from hypothesis import strategies as st

from arobase.label.rules.assignment import Problem


@st.composite
def problems(draw: st.DrawFn, *, with_locks: bool = False, with_previous: bool = False) -> Problem:
    """Up to 4 dossiers and 4 jurors, 1 or 2 reviews; some have no solution."""
    dossiers = tuple(f"d{place}" for place in range(draw(st.integers(1, 4))))
    jurors = tuple(f"j{place}" for place in range(draw(st.integers(2, 4))))
    grid = draw(st.sampled_from([4, 10, 7]))
    cells = st.integers(0, grid)
    fit = np.array([[draw(cells) / grid for _juror in jurors] for _dossier in dossiers])
    pair = st.tuples(st.sampled_from(dossiers), st.sampled_from(jurors))
    conflicts = draw(st.frozensets(pair, max_size=3))
    return Problem(
        dossiers,
        jurors,
        fit,
        conflicts,
        draw(st.integers(1, 2)),
        locked=draw(st.frozensets(pair, max_size=2)) if with_locks else frozenset(),
        previous=draw(st.frozensets(pair, max_size=4)) if with_previous else frozenset(),
        connect=False,
    )


def solutions(problem: Problem) -> list[frozenset[tuple[str, str]]]:
    """Every assignment there is, by trying all."""
    share, rest = divmod(len(problem.dossiers) * problem.reviews, len(problem.jurors))
    quotas = problem.loads or dict.fromkeys(problem.jurors, (share, share + (rest > 0)))
    panels = []
    for dossier in problem.dossiers:
        free = [juror for juror in problem.jurors if (dossier, juror) not in problem.conflicts]
        own = {juror for name, juror in problem.locked if name == dossier}
        panels.append([panel for panel in combinations(free, problem.reviews) if own <= set(panel)])
    found = []
    for panel in product(*panels):
        counts = [sum(juror in one for one in panel) for juror in problem.jurors]
        if all(quotas[juror][0] <= n <= quotas[juror][1] for juror, n in zip(problem.jurors, counts, strict=True)):
            found.append(
                frozenset((name, juror) for name, one in zip(problem.dossiers, panel, strict=True) for juror in one)
            )
    return found


def figures(problem: Problem, pairs: frozenset[tuple[str, str]]) -> tuple[float, float]:
    """The worst dossier's fit and the total."""
    sums = [
        sum(problem.fit[row, column] for column, juror in enumerate(problem.jurors) if (dossier, juror) in pairs)
        for row, dossier in enumerate(problem.dossiers)
    ]
    return min(sums), sum(sums)
