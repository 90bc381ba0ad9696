"""Readings exchanged so that each juror reads dossiers of different sizes, at no loss of anything else."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import replace
from itertools import combinations

import numpy as np
from numpy.typing import NDArray

from arobase.label.rules.assignment import Assignment, is_connected
from arobase.label.rules.jury import Pair, Problem

LIKE = 1e-9
SWEEPS = 3


def sameness(pairs: Sequence[Pair], sizes: Mapping[str, str]) -> int:
    """How alike in size what each juror reads is: the sum of squares of his counts by size. Less is more mixed.

    >>> sizes = {"a": "small", "b": "small", "c": "large", "d": "large"}
    >>> sameness([("a", "x"), ("b", "x")], sizes), sameness([("a", "x"), ("c", "x")], sizes)
    (4, 2)
    """
    counts = Counter((juror, sizes[dossier]) for dossier, juror in pairs)
    return sum(count * count for count in counts.values())


def mixed(
    pairs: Sequence[Pair],
    *,
    sizes: Mapping[str, str],
    dossiers: Sequence[str],
    jurors: Sequence[str],
    fit: NDArray[np.float64],
    barred: frozenset[Pair],
    kept: frozenset[Pair],
) -> tuple[Pair, ...]:
    """Exchange two jurors' dossiers wherever that mixes sizes and both dossiers are served as before.

    sizes    by dossier, its class of size
    fit      dossiers × jurors
    barred   pairs that must never be
    kept     pairs that must stay

    Loads, readings of each dossier, and the fit of each dossier stay as they were.
    """
    row, column = {id: i for i, id in enumerate(dossiers)}, {id: j for j, id in enumerate(jurors)}
    reads: dict[str, set[str]] = {juror: set() for juror in jurors}
    for dossier, juror in pairs:
        reads[juror].add(dossier)
    counts = Counter((juror, sizes[dossier]) for dossier, juror in pairs)

    def may(dossier: str, old: str, new: str) -> bool:
        if dossier in reads[new] or (dossier, new) in barred or (dossier, old) in kept:
            return False
        return abs(float(fit[row[dossier], column[new]] - fit[row[dossier], column[old]])) <= LIKE

    def gain(one: str, other: str, here: str, there: str) -> int:
        """By how much the sum of squares falls when `one` takes a dossier of size `there` for one of size `here`."""
        return 2 * (counts[one, here] - counts[one, there] + counts[other, there] - counts[other, here] - 2)

    for _sweep in range(SWEEPS):
        exchanged = False
        for one, other in combinations(jurors, 2):
            for given in sorted(reads[one]):
                here = sizes[given]
                takes = [
                    taken
                    for taken in sorted(reads[other])
                    if sizes[taken] != here and gain(one, other, here, sizes[taken]) > 0
                ]
                swap = next((taken for taken in takes if may(given, one, other) and may(taken, other, one)), None)
                if swap is None:
                    continue
                there, exchanged = sizes[swap], True
                reads[one] = reads[one] - {given} | {swap}
                reads[other] = reads[other] - {swap} | {given}
                counts.subtract([(one, here), (other, there)])
                counts.update([(one, there), (other, here)])
        if not exchanged:
            break
    place = {juror: number for number, juror in enumerate(jurors)}
    found = [(dossier, juror) for juror, held in reads.items() for dossier in held]
    return tuple(sorted(found, key=lambda pair: (row[pair[0]], place[pair[1]])))


def mix(found: Assignment, problem: Problem, sizes: Mapping[str, str]) -> Assignment:
    """An assignment with sizes mixed; as it was where that would cut the jurors into groups."""
    pairs = mixed(
        found.pairs,
        sizes=sizes,
        dossiers=problem.dossiers,
        jurors=problem.jurors,
        fit=problem.fit,
        barred=problem.conflicts,
        kept=problem.locked | problem.previous,
    )
    if found.connected and not is_connected(pairs, problem.jurors):
        return found
    return replace(found, pairs=pairs)
