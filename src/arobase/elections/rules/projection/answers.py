"""What a projection answers: shares with their intervals and chances, or silence with its reason."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

LEVELS = (50, 80, 90)  # per cent, of the intervals that are given
Interval = tuple[float, float]


class Why(StrEnum):
    """Why there is no projection yet; its facts are named beside it."""

    NO_STATION = "no_station"
    NO_CHOICE = "no_choice"
    NOTHING_COUNTED = "nothing_counted"
    NO_VALID_VOTE = "no_valid_vote"  # among the ballots counted, nobody voted for anyone
    NO_VOTER = "no_voter"  # no registered voter anywhere
    TOO_FEW_STATIONS = "too_few_stations"  # stations, needed, bags
    TOO_WIDE = "too_wide"  # points, most: the 90 % interval of the choice in front; stations with valid votes


@dataclass(frozen=True, slots=True)
class Silence:
    """Not enough is known: why, with whole numbers for the sentence that says so."""

    why: Why
    facts: Mapping[str, int] = field(default_factory=dict)


@dataclass(frozen=True, slots=True)
class Estimate:
    """A share with its intervals by level in per cent; each holds the share, and the wider the narrower."""

    share: float
    intervals: Mapping[int, Interval]

    @property
    def is_exact(self) -> bool:
        """Whether nothing about it is uncertain."""
        return all(low == high for low, high in self.intervals.values())


@dataclass(frozen=True, slots=True)
class Outlook:
    """What is expected of one choice: its share of valid votes, and the chances that the page tells.

    p_first, p_first_two    of having most votes, of being among the two that have
    p_majority              of more than half of the valid votes
    p_tenth, p_twentieth    of at least 10 % and 5 % of the valid votes (staying on, merging)
    """

    name: str
    estimate: Estimate
    p_first: float
    p_first_two: float
    p_majority: float
    p_tenth: float
    p_twentieth: float


@dataclass(frozen=True, slots=True)
class Order:
    """The first ones in order, by the night's order of choices, and its probability."""

    choices: tuple[int, ...]
    p: float


@dataclass(frozen=True, slots=True)
class Projection:
    """What is expected of the whole night.

    outlooks    by choice, in the night's order
    turnout     share of registered voters who voted; None where nothing tells it
    orders      the likeliest orders of the first three (of all, where there are fewer), likeliest first
    p_majority  that some choice has more than half of the valid votes
    stations    that the projection rests on: with valid votes counted
    counted     share of the expected valid votes that are counted
    is_final    whether everything is counted, and the projection the result
    uses_former whether the former election is known for enough of the town to tell anything
    """

    outlooks: tuple[Outlook, ...]
    turnout: Estimate | None
    orders: tuple[Order, ...]
    p_majority: float
    stations: int
    counted: float
    is_final: bool
    uses_former: bool

    @property
    def p_second_round(self) -> float:
        """Probability that nobody has an absolute majority, where that is what a second round takes."""
        return 1.0 - self.p_majority
