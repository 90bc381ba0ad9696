"""Severe and lenient jurors corrected: an additive model of scores, with standard errors and a test of its need.

    score(d, j) = quality(d) − severity(j) + error(d, j)

Qualities are exchangeable draws around a common mean, so that few scores are drawn towards it as far as the data say;
severities are fixed, so that what a juror adds to all his scores is taken off exactly. Method, sources and limits:
docs/methodology/calibration.md.
"""

import math
from collections.abc import Sequence
from dataclasses import dataclass, replace
from itertools import pairwise

import numpy as np
from numpy.typing import NDArray

SIGNIFICANT = 0.05
TEST = "F test of equal severities in the additive model, dossiers held fixed"
_LOG_RATIOS = (-8.0, 14.0)  # of the variance of qualities to that of errors
_NOTHING = 1e-12  # a sum of squares this small, as a share of the whole, is rounding
_DIGITS = 12  # of effects as shares of the largest score: dossiers equal but for rounding stay equal
_GRID = 45  # steps in which the variance ratio is first looked for, so that a second hill is not taken for the first
_ONE_IS_NO_SPREAD = 2
_LEAST_EXPONENT, _MOST_EXPONENT = -1000, 1023  # of the powers of two that a float holds with all its digits
Array = NDArray[np.float64]
_NO_MATRIX: Array = np.zeros(())


class BadScores(ValueError):
    """Scores that cannot be calibrated: `reason` is empty, not_finite or duplicate, `facts` say which."""

    def __init__(self, reason: str, **facts: str | int) -> None:
        self.reason, self.facts = reason, facts
        super().__init__(f"{reason}: {facts}")


@dataclass(frozen=True, slots=True)
class DossierGrade:
    """A dossier's mean score, its calibrated one, and the standard error of the latter; None where nothing tells it.

    group   grades can be compared within a group; between groups no more than raw ones can
    """

    id: str
    raw: float
    calibrated: float
    se: float | None
    reviews: int
    group: int


@dataclass(frozen=True, slots=True)
class JurorSeverity:
    """How far below the others of his group a juror scores the same dossier (negative: above), with its standard error.

    se   None where there is nobody to compare him with, or nothing tells errors
    """

    id: str
    severity: float
    se: float | None
    reviews: int
    group: int


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
    components    groups of jurors whom no dossier links: each is calibrated within, and keeps its own level
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
    """Scores with the row of their dossier and the column of their juror.

    score   as shares of `scale`, a power of two, so that dividing by it loses nothing
    group   by juror, the first being 0
    """

    dossiers: tuple[str, ...]
    jurors: tuple[str, ...]
    row: NDArray[np.int64]
    column: NDArray[np.int64]
    score: Array
    scale: float
    group: NDArray[np.int64]

    @property
    def incidence(self) -> Array:
        """Dossiers × jurors: 1 where the juror scored the dossier."""
        found = np.zeros((len(self.dossiers), len(self.jurors)))
        found[self.row, self.column] = 1.0
        return found

    @property
    def components(self) -> int:
        return int(self.group.max()) + 1


def calibrate(scores: Sequence[tuple[str, str, float]]) -> Calibration:
    """Grades of dossiers and severities of jurors, both in sorted order of their ids.

    scores   dossier, juror, score; any scale, each pair once

    Raises BadScores. The order of the scores changes nothing; a constant that a juror adds to all his scores moves all
    calibrated grades of his group alike, and those of other groups not at all.
    """
    design = _design(scores)
    incidence = design.incidence
    spread = _test(design, incidence)
    if spread.df[1] < 1:  # nothing tells errors from severities
        return _told(design, _as_they_are(design, incidence), spread)
    return _told(design, _fit(design, incidence), spread)


def probability_of_levels(grade: float, se: float, thresholds: Sequence[float]) -> tuple[float, ...]:
    """How likely each level is, the lowest first, for a grade with a normal error; thresholds rise, each belongs above.

    >>> [round(p, 3) for p in probability_of_levels(60.0, 5.0, (20.0, 40.0, 60.0, 80.0))]
    [0.0, 0.0, 0.5, 0.5, 0.0]
    """
    if se <= 0:
        reached = sum(grade >= threshold for threshold in thresholds)
        return tuple(float(level == reached) for level in range(len(thresholds) + 1))
    below = [0.0, *(0.5 * math.erfc((grade - threshold) / (se * math.sqrt(2))) for threshold in thresholds), 1.0]
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
    row = np.array([rows[one[0]] for one in ordered], dtype=np.int64)
    column = np.array([columns[one[1]] for one in ordered], dtype=np.int64)
    given = np.array([one[2] for one in ordered], dtype=np.float64)
    exponent = math.frexp(float(np.abs(given).max()))[1]
    scale = math.ldexp(1.0, min(max(exponent, _LEAST_EXPONENT), _MOST_EXPONENT))
    groups = _groups(row, column, dossiers=len(dossiers), jurors=len(jurors))
    return _Design(tuple(dossiers), tuple(jurors), row, column, given / scale, scale, groups)


def _groups(row: NDArray[np.int64], column: NDArray[np.int64], *, dossiers: int, jurors: int) -> NDArray[np.int64]:
    """By juror, which group of jurors linked by dossiers he is in."""
    from scipy import sparse  # dear to import, and few processes need it

    links = sparse.coo_array((np.ones(len(row)), (column, jurors + row)), shape=(jurors + dossiers,) * 2)
    labels = sparse.csgraph.connected_components(links, directed=False)[1][:jurors]
    return np.unique(labels, return_inverse=True)[1].astype(np.int64)


def _test(design: _Design, incidence: Array) -> Spread:
    """The exact F test of a two-way layout without interaction, unequal numbers, jurors after dossiers.

    H. Scheffé, The Analysis of Variance (1959), chapter 4.4: within dossiers, what jurors explain against what is left.
    """
    from scipy import special  # dear to import, and few processes need it

    between = len(design.jurors) - design.components
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
    if whole <= _NOTHING * len(design.score):
        return Spread(0.0, 0.0, (between, left), 1.0)
    if unexplained <= _NOTHING * whole:
        return Spread(0.0, None, (between, left), 0.0)
    statistic = (explained / between) / (unexplained / left)
    return Spread(0.0, statistic, (between, left), float(special.fdtrc(between, left, statistic)))


@dataclass(frozen=True, slots=True)
class _Fitted:
    """Variances and effects, as shares of the design's scale; NaN where nothing tells them."""

    quality_variance: float
    error_variance: float
    severity: Array
    severity_se: Array
    grade: Array
    grade_se: Array


def _fit(design: _Design, incidence: Array) -> _Fitted:
    """Variances by restricted maximum likelihood, then the effects."""
    free = len(design.score) - len(design.jurors)
    counts, per_juror = incidence.sum(axis=1), incidence.sum(axis=0)
    centre = np.bincount(design.column, design.score) / per_juror
    score = (
        design.score - centre[design.column]
    )  # what a juror adds to all his scores is gone before anything is fitted
    sums = np.bincount(design.row, score)
    by_juror = np.bincount(design.column, score)
    square = float(score @ score)
    least = _NOTHING * max(square, _NOTHING)
    sizes, size = np.unique(counts, return_inverse=True)
    together = [incidence[size == i].T @ incidence[size == i] for i in range(len(sizes))]
    sums_by_juror = [incidence[size == i].T @ sums[size == i] for i in range(len(sizes))]
    squares = np.bincount(size, sums**2)

    def parts(ratio: float) -> tuple[Array, Array, float]:
        """The jurors' normal matrix, their means, and the weighted sum of squares that is left."""
        weight = ratio / (1 + sizes * ratio)
        normal = np.diag(per_juror) - sum((w * one for w, one in zip(weight, together, strict=True)), _NO_MATRIX)
        right = by_juror - sum((w * one for w, one in zip(weight, sums_by_juror, strict=True)), _NO_MATRIX)
        means = np.linalg.solve(normal, right)
        return normal, means, max(square - float(weight @ squares) - float(right @ means), 0.0)

    def minus_likelihood(log_ratio: float) -> float:
        ratio = math.exp(log_ratio)
        normal, _means, rest = parts(ratio)
        determinant = float(np.linalg.slogdet(normal)[1])
        return free * math.log(max(rest, least)) + float(np.log1p(counts * ratio).sum()) + determinant

    grid = np.linspace(*_LOG_RATIOS, _GRID)
    peak = int(np.argmin([minus_likelihood(float(one)) for one in grid]))
    around = (float(grid[max(peak - 1, 0)]), float(grid[min(peak + 1, _GRID - 1)]))
    from scipy import optimize  # dear to import, and few processes need it

    found = optimize.minimize_scalar(minus_likelihood, bounds=around, method="bounded", options={"xatol": 1e-7})
    ratio = math.exp(float(found.x))
    normal, means, rest = parts(ratio)
    variance = rest / free if rest > least else 0.0
    inverse = np.asarray(np.linalg.inv(normal))
    return _effects(design, incidence, ratio=ratio, variance=variance, means=means, centre=centre, inverse=inverse)


def _effects(
    design: _Design, incidence: Array, *, ratio: float, variance: float, means: Array, centre: Array, inverse: Array
) -> _Fitted:
    """Best linear unbiased predictions with the variance of their errors (G. K. Robinson, Statistical Science 1991).

    means, centre   by juror: what was estimated, and what was taken off before; their sum is his level
    """
    counts = incidence.sum(axis=1)
    shrunk = ratio / (1 + counts * ratio)  # times the sum of a dossier's residuals
    residuals = np.bincount(design.row, design.score - (centre + means)[design.column])
    alike = (design.group[:, None] == design.group[None, :]).astype(np.float64)
    averaging = alike / alike.sum(axis=1, keepdims=True)  # over the jurors of a group
    level = averaging @ (centre + means)
    own = _group_of_dossiers(design)
    mean_of = np.zeros((design.components, len(design.jurors)))
    mean_of[design.group] = averaging
    grade = (mean_of @ (centre + means))[own] + np.round(shrunk * residuals, _DIGITS)
    # Error of mean + effect: the effect's own, and that of the means that were taken off (and of their mean).
    taken_off = mean_of[own] - shrunk[:, None] * incidence
    through_means = ((taken_off @ inverse) * taken_off).sum(axis=1)
    centring = np.eye(len(design.jurors)) - averaging
    severity_variance = variance * np.maximum(((centring @ inverse) * centring).sum(axis=1), 0.0)
    severity_variance[alike.sum(axis=1) < _ONE_IS_NO_SPREAD] = np.nan
    return _Fitted(
        quality_variance=ratio * variance,
        error_variance=variance,
        severity=np.round(level - centre - means, _DIGITS),
        severity_se=np.sqrt(severity_variance),
        grade=grade,
        grade_se=np.sqrt(variance * (shrunk + through_means)),
    )


def _as_they_are(design: _Design, incidence: Array) -> _Fitted:
    """Nothing can be told of severities: grades stay raw; their errors are what jurors differ by within dossiers."""
    counts = incidence.sum(axis=1)
    raw = np.bincount(design.row, design.score) / counts
    within = design.score - raw[design.row]
    free = len(design.score) - len(design.dossiers)
    variance = float(within @ within) / free if free else math.nan
    nobody = np.zeros(len(design.jurors))
    return _Fitted(math.nan, math.nan, nobody, nobody + math.nan, raw, np.sqrt(variance / counts))


def _group_of_dossiers(design: _Design) -> NDArray[np.int64]:
    found = np.zeros(len(design.dossiers), dtype=np.int64)
    found[design.row] = design.group[design.column]
    return found


def _spread_of(severities: Array, errors: Array) -> float:
    """The standard deviation of severities without what estimation adds to it (method of moments)."""
    known = ~np.isnan(errors)
    if known.sum() < _ONE_IS_NO_SPREAD:
        return 0.0
    return math.sqrt(max(float(severities[known].var(ddof=1)) - float((errors[known] ** 2).mean()), 0.0))


def _told(design: _Design, fitted: _Fitted, spread: Spread) -> Calibration:
    """The answer, on the scale of the scores, with None where nothing is known."""

    def known(share: float) -> float | None:
        return None if math.isnan(share) else share * design.scale

    per_dossier, per_juror = np.bincount(design.row), np.bincount(design.column)
    raw = np.bincount(design.row, design.score) / per_dossier
    own = _group_of_dossiers(design)
    return Calibration(
        dossiers=tuple(
            DossierGrade(
                id,
                raw=float(raw[i]) * design.scale,
                calibrated=float(fitted.grade[i]) * design.scale,
                se=known(float(fitted.grade_se[i])),
                reviews=int(per_dossier[i]),
                group=int(own[i]),
            )
            for i, id in enumerate(design.dossiers)
        ),
        jurors=tuple(
            JurorSeverity(
                id,
                severity=float(fitted.severity[j]) * design.scale,
                se=known(float(fitted.severity_se[j])),
                reviews=int(per_juror[j]),
                group=int(design.group[j]),
            )
            for j, id in enumerate(design.jurors)
        ),
        applied=spread.p_value is not None and spread.p_value < SIGNIFICANT,
        spread=replace(spread, sd=_spread_of(fitted.severity, fitted.severity_se) * design.scale),
        components=design.components,
        quality_sd=known(math.sqrt(fitted.quality_variance)),
        error_sd=known(math.sqrt(fitted.error_variance)),
    )
