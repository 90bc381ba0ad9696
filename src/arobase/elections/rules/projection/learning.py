"""Priors learnt from whole past polls: how widely stations spread, which model fits, how far intervals are stretched.

Weights of the grid are the mixing distribution of largest likelihood, by some steps of the EM algorithm from equal
weights (N. Laird, *Nonparametric Maximum Likelihood Estimation of a Mixing Distribution*, JASA 1978): few steps, so
that no weight dies out. The stretch is split conformal prediction (V. Vovk, A. Gammerman and G. Shafer, *Algorithmic
Learning in a Random World*, 2005), with a factor for each band of stations heard.
"""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from arobase.elections.rules.projection.answers import LEVELS
from arobase.elections.rules.projection.evidence import evidence_of
from arobase.elections.rules.projection.night import Array, Night
from arobase.elections.rules.projection.priors import PLACES, VARIANTS, Kind, Priors, Spreads
from arobase.elections.rules.projection.shares import Weighed, weigh_shares, weigh_turnout, without_former

STEPS = 30
LARGE = 0.15  # choices below this share teach nothing: the leader is not among them
_FIRST_PREDECESSOR = 3
_FEWEST = 20  # polls × choices of a kind, below which its neighbour's weights are taken; trials of a band, likewise
_TAILS = np.array([(1.0 - level / 100.0) / 2.0 for level in LEVELS])
_ENDS = np.concatenate([_TAILS, [0.5], 1.0 - _TAILS])
_THIN = 1e-9  # half-width below which an interval has none
Likelihoods = Mapping[Kind, NDArray[np.float32]]


def likelihoods_of(night: Night, *, priors: Priors) -> Likelihoods:
    """Log likelihoods (T × choices) of a fully counted night under every model, by kind."""
    spreads = priors.spreads
    voters = night.counted.voters.astype(float)
    found = weigh_shares(night, voters=voters, priors=priors)
    bare = evidence_of(without_former(found.asked), found.covariates, spreads=spreads)
    large = found.asked.centre > LARGE
    columns: dict[Kind, Array] = {Kind.BARE: bare.log_likelihood[:, large]}
    for kind in (Kind.NAMESAKE, Kind.STRANGER):
        mine = large & np.array([one is kind for one in found.kinds])
        columns[kind] = found.evidence.log_likelihood[:, mine]
    turnout = weigh_turnout(night, spreads=spreads)
    if turnout is not None:
        columns[turnout.kinds[0]] = turnout.evidence.log_likelihood
        without = evidence_of(without_former(turnout.asked), turnout.covariates, spreads=spreads, shares=False)
        columns[Kind.TURNOUT_BARE] = without.log_likelihood
    return {kind: np.asarray(found - found.max(axis=0), dtype=np.float32) for kind, found in columns.items()}


def learnt_weights(nights: Iterable[Likelihoods], *, spreads: Spreads) -> Mapping[Kind, Array]:
    """The weights of the grid by kind."""
    gathered: dict[Kind, list[NDArray[np.float32]]] = {kind: [] for kind in Kind}
    for night in nights:
        for kind, columns in night.items():
            gathered[kind].append(columns)
    found = {kind: _mixed(columns, spreads) for kind, columns in gathered.items()}
    even = np.full(spreads.shape, 1.0 / np.prod(spreads.shape))
    stranger = found[Kind.STRANGER]
    instead = even if stranger is None else stranger
    return {kind: instead if one is None else one for kind, one in found.items()}


def _mixed(columns: Sequence[NDArray[np.float32]], spreads: Spreads) -> Array | None:
    if sum(one.shape[1] for one in columns) < _FEWEST:
        return None
    likelihood = np.exp(np.concatenate(columns, axis=1))
    weights = np.full(len(likelihood), 1.0 / len(likelihood))
    for _step in range(STEPS):
        odds = 1.0 / (weights @ likelihood)
        weights = _evened(weights * (likelihood @ odds) / likelihood.shape[1])
    return weights.reshape(spreads.shape)


def _evened(weights: Array) -> Array:
    """Predecessors are alike: which one fits is a matter of each night."""
    shaped = weights.reshape(VARIANTS, -1).copy()
    shaped[_FIRST_PREDECESSOR:] = shaped[_FIRST_PREDECESSOR:].mean(axis=0)
    return np.asarray(shaped.ravel())


@dataclass(frozen=True, slots=True)
class Residual:
    """A trial projection of the final leader, before any stretch.

    ratios   by LEVELS, how many half-widths of the interval its final share lies from the middle
    band     which factor it teaches
    """

    ratios: tuple[float, ...]
    band: int


def residual_of(found: Weighed, *, priors: Priors, choice: int, truth: float) -> Residual:
    """How far off a trial projection under priors is for a choice whose final share was `truth`."""
    one = Weighed(found.evidence.only(choice), found.asked, (found.kinds[choice],), found.covariates)
    ends = one.posterior(priors).quantiles(_ENDS)[:, 0]
    low, middle, high = ends[: len(LEVELS)], ends[len(LEVELS)], ends[len(LEVELS) + 1 :]
    half = high - middle if truth > middle else middle - low
    return Residual(tuple((np.abs(truth - middle) / np.maximum(half, _THIN)).tolist()), found.band)


def learnt_stretch(residuals: Sequence[Residual]) -> Mapping[int, tuple[float, ...]]:
    """By level, one factor for each band: what makes intervals hold that share of the trials."""
    ratios = [np.array([one.ratios for one in residuals if one.band == band]) for band in range(PLACES)]
    return {
        level: tuple(float(np.quantile(one[:, place], level / 100.0)) if len(one) >= _FEWEST else 1.0 for one in ratios)
        for place, level in enumerate(LEVELS)
    }
