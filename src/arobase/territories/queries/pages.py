"""What the pages of territories show, ready to be drawn: who a territory is, what it came from, its parts, its like."""

import zlib
from collections import Counter
from collections.abc import Collection, Iterable, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any

from django.db.models import Count, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from arobase.territories.models import Contour, Kind, SourceState, Succession, Territory, Zone, territory_id
from arobase.territories.rules.addresses import SLUGS
from arobase.territories.rules.names import OVERSEAS_LINKS, intercommunal_link, intercommunal_name, typeset
from arobase.territories.rules.similarity import Likeness, Profile, Reason, population_range, similar
from arobase.territories.rules.spelling import words

PLURALS = {
    Kind.COMMUNE: _("Communes"),
    Kind.DELEGATED: _("Communes déléguées"),
    Kind.ASSOCIATED: _("Communes associées"),
    Kind.ARRONDISSEMENT: _("Arrondissements municipaux"),
    Kind.DEPARTMENT: _("Départements"),
    Kind.REGION: _("Régions"),
    Kind.FORMER_REGION: _("Anciennes régions"),
    Kind.EPCI: _("Intercommunalités"),
    Kind.COLLECTIVITY: _("Collectivités d’outre-mer"),
}
SIMILAR = 6
INDEXED_FROM = 60  # a list of so many rows gets an index of letters
_RELATIONS = ("parent", "department", "region", "former_region", "epci")


class UnknownTerritory(LookupError):
    """No territory of today or before has this kind and code."""

    def __init__(self, kind: str, code: str) -> None:
        super().__init__(f"{kind} {code} is unknown.")
        self.kind, self.code = kind, code


class NoContour(LookupError):
    """The contour of a territory is not known."""

    def __init__(self, id: str) -> None:
        super().__init__(f"{id} has no contour.")
        self.id = id


class Order(StrEnum):
    """How a list of territories is sorted; the values stand in addresses."""

    NAME = "nom"
    POPULATION = "population"


@dataclass(frozen=True, slots=True)
class Place:
    """A territory as a page names it.

    name   as printed, its legal form written out
    link   INSEE's TNCC: which article the name takes
    """

    id: str
    kind: str
    code: str
    name: str
    link: int
    population: int | None = None
    area_km2: float | None = None

    @property
    def slug(self) -> str:
        """The kind as it stands in addresses."""
        return SLUGS[self.kind]

    @classmethod
    def of(cls, territory: Territory | None) -> "Place | None":
        return None if territory is None else _place(territory)


@dataclass(frozen=True, slots=True)
class Row:
    """A line of a list; `letter` where it is the first of its letter."""

    place: Place
    letter: str = ""


@dataclass(frozen=True, slots=True)
class Listing:
    """The territories of one kind that another is made of."""

    kind: str
    rows: tuple[Row, ...]
    order: Order
    population: int | None

    @property
    def title(self) -> str:
        """What the list holds: communes, départements…"""
        return str(PLURALS[Kind(self.kind)])

    @property
    def has_populations(self) -> bool:
        return any(row.place.population is not None for row in self.rows)

    @property
    def letters(self) -> list[str]:
        return [row.letter for row in self.rows if row.letter]


@dataclass(frozen=True, slots=True)
class Former:
    """A former code or name that led to a territory; `part` is what it is called within it today, where it still is."""

    code: str
    name: str
    event: str
    on: Any
    part: Place | None = None


@dataclass(frozen=True, slots=True)
class Similar:
    """A similar territory, where it lies, and why it was chosen."""

    place: Place
    within: Place | None
    reasons: tuple[Reason, ...]


@dataclass(frozen=True)
class TerritoryPage:
    """Everything on the page of a territory but the panels."""

    territory: Territory
    place: Place
    parent: Place | None
    department: Place | None
    region: Place | None
    former_region: Place | None
    epci: Place | None
    seat: Place | None
    is_seat: bool
    became: tuple[Place, ...]
    became_on: Any
    formers: tuple[Former, ...]
    listings: tuple[Listing, ...]
    similar: tuple[Similar, ...]
    near: tuple[int, int] | None
    has_contour: bool
    sources: tuple[SourceState, ...]

    @property
    def communes(self) -> int | None:
        """How many communes are listed, where they are."""
        return next((len(listing.rows) for listing in self.listings if listing.kind == Kind.COMMUNE), None)


@dataclass(frozen=True, slots=True)
class FormerTerritory:
    """A code or name of before that is no territory of today: what it became, and when where that is known."""

    kind: str
    code: str
    name: str
    event: str
    on: Any
    successors: tuple[Place, ...]
    part: Place | None


def territory_page(kind: str, code: str, *, order: Order = Order.NAME) -> TerritoryPage:
    """The page of a territory. Raises UnknownTerritory."""
    territory = Territory.objects.select_related(*_RELATIONS).filter(pk=territory_id(kind, code)).first()
    if territory is None:
        raise UnknownTerritory(kind, code)
    parts = _parts(territory)
    predecessors = list(territory.predecessors.order_by("-on", "former_name", "former_code"))
    became = _became(territory)
    return TerritoryPage(
        territory=territory,
        place=_place(territory),
        parent=Place.of(territory.parent),
        department=Place.of(territory.department),
        region=Place.of(territory.region),
        former_region=Place.of(territory.former_region),
        epci=Place.of(territory.epci),
        seat=_seat(territory),
        is_seat=territory.department is not None and territory.department.seat == code and kind == Kind.COMMUNE,
        became=tuple(_place(succession.successor) for succession in became),
        became_on=next((succession.on for succession in became if succession.on), None),
        formers=_formers(predecessors, parts),
        listings=_listings(parts, order=order),
        similar=_similar(territory),
        near=population_range(territory.population, kind=kind) if territory.population else None,
        has_contour=Contour.objects.filter(pk=territory.pk).exists(),
        sources=tuple(SourceState.objects.order_by("name")),
    )


def former_territory(kind: str, code: str) -> FormerTerritory:
    """What a former code leads to. Raises UnknownTerritory."""
    found = list(
        Succession.objects.filter(former_kind=kind, former_code=code).select_related("successor").order_by("on", "id")
    )
    if not found:
        raise UnknownTerritory(kind, code)
    part = Territory.objects.filter(kind__in=[Kind.DELEGATED, Kind.ASSOCIATED], code=code).first()
    name = next((succession.former_name for succession in found if succession.former_name), part.name if part else "")
    return FormerTerritory(
        kind=kind,
        code=code,
        name=typeset(name),
        event=found[-1].event,
        on=found[-1].on,
        successors=tuple({item.successor_id: _place(item.successor) for item in found}.values()),
        part=Place.of(part),
    )


def contour(kind: str, code: str) -> tuple[Territory, bytes]:
    """A territory and its contour as GeoJSON geometry. Raises UnknownTerritory, NoContour."""
    territory = Territory.objects.filter(pk=territory_id(kind, code)).first()
    if territory is None:
        raise UnknownTerritory(kind, code)
    geometry = Contour.objects.filter(pk=territory.pk).values_list("geometry", flat=True).first()
    if geometry is None:
        raise NoContour(territory.pk)
    return territory, zlib.decompress(bytes(geometry))


@dataclass(frozen=True, slots=True)
class RegionOfTheGround:
    """A region (or overseas collectivity, or former region) with its departments, for the index."""

    place: Place
    departments: tuple[Place, ...] = ()
    communes: int = 0


@dataclass(frozen=True, slots=True)
class Ground:
    """All of France, region by region, and how many territories of each kind there are."""

    regions: tuple[RegionOfTheGround, ...]
    collectivities: tuple[RegionOfTheGround, ...]
    former_regions: tuple[RegionOfTheGround, ...]
    counts: dict[str, int]


def ground() -> Ground:
    """The index of the ground."""
    kinds = [Kind.REGION, Kind.COLLECTIVITY, Kind.FORMER_REGION, Kind.DEPARTMENT]
    rows = sorted(Territory.objects.filter(kind__in=kinds), key=lambda row: words(row.name))
    by_region: dict[str | None, list[Place]] = {}
    for row in rows:
        if row.kind == Kind.DEPARTMENT:
            for above in (row.region_id, row.former_region_id):
                by_region.setdefault(above, []).append(_place(row))
    of_today = Territory.objects.filter(valid_to__isnull=True).order_by()
    counts = dict(of_today.values_list("kind").annotate(number=Count("pk")))
    communes = Counter(
        dict(of_today.filter(kind=Kind.COMMUNE).values_list("region_id").annotate(number=Count("pk")).order_by())
    )

    def of(kind: str) -> tuple[RegionOfTheGround, ...]:
        return tuple(
            RegionOfTheGround(_place(row), tuple(by_region.get(row.pk, ())), communes[row.pk])
            for row in rows
            if row.kind == kind
        )

    return Ground(of(Kind.REGION), of(Kind.COLLECTIVITY), of(Kind.FORMER_REGION), counts)


def counts_by_kind() -> dict[str, int]:
    """How many territories of each kind there are today (former regions included)."""
    of_today = Territory.objects.filter(Q(valid_to__isnull=True) | Q(kind=Kind.FORMER_REGION)).order_by()
    return dict(of_today.values_list("kind").annotate(number=Count("pk")))


def codes(kind: str, *, first: int, number: int) -> list[str]:
    """Codes of the territories of a kind in order, from a place on."""
    of_kind = Territory.objects.filter(kind=kind).order_by("code").values_list("code", flat=True)
    return list(of_kind[first : first + number])


def _place(territory: Territory) -> Place:
    name, link = typeset(territory.name), territory.name_link
    if territory.kind == Kind.EPCI:
        name, link = intercommunal_name(territory.name), intercommunal_link(territory.name)
    elif territory.kind == Kind.COLLECTIVITY:
        link = OVERSEAS_LINKS.get(territory.code, link)
    return Place(territory.pk, territory.kind, territory.code, name, link, territory.population, territory.area_km2)


def _seat(territory: Territory) -> Place | None:
    if not territory.seat:
        return None
    return Place.of(Territory.objects.filter(pk=territory_id(Kind.COMMUNE, territory.seat)).first())


def _parts(territory: Territory) -> list[Territory]:
    """What the territory is made of; for a department its intercommunalities too."""
    of_today: QuerySet[Territory] = Territory.objects.filter(valid_to__isnull=True)
    match territory.kind:
        case Kind.COMMUNE:
            return list(of_today.filter(parent_id=territory.pk))
        case Kind.EPCI:
            return list(of_today.filter(epci_id=territory.pk, kind=Kind.COMMUNE))
        case Kind.DEPARTMENT | Kind.COLLECTIVITY:
            communes = list(of_today.filter(department_id=territory.pk, kind=Kind.COMMUNE))
            epcis = {commune.epci_id for commune in communes if commune.epci_id}
            return communes + list(of_today.filter(pk__in=epcis))
        case Kind.REGION:
            return list(of_today.filter(region_id=territory.pk, kind=Kind.DEPARTMENT))
        case Kind.FORMER_REGION:
            return list(of_today.filter(former_region_id=territory.pk, kind=Kind.DEPARTMENT))
        case _:
            return []


def _listings(parts: Iterable[Territory], *, order: Order) -> tuple[Listing, ...]:
    by_kind: dict[str, list[Place]] = {}
    for part in parts:
        by_kind.setdefault(part.kind, []).append(_place(part))
    return tuple(
        Listing(kind, _rows(by_kind[kind], order=order), order, _inhabitants(by_kind[kind]))
        for kind in Kind.values
        if kind in by_kind
    )


def _inhabitants(places: Sequence[Place]) -> int | None:
    """All together, where each is known: a sum over some would pass for the whole."""
    known = [place.population for place in places if place.population is not None]
    return sum(known) if len(known) == len(places) else None


def _rows(places: Sequence[Place], *, order: Order) -> tuple[Row, ...]:
    if order == Order.POPULATION:
        by_size = sorted(places, key=lambda place: (-(place.population or 0), words(place.name), place.code))
        return tuple(Row(place) for place in by_size)
    by_name = sorted(places, key=lambda place: (words(place.name), place.code))
    if len(by_name) < INDEXED_FROM:
        return tuple(Row(place) for place in by_name)
    letters = [words(place.name)[0][0].upper() for place in by_name]
    return tuple(
        Row(place, letter if number == 0 or letters[number - 1] != letter else "")
        for number, (place, letter) in enumerate(zip(by_name, letters, strict=True))
    )


def _formers(predecessors: Iterable[Succession], parts: Iterable[Territory]) -> tuple[Former, ...]:
    by_code = {part.code: part for part in parts if part.kind in {Kind.DELEGATED, Kind.ASSOCIATED}}
    found: dict[tuple[str, str], Former] = {}
    for succession in predecessors:
        part = by_code.get(succession.former_code)
        name = typeset(succession.former_name or (part.name if part else ""))
        former = Former(succession.former_code, name, succession.event, succession.on, Place.of(part))
        found.setdefault((former.code, former.name), former)
    return tuple(sorted(found.values(), key=lambda former: not former.name))


def _became(territory: Territory) -> list[Succession]:
    """What a territory that ended became; nothing is asked for one of today."""
    if territory.kind != Kind.FORMER_REGION and territory.valid_to is None:
        return []
    asked = Succession.objects.filter(former_kind=territory.kind, former_code=territory.code)
    return list(asked.select_related("successor").order_by("on", "id"))


def similar_territories(territory: Territory, *, among: Collection[str], at_most: int) -> list[str]:
    """Ids of those of some territories that resemble one, the nearest first."""
    if not territory.population:
        return []
    chosen = Territory.objects.filter(pk__in=among, valid_to__isnull=True).order_by()
    return [likeness.id for likeness in similar(_profile(territory), _profiles(chosen), at_most=at_most)]


def _similar(territory: Territory) -> tuple[Similar, ...]:
    if not territory.population or territory.valid_to is not None:
        return ()
    lowest, highest = population_range(territory.population, kind=territory.kind)
    near = Territory.objects.filter(
        kind=territory.kind, population__range=(lowest, highest), valid_to__isnull=True
    ).order_by()
    own = _profile(territory)
    # The rule takes those of the same region first: others are read only when these are too few.
    found = similar(own, _profiles(near.filter(region_id=own.region)), at_most=SIMILAR) if own.region else []
    if len(found) < SIMILAR:
        found = similar(own, _profiles(near), at_most=SIMILAR)
    return _drawn(found)


def _profile(territory: Territory) -> Profile:
    return Profile(
        territory.pk,
        territory.kind,
        territory.population,
        territory.region_id or "",
        territory.zone != Zone.METROPOLE,
        territory.subkind or (territory.epci.subkind if territory.epci else ""),
    )


def _profiles(near: QuerySet[Territory]) -> list[Profile]:
    columns = ("pk", "kind", "population", "region_id", "zone", "subkind", "epci__subkind")
    return [
        Profile(pk, kind, population, region or "", zone != Zone.METROPOLE, subkind or epci_subkind or "")
        for pk, kind, population, region, zone, subkind, epci_subkind in near.values_list(*columns)
    ]


def _drawn(found: Sequence[Likeness]) -> tuple[Similar, ...]:
    rows = Territory.objects.select_related("department", "region").in_bulk([likeness.id for likeness in found])
    return tuple(
        Similar(
            _place(rows[likeness.id]),
            Place.of(rows[likeness.id].department or rows[likeness.id].region),
            likeness.reasons,
        )
        for likeness in found
    )
