"""Dynamics of the label by area, read from awards, editions and the ground, ready for the pages and the downloads."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum
from fractions import Fraction
from functools import lru_cache

from django.db.models import Count, F, Max, Sum

from arobase.atlas.rules.areas import Family, Where, population_and_communes, seat_of
from arobase.atlas.rules.dynamics import (
    Area,
    Award,
    Counts,
    Dynamics,
    Editions,
    Flows,
    Partial,
    count,
    count_by_year,
    dynamics,
    editions_of,
    flows,
    outside,
)
from arobase.label import models as label
from arobase.territories.models import Kind, SourceState, Territory
from arobase.territories.rules.sizes import size_of

PARTS = frozenset({Kind.COMMUNE.value, Kind.DELEGATED.value, Kind.ASSOCIATED.value, Kind.ARRONDISSEMENT.value})
MEMBERS = {
    Family.REGION: (Kind.REGION, Kind.COLLECTIVITY),
    Family.FORMER_REGION: (Kind.FORMER_REGION, Kind.REGION, Kind.COLLECTIVITY),
    Family.DEPARTMENT: (Kind.DEPARTMENT, Kind.COLLECTIVITY),
    Family.EPCI: (Kind.EPCI,),
}
SLUGS = {
    Kind.REGION: "region",
    Kind.FORMER_REGION: "ancienne-region",
    Kind.DEPARTMENT: "departement",
    Kind.EPCI: "epci",
    Kind.COLLECTIVITY: "collectivite",
    Kind.COMMUNE: "commune",
    Kind.DELEGATED: "commune-deleguee",
    Kind.ASSOCIATED: "commune-associee",
    Kind.ARRONDISSEMENT: "arrondissement",
}
FAMILY_OF = {
    Kind.REGION: Family.REGION,
    Kind.FORMER_REGION: Family.FORMER_REGION,
    Kind.DEPARTMENT: Family.DEPARTMENT,
    Kind.EPCI: Family.EPCI,
    Kind.COLLECTIVITY: Family.REGION,
}
KINDS = {SLUGS[kind]: kind for kind in FAMILY_OF}


class UnknownArea(LookupError):
    """No area of today has this kind and code."""

    def __init__(self, slug: str, code: str) -> None:
        super().__init__(f"{slug} {code} is unknown.")
        self.slug, self.code = slug, code


class UnknownEdition(LookupError):
    """The label has no edition of this year, as far as the database knows."""

    def __init__(self, year: int) -> None:
        super().__init__(f"{year} is no known edition.")
        self.year = year


class Order(StrEnum):
    """How a table of areas is sorted; the values stand in addresses."""

    LAUREATES = "laureats"
    NAME = "nom"
    INHABITANTS = "habitants"
    COMMUNES = "communes"
    PER_INHABITANTS = "pour-100000-habitants"
    PER_COMMUNES = "pour-100-communes"


@dataclass(frozen=True, slots=True)
class Named:
    """An area as a page names it; `link` is INSEE's TNCC."""

    id: str
    kind: str
    slug: str
    code: str
    name: str
    link: int
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Laureate:
    """A laureate of an area, with its level by year (None: not stated)."""

    id: str
    kind: str
    code: str
    name: str
    levels: Mapping[int, int | None]

    @property
    def best(self) -> int | None:
        return max((level for level in self.levels.values() if level is not None), default=None)


@dataclass(frozen=True, slots=True)
class EditionTotals:
    """What is known of an edition beside what was published of it."""

    year: int
    counts: Counts
    total: int | None
    total_by_level: Mapping[str, int]
    note: str
    source: str


@dataclass(frozen=True, slots=True)
class AreaRow:
    """An area and its dynamics."""

    area: Named
    dynamics: Dynamics


@dataclass(frozen=True)
class Overview:
    """The areas of a family, sorted, in one edition or (year None) in all.

    flows      of all France
    missing    why there are no rates and places; None when the edition is complete
    by_year    area id → counts by year, for the small multiples
    without    laureates that lie in no area of the family
    """

    family: Family
    year: int | None
    order: Order
    rows: tuple[AreaRow, ...]
    nation: Counts
    flows: Flows | Partial | None
    missing: Partial | None
    editions: tuple[EditionTotals, ...]
    by_year: Mapping[str, Mapping[int, Counts]]
    without: int


@dataclass(frozen=True)
class AreaPage:
    """One area in one edition or (year None) in all; `beside` is the area that the sentence compares it with."""

    area: Named
    family: Family
    year: int | None
    dynamics: Dynamics
    beside: AreaRow | None
    missing: Partial | None
    editions: tuple[EditionTotals, ...]
    by_year: Mapping[int, Counts]
    laureates: tuple[Laureate, ...]


@dataclass(frozen=True)
class Ground:
    """Everything that the dynamics are computed from."""

    awards: tuple[Award, ...]
    names: Mapping[str, tuple[str, str, str]]  # laureate → kind, code, name
    wheres: Mapping[str, Where]  # laureate → where it is counted
    editions: Editions
    totals: tuple[EditionTotals, ...]
    shares: "Shares"

    def default_year(self) -> int | None:
        """The latest complete edition; None (all of them together) while none is complete."""
        return max((year for year, one in self.editions.completeness.items() if one.is_complete), default=None)


def ground() -> Ground:
    """Awards with the areas they lie in, and the editions (three statements, four after a load)."""
    shares = _shares()
    awards, names, wheres = _awards(shares)
    counts = count_by_year(awards, years={award.year for award in awards})
    empty = count(())
    known = {edition.label_year: edition for edition in label.Edition.objects.all()}
    totals = tuple(
        EditionTotals(
            year=year,
            counts=counts.get(year, empty),
            total=edition.rewarded,
            total_by_level=edition.rewarded_by_level,
            note=edition.totals_note,
            source=edition.totals_source,
        )
        for year, edition in sorted(known.items())
    )
    editions = editions_of(awards, totals={year: edition.rewarded for year, edition in known.items()})
    return Ground(awards, names, wheres, editions, totals, shares)


Shares = tuple[tuple[Where, int | None, int], ...]


def _shares() -> Shares:
    """Inhabitants and communes of every department and EPCI crossed, read again after each load.

    One statement where they are at hand, else two: counting all communes costs more than all the rest together.
    """
    loaded_at = SourceState.objects.aggregate(at=Max("loaded_at"))["at"]
    return _read_shares() if loaded_at is None else _shares_at(loaded_at)


@lru_cache(maxsize=1)
def _shares_at(_loaded_at: datetime) -> Shares:
    return _read_shares()


def _read_shares() -> Shares:
    rows = (
        Territory.objects.filter(kind=Kind.COMMUNE, valid_to=None)
        .order_by()
        .values_list("department_id", "region_id", "former_region_id", "epci_id")
        .annotate(inhabitants=Sum("population"), communes=Count("id"))
    )
    return tuple((Where(*where), inhabitants, communes) for *where, inhabitants, communes in rows)


def _awards(
    shares: Iterable[tuple[Where, int | None, int]],
) -> tuple[tuple[Award, ...], dict[str, tuple[str, str, str]], dict[str, Where]]:
    members: dict[str, list[tuple[Where, int, int]]] = defaultdict(list)
    departments: dict[str, Where] = {}
    for where, inhabitants, communes in shares:
        if where.epci:
            members[where.epci].append((where, inhabitants or 0, communes))
        if where.department:
            departments.setdefault(where.department, Where(where.department, where.region, where.former_region))
    awards: list[Award] = []
    names: dict[str, tuple[str, str, str]] = {}
    wheres: dict[str, Where] = {}
    rows = (
        label.Award.objects.order_by("edition_id", "territory_id")
        .annotate(parent_epci=F("territory__parent__epci_id"))
        .values_list(
            "edition_id",
            "level",
            "territory_id",
            "territory__kind",
            "territory__code",
            "territory__name",
            "territory__population",
            "territory__department_id",
            "territory__region_id",
            "territory__former_region_id",
            "territory__epci_id",
            "parent_epci",
        )
    )
    for year, level, own_id, kind, code, name, population, department, region, former, epci, parent_epci in rows:
        if kind == Kind.EPCI:
            seat = seat_of(members[own_id]) if own_id in members else Where()
            where = Where(seat.department, seat.region, seat.former_region, own_id)
        elif kind in (Kind.DEPARTMENT, Kind.COLLECTIVITY):
            where = departments.get(own_id, Where(own_id, region or (own_id if kind == Kind.COLLECTIVITY else None)))
        elif kind == Kind.REGION:
            where = Where(region=own_id)
        else:
            where = Where(department, region, former, epci or parent_epci)
        is_commune = kind in PARTS
        size = size_of(population, is_commune=is_commune)
        awards.append(Award(own_id, year, level, where.areas, size, is_commune))
        names[own_id], wheres[own_id] = (kind, code, name), where
    return tuple(awards), names, wheres


def _areas(family: Family, shares: Iterable[tuple[Where, int | None, int]]) -> tuple[list[Area], dict[str, Named]]:
    """Areas of a family that hold a commune, with their names (one statement)."""
    rows = list(shares)
    measures = population_and_communes(rows)
    held = {where.area(family) for where, _inhabitants, _communes in rows}
    named = {
        own_id: Named(own_id, kind, SLUGS[Kind(kind)], code, name, link, lon, lat)
        for own_id, kind, code, name, link, lon, lat in Territory.objects.filter(kind__in=MEMBERS[family])
        .order_by()
        .values_list("id", "kind", "code", "name", "name_link", "lon", "lat")
        if own_id in held
    }
    return [Area(own_id, *measures[own_id]) for own_id in named], named


def overview(family: Family, *, year: int | None, order: Order = Order.LAUREATES, on: Ground | None = None) -> Overview:
    """The areas of a family in an edition, or (year None) in all. Raises UnknownEdition."""
    on = on or ground()
    _check(year, on=on)
    areas, named = _areas(family, on.shares)
    found = dynamics(on.awards, areas=areas, editions=on.editions, year=year)
    rows = [AreaRow(named[area.id], found[area.id]) for area in areas]
    held: dict[str, list[Award]] = {area.id: [] for area in areas}
    for award in on.awards:
        for area_id in award.areas & held.keys():
            held[area_id].append(award)
    return Overview(
        family=family,
        year=year,
        order=order,
        rows=tuple(_sorted(rows, order=order)),
        nation=count(award for award in on.awards if year in (None, award.year)),
        flows=None if year is None else flows(on.awards, year=year, editions=on.editions),
        missing=on.editions.why_not(year),
        editions=on.totals,
        by_year={area_id: count_by_year(awards, years=on.editions.years) for area_id, awards in held.items() if awards},
        without=outside(on.awards, areas=areas, year=year),
    )


def area_page(slug: str, code: str, *, year: int | None, on: Ground | None = None) -> AreaPage:
    """One area in an edition, or (year None) in all. Raises UnknownArea, UnknownEdition."""
    on = on or ground()
    _check(year, on=on)
    if slug not in KINDS:
        raise UnknownArea(slug, code)
    family = FAMILY_OF[KINDS[slug]]
    areas, named = _areas(family, on.shares)
    own = next((area for area in named.values() if area.slug == slug and area.code == code), None)
    if own is None:
        raise UnknownArea(slug, code)
    found = dynamics(on.awards, areas=areas, editions=on.editions, year=year)
    inside = [award for award in on.awards if own.id in award.areas]
    rows = _sorted([AreaRow(named[area.id], found[area.id]) for area in areas], order=Order.LAUREATES)
    return AreaPage(
        area=own,
        family=family,
        year=year,
        dynamics=found[own.id],
        beside=_beside(own.id, rows),
        missing=on.editions.why_not(year),
        editions=on.totals,
        by_year=count_by_year(inside, years=on.editions.years),
        laureates=_laureates(inside, names=on.names, year=year),
    )


def area_panel(territory_id: str) -> dict[str, str] | None:
    """What the panel on the page of a region, department or EPCI needs to lead here; None for other territories."""
    kind, _colon, code = territory_id.partition(":")
    return {"kind": SLUGS[Kind(kind)], "code": code} if kind in FAMILY_OF else None


def _check(year: int | None, *, on: Ground) -> None:
    if year is not None and year not in on.editions.completeness:
        raise UnknownEdition(year)


def _sorted(rows: list[AreaRow], *, order: Order) -> list[AreaRow]:
    """Largest first, then by name; a rate that is not given sorts like the laureates."""

    def number(row: AreaRow) -> int | Fraction:
        one = row.dynamics
        numbers = {
            Order.NAME: 0,
            Order.INHABITANTS: one.area.population or 0,
            Order.COMMUNES: one.area.communes,
            Order.PER_INHABITANTS: one.per_inhabitants,
            Order.PER_COMMUNES: one.per_communes,
        }
        found = numbers.get(order, one.counts.laureates)
        return found if isinstance(found, int | Fraction) else one.counts.laureates

    return sorted(rows, key=lambda row: (-number(row), row.area.name.lower(), row.area.id))


def _beside(own_id: str, rows: list[AreaRow]) -> AreaRow | None:
    """The area just above in laureates, or just below the first; one without a laureate says nothing beside another."""
    place = next(number for number, row in enumerate(rows) if row.area.id == own_id)
    other = rows[place - 1] if place else next(iter(rows[1:]), None)
    return other if other and other.dynamics.counts.laureates else None


def _laureates(
    awards: Iterable[Award], *, names: Mapping[str, tuple[str, str, str]], year: int | None
) -> tuple[Laureate, ...]:
    """Laureates of the edition (or of any), with all their editions: the most often and the highest first."""
    levels: dict[str, dict[int, int | None]] = defaultdict(dict)
    for award in awards:
        levels[award.laureate][award.year] = award.level
    found = [
        Laureate(own_id, *names[own_id], levels=by_year)
        for own_id, by_year in levels.items()
        if year is None or year in by_year
    ]
    return tuple(sorted(found, key=lambda one: (-len(one.levels), -(one.best or 0), one.name, one.id)))
