"""Lists of domains to look at: any CSV file with a `domain` column."""

import csv
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
    seen: set[str] = set()
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
                if domain not in seen:
                    seen.add(domain)
                    yield domain
        except UnicodeDecodeError as error:
            raise BadList(f"{path.name}: not UTF-8 text (byte {error.start})") from error
