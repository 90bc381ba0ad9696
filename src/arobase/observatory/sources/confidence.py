"""How sure a verdict is: what was measured for its basis."""

from dataclasses import dataclass
from enum import StrEnum
from functools import cache
from importlib.resources import files

import yaml

from arobase.observatory.rules.agreement import Rate
from arobase.observatory.rules.mail import Basis


class Against(StrEnum):
    """What verdicts were held against."""

    SIGNALS = "signals"
    PEERS = "peers"
    DEFINITION = "definition"


@dataclass(frozen=True)
class Confidence:
    """How often verdicts of a basis were right."""

    rate: Rate
    against: Against

    @property
    def share(self) -> float:
        """Between 0 and 1, to two decimals; 1 by definition."""
        return 1.0 if self.against is Against.DEFINITION else round(self.rate.share, 2)


@cache
def table() -> dict[Basis, Confidence]:
    """What this release measured, by basis; a basis that says nothing has none."""
    told = yaml.safe_load((files("arobase.observatory") / "confidence.yaml").read_text(encoding="utf-8"))
    return {
        Basis(basis): Confidence(Rate(row.get("agreed", 0), row.get("n", 0)), Against(row["against"]))
        for basis, row in told.items()
    }


def share(basis: Basis) -> float:
    """Confidence in a verdict of this basis, 0 where it says nothing."""
    found = table().get(basis)
    return found.share if found else 0.0
