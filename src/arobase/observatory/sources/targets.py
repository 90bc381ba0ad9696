"""Lists of domains to look at: any CSV file with a `domain` column."""

import csv
import sqlite3
from collections.abc import Iterator
from pathlib import Path

from arobase.observatory.sources.facts import BadFacts, ascii_domain

COLUMN = "domain"


class BadList(ValueError):
    """The file is no list of domains; the message says why."""


def domains(path: Path) -> Iterator[str | BadFacts]:
    """Each domain of a list once, in the order of its first line; a line that names none as the error that says so.

    Raises BadList when there is no `domain` column or the file is not UTF-8 text.
    """
    seen = _Seen()
    with path.open(encoding="utf-8-sig", newline="") as file:
        try:
            rows = csv.DictReader(file)
            if COLUMN not in (rows.fieldnames or ()):
                raise BadList(
                    f"{path.name}: no column {COLUMN!r} among {', '.join(rows.fieldnames or ()) or 'nothing'}"
                )
            for row in rows:
                try:
                    domain = ascii_domain(row[COLUMN])
                except BadFacts as error:
                    yield BadFacts(f"line {rows.line_num}: {error}")
                    continue
                if seen.is_new(domain):
                    yield domain
        except UnicodeDecodeError as error:
            raise BadList(f"{path.name}: not UTF-8 text (byte {error.start})") from error


def lines(path: Path) -> int:
    """How many lines follow the header, for a bar of progress: an upper bound of the domains."""
    with path.open("rb") as file:
        return max(0, sum(1 for _line in file) - 1)


class _Seen:
    """Domains met, in a temporary table that spills to disk: memory does not grow with the list."""

    def __init__(self) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("CREATE TABLE seen (domain TEXT PRIMARY KEY) WITHOUT ROWID")
        self._table.execute("BEGIN")

    def is_new(self, domain: str) -> bool:
        return self._table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (domain,)).rowcount == 1
