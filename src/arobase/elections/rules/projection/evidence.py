"""What the counts say about the shares of a town, under every model and every variance at once."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np

from arobase.elections.rules.projection.covariates import Covariates
from arobase.elections.rules.projection.mixture import Mixture
from arobase.elections.rules.projection.night import Array, Integers, Mask
from arobase.elections.rules.projection.priors import NAMESAKE_SLOPES, PREDECESSORS, Kind, Priors, Spreads
from arobase.elections.rules.projection.regression import Population, fit

_NEVER = -1e9
_OPEN = 0.02  # weight shared by all models alike, so that a town unlike all that were learnt from is not impossible
_TYPICAL_COMPOSITION, _TYPICAL_TURNOUT = 0.1, 0.01  # variances of coefficients where covariates are unknown


@dataclass(frozen=True)
class Asked:
    """Shares asked for, K at once, of units in S stations, n of which are counted.

    size         S, units in each station
    rows, shares, noise   n; n × K counted shares; n variances of them, in units of p (1 − p)
    centre       K, a first estimate of the shares, strictly between 0 and 1
    namesake     S × K, what stood for the same thing in the former election, less its town mean
    is_namesake  K
    has_former   whether a former election tells the composition
    overdispersion   φ within the noise
    """

    size: Array
    rows: Integers
    shares: Array
    noise: Array
    centre: Array
    namesake: Array
    is_namesake: Mask
    has_former: bool
    overdispersion: float = 1.0


@dataclass(frozen=True)
class Evidence:
    """Log likelihood, mean and standard deviation of K shares by model (VARIANTS × R × P, flattened to T).

    log_likelihood, mean, sd   T × K, mean and sd as shares
    """

    log_likelihood: Array
    mean: Array
    sd: Array

    def only(self, choice: int) -> "Evidence":
        """The evidence on one of the K shares."""
        one = slice(choice, choice + 1)
        return Evidence(self.log_likelihood[:, one], self.mean[:, one], self.sd[:, one])

    def posterior(self, priors: Priors, kinds: Sequence[Kind]) -> Mixture:
        """The K shares under priors, each of its kind."""
        weights = np.stack([priors.weights[kind].ravel() for kind in kinds], axis=1)
        opened = (1.0 - _OPEN) * weights + _OPEN / len(weights)
        return Mixture.of(np.log(opened) + self.log_likelihood, self.mean, self.sd)


def evidence_of(asked: Asked, covariates: Covariates, *, spreads: Spreads, shares: bool = True) -> Evidence:
    """Everything that does not depend on learnt weights.

    shares   False for turnout: its own value is then no covariate
    """
    design = _design(covariates, asked, turnout=shares)
    population = Population(
        design=design,
        size=asked.size,
        extra=_extra(covariates, asked),
        rows=asked.rows,
        noise=asked.noise,
    )
    scale = np.sqrt(asked.centre * (1.0 - asked.centre))
    offsets, allowed = _offsets(asked, covariates, scale=scale)  # V × S × K, V × K
    responses = (asked.shares - asked.centre) / scale - offsets[:, asked.rows]
    variants, counted, choices = responses.shape
    flat = np.moveaxis(responses, 0, 1).reshape(counted, variants * choices)
    found = fit(
        population, flat, own=np.array(spreads.own), coefficients=spreads.of_coefficients(design.shape[1] - _FIXED)
    )
    weights = asked.size / max(float(asked.size.sum()), 1.0)
    back = np.einsum("s,vsk->vk", weights, offsets)
    likelihood = np.where(allowed, _by_variant(found.log_likelihood, variants), _NEVER)
    mean = asked.centre + scale * (_by_variant(found.mean, variants) + back)
    sd = np.sqrt(found.variance)[:, :, None, None] * np.broadcast_to(scale, (variants, choices))
    return Evidence(*(_flattened(one, choices) for one in (likelihood, mean, sd)))


_FIXED = 4  # columns before the composition: level, size, former turnout, turnout


def _design(covariates: Covariates, asked: Asked, *, turnout: bool) -> Array:
    nothing = np.zeros_like(covariates.size)
    former = covariates.former_turnout if asked.has_former else nothing
    columns = [np.ones_like(nothing), covariates.size, former, covariates.turnout if turnout else nothing]
    return np.column_stack([*columns, covariates.composition] if asked.has_former else columns)


def _extra(covariates: Covariates, asked: Asked) -> Array:
    """Variance added to stations whose covariates are unknown, where those of others are known."""
    if not asked.has_former or covariates.known.all():
        return np.zeros_like(covariates.size)
    known = covariates.known
    composition = covariates.composition[known].var(axis=0).sum() * _TYPICAL_COMPOSITION
    turnout = covariates.former_turnout[known].var() * _TYPICAL_TURNOUT
    return np.where(known, 0.0, composition + turnout)


def _offsets(asked: Asked, covariates: Covariates, *, scale: Array) -> tuple[Array, Mask]:
    """What each model takes off before it regresses: nothing, the namesake's former shares, a predecessor's.

    Returns   V × S × K offsets, V × K whether the model is open to a choice.
    """
    stations, choices = asked.namesake.shape
    offsets = [np.zeros((stations, choices)), *(slope * asked.namesake / scale for slope in NAMESAKE_SLOPES)]
    allowed = [np.ones(choices, dtype=bool), *(asked.is_namesake for _slope in NAMESAKE_SLOPES)]
    former = _largest(covariates) if asked.has_former else []
    for number in range(PREDECESSORS):
        here = former[number] if number < len(former) else np.zeros(stations)
        offsets.append(np.repeat(here[:, None], choices, axis=1))
        allowed.append(np.full(choices, number < len(former)))
    return np.array(offsets), np.array(allowed)


def _largest(covariates: Covariates) -> list[Array]:
    """The former choices that had most votes, centred, in units of √(p (1 − p))."""
    level = covariates.former_level
    order = np.argsort(-level, kind="stable")[:PREDECESSORS]
    return [
        covariates.former_shares[:, one] / np.sqrt(level[one] * (1.0 - level[one]))
        for one in order
        if 0.0 < level[one] < 1.0
    ]


def _by_variant(found: Array, variants: int) -> Array:
    """R × P × (V · K) → R × P × V × K."""
    return found.reshape(*found.shape[:2], variants, -1)


def _flattened(found: Array, choices: int) -> Array:
    """R × P × V × K → (V · R · P) × K, as weights are laid out."""
    return np.moveaxis(found, 2, 0).reshape(-1, choices)
