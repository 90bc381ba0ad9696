"""Reviews, conflicts and grades as rules."""

import re
from fractions import Fraction

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.queries.referential import referential
from arobase.initiatives.rules.referential import CandidateKind
from arobase.label.queries.configuration.editions import first_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.rules.conflicts import ConflictKind, Place, Ties, automatic
from arobase.label.rules.grades import grade, joined
from arobase.label.rules.reviews import REVIEW, ReviewState, score_of, sight
from arobase.label.rules.scoring import mosaic
from conftest import ROOT
from strategies.mosaics import CLOSING

CONFIGURATION = configuration_of(first_text())
WEIGHTS = CONFIGURATION.scoring.categories
EMPTY = mosaic(referential(), CONFIGURATION.scoring, [], kind=CandidateKind.TOWN, population=20_000, on=CLOSING)
marks = st.fixed_dictionaries({slug: st.integers(0, 10) for slug in WEIGHTS})


def test_a_score_is_the_mean_of_the_marks_by_the_points_of_the_categories():
    given_ = dict(zip(WEIGHTS, (10, 8, 6, 0), strict=True))

    assert score_of(given_, CONFIGURATION.jury, WEIGHTS) == 60
    assert score_of(dict.fromkeys(WEIGHTS, 10), CONFIGURATION.jury, WEIGHTS) == 100


@given(marks, st.sampled_from(sorted(WEIGHTS)))
def test_a_missing_mark_makes_no_score_and_a_better_one_never_a_worse(given_, slug):
    without = {name: value for name, value in given_.items() if name != slug}

    assert score_of(without, CONFIGURATION.jury, WEIGHTS) is None
    better = {**given_, slug: min(10, given_[slug] + 1)}
    assert score_of(better, CONFIGURATION.jury, WEIGHTS) >= score_of(given_, CONFIGURATION.jury, WEIGHTS)


@given(st.fractions(0, 100), st.none() | st.floats(0.01, 30))
def test_the_chances_of_the_levels_sum_to_one_and_name_the_level(value, se):
    found = grade(value, se=se, mosaic=EMPTY, jury=CONFIGURATION.jury, levels=CONFIGURATION.levels)

    assert sum(found.chances) == pytest.approx(1)
    assert all(-1e-9 <= chance <= 1 + 1e-9 for chance in found.chances)
    assert found.chances[found.standing.arobases - 1] == max(found.chances) or found.is_doubtful
    assert found.chances[2:] == (0, 0, 0), "what a condition refuses stays refused, whatever the jury's grade"


@given(st.fractions(0, 100))
def test_the_grade_lies_between_the_jurys_and_the_mosaics(value):
    found = joined(value, EMPTY, CONFIGURATION.jury)

    assert min(value, EMPTY.score) <= found <= max(value, EMPTY.score)


def test_a_grade_on_a_threshold_is_doubtful_and_one_far_from_any_is_not():
    def of(value):
        return grade(Fraction(value), se=2.0, mosaic=EMPTY, jury=CONFIGURATION.jury, levels=CONFIGURATION.levels)

    assert (of(25).value, of(25).standing.arobases, of(25).is_doubtful) == (15, 2, True)
    assert not of(5).is_doubtful


def test_nothing_anchors_a_juror_before_the_first_opinion():
    phase = CONFIGURATION.jury.phase(CONFIGURATION.calendar.closes_at)

    before = sight(phase, has_first_opinion=False)

    assert (before.others, before.last_level) == (False, False)
    assert sight(phase, has_first_opinion=True).others


HAVRE = Place("commune:76351", "epci:200084952", "departement:76")


@pytest.mark.parametrize(
    ("place", "kinds"),
    [
        (HAVRE, (ConflictKind.SAME_TERRITORY, ConflictKind.EPCI, ConflictKind.DEPARTMENT)),
        (Place("commune:76305", "epci:200084952", "departement:76"), (ConflictKind.EPCI, ConflictKind.DEPARTMENT)),
        (Place("epci:200084952"), (ConflictKind.EPCI,)),
        (Place("departement:76"), (ConflictKind.DEPARTMENT,)),
        (Place("commune:33063", "epci:243300316", "departement:33"), ()),
    ],
)
def test_a_juror_is_kept_from_where_he_works_and_what_surrounds_it(place, kinds):
    assert automatic(Ties((place,), True), HAVRE) == kinds


def test_a_partner_and_an_unconfirmed_address_are_conflicts():
    bordeaux = Place("commune:33063", "epci:243300316", "departement:33")

    assert automatic(Ties((bordeaux,), True), HAVRE, partners=frozenset({"epci:243300316"})) == (ConflictKind.PARTNER,)
    assert automatic(Ties((), False), HAVRE) == (ConflictKind.UNCONFIRMED,)


def test_the_docs_draw_the_states_of_a_review():
    page = (ROOT / "docs/methodology/jury.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+) : (\w+)$", page, re.MULTILINE))

    assert drawn == {(str(state), str(to), str(verb)) for (state, verb), to in REVIEW.transitions.items()}


def test_what_is_recused_or_dropped_is_not_finished():
    for state in (ReviewState.RECUSED, ReviewState.DROPPED):
        assert REVIEW.possible(state) == ()
