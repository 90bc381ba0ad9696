"""The line of @: one sign for each year, filled by level, a dot where there was none."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

PITCH, HEIGHT = 16, 30


@dataclass(frozen=True, slots=True)
class Mark:
    """A year of the line: `level` 1–5, 0 for an award whose level is not stated, None for none."""

    year: int
    x: float
    level: int | None

    @property
    def is_award(self) -> bool:
        return self.level is not None


@dataclass(frozen=True, slots=True)
class LineOfAt:
    """A line of @, ready for web/charts/rings.html; `says` is its text for a screen reader."""

    says: str
    marks: tuple[Mark, ...]
    width: int
    height: int = HEIGHT


def line_of_at(levels: Mapping[int, int | None], *, years: Sequence[int], says: str) -> LineOfAt:
    """Place the signs.

    levels   year → level of the award, None where it is not stated; a year that is missing had none
    years    the columns, in order

    >>> [mark.level for mark in line_of_at({2023: None, 2024: 4}, years=[2022, 2023, 2024], says="").marks]
    [None, 0, 4]
    """
    marks = tuple(
        Mark(year, PITCH * place + PITCH / 2, (levels[year] or 0) if year in levels else None)
        for place, year in enumerate(years)
    )
    return LineOfAt(says, marks, PITCH * max(len(years), 1))
