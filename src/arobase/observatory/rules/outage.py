"""What goes dark when providers fail: the least fixed point of an AND/OR graph, cycles included.

A node is lost when it fails itself or what it needs is lost. Starting from what fails, losses spread in rounds until
none is added, so that providers that only hold each other up stay up until something outside breaks them. The kinds of
dependence (critical, redundant, through others) are those of Kashaf, Sekar and Agarwal, IMC 2020,
doi 10.1145/3419394.3423664.
"""

from collections import Counter
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property
from itertools import chain

import numpy as np
import numpy.typing as npt

from arobase.observatory.rules.needs import Any, Need, Provider, Service, names_in

Indices = npt.NDArray[np.int64]
COUNTRY = "country:"
Flags = npt.NDArray[np.bool_]


class UnknownFailure(ValueError):
    """Nothing in the graph has this name."""

    def __init__(self, name: str) -> None:
        super().__init__(name)
        self.name = name


@dataclass(frozen=True)
class Affected:
    """A service that is lost or degraded: `why` leads from what it needs, provider by provider, to what failed."""

    territory: str
    service: str
    why: tuple[str, ...]


@dataclass(frozen=True)
class Spread:
    """What is lost.

    rounds    by node: the round in which it was lost, -1 where it stands (0: it failed itself)
    services  numbers of the services that are lost, in the order of the graph
    degraded  numbers of those that stand, but miss something
    """

    rounds: Indices
    services: Indices
    degraded: Indices


class Graph:
    """Services and providers in arrays: made once, asked often.

    Nodes are numbered: first the providers, then the services, then the inner AND and OR of nested needs.
    A name that is needed but not among the providers is a provider without needs.
    """

    def __init__(self, services: Sequence[Service], providers: Sequence[Provider]) -> None:
        self.services = tuple(services)
        self.providers = tuple(_with_the_unnamed(services, providers))
        self.number = {one.name: at for at, one in enumerate(self.providers)}
        if len(self.number) < len(self.providers):
            twice = [name for name, times in Counter(one.name for one in self.providers).items() if times > 1]
            raise ValueError(f"providers named twice: {', '.join(twice)}")
        self._children: list[list[int]] = []
        self._needs_every_loss: list[bool] = []
        named: list[Provider | Service] = [*self.providers, *self.services]
        for one in named:
            self._children.append([])
            self._needs_every_loss.append(isinstance(one.needs, Any))
        for at, one in enumerate(named):
            self._children[at] = self._parts(one.needs)
        self._compile()

    def _parts(self, need: Need) -> list[int]:
        if isinstance(need, str):
            return [self.number[need]]
        return list(dict.fromkeys(self._node(part) for part in need.parts))

    def _node(self, need: Need) -> int:
        if isinstance(need, str):
            return self.number[need]
        parts = self._parts(need)
        self._children.append(parts)
        self._needs_every_loss.append(isinstance(need, Any))
        return len(self._children) - 1

    def _compile(self) -> None:
        """Parents of every node, side by side, and how many lost children make a node lost."""
        lengths = np.fromiter(map(len, self._children), np.int64, len(self._children))
        every = np.array(self._needs_every_loss, dtype=bool)
        self._threshold = np.where(every, lengths, 1)
        below = np.fromiter(chain.from_iterable(self._children), np.int64, int(lengths.sum()))
        above = np.repeat(np.arange(len(lengths)), lengths)
        order = np.argsort(below, kind="stable")
        self._parents = above[order]
        self._first_parent = np.concatenate(([0], np.cumsum(np.bincount(below, minlength=len(lengths)))))
        hopeless = every & (lengths == 0)
        self._hopeless = np.flatnonzero(hopeless)
        softly = [[self.number[name] for name in dict.fromkeys(one.degraded_by)] for one in self.services]
        self._softened = np.repeat(np.arange(len(softly)), [len(one) for one in softly])
        self._softening = np.fromiter(chain.from_iterable(softly), np.int64, len(self._softened))

    @cached_property
    def _together(self) -> Mapping[str, Indices]:
        """What fails together, by `owner:NAME`, `country:CC` and the names of further groups."""
        groups: dict[str, list[int]] = {}
        for at, one in enumerate(self.providers):
            named = [f"owner:{one.owner}"] if one.owner else []
            named += [f"country:{one.country}"] if one.country else []
            for group in dict.fromkeys([*named, *one.groups]):
                groups.setdefault(group, []).append(at)
        return {name: np.array(members) for name, members in groups.items()}

    @property
    def failures(self) -> list[str]:
        """Every name that can fail: providers, then what fails together."""
        return [*self.number, *self._together]

    def can_fail(self, name: str) -> bool:
        """Whether something here has this name."""
        return name in self.number or name in self._together

    def failing(self, names: Iterable[str]) -> Indices:
        """Numbers of the providers that these names make fail. Raises UnknownFailure."""
        found: list[Indices] = [np.empty(0, dtype=np.int64)]
        for name in names:
            if name in self.number:
                found.append(np.array([self.number[name]]))
            elif name in self._together:
                found.append(self._together[name])
            else:
                raise UnknownFailure(name)
        return np.unique(np.concatenate(found))

    @cached_property
    def stateless(self) -> Sequence[str]:
        """Providers that no country's failure takes, since nobody knows whose law they obey."""
        told = [members for name, members in self._together.items() if name.startswith(COUNTRY)]
        named = np.concatenate([np.empty(0, dtype=np.int64), *told])
        return [self.providers[at].name for at in np.setdiff1d(np.arange(len(self.providers)), named).tolist()]

    def spread(self, names: Iterable[str]) -> Spread:
        """What is lost and degraded when these fail (a provider's name, `owner:NAME`, `country:CC`).

        Raises UnknownFailure for a name that stands nowhere in the graph.
        """
        rounds = np.full(len(self._threshold), -1, dtype=np.int64)
        losses = np.zeros(len(self._threshold), dtype=np.int64)
        frontier = np.union1d(self.failing(names), self._hopeless)
        now = 0
        while len(frontier):
            rounds[frontier] = now
            above = self._above(frontier)
            np.add.at(losses, above, 1)
            reached = np.unique(above)
            frontier = reached[(losses[reached] >= self._threshold[reached]) & (rounds[reached] < 0)]
            now += 1
        first, last = len(self.providers), len(self.providers) + len(self.services)
        lost = np.flatnonzero(rounds[first:last] >= 0)
        missing = np.unique(self._softened[rounds[self._softening] >= 0])
        return Spread(rounds, lost, missing[rounds[first + missing] < 0])

    def _above(self, nodes: Indices) -> Indices:
        """Parents of these nodes, one for each edge."""
        starts, ends = self._first_parent[nodes], self._first_parent[nodes + 1]
        lengths = ends - starts
        if not lengths.sum():
            return np.empty(0, dtype=np.int64)
        offsets = np.arange(lengths.sum()) - np.repeat(np.cumsum(lengths) - lengths, lengths)
        above: Indices = self._parents[np.repeat(starts, lengths) + offsets]
        return above

    def resting_on(self, names: Iterable[str]) -> Indices:
        """Numbers of the services that name one of these, themselves or through what they need."""
        is_above = np.zeros(len(self._threshold), dtype=bool)
        frontier = self.failing(names)
        while len(frontier):
            is_above[frontier] = True
            above = np.unique(self._above(frontier))
            frontier = above[~is_above[above]]
        first = len(self.providers)
        return np.flatnonzero(is_above[first : first + len(self.services)])

    def naming(self, names: Iterable[str]) -> Indices:
        """Numbers of the services that name one of these themselves, in whatever they need."""
        first, last = len(self.providers), len(self.providers) + len(self.services)
        is_above = np.zeros(len(self._threshold), dtype=bool)
        frontier = self.failing(names)
        while len(frontier):
            above = np.unique(self._above(frontier))
            above = above[(above >= first) & ~is_above[above]]
            is_above[above] = True
            frontier = above[above >= last]  # inner AND and OR: they are named with what they are part of
        return np.flatnonzero(is_above[first:last])

    def missing(self, names: Iterable[str], spread: Spread) -> Indices:
        """Numbers of the services that stand, but miss one of these providers, which is lost."""
        wanted = np.array([self.number[name] for name in names], dtype=np.int64)
        gone = wanted[spread.rounds[wanted] >= 0]
        return np.intersect1d(spread.degraded, self._softened[np.isin(self._softening, gone)])

    def direct(self) -> Iterator[tuple[Service, frozenset[str]]]:
        """Each service with the providers that it names itself, those that only degrade it included."""
        for one in self.services:
            yield one, frozenset((*names_in(one.needs), *one.degraded_by))

    def uses(self) -> Counter[str]:
        """How many services name each provider themselves."""
        return Counter(chain.from_iterable(names for _service, names in self.direct()))

    def lost(self, spread: Spread, *, only: Sequence[int] | None = None) -> list[Affected]:
        """The services that are lost, each with the chain that explains it.

        only  numbers of some of them, where the others are not asked for
        """
        first = len(self.providers)
        numbers = spread.services.tolist() if only is None else only
        return [self._affected(at, self._chain(first + at, spread.rounds)) for at in numbers]

    def degraded(self, spread: Spread, *, only: Sequence[int] | None = None) -> list[Affected]:
        """The services that stand but miss something, each with the chain that explains it; `only` as above."""
        found = []
        for at in spread.degraded.tolist() if only is None else only:
            soft = next(self.number[n] for n in self.services[at].degraded_by if spread.rounds[self.number[n]] >= 0)
            found.append(self._affected(at, (self.providers[soft].name, *self._chain(soft, spread.rounds))))
        return found

    def _affected(self, at: int, why: tuple[str, ...]) -> Affected:
        return Affected(self.services[at].territory, self.services[at].service, why)

    def _chain(self, node: int, rounds: Indices) -> tuple[str, ...]:
        """Providers' names below a lost node, down to one that failed itself; each was lost before the one above."""
        names = []
        while rounds[node] > 0:
            fallen = [child for child in self._children[node] if rounds[child] >= 0]
            node = min(fallen, key=lambda child: int(rounds[child]))
            if node < len(self.providers):
                names.append(self.providers[node].name)
        return tuple(names)

    def lost_providers(self, spread: Spread) -> list[str]:
        """Providers that fell because others failed, not those that failed themselves."""
        fallen = np.flatnonzero(spread.rounds[: len(self.providers)] > 0)
        return [self.providers[at].name for at in fallen.tolist()]


def _with_the_unnamed(services: Sequence[Service], providers: Sequence[Provider]) -> Iterable[Provider]:
    yield from providers
    known = {one.name for one in providers}
    needing: list[Provider | Service] = [*services, *providers]
    for one in needing:
        soft = one.degraded_by if isinstance(one, Service) else ()
        for name in (*names_in(one.needs), *soft):
            if name not in known:
                known.add(name)
                yield Provider(name)
