"""What every plain estimator starts from: the counted stations' shares of one choice; and Student's interval."""

from dataclasses import dataclass

import numpy as np
from scipy.special import ndtri, stdtrit

from arobase.elections.rules.projection.answers import LEVELS, Estimate
from arobase.elections.rules.projection.covariates import Covariates, covariates_of
from arobase.elections.rules.projection.night import Array, Integers, Night
from arobase.elections.rules.projection.shares import expected_voters

_ENOUGH = 1e6  # degrees of freedom from which Student is normal
_LEAST_FREEDOM = 0.5


@dataclass(frozen=True)
class Sample:
    """Counted stations and one choice's votes in them.

    name                what the choice is called
    rows, votes, valid  n
    voters              S, known or expected
    covariates          of the S stations
    """

    name: str
    rows: Integers
    votes: Array
    valid: Array
    voters: Array
    covariates: Covariates

    @property
    def share(self) -> Array:
        """n: shares of valid votes."""
        return self.votes / self.valid

    @property
    def weight(self) -> Array:
        """n: voters of the counted stations, as shares of their sum."""
        inside = self.voters[self.rows]
        return np.asarray(inside / inside.sum())

    @property
    def covered(self) -> float:
        """Share of the town's voters who vote in the counted stations."""
        return float(self.voters[self.rows].sum() / self.voters.sum())


def samples_of(night: Night) -> tuple[Sample, ...]:
    """The sample of each choice."""
    counted = night.counted
    rows = np.flatnonzero(counted.valid > 0)
    voters = expected_voters(night, None)
    covariates = covariates_of(night, voters=voters)
    return tuple(
        Sample(
            name=name,
            rows=rows,
            votes=counted.votes[rows, choice].astype(float),
            valid=counted.valid[rows].astype(float),
            voters=voters,
            covariates=covariates,
        )
        for choice, name in enumerate(night.choices)
    )


def student(share: float, error: float, freedom: float) -> Estimate:
    """Intervals of Student around a share; normal ones from many degrees of freedom on."""
    halves = {level: _quantile((1 + level / 100) / 2, freedom) * error for level in LEVELS}
    return Estimate(share=share, intervals={level: (share - half, share + half) for level, half in halves.items()})


def _quantile(probability: float, freedom: float) -> float:
    return float(ndtri(probability) if freedom > _ENOUGH else stdtrit(max(freedom, _LEAST_FREEDOM), probability))
