"""Campaigns read again, held, put aside and let through: each by its own facts, and never instead of better ones."""

import json
import shutil
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from arobase.observatory.actions import campaigns as actions
from arobase.observatory.cli.campaign import campaign
from arobase.observatory.models import About, Campaign, CampaignState, Change, KeptFacts, Standing
from arobase.observatory.queries.dependence import forget, published
from arobase.observatory.rules.facts import Network
from arobase.observatory.rules.providers import Catalogue
from arobase.observatory.sources import campaigns
from arobase.observatory.sources.announcers import Announcers
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.sources.subjects import communes
from observatory.recorded_towns import MONDAY, NEXT, TOWNS, moved, run, the_towns

pytestmark = pytest.mark.django_db
THIRD = datetime(2026, 12, 7, 6, tzinfo=UTC)
SILENT = {f"ville{n}.test": "" for n in range(TOWNS)}


@pytest.fixture(autouse=True)
def home(tmp_path, settings):
    """A home of its own, with the towns."""
    settings.HOME = tmp_path
    forget()
    the_towns(elsewhere=5)
    yield tmp_path
    forget()


def newer_rules():
    """Rules that do not know OVH any more: every town's verdict on its mail and names changes."""
    known = catalogue()
    providers = [one for slug, one in known.providers.items() if slug != "ovh"]
    return Catalogue(
        providers, known.companies.values(), version="2027-01", programs=known.programs, states=known.states
    )


def read_again(home, one: Campaign, *, rules=None, at=THIRD) -> Campaign:
    return campaigns.read_again(
        one,
        communes,
        home=home,
        catalogue=rules or catalogue(),
        announcers=lambda _folder: Announcers(lambda _address: Network(16276, "OVH", "FR")),
        now=lambda: at,
        tell=lambda _step, _count: None,
    )


def command(*told: object):
    return CliRunner().invoke(campaign, [str(one) for one in told])


def mail_of(one: Campaign) -> set[str]:
    """Who holds the mailboxes of a campaign's towns."""
    layers = [standing.profile["layers"]["mail"] for standing in one.standings.all()]
    return {held["provider"] for layer in layers for held in layer.get("held", [])}


@pytest.mark.parametrize("verb", [None, "discard"])
def test_a_campaign_is_read_by_its_own_facts_whatever_a_later_one_gathered(home, verb):
    first = run(home, MONDAY)
    held = run(home, NEXT, SILENT)
    if verb:
        assert command(verb, held.pk).exit_code == 0
    before = {one.subject: (one.profile, one.index, one.known_share) for one in first.standings.all()}

    told = command("read", first.pk, "--json")

    assert (json.loads(told.stdout)["number"], json.loads(told.stdout)["state"]) == (first.pk, "published")
    assert {one.subject: (one.profile, one.index, one.known_share) for one in first.standings.all()} == before


def test_facts_that_wait_are_kept_and_those_put_aside_or_replaced_are_in_their_folder_alone(home):
    first = run(home, MONDAY)
    held = run(home, NEXT, moved(TOWNS))
    assert [one.kept_facts.count() for one in (first, held)] == [TOWNS, TOWNS]

    command("discard", held.pk)
    third = run(home, THIRD)

    assert [one.kept_facts.count() for one in (first, held, third)] == [0, 0, TOWNS]
    assert not held.standings.exists()
    assert campaigns.folder_of(home, held).is_dir()


def test_facts_that_an_older_release_let_a_later_campaign_replace_are_read_from_the_folder(home):
    first = run(home, MONDAY)
    KeptFacts.objects.filter(domain__in=["ville0.test", "ville1.test"]).delete()

    read_again(home, first)

    assert mail_of(first) == {"ovh"}
    assert first.kept_facts.count() == TOWNS


def test_a_reading_that_changes_much_waits_while_the_earlier_one_is_shown(home):
    first = run(home, MONDAY)

    reading = read_again(home, first, rules=newer_rules())

    assert (reading.state, reading.rereads) == (CampaignState.HELD, first)
    assert reading.held_because.startswith("changed ")
    assert published(About.COMMUNES) == first and mail_of(first) == {"ovh"}

    shown = actions.let_through(reading, at=THIRD)

    assert (shown.pk, shown.rules, shown.state, shown.published_at) == (first.pk, "2027-01", "published", MONDAY)
    assert mail_of(first) == {"ovh.net"}
    assert list(Campaign.objects.values_list("pk", flat=True)) == [first.pk]


def test_a_reading_put_aside_leaves_what_is_shown(home):
    first = run(home, MONDAY)
    reading = read_again(home, first, rules=newer_rules())

    told = command("discard", reading.pk)

    assert told.exit_code == 0
    assert published(About.COMMUNES) == first and mail_of(first) == {"ovh"}
    assert command("read", reading.pk).exit_code == 1
    assert command("read", first.pk).exit_code == 0


def test_a_reading_says_what_changed_since_the_campaign_before_not_since_itself(home):
    run(home, MONDAY)
    second = run(home, NEXT, moved(1))
    before = set(Change.objects.values_list("campaign", "territory", "layer"))

    read_again(home, second)

    assert set(Change.objects.values_list("campaign", "territory", "layer")) == before


def test_a_reading_whose_earlier_one_is_gone_waits_for_someone(home):
    first, *_later = [run(home, day) for day in (MONDAY, NEXT, THIRD)]

    told = command("read", first.pk)

    reading = Campaign.objects.get(rereads=first)
    assert f"relecture de la campagne {first.pk}" in told.stdout
    assert (reading.state, reading.held_because) == (CampaignState.HELD, "compared 0")


def test_a_reading_that_was_stopped_leaves_no_trace(home):
    first = run(home, MONDAY)

    for again in (lambda: read_again(home, first), lambda: run(home, NEXT)):
        stopped = actions.take_up(first)
        again()
        assert not Campaign.objects.filter(pk=stopped.pk).exists()

    assert published(About.COMMUNES).began_at == NEXT


def test_a_new_reading_replaces_one_that_waits(home):
    first = run(home, MONDAY)
    waiting = read_again(home, first, rules=newer_rules())

    read_again(home, first)

    assert not Campaign.objects.filter(pk=waiting.pk).exists()


def test_a_held_campaign_keeps_its_standings_while_another_is_read_and_can_then_be_shown(home):
    run(home, MONDAY)
    run(home, NEXT)
    held = run(home, THIRD, moved(TOWNS))

    command("read", published(About.COMMUNES).pk)
    told = command("publish", held.pk)

    assert told.exit_code == 0
    assert published(About.COMMUNES) == held and held.standings.count() == TOWNS


def test_nothing_is_not_published(home):
    first = run(home, MONDAY)
    held = run(home, NEXT, moved(TOWNS))
    held.standings.all().delete()

    told = command("publish", held.pk)

    assert told.exit_code == 1
    assert f"campaign read {held.pk}" in told.stderr
    assert published(About.COMMUNES) == first


def test_a_campaign_whose_folder_is_gone_says_so_and_stays_as_it_is(home):
    first = run(home, MONDAY)
    shutil.rmtree(campaigns.folder_of(home, first))

    told = command("read", first.pk)

    assert told.exit_code == 1
    assert "ne sont plus là" in told.stderr
    assert published(About.COMMUNES) == first and Standing.objects.count() == TOWNS


def test_a_campaign_over_a_department_is_read_again_over_that_department(home):
    done = run(home, MONDAY, departments=["98"])

    told = json.loads(command("read", done.pk, "--json").stdout)

    assert (told["departments"], told["subjects"]) == (["98"], 5)
