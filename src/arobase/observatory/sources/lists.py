"""CSV files as people have them: comma, semicolon, tab or bar; UTF-8, UTF-16 or Windows-1252; read line by line."""

import codecs
import csv
import io
import unicodedata
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
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


def read(path: Path, columns: Mapping[str, str], *, example: str) -> Iterator[Row | BadFacts]:
    """Each line that is not empty; one that cannot be read as the error that says so, with its number.

    columns  our name of each column by what files call it, as `plain` writes it; one of them must be there
    example  of a header, for whoever has none
    Raises   BadList when no column is known.
    """
    lines = _lines(path)
    names, separator, above = _header(lines, columns, example, path.name)
    rows = csv.reader(lines, delimiter=separator, strict=True)  # or an open quote would take in the lines below it
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


def _header(lines: Iterator[str], columns: Mapping[str, str], example: str, file: str) -> tuple[list[str], str, int]:
    """Our name of each column, empty where it is not known, what separates them, and how many lines were read."""
    first = ""
    for above, line in enumerate(lines, start=1):
        if not line.strip() or plain(line) == "sep":  # as spreadsheets may say first: sep=;
            continue
        first = first or line
        found = max((_named(line, separator, columns) for separator in SEPARATORS), key=lambda it: len(set(it[0])))
        if any(found[0]):
            return *found, above
        break
    raise BadList(
        _("%(file)s : la première ligne doit nommer les colonnes, comme « %(example)s » ; lu : « %(found)s ».")
        % {"file": file, "example": example, "found": plainly(first.strip())}
    )


def _named(line: str, separator: str, columns: Mapping[str, str]) -> tuple[list[str], str]:
    try:
        cells = next(csv.reader([line], delimiter=separator), [])
    except csv.Error:
        cells = []
    return [columns.get(plain(cell), "") for cell in cells], separator


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
