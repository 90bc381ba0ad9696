"""The published initiatives in memory, one shelf per process, brought up to date when something changed."""

import threading
from dataclasses import dataclass, field
from datetime import datetime, timedelta

from django.db.models import Count, Max, Q, Sum

from arobase.initiatives.models import Initiative
from arobase.initiatives.queries.referential import enjeux_of
from arobase.initiatives.rules.shelf import Entry, Shelf
from arobase.initiatives.rules.states import State
from arobase.territories.models import Kind, SourceState
from arobase.territories.rules.sizes import size_of

# A transaction may end after one that began later: what changed shortly before the last change is read again.
OVERLAP = timedelta(minutes=2)
_COLUMNS = ("id", "territory_id", "services", "started_on", "title_stems", "state", "changed_at")
_TERRITORY = ("territory__kind", "territory__code", "territory__population", "territory__region_id")
Order = tuple[datetime, int]


@dataclass
class _Held:
    stamp: tuple[object, ...] = ()
    ground: object = None
    entries: dict[int, tuple[Order, Entry]] = field(default_factory=dict)
    shelf: Shelf = field(default_factory=lambda: Shelf([]))


_held = _Held()
_lock = threading.Lock()


def shelf() -> Shelf:
    """What is published now, the latest change first (two statements when nothing changed)."""
    published = Q(state=State.PUBLISHED)
    marks = Initiative.objects.aggregate(
        last=Max("changed_at"), number=Count("id", filter=published), sum=Sum("id", filter=published)
    )
    ground = SourceState.objects.aggregate(last=Max("loaded_at"))["last"]
    stamp = (marks["last"], marks["number"], marks["sum"] or 0, ground)
    with _lock:
        if _held.stamp != stamp:
            _refresh(whole=_held.ground != ground)
            if (len(_held.entries), sum(_held.entries)) != stamp[1:3]:
                _refresh(whole=True)
            _held.stamp, _held.ground = stamp, ground
        return _held.shelf


def _refresh(*, whole: bool) -> None:
    before = _held.stamp[0] if _held.stamp else None
    rows = Initiative.objects.order_by()
    if whole or not isinstance(before, datetime):
        _held.entries = {}
        rows = rows.filter(state=State.PUBLISHED)
    else:
        rows = rows.filter(changed_at__gte=before - OVERLAP)
    for row in rows.values_list(*_COLUMNS, *_TERRITORY).iterator(chunk_size=5_000):
        _put(*row)
    placed = sorted(_held.entries.values(), key=lambda pair: pair[0], reverse=True)
    _held.shelf = Shelf(entry for _order, entry in placed)


def _put(  # noqa: PLR0917 - a row of the database
    id: int,
    territory: str,
    services: list[str],
    started_on: datetime | None,
    title_stems: str,
    state: str,
    changed_at: datetime,
    kind: str,
    code: str,
    population: int | None,
    region_id: str | None,
) -> None:
    if state != State.PUBLISHED:
        _held.entries.pop(id, None)
        return
    is_region = kind in {Kind.REGION, Kind.COLLECTIVITY}
    entry = Entry(
        id=id,
        territory=territory,
        services=tuple(services),
        enjeux=enjeux_of(tuple(services)),
        size=size_of(population, is_commune=kind == Kind.COMMUNE),
        region=code if is_region else (region_id or "").partition(":")[2],
        year=started_on.year if started_on else 0,
        stems=frozenset(title_stems.split()),
    )
    _held.entries[id] = ((changed_at, id), entry)
