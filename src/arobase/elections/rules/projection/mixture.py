"""Mixtures of normal distributions: their quantiles and how probable it is to lie below a value."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtr

from arobase.elections.rules.projection.night import Array

MOST = 120  # heaviest parts kept for each mixture
_HALVINGS = 20
_REACH = 9.0  # standard deviations within which all quantiles lie
_LEAST_SD = 1e-9


@dataclass(frozen=True)
class Mixture:
    """K mixtures of T normal distributions.

    weight, mean, sd   T × K; weights of a column sum to 1
    """

    weight: Array
    mean: Array
    sd: Array

    @classmethod
    def of(cls, log_weight: Array, mean: Array, sd: Array) -> "Mixture":
        """The heaviest parts, their weights adding up to 1; arguments T × K."""
        most = min(MOST, len(log_weight))
        best = np.argpartition(-log_weight, most - 1, axis=0)[:most]
        chosen = np.take_along_axis(log_weight, best, axis=0)
        weight = np.exp(chosen - chosen.max(axis=0))
        return cls(
            weight=weight / weight.sum(axis=0),
            mean=np.take_along_axis(mean, best, axis=0),
            sd=np.maximum(np.take_along_axis(sd, best, axis=0), _LEAST_SD),
        )

    @property
    def centre(self) -> Array:
        """K means."""
        return np.asarray((self.weight * self.mean).sum(axis=0))

    def below(self, values: Array) -> Array:
        """Probability that each mixture lies below each of its values, Q × K."""
        standard = (values[:, None, :] - self.mean[None]) / self.sd[None]
        return np.asarray((self.weight[None] * ndtr(standard)).sum(axis=1))

    def quantiles(self, probabilities: Array) -> Array:
        """Q × K: the values below which the mixtures lie with the Q probabilities, by bisection."""
        shape = (len(probabilities), self.mean.shape[1])
        low = np.broadcast_to((self.mean - _REACH * self.sd).min(axis=0), shape)
        high = np.broadcast_to((self.mean + _REACH * self.sd).max(axis=0), shape)
        for _halving in range(_HALVINGS):
            middle = (low + high) / 2.0
            under = self.below(middle) < probabilities[:, None]
            low, high = np.where(under, middle, low), np.where(under, high, middle)
        return np.asarray((low + high) / 2.0)
