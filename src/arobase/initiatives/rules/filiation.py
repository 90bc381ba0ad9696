"""Who inspired whom: the graph of reuse around an initiative, laid out in generations."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from graphlib import TopologicalSorter

Link = tuple[int, int]  # from the inspiring initiative to the one that followed


class Circle(ValueError):
    """An initiative cannot be inspired by what it inspired."""

    def __init__(self, source: int, follower: int) -> None:
        super().__init__(f"{source} descends from {follower}.")
        self.source, self.follower = source, follower


def check(links: Iterable[Link], *, source: int, follower: int) -> None:
    """Raises Circle when a link from `source` to `follower` would lead back to where it began.

    >>> check([(1, 2)], source=1, follower=3)
    """
    if source == follower or source in reach(links, {follower}):
        raise Circle(source, follower)


def reach(links: Iterable[Link], start: Iterable[int]) -> set[int]:
    """All that can be reached from some initiatives by following the links, themselves left out."""
    onward: defaultdict[int, list[int]] = defaultdict(list)
    for tail, head in links:
        onward[tail].append(head)
    begun = set(start)
    found: set[int] = set()
    waiting = deque(begun)
    while waiting:
        for following in onward[waiting.popleft()]:
            if following not in found and following not in begun:
                found.add(following)
                waiting.append(following)
    return found


@dataclass(frozen=True, slots=True)
class Spot:
    """Where an initiative is drawn: generation (0 is the earliest) from left to right, rank from top to bottom."""

    id: int
    generation: int
    rank: int


def family(links: Iterable[Link], of: int) -> tuple[list[Link], list[Spot]]:
    """The ancestors and descendants of an initiative with the links between them, laid out.

    A generation is the longest path from an ancestor without ancestors (layering of K. Sugiyama et al. 1981); within
    one, the earlier number stands higher. Raises graphlib.CycleError on links that `check` would have refused.
    """
    known = list(links)
    members = reach(known, {of}) | reach([(head, tail) for tail, head in known], {of}) | {of}
    kept = sorted({link for link in known if link[0] in members and link[1] in members})
    before: dict[int, set[int]] = {id: set() for id in members}
    for tail, head in kept:
        before[head].add(tail)
    depth: dict[int, int] = {}
    for id in TopologicalSorter(before).static_order():
        depth[id] = max((depth[one] + 1 for one in before[id]), default=0)
    ranks: defaultdict[int, int] = defaultdict(int)
    spots = []
    for id in sorted(members):
        spots.append(Spot(id, depth[id], ranks[depth[id]]))
        ranks[depth[id]] += 1
    return kept, spots
