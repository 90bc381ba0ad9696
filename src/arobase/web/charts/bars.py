"""Stacked bars, one for each year or other column, with an outline where the expected total is known."""

from collections.abc import Sequence
from dataclasses import dataclass

from arobase.web.charts.scales import labelled, nice_ticks

WIDTH, HEIGHT = 400, 190
LEFT, RIGHT, TOP, BOTTOM = 30, 6, 10, 20


@dataclass(frozen=True, slots=True)
class Series:
    """A colour of the stack: `css` is its class, `name` what the legend says, `values` one number for each column."""

    css: str
    name: str
    values: Sequence[int]


@dataclass(frozen=True, slots=True)
class Box:
    """A rectangle in units of the drawing."""

    css: str
    x: float
    y: float
    width: float
    height: float


@dataclass(frozen=True, slots=True)
class Bar:
    """A column: its boxes from the ground up, the outline of the total expected, and what it says when pointed at."""

    label: str
    is_labelled: bool
    middle: float
    boxes: tuple[Box, ...]
    outline: Box | None
    says: str


@dataclass(frozen=True, slots=True)
class Tick:
    """A line of the scale."""

    value: int
    y: float


@dataclass(frozen=True, slots=True)
class Table:
    """The chart's numbers in words: a header and rows, the first cell of each naming it."""

    header: tuple[str, ...]
    rows: tuple[tuple[str, ...], ...]


@dataclass(frozen=True, slots=True)
class Legend:
    """A colour and its name."""

    css: str
    name: str


@dataclass(frozen=True, slots=True)
class StackedBars:
    """Stacked bars, ready for web/charts/bars.html."""

    id: str
    title: str
    description: str
    bars: tuple[Bar, ...]
    ticks: tuple[Tick, ...]
    legend: tuple[Legend, ...]
    table: Table
    width: int = WIDTH
    height: int = HEIGHT
    left: int = LEFT

    @property
    def right(self) -> int:
        return self.width - RIGHT

    @property
    def ground(self) -> int:
        return self.height - BOTTOM


def stacked_bars(
    id: str,
    *,
    title: str,
    description: str,
    columns: Sequence[str],
    column_name: str,
    series: Sequence[Series],
    total_name: str,
    expected: Sequence[int | None] = (),
    expected_name: str = "",
) -> StackedBars:
    """Place the bars.

    columns    what each bar stands for; every series has one value for each
    expected   totals that the bars would reach if nothing were missing (None: unknown), drawn as outlines
    """
    wanted = list(expected) or [None] * len(columns)
    totals = [sum(one.values[place] for one in series) for place in range(len(columns))]
    ticks = nice_ticks(max([0, *totals, *(total for total in wanted if total is not None)]))
    scale = (HEIGHT - TOP - BOTTOM) / ticks[-1]
    ground = HEIGHT - BOTTOM
    pitch = (WIDTH - LEFT - RIGHT) / max(len(columns), 1)
    width = min(pitch * 0.72, 40)
    written = labelled(columns, most=7)
    bars = []
    for place, label in enumerate(columns):
        x = LEFT + pitch * place + (pitch - width) / 2
        boxes, below = [], 0
        for one in series:
            if one.values[place]:
                top = ground - (below + one.values[place]) * scale
                boxes.append(_box(one.css, x, top, width, one.values[place] * scale))
                below += one.values[place]
        total = wanted[place]
        outline = None if total is None else _box("expected", x, ground - total * scale, width, total * scale)
        says = f"{label}\u202f: {totals[place]}" + ("" if total is None else f" / {total}")
        bars.append(Bar(label, written[place], round(x + width / 2, 2), tuple(boxes), outline, says))
    return StackedBars(
        id=id,
        title=title,
        description=description,
        bars=tuple(bars),
        ticks=tuple(Tick(value, round(ground - value * scale, 2)) for value in ticks),
        legend=tuple(Legend(one.css, one.name) for one in series if any(one.values))
        + ((Legend("expected", expected_name),) if any(total is not None for total in wanted) else ()),
        table=_table(
            columns,
            series=series,
            totals=totals,
            wanted=wanted,
            names=(column_name, total_name, expected_name),
        ),
    )


def _table(
    columns: Sequence[str],
    *,
    series: Sequence[Series],
    totals: Sequence[int],
    wanted: Sequence[int | None],
    names: tuple[str, str, str],
) -> Table:
    column_name, total_name, expected_name = names
    header = [column_name, *(one.name for one in series), total_name]
    rows = [
        [label, *(str(one.values[place]) for one in series), str(totals[place])] for place, label in enumerate(columns)
    ]
    if expected_name:
        header.append(expected_name)
        rows = [[*row, "–" if total is None else str(total)] for row, total in zip(rows, wanted, strict=True)]
    return Table(tuple(header), tuple(tuple(row) for row in rows))


def _box(css: str, x: float, y: float, width: float, height: float) -> Box:
    return Box(css, round(x, 2), round(y, 2), round(width, 2), round(height, 2))
