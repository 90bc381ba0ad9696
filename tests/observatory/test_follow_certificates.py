"""Certificates that ended or are about to: by day, from the latest campaign that is shown."""

from datetime import UTC, date, datetime, timedelta

import pytest

from arobase.observatory.actions import campaigns
from arobase.observatory.models import About, OptOut, Standing
from arobase.observatory.queries.follow import ending_certificates
from arobase.observatory.queries.kept import profile_document
from arobase.observatory.rules.profile import Held, Layer, LayerVerdict, Profile, State
from arobase.observatory.rules.providers import Law
from builders import a_territory

pytestmark = pytest.mark.django_db
TODAY = date(2026, 11, 25)


def a_campaign(**ends: int | None) -> None:
    """One campaign over towns whose certificates end so many days from today; None: no certificate was seen."""
    campaign = campaigns.begin(About.COMMUNES, at=datetime(2026, 11, 23, tzinfo=UTC))
    rows = []
    for at, (name, days) in enumerate(ends.items()):
        town = a_territory("commune", f"9900{at}", name)
        until = None if days is None else TODAY + timedelta(days=days)
        authority = LayerVerdict(State.FOUND, (Held("isrg", Law.US),), until) if until else LayerVerdict(State.UNKNOWN)
        profile = profile_document(Profile(TODAY, {Layer.CA: authority}))
        rows.append(Standing(subject=town.pk, territory=town, name=name, profile=profile))
    campaigns.keep_standings(campaign, rows)
    campaigns.conclude(campaign, at=campaign.began_at, domains=0, rules="", zones={}, figures={})


def test_what_ended_comes_first_and_what_lasts_is_left_out():
    a_campaign(Past=-3, Soon=20, Later=31, Edge=30, Unseen=None)

    assert [(one.name, (day - TODAY).days) for day, one in ending_certificates(on=TODAY)] == [
        ("Past", -3),
        ("Soon", 20),
        ("Edge", 30),
    ]


def test_who_asked_to_be_left_out_is_left_out():
    a_campaign(Soon=2, Quiet=3)
    OptOut.objects.create(territory_id="commune:99001", since=TODAY)

    assert [one.name for _day, one in ending_certificates(on=TODAY)] == ["Soon"]


def test_the_page_says_the_day(client):
    a_campaign(Past=-3)

    page = page_of(client)

    assert "Past" in page


def test_the_page_says_of_how_many_that_were_seen_and_by_which_campaign(client):
    a_campaign(Past=-3, Later=400, Unseen=None)

    page = page_of(client)

    assert "Communes : 1 sur 2 certificats vus, campagne du 23 novembre 2026" in page
    assert "pas encore mesuré" not in page


def test_before_a_campaign_the_page_says_that_nothing_was_measured_not_that_nothing_ends(client):
    page = page_of(client)

    assert "Communes : pas encore mesuré." in page
    assert "Aucun." not in page and "sur 0" not in page


def page_of(client) -> str:
    page = client.get("/observatoire/certificats", headers={"Accept-Language": "fr"}).content.decode()
    return page.replace("\xa0", " ")
