"""What differs between the rows that are kept and those that a source gives."""

from collections.abc import Hashable, Mapping
from dataclasses import dataclass, field
from typing import Generic, TypeVar

K = TypeVar("K", bound=Hashable)


@dataclass(frozen=True)
class Difference(Generic[K]):
    """Keys to add, to change and to remove, each in the order of its source."""

    added: list[K] = field(default_factory=list)
    changed: list[K] = field(default_factory=list)
    removed: list[K] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        return {"added": len(self.added), "changed": len(self.changed), "removed": len(self.removed)}


def difference(before: Mapping[K, object], after: Mapping[K, object]) -> Difference[K]:
    """What must be done to `before` so that it equals `after`.

    >>> difference({1: "a", 2: "b"}, {2: "B", 3: "c"}).counts
    {'added': 1, 'changed': 1, 'removed': 1}
    """
    return Difference(
        added=[key for key in after if key not in before],
        changed=[key for key, value in after.items() if key in before and before[key] != value],
        removed=[key for key in before if key not in after],
    )
