"""What an outage would do to communes' mail: how many, who, where, through whom."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from arobase.observatory.queries.dependence import Dependence, Origin, Town
from arobase.observatory.rules.concentration import herfindahl, largest_share
from arobase.observatory.rules.providers import Law

WORST = 10


@dataclass(frozen=True, slots=True)
class Toll:
    """So many communes and inhabitants without mail, of those of which a provider is known."""

    towns: int
    inhabitants: int
    known: int
    known_inhabitants: int

    @property
    def share(self) -> float | None:
        """Share of the communes that are known, None where none is."""
        return self.towns / self.known if self.known else None


@dataclass(frozen=True)
class Outage:
    """An outage: `lost` by number of inhabitants, with the chain of each; tolls by region and department."""

    failures: tuple[str, ...]
    toll: Toll
    lost: Sequence[tuple[Town, tuple[str, ...]]]
    by_region: Mapping[str, Toll]
    by_department: Mapping[str, Toll]


def outage(failures: Sequence[str], on: Dependence) -> Outage:
    """What goes dark when these fail. Raises rules.outage.UnknownFailure."""
    spread = on.graph.spread(failures)
    chains = [one.why for one in on.graph.lost(spread)]
    lost = [(on.towns[at], chain) for at, chain in zip(spread.services.tolist(), chains, strict=True)]
    lost.sort(key=lambda one: (-one[0].population, one[0].code))
    dark = {town.id for town, _chain in lost}
    known = [town for town in on.towns if town.provider]
    return Outage(
        tuple(failures),
        _toll(known, dark),
        lost,
        {region: _toll(towns, dark) for region, towns in _grouped(known, "region").items()},
        {department: _toll(towns, dark) for department, towns in _grouped(known, "department").items()},
    )


def _grouped(towns: Sequence[Town], by: str) -> dict[str, list[Town]]:
    groups: dict[str, list[Town]] = {}
    for town in towns:
        groups.setdefault(getattr(town, by), []).append(town)
    return dict(sorted(groups.items()))


def _toll(known: Sequence[Town], dark: set[str]) -> Toll:
    lost = [town.population for town in known if town.id in dark]
    return Toll(len(lost), sum(lost), len(known), sum(town.population for town in known))


@dataclass(frozen=True, slots=True)
class Reach:
    """What one failure alone would take: a provider's slug, `owner:…` or `country:…`."""

    failure: str
    name: str
    towns: int
    inhabitants: int
    declared: int
    law: Law


@dataclass(frozen=True)
class Standing:
    """How communes' mail stands as a whole.

    reaches  of every provider, owner of several and country, the one that takes most inhabitants first
    by_law   communes by the law of the provider's last owner; unknown ones are those without a known provider
    index    Herfindahl-Hirschman index over providers, by communes; None of nothing
    """

    reaches: Sequence[Reach]
    by_law: Mapping[Law, int]
    index: float | None
    largest_three: float | None

    @property
    def worst(self) -> Sequence[Reach]:
        return self.reaches[:WORST]

    @property
    def providers(self) -> Sequence[Reach]:
        return [one for one in self.reaches if ":" not in one.failure]


@lru_cache(maxsize=1)
def standing(on: Dependence) -> Standing:
    """How it stands; worked out once for each state of the data."""
    reaches = [_reach(failure, on) for failure in on.graph.failures if _is_worth_asking(failure, on)]
    reaches.sort(key=lambda one: (-one.inhabitants, one.failure))
    sizes = Counter(town.provider for town in on.towns if town.provider)
    laws = Counter(on.law(town.provider) for town in on.towns)
    return Standing(reaches, laws, herfindahl(sizes.values()), largest_share(sizes.values(), 3))


def _is_worth_asking(failure: str, on: Dependence) -> bool:
    """A group of one provider says the same as the provider."""
    return not failure.startswith("owner:") or len(on.graph.failing([failure])) > 1


def _reach(failure: str, on: Dependence) -> Reach:
    towns = [on.towns[at] for at in on.graph.spread([failure]).services.tolist()]
    slug = on.graph.providers[int(on.graph.failing([failure])[0])].name
    declared = sum(town.origin is Origin.DECLARED for town in towns)
    return Reach(failure, on.name(failure), len(towns), sum(t.population for t in towns), declared, on.law(slug))
