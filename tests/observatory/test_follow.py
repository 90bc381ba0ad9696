"""What people ask of the observatory: to be told, to put right, to be left out."""

from datetime import UTC, date, datetime
from xml.etree import ElementTree

import pytest
from django.core import signing

from arobase.observatory.actions import follow
from arobase.observatory.actions.campaigns import begin, conclude, take_up
from arobase.observatory.actions.domains import keep_domains
from arobase.observatory.models import About, Change, ErrorReport, OfficialDomain, Purpose, Watch
from arobase.observatory.queries.follow import changes, follow_of
from arobase.observatory.rules.declared import Declared
from builders import a_commune, an_account
from people import ALIX, CAMILLE

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
TODAY, LATER = date(2026, 11, 24), date(2026, 12, 1)
HAVRE = "commune:76351"


@pytest.fixture(autouse=True)
def havre():
    return a_commune("76351", "Le Havre")


def test_what_a_town_put_right_outlives_the_next_load():
    told = {(HAVRE, "web"): Declared("old.fr", "https://old.fr/", "DILA", None)}
    keep_domains(told, among=[HAVRE], on=TODAY)
    hand = follow.Hand(an_account(CAMILLE), NOW)
    follow.correct_domain(HAVRE, Purpose.WEB, host="new.fr", address="https://new.fr/", hand=hand, on=TODAY)

    again = keep_domains(told, among=[HAVRE], on=LATER)
    gone = keep_domains({}, among=[HAVRE], on=LATER)

    assert [*again.values(), *gone.values()] == [0] * 6
    assert OfficialDomain.objects.get(until=None).host == "new.fr"
    assert OfficialDomain.objects.get(until=TODAY).host == "old.fr"


def test_a_token_ends_its_own_watch_and_a_forged_one_none():
    person = an_account(ALIX)
    one = follow.watch(person, HAVRE, at=NOW)
    assert follow.watch(person, HAVRE, at=NOW) == one
    assert follow.watches_named(follow.token_of(one)) == [one]
    assert follow.watches_named(signing.dumps(one.pk, salt=follow.SALT)) == [one], "as in letters of before"
    with pytest.raises(signing.BadSignature):
        follow.watches_named(signing.dumps(one.pk, salt="silence"))
    follow.unwatch(person, HAVRE)
    assert not Watch.objects.exists()


@pytest.mark.parametrize("text", ["", "  ", "\0"])
def test_a_report_without_a_word_is_not_kept(text):
    with pytest.raises(follow.NothingSaid):
        follow.report_error(HAVRE, text, at=NOW)
    assert not ErrorReport.objects.exists()


def test_a_town_s_feed_is_not_the_feed_of_all(client):
    """A reader takes two feeds with one id for the same."""
    atom = "{http://www.w3.org/2005/Atom}"
    feeds = [
        ElementTree.fromstring(client.get(path).content)
        for path in ("/observatoire/changements.atom", "/observatoire/communes/76351/changements.atom")
    ]

    ids = [one.findtext(f"{atom}id") for one in feeds]
    links = [one.find(f"{atom}link[@rel='alternate']").get("href") for one in feeds]

    assert [one.partition("//")[2].partition("/")[2] for one in ids] == [
        "observatoire/changements",
        "observatoire/communes/76351",
    ]
    assert links == ids


def test_an_entry_of_a_feed_has_an_author_and_keeps_its_id_when_a_campaign_is_read_again(client):
    atom = "{http://www.w3.org/2005/Atom}"
    reading = begin(About.COMMUNES, at=NOW)
    seen = []

    for _reading in range(2):
        moved = Change(territory_id=HAVRE, kind="moved", layer="ca", before=["letsencrypt"], after=["A <b>&</b> B"])
        campaign = conclude(reading, at=NOW, domains=1, rules="1", zones={}, figures={}, changes=[moved])
        feed = ElementTree.fromstring(client.get("/observatoire/changements.atom").content)
        [entry] = feed.findall(f"{atom}entry")
        link = entry.find(f"{atom}link").get("href")
        seen.append((entry.findtext(f"{atom}id"), entry.findtext(f"{atom}summary"), link))
        reading = take_up(campaign)

    assert feed.findtext(f"{atom}author/{atom}name") == "Arobase"
    assert seen[0] == seen[1]
    assert "A &lt;b&gt;" in seen[0][1]
    assert link.endswith("/observatoire/communes/76351#follow-heading")
    assert "A &lt;b&gt;" in client.get(link.partition("#")[0]).content.decode()


def test_changes_of_a_town_that_asked_to_be_left_out_are_not_shown():
    moved = Change(territory_id=HAVRE, kind="moved", layer="mail", before=["ovh"], after=["microsoft"])
    campaign = begin(About.COMMUNES, at=NOW)
    conclude(campaign, at=NOW, domains=1, rules="1", zones={}, figures={}, changes=[moved])
    agent = an_account(CAMILLE)
    assert changes().count() == 1 and follow_of(HAVRE, agent)["may_speak"]

    follow.opt_out(HAVRE, why="", hand=follow.Hand(agent, NOW), on=TODAY)
    assert changes().count() == 0
    follow.opt_in(HAVRE, hand=follow.Hand(agent, NOW), on=LATER)
    assert changes().count() == 1
