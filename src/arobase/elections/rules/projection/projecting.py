"""From a night to its projection: what is counted is exact, what is to come has intervals, and too little is silence.

The model, its sources and how it did in back-testing: docs/methodology/trend.md.
"""

import numpy as np
from scipy.special import ndtri

from arobase.elections.rules.projection.answers import LEVELS, Estimate, Outlook, Projection, Silence, Why
from arobase.elections.rules.projection.chances import (
    Chances,
    chances_of,
    correlation_between,
    final_chances,
    possible_ends,
    with_what_is_counted,
)
from arobase.elections.rules.projection.mixture import Mixture
from arobase.elections.rules.projection.night import Array, Counted, Mask, Night
from arobase.elections.rules.projection.priors import Priors
from arobase.elections.rules.projection.shares import Weighed, expected_voters, weigh_shares, weigh_turnout

BAGS = 2  # that a station has counted before it is heard
STATIONS = 2  # heard before anything is projected
WIDEST_POINTS = 25  # of the 90 % interval of the choice in front
_TAILS = (0.9999, 0.999, 0.995, 0.98)
_POINTS = 100
_MIDDLE = 0.5
PROBABILITIES = np.array(
    sorted(
        {*(q for p in _TAILS for q in (p, 1 - p)), *(_MIDDLE + s * n / 200 for n in LEVELS for s in (1, -1)), _MIDDLE}
    )
)


def project(night: Night, *, priors: Priors) -> Projection | Silence:
    """The projection of a night, or why there is none.

    priors   what other polls taught on spreads and models
    """
    counted = night.counted
    if silence := _too_little(night, counted):
        return silence
    if counted.is_final:
        return _result(night, counted)
    turnout = _turnout(night, priors)
    voters = expected_voters(night, turnout.share if turnout else None)
    found = weigh_shares(night, voters=voters, priors=priors)
    return _projection(night, found, turnout, priors)


def _too_little(night: Night, counted: Counted) -> Silence | None:
    if not night.stations or not night.choices:
        return Silence(Why.NO_CHOICE if night.stations else Why.NO_STATION)
    if counted.is_final:
        return None if counted.valid.sum() else Silence(Why.NO_VALID_VOTE)
    if not counted.ballots.sum():
        return Silence(Why.NOTHING_COUNTED if counted.most_left() else Why.NO_VOTER)
    if not counted.valid.sum():
        return Silence(Why.NO_VALID_VOTE)
    heard, needed = int(_heard(counted).sum()), min(STATIONS, len(night.stations))
    few = {"stations": heard, "needed": needed, "bags": BAGS}
    return Silence(Why.TOO_FEW_STATIONS, few) if heard < needed else None


def _heard(counted: Counted) -> Mask:
    """S: stations with valid votes and two bags, or all of theirs."""
    whole = counted.complete | ((counted.voters >= 0) & (counted.ballots >= counted.voters))
    return np.asarray((counted.valid > 0) & (whole | (counted.bags >= BAGS)))


def _result(night: Night, counted: Counted) -> Projection:
    votes = tuple(int(one) for one in counted.votes.sum(axis=0))
    valid = sum(votes)
    registered, voters = int(counted.registered.sum()), int(counted.voters.sum())
    return _told(
        night,
        [_exactly(one / valid) for one in votes],
        final_chances(votes),
        turnout=_exactly(min(voters / registered, 1.0)) if registered else None,
        stations=int((counted.valid > 0).sum()),
        counted=1.0,
        uses_former=False,
    )


def _exactly(share: float) -> Estimate:
    return Estimate(share=share, intervals=dict.fromkeys(LEVELS, (share, share)))


def _turnout(night: Night, priors: Priors) -> Estimate | None:
    """Turnout: exact where all registers are read, None where none is."""
    counted = night.counted
    registered = int(counted.registered.sum())
    if registered and (counted.voters >= 0).all():
        return _exactly(min(int(counted.voters.sum()) / registered, 1.0))
    weighed = weigh_turnout(night, spreads=priors.spreads)
    if weighed is None:
        return None
    least = float(np.maximum(counted.voters, counted.ballots).sum()) / registered
    quantiles = np.clip(weighed.posterior(priors).quantiles(PROBABILITIES), min(least, 1.0), 1.0)
    middle = quantiles[np.searchsorted(PROBABILITIES, _MIDDLE), 0]
    return _estimate(quantiles[:, 0], float(middle))


def stretched(quantiles: Array, *, band: int, priors: Priors) -> Array:
    """Quantiles at PROBABILITIES moved away from the middle one by the learnt factors of their level."""
    middle = quantiles[np.searchsorted(PROBABILITIES, _MIDDLE)]
    levels = np.abs(2.0 * PROBABILITIES - 1.0) * 100.0
    known = sorted(priors.stretch)
    factors = np.interp(levels, known, [priors.stretch[level][band] for level in known])
    return np.asarray(middle + factors[:, None] * (quantiles - middle))


def _projection(night: Night, found: Weighed, turnout: Estimate | None, priors: Priors) -> Projection | Silence:
    counted = night.counted
    votes, heard = counted.votes.sum(axis=0).astype(float), int(_heard(counted).sum())
    left = max(float(found.asked.size.sum()) - float(votes.sum()), 0.0)
    mixture: Mixture = found.posterior(priors)
    quantiles = stretched(mixture.quantiles(PROBABILITIES), band=found.band, priors=priors)
    total = float(votes.sum()) + left
    quantiles = np.clip(quantiles, votes / total, (votes + left) / total)
    share = with_what_is_counted(mixture.centre, votes=votes, left=left)
    estimates = [
        _exactly(1.0) if len(share) == 1 else _estimate(quantiles[:, k], float(share[k])) for k in range(len(share))
    ]
    low, high = estimates[int(share.argmax())].intervals[LEVELS[-1]]
    if (width := (high - low) * _POINTS) > WIDEST_POINTS:
        begun = len(found.asked.rows)
        return Silence(Why.TOO_WIDE, {"points": int(np.ceil(width)), "most": WIDEST_POINTS, "stations": begun})
    ends = possible_ends(
        quantiles,
        ndtri(PROBABILITIES),
        correlation=correlation_between(found.asked.shares, found.asked.centre),
        votes=votes,
        left=left,
    )
    return _told(
        night,
        estimates,
        chances_of(ends),
        turnout=turnout,
        stations=heard,
        counted=float(votes.sum()) / total,
        uses_former=found.asked.has_former,
    )


def _estimate(quantiles: Array, share: float) -> Estimate:
    """Intervals at LEVELS from quantiles at PROBABILITIES, widened where it takes that to hold the share."""
    intervals = {}
    for level in LEVELS:
        tail = (1.0 - level / 100.0) / 2.0
        low, high = np.interp([tail, 1.0 - tail], PROBABILITIES, quantiles)
        intervals[level] = (min(float(low), share), max(float(high), share))
    return Estimate(share=share, intervals=intervals)


def _told(
    night: Night,
    estimates: list[Estimate],
    chances: Chances,
    *,
    turnout: Estimate | None,
    stations: int,
    counted: float,
    uses_former: bool,
) -> Projection:
    columns = (chances.first, chances.first_two, chances.majority, chances.tenth, chances.twentieth)
    outlooks = tuple(
        Outlook(name, estimate, *(float(column[k]) for column in columns))
        for k, (name, estimate) in enumerate(zip(night.choices, estimates, strict=True))
    )
    return Projection(
        outlooks=outlooks,
        turnout=turnout,
        orders=chances.orders,
        p_majority=chances.any_majority,
        stations=stations,
        counted=counted,
        is_final=night.counted.is_final,
        uses_former=uses_former,
    )
