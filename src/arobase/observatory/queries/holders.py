"""Who depends on whom, turned round: the services that each provider holds, layer by layer."""

from collections.abc import Mapping, Sequence
from functools import lru_cache

from arobase.observatory.queries.dependence import Dependence
from arobase.observatory.rules.services import LAYERS

Holders = Mapping[str, Mapping[str, Sequence[int]]]


@lru_cache(maxsize=8)
def holders(on: Dependence) -> Holders:
    """By provider and layer, numbers of the services that name it themselves; those that most depend on first.

    Worked out once for each state of the data. Subjects stand by inhabitants, the largest first.
    """
    found: dict[str, dict[str, list[int]]] = {}
    for at, (_service, names) in enumerate(on.graph.direct()):
        for name in sorted(names):
            layer, _colon, slug = name.partition(":")
            if layer in LAYERS:
                found.setdefault(slug, {}).setdefault(layer, []).append(at)
    people, subject_of = on.populations, on.subject_of
    for layers in found.values():
        for numbers in layers.values():
            numbers.sort(key=lambda at: (-int(people[subject_of[at]]), int(subject_of[at]), at))
    order = sorted(found, key=lambda slug: (-sum(map(len, found[slug].values())), slug))
    return {slug: {layer: found[slug][layer] for layer in sorted(found[slug])} for slug in order}
