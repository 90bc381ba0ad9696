"""From the jury's scores and the mosaic to a grade, a level, and what is doubtful about it."""

from collections.abc import Sequence
from dataclasses import dataclass
from fractions import Fraction
from math import erf, sqrt

from arobase.label.rules.configuration import JuryRules
from arobase.label.rules.levels import HIGHEST, Level, Standing, standing
from arobase.label.rules.scoring import Mosaic

DOUBTFUL = 0.2  # probability of another level from which a dossier needs another look


@dataclass(frozen=True)
class Grade:
    """A dossier's grade out of 100 and the level it gives.

    se          standard error of the grade; None where nothing tells it
    chances     probability of 1 to 5 @, as far as the jury's error goes, the conditions staying as they are
    """

    value: Fraction
    standing: Standing
    se: float | None
    chances: tuple[float, ...]

    @property
    def is_doubtful(self) -> bool:
        """Whether another level is not unlikely."""
        return 1 - self.chances[self.standing.arobases - 1] >= DOUBTFUL


def joined(jury_grade: Fraction, mosaic: Mosaic, jury: JuryRules) -> Fraction:
    """The jury's grade and the mosaic's score, each for its share; both are out of 100."""
    return jury.weight * jury_grade + (1 - jury.weight) * mosaic.score


def grade(jury_grade: Fraction, *, se: float | None, mosaic: Mosaic, jury: JuryRules, levels: Sequence[Level]) -> Grade:
    """The grade of a dossier.

    jury_grade   out of 100, raw or calibrated
    se           its standard error; None where nothing tells it
    """
    value = joined(jury_grade, mosaic, jury)
    error = None if se is None else se * float(jury.weight)
    reached = standing(value, mosaic, levels)
    return Grade(value, reached, error, _chances(value, error, mosaic, levels, reached))


def _chances(
    value: Fraction, se: float | None, mosaic: Mosaic, levels: Sequence[Level], reached: Standing
) -> tuple[float, ...]:
    """Normal around the grade; a level that a condition refuses stays refused whatever the grade."""
    if not se:
        return tuple(float(place == reached.arobases) for place in range(1, HIGHEST + 1))
    best = standing(Fraction(100), mosaic, levels).arobases
    at_least = [1.0]
    for level in levels:
        chance = 0.5 * (1 + erf(float(value - level.threshold) / (se * sqrt(2))))
        at_least.append(chance if level.arobases <= best else 0.0)
    at_least.append(0.0)
    return tuple(at_least[place] - at_least[place + 1] for place in range(HIGHEST))
