"""From a grade to arobases: thresholds, at which one is above, and at least one @ for whoever takes part."""

from collections.abc import Sequence
from fractions import Fraction
from itertools import pairwise

HIGHEST = 5


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
