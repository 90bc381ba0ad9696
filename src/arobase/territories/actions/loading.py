"""All reference data brought in, source after source, by one process at a time."""

import errno
import json
import os
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime
from pathlib import Path
from typing import Any

from django.db import DatabaseError, connection
from django.utils.translation import gettext as _
from filelock import FileLock, Timeout

from arobase.registry.registers import DataSource, Loaded, LoadRequest, Progress, data_sources
from arobase.territories.actions.reference import record
from arobase.territories.models import SourceState

ADVISORY_LOCK = 0x41524F42  # "AROB"


class LoadFailed(Exception):
    """A source that could not be loaded; says what happened to which file and what to do. Nothing of it was written."""


class UnknownSource(LoadFailed):
    """No source bears this name."""

    def __init__(self, name: str, *, known: Sequence[str]) -> None:
        super().__init__(
            _("Aucune source ne s’appelle « %(name)s ». Sources connues : %(known)s.")
            % {"name": name, "known": ", ".join(known)}
        )


class NoSpaceLeft(LoadFailed):
    """The disk is full."""

    def __init__(self, home: Path) -> None:
        super().__init__(
            _(
                "Le disque est plein (%(home)s). Libérez de la place, puis relancez : "
                "les données d’avant servent toujours."
            )
            % {"home": home}
        )


@dataclass(frozen=True)
class Outcome:
    """How a source fared: what it loaded, or the sentence that says why not."""

    source: DataSource
    seconds: float
    loaded: Loaded | None = None
    failure: str = ""


def chosen(only: Iterable[str]) -> list[DataSource]:
    """The sources to load, in order: all, or those named with what they need and has never been loaded.

    Raises UnknownSource.
    """
    known = data_sources.names()
    wanted = list(dict.fromkeys(only))
    if not wanted:
        wanted = known
    loaded = set(SourceState.objects.filter(layer__isnull=False).values_list("name", flat=True))
    found: dict[str, DataSource] = {}

    def add(name: str) -> None:
        if name not in known:
            raise UnknownSource(name, known=known)
        for need in data_sources[name].needs:
            if need in wanted or need not in loaded:
                add(need)
        found[name] = data_sources[name]

    for name in wanted:
        add(name)
    return list(found.values())


def load(
    sources: Iterable[DataSource],
    *,
    departments: frozenset[str],
    progress: Progress,
    home: Path,
    clock: Callable[[], datetime],
    tell: Callable[[str], None],
) -> Iterator[Outcome]:
    """Load sources one after the other; a source that fails stops only those that need it.

    Waits for another loader, and says so. Each source is written in one transaction of its own.
    """
    failed: set[str] = set()
    with only_loader(home, tell=tell, clock=clock):
        for source in sources:
            outcome = _load_one(source, failed, LoadRequest(departments, progress), home=home, clock=clock)
            if outcome.failure:
                failed.add(source.name)
            yield outcome


def _load_one(
    source: DataSource, failed: set[str], request: LoadRequest, *, home: Path, clock: Callable[[], datetime]
) -> Outcome:
    began = time.monotonic()
    if missing := [need for need in source.needs if need in failed]:
        sentence = _("Pas chargée, car elle a besoin de : %s.") % ", ".join(missing)
        return Outcome(source, 0.0, failure=sentence)
    try:
        loaded = source.load(request)
        seconds = time.monotonic() - began
        record(source.name, loaded, seconds=round(seconds, 2), at=clock())
    except LoadFailed as failure:
        return Outcome(source, time.monotonic() - began, failure=str(failure))
    except (OSError, DatabaseError) as error:
        return Outcome(source, time.monotonic() - began, failure=str(_named(error, home)))
    return Outcome(source, seconds, loaded)


def _named(error: OSError | DatabaseError, home: Path) -> Exception:
    """NoSpaceLeft where that is what happened; raises whatever it cannot name."""
    if isinstance(error, OSError) and error.errno in {errno.ENOSPC, errno.EDQUOT}:
        return NoSpaceLeft(home)
    if isinstance(error, DatabaseError) and ("is full" in str(error) or "No space left" in str(error)):
        return NoSpaceLeft(home)
    raise error


@contextmanager
def only_loader(home: Path, *, tell: Callable[[str], None], clock: Callable[[], datetime]) -> Iterator[None]:
    """Hold the right to load; the second waits, told who loads. The system frees it when a loader is killed."""
    lock, holder = FileLock(home / "loading.lock"), home / "loading.json"
    try:
        lock.acquire(timeout=0)
    except Timeout:
        tell(_waiting(holder))
        lock.acquire()
    try:
        holder.write_text(json.dumps({"pid": os.getpid(), "since": clock().isoformat(timespec="seconds")}))
        with _only_on_server(tell):
            yield
    finally:
        holder.unlink(missing_ok=True)
        lock.release()


def _waiting(holder: Path) -> str:
    try:
        who: dict[str, Any] = json.loads(holder.read_text())
    except (OSError, ValueError):
        return _("Un autre chargement est en cours ; celui-ci attend son tour…")
    return _("Un autre chargement est en cours (processus %(pid)s, depuis %(since)s) ; celui-ci attend son tour…") % who


@contextmanager
def _only_on_server(tell: Callable[[str], None]) -> Iterator[None]:
    """PostgreSQL may be shared between machines: an advisory lock as well."""
    if connection.vendor != "postgresql":
        yield
        return
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_lock(%s)", [ADVISORY_LOCK])
        if not cursor.fetchone()[0]:
            tell(_("Un autre chargement est en cours sur une autre machine ; celui-ci attend son tour…"))
            cursor.execute("SELECT pg_advisory_lock(%s)", [ADVISORY_LOCK])
    try:
        yield
    finally:
        with connection.cursor() as cursor:
            cursor.execute("SELECT pg_advisory_unlock(%s)", [ADVISORY_LOCK])
