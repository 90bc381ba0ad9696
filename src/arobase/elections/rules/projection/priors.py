"""What is believed before the first bag: how stations spread and which model fits, learnt elsewhere; never a share."""

from collections.abc import Mapping
from dataclasses import dataclass
from enum import StrEnum
from itertools import product

import numpy as np

from arobase.elections.rules.projection.night import Array

PREDECESSORS = 3
VARIANTS = 3 + PREDECESSORS  # no offset; 0.6 and 1 × the namesake's former share; one of the largest former choices
NAMESAKE_SLOPES = (0.6, 1.0)
_WIDE = 25.0  # prior variance of the town's own level, in units of p (1 − p): says nothing


class Kind(StrEnum):
    """What is projected from what: each kind has weights of its own."""

    NAMESAKE = "namesake"  # a share, and the choice stood in the former election under the same name
    STRANGER = "stranger"  # a share, and it did not
    BARE = "bare"  # a share, without a former election
    TURNOUT = "turnout"
    TURNOUT_BARE = "turnout_bare"


@dataclass(frozen=True)
class Spreads:
    """The grid of variances, in units of p (1 − p): a station's own, and those of the coefficients of covariates.

    own   R values; the other axes' product has P combinations
    """

    own: tuple[float, ...] = (0.0002, 0.0006, 0.0012, 0.0025, 0.006, 0.015, 0.05, 0.2)
    size: tuple[float, ...] = (0.0003, 0.003, 0.03)
    former_turnout: tuple[float, ...] = (0.002, 0.02, 0.1)
    turnout: tuple[float, ...] = (0.002, 0.03)
    composition: tuple[float, ...] = (0.03, 0.1, 0.3, 1.0)

    @property
    def combinations(self) -> Array:
        """P × 4: variances of the coefficients of size, former turnout, turnout, composition."""
        return np.array(list(product(self.size, self.former_turnout, self.turnout, self.composition)))

    def of_coefficients(self, components: int) -> Array:
        """P × (4 + components): prior variance of each column of the design (level first)."""
        found = self.combinations
        level = np.full((len(found), 1), _WIDE)
        return np.hstack([level, found[:, :3], np.repeat(found[:, 3:], components, axis=1)])

    @property
    def shape(self) -> tuple[int, int, int]:
        """VARIANTS × R × P, the shape of weights."""
        return VARIANTS, len(self.own), len(self.combinations)


@dataclass(frozen=True)
class Provenance:
    """Where priors were learnt: number of towns and of nights, names of the polls, the day, and the draws' seed."""

    towns: int
    nights: int
    polls: tuple[str, ...]
    day: str
    seed: int


@dataclass(frozen=True)
class Priors:
    """All that is learnt.

    weights   by kind, VARIANTS × R × P, summing to 1
    stretch   by level in per cent, one factor for each of the PLACES (`band_of`), times half-widths (conformal)
    overdispersion, overdispersion_weight   φ of bags before any is seen, and the degrees of freedom that it is worth
    """

    spreads: Spreads
    weights: Mapping[Kind, Array]
    stretch: Mapping[int, tuple[float, ...]]
    overdispersion: float = 1.4
    overdispersion_weight: float = 20.0
    provenance: Provenance | None = None


BANDS = (3, 12)  # up to 3 stations counted, up to 12, more
SMALL = -1.6  # standardised mean size below which the first stations are no random draw
MIXED = (1.3, 1.75)  # φ of tonight's bags, above which they are badly mixed, and very badly
PLACES = 2 * 2 * (len(MIXED) + 1) * (len(BANDS) + 1)
NO_STRETCH: Mapping[int, tuple[float, ...]] = dict.fromkeys((50, 80, 90), (1.0,) * PLACES)


def band_of(stations: int, *, size_score: float, overdispersion: float, has_former: bool) -> int:
    """Which factor of the stretch holds: how many stations, small ones or any, how mixed bags are, what is known.

    size_score       their mean size (log of voters) less that of all, over its standard error if drawn at random
    overdispersion   φ of the night's bags
    has_former       whether a former election tells how stations differ

    >>> [band_of(number, size_score=0.0, overdispersion=1.0, has_former=True) for number in (3, 12, 13)]
    [0, 1, 2]
    >>> [band_of(2, size_score=score, overdispersion=1.5, has_former=False) for score in (-3.0, 0.0)]
    [21, 18]
    """
    mixed = sum(overdispersion > edge for edge in MIXED)
    kind = (size_score < SMALL) + 2 * (not has_former) + 4 * mixed
    return sum(stations > edge for edge in BANDS) + (len(BANDS) + 1) * kind


def flat_priors(spreads: Spreads = Spreads()) -> Priors:
    """Priors that prefer nothing; `learning` starts from them."""
    weights = np.full(spreads.shape, 1.0 / np.prod(spreads.shape))
    return Priors(spreads=spreads, weights=dict.fromkeys(Kind, weights), stretch=NO_STRETCH)
