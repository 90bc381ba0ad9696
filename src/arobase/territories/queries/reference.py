"""Which layer served which data source, and what is missing."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from arobase.registry.registers import DataSource, data_sources
from arobase.territories.models import SourceState


@dataclass(frozen=True)
class SourceStatus:
    """A data source and how it was last loaded.

    layer       1 mirror, 2 official publisher, 3 locked package; None: not loaded, or no layer had it
    loaded_at   None: never loaded
    """

    name: str
    title: Any
    publisher: str
    layer: int | None
    version: str
    rows: int
    licence: str
    seconds: float
    changes: Mapping[str, int]
    note: str
    loaded_at: datetime | None


def statuses() -> list[SourceStatus]:
    """All data sources, in the order in which they are loaded."""
    states = {state.name: state for state in SourceState.objects.all()}
    return [_status(source, states.get(source.name)) for source in data_sources]


def status(name: str) -> SourceStatus:
    """One data source. Raises KeyError for a name that no capability registered."""
    return _status(data_sources[name], SourceState.objects.filter(name=name).first())


def is_loaded() -> bool:
    """Whether there is ground to stand on: territories, with contours or without."""
    return SourceState.objects.filter(name="code", layer__isnull=False).exists()


def _status(source: DataSource, state: SourceState | None) -> SourceStatus:
    if state is None:
        return SourceStatus(source.name, source.title, source.publisher, None, "", 0, "", 0.0, {}, "", None)
    return SourceStatus(
        source.name,
        source.title,
        source.publisher,
        state.layer,
        state.version,
        state.rows,
        state.licence,
        state.seconds,
        state.changes,
        state.note,
        state.loaded_at,
    )
