"""The chances of the whole night: many possible ends that agree with what is counted, and how often each thing happens.

Each choice's share follows its own posterior; choices go together as the counted stations and the shares themselves
say (a normal copula: R. Nelsen, *An Introduction to Copulas*, 2006, chapter 2). An end is what is counted plus what
may still come, so that no draw contradicts a counted vote.
"""

from collections import Counter
from dataclasses import dataclass

import numpy as np

from arobase.elections.rules.projection.answers import Order
from arobase.elections.rules.projection.night import Array

DRAWS = 2000
_SEED = 20140525  # any number: the same counts give the same chances
_OWN_WEIGHT = 10.0  # stations that the theoretical correlation is worth
_PLACES = 3
_MOST_ORDERS = 6
_LEAST_VARIANCE = 1e-12


@dataclass(frozen=True)
class Chances:
    """Probabilities by choice (K each), the likeliest orders, and that of a majority."""

    first: Array
    first_two: Array
    majority: Array
    tenth: Array
    twentieth: Array
    orders: tuple[Order, ...]

    @property
    def any_majority(self) -> float:
        """That some choice has more than half of the valid votes: there cannot be two."""
        return float(min(self.majority.sum(), 1.0))


def possible_ends(quantiles: Array, scores: Array, *, correlation: Array, votes: Array, left: float) -> Array:
    """Draws × K shares of valid votes at the end of the night.

    quantiles     Q × K, shares
    scores        Q, the normal scores of the quantiles, rising
    correlation   K × K
    votes, left   K votes counted; valid votes that are to come (may be 0)
    """
    choices = quantiles.shape[1]
    normal = np.random.default_rng(_SEED).standard_normal((DRAWS, choices)) @ _root(correlation).T
    shares = np.column_stack([np.interp(normal[:, k], scores, quantiles[:, k]) for k in range(choices)])
    return with_what_is_counted(shares, votes=votes, left=left)


def with_what_is_counted(shares: Array, *, votes: Array, left: float) -> Array:
    """Shares (… × K) moved as little as it takes to add up to 1 and to give nobody fewer votes than counted."""
    total = float(votes.sum()) + left
    coming = np.maximum(shares * total - votes, 0.0)
    sums = coming.sum(axis=-1, keepdims=True)
    even = np.broadcast_to(1.0 / shares.shape[-1], coming.shape)
    coming = np.where(sums > 0, coming / np.where(sums > 0, sums, 1.0), even)
    return np.asarray((votes + left * coming) / total)


def correlation_between(shares: Array, centre: Array) -> Array:
    """K × K correlation of choices: that of draws from the same urn, drawn towards that of the counted stations.

    shares   n × K, counted; centre K
    """
    spread = np.sqrt(centre * (1.0 - centre))
    urn = (np.diag(centre) - np.outer(centre, centre)) / np.outer(spread, spread)
    apart = (shares - centre) / spread
    size = np.sqrt(np.maximum((apart**2).mean(axis=0), _LEAST_VARIANCE))
    apart = apart / size
    found = (_OWN_WEIGHT * urn + apart.T @ apart) / (_OWN_WEIGHT + len(shares))
    scale = np.sqrt(np.diag(found))
    return np.asarray(found / np.outer(scale, scale))


def chances_of(ends: Array) -> Chances:
    """How often each thing happens among possible ends (draws × K); those who are level share a place."""
    order = np.argsort(-ends, axis=1, kind="stable")
    places = min(_PLACES, ends.shape[1])
    counts = Counter(map(tuple, order[:, :places].tolist()))
    return Chances(
        first=_places(ends, 1),
        first_two=_places(ends, 2),
        majority=(ends > 1.0 / 2.0).mean(axis=0),
        tenth=(ends >= 1.0 / 10.0).mean(axis=0),
        twentieth=(ends >= 1.0 / 20.0).mean(axis=0),
        orders=tuple(Order(choices=one, p=number / len(ends)) for one, number in counts.most_common(_MOST_ORDERS)),
    )


def _places(ends: Array, number: int) -> Array:
    """Probability of being among the first `number`."""
    if ends.shape[1] <= number:
        return np.ones(ends.shape[1])
    edge = np.partition(ends, -number, axis=1)[:, -number][:, None]
    above, level = ends > edge, ends == edge
    room = number - above.sum(axis=1, keepdims=True)
    return np.asarray((above + level * room / level.sum(axis=1, keepdims=True)).mean(axis=0))


def final_chances(votes: tuple[int, ...]) -> Chances:
    """The chances of a result: 0 or 1 by whole numbers; those who tie share a place."""
    valid, row = sum(votes), np.array([votes], dtype=float)
    order = tuple(sorted(range(len(votes)), key=lambda one: -votes[one])[:_PLACES])
    return Chances(
        first=_places(row, 1),
        first_two=_places(row, 2),
        majority=np.array([float(2 * one > valid) for one in votes]),
        tenth=np.array([float(10 * one >= valid) for one in votes]),
        twentieth=np.array([float(20 * one >= valid) for one in votes]),
        orders=(Order(choices=order, p=1.0),),
    )


def _root(correlation: Array) -> Array:
    """A square root of a correlation matrix that may be singular."""
    sizes, axes = np.linalg.eigh(correlation)
    return np.asarray(axes * np.sqrt(np.maximum(sizes, 0.0)))
