"""The configuration of an edition: sound as it comes, refused by line and reason when it is not."""

import re

import pytest
import yaml
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.queries.configuration.editions import first_text, next_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.queries.configuration.text import BadConfiguration
from arobase.label.rules.configuration import Change, differences

TEXT = first_text()


def refused(text: str) -> list[tuple[int, str]]:
    with pytest.raises(BadConfiguration) as error:
        configuration_of(text)
    return [(one.line, one.path) for one in error.value.problems]


def line_of(part: str) -> int:
    return next(number for number, line in enumerate(TEXT.splitlines(), 1) if part in line)


def test_the_configuration_of_the_package_is_sound():
    found = configuration_of(TEXT)

    assert (found.label_year, found.number, len(found.levels), found.jury.reviews) == (2027, 28, 4, 3)
    assert sum(found.scoring.categories.values()) == 100


def test_next_year_is_this_one_a_year_later():
    this, next_ = configuration_of(TEXT), configuration_of(next_text(TEXT))

    assert (next_.label_year, next_.number) == (2028, 29)
    assert next_.calendar.closes_at.isoformat() == "2027-10-31T23:59:00+01:00"
    assert (next_.levels, next_.questions, next_.scoring) == (this.levels, this.questions, this.scoring)


@pytest.mark.parametrize(
    ("old", "new", "path"),
    [
        ("closes: 2026-10-31 23:59", "closes: 2026-10-25 02:30", "calendar.closes"),
        ("closes: 2026-10-31 23:59", "closes: demain", "calendar.closes"),
        ("review_closes: 2026-12-06 23:59", "review_closes: 2026-10-01 12:00", "calendar"),
        ("appeal_days: 30", "appeal_days: trente", "calendar.appeal_days"),
        ("appeal_days: 30", "appeal_days: 30\n  surprise: 1", "calendar.surprise"),
        ("full_at: 1/2", "full_at: 0", "scoring"),
        ("full_at: 1/2", "full_at: 1/0", "scoring.full_at"),
        ("vivre-ensemble: 25", "vivre-ensemble: 26", "scoring"),
        ("declared: 1/2", "declared: 9/10", "scoring"),
        ("threshold: 30", "threshold: 10", ""),
        ("what: each_category, at_least: 1/5", "what: each_category, at_least: 2", "levels[2].conditions[1]"),
        ("least_euros: 50", "least_euros: 9999", "fee"),
        ("weight: 3/5", "weight: 3", "jury.weight"),
        ("form: number", "form: nombre", "questions[2].form"),
        ("slug: strategie", "slug: Stratégie", "questions[0].slug"),
        ("slug: fierte", "slug: budget", ""),
        ("{territory} : votre participation", "{territoire} : votre participation", ""),
        ('referential: "2026.1"', 'referential: "1999.1"', ""),
    ],
)
def test_each_mistake_is_refused_where_it_stands(old, new, path):
    assert old in TEXT

    problems = refused(TEXT.replace(old, new, 1))

    assert [place for _line, place in problems] == [path]
    if path and "surprise" not in path:
        assert problems[0][0] >= line_of(path.split(".")[0].split("[")[0] + ":")


def test_all_mistakes_are_told_at_once():
    assert len(refused(TEXT.replace("appeal_days: 30", "appeal_days: x").replace("reviews: 3", "reviews: y"))) == 2


@pytest.mark.parametrize(
    "text",
    [
        "",
        "- 1",
        "a: [",
        "\tx: 1",
        "a: &a [1]\nb: *a",
        "x" * 300_000,
        TEXT + "\nnumber: 3\n",
        "label_year: 2027",
        "[" * 5_000,
    ],
    ids=["empty", "a list", "torn", "tab", "alias", "too long", "twice", "almost nothing", "deep"],
)
def test_a_text_that_is_no_configuration_is_refused_and_never_an_error_of_ours(text):
    assert refused(text)


@given(st.sampled_from(TEXT.splitlines()), st.text(max_size=8))
def test_whatever_is_typed_into_a_line_is_read_or_refused(line, typed):
    try:
        configuration_of(TEXT.replace(line, line + typed, 1))
    except BadConfiguration as error:
        assert error.problems


DOCUMENTS = st.recursive(
    st.none() | st.integers(0, 3) | st.sampled_from("ab"),
    lambda inner: st.dictionaries(st.sampled_from("xyz"), inner, max_size=3) | st.lists(inner, max_size=3),
    max_leaves=8,
)


@given(DOCUMENTS)
def test_a_document_does_not_differ_from_itself(document):
    assert differences(document, document) == []


def test_a_difference_names_its_place():
    old, new = yaml.safe_load(TEXT), yaml.safe_load(re.sub("threshold: 30", "threshold: 31", TEXT))

    assert differences(old, new) == [Change("levels[3].threshold", "30", "31")]
