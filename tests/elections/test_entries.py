"""Figures entered for a station: kept once, checked, chained, and every change seen."""

from datetime import timedelta

import pytest
from django.db import DatabaseError, connection, transaction
from django.utils import timezone

from arobase.elections.actions.entries import KeyTaken, NotAllowed, NotTheDay, record
from arobase.elections.actions.passes import UnknownCode, UsedCode, issue, replace, seen, use
from arobase.elections.actions.preparing import BadPlan, NoRehearsal, change, prepare, wipe
from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.queries.audit import audited, broken
from arobase.elections.queries.desk import central_desk
from arobase.elections.queries.entry import desk
from arobase.elections.rules.audit import Fault
from arobase.elections.rules.checks import Check
from arobase.elections.rules.entry import AlreadyCounted, OneWayOnly, Refused, TooSoon, Unsure
from arobase.elections.rules.events import Malformed
from arobase.elections.rules.plans import FormerResult, fingerprint, without_former
from arobase.elections.rules.preparing import Frozen
from arobase.elections.rules.states import NotNow, State, Verb
from arobase.elections.views.audiences import KEPT_IN_SESSION
from builders import an_account
from elections.nights import LISTS, NIGHT, a_plan, a_rehearsal, a_station, an_election, bag, count_all, send
from elections.standing import holds
from people import CAMILLE, SACHA

pytestmark = pytest.mark.django_db


TYPED = {"who": 1, "signatures": 100, "envelopes": 100, "votes": [50, 30, 18], "blank": 1, "null": 1}


def standing(election, code="0001"):
    return a_station(election, code).count(lists=3)


def test_bags_add_up_to_the_station():
    election = a_rehearsal()

    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)])

    count = standing(election)
    assert (count.counted.votes, count.counted.valid, count.counted.ballots) == ((90, 70, 28), 188, 192)
    assert (count.state, count.to_come) == (State.COUNTED, 0)
    assert broken(Election.objects.get()) is None


def test_the_same_bag_sent_three_times_is_counted_once():
    election = a_rehearsal()

    first = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), key="one")
    again = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), key="one")
    other_tab = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), key="two")

    assert (first.is_new, again.is_new, other_tab.is_new) == (True, False, False)
    assert first.sequence == again.sequence == other_tab.sequence
    assert standing(election).counted.ballots == 100
    assert Entry.objects.count() == 1


def test_two_tabs_with_different_figures_are_told_apart():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(AlreadyCounted) as conflict:
        send(election, "0001", Verb.BAG, bag(1, (18, 30, 50)))

    assert (conflict.value.number, conflict.value.there.content.votes) == (1, (50, 30, 18))
    assert standing(election).counted.votes == (50, 30, 18)


def test_a_key_never_means_two_things():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), key="one")

    with pytest.raises(KeyTaken):
        send(election, "0001", Verb.BAG, bag(2, (50, 30, 18)), key="one")
    with pytest.raises(KeyTaken):
        send(election, "0002", Verb.BAG, bag(1, (50, 30, 18)), key="one")


def test_a_bag_waits_for_the_one_before_it():
    election = a_rehearsal()

    with pytest.raises(TooSoon) as error:
        send(election, "0001", Verb.BAG, bag(2, (50, 30, 18)))

    assert error.value.expected == 1


@pytest.mark.parametrize(
    ("payload", "field"),
    [
        ({"number": 1, "votes": [50, -1, 18], "blank": 1, "null": 1}, "votes.1"),
        ({"number": 1, "votes": [50, 30], "blank": 1, "null": 1}, "votes"),
        ({"number": 1, "votes": [50, 30, True], "blank": 1, "null": 1}, "votes.2"),
        ({"number": 1, "votes": [50, 30, 18.0], "blank": 1, "null": 1}, "votes.2"),
        ({"number": 1, "votes": [50, 30, "18"], "blank": 1, "null": 1}, "votes.2"),
        ({"number": 1, "votes": [50, 30, 9_999_999], "blank": 1, "null": 1}, "votes.2"),
        ({"number": 1, "votes": "abc", "blank": 1, "null": 1}, "votes"),
        ({"votes": [50, 30, 18], "blank": 1, "null": 1}, "number"),
        ({"number": 1, "votes": [50, 30, 18], "null": 1}, "blank"),
    ],
)
def test_what_is_no_count_is_refused_by_its_field(payload, field):
    election = a_rehearsal()

    with pytest.raises(Malformed) as error:
        send(election, "0001", Verb.BAG, payload, key="bad")

    assert error.value.field == field
    assert not Entry.objects.exists()


def test_lines_typed_in_each_others_place_are_asked_about():
    election = a_rehearsal(registered=1000)
    for number in range(1, 4):
        send(election, "0001", Verb.BAG, bag(number, (60 + number, 20 - number, 18)))

    with pytest.raises(Unsure) as error:
        send(election, "0001", Verb.BAG, bag(4, (19, 61, 18)), sure=False)

    assert [(one.check, dict(one.facts)) for one in error.value.found] == [
        (Check.LINES_ARE_NOT_SWAPPED, {"one": 0, "other": 1})
    ]
    assert send(election, "0001", Verb.BAG, bag(4, (19, 61, 18)), sure=True, key="sure").is_new
    assert Entry.objects.get(key="sure").payload["sure"] is True


def test_a_bag_of_ninety_nine_is_asked_about_unless_it_is_the_last():
    election = a_rehearsal()

    with pytest.raises(Unsure) as error:
        send(election, "0001", Verb.BAG, bag(1, (50, 30, 17)), sure=False)
    send(election, "0001", Verb.BOX, {"signatures": 99, "envelopes": 99}, sure=False)

    assert [one.check for one in error.value.found] == [Check.BAG_IS_FULL]
    assert send(election, "0001", Verb.BAG, bag(1, (50, 30, 17)), sure=False).is_new


def test_a_bag_with_the_figures_of_another_is_asked_about_and_kept_when_it_is_another():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    send(election, "0001", Verb.BAG, bag(2, (48, 32, 18)))

    with pytest.raises(Unsure) as error:
        send(election, "0001", Verb.BAG, bag(3, (50, 30, 18)), sure=False)

    assert [(one.check, dict(one.facts)) for one in error.value.found] == [(Check.BAG_IS_ANOTHER, {"number": 1})]
    assert send(election, "0001", Verb.BAG, bag(3, (50, 30, 18)), sure=True).is_new
    assert standing(election).counted.ballots == 300


def test_a_correction_is_asked_about_like_a_bag_and_compared_with_the_others():
    election = a_rehearsal(registered=1000)
    kept = [send(election, "0001", Verb.BAG, bag(number, (60 + number, 20 - number, 18))) for number in range(1, 4)]

    def asked(place, votes):
        correction = {"entry": kept[place].sequence, **bag(0, votes), "why": "mal lu"}
        with pytest.raises(Unsure) as error:
            send(election, "0001", Verb.CORRECT, correction, sure=False)
        return [(one.check, dict(one.facts)) for one in error.value.found]

    assert asked(0, (51, 19, 18)) == [(Check.BAG_IS_FULL, {"ballots": 90})]
    assert asked(0, (19, 61, 18)) == [(Check.LINES_ARE_NOT_SWAPPED, {"one": 0, "other": 1})]
    assert asked(0, (63, 17, 18)) == [(Check.BAG_IS_ANOTHER, {"number": 3})]
    assert asked(2, (61, 19, 18)) == [(Check.BAG_IS_ANOTHER, {"number": 1})]


def test_envelopes_and_signatures_may_differ_and_are_noted():
    election = a_rehearsal()

    kept = send(election, "0001", Verb.BOX, {"signatures": 101, "envelopes": 100}, sure=False)

    assert [(one.check, one.severity.value) for one in kept.found] == [(Check.SIGNATURES_ARE_ENVELOPES, "notes")]


@pytest.mark.parametrize(
    ("box", "check"),
    [
        ({"signatures": 501, "envelopes": 100}, Check.SIGNATURES_WITHIN_REGISTERED),
        ({"signatures": 100, "envelopes": 501}, Check.VOTERS_WITHIN_REGISTERED),
        ({"signatures": 90, "envelopes": 90}, Check.BAGS_WITHIN_ENVELOPES),
    ],
)
def test_a_box_that_cannot_be_is_refused(box, check):
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(Refused) as error:
        send(election, "0001", Verb.BOX, box)

    assert check in {one.check for one in error.value.found}


def test_a_station_is_finished_only_when_its_bags_add_up():
    election = a_rehearsal()
    send(election, "0001", Verb.BOX, {"signatures": 150, "envelopes": 150})
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(Refused) as error:
        send(election, "0001", Verb.FINISH, {})

    assert [(one.check, dict(one.facts)) for one in error.value.found] == [
        (Check.BAGS_ADD_UP, {"ballots": 100, "envelopes": 150})
    ]


def test_turnout_does_not_fall_from_hour_to_hour():
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 120})

    with pytest.raises(Refused) as error:
        send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 119})

    assert [one.check for one in error.value.found] == [Check.TURNOUT_DOES_NOT_FALL]


def test_a_correction_keeps_the_figures_before_it():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    correction = {"entry": kept.sequence, "votes": [51, 29, 18], "blank": 1, "null": 1, "why": "mal lu"}
    send(election, "0001", Verb.CORRECT, correction)

    assert standing(election).counted.votes == (51, 29, 18)
    assert [entry.payload["votes"] for entry in Entry.objects.order_by("sequence")] == [[50, 30, 18], [51, 29, 18]]


def test_the_last_bag_can_be_undone_and_no_other():
    election = a_rehearsal()
    first = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    second = send(election, "0001", Verb.BAG, bag(2, (48, 32, 18)))

    with pytest.raises(ValueError, match=str(first.sequence)):
        send(election, "0001", Verb.UNDO, {"entry": first.sequence, "why": "erreur"})
    send(election, "0001", Verb.UNDO, {"entry": second.sequence, "why": "erreur"})

    assert standing(election).counted.votes == (50, 30, 18)


def totals(votes, *, who, envelopes=100):
    return {"who": who, "signatures": envelopes, "envelopes": envelopes, "votes": list(votes), "blank": 1, "null": 1}


def test_two_typists_who_differ_leave_the_station_open_until_they_agree():
    election = a_rehearsal(typists=2)
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1))
    assert standing(election).state is State.COUNTING

    send(election, "0001", Verb.TOTALS, totals((30, 50, 18), who=2))
    assert standing(election).state is State.DIFFERING
    assert standing(election).counted.votes == (0, 0, 0)

    correction = {"replaces": Entry.objects.latest("sequence").sequence, "why": "deux lignes échangées"}
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=2) | correction)
    assert standing(election).state is State.COUNTED
    assert standing(election).counted.votes == (50, 30, 18)


def test_totals_are_counted_once_the_second_person_has_typed_the_same():
    election = a_rehearsal(typists=2)
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1))
    waiting = standing(election)
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=2))
    agreed = standing(election)

    assert (waiting.counted.ballots, waiting.opened, waiting.to_come) == (0, None, None)
    assert (agreed.counted.ballots, agreed.opened.envelopes, agreed.to_come) == (100, 100, 0)


def test_who_types_is_the_seat_of_the_sheet_whatever_the_device_says():
    election = an_election(typists=2)
    codes = issue(election.pk, by=None, at=NIGHT)
    one, two = (use(codes["0001", seat], at=NIGHT) for seat in (1, 2))

    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1), by=two, key="as the first")
    again = send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1), by=two, key="as the first")

    assert (again.is_new, set(standing(election).typed), standing(election).state) == (False, {2}, State.COUNTING)
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=2), by=one)
    assert standing(election).state is State.COUNTED
    assert broken(Election.objects.get()) is None


def test_nobody_sees_what_another_typed_before_typing_it_too():
    election = an_election(typists=2)
    codes = issue(election.pk, by=None, at=NIGHT)
    one, two = (use(codes["0001", seat], at=NIGHT) for seat in (1, 2))

    def seen_by(who):
        return [who for who, _typed in desk(a_station(election), at=NIGHT, by=who).typed]

    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1), by=one)
    assert desk(a_station(election), at=NIGHT, by=two).state_name == "en attente de la seconde saisie"
    assert {row.state_name for row in central_desk(election, at=NIGHT).others if row.station.code == "0001"} == {
        "en attente de la seconde saisie"
    }
    assert [seen_by(who) for who in (one, two, an_account(CAMILLE))] == [[1], [], []]
    send(election, "0001", Verb.TOTALS, totals((30, 50, 18), who=2), by=two)

    assert [seen_by(who) for who in (one, two)] == [[1, 2], [1, 2]]


def test_totals_must_be_as_many_ballots_as_envelopes():
    election = a_rehearsal()

    with pytest.raises(Refused) as error:
        send(election, "0001", Verb.TOTALS, totals((50, 30, 17), who=1))

    assert [one.check for one in error.value.found] == [Check.ENVELOPES_ARE_BALLOTS]


def test_a_station_is_entered_one_way():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(OneWayOnly):
        send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1))


def test_a_signed_station_is_reopened_by_the_officer_with_a_reason():
    election = an_election()
    camille, sacha = an_account(CAMILLE), an_account(SACHA)
    real = {"by": camille, "at": NIGHT}
    send(election, "0001", Verb.TOTALS, totals((50, 30, 18), who=1), **real)
    send(election, "0001", Verb.SIGN, {}, **real)

    with pytest.raises(NotNow):
        send(election, "0001", Verb.TOTALS, totals((51, 29, 18), who=1), **real)
    with pytest.raises(Malformed):
        send(election, "0001", Verb.REOPEN, {"why": " "}, **real)
    with pytest.raises(NotAllowed):
        send(election, "0001", Verb.REOPEN, {"why": "erreur"}, by=sacha)
    send(election, "0001", Verb.REOPEN, {"why": "erreur de report"}, **real)

    assert standing(election).state is State.COUNTING


def test_nothing_is_counted_before_the_closing_by_the_servers_clock():
    election = an_election()
    camille = an_account(CAMILLE)
    before = NIGHT.replace(hour=18, minute=59)

    with pytest.raises(NotTheDay):
        send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=camille, at=before)
    assert send(election, "0001", Verb.TURNOUT, {"hour": "17:00", "voters": 100}, by=camille, at=before).is_new


def test_the_night_over_a_station_enters_nothing_any_more_with_its_code():
    election = an_election()
    opened = use(issue(election.pk, by=None, at=NIGHT)["0001", 1], at=NIGHT)

    with pytest.raises(NotAllowed):
        send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=opened, at=NIGHT + timedelta(days=1))


def test_a_code_opens_its_own_station_once():
    election = an_election()
    codes = issue(election.pk, by=None, at=NIGHT)
    opened = use(codes["0001", 1].lower().replace("-", " "), at=NIGHT)
    seen(opened.pk, at=NIGHT)

    with pytest.raises(UsedCode):
        use(codes["0001", 1], at=NIGHT)
    with pytest.raises(UnknownCode):
        use("2222-2222-2222", at=NIGHT)
    assert send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=opened).is_new
    with pytest.raises(NotAllowed):
        send(election, "0002", Verb.BAG, bag(1, (50, 30, 18)), by=opened)


def came_in(client, code):
    """The device sends its code and follows where it leads."""
    return client.post("/elections/code", {"code": code}, follow=True)


def test_a_code_whose_answer_was_lost_opens_again_and_only_for_whoever_got_an_answer(client):
    election = a_rehearsal(day=timezone.localdate())
    code = issue(election.pk, by=None, at=timezone.now())["0001", 1]
    lost, other, late = client.__class__(), client.__class__(), client.__class__()
    page = f"/elections/{election.pk}/saisie/0001"

    lost.post("/elections/code", {"code": code})  # nobody sees where this leads
    answers = [came_in(one, code) for one in (other, late)]

    assert [answer.status_code for answer in answers] == [200, 422]
    assert [one.get(page).status_code for one in (lost, other, late)] == [302, 200, 302]


def test_of_a_code_that_arrives_twice_the_late_one_turns_nobody_out(client):
    election = a_rehearsal(day=timezone.localdate())
    code = issue(election.pk, by=None, at=timezone.now())["0001", 1]
    there, twice = client.__class__(), client.__class__()
    page = f"/elections/{election.pk}/saisie/0001"

    there.post("/elections/code", {"code": code})
    twice.post("/elections/code", {"code": code})  # the same request, late on its way: its answer reaches nobody

    assert [one.get(page).status_code for one in (there, twice, there)] == [200, 302, 200]


def test_the_sheet_scanned_again_leads_to_its_station_while_the_code_is_in_force(client):
    election = a_rehearsal(day=timezone.localdate())
    code = issue(election.pk, by=None, at=timezone.now())["0001", 1]
    came_in(client, code)
    page = f"/elections/{election.pk}/saisie/0001"

    assert client.get(f"/elections/code?code={code.lower()}").headers["Location"] == page
    assert client.post("/elections/code", {"code": code}).headers["Location"] == page
    assert client.get("/elections/code?code=2222-2222-2222").status_code == 200
    replace(a_station(election).pk, 1, by=None, at=timezone.now())
    assert client.get(f"/elections/code?code={code}").status_code == 200


def test_one_device_has_a_page_open_for_each_ballot(client):
    council, sector = (a_rehearsal(day=timezone.localdate()) for _ballot in range(2))
    codes = [issue(one.pk, by=None, at=timezone.now())["0001", 1] for one in (council, sector)]
    pages = [f"/elections/{one.pk}/saisie/0001" for one in (council, sector)]

    for code in codes:
        assert came_in(client, code).status_code == 200
    replace(a_station(sector).pk, 2, by=None, at=timezone.now())  # of the other seat
    sent = [client.post(one, {"verb": "turnout", "key": "k", "hour": "10:00", "voters": "9"}) for one in pages]

    assert [answer.headers["Location"] for answer in sent] == pages
    assert [standing(one).turnout for one in (council, sector)] == [{"10:00": 9}] * 2
    assert [client.get(f"/elections/code?code={code}").headers["Location"] for code in codes] == pages
    assert client.get(f"/elections/{council.pk}/saisie/0002").status_code == 302


def test_of_two_codes_on_one_device_the_one_revoked_opens_nothing_and_the_other_stays(client):
    council, sector = (a_rehearsal(day=timezone.localdate()) for _ballot in range(2))
    codes = [issue(one.pk, by=None, at=timezone.now())["0001", 1] for one in (council, sector)]
    pages = [f"/elections/{one.pk}/saisie/0001" for one in (council, sector)]
    for code in codes:
        came_in(client, code)

    replace(a_station(council).pk, 1, by=None, at=timezone.now())

    assert [client.get(one).status_code for one in pages] == [302, 200]
    assert [client.get(f"/elections/code?code={code}").status_code for code in codes] == [200, 302]


def test_a_device_forgets_the_codes_of_another_day(client, monkeypatch):
    today = timezone.localdate()
    first, second = (a_rehearsal(day=day) for day in (today, today + timedelta(days=7)))
    now = timezone.now()
    codes = [issue(one.pk, by=None, at=now)["0001", 1] for one in (first, second)]
    came_in(client, codes[0])

    monkeypatch.setattr("django.utils.timezone.now", lambda: now + timedelta(days=7))
    came_in(client, codes[1])

    assert list(client.session[KEPT_IN_SESSION]) == [f"{second.pk}/0001"]


def test_a_station_opened_again_says_why_until_it_is_closed_again():
    election = an_election()
    camille = an_account(CAMILLE)
    real = {"by": camille, "at": NIGHT}

    def reason():
        return desk(a_station(election), at=NIGHT, by=camille).reopened

    def close(key):
        send(election, "0001", Verb.FINISH, {}, key=key, **real)

    send(election, "0001", Verb.BOX, {"signatures": 100, "envelopes": 100}, **real)
    counted = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), **real)
    close("first")
    send(election, "0001", Verb.REOPEN, {"why": "erreur de report"}, **real)
    assert reason() == "erreur de report"
    correction = {"entry": counted.sequence, **bag(0, (51, 29, 18)), "why": "mal lu"}
    send(election, "0001", Verb.CORRECT, correction, **real)
    assert reason() == "erreur de report"
    close("again")
    assert reason() == ""


def test_a_code_replaced_enters_nothing_more():
    election = an_election()
    codes = issue(election.pk, by=None, at=NIGHT)
    opened = use(codes["0001", 1], at=NIGHT)

    fresh = replace(a_station(election).pk, 1, by=None, at=NIGHT)
    opened.refresh_from_db()

    with pytest.raises(NotAllowed):
        send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)), by=opened)
    assert use(fresh, at=NIGHT).station.code == "0001"


def test_only_the_towns_officer_prepares_its_night():
    sacha, camille = an_account(SACHA), an_account(CAMILLE)

    with pytest.raises(NotAllowed):
        prepare(a_plan(), by=sacha, at=timezone.now())
    assert prepare(a_plan(), by=camille, at=timezone.now()).stations.count() == 4


def test_a_plan_says_all_that_is_wrong_with_it():
    with pytest.raises(BadPlan) as error:
        prepare(a_plan(lists=("Une", "Une"), stations=0), by=None, at=timezone.now())

    assert [(one.wrong.value, one.about) for one in error.value.found] == [("choice_twice", "Une"), ("no_station", "")]


def test_lists_do_not_change_once_the_count_has_begun():
    election = a_rehearsal()
    change(election.pk, a_plan(rehearsal=True, stations=2), by=None, at=timezone.now())
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(Frozen):
        change(election.pk, a_plan(rehearsal=True), by=None, at=timezone.now())


def test_what_holds_figures_of_a_real_night_is_not_wiped():
    rehearsal, untouched, real = a_rehearsal(), an_election(), an_election()
    count_all(rehearsal, "0001")
    send(real, "0001", Verb.BOX, {"signatures": 9, "envelopes": 9}, by=an_account(CAMILLE))

    wipe(rehearsal.pk, by=None, at=NIGHT)
    wipe(untouched.pk, by=None, at=NIGHT)
    with pytest.raises(NoRehearsal):
        wipe(real.pk, by=None, at=NIGHT)

    assert list(Election.objects.all()) == [real]
    assert set(Entry.objects.values_list("election", flat=True)) == {real.pk}


def test_the_database_itself_refuses_to_change_an_entry():
    election = a_rehearsal()
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(at=NIGHT)


def by_hand(statement, *values):
    """Someone at the database who knows how to take the trigger away."""
    with connection.cursor() as cursor:
        drop = "DROP TRIGGER entries_do_not_change"
        cursor.execute(drop if connection.vendor == "sqlite" else f"{drop} ON elections_entry")
        cursor.execute(statement, values)


def a_night():
    election = a_rehearsal()
    count_all(election, "0001", bags=[(50, 30, 18), (40, 40, 10)])
    count_all(election, "0002", bags=[(20, 60, 18)])
    election.refresh_from_db()
    assert broken(election) is None
    return election


@pytest.mark.parametrize(
    ("statement", "fault", "sequence"),
    [
        ("UPDATE elections_entry SET payload = '{\"number\": 1}' WHERE sequence = 2", Fault.CHANGED, 2),
        ("UPDATE elections_entry SET \"by\" = 'person:1' WHERE sequence = 3", Fault.CHANGED, 3),
        ("UPDATE elections_entry SET hash = previous WHERE sequence = 3", Fault.CHANGED, 3),
        ("DELETE FROM elections_entry WHERE sequence = 3", Fault.MISSING, 3),
        ("DELETE FROM elections_entry WHERE sequence = 7", Fault.CUT, 7),
        ("UPDATE elections_entry SET sequence = CASE sequence WHEN 2 THEN 93 ELSE 2 END WHERE sequence IN (2, 3)",
         Fault.CHANGED, 2),
        ("UPDATE elections_entry SET payload = '[1]' WHERE sequence = 2", Fault.CHANGED, 2),
        ("UPDATE elections_entry SET payload = '[[\"number\", 1]]' WHERE sequence = 2", Fault.CHANGED, 2),
        ("UPDATE elections_entry SET payload = 'null' WHERE sequence = 3", Fault.CHANGED, 3),
    ],
)  # fmt: skip
def test_whoever_edits_the_chain_by_hand_is_found_out(statement, fault, sequence):
    election = a_night()

    by_hand(statement)

    found = broken(election)
    assert (found.fault, found.sequence) == (fault, sequence)


@pytest.mark.skipif(connection.vendor != "sqlite", reason="other databases keep what a column is for")
@pytest.mark.parametrize(
    ("edit", "fault", "sequence", "station"),
    [
        ('UPDATE elections_entry SET payload = \'{"why": "\\ud800"}\' WHERE sequence = 3', Fault.CHANGED, 3, "0001"),
        ("UPDATE elections_entry SET at = 'yesterday' WHERE sequence = 5", Fault.CHANGED, 5, "0002"),
        ("UPDATE elections_entry SET at = '2026-13-45 00:00:00' WHERE sequence = 2", Fault.CHANGED, 2, "0001"),
        ("UPDATE elections_entry SET \"by\" = x'00ff' WHERE sequence = 2", Fault.CHANGED, 2, "0001"),
        ("UPDATE elections_entry SET sequence = 'one' WHERE sequence = 7", Fault.CHANGED, 7, "0002"),
        ("UPDATE elections_station SET former = '{\"poll\": \"x\"}' WHERE code = '0003'", Fault.SETUP, 1, "0003"),
        ("UPDATE elections_station SET closes = 'late' WHERE code = '0003'", Fault.SETUP, 1, "0001"),
        ("UPDATE elections_choice SET average_age = 'old' WHERE place = 0", Fault.SETUP, 1, ""),
    ],
)
def test_what_nobody_can_read_any_more_is_named_and_the_next_night_is_read(edit, fault, sequence, station):
    election = a_night()
    other = a_rehearsal(code="79202", place="Parthenay")
    count_all(other, "0001")

    by_hand(f"{edit} AND election_id = {election.pk}")
    found = {one.election.pk: one.first_break for one in audited()}

    assert (found[election.pk].fault, found[election.pk].sequence) == (fault, sequence)
    assert (found[election.pk].station, found[other.pk]) == (station, None)


def before(**votes: int) -> FormerResult:
    return FormerResult("municipales, 2020", 480, 300, votes)


def test_whoever_edits_what_last_time_was_is_found_out():
    election = a_rehearsal(former=before(**{LISTS[0]: 200, LISTS[1]: 90}))
    count_all(election, "0001")
    assert holds(election)
    station = a_station(election, "0003")
    station.former["votes"][LISTS[0]] -= 50

    Station.objects.filter(pk=station.pk).update(former=station.former)

    assert broken(Election.objects.get()).fault is Fault.SETUP


def test_a_chain_that_began_before_last_time_was_in_it_still_holds(monkeypatch):
    election = a_rehearsal(former=before(**{LISTS[0]: 200, LISTS[1]: 90}))
    monkeypatch.setattr(
        "arobase.elections.actions.entries.fingerprint", lambda setup: fingerprint(without_former(setup))
    )

    count_all(election, "0001")

    assert holds(election)
    Station.objects.filter(code="0003").update(registered=501)
    assert broken(Election.objects.get()).fault is Fault.SETUP


def test_whoever_edits_what_was_added_up_is_found_out():
    election = a_night()
    station = a_station(election)
    station.standing["bags"][0][1][0] += 10

    Station.objects.filter(pk=station.pk).update(standing=station.standing)

    found = broken(election)
    assert (found.fault, found.station) == (Fault.ADDED_UP, "0001")


def test_whoever_exchanges_two_lists_is_found_out():
    election = a_night()
    first, second = Choice.objects.filter(election=election)[:2]

    Choice.objects.filter(pk=first.pk).update(name="provisoire")
    Choice.objects.filter(pk=second.pk).update(name=first.name)
    Choice.objects.filter(pk=first.pk).update(name=second.name)

    assert broken(election).fault is Fault.SETUP


@pytest.mark.parametrize(
    "edit",
    [
        "UPDATE elections_choice SET number = CASE number WHEN '1' THEN '2' WHEN '2' THEN '1' ELSE number END",
        "UPDATE elections_choice SET short = 'Un port pour tous' WHERE place = 0",
        "UPDATE elections_choice SET average_age = 30 WHERE place = 0",
        "UPDATE elections_station SET closes = '18:00' WHERE code = '0003'",
        "UPDATE elections_station SET registered = 501 WHERE code = '0003'",
        "UPDATE elections_election SET seats = 1",
        "UPDATE elections_election SET scope = 'partial'",
        "UPDATE elections_election SET is_rehearsal = false, origin = ''",
    ],
)
def test_whoever_edits_what_figures_are_read_by_is_found_out(edit):
    election = a_night()

    by_hand(edit)

    election.refresh_from_db()
    assert broken(election).fault is Fault.SETUP


@pytest.mark.parametrize("standing", [{"a": 1}, {"turnout": {}, "box": [1], "bags": [], "typed": {}, "state": "gone"}])
def test_what_can_no_longer_be_read_is_a_break_that_is_named(standing):
    election = a_night()

    Station.objects.filter(election=election, code="0002").update(standing=standing)

    found = broken(election)
    assert (found.fault, found.station) == (Fault.ADDED_UP, "0002")


def test_only_what_an_entry_says_is_chained_whatever_a_device_sends():
    election = a_rehearsal()
    sent = {**bag(1, (50, 30, 18)), "note": "x" * 10_000, "x": 1e16, "y": -0.0, "votes": [50, 30, 18]}

    send(election, "0001", Verb.BAG, sent)

    assert Entry.objects.get().payload == {**bag(1, (50, 30, 18)), "sure": True}
    election.refresh_from_db()
    assert broken(election) is None


def test_signs_that_no_database_keeps_are_left_out_of_a_reason():
    election = a_rehearsal()
    count_all(election, "0001")

    send(election, "0001", Verb.REOPEN, {"why": "une\0enveloppe\ud800 oubliée"}, key="again")

    assert Entry.objects.last().payload["why"] == "une enveloppe  oubliée"


def test_a_bag_is_numbered_from_one():
    with pytest.raises(Malformed):
        send(a_rehearsal(), "0001", Verb.BAG, bag(0, (50, 30, 18)))


def test_totals_that_wait_for_the_second_person_are_not_finished_by_anyone():
    election = a_rehearsal(typists=2)
    send(election, "0001", Verb.TOTALS, TYPED)

    with pytest.raises(NotNow):
        send(election, "0001", Verb.FINISH, {})


def test_in_the_morning_the_officer_mends_what_is_reopened_and_a_station_does_not():
    election = an_election()
    officer, morning = an_account(CAMILLE), NIGHT + timedelta(hours=12)
    send(election, "0001", Verb.TOTALS, TYPED, by=officer)
    send(election, "0001", Verb.REOPEN, {"why": "une liste oubliée"}, by=officer, at=morning)

    correction = {"replaces": 1, "why": "une liste oubliée"}
    send(election, "0001", Verb.TOTALS, {**TYPED, "votes": [51, 29, 18], **correction}, by=officer, at=morning)

    assert standing(election).counted.votes == (51, 29, 18)
    assert standing(election).state is State.COUNTED


def test_an_entry_needs_a_station_that_is_there():
    with pytest.raises(NotAllowed):
        record(0, Verb.BAG, bag(1, (1, 1, 1)), key="x", by=an_account(CAMILLE), at=NIGHT)
