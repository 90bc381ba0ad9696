"""The laureates that a filter keeps, as the atlas lists and draws them, with the choices its form offers."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass, replace
from enum import StrEnum

from arobase.atlas.queries.downloads import LaureateRow, laureate_rows
from arobase.atlas.rules.filters import LaureateFilter
from arobase.label.queries.awards import Known, editions, known_of_total
from arobase.territories.models import Kind, Territory
from arobase.territories.rules.addresses import SLUGS


class Order(StrEnum):
    """How the list is sorted; the values stand in addresses."""

    LEVEL = "niveau"
    NAME = "nom"
    YEAR = "annee"
    POPULATION = "population"


@dataclass(frozen=True, slots=True)
class Laureate:
    """A territory with the award that is shown of it, and the years of all those that the filter keeps."""

    row: LaureateRow
    years: tuple[int, ...]

    @property
    def id(self) -> str:
        return f"{self.row.kind}:{self.row.code}"

    @property
    def slug(self) -> str:
        """The kind as it stands in addresses."""
        return SLUGS[self.row.kind]


@dataclass(frozen=True, slots=True)
class Results:
    """What a filter keeps: one entry per territory, its latest award; `known` of `total` speak of the chosen year."""

    laureates: tuple[Laureate, ...]
    awards: int
    known: int
    total: int | None
    by_level: tuple[tuple[int, int], ...]
    is_sample: bool


@dataclass(frozen=True, slots=True)
class Choices:
    """What the form offers: years with the number of known awards, regions, departments and mentions that occur."""

    years: tuple[tuple[int, int], ...]
    regions: tuple[tuple[str, str], ...]
    departments: tuple[tuple[str, str], ...]
    mentions: tuple[str, ...]


def laureates(kept: LaureateFilter, *, order: Order = Order.LEVEL) -> Results:
    """The laureates that a filter keeps, sorted; within a level the more populated first."""
    rows = laureate_rows(kept)
    years: dict[str, list[int]] = {}
    latest: dict[str, LaureateRow] = {}
    for row in rows:
        key = f"{row.kind}:{row.code}"
        years.setdefault(key, []).append(row.year)
        if key not in latest or row.year >= latest[key].year:
            latest[key] = row
    found = [Laureate(row, tuple(sorted(set(years[key])))) for key, row in latest.items()]
    counts = Counter(one.row.level or 0 for one in found)
    known = known_of_total(kept.year) if kept.year is not None else _known_in_all()
    return Results(
        tuple(sorted(found, key=lambda one: _place(one, order))),
        len(rows),
        known.known,
        known.total,
        tuple((level, counts[level]) for level in (5, 4, 3, 2, 1, 0)),
        any(row.is_sample for row in rows),
    )


def choices() -> Choices:
    """What can be chosen, whatever is chosen now."""
    rows = laureate_rows(LaureateFilter())
    return Choices(
        tuple(sorted(Counter(row.year for row in rows).items(), reverse=True)),
        _named({(row.region, row.region_name) for row in rows}),
        _named({(row.department, row.department_name) for row in rows}),
        tuple(sorted({mention for row in rows for mention in row.distinctions})),
    )


def members(bodies: Sequence[str]) -> dict[str, list[str]]:
    """INSEE codes of the communes of each intercommunality, by its id."""
    found: dict[str, list[str]] = {body: [] for body in bodies}
    communes = Territory.objects.filter(kind=Kind.COMMUNE, epci_id__in=list(bodies), valid_to__isnull=True)
    for body, code in communes.order_by("code").values_list("epci_id", "code"):
        found[str(body)].append(code)
    return found


def without(kept: LaureateFilter, part: str) -> LaureateFilter:
    """The same filter with one of its fields emptied."""
    return replace(kept, **{part: getattr(LaureateFilter(), part)})


def _known_in_all() -> Known:
    return Known(sum(edition.known for edition in editions()), None)


def _named(found: set[tuple[str | None, str | None]]) -> tuple[tuple[str, str], ...]:
    return tuple(sorted(((code, name) for code, name in found if code and name), key=lambda pair: pair[1]))


def _place(one: Laureate, order: Order) -> tuple[object, ...]:
    row = one.row
    by_name = (row.territory.casefold(), row.code)
    if order is Order.NAME:
        return by_name
    if order is Order.YEAR:
        return (-row.year, -(row.level or 0), *by_name)
    if order is Order.POPULATION:
        return (-(row.population or 0), *by_name)
    return (-(row.level or 0), -(row.population or 0), *by_name)
