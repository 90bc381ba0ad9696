"""The published initiatives as arrays: what a choice of facets keeps, how many each facet would, which are alike."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import cached_property

import numpy as np
from numpy.typing import NDArray

Mask = NDArray[np.bool_]
FACETS = ("enjeu", "service", "size", "region", "year")
SERVICES_WEIGH = 0.7  # of the likeness of two initiatives; the words of their titles weigh the rest


@dataclass(frozen=True, slots=True)
class Entry:
    """A published initiative, reduced to what it is found by.

    enjeux      slugs, those of its services
    region      code of the region, or of the collectivity that stands in for it; empty where unknown
    year        in which it began, 0 where that is not said
    stems       of its title
    """

    id: int
    territory: str
    services: tuple[str, ...]
    enjeux: tuple[str, ...]
    size: str
    region: str
    year: int
    stems: frozenset[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Choice:
    """What is asked for: within a facet any of the values will do, between facets all must hold."""

    chosen: Mapping[str, frozenset[str]] = field(default_factory=dict)

    def values(self, facet: str) -> frozenset[str]:
        return self.chosen.get(facet, frozenset())

    def without(self, facet: str) -> "Choice":
        return replace(self, chosen={name: values for name, values in self.chosen.items() if name != facet})


class Shelf:
    """Immutable; entries stand in the order in which they were given, which is the order of answers."""

    def __init__(self, entries: Iterable[Entry]) -> None:
        self.entries = tuple(entries)
        self.position = {entry.id: place for place, entry in enumerate(self.entries)}
        self.ids = np.fromiter((entry.id for entry in self.entries), dtype=np.int64, count=len(self.entries))

    @cached_property
    def _columns(self) -> dict[str, tuple[list[str], dict[str, int], NDArray[np.int64], NDArray[np.int64]]]:
        """By facet: its values, their numbers, and the pairs (entry, value) as two arrays."""
        return {facet: self._pairs(facet) for facet in FACETS}

    def _pairs(self, facet: str) -> tuple[list[str], dict[str, int], NDArray[np.int64], NDArray[np.int64]]:
        numbers: dict[str, int] = {}
        rows: list[int] = []
        values: list[int] = []
        for row, entry in enumerate(self.entries):
            for value in _values(entry, facet):
                rows.append(row)
                values.append(numbers.setdefault(value, len(numbers)))
        return list(numbers), numbers, np.array(rows, dtype=np.int64), np.array(values, dtype=np.int64)

    def within(self, ids: Collection[int]) -> Mask:
        """The entries among some ids."""
        return np.isin(self.ids, np.fromiter(ids, dtype=np.int64, count=len(ids)))

    def of_territories(self, territories: Collection[str]) -> Mask:
        """The entries of some territories."""
        numbers, owners = self._owners
        return np.isin(owners, np.array([numbers[id] for id in territories if id in numbers], dtype=np.int64))

    @cached_property
    def _owners(self) -> tuple[dict[str, int], NDArray[np.int64]]:
        numbers: dict[str, int] = {}
        owners = [numbers.setdefault(entry.territory, len(numbers)) for entry in self.entries]
        return numbers, np.array(owners, dtype=np.int64)

    def mask(self, choice: Choice, *, among: Mask | None = None) -> Mask:
        """What a choice keeps, of all or of `among`."""
        kept = np.ones(len(self.entries), dtype=np.bool_) if among is None else among.copy()
        for facet in FACETS:
            if choice.values(facet):
                kept &= self._has(facet, choice.values(facet))
        return kept

    def _has(self, facet: str, wanted: Collection[str]) -> Mask:
        _names, numbers, rows, values = self._columns[facet]
        codes = np.array([numbers[value] for value in wanted if value in numbers], dtype=np.int64)
        found = np.zeros(len(self.entries), dtype=np.bool_)
        found[rows[np.isin(values, codes)]] = True
        return found

    def counts(self, facet: str, choice: Choice, *, among: Mask | None = None) -> dict[str, int]:
        """How many entries each value of a facet would keep, everything else chosen as it is."""
        kept = self.mask(choice.without(facet), among=among)
        names, _numbers, rows, values = self._columns[facet]
        found = np.bincount(values[kept[rows]], minlength=len(names))
        return {name: int(number) for name, number in zip(names, found, strict=True) if number}

    def alike(self, id: int, *, at_most: int) -> list[tuple[int, float]]:
        """The initiatives most like one, elsewhere, with a likeness between 0 and 1.

        Services shared and words of the title shared, each as a share of all that the two have (Jaccard 1912), the
        rarer ones weighing more (inverse document frequency, K. Spärck Jones 1972). Those that share no service are
        left out; equals stand in the order of the shelf.
        """
        one = self.entries[self.position[id]]
        rows = np.flatnonzero(self._has("service", one.services))
        others = [self.entries[row] for row in rows if self.entries[row].territory != one.territory]
        scored = [(other.id, self._likeness(one, other)) for other in others]
        return sorted(scored, key=lambda found: -found[1])[:at_most]

    def _likeness(self, one: Entry, other: Entry) -> float:
        services = _shared(one.services, other.services, self._weights)
        return SERVICES_WEIGH * services + (1 - SERVICES_WEIGH) * _shared(one.stems, other.stems, {})

    @cached_property
    def _weights(self) -> dict[str, float]:
        names, _numbers, _rows, values = self._columns["service"]
        used = np.bincount(values, minlength=len(names))
        return dict(zip(names, np.log1p(len(self.entries) / used).tolist(), strict=True)) if names else {}

    def done_by(self, territories: Sequence[str], *, not_by: str, at_most: int) -> list[tuple[str, int, int]]:
        """Services that several territories offer and another does not: slug, how many offer it, an example's id.

        The commonest first; the example is the entry that stands first on the shelf.
        """
        own = {service for entry in self.entries if entry.territory == not_by for service in entry.services}
        wanted = set(territories)
        offered: dict[str, set[str]] = {}
        examples: dict[str, int] = {}
        for entry in self.entries:
            if entry.territory in wanted:
                for service in entry.services:
                    offered.setdefault(service, set()).add(entry.territory)
                    examples.setdefault(service, entry.id)
        found = [(service, len(by), examples[service]) for service, by in offered.items() if service not in own]
        return sorted(found, key=lambda one: (-one[1], one[0]))[:at_most]


def _values(entry: Entry, facet: str) -> tuple[str, ...]:
    if facet == "enjeu":
        return entry.enjeux
    if facet == "service":
        return entry.services
    value = str(entry.year or "") if facet == "year" else str(getattr(entry, facet))
    return (value,) if value else ()


def _shared(one: Collection[str], other: Collection[str], weights: Mapping[str, float]) -> float:
    union = set(one) | set(other)
    whole = sum(weights.get(value, 1.0) for value in union)
    return sum(weights.get(value, 1.0) for value in set(one) & set(other)) / whole if whole else 0.0
