"""How readings are shared out around the optimisation: who reads at most how many, which dossiers everyone reads."""

from collections.abc import Mapping, Sequence
from fractions import Fraction


def even_loads(
    caps: Mapping[str, int | None], *, total: int, held: Mapping[str, int] | None = None
) -> Mapping[str, tuple[int, int]]:
    """The least and the most readings of each juror: as even as those who read at most a number allow.

    caps    by juror, the most they take; None without limit
    total   readings to be shared out; where the caps allow fewer, each gets his cap
    held    by juror, readings that stay whatever is decided: nobody has fewer

    >>> even_loads({"a": None, "b": None, "c": 2}, total=12)
    {'a': (5, 5), 'b': (5, 5), 'c': (2, 2)}
    >>> even_loads({"a": None, "b": None}, total=3)
    {'a': (1, 2), 'b': (1, 2)}
    >>> even_loads({"a": None, "b": None, "new": None}, total=9, held={"a": 5})
    {'a': (5, 5), 'b': (2, 2), 'new': (2, 2)}
    """
    kept = held or {}

    def load(juror: str, level: int) -> int:
        cap = caps[juror]
        return max(kept.get(juror, 0), level if cap is None else min(cap, level))

    def shared(level: int) -> int:
        return sum(load(juror, level) for juror in caps)

    low, high = 0, total
    while low < high:
        middle = (low + high + 1) // 2
        low, high = (middle, high) if shared(middle) <= total else (low, middle - 1)
    more = low + (shared(low) < total)
    return {juror: (load(juror, low), load(juror, more)) for juror in caps}


def common(scores: Mapping[int, Fraction], conflicts: Mapping[int, int], *, number: int) -> Sequence[int]:
    """The dossiers that everyone reads, so that all jurors are compared on the same: spread from weak to strong.

    scores      of the mosaics, by dossier
    conflicts   how many jurors may not read it, by dossier; those with the fewest come first

    >>> common({n: Fraction(n) for n in range(10)}, {}, number=3)
    [0, 4, 9]
    """
    if number <= 0 or not scores:
        return []
    ranked = sorted(scores, key=lambda one: (conflicts.get(one, 0), one))
    limit = conflicts.get(ranked[min(number, len(ranked)) - 1], 0)
    free = sorted((one for one in ranked if conflicts.get(one, 0) <= limit), key=lambda one: (scores[one], one))
    if number >= len(free):
        return free
    if number == 1:
        return [free[len(free) // 2]]
    return [free[(len(free) - 1) * place // (number - 1)] for place in range(number)]
