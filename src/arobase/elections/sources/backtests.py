"""What a back-test reads and what it adds up: pairs of polls from the mirror, marks by row and estimator."""

from collections.abc import Sequence
from pathlib import Path
from typing import Any

from arobase.elections.rules.projection.backtesting import Pair, Trial
from arobase.elections.rules.projection.scores import Mark, Reliabilities, marks_of
from arobase.elections.rules.projection.trials import Reporting
from arobase.elections.sources.polls import FORMER, POLLS, town_polls

PEER = "elex-model"
Key = tuple[float, Reporting, float]


def pairs_of(folder: Path, towns: Sequence[str]) -> list[Pair]:
    """Each poll that has a former one, in each of the towns. Raises NoPolls."""
    polls = {poll: town_polls(folder, poll, towns=towns) for poll in POLLS}
    return [
        Pair(poll=polls[poll][code], former=polls[former][code]) for code in towns for poll, former in FORMER.items()
    ]


class Tally:
    """Marks by overdispersion, order and share of stations, in the order in which they come."""

    def __init__(self) -> None:
        self._marks: dict[Key, dict[str, list[Mark | None]]] = {}
        self._foretold = Reliabilities()

    def add(self, trial: Trial) -> None:
        """Keep the marks of a trial."""
        for name, mark in trial.marks.items():
            self._of(trial).setdefault(name, []).append(mark)
        for one in trial.foretold:
            self._foretold.add(one)

    def add_peer(self, trial: Trial, mark: Mark | None) -> None:
        """Keep what the peer said of it; None where it refused."""
        self._of(trial).setdefault(PEER, []).append(mark)

    def _of(self, trial: Trial) -> dict[str, list[Mark | None]]:
        return self._marks.setdefault((trial.spread, trial.row.reporting, trial.row.share), {})

    def rows(self) -> list[dict[str, Any]]:
        """One row for each key, sorted, with the figures of each estimator."""
        return [
            {
                "overdispersion": spread,
                "reporting": reporting.value,
                "share": share,
                "nights": len(found["product"]),
                "estimators": {name: _figures(marks) for name, marks in found.items()},
            }
            for (spread, reporting, share), found in sorted(self._marks.items())
        ]

    def chances(self) -> list[dict[str, Any]]:
        """By event and class, chances that were told beside how often they came true, in per cent."""
        return [
            {
                "event": one.event.value,
                "from": round(100 * one.low),
                "to": round(100 * one.high),
                "n": one.n,
                "told": round(100 * one.told, 1),
                "true": round(100 * one.true, 1),
            }
            for one in self._foretold.classes()
        ]


def _figures(marks: list[Mark | None]) -> dict[str, Any]:
    found = marks_of(marks)
    if found is None:
        return {"asked": len(marks), "answered": 0}
    return {
        "asked": found.asked,
        "answered": found.answered,
        "error": round(found.error, 3),
        "coverage": {str(level): round(share, 1) for level, share in found.coverage.items()},
        "width": round(found.width, 3),
        "score": round(found.score, 3),
    }
