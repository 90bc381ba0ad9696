"""Nothing of a result is public before the last station has closed (Code électoral, L52-2): every address is tried."""

import asyncio
import io
import re
from dataclasses import replace
from datetime import date, datetime, time, timedelta

import pyarrow.parquet as pq
import pytest
from django.core.cache import caches
from django.test import AsyncClient, Client
from django.urls import reverse
from hypothesis import given
from hypothesis import strategies as st

from arobase.elections import urls
from arobase.elections.actions.preparing import BadPlan, StillHeld, change, wipe
from arobase.elections.models import Election
from arobase.elections.queries.plans import plan_of
from arobase.elections.queries.results import embargo_of
from arobase.elections.rules.embargo import Scope, ends, evening, holds
from arobase.elections.rules.plans import Wrong
from arobase.elections.rules.states import Verb
from arobase.territories.rules.clocks import zone_of
from builders import a_commune, an_account
from elections.nights import DAY, PARIS, a_rehearsal, a_station, an_election, bag, send
from people import CAMILLE, SACHA

BEFORE = datetime(2026, 3, 15, 19, 59, 59, 999_999, tzinfo=PARIS)
AFTER = datetime(2026, 3, 15, 20, 0, tzinfo=PARIS)
VOTES = (337, 41, 15)  # of a bag that nothing else on a page could be
OUTLINE = {"type": "Polygon", "coordinates": [[[3, 43], [3.1, 43], [3.1, 43.1], [3, 43]]]}
TELLTALE = re.compile(r"\b(?:337|393|85,8|85\.8)\b")
EXAMPLES = {"number": None, "code": "0001", "extension": "csv", "name": "figures"}


@pytest.fixture(autouse=True)
def _no_page_is_kept():
    caches["process"].clear()


@pytest.fixture
def clock(monkeypatch):
    """Sets the server's clock."""
    return lambda at: monkeypatch.setattr("django.utils.timezone.now", lambda: at)


def public_addresses(election) -> list[str]:
    """Every address of a night that anyone may open, with each of the values that its parts may take."""
    found = []
    for pattern in urls.urlpatterns:
        if pattern.callback.audience.name != "anyone":
            continue
        names = pattern.pattern.regex.groupindex if hasattr(pattern.pattern, "_regex") else pattern.pattern.converters
        values = {name: election.pk if name == "number" else EXAMPLES[name] for name in names}
        for extension in ("csv", "json", "parquet") if "extension" in values else ("",):
            for part in ("figures", "stations", "map") if "name" in values else ("",):
                more = {**({"extension": extension} if extension else {}), **({"name": part} if part else {})}
                found.append(reverse(pattern.name, kwargs={**values, **more}))
    return found


def a_counted_election(**facts) -> Election:
    election = an_election(registered=700, **facts)
    real = {"by": an_account(CAMILLE), "at": AFTER - timedelta(minutes=30)}
    send(election, "0001", Verb.BAG, bag(1, VOTES), **real)
    send(election, "0001", Verb.BOX, {"signatures": 395, "envelopes": 395}, **real)
    send(election, "0001", Verb.FINISH, {}, **real)
    election.stations.update(outline=OUTLINE)
    return election


async def _first_event(path: str) -> str:
    answer = await AsyncClient().get(path)
    if not answer.streaming:
        return answer.content.decode(errors="replace")
    told = ""
    async with asyncio.timeout(60):
        async for part in answer:
            told += part.decode()
            if "event: figures" in told:
                break
    return told


def answer_of(path: str) -> str:
    if path.endswith("/flux"):
        return asyncio.run(_first_event(path))
    answer = Client().get(path)
    text = answer.getvalue().decode(errors="replace")
    if path.endswith(".parquet") and answer.status_code == 200:
        text = str(pq.read_table(io.BytesIO(answer.getvalue())).to_pylist())
    return f"{text} {dict(answer.headers)}"


@pytest.mark.django_db(transaction=True)
def test_no_address_tells_anything_before_the_last_closing_and_all_do_after(clock):
    election = a_counted_election()
    addresses = public_addresses(election)

    clock(BEFORE)
    told_before = [path for path in addresses if TELLTALE.search(answer_of(path))]
    clock(AFTER)
    told_after = [path for path in addresses if TELLTALE.search(answer_of(path))]

    silent = {"/elections", "/elections/donnees/schema.json", "/elections/code"}
    assert told_before == []
    assert set(told_after) == set(addresses) - silent


@pytest.mark.django_db
@pytest.mark.parametrize("extension", ["csv", "json", "parquet"])
def test_a_file_says_until_when_it_is_held(clock, extension):
    election = a_counted_election()
    clock(BEFORE - timedelta(minutes=10))

    answer = Client().get(reverse("election_data", kwargs={"number": election.pk, "extension": extension}))

    assert (answer.status_code, answer.headers["Retry-After"]) == (451, "601")
    assert "20:00" in answer.content.decode()


@pytest.mark.django_db
def test_turnout_is_public_during_the_day(clock):
    election = an_election()
    noon = datetime(2026, 3, 15, 12, 5, tzinfo=PARIS)
    send(election, "0001", Verb.TURNOUT, {"hour": "12:00", "voters": 111}, by=an_account(CAMILLE), at=noon)
    clock(noon)

    assert "22,2" in Client().get(reverse("election", kwargs={"number": election.pk})).content.decode()


@pytest.mark.django_db
def test_a_rehearsal_shows_nothing_while_a_real_poll_is_held(clock):
    rehearsal = a_rehearsal(registered=700)
    send(rehearsal, "0001", Verb.BAG, bag(1, VOTES))
    page = reverse("election", kwargs={"number": rehearsal.pk})

    clock(BEFORE)
    shown_alone = Client().get(page).content.decode()
    an_election()
    shown_beside = Client().get(page).content.decode()

    assert TELLTALE.search(shown_alone)
    assert not TELLTALE.search(shown_beside)


AT_HALF_PAST_SIX = datetime(2026, 3, 15, 18, 30, tzinfo=PARIS)


@pytest.fixture
def officer(camille, clock):
    """Le Havre's officer, at half past six on the day of the poll."""
    a_commune()
    clock(AT_HALF_PAST_SIX)
    return camille


def changed(client, election, **wished):
    address = reverse("election_edit", args=[election.pk])
    return client.post(address, {**client.get(address).context["values"], **wished})


@pytest.mark.django_db
@pytest.mark.parametrize("day", ["2026-03-13", "2026-03-16"])
def test_on_the_day_a_night_is_not_moved_to_another(officer, day):
    answer = changed(officer, an_election(), day=day)

    assert (answer.status_code, list(answer.context["wrong"])) == (422, ["day"])
    assert "cette soirée reste à ce jour" in answer.content.decode()
    assert Election.objects.get().day == DAY


@pytest.mark.django_db
def test_on_the_day_the_last_closing_of_a_partial_election_is_not_brought_forward(officer):
    election = an_election(scope="partial")
    table = officer.get(reverse("election_edit", args=[election.pk])).context["values"]["stations"]

    answer = changed(officer, election, stations=table.replace("19:00", "18:00"))

    assert (answer.status_code, list(answer.context["wrong"])) == (422, ["stations"])
    assert "des résultats paraissent plus tôt" in answer.content.decode()
    assert a_station(election).closes == time(19)


@pytest.mark.django_db
def test_what_shows_nothing_sooner_may_change_on_the_day(officer):
    general, partial = an_election(), an_election(code="79202", place="Parthenay", kind="consultation", scope="partial")
    plan = plan_of(general)
    earlier = [replace(one, closes=time(18)) for one in plan.stations]
    first_only = [plan_of(partial).stations[0], *(replace(one, closes=time(18)) for one in plan.stations[1:])]

    change(general.pk, replace(plan, stations=earlier), by=None, at=AT_HALF_PAST_SIX)
    change(partial.pk, replace(plan_of(partial), stations=first_only), by=None, at=AT_HALF_PAST_SIX)
    with pytest.raises(BadPlan) as error:
        change(partial.pk, replace(plan_of(partial), stations=first_only[1:]), by=None, at=AT_HALF_PAST_SIX)

    assert [one.wrong for one in error.value.found] == [Wrong.SHOWN_SOONER]
    assert change(partial.pk, replace(plan_of(partial), day=DAY - timedelta(days=7)), by=None, at=AFTER)


@pytest.mark.django_db
def test_todays_figures_are_shown_under_no_other_day(officer, clock):
    an_election()
    other = an_election(day=DAY - timedelta(days=7), registered=700)
    page = reverse("election", args=[other.pk])
    address = reverse("election_entry", args=[other.pk, "0001"])
    votes = {f"votes.{place}": one for place, one in enumerate(VOTES)}

    sent = officer.post(address, {"verb": "bag", "key": "k", "number": 1, "blank": 1, "null": 1, "sure": "on", **votes})
    shown = Client().get(page).content.decode()
    told = [path for path in public_addresses(other) if not path.endswith("/flux") and TELLTALE.search(answer_of(path))]
    clock(AFTER)

    assert sent.status_code == 302
    assert (told, TELLTALE.search(shown)) == ([], None)
    assert "20:00" in shown
    assert TELLTALE.search(Client().get(page).content.decode())


@pytest.mark.django_db
def test_what_was_counted_another_day_stays_public_while_a_poll_is_held(clock):
    week_before = DAY - timedelta(days=7)
    counted = an_election(day=week_before, registered=700)
    facts = {"by": an_account(CAMILLE), "at": AFTER - timedelta(days=7)}
    send(counted, "0001", Verb.BAG, bag(1, VOTES), **facts)
    send(counted, "0001", Verb.UNDO, {"entry": 1, "why": "x"}, **{**facts, "at": BEFORE})
    an_election()
    counted.refresh_from_db()

    assert embargo_of(counted, at=BEFORE) is None


@pytest.mark.django_db
def test_all_that_a_town_votes_on_in_one_day_waits_for_the_last():
    general = an_election()
    consultation = an_election(kind="consultation", scope="partial", seats=None)
    elsewhere = an_election(code="79202", place="Parthenay", kind="consultation", scope="partial", seats=None)

    assert embargo_of(consultation, at=BEFORE) == embargo_of(general, at=BEFORE) == AFTER
    assert embargo_of(elsewhere, at=BEFORE) is None


@pytest.mark.django_db
def test_on_the_day_a_night_is_not_wiped_to_begin_another(officer, clock):
    election = an_election()

    answer = officer.post(reverse("election_wipe", args=[election.pk]))
    with pytest.raises(StillHeld):
        wipe(election.pk, by=None, at=BEFORE)
    clock(AFTER)

    assert answer.status_code == 422
    assert "jusqu’à la fin de son embargo, 15 mars 20:00" in answer.content.decode()
    assert officer.post(reverse("election_wipe", args=[election.pk])).status_code == 302


@pytest.mark.django_db
@pytest.mark.parametrize("person", [CAMILLE, SACHA])
def test_being_signed_in_lifts_nothing(clock, person):
    election = a_counted_election() if person is SACHA else an_election(registered=700)
    account = an_account(person)
    if person is CAMILLE:
        send(election, "0001", Verb.BAG, bag(1, VOTES), by=account, at=AFTER - timedelta(minutes=30))
    client = Client()
    client.force_login(account)
    clock(BEFORE)

    assert not TELLTALE.search(client.get(reverse("election", kwargs={"number": election.pk})).content.decode())


@pytest.mark.parametrize(
    ("commune", "scope", "closings", "expected"),
    [
        ("76351", Scope.GENERAL, [time(18), time(19)], "2026-03-15T20:00:00+01:00"),
        ("76351", Scope.PARTIAL, [time(18), time(19)], "2026-03-15T19:00:00+01:00"),
        ("97411", Scope.GENERAL, [time(18)], "2026-03-15T23:00:00+04:00"),
        ("97302", Scope.PARTIAL, [time(18)], "2026-03-15T18:00:00-03:00"),
        ("98735", Scope.GENERAL, [time(18)], "2026-03-15T20:00:00-10:00"),
        ("98818", Scope.GENERAL, [time(18)], "2026-03-16T06:00:00+11:00"),
        ("76351", Scope.PARTIAL, [], "2026-03-15T20:00:00+01:00"),
    ],
)
def test_the_embargo_ends_by_the_clock_of_the_place(commune, scope, closings, expected):
    assert ends(DAY, closings, commune=commune, scope=scope).isoformat() == expected


@pytest.mark.parametrize(
    ("commune", "expected"), [("97209", "2027-04-11T14:00:00-04:00"), ("98735", "2027-04-11T08:00:00-10:00")]
)
def test_who_votes_on_the_saturday_waits_for_sunday_evening_in_paris(commune, expected):
    found = ends(date(2027, 4, 10), [time(19)], commune=commune, scope=Scope.GENERAL)

    assert found.isoformat() == expected


def test_another_town_of_the_constituency_may_close_later():
    assert ends(DAY, [time(18)], commune="76351", scope=Scope.PARTIAL, is_alone=False).time() == time(20)


@given(
    st.dates(date(2024, 1, 1), date(2040, 1, 1)),
    st.lists(st.times(time(12), time(20)).map(lambda one: one.replace(tzinfo=None)), max_size=5),
    st.sampled_from(["76351", "97411", "97302", "98735", "98818", "75056"]),
    st.sampled_from(list(Scope)),
)
def test_no_station_is_still_open_when_the_embargo_ends(day, closings, commune, scope):
    end = ends(day, closings, commune=commune, scope=scope)

    assert all(datetime.combine(day, one, tzinfo=zone_of(commune)) <= end for one in closings)
    assert holds(end - timedelta(microseconds=1), end)
    assert not holds(end, end)
    assert evening(day, commune=commune)[0] < end
    assert scope is Scope.PARTIAL or end >= datetime.combine(day, time(20), tzinfo=PARIS)
