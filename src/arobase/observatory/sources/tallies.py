"""What is counted over all subjects of a campaign, as it is shown over time."""

from collections import Counter, defaultdict
from statistics import median
from typing import Any

from arobase.observatory.models import Standing
from arobase.observatory.rules.concentration import herfindahl

LARGEST = 40  # providers of a layer that are kept by name


class Tally:
    """Counts standings one by one."""

    def __init__(self) -> None:
        self.subjects = 0
        self._states: dict[str, Counter[str]] = defaultdict(Counter)
        self._laws: dict[str, Counter[str]] = defaultdict(Counter)
        self._providers: dict[str, Counter[str]] = defaultdict(Counter)
        self._criteria: dict[str, Counter[str]] = defaultdict(Counter)
        self._levels = Counter[str]()
        self._indices: list[float] = []

    def add(self, one: Standing) -> None:
        """Count a subject."""
        self.subjects += 1
        for layer, verdict in one.profile["layers"].items():
            self._states[layer][verdict["state"]] += 1
            held = {holder["provider"]: holder["law"] for holder in verdict["held"]}
            self._providers[layer].update(held.keys())
            self._laws[layer].update(set(held.values()))
        for finding in one.criteria["findings"]:
            self._criteria[finding["criterion"]][finding["met"]] += 1
        self._levels.update(level for level, met in one.criteria["levels"].items() if met == "met")
        if one.index is not None:
            self._indices.append(one.index)

    def figures(self) -> dict[str, Any]:
        """Counted so far; see Campaign.figures."""
        return {
            "n": self.subjects,
            "layers": {layer: self._layer(layer, states) for layer, states in sorted(self._states.items())},
            "criteria": {code: dict(counted) for code, counted in sorted(self._criteria.items())},
            "levels": dict(self._levels),
            "index": {"known": len(self._indices), "median": median(self._indices) if self._indices else None},
        }

    def _layer(self, layer: str, states: Counter[str]) -> dict[str, Any]:
        return {
            "known": states["found"],
            "none": states["none"],
            "unknown": self.subjects - states["found"] - states["none"],
            "laws": dict(self._laws[layer]),
            "providers": dict(self._providers[layer].most_common(LARGEST)),
            "hhi": herfindahl(self._providers[layer].values()),
        }
