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


def order(found: Calibration, *, group: int) -> list[list[str]]:
    """Dossiers of a group from the best to the last, equals together."""
    ranks: dict[float, list[str]] = {}
    for dossier in found.dossiers:
        if dossier.group == group:
            ranks.setdefault(dossier.calibrated, []).append(dossier.id)
    return [ranks[grade] for grade in sorted(ranks, reverse=True)]


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
@settings(max_examples=50, deadline=None)
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


@given(juries_that_tell(), st.integers(0, 3), st.sampled_from([1.0, -3.0, 0.5, 1000.0]))
@settings(max_examples=80, deadline=None)
def test_a_juror_who_adds_to_all_his_scores_changes_no_order(scores, who, added):
    before = calibrate(scores)
    assert before.error_sd is not None
    after = calibrate([(d, j, value + (added if j == f"j{who}" else 0.0)) for d, j, value in scores])

    for group in range(before.components):
        assert order(after, group=group) == order(before, group=group)


def test_a_juror_who_adds_to_all_his_scores_moves_his_severity_by_as_much_against_the_others():
    scores, _quality, _harsh = a_jury(3)
    before = calibrate(scores)
    after = calibrate([(d, j, value + (8.0 if j == "j02" else 0.0)) for d, j, value in scores])

    moved = [b.severity - a.severity for a, b in zip(before.jurors, after.jurors, strict=True)]
    assert moved == pytest.approx([1, 1, -7, 1, 1, 1, 1, 1], abs=1e-5)
    assert grades(after) - grades(before) == pytest.approx(np.ones(60), abs=1e-5)


@given(juries)
@settings(max_examples=50, deadline=None)
def test_jurors_renamed_keep_their_severity_and_dossiers_their_grade(scores):
    found = calibrate(scores)
    renamed = calibrate([(d, f"x{9 - int(j[1:])}", value) for d, j, value in scores])

    assert grades(renamed) == pytest.approx(grades(found), abs=1e-3)
    assert [one.severity for one in reversed(renamed.jurors)] == pytest.approx(
        [one.severity for one in found.jurors], abs=1e-3
    )


@given(juries)
@settings(max_examples=50, deadline=None)
def test_whatever_the_jury_the_answer_is_finite(scores):
    found = calibrate(scores)

    assert all(math.isfinite(dossier.calibrated) for dossier in found.dossiers)
    assert all(dossier.se is None or 0 <= dossier.se < math.inf for dossier in found.dossiers)
    assert abs(sum(juror.severity for juror in found.jurors)) < 1e-6


def test_groups_that_no_dossier_links_are_calibrated_within_and_keep_their_level():
    here = [(f"a{d}", j, 10.0 * d + (4.0 if j == "A" else 0.0)) for d in range(6) for j in "AB"]
    there = [(f"b{d}", j, 70 + 10.0 * d + (0.0 if j == "C" else 2.0)) for d in range(6) for j in "CD"]

    found = calibrate(here + there)

    assert found.components == 2
    assert [(one.group, round(one.severity, 3)) for one in found.jurors] == [(0, -2), (0, 2), (1, 1), (1, -1)]
    assert grades(found)[:6] == pytest.approx([10 * d + 2 for d in range(6)], abs=0.01)
    assert grades(found)[6:] == pytest.approx([10 * d + 71 for d in range(6)], abs=0.01)


def test_a_juror_linked_to_nobody_spoils_nothing_and_has_no_known_severity():
    scores = a_jury(1)[0]
    alone = calibrate([*scores, ("lonely", "z", 12.0)])

    assert alone.applied and alone.components == 2
    assert (alone.jurors[-1].severity, alone.jurors[-1].se) == (0, None)
    assert alone.dossiers[-1].calibrated == pytest.approx(12)
    assert grades(alone)[:60] == pytest.approx(grades(calibrate(scores)), abs=1e-4)


@pytest.mark.parametrize("scale", [1e-200, 1e-3, 1e300])
def test_the_unit_of_the_scores_does_not_matter(scale):
    scores = a_jury(5)[0]
    small, large = calibrate(scores), calibrate([(d, j, value * scale) for d, j, value in scores])

    assert grades(large) / scale == pytest.approx(grades(small), rel=1e-5)
    assert large.spread.p_value == pytest.approx(small.spread.p_value)


def test_jurors_who_all_agree_leave_nothing_to_correct():
    found = calibrate([(d, j, 7.0) for d in "abc" for j in "xy"])

    assert [(one.calibrated, one.se) for one in found.dossiers] == [(7.0, 0.0)] * 3
    assert (found.applied, found.spread.p_value) == (False, 1.0)


def test_the_test_agrees_with_a_two_way_layout_worked_by_hand():
    """Three dossiers × two jurors: differences of 3, 5, 4 have t = 4 / √(1 / 3), and F is t²."""
    pairs = {"a": (10.0, 7.0), "b": (20.0, 15.0), "c": (30.0, 26.0)}

    spread = calibrate([(d, j, score) for d, both in pairs.items() for j, score in zip("xy", both, strict=True)]).spread

    assert (spread.df, spread.statistic) == ((1, 2), pytest.approx(48.0))
    assert spread.p_value == pytest.approx(0.0202, abs=1e-4)


def test_where_all_have_read_all_the_grade_is_the_mean_drawn_in():
    """The balanced case has a closed form: variances from the table of sums of squares, one weight for all."""
    rng = np.random.default_rng(4)
    table = rng.normal(50, 12, 20)[:, None] + rng.normal(0, 6, 5)[None, :] + rng.normal(0, 8, (20, 5))
    rest = table - table.mean(axis=1, keepdims=True) - table.mean(axis=0) + table.mean()
    error = (rest**2).sum() / (19 * 4)
    between = 5 * table.mean(axis=1).var(ddof=1)

    found = calibrate([(f"d{d:02}", f"j{j}", table[d, j]) for d in range(20) for j in range(5)])

    drawn_in = table.mean() + (1 - error / between) * (table.mean(axis=1) - table.mean())
    assert grades(found) == pytest.approx(drawn_in, abs=1e-4)
    assert found.error_sd == pytest.approx(math.sqrt(error), rel=1e-5)
    assert found.quality_sd == pytest.approx(math.sqrt((between - error) / 5), rel=1e-5)


@pytest.mark.parametrize(
    "scores",
    [
        [("d1", "j1", 12.0)],
        [("d1", "j1", 12.0), ("d2", "j1", 8.0)],
        [("d1", "j1", 12.0), ("d2", "j2", 8.0)],
    ],
)
def test_without_two_opinions_grades_stay_raw_and_errors_unknown(scores):
    found = calibrate(scores)

    assert [(one.calibrated, one.se) for one in found.dossiers] == [(score, None) for _d, _j, score in scores]
    assert not found.applied


def test_a_lone_dossier_stays_raw_with_the_error_of_a_mean():
    found = calibrate([("d1", "j1", 12.0), ("d1", "j2", 16.0)])

    assert (found.dossiers[0].calibrated, found.applied) == (14.0, False)
    assert found.dossiers[0].se == pytest.approx(2.0)


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


@settings(max_examples=60, deadline=None)
@given(st.floats(-20, 120), st.floats(0, 30), st.lists(st.integers(1, 99), min_size=4, max_size=4, unique=True))
def test_the_levels_probabilities_sum_to_one_and_the_likeliest_holds_the_grade(grade, se, bounds):
    thresholds = sorted(bounds)

    found = probability_of_levels(grade, se, thresholds)

    assert sum(found) == pytest.approx(1)
    assert min(found) >= 0
    assert sum(found[sum(grade >= one for one in thresholds) :]) >= 0.5 - 1e-9
