"""What an outage would do: how many subjects lose what, where, through whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

import numpy as np

from arobase.observatory.queries.dependence import Dependence, Origin, Subject
from arobase.observatory.rules.outage import COUNTRY, Affected, Flags, Indices, Spread
from arobase.observatory.rules.profile import Layer
from arobase.observatory.rules.services import LAYERS, PLACE, SYSTEM, WEB

BY_ADDRESS = frozenset({PLACE, SYSTEM})
AUTHORITY = f"{Layer.CA}:"


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


NONE = Toll(0, 0, 0, 0)


@dataclass(frozen=True, slots=True)
class Tolls:
    """Of one place: what is lost, and what stands but misses something."""

    lost: Toll
    degraded: Toll


@dataclass(frozen=True, slots=True)
class Loss:
    """A service that is lost or degraded, whose, and from where it is known.

    misses_authority  whether it stands until its certificate ends, which nobody can renew
    until             that day; None where it is unknown
    """

    subject: Subject
    service: str
    why: tuple[str, ...]
    origin: Origin
    is_lost: bool = True
    misses_authority: bool = False
    until: date | None = None

    @property
    def is_direct(self) -> bool:
        """Whether the service names itself what failed, and needs nobody else in between."""
        return len(self.why) == 1


@dataclass(frozen=True)
class Outage:
    """An outage: tolls by kind of service, and by region and department for the kind that is looked at.

    kind      web, mail or names: what the map and the list are about
    redundant_tolls  what rests on whoever fails and stands all the same, since another is enough
    indirect_tolls   of what is lost, what does not name whoever fails, and needs it through others alone
    lost      numbers of the services of that kind that are lost, by their subjects' inhabitants
    degraded  likewise of those that stand, but miss something: first those whose certificate ends first
    expiring  numbers of those that stand until their certificate ends, since its authority is lost
    """

    on: Dependence
    failures: tuple[str, ...]
    kind: str
    tolls: Mapping[str, Toll]
    degraded_tolls: Mapping[str, Toll]
    redundant_tolls: Mapping[str, Toll]
    indirect_tolls: Mapping[str, Toll]
    lost: Sequence[int]
    degraded: Sequence[int]
    by_region: Mapping[str, Tolls]
    by_department: Mapping[str, Tolls]
    spread: Spread
    expiring: frozenset[int]

    @property
    def toll(self) -> Toll:
        return self.tolls[self.kind]

    @property
    def redundant(self) -> Toll:
        return self.redundant_tolls[self.kind]

    @property
    def indirect(self) -> Toll:
        return self.indirect_tolls[self.kind]

    @property
    def is_by_address(self) -> bool:
        """Whether networks or soils fail, so that only those whose servers' addresses are known count."""
        return any(one.partition(":")[0] in BY_ADDRESS for one in self.failures)

    @property
    def is_by_law(self) -> bool:
        """Whether a country's law fails, so that only those count of whom it is known whose law they stand under."""
        return any(one.startswith(COUNTRY) for one in self.failures)

    def all_losses(self) -> list[Loss]:
        """Every service that is lost, of whatever kind, then every degraded one."""
        lost, degraded = flags_of(self.spread.services, self.on), flags_of(self.spread.degraded, self.on)
        return [
            *self.losses(_by_inhabitants(lost, self.on)),
            *self.losses(_by_day(_by_inhabitants(degraded, self.on), self.expiring, self.on), is_lost=False),
        ]

    def losses(self, numbers: Sequence[int], *, is_lost: bool = True) -> list[Loss]:
        """These services with the chains that explain them."""
        tell = self.on.graph.lost if is_lost else self.on.graph.degraded
        told: list[Affected] = tell(self.spread, only=numbers)
        return [
            Loss(
                self.on.subjects[int(self.on.subject_of[at])],
                one.service,
                one.why,
                self.on.origins[at],
                is_lost,
                at in self.expiring,
                _until(at, self.on) if at in self.expiring else None,
            )
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
    expiring = _expiring(spread, on)
    degraded_tolls = {one: _toll(one, degraded, known, on) for one in tolls}
    spared = flags_of(on.graph.resting_on(failures), on) & ~lost
    hidden = lost & ~flags_of(on.graph.naming(failures), on)
    redundant_tolls, indirect_tolls = ({one: _toll(one, some, known, on) for one in tolls} for some in (spared, hidden))
    shown = kind if kind in tolls else _hardest_hit(tolls, degraded_tolls)
    if not shown:
        tolls, shown = {WEB: NONE}, WEB
        degraded_tolls = redundant_tolls = indirect_tolls = tolls
    is_shown = on.of_kind.get(shown, np.zeros(len(on.graph.services), dtype=bool))
    return Outage(
        on,
        tuple(failures),
        shown,
        tolls,
        degraded_tolls,
        redundant_tolls,
        indirect_tolls,
        _by_inhabitants(lost & is_shown, on),
        _by_day(_by_inhabitants(degraded & is_shown, on), expiring, on),
        _tolls_by([one.region for one in on.subjects], shown, (lost, degraded), known, on),
        _tolls_by([one.department for one in on.subjects], shown, (lost, degraded), known, on),
        spread,
        expiring,
    )


def _hardest_hit(lost: Mapping[str, Toll], degraded: Mapping[str, Toll]) -> str:
    """The kind of service of which most are lost, then degraded, then known; empty where there is none."""
    return max(lost, key=lambda one: (lost[one].towns, degraded[one].towns, lost[one].known), default="")


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
    """Services of which it is known whether they need these.

    Networks and soils are told where an address is known. When a country fails, it is unknown of those that would go
    dark if whoever obeys a law that nobody knows obeyed this one.
    """
    known = np.ones(len(on.graph.services), dtype=bool)
    for kind in BY_ADDRESS & {one.partition(":")[0] for one in failures}:
        named = [name for name in on.graph.number if name.startswith(f"{kind}:")]
        known &= flags_of(on.graph.resting_on(named), on)
    if any(one.startswith(COUNTRY) for one in failures):
        lawless = [name for name in on.graph.stateless if name.partition(":")[0] in LAYERS]
        known &= ~flags_of(on.graph.spread([*failures, *lawless]).services, on)
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


def _expiring(spread: Spread, on: Dependence) -> frozenset[int]:
    authorities = [name for name in on.graph.number if name.startswith(AUTHORITY)]
    return frozenset(on.graph.missing(authorities, spread).tolist())


def _until(at: int, on: Dependence) -> date | None:
    return on.certificates.get(on.graph.services[at].territory)


def _by_day(numbers: Sequence[int], expiring: frozenset[int], on: Dependence) -> list[int]:
    """Those whose certificate ends first, then those that end on an unknown day, then the others, as they stood."""

    def last(at: int) -> tuple[bool, date]:
        return at not in expiring, (_until(at, on) if at in expiring else None) or date.max

    return sorted(numbers, key=last)


def _tolls_by(
    places: Sequence[str], kind: str, hits: tuple[Flags, Flags], known_services: Flags, on: Dependence
) -> dict[str, Tolls]:
    """Tolls by place of what is lost and of what is degraded; a place of which nothing is known is left out."""
    names, number = np.unique(np.array(places, dtype=object).astype(str), return_inverse=True)
    is_of_kind = on.of_kind.get(kind, np.zeros_like(known_services))

    def counts(services: Flags) -> tuple[list[int], list[int]]:
        which = subjects_of(services & is_of_kind, on)
        towns = np.bincount(number[which], minlength=len(names))
        people = np.bincount(number[which], weights=on.populations[which], minlength=len(names))
        return towns.tolist(), people.astype(np.int64).tolist()

    lost, degraded, known = counts(hits[0]), counts(hits[1]), counts(known_services)
    rows = zip(names.tolist(), *lost, *degraded, *known, strict=True)
    return {
        str(name): Tolls(Toll(dark, dark_people, n, people), Toll(dim, dim_people, n, people))
        for name, dark, dark_people, dim, dim_people, n, people in rows
        if n
    }
