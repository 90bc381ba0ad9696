"""The lines of a file of results, whichever separator it uses."""

import csv
import io
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from arobase.label.rules.lines import PrintedLine
from arobase.label.rules.names import fold
from arobase.label.rules.remarks import Remark, _
from arobase.web.files import REPLACED, UnreadableFile, decoded

MOST_LINES = 100_000
LONGEST_CELL = 2_000
COLUMNS: Mapping[str, str] = {
    "year": "year",
    "annee": "year",
    "label": "year",
    "territory": "territory",
    "territoire": "territory",
    "commune": "territory",
    "collectivite": "territory",
    "code": "code",
    "department": "department",
    "departement": "department",
    "level": "level",
    "niveau": "level",
    "mention": "mention",
    "mentions": "mention",
    "distinction": "mention",
    "source": "source",
}
_EXAMPLE = "year;territory;department;level;mention"


@dataclass(frozen=True)
class Table:
    """A file that was read.

    ignored     names of columns that mean nothing here
    encoding    `utf-8`, `utf-16` or `windows-1252`
    """

    lines: tuple[PrintedLine, ...]
    ignored: tuple[str, ...]
    encoding: str
    delimiter: str


def read(content: bytes) -> Table:
    """The lines of a file. Raises UnreadableFile, naming line and column where it can."""
    text, encoding = decoded(content)
    if not text.strip():
        raise UnreadableFile(_("Le fichier est vide."))
    first = next(number for number, line in enumerate(text.splitlines()) if line.strip())
    delimiter, header = _header(text.splitlines()[first], number=first + 1)
    names = [COLUMNS.get(fold(name), "") for name in header]
    twice = {name for name in names if name and names.count(name) > 1}
    if twice:
        raise UnreadableFile(
            _("Ligne %(line)s : la colonne « %(column)s » figure deux fois."),
            line=str(first + 1),
            column=", ".join(sorted(twice)),
        )
    ignored = tuple(name.strip() for name, known in zip(header, names, strict=True) if not known and name.strip())
    return Table(tuple(_lines(text, names, delimiter=delimiter, after=first + 1)), ignored, encoding, delimiter)


def _header(line: str, *, number: int) -> tuple[str, list[str]]:
    """The delimiter with which a line is a header, and its cells."""
    best: tuple[int, str, list[str]] = (-1, "", [])
    for delimiter in (",", ";", "\t", "|"):
        cells = next(csv.reader([line], delimiter=delimiter), [])
        known = {COLUMNS[fold(cell)] for cell in cells if fold(cell) in COLUMNS}
        if len(known) > best[0]:
            best = (len(known), delimiter, cells)
    known = {COLUMNS.get(fold(cell), "") for cell in best[2]}
    missing = []
    if "year" not in known:
        missing.append("year")
    if not known & {"territory", "code"}:
        missing.append("territory, code")
    if missing:
        raise UnreadableFile(
            _("Ligne %(line)s : en-tête sans colonne %(missing)s (lu : « %(found)s » ; attendu : %(example)s)."),
            line=str(number),
            missing=" ; ".join(missing),
            found=line.strip()[:120],
            example=_EXAMPLE,
        )
    return best[1], best[2]


def _lines(text: str, names: list[str], *, delimiter: str, after: int) -> Iterator[PrintedLine]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    count = number = 0
    while True:
        number = reader.line_num + 1
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as error:
            raise UnreadableFile(
                _("Ligne %(line)s : un guillemet ouvert n’est pas refermé, ou une cellule est démesurée (%(reason)s)."),
                line=str(number),
                reason=str(error),
            ) from error
        if number <= after or not any(cell.strip() for cell in cells):
            continue
        count += 1
        if count > MOST_LINES:
            raise UnreadableFile(
                _("Le fichier a plus de %(most)s lignes : importez-le en plusieurs parties."), most=MOST_LINES
            )
        yield printed_line(number, cells, names)


def printed_line(number: int, cells: list[str], names: list[str]) -> PrintedLine:
    """A line's known columns, and what makes it unreadable."""
    pairs = list(zip(names, cells, strict=False))
    kept = {name: " ".join(cell.split())[:LONGEST_CELL] for name, cell in pairs if name}
    unreadable = None
    if any(cell.strip() for cell in cells[len(names) :]):
        facts = {"cells": str(len(cells)), "columns": str(len(names))}
        unreadable = Remark(_("%(cells)s cellules pour %(columns)s colonnes : un séparateur de trop ?"), facts)
    for name, cell in pairs:
        if name and REPLACED in cell:
            facts = {"column": name, "text": cell[:80]}
            unreadable = Remark(_("Caractère illisible dans la colonne « %(column)s » : « %(text)s »."), facts)
        if name and len(cell) > LONGEST_CELL:
            facts = {"column": name, "most": str(LONGEST_CELL)}
            unreadable = Remark(_("La colonne « %(column)s » dépasse %(most)s caractères."), facts)
    return PrintedLine(number, kept, unreadable)
