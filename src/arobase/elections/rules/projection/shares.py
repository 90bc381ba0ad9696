"""Shares of valid votes, and turnout, as questions to the model: sizes of urns, counted shares and their noise."""

from dataclasses import dataclass, replace

import numpy as np

from arobase.elections.rules.projection.covariates import Covariates, covariates_of
from arobase.elections.rules.projection.evidence import Asked, Evidence, evidence_of
from arobase.elections.rules.projection.mixture import Mixture
from arobase.elections.rules.projection.night import Array, Night
from arobase.elections.rules.projection.priors import Kind, Priors, Spreads, band_of
from arobase.elections.rules.projection.urns import overdispersion, spread_between_bags

_HALF_A_VOTE = 0.5
_HALF = 0.5
_ALIKE = 1e-9  # stations whose sizes differ by less are as large as each other, rounding apart
_GUESSED_TURNOUT = 0.5  # where nobody's turnout is known: sizes then follow the registers


@dataclass(frozen=True)
class Weighed:
    """The evidence of a night on K shares.

    asked       sizes, counted shares, noise
    kinds       K
    covariates  of the stations
    """

    evidence: Evidence
    asked: Asked
    kinds: tuple[Kind, ...]
    covariates: Covariates

    @property
    def band(self) -> int:
        """Which factor of the stretch holds for it."""
        size, rows = self.covariates.size, self.asked.rows
        spread = float(size.std()) / np.sqrt(len(rows)) * np.sqrt(max(1.0 - len(rows) / len(size), 0.0))
        score = float(size[rows].mean() - size.mean()) / spread if spread > _ALIKE else 0.0
        asked = self.asked
        return band_of(len(rows), size_score=score, overdispersion=asked.overdispersion, has_former=asked.has_former)

    def posterior(self, priors: Priors) -> Mixture:
        """The K shares under priors."""
        return self.evidence.posterior(priors, self.kinds)


def weigh_turnout(night: Night, *, spreads: Spreads) -> Weighed | None:
    """Evidence on turnout (K = 1) from the stations whose voters are known; None where none is."""
    counted = night.counted
    registered = counted.registered.astype(float)
    rows = np.flatnonzero((counted.voters >= 0) & (counted.registered > 0))
    if not len(rows):
        return None
    shares = np.minimum(counted.voters[rows] / registered[rows], 1.0)[:, None]
    covariates = covariates_of(night, voters=registered)
    centre = _first_estimate(shares, sizes=registered[rows], counted=float(registered[rows].sum()))
    has_former = _tells(covariates, registered)
    asked = Asked(
        size=registered,
        rows=rows,
        shares=shares,
        noise=np.zeros(len(rows)),
        centre=centre,
        namesake=covariates.former_points[:, None],
        is_namesake=np.array([has_former]),
        has_former=has_former,
    )
    evidence = evidence_of(asked, covariates, spreads=spreads, shares=False)
    return Weighed(evidence, asked, (Kind.TURNOUT if has_former else Kind.TURNOUT_BARE,), covariates)


def expected_voters(night: Night, turnout: float | None) -> Array:
    """S voters: those known, elsewhere registered × turnout (but no fewer than the ballots counted)."""
    counted = night.counted
    guessed = counted.registered * (_GUESSED_TURNOUT if turnout is None else turnout)
    return np.where(counted.voters >= 0, counted.voters, np.maximum(guessed, counted.ballots)).astype(float)


def expected_valid(night: Night, voters: Array) -> Array:
    """S valid votes: those counted and, of the ballots to come, the share that is valid so far."""
    counted = night.counted
    rate = counted.valid.sum() / max(int(counted.ballots.sum()), 1)
    left = np.where(counted.complete, 0.0, np.maximum(voters - counted.ballots, 0.0))
    return np.asarray(counted.valid + left * rate)


def weigh_shares(night: Night, *, voters: Array, priors: Priors) -> Weighed:
    """Evidence on the shares of all choices; some valid votes must be counted.

    voters   S, known or expected
    """
    counted = night.counted
    size = expected_valid(night, voters)
    rows = np.flatnonzero(counted.valid > 0)
    valid = counted.valid[rows].astype(float)
    covariates = covariates_of(night, voters=voters)
    namesake, is_namesake = covariates.matched(night.choices)
    shares = counted.votes[rows] / valid[:, None]
    phi = overdispersion(*spread_between_bags(night), prior=priors.overdispersion, weight=priors.overdispersion_weight)
    has_former = _tells(covariates, voters)
    asked = Asked(
        size=size,
        rows=rows,
        shares=shares,
        noise=phi * np.maximum(1.0 / valid - 1.0 / size[rows], 0.0),
        centre=_first_estimate(shares, sizes=size[rows], counted=float(valid.sum())),
        namesake=namesake,
        is_namesake=is_namesake & has_former,
        has_former=has_former,
        overdispersion=phi,
    )
    return weighed(asked, covariates, spreads=priors.spreads)


def weighed(asked: Asked, covariates: Covariates, *, spreads: Spreads) -> Weighed:
    """Evidence on shares of votes, each choice of its kind."""
    kinds = tuple(
        (Kind.NAMESAKE if same else Kind.STRANGER) if asked.has_former else Kind.BARE for same in asked.is_namesake
    )
    return Weighed(evidence_of(asked, covariates, spreads=spreads), asked, kinds, covariates)


def without_former(asked: Asked) -> Asked:
    """The same question as if there had been no former election."""
    return replace(asked, is_namesake=np.zeros_like(asked.is_namesake), has_former=False)


def _tells(covariates: Covariates, sizes: Array) -> bool:
    """Whether the former election is known for most of the town."""
    return bool(sizes[covariates.known].sum() > _HALF * sizes.sum())


def _first_estimate(shares: Array, *, sizes: Array, counted: float) -> Array:
    """Shares weighted by size, kept off 0 and 1 by half a unit of what was counted: two ballots say little."""
    weights = sizes / max(float(sizes.sum()), 1.0)
    return (counted * (weights @ shares) + _HALF_A_VOTE) / (counted + 2.0 * _HALF_A_VOTE)
