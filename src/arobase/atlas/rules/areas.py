"""Families of areas that the dynamics compare, and which area of each family a laureate lies in."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from enum import StrEnum


class Family(StrEnum):
    """Areas that are compared with one another; the values stand in addresses.

    Overseas collectivities stand among the regions and among the departments. Former regions (until 2015) are completed
    by the overseas regions and collectivities, which the reform left alone.
    """

    REGION = "region"
    FORMER_REGION = "ancienne-region"
    DEPARTMENT = "departement"
    EPCI = "epci"


@dataclass(frozen=True, slots=True)
class Where:
    """Ids of the areas that a commune lies in; None where there is none or it is not known."""

    department: str | None = None
    region: str | None = None
    former_region: str | None = None
    epci: str | None = None

    def area(self, family: Family) -> str | None:
        """Its area of a family.

        >>> Where(region="region:01").area(Family.FORMER_REGION)
        'region:01'
        """
        if family is Family.DEPARTMENT:
            return self.department
        if family is Family.EPCI:
            return self.epci
        return self.region if family is Family.REGION else self.former_region or self.region

    @property
    def areas(self) -> frozenset[str]:
        found = (self.area(family) for family in Family)
        return frozenset(area for area in found if area is not None)


def seat_of(shares: Iterable[tuple[Where, int, int]]) -> Where:
    """Where a body of several communes is counted: the department that holds most of its inhabitants, then communes.

    shares   (where, inhabitants, communes) of its members, at least one

    >>> seat_of([(Where("department:76"), 900, 3), (Where("department:27"), 100, 9)]).department
    'department:76'
    """
    by_department: dict[str, tuple[int, int]] = {}
    wheres: dict[str, Where] = {}
    for where, inhabitants, communes in shares:
        key = where.department or ""
        old = by_department.get(key, (0, 0))
        by_department[key] = (old[0] + inhabitants, old[1] + communes)
        wheres.setdefault(key, where)
    heaviest = max(by_department, key=lambda key: (by_department[key], key))
    return wheres[heaviest]


def population_and_communes(
    shares: Iterable[tuple[Where, int | None, int]],
) -> Mapping[str, tuple[int | None, int]]:
    """Population (None where no commune's is known) and number of communes of every area."""
    found: dict[str, tuple[int | None, int]] = {}
    for where, inhabitants, communes in shares:
        for area in where.areas:
            population, count = found.get(area, (None, 0))
            known = population if inhabitants is None else (population or 0) + inhabitants
            found[area] = (known, count + communes)
    return found
