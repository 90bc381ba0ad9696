"""Small multiples: the same little bar chart for many things, all on one scale so that they compare."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from arobase.web.charts.bars import Box, Table

WIDTH, HEIGHT = 120, 36


@dataclass(frozen=True, slots=True)
class Small:
    """One of them: its name, where it leads, its number in figures, and its bars."""

    name: str
    url: str
    figure: str
    boxes: tuple[Box, ...]


@dataclass(frozen=True, slots=True)
class SmallMultiples:
    """Little bar charts on one scale, ready for web/charts/multiples.html; `highest` is what a full bar stands for."""

    id: str
    title: str
    description: str
    first: str
    last: str
    highest: int
    smalls: tuple[Small, ...]
    table: Table
    width: int = WIDTH
    height: int = HEIGHT


def small_multiples(
    id: str,
    *,
    title: str,
    description: str,
    columns: Sequence[str],
    name_of_rows: str,
    rows: Sequence[tuple[str, str, str, Sequence[int]]],
) -> SmallMultiples:
    """Place the bars of each row: (name, address, figure, one value for each column)."""
    highest = max((value for *_named, values in rows for value in values), default=0) or 1
    pitch = WIDTH / max(len(columns), 1)
    smalls = tuple(
        Small(
            name,
            url,
            figure,
            tuple(
                Box(
                    "level-5",
                    round(pitch * place + pitch * 0.14, 2),
                    round(HEIGHT - value * HEIGHT / highest, 2),
                    round(pitch * 0.72, 2),
                    round(value * HEIGHT / highest, 2),
                )
                for place, value in enumerate(values)
                if value
            ),
        )
        for name, url, figure, values in rows
    )
    return SmallMultiples(
        id=id,
        title=title,
        description=description,
        first=columns[0] if columns else "",
        last=columns[-1] if columns else "",
        highest=highest,
        smalls=smalls,
        table=Table(
            header=(name_of_rows, *columns),
            rows=tuple((name, *(str(value) for value in values)) for name, _url, _figure, values in rows),
        ),
    )


@dataclass(frozen=True, slots=True)
class Share:
    """A line of a ranked bar list: `width` from 0 to 100."""

    name: str
    css: str
    value: int
    width: float


def shares(rows: Mapping[str, tuple[str, int]]) -> tuple[Share, ...]:
    """Horizontal bars on one scale: name → (class, number)."""
    highest = max((value for _css, value in rows.values()), default=0) or 1
    return tuple(Share(name, css, value, round(100 * value / highest, 2)) for name, (css, value) in rows.items())
