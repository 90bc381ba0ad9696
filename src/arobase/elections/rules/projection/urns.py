"""Bags as samples of their station's urn: how much more they vary than draws without replacement.

A bag of m ballots out of N is a sample without replacement (W. Cochran, *Sampling Techniques*, 3rd ed. 1977, chapter
3): the share counted has variance φ p (1 − p) (1/m − 1/N) around the share of the whole urn. φ is 1 for a perfect
shuffle; ballots folded or stacked together make it larger. The bags of one station tell it: Pearson's statistic
between them has the mean φ × its degrees of freedom, whatever the station's own shares are.
"""

import numpy as np

from arobase.elections.rules.projection.night import Array, Integers, Mask, Night

LEAST = 1.0
_RARE = 0.03  # choices below this share of the ballots are taken together, so that no cell is nearly empty


def spread_between_bags(night: Night) -> tuple[float, int]:
    """Pearson's statistic between the bags of each station, blank and null ballots being one more choice.

    Returns   (statistic, degrees of freedom); (0, 0) where no station has two bags with ballots.
    """
    counted = night.counted
    total = counted.votes.sum(axis=0)
    rare = total < _RARE * max(int(counted.ballots.sum()), 1)
    statistic, freedom = 0.0, 0
    for station in night.stations:
        rows = [bag for bag in station.bags if bag.ballots > 0]
        if len(rows) > 1:
            one, df = _pearson(np.array([_cells(np.array(bag.votes), bag.ballots, rare) for bag in rows]))
            statistic, freedom = statistic + one, freedom + df
    return statistic, freedom


def _cells(votes: Integers, ballots: int, rare: Mask) -> Array:
    common = votes[~rare]
    return np.append(common, ballots - common.sum()).astype(float)


def _pearson(table: Array) -> tuple[float, int]:
    """Pearson's chi-squared of a table bags × cells; the factor (N − 1)/N of small urns is left out (below 1 %)."""
    table = table[:, table.sum(axis=0) > 0]
    expected = table.sum(axis=1, keepdims=True) * table.sum(axis=0) / table.sum()
    return float(((table - expected) ** 2 / expected).sum()), (len(table) - 1) * (table.shape[1] - 1)


def overdispersion(statistic: float, freedom: int, *, prior: float, weight: float) -> float:
    """φ as the mean of its posterior: a scaled inverse chi-squared prior, met with Pearson's statistic.

    prior, weight   what φ is before any bag is open, and how many degrees of freedom that is worth

    >>> overdispersion(0.0, 0, prior=1.3, weight=20.0)
    1.3
    """
    return max(LEAST, (weight * prior + statistic) / (weight + freedom))
