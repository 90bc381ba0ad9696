"""Severe and lenient jurors corrected: an additive model of scores, with standard errors and a test of its need.

    score(d, j) = quality(d) − severity(j) + error(d, j)

Qualities are exchangeable draws around a common mean, so that few scores are drawn towards it as far as the data say;
severities are fixed, so that what a juror adds to all his scores is taken off exactly. Method, sources and limits:
docs/methodology/calibration.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray
from scipy import optimize, sparse, stats
from scipy.sparse import csgraph

SIGNIFICANT = 0.05
TEST = "F test of equal severities in the additive model, dossiers held fixed"
_LOG_RATIOS = (-8.0, 14.0)  # of the variance of qualities to that of errors
_NOTHING = 1e-12  # a sum of squares this small, as a share of the whole, is rounding
_ONE_IS_NO_SPREAD = 2
Array = NDArray[np.float64]


class BadScores(ValueError):
    """Scores that cannot be calibrated: `reason` is empty, not_finite or duplicate, `facts` say which."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


@dataclass(frozen=True, slots=True)
class DossierGrade:
    """A dossier's mean score, its calibrated one, and the standard error of the latter; None where nothing tells it."""

    id: str
    raw: float
    calibrated: float
    se: float | None
    reviews: int


@dataclass(frozen=True, slots=True)
class JurorSeverity:
    """How far below the others a juror scores the same dossier (negative: above), with its standard error."""

    id: str
    severity: float
    se: float | None
    reviews: int


@dataclass(frozen=True, slots=True)
class Spread:
    """Whether severities differ: their standard deviation (errors of estimation taken off) and the test.

    statistic, df, p_value   None where no juror can be compared with another, or nothing is left to compare with
    """

    sd: float
    statistic: float | None
    df: tuple[int, int]
    p_value: float | None
    test: str = TEST


@dataclass(frozen=True, slots=True)
class Calibration:
    """What calibration says.

    applied       whether grades should follow it: the spread of severities is significant
    components    groups of jurors whom no dossier links; grades across groups rest on the groups being alike
    quality_sd, error_sd   standard deviations of qualities and of errors; None where they cannot be told
    """

    dossiers: tuple[DossierGrade, ...]
    jurors: tuple[JurorSeverity, ...]
    applied: bool
    spread: Spread
    components: int
    quality_sd: float | None
    error_sd: float | None


@dataclass(frozen=True, slots=True)
class _Design:
    """Scores with the row of their dossier and the column of their juror."""

    dossiers: tuple[str, ...]
    jurors: tuple[str, ...]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    score: Array

    @property
    def incidence(self) -> Array:
        """Dossiers × jurors: 1 where the juror scored the dossier."""
        found = np.zeros((len(self.dossiers), len(self.jurors)))
        found[self.row, self.column] = 1.0
        return found


def calibrate(scores: Sequence[tuple[str, str, float]]) -> Calibration:
    """Grades of dossiers and severities of jurors, both in sorted order of their ids.

    scores   dossier, juror, score; any scale, each pair once

    Raises BadScores. The order of the scores changes nothing; a constant that a juror adds to all his scores moves his
    severity by as much and all calibrated grades alike.
    """
    design = _design(scores)
    raw = np.bincount(design.row, design.score) / np.bincount(design.row)
    incidence = design.incidence
    components = _components(incidence)
    spread_test = _test(design, incidence, components)
    if spread_test.df[1] < 1:  # nothing tells errors from qualities
        return _as_they_are(design, raw, components, spread_test)
    fitted = _fit(design, incidence)
    applied = spread_test.p_value is not None and spread_test.p_value < SIGNIFICANT
    severities = fitted.mean - fitted.leniency
    sd = _spread_of(severities, fitted.leniency_se)
    per_dossier, per_juror = incidence.sum(axis=1), incidence.sum(axis=0)
    return Calibration(
        tuple(
            DossierGrade(id, float(raw[i]), float(fitted.grade[i]), float(fitted.grade_se[i]), int(per_dossier[i]))
            for i, id in enumerate(design.dossiers)
        ),
        tuple(
            JurorSeverity(id, float(severities[j]), float(fitted.leniency_se[j]), int(per_juror[j]))
            for j, id in enumerate(design.jurors)
        ),
        applied,
        Spread(sd, spread_test.statistic, spread_test.df, spread_test.p_value),
        components,
        math.sqrt(fitted.ratio * fitted.error_variance),
        math.sqrt(fitted.error_variance),
    )


def probability_of_levels(grade: float, se: float, thresholds: Sequence[float]) -> tuple[float, ...]:
    """How likely each level is, the lowest first, for a grade with a normal error; thresholds rise, each belongs above.

    >>> [round(p, 3) for p in probability_of_levels(60.0, 5.0, (20.0, 40.0, 60.0, 80.0))]
    [0.0, 0.0, 0.5, 0.5, 0.0]
    """
    if se <= 0:
        reached = sum(grade >= threshold for threshold in thresholds)
        return tuple(float(level == reached) for level in range(len(thresholds) + 1))
    below = [0.0, *(float(stats.norm.cdf((threshold - grade) / se)) for threshold in thresholds), 1.0]
    return tuple(upper - lower for lower, upper in pairwise(below))


def _design(scores: Sequence[tuple[str, str, float]]) -> _Design:
    if not scores:
        raise BadScores("empty")
    seen: set[tuple[str, str]] = set()
    for number, (dossier, juror, score) in enumerate(scores, 1):
        if not math.isfinite(score):
            raise BadScores("not_finite", number=number, dossier=dossier, juror=juror)
        if (dossier, juror) in seen:
            raise BadScores("duplicate", number=number, dossier=dossier, juror=juror)
        seen.add((dossier, juror))
    ordered = sorted(scores)  # so that no sum depends on the order in which scores came
    dossiers, jurors = sorted({one[0] for one in ordered}), sorted({one[1] for one in ordered})
    rows, columns = {id: i for i, id in enumerate(dossiers)}, {id: j for j, id in enumerate(jurors)}
    return _Design(
        tuple(dossiers),
        tuple(jurors),
        np.array([rows[one[0]] for one in ordered], dtype=np.int64),
        np.array([columns[one[1]] for one in ordered], dtype=np.int64),
        np.array([one[2] for one in ordered], dtype=np.float64),
    )


def _components(incidence: Array) -> int:
    graph = sparse.csr_array(incidence.T @ incidence)
    return int(csgraph.connected_components(graph, directed=False)[0])


def _test(design: _Design, incidence: Array, components: int) -> Spread:
    """The exact F test of a two-way layout without interaction, unequal numbers, jurors after dossiers.

    H. Scheffé, The Analysis of Variance (1959), chapter 4.4: within dossiers, what jurors explain against what is left.
    """
    between = len(design.jurors) - components
    left = len(design.score) - len(design.dossiers) - between
    if between < 1 or left < 1:
        return Spread(0.0, None, (between, max(left, 0)), None)
    counts = incidence.sum(axis=1)
    within = design.score - (np.bincount(design.row, design.score) / counts)[design.row]
    normal = np.diag(incidence.sum(axis=0)) - (incidence / counts[:, None]).T @ incidence
    right = np.bincount(design.column, within, minlength=len(design.jurors))
    explained = float(right @ np.linalg.pinv(normal, hermitian=True) @ right)
    whole = float(within @ within)
    unexplained = max(whole - explained, 0.0)
    if whole <= _NOTHING * max(1.0, float(design.score @ design.score)):
        return Spread(0.0, 0.0, (between, left), 1.0)
    if unexplained <= _NOTHING * whole:
        return Spread(0.0, None, (between, left), 0.0)
    statistic = (explained / between) / (unexplained / left)
    return Spread(0.0, statistic, (between, left), float(stats.f.sf(statistic, between, left)))


@dataclass(frozen=True, slots=True)
class _Fitted:
    ratio: float
    error_variance: float
    mean: float
    leniency: Array
    leniency_se: Array
    grade: Array
    grade_se: Array


def _fit(design: _Design, incidence: Array) -> _Fitted:
    """Variances by restricted maximum likelihood, then the effects."""
    free = len(design.score) - len(design.jurors)
    counts, per_juror = incidence.sum(axis=1), incidence.sum(axis=0)
    sums = np.bincount(design.row, design.score)
    by_juror = np.bincount(design.column, design.score)
    square = float(design.score @ design.score)

    def parts(ratio: float) -> tuple[Array, Array, float]:
        """The jurors' normal matrix, their means, and the weighted sum of squares that is left."""
        weight = ratio / (1 + counts * ratio)
        normal = np.diag(per_juror) - (incidence * weight[:, None]).T @ incidence
        right = by_juror - incidence.T @ (weight * sums)
        means = np.linalg.solve(normal, right)
        rest = square - float(weight @ sums**2) - float(right @ means)
        return normal, means, max(rest, _NOTHING * max(square, 1e-300))

    def minus_likelihood(log_ratio: float) -> float:
        ratio = math.exp(log_ratio)
        normal, _means, rest = parts(ratio)
        _sign, determinant = np.linalg.slogdet(normal)
        return free * math.log(rest) + float(np.log1p(counts * ratio).sum()) + float(determinant)

    within = {"bounds": _LOG_RATIOS, "method": "bounded", "options": {"xatol": 1e-6}}
    best = optimize.minimize_scalar(minus_likelihood, **within)
    ratio = math.exp(float(best.x))
    normal, means, rest = parts(ratio)
    variance = rest / free
    return _effects(
        design, incidence, ratio=ratio, variance=variance, means=means, inverse=np.asarray(np.linalg.inv(normal))
    )


def _effects(
    design: _Design, incidence: Array, *, ratio: float, variance: float, means: Array, inverse: Array
) -> _Fitted:
    """Best linear unbiased predictions with the variance of their errors (G. K. Robinson, Statistical Science 1991)."""
    counts = incidence.sum(axis=1)
    shrunk = ratio / (1 + counts * ratio)  # times the sum of a dossier's residuals
    residuals = np.bincount(design.row, design.score - means[design.column])
    mean = float(means.mean())
    grade = mean + shrunk * residuals
    # Error of mean + effect: the effect's own, and that of the means that were taken off (and of their mean).
    taken_off = np.full_like(incidence, 1 / len(design.jurors)) - shrunk[:, None] * incidence
    through_means = np.einsum("ij,jk,ik->i", taken_off, inverse, taken_off)
    grade_se = np.sqrt(variance * (shrunk + through_means))
    centring = np.eye(len(design.jurors)) - 1 / len(design.jurors)
    leniency_se = np.sqrt(np.maximum(variance * np.diag(centring @ inverse @ centring), 0.0))
    return _Fitted(ratio, variance, mean, means, leniency_se, grade, grade_se)


def _spread_of(severities: Array, errors: Array) -> float:
    """The standard deviation of severities without what estimation adds to it (method of moments)."""
    if len(severities) < _ONE_IS_NO_SPREAD:
        return 0.0
    return math.sqrt(max(float(severities.var(ddof=1)) - float((errors**2).mean()), 0.0))


def _as_they_are(design: _Design, raw: Array, components: int, spread: Spread) -> Calibration:
    """Nothing can be told of severities: grades stay raw."""
    per_dossier = np.bincount(design.row)
    per_juror = np.bincount(design.column)
    return Calibration(
        tuple(
            DossierGrade(id, float(raw[i]), float(raw[i]), None, int(per_dossier[i]))
            for i, id in enumerate(design.dossiers)
        ),
        tuple(JurorSeverity(id, 0.0, None, int(per_juror[j])) for j, id in enumerate(design.jurors)),
        False,
        spread,
        components,
        None,
        None,
    )
