"""Once the first figure is entered: telephones and names can be mended, a court adds voters, the rest stands."""

from dataclasses import replace
from datetime import time, timedelta

import pytest
from django.test import Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from arobase.accounts.models import User
from arobase.elections.actions.entries import NotAllowed, NotTheDay, record
from arobase.elections.actions.passes import issue, use
from arobase.elections.actions.preparing import BadPlan, change, rewind
from arobase.elections.models import Choice, Election, Entry, Pass, Station
from arobase.elections.queries.audit import broken
from arobase.elections.queries.plans import plan_of
from arobase.elections.queries.results import night_of
from arobase.elections.rules.audit import Fault
from arobase.elections.rules.checks import Check
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Count, read, written
from arobase.elections.rules.entry import Refused, enter
from arobase.elections.rules.events import Enrolled, Malformed, Turnout
from arobase.elections.rules.preparing import Frozen, mended
from arobase.elections.rules.states import NotNow, Verb
from builders import a_commune, an_account
from elections.nights import NIGHT, a_plan, a_rehearsal, a_station, an_election, bag, count_all, send
from people import CAMILLE

pytestmark = pytest.mark.django_db


@pytest.fixture
def camille(db) -> Client:
    a_commune()
    client = Client()
    client.force_login(an_account(CAMILLE))
    return client


def begun() -> Election:
    election = a_rehearsal()
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 9})
    election.refresh_from_db()
    return election


def shown(client: Client, election: Election) -> dict[str, str]:
    values = client.get(reverse("election_edit", args=[election.pk])).context["values"]
    return {name: values[name] for name in ("hours", "phone", "stations")}


def changed(client: Client, election: Election, sent: dict[str, str]):
    return client.post(reverse("election_edit", args=[election.pk]), sent)


def test_telephones_names_and_tables_are_mended_in_the_middle_of_the_day(camille):
    election = begun()
    codes = issue(election.pk, by=None, at=NIGHT)
    sent = shown(camille, election)
    table = (
        sent["stations"].replace("École 1;;;", "École Jules Ferry;3 rue Haute;02 35 19 45 45;").replace(";1;;", ";3;;")
    )

    answer = changed(camille, election, {**sent, "phone": "02 35 00 00 01", "stations": table})

    assert answer.status_code == 302
    station = a_station(election)
    assert (station.name, station.address, station.phone, station.tables) == (
        "École Jules Ferry", "3 rue Haute", "02 35 19 45 45", 3,
    )  # fmt: skip
    assert (station.count(lists=3).turnout, Pass.objects.filter(revoked_at=None).count()) == ({"10:00": 9}, len(codes))
    election.refresh_from_db()
    assert (election.phone, broken(election)) == ("02 35 00 00 01", None)


def test_the_page_of_a_night_that_has_begun_shows_what_may_change(camille):
    election = begun()

    page = camille.get(reverse("election_edit", args=[election.pk])).content.decode()

    assert 'name="stations"' in page and 'name="phone"' in page
    assert 'name="lists"' not in page and 'name="scope"' not in page
    assert "Des chiffres sont déjà saisis" in page
    assert ">Corriger</a>" in camille.get("/elections/preparer").content.decode()


@pytest.mark.parametrize(
    ("before", "after", "said"),
    [
        ("0001;500", "0001;501", "0001"),
        ("08:00;19:00", "08:00;18:00", "0001, 0002, 0003, 0004"),
        ("0002;500", "0009;500", "0002, 0009"),
    ],
)
def test_what_figures_are_read_by_stays(camille, before, after, said):
    election = begun()
    sent = shown(camille, election)

    answer = changed(camille, election, {**sent, "stations": sent["stations"].replace(before, after)})

    assert answer.status_code == 422
    assert answer.context["wrong"]["stations"][0].endswith(f"d’avant pour\u00a0: {said}.")
    assert after in answer.context["values"]["stations"]
    assert broken(Election.objects.get()) is None


def test_an_hour_that_was_given_stays_and_another_is_added(camille):
    election = begun()
    sent = shown(camille, election)

    assert "10:00" in changed(camille, election, {**sent, "hours": "11:00"}).context["wrong"]["hours"][0]
    changed(camille, election, {**sent, "hours": "10:00 11:00"})

    assert Election.objects.get().hours == ["10:00", "11:00"]


def test_a_night_whose_names_no_form_can_write_is_mended_too(camille):
    election = a_rehearsal(lists=("Une; deux", "Trois"))
    send(election, "0001", Verb.TURNOUT, {"hour": "10:00", "voters": 9})

    answer = changed(camille, election, {**shown(camille, election), "phone": "02"})

    assert answer.status_code == 302
    assert Choice.objects.first().name == "Une; deux"


SAME = ("code", "place", "kind", "day", "choices", "round", "scope", "seats", "typists", "origin", "sector")


@given(
    st.text(max_size=5), st.text(max_size=5), st.integers(1, 9), st.sampled_from(["lists", "closes", "registered", ""])
)
def test_a_mended_plan_is_the_one_kept_but_for_what_no_figure_is_read_by(phone, name, tables, touched):
    kept = a_plan()
    first = replace(kept.stations[0], name=name, tables=tables, phone=phone)
    if touched == "closes":
        first = replace(first, closes=time(20))
    if touched == "registered":
        first = replace(first, registered=501)
    wished = replace(kept, phone=phone, stations=[first, *kept.stations[1:]])
    if touched == "lists":
        wished = replace(wished, choices=kept.choices[:2])

    if touched:
        with pytest.raises(Frozen):
            mended(kept, wished)
        return
    found = mended(kept, wished)
    assert all(getattr(found, one) == getattr(kept, one) for one in SAME)
    assert (found.phone, found.stations[0].name, found.stations[0].tables) == (phone, name, tables)


DECISION = {"registered": 502, "why": "deux jugements du tribunal judiciaire, 11 h"}


def enrol(client: Client, election: Election, code: str = "0001", **sent):
    told = {"act": "enrol", "registered": "502", "why": "deux jugements", **sent}
    return client.post(reverse("election_desk_act", args=[election.pk, code]), told)


def test_a_court_adds_voters_on_the_day(camille):
    election = begun()
    assert "après une décision de justice" in camille.get(reverse("election_desk", args=[election.pk])).content.decode()

    answer = enrol(camille, election)

    assert answer.status_code == 302
    last = Entry.objects.last()
    assert (last.verb, last.payload) == ("enrol", {"registered": 502, "why": "deux jugements"})
    assert night_of(election).registered == 2002
    export = Client().get(reverse("election_data", args=[election.pk, "csv"])).content.decode()
    assert ",502," in export
    desk = camille.get(reverse("election_desk", args=[election.pk])).content.decode()
    assert "502 inscrits (500 avant les décisions du jour)" in desk
    election.refresh_from_db()
    assert broken(election) is None
    assert plan_of(election).stations[0].registered == 502


def test_everyone_who_votes_by_a_courts_decision_can_be_counted(camille):
    election = a_rehearsal(stations=1, registered=99)
    send(election, "0001", Verb.ENROL, {**DECISION, "registered": 100})

    count_all(election, "0001")

    election.refresh_from_db()
    assert broken(election) is None
    assert a_station(election).state == "counted"


@pytest.mark.parametrize(
    ("edit", "fault"),
    [
        ({"registered": 503}, Fault.ADDED_UP),
        ({"first_registered": 499}, Fault.SETUP),
        ({"registered": 500, "first_registered": None}, Fault.ADDED_UP),
    ],
)
def test_whoever_edits_the_registered_voters_is_found_out(camille, edit, fault):
    election = begun()
    send(election, "0001", Verb.ENROL, DECISION)

    Station.objects.filter(election=election, code="0001").update(**edit)

    election.refresh_from_db()
    assert broken(election).fault is fault


@pytest.mark.parametrize(
    ("sent", "said"),
    [
        ({"registered": "5020"}, "5 020 inscrits au lieu de 500"),
        ({"registered": "beaucoup"}, "nombre entier"),
        ({"registered": "0"}, "nombre entier"),
        ({"why": " "}, "pourquoi"),
    ],
)
def test_a_finger_that_slips_adds_nobody(camille, sent, said):
    election = begun()

    answer = enrol(camille, election, **sent)

    assert said in answer.content.decode().replace("\u202f", " ").replace("\u00a0", " ")
    assert 'value="{}"'.format(sent.get("registered", "502")) in answer.content.decode()
    assert a_station(election).registered == 500


def test_nobody_is_struck_off_who_has_voted():
    count = Count(1, turnout={"10:00": 50})

    with pytest.raises(Refused) as error:
        enter(count, Enrolled(49, "x"), station=Known(52), typists=1, sequence=1)
    assert [one.check for one in error.value.found] == [Check.VOTERS_WITHIN_REGISTERED]


@given(st.integers(480, 520), st.integers(0, 530))
def test_figures_are_checked_against_the_voters_of_after_the_decision(registered, voters):
    after = enter(Count(2), Enrolled(registered, "x"), station=Known(500), typists=1, sequence=1).count

    assert read(written(after), lists=2) == after
    if voters > registered:
        with pytest.raises(Refused):
            enter(after, Turnout("10:00", voters), station=Known(500), typists=1, sequence=2)
    else:
        assert enter(after, Turnout("10:00", voters), station=Known(500), typists=1, sequence=2).count.turnout


def test_only_the_officer_changes_registered_voters_and_only_from_the_day_on(camille):
    election = an_election()
    codes = issue(election.pk, by=None, at=NIGHT)
    device = use(codes["0001", 1], at=NIGHT)
    station, officer = a_station(election), User.objects.get()

    with pytest.raises(NotAllowed):
        record(station.pk, Verb.ENROL, DECISION, key="x", by=device, at=NIGHT)
    with pytest.raises(NotTheDay):
        record(station.pk, Verb.ENROL, DECISION, key="x", by=officer, at=NIGHT - timedelta(days=2))
    assert record(station.pk, Verb.ENROL, DECISION, key="x", by=officer, at=NIGHT).is_new
    assert not record(station.pk, Verb.ENROL, DECISION, key="x", by=officer, at=NIGHT).is_new
    with pytest.raises(Malformed):
        record(station.pk, Verb.ENROL, {"registered": 502}, key="y", by=officer, at=NIGHT)


def test_a_signed_record_keeps_its_registered_voters_until_it_is_reopened():
    election = a_rehearsal()
    count_all(election, "0001")
    send(election, "0001", Verb.SIGN, {})

    with pytest.raises(NotNow):
        send(election, "0001", Verb.ENROL, DECISION)


def test_a_rehearsal_that_begins_again_has_the_voters_it_was_prepared_with():
    election = a_rehearsal()
    send(election, "0001", Verb.ENROL, DECISION)
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))

    rewind(election.pk, by=None, at=NIGHT)

    station = a_station(election)
    assert (station.registered, station.first_registered) == (500, None)
    send(election, "0001", Verb.BAG, bag(1, (50, 30, 18)))
    election.refresh_from_db()
    assert broken(election) is None


def test_a_begun_night_refuses_other_hours_without_those_given():
    election = begun()

    with pytest.raises(BadPlan):
        change(election.pk, replace(plan_of(election), hours=["12:00"]), by=None, at=NIGHT)


def test_counting_tables_are_told_at_the_desk_and_on_the_sheet(camille):
    election = a_rehearsal(stations=2)
    Station.objects.filter(code="0001").update(tables=4)

    desk = camille.get(reverse("election_desk", args=[election.pk])).content.decode()
    sheets = camille.post(reverse("election_sheets", args=[election.pk])).content.decode()

    assert desk.count("4 tables de dépouillement") == 1
    assert sheets.count("4 tables de dépouillement") == 1
