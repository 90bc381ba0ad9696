"""What differs between two campaigns, counted while they are read: what someone looks at before one is shown."""

from collections import Counter
from collections.abc import Collection, Sequence
from dataclasses import dataclass, field
from typing import Any

from arobase.observatory.models import Campaign, Standing
from arobase.observatory.rules.change import Change

MOST_MOVES = 200
FIRST = 30  # subjects that are named


@dataclass
class Differences:
    """Changes by kind and holders, verdicts that fell silent by layer or criterion, and the first who differ."""

    moves: Counter[Change] = field(default_factory=Counter)
    changed: Counter[str] = field(default_factory=Counter)
    silent: Counter[str] = field(default_factory=Counter)
    first: list[dict[str, Any]] = field(default_factory=list)

    def add(self, standing: Standing, changes: Sequence[Change], silent: Collection[str]) -> None:
        """Count what differs of one subject."""
        self.moves.update(changes)
        self.changed.update(one.subject for one in changes)
        self.silent.update(silent)
        if (changes or silent) and len(self.first) < FIRST:
            told = [[one.kind, one.subject, one.before, one.after] for one in changes]
            named = {"subject": standing.subject, "name": standing.name, "territory": standing.territory_id}
            self.first.append({**named, "changes": told, "silent": list(silent)})

    def figures(self, since: Campaign) -> dict[str, Any]:
        """As JSON; `since` is the campaign that is compared with."""
        moves = self.moves.most_common(MOST_MOVES)
        return {
            "since": since.pk,
            "changed": dict(self.changed.most_common()),
            "silent": dict(self.silent.most_common()),
            "moves": [[one.kind, one.subject, one.before, one.after, n] for one, n in moves],
            "first": self.first,
        }
