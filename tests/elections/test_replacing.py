"""Figures that stand already: nobody replaces them unseen."""

import json
import uuid

import pytest
from django.urls import reverse
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections.actions.passes import issue, use
from arobase.elections.models import Entry
from arobase.elections.queries.entry import desk
from arobase.elections.queries.journal import journal
from arobase.elections.rules.checks import Check, Station
from arobase.elections.rules.counts import Ballots, Box, Count, Totals
from arobase.elections.rules.entry import AlreadyTyped, NothingToReplace, Unsure, enter
from arobase.elections.rules.events import Malformed, Typed
from arobase.elections.rules.states import State, Verb
from elections.nights import LISTS, NIGHT, a_rehearsal, a_station, an_election, bag, count_all, send
from elections.standing import FIRST, SECOND, asked, holds, page, standing

pytestmark = pytest.mark.django_db

FIGURES = st.integers(0, 3)
TOTALS = st.builds(
    lambda votes: Totals(Box(sum(votes), sum(votes)), Ballots(votes, 0, 0)), votes=st.tuples(FIGURES, FIGURES)
)


def test_totals_of_a_second_tab_do_not_replace_those_that_stand():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.TOTALS, FIRST)

    with pytest.raises(AlreadyTyped) as conflict:
        send(election, "0001", Verb.TOTALS, SECOND)

    assert (conflict.value.entry, conflict.value.there.content.votes) == (kept.sequence, (350, 40, 8))
    assert standing(election).counted.votes == (350, 40, 8)


def test_the_same_totals_sent_again_say_nothing_new():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.TOTALS, FIRST, key="one")

    again = send(election, "0001", Verb.TOTALS, FIRST, key="another tab")
    send(election, "0001", Verb.SIGN, {})
    late = send(election, "0001", Verb.TOTALS, FIRST, key="a phone, an hour late")

    assert (again.is_new, again.sequence, late.is_new, late.sequence) == (False, kept.sequence, False, kept.sequence)
    assert (Entry.objects.count(), standing(election).state) == (2, State.SIGNED)


def test_totals_are_corrected_by_naming_what_they_replace_and_why():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.TOTALS, FIRST)

    with pytest.raises(Malformed) as error:
        send(election, "0001", Verb.TOTALS, SECOND | {"replaces": kept.sequence})
    corrected = send(election, "0001", Verb.TOTALS, SECOND | {"replaces": kept.sequence, "why": "deux lignes"})
    with pytest.raises(AlreadyTyped) as conflict:
        send(election, "0001", Verb.TOTALS, FIRST | {"replaces": kept.sequence, "why": "en retard"})

    assert error.value.field == "why"
    assert (conflict.value.entry, standing(election).counted.votes) == (corrected.sequence, (300, 90, 8))
    assert [one.payload["votes"] for one in Entry.objects.order_by("sequence")] == [[350, 40, 8], [300, 90, 8]]
    assert Entry.objects.latest("sequence").payload["why"] == "deux lignes"
    assert holds(election)


def test_one_person_is_the_same_one_on_both_devices():
    election = an_election()
    codes = issue(election.pk, by=None, at=NIGHT)
    one, two = (use(codes["0001", seat], at=NIGHT) for seat in (1, 2))
    send(election, "0001", Verb.TOTALS, {**FIRST, "who": 1}, by=one)

    with pytest.raises(AlreadyTyped):
        send(election, "0001", Verb.TOTALS, {**SECOND, "who": 2}, by=two)

    assert standing(election).state is State.COUNTED


def test_two_people_who_differ_correct_their_own_totals_only():
    election = an_election(typists=2)
    codes = issue(election.pk, by=None, at=NIGHT)
    one, two = (use(codes["0001", seat], at=NIGHT) for seat in (1, 2))
    send(election, "0001", Verb.TOTALS, FIRST, by=one)
    send(election, "0001", Verb.TOTALS, SECOND, by=two)
    mine, theirs = (desk(a_station(election), at=NIGHT, by=who).totals for who in (two, one))

    with pytest.raises(AlreadyTyped):
        send(election, "0001", Verb.TOTALS, FIRST | {"replaces": theirs, "why": "relu"}, by=two)
    send(election, "0001", Verb.TOTALS, FIRST | {"replaces": mine, "why": "relu"}, by=two, key="mine")

    assert (mine, theirs) == (2, 1)
    assert (standing(election).state, standing(election).counted.votes) == (State.COUNTED, (350, 40, 8))


@given(st.lists(st.tuples(TOTALS, st.sampled_from([None, "the last", "the first"])), max_size=8), st.integers(1, 2))
def test_what_a_person_typed_changes_only_for_whoever_names_it(typed, typists):
    count, stands = Count(2), 0
    for sequence, (totals, named) in enumerate(typed, start=1):
        replaces = {None: None, "the last": stands or None, "the first": 1}[named]
        event, before = Typed(1, totals, None, replaces, "relu"), count
        try:
            entered = enter(count, event, station=Station(9), typists=typists, sequence=sequence, stands=stands)
        except (AlreadyTyped, NothingToReplace):
            continue
        if not entered.is_known:
            count, stands_before, stands = entered.count, stands, sequence
            assert not before.typed or replaces == stands_before or before.typed[1] == totals


def test_another_number_of_voters_at_an_hour_is_asked_about_with_the_one_that_stands():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 200}, sure=False)

    with pytest.raises(Unsure) as error:
        send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 210})
    confirmed = {"hour": "12:00", "voters": 210, "replaces": kept.sequence, "why": "dix de plus sur la liste"}
    send(election, "0001", Verb.TURNOUT, confirmed, key="yes")

    assert [(one.check, dict(one.facts)) for one in error.value.found] == [
        (Check.TURNOUT_IS_THERE, {"entry": 1, "hour": "12:00", "voters": 210, "there": 200})
    ]
    assert not send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 210}, key="again").is_new
    assert standing(election).turnout == {"12:00": 210}
    assert asked(election, Verb.TURNOUT, {**confirmed, "voters": 220}, sure=True) == [Check.TURNOUT_IS_THERE]


def test_another_box_is_asked_about_together_with_what_is_odd_in_it():
    election = a_rehearsal()
    kept = send(election, "0001", Verb.BOX, {"signatures": 200, "envelopes": 200})
    other = {"signatures": 230, "envelopes": 210}

    assert asked(election, Verb.BOX, other) == [Check.BOX_IS_THERE, Check.SIGNATURES_ARE_ENVELOPES]
    assert asked(election, Verb.BOX, other, sure=True) == [Check.BOX_IS_THERE, Check.SIGNATURES_ARE_ENVELOPES]
    assert not send(election, "0001", Verb.BOX, {"signatures": 200, "envelopes": 200}, key="again").is_new
    send(election, "0001", Verb.BOX, other | {"replaces": kept.sequence, "why": "recomptées"}, key="yes")

    assert standing(election).box == Box(230, 210)
    assert Entry.objects.latest("sequence").payload["why"] == "recomptées"
    assert holds(election)


@pytest.mark.parametrize(
    ("verb", "first", "other"),
    [
        (Verb.BOX, {"signatures": 200, "envelopes": 200}, {"signatures": 201, "envelopes": 201}),
        (Verb.TURNOUT, {"hour": "12:00", "voters": 200}, {"hour": "12:00", "voters": 201}),
    ],
)
def test_what_stands_is_replaced_for_a_reason_only(verb, first, other):
    election = a_rehearsal()
    kept = send(election, "0001", verb, first)

    for why in ({}, {"why": " "}):
        with pytest.raises(Malformed) as error:
            send(election, "0001", verb, {**other, "replaces": kept.sequence, **why})
        assert error.value.field == "why"
    send(election, "0001", verb, {**other, "replaces": kept.sequence, "why": "relu"})

    assert [line.why for line in journal(election)] == ["", "relu"]
    assert holds(election)


def test_a_chain_whose_box_and_hour_were_corrected_without_a_reason_is_read_and_holds(monkeypatch):
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 200})
    send(election, "0001", Verb.BOX, {"signatures": 300, "envelopes": 300})
    monkeypatch.setattr("arobase.elections.actions.entries.check_reason", lambda _event: None)
    hour = send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 210, "replaces": 1}, key="hour")
    send(election, "0001", Verb.BOX, {"signatures": 310, "envelopes": 310, "replaces": 2})
    monkeypatch.undo()

    again = send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 210, "replaces": 1}, key="hour")

    assert [(line.event.replaces, line.why) for line in journal(election)][2:] == [(1, ""), (2, "")]
    assert (again.is_new, again.sequence) == (False, hour.sequence)  # a device that had no answer before
    assert holds(election)


def test_the_same_box_again_does_not_open_a_station_that_is_counted():
    election = a_rehearsal()
    count_all(election, "0001")

    send(election, "0001", Verb.BOX, {"signatures": 100, "envelopes": 100}, key="a phone, late")

    assert standing(election).state is State.COUNTED


def test_a_bag_that_someone_else_corrected_is_asked_about_with_the_figures_it_has_now():
    election = a_rehearsal()
    entry = send(election, "0001", Verb.BAG, bag(1, (50, 30, 18))).sequence
    told = {"entry": entry, "blank": 1, "null": 1, "why": "relu"}
    first = send(election, "0001", Verb.CORRECT, {**told, "votes": [49, 31, 18]})
    other = {**told, "votes": [48, 32, 18]}

    with pytest.raises(Unsure) as error:
        send(election, "0001", Verb.CORRECT, other)
    again = send(election, "0001", Verb.CORRECT, {**told, "votes": [49, 31, 18]}, key="the same, by another")
    send(election, "0001", Verb.CORRECT, {**other, "replaces": first.sequence}, key="yes")

    assert [(one.check, dict(one.facts)) for one in error.value.found] == [
        (Check.BAG_IS_CORRECTED, {"entry": first.sequence, "number": 1, "there": "49, 31, 18, 1, 1"})
    ]
    assert (again.is_new, again.sequence) == (False, first.sequence)
    assert standing(election).bags[0].content.votes == (48, 32, 18)
    assert asked(election, Verb.CORRECT, {**told, "votes": [47, 33, 18]}) == [Check.BAG_IS_CORRECTED]
    assert holds(election)


def test_a_chain_from_before_replaces_unseen_and_still_holds(monkeypatch):
    election = a_rehearsal()
    monkeypatch.setattr("arobase.elections.actions.entries._standing", lambda *_told: None)
    send(election, "0001", Verb.BOX, {"signatures": 300, "envelopes": 300})
    send(election, "0001", Verb.BOX, {"signatures": 400, "envelopes": 400})
    send(election, "0002", Verb.TOTALS, FIRST)
    send(election, "0002", Verb.TOTALS, SECOND)

    assert standing(election, "0002").counted.votes == (300, 90, 8)
    assert holds(election)


def form_of(payload: dict[str, object], **more: object) -> dict[str, object]:
    votes = {f"votes.{place}": value for place, value in enumerate(payload["votes"])}
    return {"verb": "totals", **{name: value for name, value in payload.items() if name != "votes"}, **votes, **more}


def test_without_scripts_the_conflict_shows_what_is_there_and_corrects_it(camille):
    election = a_rehearsal()
    send(election, "0001", Verb.TOTALS, FIRST)

    answer = page(camille, election, **form_of(SECOND, replaces=""))
    html = answer.content.decode()
    assert answer.status_code == 409
    assert f"400 émargements, 400 enveloppes, {LISTS[0]} 350, {LISTS[1]} 40" in html
    assert '<input type="hidden" name="replaces" value="1">' in html
    assert 'name="why" required' in html
    assert page(camille, election, **form_of(SECOND, replaces="1", why="relu")).status_code == 302

    assert standing(election).counted.votes == (300, 90, 8)


def test_without_scripts_an_hour_is_replaced_once_the_other_number_was_seen(camille):
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 200})

    answer = page(camille, election, verb="turnout", hour="12:00", voters="210")
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "200 votants à 12:00 sont déjà enregistrés, non 210." in html
    assert html.count('name="replaces" value="1"') == html.count('data-no-script class="entry-why"') == 1
    assert page(camille, election, verb="turnout", hour="12:00", voters="210", sure="on").status_code == 422
    confirmed = {"verb": "turnout", "hour": "12:00", "voters": "210", "sure": "on", "replaces": "1"}
    assert "Dites en quelques mots pourquoi." in page(camille, election, **confirmed).content.decode()
    answer = page(camille, election, **confirmed, why="mal lu")

    assert (answer.status_code, standing(election).turnout) == (302, {"12:00": 210})


def test_the_second_person_does_not_learn_the_first_ones_totals_from_a_conflict(camille):
    election = a_rehearsal(typists=2)
    send(election, "0001", Verb.TOTALS, FIRST | {"who": 1})

    answer = page(camille, election, **form_of(SECOND, who="1"))

    assert answer.status_code == 409
    assert "350" not in answer.content.decode()
    assert '<input type="hidden" name="replaces" value="1">' in answer.content.decode()


def test_the_api_names_what_is_there_and_calls_a_late_hour_late(client):
    election = a_rehearsal(day=timezone.localdate())
    client.post("/elections/code", {"code": issue(election.pk, by=None, at=timezone.now())["0001", 1]}, follow=True)

    def sent(verb, payload):
        body = json.dumps({"verb": verb, "payload": payload, "key": uuid.uuid4().hex})
        address = reverse("election_send", args=[election.pk, "0001"])
        return client.post(address, body, content_type="application/json")

    assert sent("totals", FIRST).status_code == 200
    conflict = sent("totals", SECOND)
    assert (conflict.status_code, conflict.json()["problem"], conflict.json()["entry"]) == (409, "conflict", 1)
    assert sent("sign", {}).status_code == 200
    late = sent("turnout", {"hour": "12:00", "voters": 10})

    assert (late.status_code, late.json()["problem"]) == (422, "late")
