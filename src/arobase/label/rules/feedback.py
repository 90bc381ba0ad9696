"""What candidates say of their evaluators in return: two questions on a scale, summed up without telling who."""

from collections.abc import Sequence
from dataclasses import dataclass
from enum import StrEnum
from fractions import Fraction

LOWEST, HIGHEST = 1, 5
LEAST_SHOWN = 3  # a juror sees means of no fewer answers, so that none can be guessed


class Asked(StrEnum):
    """What is asked about each evaluation."""

    WAS_READ = "was_read"
    IS_USEFUL = "is_useful"


class BadAnswer(ValueError):
    """An answer outside the scale."""


@dataclass(frozen=True)
class Said:
    """Means of what was answered, and of how many answers."""

    number: int
    means: dict[Asked, Fraction]

    @property
    def may_be_shown(self) -> bool:
        """Whether the juror whom it is about may see it."""
        return self.number >= LEAST_SHOWN


def summed_up(answers: Sequence[dict[Asked, int]]) -> Said:
    """The mean of each question. Raises BadAnswer.

    >>> summed_up([{Asked.WAS_READ: 5, Asked.IS_USEFUL: 2}, {Asked.WAS_READ: 4, Asked.IS_USEFUL: 2}]).means
    {<Asked.WAS_READ: 'was_read'>: Fraction(9, 2), <Asked.IS_USEFUL: 'is_useful'>: Fraction(2, 1)}
    """
    for one in answers:
        if set(one) != set(Asked) or any(not LOWEST <= value <= HIGHEST for value in one.values()):
            raise BadAnswer(one)
    if not answers:
        return Said(0, {})
    return Said(
        len(answers),
        {asked: sum((Fraction(one[asked]) for one in answers), Fraction(0)) / len(answers) for asked in Asked},
    )
