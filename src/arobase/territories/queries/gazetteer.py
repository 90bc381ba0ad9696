"""All territories of today in memory: what search, the geographic API and suggestions answer from.

Built from the database in a second or two, kept once per process, never changed: when the loaded data changes, a new
one takes its place. `gazetteer()` is for synchronous callers, `gazetteer_async()` for views on the event loop.
"""

import hashlib
import json
import re
import sys
import threading
import time
import zlib
from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property, lru_cache
from typing import Any

import numpy as np
import shapely
from asgiref.sync import sync_to_async
from django.db.models import Q

from arobase.territories.models import Contour, Kind, SourceState, Succession, Territory
from arobase.territories.rules.search import SearchIndex, Subject

CHECK_EVERY_S = 5.0
PART_KINDS = frozenset({Kind.DELEGATED, Kind.ASSOCIATED, Kind.ARRONDISSEMENT})
FOUND_BY_DEFAULT = (Kind.COMMUNE, Kind.EPCI, Kind.DEPARTMENT, Kind.REGION, Kind.COLLECTIVITY)
_COLUMNS = (
    "id",
    "kind",
    "code",
    "name",
    "subkind",
    "zone",
    "population",
    "area_km2",
    "lon",
    "lat",
    "west",
    "south",
    "east",
    "north",
    "siren",
    "postal_codes",
    "seat",
    "parent_id",
    "department_id",
    "region_id",
    "epci_id",
    "hall_lon",
    "hall_lat",
)


@dataclass(frozen=True, slots=True)
class Place:
    """A territory of today as it is read from memory.

    bbox         west, south, east, north in degrees
    department   code of the department, or of the overseas collectivity that stands in for it; region likewise
    parent       code of the commune that a delegated or associated commune or an arrondissement is part of
    former_codes, former_names   those that lead here today
    """

    id: str
    kind: str
    code: str
    name: str
    subkind: str
    zone: str
    population: int | None
    area_km2: float | None
    centre: tuple[float, float] | None
    bbox: tuple[float, float, float, float] | None
    hall: tuple[float, float] | None
    siren: str
    postal_codes: tuple[str, ...]
    seat: str
    parent: str
    department: str
    region: str
    epci: str
    former_codes: tuple[str, ...]
    former_names: tuple[str, ...]


class Gazetteer:
    """Immutable; safe to share between threads.

    version   changes whenever the data does
    """

    def __init__(self, places: Sequence[Place], *, version: str) -> None:
        self.version = version
        self.places = tuple(places)
        self.by_id = {place.id: place for place in self.places}
        self.position = {place.id: number for number, place in enumerate(self.places)}
        self.of_kind: dict[str, list[Place]] = defaultdict(list)
        self._communes_of: dict[tuple[str, str], list[Place]] = defaultdict(list)
        self._parts_of: dict[str, list[Place]] = defaultdict(list)
        self._by_former_code: dict[str, list[Place]] = defaultdict(list)
        self._by_postal_code: dict[str, list[Place]] = defaultdict(list)
        for place in self.places:
            self._file(place)

    def _file(self, place: Place) -> None:
        self.of_kind[place.kind].append(place)
        for code in place.postal_codes:
            self._by_postal_code[code].append(place)
        if place.kind in PART_KINDS:
            self._parts_of[place.parent].append(place)
        if place.kind == Kind.COMMUNE:
            for belonging, code in (("department", place.department), ("region", place.region), ("epci", place.epci)):
                if code:
                    self._communes_of[belonging, code].append(place)
            for code in place.former_codes:
                self._by_former_code[code].append(place)

    def get(self, kind: str, code: str) -> Place | None:
        """The place of a kind with a code of today."""
        return self.by_id.get(f"{kind}:{code}")

    def department(self, code: str) -> Place | None:
        """The department, or the overseas collectivity that stands in for one."""
        return self.get(Kind.DEPARTMENT, code) or self.get(Kind.COLLECTIVITY, code)

    def region(self, code: str) -> Place | None:
        """The region, or the overseas collectivity that stands in for one."""
        return self.get(Kind.REGION, code) or self.get(Kind.COLLECTIVITY, code)

    def communes_of(self, belonging: str, code: str) -> Sequence[Place]:
        """Communes of today of a `department`, `region` or `epci`, by code."""
        return self._communes_of.get((belonging, code), ())

    def departments_of(self, region: str) -> list[Place]:
        return [place for place in self.of_kind[Kind.DEPARTMENT] if place.region == region] + [
            place for place in self.of_kind[Kind.COLLECTIVITY] if place.code == region
        ]

    def parts_of(self, commune: str) -> Sequence[Place]:
        """Delegated and associated communes and arrondissements of a commune."""
        return self._parts_of.get(commune, ())

    def by_former_code(self, code: str) -> Sequence[Place]:
        """Communes of today that a former code leads to."""
        return self._by_former_code.get(code, ())

    def by_postal_code(self, code: str) -> Sequence[Place]:
        """Communes, their parts and arrondissements with a postal code."""
        return self._by_postal_code.get(code, ())

    @cached_property
    def search(self) -> SearchIndex:
        """The index of names; its positions are those of `places`."""
        return SearchIndex([_subject(place) for place in self.places])

    @cached_property
    def departments_of_epci(self) -> Mapping[str, tuple[str, ...]]:
        """Codes of the departments in which an EPCI has members."""
        found: dict[str, set[str]] = defaultdict(set)
        for place in self.of_kind[Kind.COMMUNE]:
            if place.epci:
                found[place.epci].add(place.department)
        return {epci: tuple(sorted(codes)) for epci, codes in found.items()}

    @cached_property
    def regions_of_epci(self) -> Mapping[str, tuple[str, ...]]:
        found: dict[str, set[str]] = defaultdict(set)
        for place in self.of_kind[Kind.COMMUNE]:
            if place.epci:
                found[place.epci].add(place.region)
        return {epci: tuple(sorted(codes)) for epci, codes in found.items()}

    @cached_property
    def contours(self) -> Mapping[str, bytes]:
        """GeoJSON geometry, compressed with zlib, of communes, their parts and EPCI by id. Reads the database once."""
        kinds = [Kind.COMMUNE, Kind.EPCI, *PART_KINDS]
        rows = Contour.objects.filter(territory__kind__in=kinds).values_list("territory_id", "geometry")
        return {territory: bytes(geometry) for territory, geometry in rows.iterator(chunk_size=5000)}

    @property
    def has_read_contours(self) -> bool:
        """Whether `contour` and `at` answer without reading the database."""
        return "contours" in self.__dict__

    def contour(self, id: str) -> dict[str, Any] | None:
        """The contour as a GeoJSON geometry."""
        packed = self.contours.get(id)
        return None if packed is None else json.loads(zlib.decompress(packed))

    @cached_property
    def _boxes(self) -> tuple[tuple[Place, ...], np.ndarray[Any, Any]]:
        boxed = tuple(place for place in self.places if place.kind in {Kind.COMMUNE, *PART_KINDS} and place.bbox)
        return boxed, np.array([place.bbox for place in boxed], np.float64).reshape(-1, 4)

    def at(self, *, lon: float, lat: float) -> list[Place]:
        """Communes and parts of communes whose contour holds a point, its border included."""
        boxed, boxes = self._boxes
        if not boxed:
            return []
        inside = (boxes[:, 0] <= lon) & (lon <= boxes[:, 2]) & (boxes[:, 1] <= lat) & (lat <= boxes[:, 3])
        point = shapely.Point(lon, lat)
        return [place for place in (boxed[n] for n in np.flatnonzero(inside)) if self._holds(place.id, point)]

    def _holds(self, id: str, point: shapely.Point) -> bool:
        shape = self._shape(id)
        return shape is not None and bool(shapely.intersects(shape, point))

    @cached_property
    def _shape(self) -> Any:
        @lru_cache(maxsize=300)
        def shape(id: str) -> shapely.Geometry | None:
            geometry = self.contour(id)
            if geometry is None:
                return None
            made = shapely.geometry.shape(geometry)
            shapely.prepare(made)
            return made

        return shape


def _subject(place: Place) -> Subject:
    return Subject(
        id=place.id,
        kind=place.kind,
        code=place.code,
        name=place.name,
        population=place.population or 0,
        department=place.department,
        postal_codes=place.postal_codes,
        siren=place.siren,
        other_names=_other_names(place) if place.kind == Kind.EPCI else (),
        former_names=place.former_names,
    )


_ACRONYM = re.compile(r"\(([^)]+)\)")


def _other_names(place: Place) -> tuple[str, ...]:
    """Of an EPCI: its name without legal form and acronym, and its acronym alone.

    "CA Intercommunale du Nord de la Réunion (CINOR)" is also "Intercommunale du Nord de la Réunion" and "CINOR".
    """
    bare = _ACRONYM.sub(" ", place.name).strip()
    for form in ("CC", "CA", "CU"):
        bare = bare.removeprefix(f"{form} ")
    return tuple(name for name in (bare, *_ACRONYM.findall(place.name)) if name != place.name)


# Built once, kept until the data changes

_building = threading.Lock()
_kept: Gazetteer | None = None
_checked_at = float("-inf")


def gazetteer() -> Gazetteer:
    """The gazetteer of the data that is loaded; looks at most every five seconds whether that has changed."""
    if _is_fresh() and _kept is not None:
        return _kept
    with _building:
        return _kept if _is_fresh() and _kept is not None else _renewed()


async def gazetteer_async() -> Gazetteer:
    """The same, without blocking the event loop; does not leave it while the gazetteer is fresh."""
    if _is_fresh() and _kept is not None:
        return _kept
    return await sync_to_async(gazetteer)()


def forget() -> None:
    """Drop what is kept: the next caller builds anew. For tests, and for who has just loaded data in this process."""
    global _kept, _checked_at
    with _building:
        _kept, _checked_at = None, float("-inf")


def _is_fresh() -> bool:
    return time.monotonic() - _checked_at < CHECK_EVERY_S


def _renewed() -> Gazetteer:
    global _kept, _checked_at  # noqa: PLW0603 - the one cache of the process
    version = _version()
    if _kept is None or _kept.version != version:
        built = Gazetteer(_places(), version=version)
        _ = built.search, built.departments_of_epci, built.regions_of_epci, built._boxes, built._shape
        _kept = built
    _checked_at = time.monotonic()
    return _kept


def _version() -> str:
    states = SourceState.objects.order_by("name").values_list("name", "version", "rows", "loaded_at")
    counts = (Territory.objects.count(), Succession.objects.count())
    return hashlib.blake2b(repr((list(states), counts)).encode(), digest_size=8).hexdigest()


def _places() -> list[Place]:
    former_codes, former_names = _histories()
    of_today = Q(valid_to__isnull=True) | Q(kind=Kind.FORMER_REGION)
    rows = Territory.objects.filter(of_today).order_by("code", "kind").values_list(*_COLUMNS)
    places = []
    codes: dict[str, str] = {}
    for row in rows.iterator(chunk_size=5000):
        values = dict(zip(_COLUMNS, row, strict=True))
        places.append(_place(values, codes=codes, former_codes=former_codes, former_names=former_names))
    return places


def _place(
    row: Mapping[str, Any],
    *,
    codes: dict[str, str],
    former_codes: Mapping[str, list[str]],
    former_names: Mapping[str, list[str]],
) -> Place:
    def code_of(belonging: str) -> str:
        id = row[f"{belonging}_id"]
        return codes.setdefault(id, id.partition(":")[2]) if id else ""

    return Place(
        id=row["id"],
        kind=sys.intern(row["kind"]),
        code=row["code"],
        name=row["name"],
        subkind=row["subkind"],
        zone=sys.intern(row["zone"]),
        population=row["population"],
        area_km2=row["area_km2"],
        centre=_all_known(row, ("lon", "lat")),
        bbox=_all_known(row, ("west", "south", "east", "north")),
        hall=_all_known(row, ("hall_lon", "hall_lat")),
        siren=row["siren"],
        postal_codes=tuple(row["postal_codes"].split()),
        seat=row["seat"],
        parent=code_of("parent"),
        department=row["code"] if row["kind"] in {Kind.DEPARTMENT, Kind.COLLECTIVITY} else code_of("department"),
        region=row["code"] if row["kind"] in {Kind.REGION, Kind.COLLECTIVITY} else code_of("region"),
        epci=code_of("epci"),
        former_codes=tuple(dict.fromkeys(code for code in former_codes.get(row["id"], ()) if code != row["code"])),
        former_names=tuple(dict.fromkeys(name for name in former_names.get(row["id"], ()) if name != row["name"])),
    )


def _all_known(row: Mapping[str, Any], names: Iterable[str]) -> Any:
    values = tuple(row[name] for name in names)
    return None if None in values else values


def _histories() -> tuple[dict[str, list[str]], dict[str, list[str]]]:
    """Former codes and former names by the id of the territory of today that they lead to."""
    codes: dict[str, list[str]] = defaultdict(list)
    names: dict[str, list[str]] = defaultdict(list)
    rows = Succession.objects.values_list("successor_id", "former_code", "former_name")
    for successor, code, name in rows.iterator(chunk_size=5000):
        codes[successor].append(code)
        if name:
            names[successor].append(name)
    parts = Territory.objects.filter(kind__in=[Kind.DELEGATED, Kind.ASSOCIATED], parent__isnull=False)
    for parent, name in parts.values_list("parent_id", "name").iterator(chunk_size=5000):
        names[parent].append(name)
    return codes, names
