"""How much rests on how few."""

from collections.abc import Collection


def herfindahl(sizes: Collection[float]) -> float | None:
    """Herfindahl-Hirschman index of sizes: the sum of squared shares, 1 where one has all; None of nothing.

    The index of the Commission's guidelines on horizontal mergers (2004/C 31/03, point 16), there times 10,000.

    >>> herfindahl([50, 50])
    0.5
    """
    total = sum(sizes)
    return sum((size / total) ** 2 for size in sizes) if total else None


def largest_share(sizes: Collection[float], k: int) -> float | None:
    """Share of the k largest; None of nothing.

    >>> largest_share([6, 3, 1], 2)
    0.9
    """
    total = sum(sizes)
    return sum(sorted(sizes, reverse=True)[:k]) / total if total else None
