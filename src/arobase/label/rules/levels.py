"""From a grade to arobases: thresholds, at which one is above, conditions, and at least one @ for each candidate."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction
from itertools import pairwise

from arobase.label.rules.scoring import Mosaic, Proof

LOWEST, HIGHEST = 1, 5


class BadThresholds(ValueError):
    """Thresholds that do not rise, or are not four."""


def level_of(grade: Fraction | float, thresholds: Sequence[Fraction | float]) -> int:
    """1 to 5: one more than the number of thresholds reached. Raises BadThresholds.

    thresholds   of 2, 3, 4 and 5 @, rising; a grade exactly at one reaches it

    >>> [level_of(grade, (20, 40, 60, 80)) for grade in (0, 19, 20, 60, 100)]
    [1, 1, 2, 4, 5]
    """
    if len(thresholds) != HIGHEST - 1 or any(low >= high for low, high in pairwise(thresholds)):
        raise BadThresholds(list(thresholds))
    return 1 + sum(grade >= threshold for threshold in thresholds)


class What(StrEnum):
    """What a condition looks at in the mosaic."""

    ENJEUX = "enjeux"  # enjeux in which something counts
    EACH_CATEGORY = "each_category"  # the least share of points among the categories
    DOCUMENTED = "documented"  # services shown by a document or a measure
    SERVICES = "services"  # of those named


@dataclass(frozen=True)
class Condition:
    """Something that a level asks for beside its threshold.

    at_least   a number of enjeux or services, or a share of points
    services   of What.SERVICES
    """

    what: What
    at_least: Fraction
    services: tuple[str, ...] = ()


@dataclass(frozen=True)
class Level:
    """A number of arobases: the grade from which it is given, and what else it asks for."""

    arobases: int
    threshold: Fraction
    conditions: tuple[Condition, ...] = ()


@dataclass(frozen=True)
class Obstacle:
    """What stands before a level: a condition, or (None) the threshold; what the dossier has and what it needs."""

    arobases: int
    condition: Condition | None
    has: Fraction
    needs: Fraction


@dataclass(frozen=True)
class Standing:
    """The level that a grade and a mosaic give, and what stands before each higher one, lowest first."""

    arobases: int
    obstacles: tuple[Obstacle, ...]

    @property
    def next(self) -> tuple[Obstacle, ...]:
        """What stands before the next level; empty at the highest."""
        return tuple(one for one in self.obstacles if one.arobases == self.arobases + 1)


def measure(condition: Condition, mosaic: Mosaic) -> Fraction:
    """What a mosaic has of what a condition asks for."""
    if condition.what is What.ENJEUX:
        return Fraction(sum(bool(tile.points) for tile in mosaic.tiles))
    if condition.what is What.EACH_CATEGORY:
        return min((mosaic.category_share(tile.category) for tile in mosaic.tiles), default=Fraction(0))
    if condition.what is What.DOCUMENTED:
        return Fraction(sum(proof is not Proof.DECLARED for proof in mosaic.shown.values()))
    return Fraction(sum(slug in mosaic.shown for slug in condition.services))


def standing(grade: Fraction, mosaic: Mosaic, levels: Sequence[Level]) -> Standing:
    """The highest level of which the threshold and every condition, and those of all levels below, are met.

    grade    out of 100
    levels   2 to 5 @, in order; 1 @ is everyone's
    """
    obstacles = []
    for level in levels:
        if grade < level.threshold:
            obstacles.append(Obstacle(level.arobases, None, grade, level.threshold))
        for condition in level.conditions:
            has = measure(condition, mosaic)
            if has < condition.at_least:
                obstacles.append(Obstacle(level.arobases, condition, has, condition.at_least))
    blocked = min((one.arobases for one in obstacles), default=HIGHEST + 1)
    return Standing(blocked - 1, tuple(obstacles))
