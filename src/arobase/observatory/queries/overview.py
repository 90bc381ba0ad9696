"""How a set of subjects stands as a whole: what each failure alone would take, and how each layer is shared out."""

from collections import Counter
from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from functools import lru_cache

import numpy as np

from arobase.observatory.queries.dependence import Dependence, Origin
from arobase.observatory.queries.outages import flags_of, subjects_of
from arobase.observatory.rules.companies import Law, law_of, weakest
from arobase.observatory.rules.concentration import herfindahl, largest_share
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.rules.services import LAYERS, PLACE, SYSTEM, ZONE

WORST = 10
MOST_ASKED = 400  # of the nodes that most services name, how many are made to fail one by one
Holders = Mapping[str, Collection[int]]  # numbers of subjects, by slug or domain of who holds a layer for them


@dataclass(frozen=True, slots=True)
class Reach:
    """What one failure alone would take: a node, a provider's slug in all its layers, `owner:…` or `country:…`.

    inhabitants  of the subjects whose population is known, None where it is of none
    services     lost, by kind
    degraded     subjects whose site misses something
    redundant    subjects with a service that rests on it and stands all the same, since another is enough
    indirect     of those that lose something, subjects of which no lost service names it: it is needed through others
    declared     subjects known from their own address alone
    """

    failure: str
    name: str
    towns: int
    inhabitants: int | None
    services: Mapping[str, int]
    degraded: int
    redundant: int
    indirect: int
    declared: int
    law: Law


@dataclass(frozen=True)
class Share:
    """How a layer is shared out: subjects by provider and by law, and how concentrated; who has two counts twice."""

    layer: str
    known: int
    largest: Sequence[tuple[str, int]]
    by_law: Mapping[Law, int]
    index: float | None
    largest_three: float | None


@dataclass(frozen=True)
class Overview:
    """How a set stands as a whole.

    reaches  of the failures that are worth asking, the one that takes most inhabitants first, or most subjects where
             too many populations are unknown
    shares   by layer
    known    subjects of which at least one service is known
    """

    reaches: Sequence[Reach]
    shares: Mapping[str, Share]
    known: int

    @property
    def worst(self) -> Sequence[Reach]:
        """Those who could fail: where addresses are is told of few, and says who announces them, not who fails."""
        told = [one for one in self.reaches if kind_of(one.failure) not in {"place", "system"}]
        return told[:WORST]

    @property
    def providers(self) -> Sequence[Reach]:
        """Providers, in all their layers together."""
        return [one for one in self.reaches if ":" not in one.failure]


@lru_cache(maxsize=8)
def overview(on: Dependence) -> Overview:
    """How it stands; worked out once for each state of the data."""
    reaches = [found for failure in _worth_asking(on) if (found := _reach(failure, on)).towns or found.degraded]
    people = on.counts_people
    reaches.sort(key=lambda one: (-(one.inhabitants or 0) * people, -one.towns, -one.degraded, one.failure))
    shares = {layer: _share(layer, held, on) for layer, held in holders_by_layer(on).items()}
    return Overview(reaches, shares, len(np.unique(on.subject_of)))


def _worth_asking(on: Dependence) -> list[str]:
    """Groups of several nodes, or of the one that they are the only name of; and the nodes that most services name.

    A group of one node says the same as the node, an owner of one provider the same as the provider.
    """
    graph = on.graph
    uses = graph.uses()
    nodes = [name for name, _count in uses.most_common(MOST_ASKED) if not name.startswith(f"{ZONE}:")]
    groups = [one for one in graph.failures if one not in graph.number]
    plain = {one: frozenset(graph.failing([one]).tolist()) for one in groups}
    slugs = {members for one, members in plain.items() if ":" not in one}
    kept = [one for one in groups if not one.startswith("owner:") or (len(plain[one]) > 1 and plain[one] not in slugs)]
    alone = {next(iter(members)) for one, members in plain.items() if ":" not in one and len(members) == 1}
    return [*kept, *(one for one in nodes if graph.number[one] not in alone)]


def _reach(failure: str, on: Dependence) -> Reach:
    spread = on.graph.spread([failure])
    lost = flags_of(spread.services, on)
    subjects = np.flatnonzero(subjects_of(lost, on))
    declared = sum(on.origins[at] is Origin.DECLARED for at in spread.services.tolist())
    services = {kind: int((lost & flags).sum()) for kind, flags in on.of_kind.items()}
    missing = len(np.unique(on.subject_of[spread.degraded]))
    slug = on.graph.providers[int(on.graph.failing([failure])[0])].name.partition(":")[2]
    is_told = bool(on.is_peopled[subjects].any()) or not len(subjects)
    people = int(on.populations[subjects].sum()) if is_told else None
    law = _law(failure, on.catalogue) or on.catalogue.law(slug)
    spared = flags_of(on.graph.resting_on([failure]), on) & ~lost
    named = subjects_of(lost & flags_of(on.graph.naming([failure]), on), on)
    redundant, indirect = int(subjects_of(spared, on).sum()), len(subjects) - int(named.sum())
    return Reach(
        failure,
        on.name(failure),
        len(subjects),
        people,
        services,
        missing,
        redundant,
        indirect,
        declared,
        law,
    )


def _law(failure: str, catalogue: Catalogue) -> Law | None:
    """The law of a country or of a company that fails: whoever fails with it may obey another's first."""
    kind, _colon, what = failure.partition(":")
    if kind == "country":
        return law_of(what)
    return law_of(weakest(one.country for one in catalogue.chain(what))) if kind == "owner" else None


def holders_by_layer(on: Dependence) -> Mapping[str, Holders]:
    """By layer, who holds it: from the nodes that the services of each subject name, or tell the law of.

    An office suite that only its mailboxes or an account show is named by no service: no site misses it.
    """
    found: dict[str, dict[str, set[int]]] = {}
    for subject, (service, names) in zip(on.subject_of.tolist(), on.graph.direct(), strict=True):
        for name in names | service.laws.keys():
            layer, _colon, what = name.partition(":")
            if layer in LAYERS:
                found.setdefault(layer, {}).setdefault(what, set()).add(subject)
    return found


def _share(layer: str, held: Holders, on: Dependence) -> Share:
    by_law: dict[Law, set[int]] = {}
    for slug, subjects in held.items():
        for at in subjects:
            by_law.setdefault(on.law(on.subjects[at].id, f"{layer}:{slug}"), set()).add(at)
    sizes = Counter({slug: len(subjects) for slug, subjects in held.items()})
    return Share(
        layer,
        len(set().union(*held.values())),
        sizes.most_common(WORST),
        {law: len(subjects) for law, subjects in by_law.items()},
        herfindahl(sizes.values()),
        largest_share(sizes.values(), 3),
    )


def kind_of(failure: str) -> str:
    """What sort of thing fails: provider, layer, group, country, place, system."""
    head, colon, _what = failure.partition(":")
    if not colon:
        return "provider"
    sorts = {"owner": "group", "country": "country", PLACE: "place", SYSTEM: "system", "ca": "authority"}
    return sorts.get(head, "layer")
