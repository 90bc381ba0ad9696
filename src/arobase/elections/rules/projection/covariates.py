"""What is known of each station before its ballots: size, turnout now and before, and how it voted last time."""

from dataclasses import dataclass

import numpy as np

from arobase.elections.rules.projection.night import Array, Former, Mask, Night

COMPONENTS = 5
_COMPOSITION_UNIT = 0.35  # a share of 15 % has this standard deviation per ballot: coefficients of order one
_TURNOUT_UNIT = 0.2


@dataclass(frozen=True)
class Covariates:
    """Covariates of S stations, each with mean 0 over the town, weighted by voters.

    size, turnout, former_turnout   S: log of voters; shares of registered in units of 20 points
    composition                     S × up to COMPONENTS: scores of the former shares on their principal axes
    former_shares                   S × J: shares of valid votes of the J former choices, less their town mean
    former_level                    J: the town's shares of the former choices
    former_names                    J
    known                           S: whether the station has a former election (elsewhere covariates of it are 0)
    """

    size: Array
    turnout: Array
    former_turnout: Array
    composition: Array
    former_shares: Array
    former_level: Array
    former_names: tuple[str, ...]
    known: Mask

    @property
    def former_points(self) -> Array:
        """S: the former turnout as a share of registered voters, less its town mean."""
        return self.former_turnout * _TURNOUT_UNIT

    def matched(self, names: tuple[str, ...]) -> tuple[Array, Mask]:
        """Former shares of the choices that stood before under the same name.

        Returns   S × K (0 where there is none) and K: whether the choice has one.
        """
        place = {_plain(name): column for column, name in enumerate(self.former_names)}
        columns = [place.get(_plain(name), -1) for name in names]
        found = np.zeros((len(self.size), len(names)))
        for choice, column in enumerate(columns):
            if column >= 0:
                found[:, choice] = self.former_shares[:, column]
        return found, np.array([column >= 0 for column in columns], dtype=bool)


def _plain(name: str) -> str:
    return " ".join(name.casefold().split())


def covariates_of(night: Night, *, voters: Array) -> Covariates:
    """The covariates of a night's stations.

    voters   S, known or expected; at least 0
    """
    weights = voters / max(float(voters.sum()), 1.0)
    registered = np.maximum(night.counted.registered, 1)
    known = np.array([_has_former(one.previous) for one in night.stations], dtype=bool)
    names, votes = _former_votes(night)
    valid = votes.sum(axis=1, keepdims=True)
    shares = _centred(votes / np.maximum(valid, 1.0), weights=weights, known=known)
    before = [one.previous.voters / max(one.previous.registered, 1) if one.previous else 0.0 for one in night.stations]
    everyone = np.ones(len(night.stations), dtype=bool)
    return Covariates(
        size=_centred(np.log(np.maximum(voters, 1.0)), weights=weights, known=voters > 0),
        turnout=_centred(np.minimum(voters / registered, 1.0) / _TURNOUT_UNIT, weights=weights, known=everyone),
        former_turnout=_centred(np.minimum(before, 1.0) / _TURNOUT_UNIT, weights=weights, known=known),
        composition=_principal(shares / _COMPOSITION_UNIT, weights=weights),
        former_shares=shares,
        former_level=votes.sum(axis=0) / max(float(valid.sum()), 1.0),
        former_names=names,
        known=known,
    )


def _has_former(former: Former | None) -> bool:
    return former is not None and sum(former.votes.values()) > 0


def _former_votes(night: Night) -> tuple[tuple[str, ...], Array]:
    """Names in the order in which they come, and S × J votes."""
    place: dict[str, int] = {}
    for station in night.stations:
        for name in station.previous.votes if station.previous else ():
            place.setdefault(name, len(place))
    votes = np.zeros((len(night.stations), len(place)))
    for row, station in enumerate(night.stations):
        if station.previous:
            for name, number in station.previous.votes.items():
                votes[row, place[name]] = number
    return tuple(place), votes


def _centred(values: Array, *, weights: Array, known: Mask) -> Array:
    """Values less their weighted mean over the stations where they are known; 0 elsewhere."""
    inside = weights * known
    if inside.sum() <= 0:
        inside = known.astype(float)
    if inside.sum() <= 0:
        return np.zeros_like(values)
    mean = inside @ values / inside.sum()
    shape = known if values.ndim == 1 else known[:, None]
    return np.where(shape, values - mean, 0.0)


def _principal(values: Array, *, weights: Array) -> Array:
    """Scores on the first principal axes of the weighted covariance (not standardised: small axes stay small)."""
    if not values.size:
        return np.zeros((len(values), 0))
    covariance = (values * weights[:, None]).T @ values
    _sizes, axes = np.linalg.eigh(covariance)
    return np.asarray(values @ axes[:, ::-1][:, :COMPONENTS])
