"""Ridge regression of station shares on how the stations voted before and on their size, weighted by voters.

Four principal components of the former shares and the log of voters, standardised (A. Hoerl and R. Kennard,
*Technometrics* 1970; J. Pavía-Miralles, *Forecasts from Nonrandom Samples: The Election Night Case*, JASA 2005, for
the idea of correcting by covariates).
"""

from dataclasses import dataclass

import numpy as np

from arobase.elections.rules.projection.answers import Estimate
from arobase.elections.rules.projection.night import Array
from arobase.elections.rules.projection.plain.sample import Sample, student

COMPONENTS = 4
PENALTY = 10.0  # of standardised coefficients: the one of 1, 3, 10, 30 that scores best on the stable towns
PRIOR_SD, PRIOR_FREEDOM = 0.045, 6.0
_LEAST_FREEDOM = 0.5


@dataclass(frozen=True)
class _Ridge:
    share: float
    leverage: float
    noise: float
    squares: float
    freedom: float


def ridge(sample: Sample) -> Estimate:
    """The regression's own residual variance, and Student with what freedom is left."""
    found = _fitted(sample)
    variance = found.squares / found.freedom
    return student(found.share, float(np.sqrt(variance * found.leverage + found.noise)), found.freedom)


def shrunk(sample: Sample) -> Estimate:
    """The same with its residual variance drawn towards 4.5 points squared, worth six degrees of freedom."""
    found = _fitted(sample)
    freedom = found.freedom + PRIOR_FREEDOM
    variance = (found.squares + PRIOR_FREEDOM * PRIOR_SD**2) / freedom
    return student(found.share, float(np.sqrt(variance * found.leverage + found.noise)), freedom)


def _fitted(sample: Sample) -> _Ridge:
    covariates = sample.covariates
    features = _standardised(np.column_stack([covariates.composition[:, :COMPONENTS], covariates.size]), sample.voters)
    design = np.column_stack([np.ones(len(features)), features])
    inside, rows = design[sample.rows], sample.rows
    weights = sample.weight * len(rows)
    penalty = np.diag([0.0, *[PENALTY] * features.shape[1]])
    inverse = np.linalg.inv(inside.T @ (weights[:, None] * inside) + penalty)
    slopes = inverse @ (inside.T @ (weights * sample.share))
    hat = inside @ inverse @ (inside.T * weights)
    outside = np.ones(len(design), dtype=bool)
    outside[rows] = False
    town = sample.voters / sample.voters.sum()
    reach = town[outside] @ design[outside]
    pooled = float(sample.votes.sum() / sample.valid.sum())
    left = np.maximum(1.0 / sample.valid - 1.0 / np.maximum(sample.voters[rows], sample.valid), 0.0)
    return _Ridge(
        share=float(reach @ slopes + town[rows] @ sample.share),
        leverage=float(reach @ inverse @ reach + (town[outside] ** 2).sum()),
        noise=float(pooled * (1 - pooled) * (town[rows] ** 2 @ left)),
        squares=float(weights @ (sample.share - inside @ slopes) ** 2),
        freedom=max(len(rows) - float(np.trace(hat)), _LEAST_FREEDOM),
    )


def _standardised(values: Array, voters: Array) -> Array:
    """Columns with mean 0 and standard deviation 1 over the town, weighted by voters; constant columns are 0."""
    weights = voters / voters.sum()
    apart = values - weights @ values
    size = np.sqrt(weights @ apart**2)
    return np.asarray(apart / np.where(size > 0, size, 1.0))
