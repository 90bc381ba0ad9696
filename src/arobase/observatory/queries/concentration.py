"""How much of each layer rests on how few, over a set as a whole and in each of its regions."""

from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.queries.overview import Holders, holders_by_layer
from arobase.observatory.rules.concentration import herfindahl, largest_share
from arobase.observatory.rules.profile import Layer

LARGEST = (1, 3, 5, 10)  # of how many of the largest the share is told


@dataclass(frozen=True)
class Concentration:
    """How one layer is shared out in one place; who has two providers counts with each.

    region    id; empty for those of no region, None for the set as a whole
    subjects  who lives there; `known` are those of whom it is known who holds the layer
    index     Herfindahl-Hirschman, from 0 to 1; None where nothing is known
    largest   share of the k largest, by k; empty where nothing is known
    first     slug or domain of the largest, and how many it holds; None where nothing is known
    """

    layer: Layer
    region: str | None
    subjects: int
    known: int
    index: float | None
    largest: Mapping[int, float]
    first: tuple[str, int] | None


@lru_cache(maxsize=8)
def concentrations(on: Dependence) -> Sequence[Concentration]:
    """Layer by layer, first the set as a whole, then its regions; worked out once a state of the data."""
    lives_in = [one.region for one in on.subjects]
    counts = Counter(lives_in)
    regions = sorted(on.regions.keys() | counts.keys()) if on.regions else []
    held = holders_by_layer(on)
    return [
        one
        for layer in Layer
        if layer in held
        for one in (
            _concentration(layer, None, len(lives_in), held[layer]),
            *(_concentration(layer, id, counts[id], some) for id, some in _by_region(held[layer], lives_in, regions)),
        )
    ]


def _by_region(held: Holders, lives_in: Sequence[str], regions: Sequence[str]) -> Iterator[tuple[str, Holders]]:
    found: dict[str, dict[str, list[int]]] = {id: defaultdict(list) for id in regions}
    for slug, subjects in held.items():
        for at in subjects:
            if lives_in[at] in found:
                found[lives_in[at]][slug].append(at)
    yield from found.items()


def _concentration(layer: Layer, region: str | None, subjects: int, held: Holders) -> Concentration:
    sizes = {slug: len(some) for slug, some in held.items()}
    shares = {k: share for k in LARGEST if (share := largest_share(sizes.values(), k)) is not None}
    first = min(sizes.items(), key=lambda one: (-one[1], one[0]), default=None)
    known = len(set().union(*held.values()))
    return Concentration(layer, region, subjects, known, herfindahl(sizes.values()), shares, first)
