"""All ballots in one heap, or one share a station weighted by its voters (Cochran 1977, chapters 3 and 9)."""

import math

import numpy as np

from arobase.elections.rules.projection.answers import Estimate
from arobase.elections.rules.projection.night import Array
from arobase.elections.rules.projection.plain.sample import Sample, student


def raw(sample: Sample) -> Estimate:
    """The share among all ballots counted, as if they were one random sample."""
    total = float(sample.valid.sum())
    share = float(sample.votes.sum()) / total
    return student(share, math.sqrt(share * (1 - share) / total), math.inf)


def weighted(sample: Sample) -> Estimate:
    """The mean of station shares weighted by voters, stations being a random sample of a finite population."""
    return weighted_mean(sample, sample.share)


def weighted_mean(sample: Sample, values: Array, *, plus: float = 0.0) -> Estimate:
    """Weighted mean of the stations' values, with the error of a ratio to size and n − 1 degrees of freedom."""
    number = len(values)
    mean = float(sample.weight @ values)
    squares = float((sample.weight**2 * (values - mean) ** 2).sum()) * number / max(number - 1, 1)
    return student(mean + plus, float(np.sqrt(squares * (1 - sample.covered))), number - 1)
