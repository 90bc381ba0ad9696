"""Severe and lenient jurors corrected."""

import math

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from arobase.label.rules.calibration import BadScores, Calibration, calibrate, probability_of_levels


def a_jury(
    seed: int, *, dossiers: int = 60, jurors: int = 8, reviews: int = 3, severity: float = 6.0, noise: float = 5.0
):
    """Scores with the qualities and severities they were made from."""
    rng = np.random.default_rng(seed)
    quality, harsh = rng.normal(60, 12, dossiers), rng.normal(0, severity, jurors)
    scores = [
        (f"d{d:03}", f"j{j:02}", float(quality[d] - harsh[j] + rng.normal(0, noise)))
        for d in range(dossiers)
        for j in rng.choice(jurors, 3, replace=False)
    ]
    return scores, quality, harsh


def grades(found: Calibration) -> np.ndarray:
    return np.array([dossier.calibrated for dossier in found.dossiers])


def test_exact_scores_give_back_the_severities_and_the_order():
    """Worked by hand: B is 2 below A, and C 4 above A, on the same dossiers."""
    quality = {"d1": 10.0, "d2": 20.0, "d3": 30.0, "d4": 40.0}
    read = {"d1": "AB", "d2": "BC", "d3": "AC", "d4": "AB"}
    lenient = {"A": 0.0, "B": -2.0, "C": 4.0}

    found = calibrate([(d, j, quality[d] + lenient[j]) for d in quality for j in read[d]])

    assert [round(juror.severity, 3) for juror in found.jurors] == [0.667, 2.667, -3.333]
    assert np.diff(grades(found)) == pytest.approx([10, 10, 10], abs=1e-3)
    assert found.applied


def test_calibrated_grades_are_nearer_to_the_truth_than_raw_ones():
    better = 0
    for seed in range(10):
        scores, quality, _harsh = a_jury(seed)
        found = calibrate(scores)
        raw = np.array([dossier.raw for dossier in found.dossiers])
        error = np.std(grades(found) - quality)
        better += bool(error < np.std(raw - quality))
    assert better == 10


def test_severities_are_found_within_their_errors():
    inside = total = 0
    for seed in range(20):
        scores, _quality, harsh = a_jury(seed)
        for juror, truth in zip(calibrate(scores).jurors, harsh - harsh.mean(), strict=True):
            inside += abs(juror.severity - truth) < 1.96 * juror.se
            total += 1
    assert 0.90 < inside / total < 0.99


def test_standard_errors_of_grades_cover_as_they_say():
    inside = total = 0
    for seed in range(20):
        scores, quality, harsh = a_jury(seed)
        for dossier, truth in zip(calibrate(scores).dossiers, quality - harsh.mean(), strict=True):
            inside += abs(dossier.calibrated - truth) < 1.96 * dossier.se
            total += 1
    assert 0.92 < inside / total < 0.98


def test_without_a_spread_of_severity_it_is_applied_as_rarely_as_the_test_promises():
    applied = sum(calibrate(a_jury(seed, severity=0.0)[0]).applied for seed in range(200))

    assert applied <= 20  # 5 % of 200 are 10; more than 20 happens once in a thousand


def test_a_real_spread_is_found():
    found = calibrate(a_jury(1)[0])

    assert found.applied
    assert found.spread.p_value < 0.001
    assert 3 < found.spread.sd < 9


ids = st.integers(0, 6)
score = st.integers(0, 20).map(float)
juries = st.dictionaries(st.tuples(ids, st.integers(0, 4)), score, min_size=1, max_size=24).map(
    lambda found: [(f"d{d}", f"j{j}", value) for (d, j), value in found.items()]
)


@given(juries, st.randoms())
@settings(max_examples=60)
def test_the_order_of_scores_changes_nothing(scores, random):
    shuffled = list(scores)
    random.shuffle(shuffled)

    assert calibrate(shuffled) == calibrate(scores)


@st.composite
def juries_that_tell(draw):
    """Five to seven dossiers, each read by two to four of four jurors: enough to tell errors from qualities."""
    readers = draw(st.lists(st.permutations(range(4)), min_size=5, max_size=7))
    return [
        (f"d{d}", f"j{j}", draw(score)) for d, order in enumerate(readers) for j in order[: draw(st.integers(2, 4))]
    ]


@given(juries_that_tell(), st.integers(0, 3), st.sampled_from([1.0, -3.0, 0.5]))
@settings(max_examples=80)
def test_a_juror_who_adds_to_all_his_scores_moves_all_calibrated_grades_alike(scores, who, added):
    before = calibrate(scores)
    after = calibrate([(d, j, value + (added if j == f"j{who}" else 0.0)) for d, j, value in scores])

    moved = grades(after) - grades(before)
    assert before.error_sd is not None
    assert np.ptp(moved) < 1e-3 * max(1.0, np.ptp(grades(before)))


@given(juries)
@settings(max_examples=60)
def test_jurors_renamed_keep_their_severity_and_dossiers_their_grade(scores):
    found = calibrate(scores)
    renamed = calibrate([(d, f"x{9 - int(j[1:])}", value) for d, j, value in scores])

    assert grades(renamed) == pytest.approx(grades(found), abs=1e-3)
    assert [one.severity for one in reversed(renamed.jurors)] == pytest.approx(
        [one.severity for one in found.jurors], abs=1e-3
    )


@given(juries)
@settings(max_examples=60)
def test_whatever_the_jury_the_answer_is_finite(scores):
    found = calibrate(scores)

    assert all(math.isfinite(dossier.calibrated) for dossier in found.dossiers)
    assert all(dossier.se is None or 0 <= dossier.se < math.inf for dossier in found.dossiers)
    assert abs(sum(juror.severity for juror in found.jurors)) < 1e-6


def test_two_groups_that_no_dossier_links_are_told():
    scores = [(f"{group}{d}", f"{group}{j}", float(d + j)) for group in "ab" for d in range(4) for j in range(2)]

    assert calibrate(scores).components == 2


def test_a_lone_juror_or_a_lone_dossier_stays_as_it_is():
    lone = calibrate([("d1", "j1", 12.0)])

    assert (lone.dossiers[0].calibrated, lone.dossiers[0].se, lone.applied) == (12.0, None, False)


@pytest.mark.parametrize(
    ("scores", "reason"),
    [
        ([], "empty"),
        ([("d1", "j1", float("nan"))], "not_finite"),
        ([("d1", "j1", 3.0), ("d1", "j1", 4.0)], "duplicate"),
    ],
)
def test_bad_scores_are_named(scores, reason):
    with pytest.raises(BadScores) as refused:
        calibrate(scores)

    assert refused.value.reason == reason


@given(st.floats(-20, 120), st.floats(0, 30), st.lists(st.integers(1, 99), min_size=4, max_size=4, unique=True))
def test_the_levels_probabilities_sum_to_one_and_the_likeliest_holds_the_grade(grade, se, bounds):
    thresholds = sorted(bounds)

    found = probability_of_levels(grade, se, thresholds)

    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0
    assert sum(found[sum(grade >= one for one in thresholds) :]) >= 0.5 - 1e-9
