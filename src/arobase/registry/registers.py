"""What a capability may offer to others, kept in small typed registers filled once, at start-up."""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, Protocol, TypeVar

T = TypeVar("T")


class AlreadyRegistered(ValueError):
    """Two capabilities claim the same name."""


class Register(Generic[T]):
    """Named offers, in the order of their registration.

    >>> colours: Register[str] = Register("colours")
    >>> colours.add("ink", "#1b1a17")
    >>> list(colours)
    ['#1b1a17']
    """

    def __init__(self, title: str) -> None:
        self.title = title
        self._offers: dict[str, T] = {}

    def add(self, name: str, offer: T) -> None:
        """Keep an offer. Raises AlreadyRegistered when the name is taken by another."""
        if self._offers.get(name, offer) != offer:
            raise AlreadyRegistered(f"{self.title}: {name!r} is registered already.")
        self._offers[name] = offer

    def names(self) -> list[str]:
        return list(self._offers)

    def __getitem__(self, name: str) -> T:
        return self._offers[name]

    def __iter__(self) -> Iterator[T]:
        return iter(self._offers.values())


@dataclass(frozen=True)
class Panel:
    """A section of the territory page, drawn by the capability that offers it.

    title      heading, translated lazily
    template   the partial that draws it
    context    territory id (`commune:76351`) → variables of the partial, or None when there is nothing to show
    order      small numbers come first
    """

    title: Any
    template: str
    context: Callable[[str], Mapping[str, Any] | None]
    order: int = 100


class Progress(Protocol):
    """Told what a long work is doing: `done` of `total` steps of `what`; total 0 when unknown."""

    def __call__(self, what: str, done: int, total: int) -> None: ...


@dataclass(frozen=True)
class Loaded:
    """What a data source gave.

    layer      1 mirror, 2 official publisher, 3 locked package; None when no layer had it
    version    vintage as the source says it
    rows       records read
    changes    what differs from before: {"added": n, "changed": n, "removed": n}
    note       what is missing and how to complete it, for a person; empty when complete
    """

    layer: int | None
    version: str
    rows: int
    licence: str
    changes: Mapping[str, int]
    note: str = ""


@dataclass(frozen=True)
class DataSource:
    """Reference data that `arobase data load` brings in, in the order of registration.

    needs      names of sources that must be loaded before this one
    load       brings it in, whole or not at all, and says what it found
    """

    name: str
    title: Any
    publisher: str
    load: Callable[["LoadRequest"], Loaded]
    needs: tuple[str, ...] = ()


@dataclass(frozen=True)
class LoadRequest:
    """How to load: which departments (empty: all of France) and whom to tell."""

    departments: frozenset[str]
    progress: Progress


@dataclass(frozen=True)
class NavigationEntry:
    """A link of the main menu: label translated lazily, URL name, and who sees it (a predicate on the user)."""

    label: Any
    url_name: str
    visible: Callable[[Any], bool] = lambda _user: True
    order: int = 100


@dataclass(frozen=True)
class TerritoryFacet:
    """Something by which territories can be chosen, in a search of what belongs to them.

    title         what is chosen, translated lazily
    choices       values as they stand in addresses, with their names, in the order of the form
    territories   ids of the territories that each value keeps
    """

    title: Any
    choices: Callable[[], Sequence[tuple[str, Any]]]
    territories: Callable[[], Mapping[str, frozenset[str]]]


@dataclass(frozen=True)
class Demonstration:
    """What a capability invents for `arobase demo`, marked as invented.

    title   what it is, translated lazily
    fill    writes it once, given the time; how many there are then
    beside  arguments of the `arobase` command that goes on beside the server; empty where nothing does
    """

    title: Any
    fill: Callable[[datetime], int]
    beside: tuple[str, ...] = ()


shown_addresses: Register[Callable[[], Iterable[str]]] = Register("addresses that show initiatives")
panels: Register[Panel] = Register("territory panels")
data_sources: Register[DataSource] = Register("data sources")
navigation: Register[NavigationEntry] = Register("navigation")
territory_facets: Register[TerritoryFacet] = Register("facets of territories")
demonstrations: Register[Demonstration] = Register("demonstrations")
