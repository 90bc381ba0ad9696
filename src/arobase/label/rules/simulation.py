"""A campaign that never was: territories with a quality nobody sees, jurors as jurors are, the real rules in between.

Mosaic, fit, assignment, score of a review, calibration, grade and level are those of a real campaign, under a real
configuration. The marks are not made by the model that calibrates them: jurors differ in how sure they are, a first
impression colours a juror's whole review, marks are whole numbers on the edition's scale and stop at its ends.
"""

from collections.abc import Callable, Sequence
from dataclasses import dataclass, replace
from datetime import timedelta
from fractions import Fraction

import numpy as np
from numpy.typing import NDArray

from arobase.initiatives.rules.referential import CandidateKind, Referential
from arobase.label.rules.assignment import Assignment, Problem, assign
from arobase.label.rules.calibration import Calibration, calibrate
from arobase.label.rules.configuration import Configuration
from arobase.label.rules.fit import fit
from arobase.label.rules.grades import grade
from arobase.label.rules.jury import Pair
from arobase.label.rules.mixing import mix
from arobase.label.rules.reviews import score_of
from arobase.label.rules.scoring import Action, Mosaic, Proof, applicable, mosaic
from arobase.label.rules.sharing import common

CONFLICT_SHARE = 0.03
KNOWN_CATEGORIES = 2  # that each juror knows
RENDERED = (0.05, 0.75)  # share of services that the least and the best territory render
DOCUMENTED = 0.4
SIZES = {CandidateKind.VILLAGE: 1_500, CandidateKind.TOWN: 22_000, CandidateKind.TERRITORY: 90_000}
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

    configuration: Configuration
    quality: Array
    mosaics: Sequence[Mosaic]
    assignment: Assignment
    scores: tuple[tuple[str, str, float], ...]
    calibration: Calibration
    severity: Array

    @property
    def raw(self) -> Array:
        return np.array([one.raw for one in self.calibration.dossiers])

    @property
    def calibrated(self) -> Array:
        return np.array([one.calibrated for one in self.calibration.dossiers])

    def rank_correlation(self, grades: Array) -> float:
        """Spearman's, between the jury's grades and the truth."""
        from scipy import stats  # dear to import, and few processes need it

        return float(stats.spearmanr(grades, self.quality).statistic)

    def levels(self, grades: Array) -> list[int]:
        """The level of each dossier, if the jury's grade were this: with its mosaic, thresholds and conditions."""
        jury, levels = self.configuration.jury, self.configuration.levels
        return [
            grade(_exact(one), se=None, mosaic=its, jury=jury, levels=levels).standing.arobases
            for one, its in zip(grades.tolist(), self.mosaics, strict=True)
        ]

    def right_levels(self, grades: Array) -> float:
        """The share of dossiers whose level is that of the truth."""
        return float(np.mean(np.array(self.levels(grades)) == np.array(self.levels(self.quality))))


def simulate(
    configuration: Configuration,
    referential: Referential,
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
    kinds = [list(SIZES)[int(one)] for one in rng.integers(len(SIZES), size=territories)]
    mosaics = [
        _mosaic(float(one), kind, configuration, referential, rng) for one, kind in zip(quality, kinds, strict=True)
    ]
    knows = _expertise(jurors, referential, rng)
    barred = _conflicts(dossiers, names, rng)
    found = _assigned(
        dossiers,
        names,
        {one: str(kind) for one, kind in zip(dossiers, kinds, strict=True)},
        np.array([[fit(one, expertise) for expertise in knows] for one in mosaics]),
        barred,
        reviews=reviews,
        everyones=configuration.jury.common,
        scores={number: one.score for number, one in enumerate(mosaics)},
        seconds=seconds,
        elapsed=elapsed,
    )
    severity = rng.normal(0, jury.severity_sd, size=jurors)
    truth = dict(zip(dossiers, quality.tolist(), strict=True))
    severities = dict(zip(names, severity.tolist(), strict=True))
    scores = _scores(found, truth, severities, configuration=configuration, jury=jury, rng=rng)
    return Campaign(configuration, quality, mosaics, found, scores, calibrate(scores), severity - severity.mean())


def _mosaic(
    quality: float,
    kind: CandidateKind,
    configuration: Configuration,
    referential: Referential,
    rng: np.random.Generator,
) -> Mosaic:
    """What a territory of that quality does: the better, the more of what it is asked for, some of it documented."""
    on = configuration.calendar.closes_at.date()
    asked = applicable(referential, configuration.scoring, kind=kind, population=SIZES[kind])
    least, most = RENDERED
    rendered = rng.random(len(asked)) < least + (most - least) * quality / 100
    documented = rng.random(len(asked)) < DOCUMENTED
    actions = [
        Action(
            id=number,
            services=(service.slug,),
            proof=Proof.DOCUMENTED if documented[number] else Proof.DECLARED,
            started_on=on - timedelta(days=100),
        )
        for number, service in enumerate(asked)
        if rendered[number]
    ]
    return mosaic(referential, configuration.scoring, actions, kind=kind, population=SIZES[kind], on=on)


def _expertise(jurors: int, referential: Referential, rng: np.random.Generator) -> list[list[str]]:
    """The categories that each juror knows."""
    slugs = [one.slug for one in referential.categories]
    return [rng.choice(slugs, size=KNOWN_CATEGORIES, replace=False).tolist() for _juror in range(jurors)]


def _conflicts(dossiers: tuple[str, ...], jurors: tuple[str, ...], rng: np.random.Generator) -> frozenset[Pair]:
    """A few pairs in conflict."""
    struck = rng.random((len(dossiers), len(jurors))) < CONFLICT_SHARE
    return frozenset((dossiers[i], jurors[j]) for i, j in zip(*np.nonzero(struck), strict=True))


def _assigned(
    dossiers: tuple[str, ...],
    jurors: tuple[str, ...],
    sizes: dict[str, str],
    fits: Array,
    barred: frozenset[Pair],
    *,
    reviews: int,
    everyones: int,
    scores: dict[int, Fraction],
    seconds: float,
    elapsed: Callable[[], float],
) -> Assignment:
    """As a campaign assigns: dossiers for everyone, the optimum of the others, sizes mixed."""
    shared = {dossiers[one] for one in common(scores, {}, number=everyones)}
    kept = [number for number, one in enumerate(dossiers) if one not in shared]
    chosen, theirs = tuple(dossiers[number] for number in kept), fits[kept]
    against = frozenset(pair for pair in barred if pair[0] not in shared)
    problem = Problem(dossiers=chosen, jurors=jurors, fit=theirs, conflicts=against, reviews=reviews)
    found = mix(assign(problem, seconds=seconds, elapsed=elapsed), problem, sizes)
    read_by_all = tuple((one, juror) for one in shared for juror in jurors if (one, juror) not in barred)
    return replace(found, pairs=(*found.pairs, *sorted(read_by_all)))


def _scores(
    found: Assignment,
    quality: dict[str, float],
    severity: dict[str, float],
    *,
    configuration: Configuration,
    jury: Jury,
    rng: np.random.Generator,
) -> tuple[tuple[str, str, float], ...]:
    """What each juror gives: a mark for each category, summed to points of 100 as a review's are."""
    weights, rules = configuration.scoring.categories, configuration.jury
    low, high = rules.scale[0].score, rules.scale[-1].score
    parts = {}
    for dossier, whole in quality.items():
        scattered = whole + rng.normal(0, 8, size=len(weights))
        parts[dossier] = scattered + whole - scattered.mean()  # a dossier's parts average to its quality
    noise = {juror: rng.uniform(*jury.noise) for juror in severity}
    scores = []
    for dossier, juror in found.pairs:
        seen = parts[dossier] - severity[juror] + rng.normal(0, jury.halo_sd)
        seen = low + (seen + rng.normal(0, noise[juror], size=len(weights))) * (high - low) / 100
        marks = dict(zip(weights, np.clip(np.rint(seen), low, high).astype(int).tolist(), strict=True))
        scores.append((dossier, juror, float(score_of(marks, rules, weights) or 0)))
    return tuple(scores)


def _exact(value: float) -> Fraction:
    return min(Fraction(100), max(Fraction(0), Fraction(value).limit_denominator(10**9)))
