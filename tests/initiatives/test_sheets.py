"""What the sheet of an initiative may say."""

from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.rules.sheets import (
    LONGEST,
    MOST_SERVICES,
    NEEDED_TO_SUBMIT,
    Place,
    Sheet,
    Why,
    completeness,
    counts,
    difference,
    missing,
    problems,
)

TODAY = date(2026, 10, 31)
FILMED = Sheet(
    title="Conseil municipal filmé",
    summary="Les séances sont filmées.",
    audience="tous",
    started_on=date(2025, 3, 1),
    maturity="running",
    doer="territory",
    services=("conseil-filme-et-transcrit",),
)


def found(sheet: Sheet) -> list[tuple[str, Why]]:
    return [(one.field, one.why) for one in problems(sheet, services={"conseil-filme-et-transcrit"}, on=TODAY)]


def test_a_plain_sheet_is_fine_and_complete_enough():
    assert found(FILMED) == []
    assert missing(FILMED) == []
    assert completeness(FILMED) == (7, 14)


def test_a_draft_needs_a_title_only():
    assert found(Sheet(title="Une idée")) == []
    assert found(Sheet(title="  ")) == [("title", Why.MISSING)]
    assert [one.field for one in missing(Sheet(title="Une idée"))] == list(NEEDED_TO_SUBMIT[1:])


@pytest.mark.parametrize(
    ("changes", "expected"),
    [
        ({"title": "x" * (LONGEST["title"] + 1)}, ("title", Why.TOO_LONG)),
        ({"maturity": "done"}, ("maturity", Why.UNKNOWN)),
        ({"services": ("conseil-filme-et-transcrit", "inconnu")}, ("services", Why.UNKNOWN)),
        ({"services": ("conseil-filme-et-transcrit",) * (MOST_SERVICES + 1)}, ("services", Why.TOO_MANY)),
        ({"address": "lehavre.fr"}, ("address", Why.NO_ADDRESS)),
        ({"address": "javascript:alert(1)"}, ("address", Why.NO_ADDRESS)),
        ({"address": "https://someone@lehavre.fr/"}, ("address", Why.NO_ADDRESS)),
        ({"ended_on": date(2025, 2, 28)}, ("ended_on", Why.ENDS_BEFORE_IT_BEGINS)),
        ({"started_on": date(2028, 11, 1)}, ("started_on", Why.BEGINS_TOO_FAR_AHEAD)),
        ({"places": (Place("Nulle part", 200.0, 49.0),)}, ("places", Why.OFF_THE_MAP)),
        ({"places": (Place("À moitié", 0.1, None),)}, ("places", Why.OFF_THE_MAP)),
        ({"places": (Place("Pas un nombre", float("nan"), 49.0),)}, ("places", Why.OFF_THE_MAP)),
    ],
)
def test_what_is_wrong_is_named_with_its_field(changes, expected):
    assert expected in found(replace(FILMED, **changes))


def test_the_day_before_two_years_an_ended_action_counts_and_the_day_it_is_two_years_old_not():
    began, ended = date(2024, 10, 31), date(2025, 6, 30)

    assert counts(began, ended, on=date(2026, 10, 30))
    assert not counts(began, ended, on=date(2026, 10, 31))


def test_what_began_on_a_29_february_is_two_years_old_on_the_first_of_march():
    assert counts(date(2024, 2, 29), date(2024, 12, 1), on=date(2026, 2, 28))
    assert not counts(date(2024, 2, 29), date(2024, 12, 1), on=date(2026, 3, 1))


def test_what_has_no_beginning_or_lies_ahead_does_not_count():
    assert not counts(None, None, on=TODAY)
    assert not counts(TODAY + timedelta(days=1), None, on=TODAY)


@given(st.dates(date(1990, 1, 1), date(2040, 1, 1)), st.dates(date(1990, 1, 1), date(2040, 1, 1)))
def test_what_still_runs_counts_however_old(began, on):
    assert counts(began, None, on=on) == (began <= on)


@given(st.dates(date(1990, 1, 1), date(2030, 1, 1)), st.integers(0, 2000), st.integers(0, 4000))
def test_a_later_end_never_makes_an_action_count_less(began, lasted, after):
    on = began + timedelta(days=after)
    ended = began + timedelta(days=lasted)

    assert counts(began, ended, on=on) <= counts(began, ended + timedelta(days=30), on=on)


def test_the_difference_names_what_changed_only():
    assert difference(FILMED, replace(FILMED, title="Conseil en direct")) == {
        "title": ("Conseil municipal filmé", "Conseil en direct")
    }
    assert difference(FILMED, FILMED) == {}
    assert set(difference(None, FILMED)) == {*NEEDED_TO_SUBMIT}
