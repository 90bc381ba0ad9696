"""General or partial: what ends the embargo earlier is refused where it cannot be (Code électoral, L52-2)."""

from datetime import datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.db import DatabaseError, connection, transaction
from django.db.migrations.executor import MigrationExecutor
from django.test import Client
from django.urls import reverse

from arobase.elections.actions.preparing import BadPlan, change, prepare
from arobase.elections.models import Election, Entry
from arobase.elections.queries.results import embargo_of
from arobase.elections.rules.plans import Plan, Wrong, problems
from builders import a_commune, an_account
from elections.nights import DAY, NIGHT, a_plan, a_rehearsal, an_election, count_all
from people import CAMILLE

PARIS, REUNION = ZoneInfo("Europe/Paris"), ZoneInfo("Indian/Reunion")
ALWAYS = ("presidential", "european", "referendum", "regional")


def a_partial(**facts) -> Plan:
    return a_plan(scope="partial", **facts)


@pytest.mark.parametrize("kind", ALWAYS)
def test_what_all_of_france_votes_on_is_never_partial(kind):
    assert [one.wrong for one in problems(a_partial(kind=kind))] == [Wrong.ALWAYS_GENERAL]


@pytest.mark.parametrize("kind", ["municipal", "departmental", "legislative", "consultation"])
def test_what_one_place_may_vote_on_alone_may_be_partial(kind):
    assert problems(a_partial(kind=kind)) == ()


@pytest.mark.django_db
@pytest.mark.parametrize("kind", ALWAYS)
def test_the_database_refuses_it_too(kind):
    facts = {"code": "97411", "kind": kind, "day": DAY, "scope": "partial", "made_at": NIGHT}

    with pytest.raises(DatabaseError), transaction.atomic():
        Election.objects.create(**facts)
    assert Election.objects.create(**{**facts, "scope": "general"}).scope == "general"


@pytest.mark.django_db
def test_a_presidential_night_on_reunion_waits_for_paris():
    plan = a_partial(code="97411", place="Saint-Denis", kind="presidential", seats=None)

    with pytest.raises(BadPlan):
        prepare(plan, by=None, at=NIGHT)


@pytest.mark.django_db
def test_a_day_that_is_general_elsewhere_is_general_here():
    an_election(code="75056", kind="municipal_plm", seats=163, place="Paris")

    with pytest.raises(BadPlan) as error:
        prepare(a_partial(), by=None, at=NIGHT)

    assert [(one.wrong, one.about) for one in error.value.found] == [(Wrong.DAY_IS_GENERAL, "Paris")]
    assert prepare(a_partial(kind="legislative", seats=None), by=None, at=NIGHT)
    assert prepare(a_partial(day=DAY + timedelta(days=7)), by=None, at=NIGHT)


@pytest.mark.django_db
def test_a_consultation_of_another_town_holds_nothing_back():
    an_election(code="79202", kind="consultation", seats=None)

    assert prepare(a_partial(kind="consultation", seats=None), by=None, at=NIGHT)


@pytest.mark.django_db
def test_a_partial_night_that_turns_out_to_be_general_waits_with_the_others():
    partial = prepare(a_partial(code="97411", place="Saint-Denis"), by=None, at=NIGHT)
    at = datetime(2026, 3, 15, 19, 30, tzinfo=REUNION)
    assert embargo_of(partial, at=at) is None

    an_election()

    assert embargo_of(partial, at=at) == datetime(2026, 3, 15, 20, tzinfo=PARIS)


@pytest.mark.django_db
def test_on_the_day_a_general_election_does_not_become_partial():
    election = an_election()
    morning = datetime(2026, 3, 15, 0, 1, tzinfo=PARIS)

    with pytest.raises(BadPlan) as error:
        change(election.pk, a_partial(), by=None, at=morning)

    assert [one.wrong for one in error.value.found] == [Wrong.PARTIAL_TOO_LATE]
    change(election.pk, a_partial(), by=None, at=morning - timedelta(hours=1))
    change(election.pk, a_partial(stations=2), by=None, at=morning)
    change(election.pk, a_plan(), by=None, at=morning)
    assert Election.objects.get().scope == "general"


@pytest.mark.django_db
def test_the_form_says_why_it_cannot_be_partial():
    a_commune()
    client, election = Client(), an_election(seats=None)
    client.force_login(an_account(CAMILLE))
    address = reverse("election_edit", args=[election.pk])
    shown = client.get(address).context["values"]

    answer = client.post(address, {**shown, "scope": "partial"})  # long after the day

    assert (answer.status_code, list(answer.context["wrong"])) == (422, ["scope"])
    assert "ne devient plus partielle" in answer.content.decode()
    assert "ne le sont jamais" in answer.content.decode()


@pytest.mark.django_db(transaction=True)
def test_what_was_kept_before_this_was_known_is_kept():
    nights = {one: a_rehearsal(code=one, kind="european") for one in ("10001", "10002", "10003")}
    count_all(nights["10001"], "0001")
    rehearsal = a_rehearsal(code="10004", kind="european")
    executor = MigrationExecutor(connection)
    executor.migrate([("elections", "0003_desk_phone")])
    try:
        old = executor.loader.project_state([("elections", "0003_desk_phone")]).apps.get_model("elections", "Election")
        old.objects.update(scope="partial")
        old.objects.filter(code__in=nights).update(is_rehearsal=False, origin="")
    finally:
        executor = MigrationExecutor(connection)
        executor.migrate(executor.loader.graph.leaf_nodes("elections"))

    scopes = dict(Election.objects.values_list("code", "scope"))
    assert scopes == {"10001": "partial", "10002": "general", "10003": "general", rehearsal.code: "partial"}
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.update(at=NIGHT)
    with pytest.raises(DatabaseError), transaction.atomic():
        Entry.objects.filter(sequence=1).update(verb="nothing")
