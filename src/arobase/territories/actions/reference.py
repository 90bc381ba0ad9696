"""Reference data written whole or not at all: a source and the record of where it came from in one transaction."""

import hashlib
from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import asdict, dataclass
from datetime import date, datetime
from typing import Any

from django.db import transaction
from django.db.models import Q

from arobase.registry.registers import Loaded
from arobase.territories.actions import tables
from arobase.territories.models import BaseLayer, Contour, Kind, SourceState, Succession, Territory
from arobase.territories.rules.changes import difference
from arobase.territories.rules.geographic_code import Entry, Link

Changes = Mapping[str, int]
NO_CHANGES: Changes = {"added": 0, "changed": 0, "removed": 0}
PART_KINDS = (Kind.DELEGATED, Kind.ASSOCIATED, Kind.ARRONDISSEMENT)
CODE_FIELDS = (
    "kind",
    "code",
    "name",
    "name_link",
    "subkind",
    "zone",
    "population",
    "siren",
    "postal_codes",
    "seat",
    "parent",
    "department",
    "region",
    "former_region",
    "epci",
    "valid_to",
)


@dataclass(frozen=True)
class Provenance:
    """Where a source's data came from; see `registry.registers.Loaded`."""

    name: str
    layer: int | None
    version: str
    licence: str
    rows: int
    note: str = ""


def publish(provenance: Provenance, *writes: Callable[[], Changes], at: datetime) -> Loaded:
    """Run all writes and record the source, in one transaction.

    Until it is committed the old data serves; killed half-way, nothing has happened.
    """
    with transaction.atomic():
        changes = added_up(write() for write in writes)
        loaded = Loaded(
            provenance.layer,
            provenance.version,
            provenance.rows,
            provenance.licence,
            changes,
            provenance.note,
        )
        record(provenance.name, loaded, seconds=0, at=at)
    return loaded


def record(name: str, loaded: Loaded, *, seconds: float, at: datetime) -> None:
    """Keep which layer served a source. What was loaded before stays on record when no layer has it now."""
    if loaded.layer is None and SourceState.objects.filter(name=name, layer__isnull=False).exists():
        return
    SourceState.objects.update_or_create(
        name=name,
        defaults={**asdict(loaded), "changes": dict(loaded.changes), "seconds": seconds, "loaded_at": at},
    )


def added_up(counts: Iterable[Changes]) -> Changes:
    found = dict(NO_CHANGES)
    for changes in counts:
        for name, number in changes.items():
            found[name] = found.get(name, 0) + number
    return found


def write_territories(entries: Sequence[Entry], *, departments: Iterable[str], vanished_on: date) -> Changes:
    """Make the territories equal to what the code says; those that it no longer names end on `vanished_on`.

    departments   codes to which a partial load is limited; empty for all of France
    """
    after = {entry.id: tuple(getattr(entry, field) for field in CODE_FIELDS) for entry in entries}
    columns = [_column(field) for field in CODE_FIELDS]
    known = Territory.objects.all()
    before = {row[0]: row[1:] for row in known.values_list("id", *columns).iterator(chunk_size=5000)}
    found = difference(before, after)
    ended = [id for id in _within(departments, found.removed) if before[id][-1] is None]
    blank = Territory()
    others = [field.name for field in Territory._meta.concrete_fields if field.name not in {"id", *CODE_FIELDS}]
    rest = tuple(getattr(blank, field) for field in others)
    tables.insert(Territory, ["id", *CODE_FIELDS, *others], ((id, *after[id], *rest) for id in found.added))
    tables.update(Territory, CODE_FIELDS, ((*after[id], id) for id in found.changed), key="id")
    tables.update(Territory, ["valid_to"], ((vanished_on, id) for id in ended), key="id")
    return {"added": len(found.added), "changed": len(found.changed), "removed": len(ended)}


def _column(field: str) -> str:
    return str(Territory._meta.get_field(field).attname)  # type: ignore[union-attr]  # all are columns


def _within(departments: Iterable[str], ids: Sequence[str]) -> Sequence[str]:
    """Those of a partial load: communes and their parts in the departments, and nothing else."""
    if not (codes := list(departments)):
        return ids
    limited = Territory.objects.filter(kind__in=[Kind.COMMUNE, *PART_KINDS], department__code__in=codes)
    inside = set(limited.values_list("id", flat=True))
    return [id for id in ids if id in inside]


def write_fields(fields: Sequence[str], values: Mapping[str, Sequence[Any]], *, clear: Iterable[str] = ()) -> Changes:
    """Set some fields of the territories that exist, by id, where they differ.

    clear   ids whose fields are emptied unless `values` has them
    """
    known = {row[0]: row[1:] for row in Territory.objects.values_list("id", *fields).iterator(chunk_size=5000)}
    empty = (None,) * len(fields)
    wanted = dict.fromkeys(clear, empty) | {id: tuple(value) for id, value in values.items()}
    changed = [id for id, value in wanted.items() if id in known and known[id] != value]
    tables.update(Territory, fields, ((*wanted[id], id) for id in changed), key="id")
    return {"changed": len(changed)}


def write_contours(contours: Mapping[str, tuple[bytes, str]], *, replaces: Callable[[str], bool]) -> Changes:
    """Make contours equal to those given, by territory id: geometry (zlib) and outline.

    replaces   which contours, by id, are this source's to remove when it no longer has them
    """
    after = {id: _digest(geometry, outline) for id, (geometry, outline) in contours.items()}
    rows = Contour.objects.values_list("territory_id", "geometry", "outline").iterator(chunk_size=2000)
    before = {id: _digest(bytes(geometry), outline) for id, geometry, outline in rows if id in after or replaces(id)}
    found = difference(before, after)
    tables.insert(Contour, ["territory", "geometry", "outline"], ((id, *contours[id]) for id in found.added))
    tables.update(Contour, ["geometry", "outline"], ((*contours[id], id) for id in found.changed), key="territory")
    tables.delete(Contour, found.removed, key="territory")
    return found.counts


def _digest(geometry: bytes, outline: str) -> bytes:
    return hashlib.blake2b(geometry + outline.encode(), digest_size=12).digest()


def write_undated_links(links: Iterable[Link], *, departments: Iterable[str]) -> Changes:
    """Make the links of the geographic code equal to those given, but for those that movements have dated."""
    dated = Succession.objects.filter(on__isnull=False, former_kind=Kind.COMMUNE)
    told = set(dated.values_list("former_code", "successor_id"))
    wanted = [link for link in links if (link.former_code, link.successor) not in told]
    mine = Succession.objects.exclude(on__isnull=False, former_kind=Kind.COMMUNE)
    if codes := list(departments):
        mine = mine.filter(Q(successor__department__code__in=codes) | Q(former_kind=Kind.FORMER_REGION))
    return _write_links(wanted, mine=mine.values_list(*_LINK, "id"))


def write_dated_links(links: Sequence[Link]) -> Changes:
    """Make the links that movements date equal to those given; undated ones that they tell are dropped."""
    mine = Succession.objects.filter(on__isnull=False).exclude(former_kind=Kind.FORMER_REGION)
    told = {(link.former_code, link.successor) for link in links}
    undated = Succession.objects.filter(on__isnull=True).values_list("id", "former_code", "successor_id")
    tables.delete(Succession, [id for id, *link in undated if tuple(link) in told], key="id")
    return _write_links(links, mine=mine.values_list(*_LINK, "id"))


_LINK = ("former_kind", "former_code", "former_name", "successor_id", "event", "on")


def _write_links(links: Iterable[Link], *, mine: Iterable[Sequence[Any]]) -> Changes:
    before = {tuple(row[:5]): (row[5], row[6]) for row in mine}
    after = {(link.former_kind, link.former_code, link.former_name, link.successor, link.event): link for link in links}
    found = difference({key: on for key, (on, _id) in before.items()}, {key: link.on for key, link in after.items()})
    columns = ["former_kind", "former_code", "former_name", "successor", "event", "on"]
    tables.insert(Succession, columns, ((*key, after[key].on) for key in found.added))
    tables.update(Succession, ["on"], ((after[key].on, before[key][1]) for key in found.changed), key="id")
    tables.delete(Succession, [before[key][1] for key in found.removed], key="id")
    return found.counts


def write_base_layer(name: str, geojson: bytes) -> Changes:
    """Keep a background layer (GeoJSON, zlib)."""
    kept = BaseLayer.objects.filter(name=name).first()
    if kept is not None and bytes(kept.geojson) == geojson:
        return NO_CHANGES
    BaseLayer.objects.update_or_create(name=name, defaults={"geojson": geojson})
    return {"added": 1} if kept is None else {"changed": 1}
