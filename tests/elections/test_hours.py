"""Voters by hour: at the hours of the town, never above what the box holds."""

from dataclasses import replace
from datetime import timedelta

import pytest

from arobase.elections.actions.entries import NoSuchHour, NotYet
from arobase.elections.rules.checks import Check
from arobase.elections.rules.states import NotNow, State, Verb
from builders import an_account
from elections.nights import NIGHT, a_rehearsal, an_election, count_all, send
from elections.standing import FIRST, asked, standing
from people import CAMILLE

pytestmark = pytest.mark.django_db


def test_totals_below_the_voters_of_an_hour_are_asked_about_as_a_box_is():
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 450})

    assert asked(election, Verb.TOTALS, FIRST) == [Check.TURNOUT_DOES_NOT_FALL]
    assert asked(election, Verb.BOX, {"signatures": 400, "envelopes": 400}) == [Check.TURNOUT_DOES_NOT_FALL]


def test_an_hour_that_comes_late_is_asked_about_above_the_signatures():
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)

    assert asked(election, Verb.TURNOUT, {"hour": "12:00", "voters": 401}) == [Check.TURNOUT_DOES_NOT_FALL]


def test_turnout_that_comes_late_changes_no_count_and_no_record():
    election = a_rehearsal()
    count_all(election, "0001")
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 60})
    counted = standing(election)
    send(election, "0001", Verb.SIGN, {})

    with pytest.raises(NotNow):
        send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 70})

    assert (counted.state, counted.turnout, counted.counted.ballots) == (State.COUNTED, {"10:00": 60}, 100)


@pytest.mark.parametrize("hour", ["03:33", "10:01", "18:00"])
def test_turnout_is_given_at_the_towns_own_hours(hour):
    election = a_rehearsal()

    with pytest.raises(NoSuchHour) as error:
        send(election, "0001", Verb.TURNOUT, {"hour": hour, "voters": 10})

    assert error.value.hours == ("10:00", "12:00", "15:00", "17:00")


@pytest.mark.parametrize(("code", "zone_hour"), [("76351", 12), ("97411", 9)])
def test_no_hour_is_given_before_it_has_come_on_the_towns_own_clock(code, zone_hour):
    election = an_election(code=code)
    camille = an_account(replace(CAMILLE, territory=f"commune:{code}"))
    noon = NIGHT.replace(hour=zone_hour, minute=0)
    twelve = {"hour": "12:00", "voters": 100}

    with pytest.raises(NotYet):
        send(election, "0001", Verb.TURNOUT, twelve, by=camille, at=noon - timedelta(minutes=1))
    assert send(election, "0001", Verb.TURNOUT, twelve, by=camille, at=noon).is_new
