"""Names met before, in a temporary table that spills to disk: memory does not grow with their number."""

import sqlite3
from collections.abc import Iterable


class Seen:
    """Names that were met; `seen = Seen(names)` begins with some."""

    def __init__(self, names: Iterable[str] = ()) -> None:
        self._table = sqlite3.connect("", isolation_level=None)
        self._table.execute("CREATE TABLE seen (name TEXT PRIMARY KEY) WITHOUT ROWID")
        self._table.execute("BEGIN")
        self._table.executemany("INSERT OR IGNORE INTO seen VALUES (?)", ((name,) for name in names))

    def is_new(self, name: str) -> bool:
        """Whether a name was not met before; from now on it was."""
        return self._table.execute("INSERT OR IGNORE INTO seen VALUES (?)", (name,)).rowcount == 1

    def __contains__(self, name: str) -> bool:
        return self._table.execute("SELECT 1 FROM seen WHERE name = ?", (name,)).fetchone() is not None
