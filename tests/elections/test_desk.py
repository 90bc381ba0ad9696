"""The central desk: whom to call first, and what only the town's officer does."""

from datetime import datetime, timedelta

import pytest
from django.test import Client
from django.urls import reverse

from arobase.elections.actions.entries import record
from arobase.elections.actions.passes import UnknownCode, issue, seen, use
from arobase.elections.models import Election, Entry, Pass, Station
from arobase.elections.queries.audit import broken
from arobase.elections.queries.desk import central_desk
from arobase.elections.rules.attention import Reason, Watched, alerts
from arobase.elections.rules.counts import Ballots, Box, Count, Totals
from arobase.elections.rules.states import State, Verb
from builders import an_account
from elections.nights import NIGHT, PARIS, a_rehearsal, a_station, an_election, bag, count_all, send
from people import CAMILLE, SACHA

OPENS = datetime(2026, 3, 15, 8, tzinfo=PARIS)
CLOSES = datetime(2026, 3, 15, 19, tzinfo=PARIS)
BOX = Box(100, 100)


def reasons(count: Count, *, at: datetime, last_at: datetime | None = None, **facts) -> list[Reason]:
    watched = Watched(count, OPENS, CLOSES, last_at, facts.pop("hours", ()), **facts)
    return [one.reason for one in alerts(watched, at=at)]


def minutes(number: int) -> timedelta:
    return timedelta(minutes=number)


def test_a_station_is_called_half_an_hour_after_its_closing():
    silent = Count(3, state=State.VOTING)

    assert reasons(silent, at=CLOSES + minutes(29)) == []
    assert reasons(silent, at=CLOSES + minutes(30)) == [Reason.SILENT]
    assert reasons(silent, at=CLOSES + minutes(30), by_clock=False) == []


def test_an_hour_of_turnout_is_missed_after_twenty_minutes_while_the_station_is_open():
    hours, at = ("07:00", "10:00", "12:00", "20:00"), OPENS + timedelta(hours=2, minutes=19)

    assert reasons(Count(3), at=at, hours=hours) == []
    assert reasons(Count(3), at=at + minutes(1), hours=hours) == [Reason.HOUR_MISSING]
    assert reasons(Count(3, turnout={"10:00": 5}), at=at + minutes(1), hours=hours) == []
    assert reasons(Count(3, turnout={"10:00": 5, "12:00": 9}), at=CLOSES + minutes(25), hours=hours) == []


def test_a_count_that_stands_still_is_called_after_twenty_minutes():
    counting = Count(3, box=BOX, state=State.COUNTING)

    assert reasons(counting, at=NIGHT + minutes(19), last_at=NIGHT) == []
    assert reasons(counting, at=NIGHT + minutes(20), last_at=NIGHT) == [Reason.STALLED]


def test_a_complete_count_should_be_signed_within_half_an_hour():
    counted = Count(3, box=BOX, state=State.COUNTED)

    assert reasons(counted, at=NIGHT + minutes(29), last_at=NIGHT) == []
    assert reasons(counted, at=NIGHT + minutes(30), last_at=NIGHT) == [Reason.UNSIGNED]


def test_typists_who_differ_come_before_all_else_and_a_gap_is_odd_until_it_is_signed():
    one, other = (Totals(BOX, Ballots((50, n, 0), 0, 50 - n)) for n in (30, 29))
    gap = Count(3, box=Box(99, 100), state=State.COUNTING)

    assert reasons(Count(3, typed={1: one, 2: other}, state=State.DIFFERING), at=NIGHT) == [Reason.DIFFERING]
    assert reasons(gap, at=NIGHT + minutes(20), last_at=NIGHT) == [Reason.STALLED, Reason.GAP]
    assert reasons(Count(3, box=gap.box, state=State.SIGNED), at=NIGHT) == []


@pytest.mark.django_db
def test_late_stations_come_first_with_the_longest_silence_on_top():
    election = an_election(stations=4)
    Station.objects.filter(code="0003").update(closes="18:00")
    send(election, "0001", Verb.BOX, {"signatures": 250, "envelopes": 250}, by=an_account(CAMILLE))

    seen = central_desk(election, at=NIGHT)

    assert [one.station.code for one in seen.to_call] == ["0003", "0002", "0004"]
    assert [one.station.code for one in seen.others] == ["0001"]
    assert seen.to_call[0].reasons == ["Rien depuis la clôture, il y a 150 minutes."]
    assert (seen.final, seen.stations) == (0, 4)


@pytest.mark.django_db
def test_the_desk_asks_as_much_of_the_database_for_forty_stations_as_for_four(django_assert_num_queries):
    small, large = an_election(stations=4), an_election(stations=40)
    for election in (small, large):
        issue(election.pk, by=None, at=NIGHT)

    for election in (small, large):
        with django_assert_num_queries(3):
            seen = central_desk(election, at=NIGHT)
            assert all(one.reasons and one.seats[0].code for one in seen.to_call)


def asked_at(election) -> list[str]:
    seen = central_desk(election, at=NIGHT)
    (station,) = [*seen.to_call, *seen.others]
    return [reason.replace("\u202f", " ").replace("\u00a0", " ") for reason in station.reasons]


@pytest.mark.django_db
def test_figures_confirmed_though_odd_are_on_the_desk_until_they_are_corrected():
    election = an_election(stations=1)
    real = {"by": an_account(CAMILLE)}
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), **real)
    odd = send(election, "0001", Verb.BAG, bag(2, (50, 30, 5)), **real).sequence

    assert asked_at(election) == [
        "Centaine 2, confirmée : « Cette centaine compte 87 bulletins, non 100."
        " Est-ce bien ce que porte l’enveloppe ? »"
    ]
    send(election, "0001", Verb.CORRECT, {"entry": odd, **bag(0, (49, 31, 18)), "why": "mal lu"}, **real)
    assert asked_at(election) == []
    assert broken(Election.objects.get()) is None


@pytest.mark.django_db
def test_a_bag_undone_is_odd_no_more_and_figures_set_aside_neither():
    election = an_election(stations=1)
    real = {"by": an_account(CAMILLE)}
    first = send(election, "0001", Verb.BAG, bag(1, (50, 30, 5)), **real).sequence
    send(election, "0001", Verb.UNDO, {"entry": first, "why": "x"}, **real)
    assert asked_at(election) == []

    send(election, "0001", Verb.BAG, bag(1, (50, 30, 6)), **real)
    assert len(asked_at(election)) == 1
    send(election, "0001", Verb.REOPEN, {"why": "du bureau 2", "aside": True}, **real)
    assert asked_at(election) == []


@pytest.mark.django_db
def test_odd_totals_are_on_the_desk_until_the_record_is_signed():
    election, real = an_election(stations=1), {"by": an_account(CAMILLE)}
    send(election, "0001", Verb.TURNOUT, {"hour": "17:00", "voters": 450}, **real)
    totals = {"signatures": 400, "envelopes": 400, "votes": [300, 90, 8], "blank": 1, "null": 1}
    send(election, "0001", Verb.TOTALS, totals, **real)

    assert [one[:40] for one in asked_at(election)] == ["Confirmé : « 400 émargements à la clôture"[:40]]
    send(election, "0001", Verb.SIGN, {}, **real)
    assert asked_at(election) == []
    send(election, "0001", Verb.REOPEN, {"why": "relu"}, **real)
    assert len(asked_at(election)) == 1


@pytest.mark.django_db
def test_a_machine_that_replays_a_night_has_confirmed_nothing():
    election = a_rehearsal(stations=1)

    send(election, "0001", Verb.BAG, bag(1, (50, 30, 5)))

    assert asked_at(election) == []


def act(client: Client, election, code: str = "0001", **sent):
    return client.post(reverse("election_desk_act", args=[election.pk, code]), sent)


def test_the_page_names_the_state_the_phone_and_what_is_to_come(camille):
    election = a_rehearsal()
    Station.objects.filter(code="0001").update(phone="02 35 19 45 45")
    send(election, "0001", Verb.BOX, {"signatures": 251, "envelopes": 250})
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    page = camille.get(reverse("election_desk", args=[election.pk])).content.decode()

    assert 'href="tel:0235194545"' in page
    assert "251 émargements, 250 enveloppes." in page
    assert "150 enveloppes à venir" in page
    assert page.index("bureau-0001") < page.index("bureau-0002")


def test_a_new_code_is_shown_once_and_the_former_opens_nothing(camille):
    election = a_rehearsal()
    former = issue(election.pk, by=None, at=NIGHT)["0001", 2]

    answer = act(camille, election, act="code", seat="2")

    code = answer.context["made"].code
    assert code in answer.content.decode()
    assert code not in camille.get(reverse("election_desk", args=[election.pk])).content.decode()
    with pytest.raises(UnknownCode):
        use(former, at=NIGHT)
    assert use(code, at=NIGHT).seat == 2


def test_a_code_is_revoked_and_the_other_seat_keeps_its_own(camille):
    election = a_rehearsal()
    issue(election.pk, by=None, at=NIGHT)

    answer = act(camille, election, act="revoke", seat="1")

    assert answer.status_code == 302
    assert list(Pass.objects.filter(station__code="0001", revoked_at=None).values_list("seat", flat=True)) == [2]


def test_the_last_bag_is_undone_with_a_reason_only(camille):
    election = a_rehearsal()
    kept = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    without = act(camille, election, act="undo", entry=kept.sequence, why="  ")
    assert (without.status_code, a_station(election).count(lists=3).counted.ballots) == (422, 100)
    assert "Dites en quelques mots pourquoi." in without.content.decode()

    act(camille, election, act="undo", entry=kept.sequence, why="comptée deux fois")
    assert a_station(election).count(lists=3).counted.ballots == 0
    last = Entry.objects.latest("sequence")
    assert (last.payload["why"], last.by[:7], len(last.key)) == ("comptée deux fois", "person:", 36)


def test_an_older_bag_is_not_undone_for_the_last_one(camille):
    election = a_rehearsal()
    first = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    send(election, "0001", Verb.BAG, bag(2, (50, 30, 18)))

    answer = act(camille, election, act="undo", entry=first.sequence, why="erreur")

    assert answer.status_code == 422
    assert "quelqu’un d’autre a saisi depuis" in answer.content.decode()


def test_a_station_is_signed_and_reopened(camille):
    election = a_rehearsal()
    count_all(election, "0001")

    assert act(camille, election, act="sign").status_code == 302
    assert a_station(election).state == State.SIGNED
    assert act(camille, election, act="sign").status_code == 422
    assert act(camille, election, act="reopen", why="une enveloppe oubliée").status_code == 302
    assert a_station(election).state == State.COUNTING


def test_what_is_typed_stays_when_the_station_is_in_another_state(camille):
    election = a_rehearsal()

    answer = act(camille, election, act="reopen", why="une enveloppe oubliée")

    assert answer.status_code == 422
    assert "Ce n’est pas possible à ce moment" in answer.content.decode()


@pytest.mark.parametrize("sent", [{}, {"act": "wipe"}, {"act": "code"}, {"act": "revoke", "seat": "3"}])
def test_what_is_no_action_does_nothing(camille, sent):
    election = a_rehearsal()

    assert act(camille, election, **sent).status_code == 422
    assert not Entry.objects.exists()
    assert not Pass.objects.exists()


def test_a_station_that_is_not_there_is_not_found(camille):
    assert act(camille, a_rehearsal(), "9999", act="sign").status_code == 404


def test_the_desk_is_for_the_towns_own_officers(db):
    stranger, election = Client(), an_election(code="79202", place="Parthenay")
    stranger.force_login(an_account(SACHA))
    camille = Client()
    camille.force_login(an_account(CAMILLE))

    for client in (stranger, camille):
        assert client.get(reverse("election_desk", args=[election.pk])).status_code == 403
        assert act(client, election, act="code", seat="1").status_code == 403
    assert not Pass.objects.exists()


def test_a_stations_two_devices_are_seen(camille):
    election = a_rehearsal()
    opened = use(issue(election.pk, by=None, at=NIGHT)["0001", 1], at=NIGHT)
    seen(opened.pk, at=NIGHT)
    record(a_station(election).pk, Verb.BOX, {"signatures": 9, "envelopes": 9}, key="k", by=opened, at=NIGHT, sure=True)

    seats = central_desk(election, at=NIGHT + timedelta(seconds=20)).others[0].seats

    assert [seat.is_here for seat in seats] == [True, False]
