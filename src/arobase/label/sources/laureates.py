"""Laureates: from a file to awards, first dry, then for good."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arobase.accounts.models import User
from arobase.label.actions.imports import Recorded, compared_with_known, record
from arobase.label.models import Import
from arobase.label.queries.places import gazetteer
from arobase.label.queries.wording import say, say_all
from arobase.label.rules.lines import PrintedLine, Reader, ReadLine
from arobase.label.rules.reconciliation import Candidate, Status
from arobase.label.rules.remarks import Remark, _
from arobase.label.sources.tables import COLUMNS, Table, printed_line, read


@dataclass(frozen=True)
class Preview:
    """A file understood, nothing recorded."""

    sha256: str
    table: Table
    lines: tuple[ReadLine, ...]

    @property
    def totals(self) -> dict[str, int]:
        counts = Counter(line.status for line in self.lines)
        return {status.value: counts[status] for status in Status}


def preview(content: bytes) -> Preview:
    """What an import of this file would say. Raises UnreadableFile, NoTerritories."""
    table = read(content)
    return Preview(hashlib.sha256(content).hexdigest(), table, understood(table.lines))


def understood(lines: Iterable[PrintedLine]) -> tuple[ReadLine, ...]:
    """Lines with what became of them, compared with one another and with the awards recorded already."""
    reader = Reader(gazetteer=gazetteer())
    return tuple(compared_with_known([reader.read(line) for line in lines]))


def import_lines(
    lines: Iterable[PrintedLine],
    *,
    sha256: str,
    file_name: str,
    by: User | None,
    at: datetime,
    origin: str = Import.Origin.FILE,
) -> Recorded:
    """Record the lines of a file; `record` compares them with what is known, within its transaction."""
    reader = Reader(gazetteer=gazetteer())
    read_lines = [reader.read(line) for line in lines]
    return record(read_lines, sha256=sha256, file_name=file_name, origin=origin, by=by, at=at)


def case_of(text: str, *, number: int) -> PrintedLine:
    """A line of a `.jsonl` file: an object with the columns of the CSV. Raises ValueError when it is none."""
    case = json.loads(text)
    if not isinstance(case, dict):
        raise ValueError("an object with the columns of the file was expected")
    names = [COLUMNS.get(name.casefold(), "") for name in case]
    cells = ["" if value is None else str(value) for value in case.values()]
    return printed_line(number, cells, names)


def as_document(line: ReadLine) -> dict[str, Any]:
    """A line for programs, as the contract of `arobase laureates import` has it."""
    return {
        "line": line.printed.number,
        "status": line.status.value,
        "code": line.outcome.code,
        "candidates": [_candidate(candidate) for candidate in line.outcome.candidates],
        "problem": say_all(line.problems),
    }


def _candidate(candidate: Candidate) -> dict[str, str]:
    return {"code": candidate.code, "name": candidate.name, "why": say(candidate.why)}


NOT_LOADED = Remark(_("Aucune commune n’est connue : chargez d’abord les données, avec arobase data load."))
