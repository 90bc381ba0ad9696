"""Reading as if nothing else happened meanwhile, while people go on entering."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

from django.db import DEFAULT_DB_ALIAS, connection, connections, transaction


@contextmanager
def one_moment() -> Iterator[None]:
    """All that is read within is as it was at one moment, and nobody who enters waits for it.

    SQLite: a deferred transaction reads one snapshot of the write-ahead log; the IMMEDIATE one of every other
    transaction here would hold the lock of whoever enters. PostgreSQL: REPEATABLE READ. Within a transaction that has
    begun already, what is seen is that one's affair.
    """
    if connection.in_atomic_block:
        yield
        return
    with _reading():
        yield


@contextmanager
def _reading() -> Iterator[None]:
    if connection.vendor == "sqlite":
        sqlite: Any = connections[DEFAULT_DB_ALIAS]  # Any: Django's stubs do not have `transaction_mode`
        usual, sqlite.transaction_mode = sqlite.transaction_mode, "DEFERRED"
        try:
            with transaction.atomic():
                yield
        finally:
            sqlite.transaction_mode = usual
        return
    with transaction.atomic():
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
        yield
