"""Swing: what the counted stations gained on the former election, added to what the whole town did then.

(J. Curtice and D. Firth, *Exit polling in a cold climate*, JRSS A 2008.) Where the choice did not stand under its
name, its predecessor is the former choice that goes best with it over the counted stations.
"""

import numpy as np

from arobase.elections.rules.projection.answers import Estimate
from arobase.elections.rules.projection.night import Array
from arobase.elections.rules.projection.plain.pooling import weighted_mean
from arobase.elections.rules.projection.plain.sample import Sample

_LARGE = 0.05
_NOTHING = 1e-12


def swing(sample: Sample) -> Estimate:
    """The swing on the namesake, or on the likeliest predecessor; the weighted mean where there is none."""
    namesake, is_namesake = sample.covariates.matched((sample.name,))
    before = namesake[:, 0] if is_namesake[0] else _predecessor(sample)
    town = float(sample.voters @ before / max(float(sample.voters.sum()), 1.0))
    return weighted_mean(sample, sample.share - before[sample.rows], plus=town)


def _predecessor(sample: Sample) -> Array:
    """S: the former shares, among those of 5 % and more, that correlate most with the choice's."""
    covariates = sample.covariates
    large = np.flatnonzero(covariates.former_level > _LARGE)
    if not len(large):
        return np.zeros(len(sample.voters))
    inside = covariates.former_shares[np.ix_(sample.rows, large)]
    apart = inside - sample.weight @ inside
    own = sample.share - sample.weight @ sample.share
    along = (sample.weight * own) @ apart / np.sqrt(np.maximum(sample.weight @ apart**2, _NOTHING))
    return np.asarray(covariates.former_shares[:, large[int(along.argmax())]])
