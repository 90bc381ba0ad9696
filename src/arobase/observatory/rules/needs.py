"""What a service or a provider needs, as a tree of providers' names joined by AND and OR."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field

from arobase.observatory.rules.companies import Law


@dataclass(frozen=True)
class All:
    """Every part is needed; of nothing, it stands."""

    parts: tuple["Need", ...]


@dataclass(frozen=True)
class Any:
    """One part is enough; of nothing, it never stands."""

    parts: tuple["Need", ...]


Need = str | All | Any
NOTHING = All(())


@dataclass(frozen=True)
class Service:
    """What a territory offers: `degraded_by` are providers that it misses without going dark.

    laws  by provider, whose law it obeys, as it was told of this territory: of its own machines no list can tell
    """

    territory: str
    service: str
    needs: Need = NOTHING
    degraded_by: tuple[str, ...] = ()
    laws: Mapping[str, Law] = field(default_factory=dict, hash=False)


@dataclass(frozen=True)
class Provider:
    """Who a service stands on; `owner`, `country` and further `groups` name what fails together."""

    name: str
    owner: str = ""
    country: str = ""
    needs: Need = NOTHING
    groups: tuple[str, ...] = ()


def names_in(need: Need) -> Iterator[str]:
    """Every provider's name in a need, as often as it stands there.

    >>> list(names_in(All(("a", Any(("b", "a"))))))
    ['a', 'b', 'a']
    """
    if isinstance(need, str):
        yield need
    else:
        for part in need.parts:
            yield from names_in(part)


Told = None | str | dict[str, list["Told"]]


def told(need: Need) -> Told:
    """A need as JSON: null, a name, {"all": […]} or {"any": […]}.

    >>> told(All(("a", Any(("b", "c")))))
    {'all': ['a', {'any': ['b', 'c']}]}
    """
    if isinstance(need, str):
        return need
    if need == NOTHING:
        return None
    return {"all" if isinstance(need, All) else "any": [told(part) for part in need.parts]}


def of_told(document: Told) -> Need:
    """The need that `told` wrote down.

    >>> of_told({'all': ['a', {'any': ['b', 'c']}]})
    All(parts=('a', Any(parts=('b', 'c'))))
    """
    if document is None:
        return NOTHING
    if isinstance(document, str):
        return document
    ((word, parts),) = document.items()
    return (All if word == "all" else Any)(tuple(map(of_told, parts)))
