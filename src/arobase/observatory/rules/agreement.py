"""How often verdicts agree with others', and how sure that figure is."""

from collections import Counter
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from math import sqrt

Z95 = 1.959964
ENOUGH = 100


@dataclass(frozen=True)
class Rate:
    """So many of so many."""

    agreed: int
    n: int

    @property
    def share(self) -> float:
        return self.agreed / self.n if self.n else 0.0

    @property
    def is_figure(self) -> bool:
        """Whether enough was seen to print a figure instead of a word."""
        return self.n >= ENOUGH

    @property
    def interval(self) -> tuple[float, float]:
        """Wilson's 95 % score interval (Wilson 1927, doi 10.1080/01621459.1927.10502953).

        >>> [round(bound, 3) for bound in Rate(81, 263).interval]
        [0.255, 0.366]
        """
        if not self.n:
            return 0.0, 1.0
        share, square = self.share, Z95**2
        middle = share + square / (2 * self.n)
        half = Z95 * sqrt(share * (1 - share) / self.n + square / (4 * self.n**2))
        low, high = ((middle + side) / (1 + square / self.n) for side in (-half, half))
        return max(0.0, low), min(1.0, high)


def rate(pairs: Mapping[tuple[str, str], int]) -> Rate:
    """Agreement of a confusion table {(theirs, ours): n}."""
    return Rate(sum(n for (theirs, ours), n in pairs.items() if theirs == ours), sum(pairs.values()))


def confusion(pairs: Iterable[tuple[str, str]]) -> Counter[tuple[str, str]]:
    """The confusion table of (theirs, ours)."""
    return Counter(pairs)
