"""A station opened again: its figures stay counted, or are set aside as those of another one."""

from importlib import import_module

import pytest
from django.apps import apps
from django.db import connection
from django.urls import reverse

from arobase.elections.actions.entries import NotAllowed
from arobase.elections.actions.passes import issue, use
from arobase.elections.models import Election, Entry
from arobase.elections.models import Station as Row
from arobase.elections.queries.results import night_of
from arobase.elections.rules.checks import Check
from arobase.elections.rules.counts import Box, Count
from arobase.elections.rules.entry import NothingToReplace, OneWayOnly, Unsure
from arobase.elections.rules.states import NotNow, State, Verb
from builders import an_account
from elections.nights import NIGHT, a_rehearsal, a_station, an_election, bag, count_all, send
from elections.standing import FIRST, SECOND, holds, standing
from people import CAMILLE

pytestmark = pytest.mark.django_db


def test_totals_may_follow_the_box_and_say_so_where_they_differ_from_it():
    election = a_rehearsal()
    send(election, "0001", Verb.BOX, {"signatures": 400, "envelopes": 400})
    send(election, "0002", Verb.BOX, {"signatures": 401, "envelopes": 401})

    send(election, "0001", Verb.TOTALS, FIRST, sure=False)
    with pytest.raises(Unsure) as error:
        send(election, "0002", Verb.TOTALS, FIRST, sure=False)
    send(election, "0002", Verb.TOTALS, FIRST)

    assert [one.check for one in error.value.found] == [Check.LIKE_THE_BOX]
    assert [standing(election, code).opened for code in ("0001", "0002")] == [Box(400, 400)] * 2
    assert standing(election).state is State.COUNTED
    assert holds(election)


def test_totals_opened_again_stay_counted_and_close_as_they_are():
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)
    send(election, "0001", Verb.REOPEN, {"why": "un doute"}, by=an_account(CAMILLE))
    reopened = standing(election)
    seen = night_of(Election.objects.get())

    send(election, "0001", Verb.FINISH, {})

    assert (reopened.state, reopened.counted.votes, reopened.to_come) == (State.COUNTING, (350, 40, 8), 0)
    assert seen.ballots.ballots == 400
    assert (standing(election).state, standing(election).counted.votes) == (State.COUNTED, (350, 40, 8))
    assert holds(election)


def test_totals_of_two_people_opened_again_are_counted_until_one_of_them_differs():
    election = a_rehearsal(typists=2)
    for who in (1, 2):
        send(election, "0001", Verb.TOTALS, FIRST | {"who": who})
    send(election, "0001", Verb.REOPEN, {"why": "un doute"}, by=an_account(CAMILLE))
    reopened = standing(election).counted.votes

    send(election, "0001", Verb.TOTALS, SECOND | {"who": 1, "replaces": 1, "why": "relu"})

    assert (reopened, standing(election).counted.votes) == ((350, 40, 8), (0, 0, 0))
    assert standing(election).state is State.DIFFERING


def set_aside(election, *, by, **more):
    return send(election, "0001", Verb.REOPEN, {"why": "mauvais bureau", "aside": True}, by=by, **more)


@pytest.mark.parametrize("is_signed", [False, True])
def test_what_was_another_stations_is_set_aside_and_the_station_begins_anew_either_way(is_signed):
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 80})
    send(election, "0001", Verb.TOTALS, FIRST)
    if is_signed:
        send(election, "0001", Verb.SIGN, {})

    set_aside(election, by=an_account(CAMILLE))
    emptied = standing(election)
    count_all(election, "0001")

    assert (emptied.counted.ballots, emptied.opened, emptied.turnout) == (0, None, {"12:00": 80})
    assert (standing(election).state, standing(election).counted.votes) == (State.COUNTED, (50, 30, 18))
    assert [one.payload.get("votes") for one in Entry.objects.filter(verb="totals")] == [[350, 40, 8]]
    assert Entry.objects.get(verb="reopen").payload == {"why": "mauvais bureau", "aside": True, "sure": True}
    assert holds(election)


def test_bags_and_totals_that_are_not_complete_are_set_aside_but_not_opened():
    election, camille = a_rehearsal(typists=2), an_account(CAMILLE)
    send(election, "0001", Verb.TOTALS, FIRST | {"who": 1})

    with pytest.raises(NotNow):
        send(election, "0001", Verb.REOPEN, {"why": "mauvais bureau"}, by=camille)
    with pytest.raises(OneWayOnly):
        send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    set_aside(election, by=camille)
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    set_aside(election, by=camille, key="again")

    assert standing(election) == Count(3, state=State.COUNTING)
    assert holds(election)


def test_what_waits_to_correct_totals_that_were_set_aside_is_told_so():
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)
    set_aside(election, by=an_account(CAMILLE))

    with pytest.raises(NothingToReplace):
        send(election, "0001", Verb.TOTALS, SECOND | {"replaces": 1, "why": "relu"})


def test_a_station_sets_nothing_aside_itself():
    election = an_election()
    opened = use(issue(election.pk, by=None, at=NIGHT)["0001", 1], at=NIGHT)
    send(election, "0001", Verb.TOTALS, FIRST, by=opened)

    with pytest.raises(NotAllowed):
        set_aside(election, by=opened)


def test_totals_opened_again_before_this_release_are_counted_after_it():
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)
    send(election, "0001", Verb.REOPEN, {"why": "un doute"}, by=an_account(CAMILLE))
    send(election, "0002", Verb.BAG, bag(1, (50, 30, 18)))
    before = [{**a_station(election, code).standing} for code in ("0001", "0002")]
    before[0].pop("reopened")
    Row.objects.filter(election=election, code="0001").update(standing=before[0])
    migration = import_module("arobase.elections.migrations.0004_reopened_totals_stay_counted")

    migration.mark_reopened(apps, connection.schema_editor())
    marked, holds_after = standing(election).counted.ballots, holds(election)
    migration.forget_reopened(apps, connection.schema_editor())

    assert (marked, holds_after) == (400, True)
    assert [a_station(election, code).standing for code in ("0001", "0002")] == before


def test_the_desk_sets_figures_aside_with_a_reason_and_the_station_reads_it(camille):
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)
    act = reverse("election_desk_act", args=[election.pk, "0001"])

    assert camille.post(act, {"act": "aside", "why": " "}).status_code == 422
    assert camille.post(act, {"act": "aside", "why": "mauvais bureau"}).status_code == 302

    html = camille.get(reverse("election_entry", args=[election.pk, "0001"])).content.decode()
    assert "Le pupitre a mis de côté les chiffres saisis ici" in html
    assert "mauvais bureau" in html
    assert standing(election) == Count(3, state=State.COUNTING)
