"""CSV files as people have them: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; read line by line."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from itertools import chain
from pathlib import Path

from django.utils.translation import gettext as _

from arobase.observatory.sources.facts import BadFacts, plainly

SEPARATORS = ",;\t|"
MOST_BYTES = 1_000_000  # of a line; of a longer one the rest is passed over
MOST_CELL = 100_000  # characters; what the csv module takes at most is less or more, as other modules set it


class BadList(ValueError):
    """The file is no list of what is asked for; the sentence says why."""


@dataclass(frozen=True)
class Row:
    """A line of the file: its number, and its cells, stripped, by our names of the columns that are known."""

    number: int
    cells: Mapping[str, str]

    def refused(self, why: object) -> BadFacts:
        """What is wrong with this line, as the error that says where."""
        return _refused(self.number, why)


@dataclass(frozen=True)
class Unnamed:
    """The column of a list without a header: our name of it, and what tells that a cell is one of its cells."""

    name: str
    is_one: Callable[[str], bool]


@dataclass(frozen=True)
class _Opening:
    """How a file opens: our name of each column, empty where it is not known, and what separates them.

    above  lines before the first row
    first  the first line where it is a row itself; empty where it is a header
    """

    names: list[str]
    separator: str
    above: int
    first: str = ""


@dataclass(frozen=True)
class Shape:
    """What a list should look like.

    columns  our name of each column by what files call it, as `plain` writes it; one of them must be there, and of
             several with our one name the first counts
    example  of a header, for whoever has none
    unnamed  the column that a list without a header is of, where exactly one cell of its first line is such a one
    """

    columns: Mapping[str, str]
    example: str
    unnamed: Unnamed | None = None


def read(path: Path, shape: Shape) -> Iterator[Row | BadFacts]:
    """Each line that is not empty; one that cannot be read as the error that says so, with its number.

    Raises  BadList when no column is known.
    """
    lines = _lines(path)
    opening = _opening(lines, shape, path.name)
    names, above = opening.names, opening.above
    lines = chain([opening.first], lines) if opening.first else lines
    # Strictly, or an open quote would take in the lines below it.
    rows = csv.reader(lines, delimiter=opening.separator, strict=True)
    while True:
        number = above + rows.line_num + 1
        try:
            cells = next(rows)
        except StopIteration:
            return
        except csv.Error:
            cells = None
        if cells is None or any(len(cell) > MOST_CELL for cell in cells):
            yield _refused(number, _("ce n’est pas du CSV : guillemet mal refermé, ou cellule démesurée."))
            continue
        if any(map(str.strip, cells)):
            yield Row(number, {name: cell.strip() for name, cell in zip(names, cells, strict=False) if name})


def plain(name: str) -> str:
    """A column's name without accents, case, spaces and signs.

    >>> plain(" Nom de domaine "), plain("E-mail")
    ('nomdedomaine', 'email')
    """
    apart = unicodedata.normalize("NFD", name.casefold())
    return "".join(sign for sign in apart if sign.isascii() and sign.isalnum())


def first_row(path: Path, shape: Shape) -> int:
    """How many lines are above the first row of a list. Raises BadList."""
    return _opening(_lines(path), shape, path.name).above


def _opening(lines: Iterator[str], shape: Shape, file: str) -> _Opening:
    """What the first lines tell; those are taken from `lines`. Raises BadList."""
    first, above = _first(lines)
    named = [([shape.columns.get(plain(cell), "") for cell in cells], separator) for cells, separator in _parted(first)]
    names, separator = max(named, key=lambda it: len({*it[0]} - {""}))
    if any(names):
        return _Opening([name if name not in names[:at] else "" for at, name in enumerate(names)], separator, above)
    unnamed = shape.unnamed
    told = {"file": file, "example": shape.example, "found": plainly(first.strip())}
    marked = [([unnamed.is_one(cell) for cell in cells], separator) for cells, separator in _parted(first) if unnamed]
    marks, separator = max(marked, key=lambda it: sum(it[0]), default=([], ""))
    if unnamed and sum(marks) == 1:
        return _Opening([unnamed.name if mark else "" for mark in marks], separator, above - 1, first)
    if sum(marks) > 1:
        raise BadList(
            _("%(file)s : plusieurs colonnes conviennent (« %(found)s ») ; nommez-les, comme « %(example)s ».") % told
        )
    raise BadList(
        _("%(file)s : la première ligne doit nommer les colonnes, comme « %(example)s » ; lu : « %(found)s ».") % told
    )


def _first(lines: Iterator[str]) -> tuple[str, int]:
    """The first line that says something, empty where none does, and how many lines were read."""
    above = 0
    for line in lines:
        above += 1
        if line.strip() and plain(line) != "sep":  # as spreadsheets may say first: sep=;
            return line, above
    return "", above


def _parted(line: str) -> Iterator[tuple[list[str], str]]:
    """A line's cells by each separator."""
    for separator in SEPARATORS:
        try:
            yield [cell.strip() for cell in next(csv.reader([line], delimiter=separator), [])], separator
        except csv.Error:
            yield [], separator


def _lines(path: Path) -> Iterator[str]:
    """Lines of text, one at a time: UTF-16 where the file says so, else each line UTF-8 or Windows-1252."""
    with path.open("rb") as file:
        if file.read(2) in {codecs.BOM_UTF16_LE, codecs.BOM_UTF16_BE}:
            file.seek(0)
            yield from io.TextIOWrapper(file, encoding="utf-16", errors="replace", newline="")
            return
        file.seek(0)
        while line := file.readline(MOST_BYTES):
            yield _text(line).removeprefix("\ufeff").replace("\0", "")
            while len(line) == MOST_BYTES and not line.endswith(b"\n"):
                line = file.readline(MOST_BYTES)


def _text(line: bytes) -> str:
    try:
        return line.decode("utf-8")
    except UnicodeDecodeError:
        return line.decode("cp1252", errors="replace")


def _refused(number: int, why: object) -> BadFacts:
    return BadFacts(_("Ligne %(line)s : %(why)s") % {"line": number, "why": why})
