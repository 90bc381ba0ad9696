"""What an outage would do: how many subjects lose what, where, through whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import numpy as np

from arobase.observatory.queries.dependence import Dependence, Origin, Subject
from arobase.observatory.rules.outage import Affected, Flags, Indices, Spread
from arobase.observatory.rules.services import PLACE, SYSTEM
from arobase.territories.rules.spelling import folded

BY_ADDRESS = frozenset({PLACE, SYSTEM})


@dataclass(frozen=True, slots=True)
class Toll:
    """So many subjects and inhabitants that lose something, of those of which it is known whom they depend on."""

    towns: int
    inhabitants: int
    known: int
    known_inhabitants: int

    @property
    def share(self) -> float | None:
        """Share of the subjects that are known, None where none is."""
        return self.towns / self.known if self.known else None


@dataclass(frozen=True, slots=True)
class Loss:
    """A service that is lost or degraded, whose, and from where it is known."""

    subject: Subject
    service: str
    why: tuple[str, ...]
    origin: Origin
    is_lost: bool = True


@dataclass(frozen=True)
class Outage:
    """An outage: tolls by kind of service, and by region and department for the kind that is looked at.

    kind      web, mail or names: what the map and the list are about
    lost      numbers of the services of that kind that are lost, by their subjects' inhabitants
    degraded  likewise of those that stand, but miss something
    """

    on: Dependence
    failures: tuple[str, ...]
    kind: str
    tolls: Mapping[str, Toll]
    degraded_tolls: Mapping[str, Toll]
    lost: Sequence[int]
    degraded: Sequence[int]
    by_region: Mapping[str, Toll]
    by_department: Mapping[str, Toll]
    spread: Spread

    @property
    def toll(self) -> Toll:
        return self.tolls[self.kind]

    @property
    def is_by_address(self) -> bool:
        """Whether networks or soils fail, so that only those whose servers' addresses are known count."""
        return any(one.partition(":")[0] in BY_ADDRESS for one in self.failures)

    def all_losses(self) -> list[Loss]:
        """Every service that is lost, of whatever kind, then every degraded one."""
        lost, degraded = flags_of(self.spread.services, self.on), flags_of(self.spread.degraded, self.on)
        return [
            *self.losses(_by_inhabitants(lost, self.on)),
            *self.losses(_by_inhabitants(degraded, self.on), is_lost=False),
        ]

    def losses(self, numbers: Sequence[int], *, is_lost: bool = True) -> list[Loss]:
        """These services with the chains that explain them."""
        tell = self.on.graph.lost if is_lost else self.on.graph.degraded
        told: list[Affected] = tell(self.spread, only=numbers)
        return [
            Loss(self.on.subjects[int(self.on.subject_of[at])], one.service, one.why, self.on.origins[at], is_lost)
            for at, one in zip(numbers, told, strict=True)
        ]


def outage(failures: Sequence[str], on: Dependence, *, kind: str = "") -> Outage:
    """What goes dark when these fail. Raises rules.outage.UnknownFailure.

    kind  of service that map and list are about; where it is not given, the one that loses most
    """
    spread = on.graph.spread(failures)
    lost, degraded = flags_of(spread.services, on), flags_of(spread.degraded, on)
    known = _told_of(failures, on) | lost | degraded
    tolls = {one: _toll(one, lost, known, on) for one in on.of_kind}
    shown = kind if kind in tolls else max(tolls, key=lambda one: (tolls[one].towns, tolls[one].known), default="")
    if not shown:
        tolls, shown = {"web": Toll(0, 0, 0, 0)}, "web"
    is_shown = on.of_kind.get(shown, np.zeros(len(on.graph.services), dtype=bool))
    return Outage(
        on,
        tuple(failures),
        shown,
        tolls,
        {one: _toll(one, degraded, known, on) for one in tolls},
        _by_inhabitants(lost & is_shown, on),
        _by_inhabitants(degraded & is_shown, on),
        _tolls_by([one.region for one in on.subjects], shown, lost, known, on),
        _tolls_by([one.department for one in on.subjects], shown, lost, known, on),
        spread,
    )


def failure_called(text: str, on: Dependence) -> str:
    """What a person calls so, by its key or else its name, a provider before a group before a layer; the text if none.

    Case and accents count for nothing.
    """
    ordered = sorted(on.graph.failures, key=lambda one: (":" in one, not one.startswith("owner:")))
    by_key = {one.casefold(): one for one in reversed(ordered)}
    by_name = {folded(on.name(one)): one for one in reversed(ordered)}
    return by_key.get(text.casefold()) or by_name.get(folded(text)) or text


def flags_of(services: Indices, on: Dependence) -> Flags:
    """Services by number, as flags."""
    flags = np.zeros(len(on.graph.services), dtype=bool)
    flags[services] = True
    return flags


def subjects_of(services: Flags, on: Dependence) -> Flags:
    """By subject, whether one of these services is its own."""
    flags = np.zeros(len(on.subjects), dtype=bool)
    flags[on.subject_of[services]] = True
    return flags


def _told_of(failures: Sequence[str], on: Dependence) -> Flags:
    """Services of which it is known whether they need these: networks and soils are told where an address is known."""
    known = np.ones(len(on.graph.services), dtype=bool)
    for kind in BY_ADDRESS & {one.partition(":")[0] for one in failures}:
        named = [name for name in on.graph.number if name.startswith(f"{kind}:")]
        known &= flags_of(on.graph.resting_on(named), on)
    return known


def _toll(kind: str, hit: Flags, known_services: Flags, on: Dependence) -> Toll:
    is_of_kind = on.of_kind.get(kind, np.zeros_like(hit))
    known, towns = subjects_of(known_services & is_of_kind, on), subjects_of(hit & is_of_kind, on)
    people = on.populations
    return Toll(int(towns.sum()), int(people[towns].sum()), int(known.sum()), int(people[known].sum()))


def _by_inhabitants(services: Flags, on: Dependence) -> list[int]:
    found = np.flatnonzero(services)
    order = np.lexsort((on.subject_of[found], -on.populations[on.subject_of[found]]))
    numbers: list[int] = found[order].tolist()
    return numbers


def _tolls_by(places: Sequence[str], kind: str, hit: Flags, known_services: Flags, on: Dependence) -> dict[str, Toll]:
    """Tolls by place; a place of which nothing is known is left out."""
    names, number = np.unique(np.array(places, dtype=object).astype(str), return_inverse=True)
    is_of_kind = on.of_kind.get(kind, np.zeros_like(hit))
    known, dark = subjects_of(known_services & is_of_kind, on), subjects_of(hit & is_of_kind, on)

    def counts(which: Flags) -> tuple[list[int], list[int]]:
        towns = np.bincount(number[which], minlength=len(names))
        people = np.bincount(number[which], weights=on.populations[which], minlength=len(names))
        return towns.tolist(), people.astype(np.int64).tolist()

    columns = (*counts(dark), *counts(known))
    return {str(name): Toll(*row) for name, *row in zip(names.tolist(), *columns, strict=True) if row[2]}
