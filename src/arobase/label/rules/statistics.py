"""An edition in numbers: what was handed in and what was received, by any way of grouping."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass
from fractions import Fraction

from arobase.label.rules.levels import HIGHEST


@dataclass(frozen=True)
class Result:
    """A dossier that was decided: its level, and the groups that it counts in."""

    level: int
    kind: str
    size: str
    region: str


@dataclass(frozen=True)
class Row:
    """A group of dossiers: how many received 1 to 5 @."""

    group: str
    levels: tuple[int, ...]

    @property
    def number(self) -> int:
        """All dossiers of the group."""
        return sum(self.levels)

    @property
    def mean(self) -> Fraction:
        """Arobases on average."""
        return Fraction(sum(count * level for level, count in enumerate(self.levels, 1)), self.number)


def grouped(results: Iterable[Result], by: Callable[[Result], str]) -> list[Row]:
    """A row for each group that has a dossier, the largest first.

    >>> grouped([Result(2, "town", "", ""), Result(5, "town", "", "")], lambda one: one.kind)
    [Row(group='town', levels=(0, 1, 0, 0, 1))]
    """
    counts: dict[str, list[int]] = {}
    for one in results:
        counts.setdefault(by(one), [0] * HIGHEST)[one.level - 1] += 1
    rows = [Row(group, tuple(levels)) for group, levels in counts.items()]
    return sorted(rows, key=lambda row: (-row.number, row.group))
