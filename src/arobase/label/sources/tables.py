"""Files as people have them: commas, semicolons or tabs, UTF-8 or Windows-1252, read within bounds of size."""

import csv
import io
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path
from typing import BinaryIO

from arobase.label.rules.lines import PrintedLine
from arobase.label.rules.names import fold
from arobase.label.rules.remarks import Remark, _

MOST_BYTES = 20 * 1024 * 1024
MOST_LINES = 100_000
LONGEST_CELL = 2_000
REPLACED = "\ufffd"
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
_MULTIBYTE = re.compile(rb"[\xc2-\xf4][\x80-\xbf]{1,3}")
_EXAMPLE = "year;territory;department;level;mention"


class UnreadableFile(ValueError):
    """A file that cannot be read at all; carries the remark that says where and why."""

    def __init__(self, text: str, **facts: str | int) -> None:
        self.remark = Remark(text, facts)
        super().__init__(text % facts)


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


def bounded(stream: BinaryIO) -> bytes:
    """All bytes of a stream. Raises UnreadableFile as soon as there are more than MOST_BYTES."""
    content = stream.read(MOST_BYTES + 1)
    if len(content) > MOST_BYTES:
        raise UnreadableFile(
            _("Le fichier dépasse %(most)s Mo : importez-le en plusieurs parties."), most=MOST_BYTES // 1024 // 1024
        )
    return content


def bounded_file(path: Path) -> bytes:
    """All bytes of a file, as `bounded`. Raises UnreadableFile also when it cannot be opened."""
    try:
        with path.open("rb") as file:
            return bounded(file)
    except OSError as error:
        raise UnreadableFile(
            _("Le fichier « %(path)s » ne peut pas être lu : %(reason)s."),
            path=str(path),
            reason=error.strerror or type(error).__name__,
        ) from error


def decoded(content: bytes) -> tuple[str, str]:
    """The text and its encoding; what cannot be read, and NUL, becomes U+FFFD in its place.

    A file that is not UTF-8 as a whole is Windows-1252 unless it holds letters that are plainly UTF-8.

    >>> decoded("Épinal".encode("cp1252"))
    ('Épinal', 'windows-1252')
    >>> decoded("Épinal, Mérignac".encode()[:-12])
    ('Épinal', 'utf-8')
    """
    if content.startswith((b"\xff\xfe", b"\xfe\xff")):
        return content.decode("utf-16", errors="replace").replace("\0", REPLACED), "utf-16"
    encoding = "utf-8"
    try:
        text = content.decode("utf-8-sig")
    except UnicodeDecodeError:
        encoding = "utf-8" if content.startswith(b"\xef\xbb\xbf") or _MULTIBYTE.search(content) else "windows-1252"
        text = content.decode("utf-8-sig" if encoding == "utf-8" else "cp1252", errors="replace")
    return text.replace("\0", REPLACED), encoding


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
