"""When a campaign opens and closes, by the server's clock."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.label.queries.configuration.editions import first_text
from arobase.label.queries.configuration.shape import configuration_of
from arobase.label.rules.calendar import (
    BadWallTime,
    Phase,
    closing_for,
    instant,
    is_in_time,
    reminders,
)
from arobase.label.rules.fees import Fee
from arobase.label.rules.states import CAMPAIGN, DOSSIER, DossierState, DossierVerb, NotPossible
from arobase.territories.rules.clocks import OVERSEAS, PARIS, zone_of
from conftest import ROOT

CALENDAR = configuration_of(first_text()).calendar
SECOND = timedelta(seconds=1)


def test_participation_closes_at_the_second_and_not_before():
    assert CALENDAR.closes_at.astimezone(UTC) == datetime(2026, 10, 31, 22, 59, tzinfo=UTC)
    assert is_in_time(CALENDAR, at=CALENDAR.closes_at - SECOND)
    assert not is_in_time(CALENDAR, at=CALENDAR.closes_at)
    assert not is_in_time(CALENDAR, at=CALENDAR.opens_at - SECOND)


def test_an_extension_holds_for_its_territory_and_never_shortens():
    later, earlier = CALENDAR.closes_at + timedelta(days=2), CALENDAR.closes_at - timedelta(days=2)

    assert is_in_time(CALENDAR, at=CALENDAR.closes_at, extensions=[later])
    assert closing_for(CALENDAR, [earlier]) == CALENDAR.closes_at


def test_the_phases_follow_one_another_without_a_gap():
    days = (CALENDAR.opens_at, CALENDAR.closes_at, CALENDAR.review_closes_at, CALENDAR.ceremony_at)

    assert CALENDAR.phase(CALENDAR.opens_at - SECOND) is Phase.BEFORE
    assert [CALENDAR.phase(day) for day in days] == [
        Phase.PARTICIPATION, Phase.REVIEW, Phase.DELIBERATION, Phase.CEREMONY,
    ]  # fmt: skip
    assert [CALENDAR.phase(day - SECOND) for day in days[1:]] == [
        Phase.PARTICIPATION, Phase.REVIEW, Phase.DELIBERATION,
    ]  # fmt: skip


@pytest.mark.parametrize(("wall", "is_twice"), [((2026, 10, 25, 2, 30), True), ((2026, 3, 29, 2, 30), False)])
def test_a_wall_time_in_the_night_in_which_clocks_change_is_refused(wall, is_twice):
    with pytest.raises(BadWallTime) as refused:
        instant(datetime(*wall))

    assert refused.value.is_twice is is_twice


@given(st.datetimes(datetime(2020, 1, 1), datetime(2035, 1, 1)))
def test_any_other_wall_time_of_paris_comes_back_as_it_was_written(wall):
    try:
        found = instant(wall)
    except BadWallTime:
        return

    assert found.astimezone(UTC).astimezone(PARIS).replace(tzinfo=None) == wall


def test_the_hour_before_the_clocks_change_is_an_hour_before():
    before, after = instant(datetime(2026, 10, 25, 1, 59)), instant(datetime(2026, 10, 25, 3, 1))

    assert after.astimezone(UTC) - before.astimezone(UTC) == timedelta(hours=2, minutes=2)


def test_every_overseas_department_has_its_own_time():
    offsets = {code: CALENDAR.closes_at.astimezone(zone_of(code)).strftime("%H:%M") for code in OVERSEAS}

    assert (offsets["971"], offsets["974"], offsets["976"], offsets["987"]) == ("18:59", "02:59", "01:59", "12:59")


def test_reminders_come_in_order_before_the_closing():
    assert [CALENDAR.closes_at - one for one in reminders(CALENDAR)] == [timedelta(days=n) for n in (14, 3, 1)]


@given(st.none() | st.integers(0, 70_000_000))
def test_a_fee_never_leaves_its_bounds(population):
    assert 5_000 <= Fee(5, 5_000, 500_000).due(population) <= 500_000


@pytest.mark.parametrize("machine", [CAMPAIGN, DOSSIER], ids=["campaign", "dossier"])
def test_the_docs_draw_the_states_as_the_table_has_them(machine):
    page = (ROOT / "docs/methodology/campaign.md").read_text(encoding="utf-8")
    drawn = set(re.findall(r"^ +(\w+) --> (\w+) : (\w+)$", page, re.MULTILINE))

    assert {(str(state), str(to), str(verb)) for (state, verb), to in machine.transitions.items()} <= drawn
    assert len(drawn) == len(CAMPAIGN.transitions) + len(DOSSIER.transitions)


@given(st.sampled_from(DossierState), st.sampled_from(DossierVerb))
def test_a_verb_outside_the_table_is_refused(state, verb):
    if (state, verb) in DOSSIER.transitions:
        assert DOSSIER.after(state, verb) in set(DossierState)
    else:
        with pytest.raises(NotPossible):
            DOSSIER.after(state, verb)
