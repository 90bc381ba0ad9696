"""Dynamics of the label by area: counts, rates, flows between editions and places, shown only where they can be.

Everything is exact: integers and `Fraction`. Formulas with their reasons: docs/methodology/dynamics.md.
"""

from collections import Counter, defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from fractions import Fraction

from arobase.territories.rules.sizes import SIZES

LEVELS = (1, 2, 3, 4, 5)
INHABITANTS = 100_000
COMMUNES = 100


@dataclass(frozen=True, slots=True)
class Award:
    """What a laureate received in an edition.

    level        1–5; None where no source states it
    areas        ids of all areas that the laureate lies in, of whatever kind
    size         slug of its size class (rules.sizes)
    is_commune   whether the laureate is a commune (or part of one) rather than a body of several
    """

    laureate: str
    year: int
    level: int | None
    areas: frozenset[str]
    size: str
    is_commune: bool = True


@dataclass(frozen=True, slots=True)
class Area:
    """What rates divide by; population None where no commune's is known."""

    id: str
    population: int | None
    communes: int


@dataclass(frozen=True, slots=True)
class Partial:
    """Why a figure is not given: only `known` of `total` awards are known (total None: nobody has published it)."""

    known: int
    total: int | None


@dataclass(frozen=True, slots=True)
class Completeness:
    """How many awards of an edition are known, of how many that were given."""

    known: int
    total: int | None

    @property
    def is_complete(self) -> bool:
        """Whether all are known: neither fewer nor more than the published total."""
        return self.total is not None and self.known == self.total

    @property
    def why_not(self) -> Partial | None:
        return None if self.is_complete else Partial(self.known, self.total)


@dataclass(frozen=True, slots=True)
class Counts:
    """Laureates of an area, counted.

    laureates   different territories
    communes    those of them that are communes
    awards      one per territory and edition; equals `laureates` within one edition
    by_level    awards at 1, 2, 3, 4, 5 and at an unstated level (None)
    by_size     awards by size class of the laureate
    """

    laureates: int
    communes: int
    awards: int
    by_level: Mapping[int | None, int]
    by_size: Mapping[str, int]


@dataclass(frozen=True, slots=True)
class Flows:
    """What became of the laureates of an edition in the next: each of `entered`, …, `absent` counts territories once.

    before, year   the two editions
    entered        in `year` but not in `before`
    newcomers      those of them in no earlier edition, and `returning` the others; Partial while an earlier edition is
    promoted, kept, lowered   in both, at a higher, the same, a lower level
    unstated       in both, a level unknown in one of them
    absent         in `before` but not in `year`
    """

    before: int
    year: int
    entered: int
    newcomers: int | Partial
    returning: int | Partial
    promoted: int
    kept: int
    lowered: int
    unstated: int
    absent: int


@dataclass(frozen=True, slots=True)
class Place:
    """Place among `among` areas, 1 the highest; `tied` areas share it (1: alone)."""

    rank: int
    among: int
    tied: int


Rate = Fraction | Partial | None


@dataclass(frozen=True, slots=True)
class Dynamics:
    """One area in one edition, or (year None) in all of them.

    per_inhabitants   laureates per 100,000 inhabitants; None where the population is unknown or nought
    per_communes      laureate communes per 100 communes; None where there is none
    place             among the areas of its kind by laureates
    flows             None for the first edition and for all editions together
    """

    area: Area
    year: int | None
    counts: Counts
    per_inhabitants: Rate
    per_communes: Rate
    place: Place | Partial
    flows: Flows | Partial | None


@dataclass(frozen=True)
class Editions:
    """The editions there are, with their completeness.

    >>> editions = Editions({2024: Completeness(241, 241), 2025: Completeness(12, 226)})
    >>> editions.why_not(2024), editions.why_not(2025), editions.why_not(None), editions.before(2025)
    (None, Partial(known=12, total=226), Partial(known=253, total=467), 2024)
    """

    completeness: Mapping[int, Completeness] = field(default_factory=dict)

    @property
    def years(self) -> tuple[int, ...]:
        return tuple(sorted(self.completeness))

    def before(self, year: int) -> int | None:
        """The edition before this one; None for the first."""
        return max((other for other in self.completeness if other < year), default=None)

    def why_not(self, year: int | None) -> Partial | None:
        """Why an edition (None: all of them) is not complete; None when it is."""
        return self.why_none_of(self.completeness if year is None else (year,))

    def why_none_of(self, years: Iterable[int]) -> Partial | None:
        """The known and the total of these editions together, unless each of them is complete."""
        found = [self.completeness.get(year, Completeness(0, None)) for year in years]
        if all(one.is_complete for one in found):
            return None
        totals = [one.total for one in found if one.total is not None]
        return Partial(sum(one.known for one in found), sum(totals) if len(totals) == len(found) else None)


def editions_of(awards: Iterable[Award], *, totals: Mapping[int, int | None]) -> Editions:
    """The editions with what is known of each.

    awards   of all France, whatever the area looked at
    totals   year → awards given, as published; None where nobody published them
    """
    known = Counter(award.year for award in awards)
    years = {*totals, *known}
    return Editions({year: Completeness(known[year], totals.get(year)) for year in sorted(years)})


def count(awards: Iterable[Award]) -> Counts:
    """Count awards: by level, by size, and the different laureates among them."""
    held = list(awards)
    levels = Counter(award.level for award in held)
    sizes = Counter(award.size for award in held)
    return Counts(
        laureates=len({award.laureate for award in held}),
        communes=len({award.laureate for award in held if award.is_commune}),
        awards=len(held),
        by_level={level: levels[level] for level in (*LEVELS, None)},
        by_size={size: sizes[size] for size in SIZES},
    )


def count_by_year(awards: Iterable[Award], *, years: Iterable[int]) -> dict[int, Counts]:
    """Counts of each of these years, also of those without an award."""
    by_year: dict[int, list[Award]] = defaultdict(list)
    for award in awards:
        by_year[award.year].append(award)
    return {year: count(by_year[year]) for year in sorted(years)}


def rate(number: int, *, of: int | None, per: int) -> Fraction | None:
    """`number` for each `per` of `of`; None where `of` is unknown or nought.

    >>> rate(3, of=60_000, per=INHABITANTS)
    Fraction(5, 1)
    """
    return Fraction(number * per, of) if of else None


def flows(awards: Iterable[Award], *, year: int, editions: Editions) -> Flows | Partial | None:
    """What became of the laureates of the edition before; awards of one area, or of all France.

    Returns None for the first edition there is; Partial unless this edition and the one before are complete.
    """
    before = editions.before(year)
    if before is None:
        return None
    missing = editions.why_none_of((before, year))
    if missing is not None:
        return missing
    levels: dict[int, dict[str, int | None]] = defaultdict(dict)
    for award in awards:
        levels[award.year][award.laureate] = award.level
    then, now = levels[before], levels[year]
    both = [(then[laureate], now[laureate]) for laureate in then.keys() & now.keys()]
    stated = [(old, new) for old, new in both if old is not None and new is not None]
    entered = now.keys() - then.keys()
    newcomers, returning = _split(entered, levels=levels, before=before, editions=editions)
    return Flows(
        before=before,
        year=year,
        entered=len(entered),
        newcomers=newcomers,
        returning=returning,
        promoted=sum(new > old for old, new in stated),
        kept=sum(new == old for old, new in stated),
        lowered=sum(new < old for old, new in stated),
        unstated=len(both) - len(stated),
        absent=len(then.keys() - now.keys()),
    )


def _split(
    entered: Iterable[str], *, levels: Mapping[int, Mapping[str, int | None]], before: int, editions: Editions
) -> tuple[int | Partial, int | Partial]:
    """Newcomers and returning; "never before" can only be said when every earlier edition is complete."""
    earlier = [year for year in editions.years if year < before]
    missing = editions.why_none_of(earlier)
    if missing is not None:
        return missing, missing
    seen = {laureate for year in earlier for laureate in levels.get(year, {})}
    returning = sum(laureate in seen for laureate in entered)
    return sum(1 for _laureate in entered) - returning, returning


def places(numbers: Mapping[str, int | Fraction]) -> dict[str, Place]:
    """Place of each by its number, the highest first; equals share a place and the next one is skipped.

    >>> places({"a": 7, "b": 9, "c": 7, "d": 1})["d"]
    Place(rank=4, among=4, tied=1)
    """
    equal = Counter(numbers.values())
    ranks: dict[int | Fraction, int] = {}
    rank = 1
    for number in sorted(equal, reverse=True):
        ranks[number] = rank
        rank += equal[number]
    return {key: Place(ranks[number], len(numbers), equal[number]) for key, number in numbers.items()}


def dynamics(
    awards: Iterable[Award], *, areas: Sequence[Area], editions: Editions, year: int | None
) -> dict[str, Dynamics]:
    """Dynamics of areas of one kind by area id.

    awards   of all France; those outside every area are left aside
    year     an edition, or None for all of them together
    """
    by_area: dict[str, list[Award]] = {area.id: [] for area in areas}
    for award in awards:
        for area_id in award.areas & by_area.keys():
            by_area[area_id].append(award)
    counted = {
        area_id: count(award for award in held if year is None or award.year == year)
        for area_id, held in by_area.items()
    }
    missing = editions.why_not(year)
    placed = places({area_id: counts.laureates for area_id, counts in counted.items()})
    return {
        area.id: Dynamics(
            area=area,
            year=year,
            counts=counted[area.id],
            per_inhabitants=missing or rate(counted[area.id].laureates, of=area.population, per=INHABITANTS),
            per_communes=missing or rate(counted[area.id].communes, of=area.communes, per=COMMUNES),
            place=missing or placed[area.id],
            flows=None if year is None else flows(by_area[area.id], year=year, editions=editions),
        )
        for area in areas
    }


def outside(awards: Iterable[Award], *, areas: Iterable[Area], year: int | None) -> int:
    """Different laureates that lie in none of the areas (communes without EPCI, for instance)."""
    ids = {area.id for area in areas}
    return len({award.laureate for award in awards if (year is None or award.year == year) and not award.areas & ids})
