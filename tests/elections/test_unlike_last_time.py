"""Figures far from what the same station had last time: asked about at the first bag and at the end."""

import pytest

from arobase.elections.models import Election, Entry
from arobase.elections.rules.checks import Check
from arobase.elections.rules.plans import FormerResult
from arobase.elections.rules.states import State, Verb
from elections.nights import a_rehearsal, a_station, bag, send
from elections.standing import asked, holds, page

pytestmark = pytest.mark.django_db


def former(**votes: int) -> FormerResult:
    return FormerResult("référendum de 2005", 500, sum(votes.values()), votes)


def a_referendum() -> Election:
    return a_rehearsal(lists=("Oui", "Non"), kind="referendum", seats=None, former=former(Oui=360, Non=40))


def test_lines_exchanged_in_every_bag_are_asked_about_at_the_first_and_at_the_end():
    election = a_referendum()
    exchanged = [bag(number, (10 + number, 88 - number)) for number in (1, 2, 3, 4)]

    assert asked(election, Verb.BAG, exchanged[0]) == [Check.LIKE_LAST_TIME]
    send(election, "0001", Verb.BOX, {"signatures": 400, "envelopes": 400})
    for one in exchanged:
        send(election, "0001", Verb.BAG, one)
    assert asked(election, Verb.FINISH, {}) == [Check.LIKE_LAST_TIME]

    send(election, "0001", Verb.FINISH, {}, sure=True)
    assert Entry.objects.latest("sequence").payload == {"sure": True}
    assert (a_station(election).state, holds(election)) == (State.COUNTED, True)


def test_a_bag_may_stray_further_from_last_time_than_a_station_and_later_ones_are_compared_with_it():
    election = a_referendum()

    assert send(election, "0001", Verb.BAG, bag(1, (55, 43)), sure=False).is_new
    assert send(election, "0001", Verb.BAG, bag(2, (48, 50)), sure=False).is_new


def test_without_scripts_a_station_far_from_last_time_is_closed_by_a_yes(camille):
    election = a_referendum()
    send(election, "0001", Verb.BOX, {"signatures": 100, "envelopes": 100})
    send(election, "0001", Verb.BAG, bag(1, (10, 88)))

    answer = page(camille, election, verb="finish")
    assert answer.status_code == 422
    assert 'id="finish" class="entry-ask" open' in answer.content.decode()
    assert page(camille, election, verb="finish", sure="on").status_code == 302

    assert a_station(election).state == State.COUNTED
