"""How the words of a text are folded and stemmed."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.text import LONGEST_QUERY, asked, column, stems


def test_what_is_typed_without_accents_meets_the_same_stems():
    assert stems("Médiathèques et cœur de ville") == stems("mediatheque COEURS ville")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("conseil filmé", "conseils filmés"),
        ("éducation numérique", "educations numeriques"),
        ("médiation", "mediation"),
        ("œuvre", "oeuvres"),
        ("budget participatif", "budgets participatifs"),
    ],
)
def test_plurals_and_genders_meet(one, other):
    assert stems(one) == stems(other)


def test_small_words_ask_nothing():
    assert asked("de la et des") == []


def test_a_word_asked_twice_is_asked_once():
    assert asked("budget budget participatif") == asked("budget participatif")


@given(st.text(max_size=400))
def test_stems_are_plain_letters_and_digits_whatever_is_typed(text):
    assert all(stem.isascii() and stem.isalnum() and stem == stem.lower() for stem in stems(text))
    assert column([text]) == " ".join(stems(text))


@given(st.text(min_size=1, max_size=2_000))
def test_a_question_is_bounded(text):
    assert sum(len(stem) for stem in asked(text)) <= 2 * LONGEST_QUERY  # « œ » becomes two letters


@given(st.text("abcdeéèêàâôîïùûçœ -’ 123", max_size=200))
def test_case_changes_nothing(text):
    assert stems(text.upper()) == stems(text)
