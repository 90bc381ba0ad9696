"""A result beside an earlier one, like with like: the same stations, complete now and known then."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class Poll:
    """A poll in some stations: registered voters (« inscrits »), voters (« votants »), votes by name of the list."""

    registered: int
    voters: int
    votes: Mapping[str, int]

    @property
    def valid(self) -> int:
        """Valid votes (« suffrages exprimés »)."""
        return sum(self.votes.values())

    @property
    def turnout(self) -> float | None:
        return self.voters / self.registered if self.registered else None

    def share(self, name: str) -> float | None:
        """Of valid votes, from 0 to 1; None for who did not stand, or where nothing is valid."""
        return self.votes[name] / self.valid if name in self.votes and self.valid else None


@dataclass(frozen=True)
class Change:
    """A list or candidate then and now: votes (None where it did not stand), and shares of valid votes."""

    name: str
    before: int | None
    now: int | None
    share_before: float | None
    share_now: float | None

    @property
    def points(self) -> float | None:
        """Percentage points gained or, negative, lost; None where it stood only once."""
        if self.share_before is None or self.share_now is None:
            return None
        return 100 * (self.share_now - self.share_before)


@dataclass(frozen=True)
class Comparison:
    """Two polls in the same stations.

    stations   how many are compared
    changes    those that stand now, most votes first, then those gone that had votes, most first
    """

    stations: int
    before: Poll
    now: Poll
    changes: Sequence[Change]

    @property
    def standing(self) -> Sequence[Change]:
        """Who stands now."""
        return [one for one in self.changes if one.now is not None]

    @property
    def gone(self) -> Sequence[Change]:
        """Who stood then only."""
        return [one for one in self.changes if one.now is None]

    @property
    def is_of_the_same(self) -> bool:
        """Whether anybody stood both times."""
        return any(one.points is not None for one in self.changes)


def compare(stations: Iterable[tuple[Poll, Poll]]) -> Comparison | None:
    """Add up stations, each as it was then and is now; None where there are none."""
    pairs = list(stations)
    if not pairs:
        return None
    before, now = _sum(then for then, _ in pairs), _sum(now for _, now in pairs)
    standing = sorted(now.votes, key=lambda name: -now.votes[name])
    gone = sorted((name for name in before.votes if name not in now.votes), key=lambda name: -before.votes[name])
    names = [*standing, *(name for name in gone if before.votes[name])]
    changes = [
        Change(name, before.votes.get(name), now.votes.get(name), before.share(name), now.share(name)) for name in names
    ]
    return Comparison(len(pairs), before, now, changes)


def _sum(polls: Iterable[Poll]) -> Poll:
    registered = voters = 0
    votes: Counter[str] = Counter()
    for one in polls:
        registered, voters = registered + one.registered, voters + one.voters
        for name, number in one.votes.items():  # `update` would forget a list without votes
            votes[name] += number
    return Poll(registered, voters, dict(votes))
