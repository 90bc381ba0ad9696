"""Who may read what: the problem of assigning jurors to dossiers, checked, and the reason when it cannot be solved.

The method is told in docs/methodology/assignment.md.
"""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

Pair = tuple[str, str]
Fact = str | int | float | tuple[str, ...]


@dataclass(frozen=True, slots=True)
class Problem:
    """Dossiers to be read, jurors to read them.

    fit         dossiers × jurors, each between 0 and 1
    conflicts   pairs (dossier, juror) that must never be
    reviews     how many different jurors read each dossier
    locked      pairs that must be
    loads       by juror, the least and the most reviews; None: all alike, within one review
    previous    pairs of an earlier assignment, as many kept as can be; what can no longer be is forgotten
    connect     whether to see to it that all jurors are linked by dossiers read together, as calibration needs
    """

    dossiers: tuple[str, ...]
    jurors: tuple[str, ...]
    fit: NDArray[np.float64]
    conflicts: frozenset[Pair]
    reviews: int
    locked: frozenset[Pair] = frozenset()
    loads: Mapping[str, tuple[int, int]] | None = None
    previous: frozenset[Pair] = frozenset()
    connect: bool = True


class BadProblem(ValueError):
    """A problem that contradicts itself. `reason` is a word for machines, `facts` say which and where."""

    def __init__(self, reason: str, **facts: Fact) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


class Impossible(ValueError):
    """A well-formed problem without any solution. `reason` is a word for machines, `facts` say what forbids it."""

    def __init__(self, reason: str, **facts: Fact) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


@dataclass(frozen=True, slots=True)
class Seats:
    """What is left to decide once the locked pairs are set; rows are dossiers, columns jurors, in canonical order.

    The order comes from the fits themselves, so that the order of entry changes nothing.

    dossiers, jurors   places in the problem, by row and by column
    need               reviews still missing, by row
    least, most        reviews still to be given, by column
    base               fit of the locked pairs, by row
    allowed, wanted    rows × columns: pairs that may be; pairs of the earlier assignment
    locked             rows × columns: pairs that are set
    """

    dossiers: NDArray[np.intp]
    jurors: NDArray[np.intp]
    fit: NDArray[np.float64]
    need: NDArray[np.intp]
    least: NDArray[np.intp]
    most: NDArray[np.intp]
    base: NDArray[np.float64]
    allowed: NDArray[np.bool_]
    wanted: NDArray[np.bool_]
    locked: NDArray[np.bool_]


def seats_of(problem: Problem) -> Seats:
    """What there is to decide. Raises BadProblem, and Impossible when no assignment exists at all."""
    _check(problem)
    row = {name: place for place, name in enumerate(problem.dossiers)}
    column = {name: place for place, name in enumerate(problem.jurors)}

    def marked(pairs: Iterable[Pair]) -> NDArray[np.bool_]:
        marks = np.zeros(problem.fit.shape, dtype=np.bool_)
        for dossier, juror in pairs:
            if dossier in row and juror in column:
                marks[row[dossier], column[juror]] = True
        return marks

    conflicts, locked = marked(problem.conflicts), marked(problem.locked)
    quotas = np.array([_quotas(problem)[juror] for juror in problem.jurors], dtype=np.intp).reshape(-1, 2)
    _refuse_the_obvious(problem, conflicts=conflicts, locked=locked, quotas=quotas)
    allowed = ~conflicts & ~locked
    signed = np.where(conflicts, -1.0, problem.fit)
    rows = np.array(_canonical(problem.dossiers, signed), dtype=np.intp)
    columns = np.array(_canonical(problem.jurors, signed.T), dtype=np.intp)
    square = np.ix_(rows, columns)
    taken = locked.sum(axis=0)
    seats = Seats(
        dossiers=rows,
        jurors=columns,
        fit=problem.fit[square],
        need=(problem.reviews - locked.sum(axis=1))[rows],
        least=np.maximum(0, quotas[:, 0] - taken)[columns],
        most=(quotas[:, 1] - taken)[columns],
        base=(problem.fit * locked).sum(axis=1)[rows],
        allowed=allowed[square],
        wanted=(marked(problem.previous) & allowed)[square],
        locked=locked[square],
    )
    _refuse_the_hidden(problem, seats)
    return seats


def _canonical(names: tuple[str, ...], fits: NDArray[np.float64]) -> list[int]:
    keys = [(tuple(np.sort(line).tolist()), name) for line, name in zip(fits, names, strict=True)]
    return sorted(range(len(names)), key=keys.__getitem__)


# --- what contradicts itself ---------------------------------------------------------------------------------------


def _check(problem: Problem) -> None:
    for where, names in (("dossiers", problem.dossiers), ("jurors", problem.jurors)):
        if not names:
            raise BadProblem("empty", where=where)
        if twice := [name for name, count in Counter(names).items() if count > 1]:
            raise BadProblem("duplicate", where=where, id=twice[0])
    if problem.reviews < 1:
        raise BadProblem("reviews", reviews=problem.reviews)
    if problem.fit.shape != (len(problem.dossiers), len(problem.jurors)):
        raise BadProblem("shape", rows=len(problem.dossiers), columns=len(problem.jurors))
    outside = np.argwhere(~((problem.fit >= 0) & (problem.fit <= 1)))
    if len(outside):
        line, place = outside[0]
        raise BadProblem(
            "fit",
            dossier=problem.dossiers[line],
            juror=problem.jurors[place],
            fit=float(problem.fit[line, place]),
        )
    dossiers, jurors = frozenset(problem.dossiers), frozenset(problem.jurors)
    for where, pairs in (("conflicts", problem.conflicts), ("locked", problem.locked)):
        for dossier, juror in sorted(pairs):
            if dossier not in dossiers:
                raise BadProblem("unknown_dossier", where=where, id=dossier)
            if juror not in jurors:
                raise BadProblem("unknown_juror", where=where, id=juror)
    if problem.loads is not None:
        _check_loads(problem.loads, jurors)


def _check_loads(loads: Mapping[str, tuple[int, int]], jurors: frozenset[str]) -> None:
    if unknown := sorted(set(loads) - jurors):
        raise BadProblem("unknown_juror", where="loads", id=unknown[0])
    if without := sorted(jurors - set(loads)):
        raise BadProblem("no_load", juror=without[0])
    for juror, (least, most) in sorted(loads.items()):
        if not 0 <= least <= most:
            raise BadProblem("load", juror=juror, least=least, most=most)


def _quotas(problem: Problem) -> Mapping[str, tuple[int, int]]:
    if problem.loads is not None:
        return problem.loads
    share, rest = divmod(len(problem.dossiers) * problem.reviews, len(problem.jurors))
    return dict.fromkeys(problem.jurors, (share, share + (rest > 0)))


# --- what cannot be ------------------------------------------------------------------------------------------------


def _refuse_the_obvious(
    problem: Problem, *, conflicts: NDArray[np.bool_], locked: NDArray[np.bool_], quotas: NDArray[np.intp]
) -> None:
    """Raise Impossible for what one dossier, one juror or the sums alone forbid."""
    for row, column in np.argwhere(conflicts & locked)[:1]:
        raise Impossible("locked_conflict", dossier=problem.dossiers[row], juror=problem.jurors[column])
    free, set_in_row, set_in_column = (~conflicts).sum(axis=1), locked.sum(axis=1), locked.sum(axis=0)
    for row in np.flatnonzero(set_in_row > problem.reviews)[:1]:
        name, count = problem.dossiers[row], int(set_in_row[row])
        raise Impossible("dossier_over_locked", dossier=name, locked=count, reviews=problem.reviews)
    for row in np.flatnonzero(free < problem.reviews)[:1]:
        name, count = problem.dossiers[row], int(free[row])
        raise Impossible("too_few_jurors", dossier=name, available=count, needed=problem.reviews)
    needed = len(problem.dossiers) * problem.reviews
    least, most = (int(total) for total in quotas.sum(axis=0))
    if most < needed:
        raise Impossible("quotas_too_low", needed=needed, allowed=most)
    if least > needed:
        raise Impossible("quotas_too_high", needed=needed, promised=least)
    for column in np.flatnonzero(set_in_column > quotas[:, 1])[:1]:
        name, count = problem.jurors[column], int(set_in_column[column])
        raise Impossible("juror_over_locked", juror=name, locked=count, most=int(quotas[column, 1]))
    for column in np.flatnonzero((~conflicts).sum(axis=0) < quotas[:, 0])[:1]:
        name, count = problem.jurors[column], int((~conflicts)[:, column].sum())
        raise Impossible("too_few_dossiers", juror=name, available=count, least=int(quotas[column, 0]))


def _refuse_the_hidden(problem: Problem, seats: Seats) -> None:
    """Raise Impossible for a set of dossiers, or of jurors, that asks for more than the other side can give.

    Each side by itself is a maximum flow; when both can be served, so can both at once (linking theorem of Ford and
    Fulkerson, Flows in Networks, 1962, II.§2).
    """
    starved = _starved(seats.need, seats.most, seats.allowed)
    if len(starved):
        allowed = seats.allowed[starved].sum(axis=0)
        raise Impossible(
            "dossiers_short_of_jurors",
            dossiers=tuple(sorted(problem.dossiers[place] for place in seats.dossiers[starved])),
            needed=int(seats.need[starved].sum()),
            allowed=int(np.minimum(allowed, seats.most).sum()),
        )
    idle = _starved(seats.least, seats.need, seats.allowed.T)
    if len(idle):
        allowed = seats.allowed[:, idle].sum(axis=1)
        raise Impossible(
            "jurors_short_of_dossiers",
            jurors=tuple(sorted(problem.jurors[place] for place in seats.jurors[idle])),
            promised=int(seats.least[idle].sum()),
            available=int(np.minimum(allowed, seats.need).sum()),
        )


def _starved(demand: NDArray[np.intp], supply: NDArray[np.intp], allowed: NDArray[np.bool_]) -> NDArray[np.intp]:
    """Rows that together ask for more than the columns open to them hold (a minimum cut); empty when all are served."""
    from scipy.sparse import coo_array, csr_array  # dear to import, and few processes need it
    from scipy.sparse.csgraph import breadth_first_order, maximum_flow

    rows, columns = allowed.shape
    source, sink = rows + columns, rows + columns + 1
    tails, heads = np.nonzero(allowed)
    graph = coo_array(
        (
            np.concatenate([np.ones(len(tails)), demand, supply]).astype(np.int32),
            (
                np.concatenate([tails, np.full(rows, source), rows + np.arange(columns)]),
                np.concatenate([rows + heads, np.arange(rows), np.full(columns, sink)]),
            ),
        ),
        shape=(sink + 1, sink + 1),
    ).tocsr()
    graph = csr_array((graph.data, graph.indices.astype(np.int32), graph.indptr.astype(np.int32)), shape=graph.shape)
    found = maximum_flow(graph, source, sink)
    if found.flow_value == demand.sum():
        return np.empty(0, dtype=np.intp)
    residual = csr_array(graph - found.flow)
    residual.data = np.maximum(residual.data, 0)
    residual.eliminate_zeros()
    reached = breadth_first_order(residual, source, return_predecessors=False)
    return np.sort(reached[reached < rows]).astype(np.intp)
