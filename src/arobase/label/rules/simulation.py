"""A campaign that never was: territories with a quality nobody sees, jurors as jurors are, the real rules in between.

The scores are not made by the model that calibrates them: jurors differ in how sure they are, a first impression
colours a juror's whole review, marks are whole numbers on a short scale and stop at its ends.
"""

from collections.abc import Callable
from dataclasses import dataclass, field

import numpy as np
from numpy.typing import NDArray

from arobase.label.rules.assignment import Assignment, Problem, assign
from arobase.label.rules.calibration import Calibration, calibrate
from arobase.label.rules.levels import level_of

CATEGORIES = 4
TOP_MARK = 4  # marks of a category go from 0 to 4, each anchored in words
THEMES = 6
THRESHOLDS = (25.0, 42.0, 58.0, 75.0)  # of 2, 3, 4 and 5 @, on the scale of qualities
CONFLICT_SHARE = 0.03
Array = NDArray[np.float64]


@dataclass(frozen=True, slots=True)
class Jury:
    """How jurors differ, in points of 100.

    severity_sd   between jurors; 0: none is severe
    noise         the least and the most that a juror's marks of a category scatter
    halo_sd       a juror's first impression of a dossier, in all his marks of it
    """

    severity_sd: float = 7.0
    noise: tuple[float, float] = (5.0, 14.0)
    halo_sd: float = 5.0


@dataclass(frozen=True)
class Campaign:
    """What was simulated: the truth in points of 100 by dossier, what jurors gave, what the rules made of it."""

    quality: Array
    assignment: Assignment
    scores: tuple[tuple[str, str, float], ...]
    calibration: Calibration
    severity: Array
    thresholds: tuple[float, ...] = field(default=THRESHOLDS)

    @property
    def raw(self) -> Array:
        return np.array([one.raw for one in self.calibration.dossiers])

    @property
    def calibrated(self) -> Array:
        return np.array([one.calibrated for one in self.calibration.dossiers])

    def rank_correlation(self, grades: Array) -> float:
        """Spearman's, between grades and the truth."""
        from scipy import stats  # dear to import, and few processes need it

        return float(stats.spearmanr(grades, self.quality).statistic)

    def right_levels(self, grades: Array) -> float:
        """The share of dossiers whose level is that of the truth."""
        return float(np.mean([level_of(a, THRESHOLDS) == level_of(b, THRESHOLDS) for a, b in self._pairs(grades)]))

    def _pairs(self, grades: Array) -> list[tuple[float, float]]:
        return list(zip(grades.tolist(), self.quality.tolist(), strict=True))


def simulate(
    *,
    territories: int,
    jurors: int,
    reviews: int,
    rng: np.random.Generator,
    elapsed: Callable[[], float],
    jury: Jury = Jury(),
    seconds: float = 16.0,
) -> Campaign:
    """Play a campaign. Raises Impossible where there are too few jurors.

    elapsed, seconds   the clock and the time that assignment may take
    """
    dossiers = tuple(f"d{number:04}" for number in range(1, territories + 1))
    names = tuple(f"j{number:03}" for number in range(1, jurors + 1))
    quality = 100 * rng.beta(2.2, 1.9, size=territories)
    problem = _problem(dossiers, names, reviews, rng)
    found = assign(problem, seconds=seconds, elapsed=elapsed)
    severity = rng.normal(0, jury.severity_sd, size=jurors)
    scores = _scores(found, dossiers, names, quality=quality, severity=severity, jury=jury, rng=rng)
    return Campaign(quality, found, scores, calibrate(scores), severity - severity.mean())


def _problem(dossiers: tuple[str, ...], jurors: tuple[str, ...], reviews: int, rng: np.random.Generator) -> Problem:
    """Dossiers and jurors with interests in some themes; a few pairs in conflict."""
    wants = rng.dirichlet(np.full(THEMES, 0.5), size=len(dossiers))
    knows = rng.dirichlet(np.full(THEMES, 0.6), size=len(jurors))
    lengths = np.linalg.norm(wants, axis=1)[:, None] * np.linalg.norm(knows, axis=1)[None, :]
    fit = np.clip(wants @ knows.T / lengths, 0, 1)
    struck = rng.random(fit.shape) < CONFLICT_SHARE
    conflicts = frozenset((dossiers[i], jurors[j]) for i, j in zip(*np.nonzero(struck), strict=True))
    return Problem(dossiers=dossiers, jurors=jurors, fit=fit, conflicts=conflicts, reviews=reviews)


def _scores(
    found: Assignment,
    dossiers: tuple[str, ...],
    jurors: tuple[str, ...],
    *,
    quality: Array,
    severity: Array,
    jury: Jury,
    rng: np.random.Generator,
) -> tuple[tuple[str, str, float], ...]:
    """What each juror gives: four marks of 0 to 4, summed to points of 100."""
    row, column = {id: i for i, id in enumerate(dossiers)}, {id: j for j, id in enumerate(jurors)}
    parts = quality[:, None] + rng.normal(0, 8, size=(len(dossiers), CATEGORIES))
    parts += (quality - parts.mean(axis=1))[:, None]  # a dossier's parts average to its quality
    noise = rng.uniform(*jury.noise, size=len(jurors))
    scores = []
    for dossier, juror in found.pairs:
        i, j = row[dossier], column[juror]
        seen = parts[i] - severity[j] + rng.normal(0, jury.halo_sd) + rng.normal(0, noise[j], size=CATEGORIES)
        marks = np.clip(np.rint(seen * TOP_MARK / 100), 0, TOP_MARK)
        scores.append((dossier, juror, float(marks.sum() * 100 / (CATEGORIES * TOP_MARK))))
    return tuple(scores)
