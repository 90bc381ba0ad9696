"""Better assignments by exchange: lift the worst dossier, raise the total above a floor, link the jurors."""

from collections.abc import Callable, Iterator, Sequence

import numpy as np
from numpy.typing import NDArray

from arobase.label.rules.jury import Seats

Chosen = NDArray[np.bool_]
_NEVER = -1e9
_LIKE = 1e-9
_MOST_TRIES = 200  # exchanges looked at for each link between two groups of jurors


def fits_of(seats: Seats, chosen: Chosen) -> NDArray[np.float64]:
    """The summed fit of each dossier, locked pairs included."""
    return np.asarray(seats.base + (seats.fit * chosen).sum(axis=1))


def lift_the_worst(
    seats: Seats,
    chosen: Chosen,
    *,
    least_kept: int,
    tenure: int,
    rounds: int,
    patience: int,
    is_over: Callable[[], bool],
) -> Chosen:
    """The best worst fit met on a walk of exchanges, each for the worst dossier of the moment.

    A tabu search (Glover, 1989): the best exchange is made even when it lowers something, and a pair just given up may
    not come back for `tenure` rounds. Ends after `rounds`, or `patience` rounds without a better worst fit.
    """
    fit, chosen, best = seats.fit, chosen.copy(), chosen.copy()
    sums, loads = fits_of(seats, chosen), chosen.sum(axis=0)
    kept, top, since = int((chosen & seats.wanted).sum()), float(sums.min()), 0
    barred = np.zeros(chosen.shape, dtype=np.intp)
    for turn in range(1, rounds + 1):
        if turn - since > patience or is_over():
            break
        worst = int(np.argmin(sums))
        free = seats.allowed & ~chosen & (barred < turn)
        own = np.flatnonzero(chosen[worst])
        others, theirs = np.nonzero(chosen & free[worst][None, :])
        moves: list[tuple[float, int, int, int]] = []
        for juror in own.tolist():
            gain = sums[worst] - fit[worst, juror]
            if len(others):
                after = np.minimum(gain + fit[worst, theirs], sums[others] - fit[others, theirs] + fit[others, juror])
                delta = _kept_by(seats, worst, juror, others, theirs)
                after = np.where(free[others, juror] & (kept + delta >= least_kept), after, _NEVER)
                place = int(np.argmax(after))
                moves.append((float(after[place]), juror, int(others[place]), int(theirs[place])))
            if loads[juror] > seats.least[juror]:
                changes = seats.wanted[worst].astype(np.intp) - int(seats.wanted[worst, juror])
                can = free[worst] & (loads < seats.most) & (kept + changes >= least_kept)
                after = np.where(can, gain + fit[worst], _NEVER)
                place = int(np.argmax(after))
                moves.append((float(after[place]), juror, -1, place))
        value, juror, other, their = max(moves, key=lambda move: move[0], default=(_NEVER, -1, -1, -1))
        if value <= _NEVER:
            break
        before = int((chosen & seats.wanted)[[worst, other]].sum())
        _give(chosen, worst, juror, their)
        barred[worst, juror] = turn + tenure
        if other >= 0:
            _give(chosen, other, their, juror)
            barred[other, their] = turn + tenure
        else:
            loads[juror] -= 1
            loads[their] += 1
        kept += int((chosen & seats.wanted)[[worst, other]].sum()) - before
        for row in (worst, other) if other >= 0 else (worst,):
            sums[row] = seats.base[row] + fit[row] @ chosen[row]
        if sums.min() > top + _LIKE:
            top, best, since = float(sums.min()), chosen.copy(), turn
    return best


def _kept_by(
    seats: Seats, row: int, juror: int, others: NDArray[np.intp], theirs: NDArray[np.intp]
) -> NDArray[np.intp]:
    """By how much the count of kept pairs changes with each exchange."""
    wanted = seats.wanted.astype(np.intp)
    return np.asarray(wanted[row, theirs] - wanted[row, juror] + wanted[others, juror] - wanted[others, theirs])


def _give(chosen: Chosen, row: int, old: int, new: int) -> None:
    chosen[row, old], chosen[row, new] = False, True


def raise_the_total(
    seats: Seats,
    chosen: Chosen,
    *,
    floor: float,
    least_kept: int,
    rounds: int,
    patience: int,
    is_over: Callable[[], bool],
) -> Chosen:
    """A larger total above the floor: each round all dossiers give up one juror and the best exchange of all is found.

    What a dossier may take back depends on its own fit alone, so that the exchange is a linear assignment, solved
    exactly. Which juror is given up changes with each round, by the fractional parts of multiples of irrationals.
    """
    from scipy.optimize import linear_sum_assignment  # dear to import, and few processes need it

    rows = np.flatnonzero(seats.need)
    if not len(rows):
        return chosen
    places, count, since = np.arange(len(rows)), len(rows), 0
    for turn in range(rounds):
        if turn - since > patience or is_over():
            break
        jurors = np.nonzero(chosen[rows])[1]
        starts = np.cumsum(seats.need[rows]) - seats.need[rows]
        share = (places * 0.6180339887 + turn * 0.7548776662 + places * turn * 0.5698402910) % 1
        given = jurors[starts + np.floor(seats.need[rows] * share).astype(np.intp)]
        rest = chosen[rows].copy()
        rest[places, given] = False
        sums = seats.base[rows] + (seats.fit[rows] * rest).sum(axis=1)
        gains = np.where(seats.wanted[rows], seats.fit[rows] + bool(least_kept) * seats.need.sum(), seats.fit[rows])
        can = seats.allowed[rows] & ~rest & (sums[:, None] + seats.fit[rows] >= floor - _LIKE)
        gains = np.where(can, gains, _NEVER)
        loads = rest.sum(axis=0)
        must = np.maximum(0, seats.least - loads)
        may = seats.most - loads - must
        columns = np.concatenate([np.repeat(np.arange(len(must)), must), np.repeat(np.arange(len(may)), may)])
        idle = np.where(np.arange(len(columns)) < must.sum(), _NEVER, 0.0)
        table = np.vstack([gains[:, columns], np.repeat(idle[None, :], len(columns) - count, axis=0)])
        lines, taken = linear_sum_assignment(table, maximize=True)
        if table[lines, taken].sum() < gains[places, given].sum() + _LIKE:
            continue
        rest[places, columns[taken[:count]]] = True
        chosen = chosen.copy()
        chosen[rows] = rest
        since = turn
    return chosen


def groups(chosen: Chosen) -> tuple[int, NDArray[np.intp], NDArray[np.intp]]:
    """How many groups of jurors share no dossier, and the group of each dossier and each juror."""
    from scipy.sparse import coo_array  # dear to import, and few processes need it
    from scipy.sparse.csgraph import connected_components

    rows, columns = chosen.shape
    tails, heads = np.nonzero(chosen)
    graph = coo_array((np.ones(len(tails)), (tails, rows + heads)), shape=(rows + columns, rows + columns))
    _count, labels = connected_components(graph.tocsr(), directed=False)
    return len(np.unique(labels[rows:])), labels[:rows], labels[rows:]


def link(seats: Seats, chosen: Chosen, *, least_kept: int, floors: Sequence[float]) -> Chosen:
    """Exchange reviews between groups of jurors until all are linked, at the least loss, above the first floor it can.

    Gives back what it got as far as no exchange links any further.
    """
    count = groups(chosen | seats.locked)[0]
    while count > 1:
        steps = (step for floor in floors for step in _links(seats, chosen, least_kept=least_kept, floor=floor))
        better = next((step for step in steps if groups(step | seats.locked)[0] < count), None)
        if better is None:
            return chosen
        chosen, count = better, groups(better | seats.locked)[0]
    return chosen


def _links(seats: Seats, chosen: Chosen, *, least_kept: int, floor: float) -> Iterator[Chosen]:
    _count, of_row, _of_column = groups(chosen | seats.locked)
    rows, columns = np.nonzero(chosen)
    sums, fit, wanted = fits_of(seats, chosen), seats.fit, seats.wanted.astype(np.intp)
    crossed, own = fit[rows][:, columns], fit[rows, columns]
    lone = sums[rows] - own
    after = np.minimum(lone[:, None] + crossed, lone[None, :] + crossed.T)
    free = (seats.allowed & ~chosen)[rows][:, columns]
    kept = wanted[rows][:, columns] - wanted[rows, columns][:, None]
    can = free & free.T & (of_row[rows][:, None] < of_row[rows][None, :]) & (after >= floor - _LIKE)
    can &= int((chosen & seats.wanted).sum()) + kept + kept.T >= least_kept
    loss = np.where(can, own[:, None] + own[None, :] - crossed - crossed.T, np.inf)
    order = np.argsort(loss, axis=None, kind="stable")[: min(_MOST_TRIES, int(can.sum()))]
    for place in order:
        one, other = divmod(int(place), len(rows))
        step = chosen.copy()
        _give(step, int(rows[one]), int(columns[one]), int(columns[other]))
        _give(step, int(rows[other]), int(columns[other]), int(columns[one]))
        yield step
