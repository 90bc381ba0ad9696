"""Campaigns over communes: published when little changed, held when much did, resumed, read again."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner

from arobase.observatory.actions import campaigns as actions
from arobase.observatory.cli.campaign import campaign
from arobase.observatory.models import About, Campaign, CampaignState, Change, OfficialDomain, OptOut, Standing
from arobase.observatory.queries.dependence import Origin, dependence, forget
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.services import MAIL
from arobase.observatory.rules.visits import Ending, Hop, Site, Visit
from arobase.observatory.sources import campaigns, shards, sites
from arobase.observatory.sources.providers import catalogue
from builders import an_account
from internet.names import name_server
from observatory.recorded_towns import MICROSOFT, MONDAY, NEXT, OVH, TOWNS, Recorded, moved, run, the_towns
from people import SACHA

pytestmark = pytest.mark.django_db
FRENCH = {"Accept-Language": "fr"}


@pytest.fixture(autouse=True)
def towns():
    forget()
    the_towns()
    yield
    forget()


def test_a_first_campaign_is_shown_and_measured_beats_declared(tmp_path):
    done = run(tmp_path, MONDAY)

    on = dependence(catalogue())
    assert (done.state, done.domains, done.figures["n"]) == (CampaignState.PUBLISHED, TOWNS, TOWNS)
    assert on.counted(MAIL) == {Origin.MEASURED: TOWNS}
    assert on.on == MONDAY.date()


def test_a_few_changes_are_published_one_by_one(tmp_path, client):
    run(tmp_path, MONDAY)

    done = run(tmp_path, NEXT, moved(1))

    assert done.state == CampaignState.PUBLISHED
    assert 0 < done.changed_share <= 0.05
    mail = Change.objects.get(layer="mail")
    assert (mail.territory_id, mail.before, mail.after) == ("commune:99000", ["ovh"], ["microsoft"])
    page = client.get("/observatoire/changements?couche=mail", headers=FRENCH).content.decode()
    assert "Ville 0 a déplacé sa messagerie de OVHcloud vers Microsoft 365." in page


def test_much_change_is_held_until_someone_has_looked(tmp_path):
    first = run(tmp_path, MONDAY)

    held = run(tmp_path, NEXT, moved(TOWNS // 2))

    assert held.state == CampaignState.HELD
    assert held.changed_share > 0.05 and held.held_because
    assert dependence(catalogue()).on == first.began_at.date()
    actions.let_through(held, at=NEXT)
    assert dependence(catalogue()).on == held.began_at.date()
    with pytest.raises(actions.NotHeld):
        actions.put_aside(held)


def test_a_held_campaign_says_what_differs_so_that_someone_can_look(tmp_path, settings, client):
    settings.HOME = tmp_path
    first = run(tmp_path, MONDAY)
    silent = {f"ville{n}.test": "" for n in range(20, TOWNS)}

    held = run(tmp_path, NEXT, {**moved(15), **silent})

    told = CliRunner().invoke(campaign, ["show", str(held.pk), "--json"])
    differs = json.loads(told.stdout)["differs"]
    assert differs["since"] == first.pk
    assert (differs["changed"]["mail"], differs["silent"]["mail"]) == (15, 10)
    assert ["moved", "mail", ["ovh"], ["microsoft"], 15] in differs["moves"]
    lines = CliRunner().invoke(campaign, ["show", str(held.pk)]).stdout
    assert "OVHcloud à Microsoft 365" in lines and "Ville 0" in lines and f"publish {held.pk}" in lines
    assert client.get("/observatoire/retenues").status_code in {302, 403}
    client.force_login(an_account(SACHA))
    page = client.get("/observatoire/retenues", headers=FRENCH).content.decode()
    assert "OVHcloud à Microsoft 365" in page and 'href="/observatoire/communes/99000"' in page


def test_silence_is_no_change_and_is_held_all_the_same(tmp_path):
    run(tmp_path, MONDAY)

    done = run(tmp_path, NEXT, {f"ville{n}.test": "" for n in range(TOWNS)})

    assert done.state == CampaignState.HELD
    assert done.changed_share == 0
    assert not Change.objects.filter(layer="mail").exists()


def test_whoever_vanishes_from_the_list_fell_silent_unless_they_asked_for_it(tmp_path):
    first = run(tmp_path, MONDAY)

    OfficialDomain.objects.exclude(territory__in=["commune:99000", "commune:99001"]).delete()
    held = run(tmp_path, NEXT)
    OptOut.objects.bulk_create(OptOut(territory_id=f"commune:990{n:02}", since=NEXT.date()) for n in range(2, TOWNS))
    actions.put_aside(held)
    asked_for = run(tmp_path, datetime(2026, 12, 7, 6, tzinfo=UTC))

    assert (held.state, first.standings.count()) == (CampaignState.HELD, TOWNS)
    assert asked_for.state == CampaignState.PUBLISHED


def test_a_campaign_is_read_again_only_by_its_own_set_and_only_where_it_is_shown_or_held(tmp_path, settings):
    settings.HOME = tmp_path
    run(tmp_path, MONDAY)
    held = run(tmp_path, NEXT, moved(TOWNS // 2))
    actions.put_aside(held)
    europe = actions.conclude(
        actions.begin(About.EUROPE, at=MONDAY), at=MONDAY, domains=0, rules="", zones={}, figures={}
    )

    told = [CliRunner().invoke(campaign, ["read", str(one.pk)]) for one in (held, europe)]

    assert [one.exit_code for one in told] == [1, 1]
    assert "écartée" in told[0].stderr and "data load" in told[1].stderr
    assert Campaign.objects.get(pk=held.pk).state == CampaignState.DISCARDED
    assert not europe.standings.exists()


def test_reading_again_lets_go_of_whoever_is_no_subject_any_more(tmp_path, settings):
    settings.HOME = tmp_path
    done = run(tmp_path, MONDAY)
    OptOut.objects.create(territory_id="commune:99003", since=MONDAY.date())

    told = CliRunner().invoke(campaign, ["read", str(done.pk), "--json"])

    assert json.loads(told.stdout)["subjects"] == done.standings.count() == TOWNS - 1


def test_a_list_that_changed_meanwhile_asks_nobody_twice(tmp_path):
    stopped = actions.begin(About.COMMUNES, at=MONDAY, facts="communes-x")
    Recorded(moved(TOWNS)).ask([f"ville{n}.test" for n in range(TOWNS - 1)], campaigns.folder_of(tmp_path, stopped))
    OptOut.objects.create(territory_id="commune:99000", since=MONDAY.date())
    asking = Recorded({})

    done = run(tmp_path, NEXT, collector=asking)

    assert asking.asked == [f"ville{TOWNS - 1}.test"]
    assert done.domains == TOWNS


def test_the_later_answers_of_a_domain_are_its_latest_facts(tmp_path):
    for at, mx in ((NEXT, MICROSOFT), (MONDAY, OVH)):
        folder = tmp_path / "twice"
        answers = [Answer("ville.test", "MX", Outcome.ANSWER, (mx,))]
        shards.write(folder / "facts" / f"{mx[2:5]}.parquet", [("ville.test", answers)], at=at)

    told = [answers[0].records for _domain, answers in shards.read(tmp_path / "twice")]

    assert told == [(OVH,), (MICROSOFT,)]


def test_one_run_of_a_set_at_a_time(tmp_path, settings):
    settings.HOME = tmp_path
    with campaigns.alone(About.COMMUNES, home=tmp_path):
        refused = CliRunner().invoke(campaign, ["run"])

    assert refused.exit_code == 1
    assert "tourne déjà" in refused.stderr


def test_nobody_ends_a_campaign_that_someone_let_through_meanwhile(tmp_path):
    run(tmp_path, MONDAY)
    held = run(tmp_path, NEXT, moved(TOWNS // 2))
    actions.let_through(held, at=NEXT)

    with pytest.raises(actions.NotRunning):
        actions.conclude(held, at=NEXT, domains=0, rules="", zones={}, figures={}, held_because="again")

    assert Campaign.objects.get(pk=held.pk).state == CampaignState.PUBLISHED


def test_a_campaign_that_was_stopped_is_taken_up_again(tmp_path):
    stopped = actions.begin(About.COMMUNES, at=MONDAY, facts="communes-x")

    done = run(tmp_path, NEXT)

    assert (done.pk, done.facts) == (stopped.pk, "communes-x")
    assert Campaign.objects.count() == 1
    assert Standing.objects.filter(campaign=done).count() == TOWNS


def test_who_asked_to_be_left_out_is_not_looked_at(tmp_path, client):
    OptOut.objects.create(territory_id="commune:99003", since=MONDAY.date())

    run(tmp_path, MONDAY)

    assert not Standing.objects.filter(subject="commune:99003").exists()
    page = client.get("/observatoire/communes/99003", headers=FRENCH).content.decode()
    assert "à ne pas être observée" in page


def test_who_asked_to_be_left_out_is_in_no_other_set_by_its_domain_and_in_no_panel(client):
    europe = actions.begin(About.EUROPE, at=MONDAY)
    profile = {"on": "2026-11-23", "layers": {"mail": {"state": "found", "held": [{"provider": "ovh"}]}}, "others": []}
    wires = [["mail", "mail:ovh", []]]
    actions.keep_standings(
        europe,
        [
            Standing(subject=one, name=one, country="FR", mail=one, profile=profile, wires=wires, criteria={})
            for one in ("ville3.test", "ville4.test")
        ],
    )
    actions.conclude(europe, at=MONDAY, domains=2, rules="", zones={}, figures={})
    OptOut.objects.create(territory_id="commune:99003", since=MONDAY.date())

    file = client.get("/observatoire/donnees.csv?jeu=europe")
    outage = client.get("/observatoire/panne.csv?jeu=europe&tombe=ovh").content.decode()
    town = client.get("/territoires/commune/99003", headers=FRENCH).content.decode()

    assert "ville4.test" in (text := file.content.decode()) and "ville3.test" not in text
    assert "Last-Modified" not in file.headers
    assert "ville4.test" in outage and "ville3.test" not in outage
    assert client.get("/observatoire/sites/ville3.test?jeu=europe").status_code == 404
    assert "ville3.test" not in town
    assert "ville4.test" in client.get("/territoires/commune/99004", headers=FRENCH).content.decode()


def test_standings_before_the_last_two_campaigns_go_and_figures_stay(tmp_path):
    days = [MONDAY, NEXT, datetime(2026, 12, 7, 6, tzinfo=UTC)]

    first, *later = [run(tmp_path, day) for day in days]

    assert not first.standings.exists()
    assert all(one.standings.count() == TOWNS for one in later)
    assert Campaign.objects.get(pk=first.pk).figures["n"] == TOWNS


def test_a_commune_s_page_tells_what_was_measured_and_its_letter_is_a_pdf(tmp_path, client):
    run(tmp_path, MONDAY)

    page = client.get("/observatoire/communes/99001", headers=FRENCH).content.decode()
    letter = client.get("/observatoire/communes/99001/lettre.pdf")

    assert "Mesuré par nous, campagne du 23 novembre 2026" in page
    assert "OVHcloud" in page and "Seul suffit" in page
    assert letter["Content-Type"] == "application/pdf" and letter.content.startswith(b"%PDF")
    assert client.get("/observatoire/communes/99001/lettre.pdf").content == letter.content


def test_the_command_asks_a_real_name_server_reads_again_and_lists(tmp_path, settings):
    settings.HOME = tmp_path
    with name_server() as server:
        where = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "0.3"]
        told = CliRunner().invoke(campaign, ["run", *where, "--json"])
    assert told.exit_code == 0, told.output
    done = json.loads(told.stdout)

    again = CliRunner().invoke(campaign, ["read", str(done["number"]), "--json"])
    listed = json.loads(CliRunner().invoke(campaign, ["list", "--json"]).stdout)
    refused = CliRunner().invoke(campaign, ["publish", str(done["number"])])

    assert (done["state"], done["domains"], done["subjects"]) == ("published", TOWNS, TOWNS)
    assert json.loads(again.stdout)["subjects"] == TOWNS
    assert [one["number"] for one in listed] == [done["number"]]
    assert refused.exit_code == 1 and "n’est pas retenue" in refused.stderr
    assert CliRunner().invoke(campaign, ["discard", "999"]).exit_code == 1


def test_a_town_s_own_page_names_what_was_measured_or_recorded_as_the_observatory_does(tmp_path, client):
    profile = {"on": "2026-11-23", "layers": {}, "others": []}
    needs = {"all": ["gateway:vadesecure", "mail:microsoft"]}
    europe = actions.begin(About.EUROPE, at=MONDAY, source="un autre projet")
    told = Standing(
        subject="ville4.test", name="x", country="FR", profile=profile, wires=[["mail", needs, []]], criteria={}
    )
    actions.keep_standings(europe, [told])
    actions.conclude(europe, at=MONDAY, domains=1, rules="", zones={}, figures={})

    def town() -> str:
        return client.get("/territoires/commune/99004", headers=FRENCH).content.decode()

    recorded = town()
    run(tmp_path, MONDAY)

    assert "Vade Secure, Microsoft 365" in recorded and "un autre projet" in recorded
    assert "Mesuré par nous, campagne du 23 novembre 2026" in (measured := town())
    assert "OVHcloud" in measured and "pas encore mesurés" not in measured


def test_series_need_a_second_campaign_and_then_run_from_one_to_the_next(tmp_path, client):
    def page() -> str:
        return client.get("/observatoire/evolution", headers=FRENCH).content.decode()

    assert "Aucune campagne n’est encore publiée" in page()
    run(tmp_path, MONDAY)
    assert "il en faut une seconde" in page()
    run(tmp_path, NEXT, moved(1))

    shown = page()
    assert "23 novembre 2026" in shown and "30 novembre 2026" in shown
    assert f"{TOWNS} sur {TOWNS}" in shown  # criterion 2.1: every town declares an address
    assert "il en faut une seconde" not in shown


def test_everything_can_be_taken_away_layer_by_layer(tmp_path, client):
    assert client.get("/observatoire/donnees.csv").status_code == 404
    OptOut.objects.create(territory_id="commune:99003", since=MONDAY.date())
    run(tmp_path, MONDAY, moved(1))

    header, *rows = client.get("/observatoire/donnees.csv").content.decode().splitlines()
    described = client.get("/observatoire/donnees/schema.json").json()

    assert header.split(",") == [field["name"] for field in described["schema"]["fields"]]
    mail = [row for row in rows if ",mail,found," in row]
    assert len(mail) == TOWNS - 1
    assert mail[0].startswith("commune:99000,Ville 0,,ville0.test,mail,found,microsoft,US,US,")
    assert not any("unknown" in row.split(",")[5] for row in rows)


class Redirected(Recorded):
    """Every site answers with a redirect to a page of the agglomeration's."""

    def visit(self, domains, folder):
        hops = (Hop("https://ville0.test/", 301, "192.0.2.1"), Hop("https://www.agglo.example/", 200, "198.51.100.1"))
        visit = Visit("https://ville0.test/", Ending.ANSWERED, hops, headers={"cf-ray": "8a-CDG"})
        sites.write(sites.place(folder, domains), [Site("ville0.test", MONDAY, (visit,))])

    def ask_zones(self, zones, folder):
        return {one: ["ns1.agglo.example", "ada.ns.cloudflare.com"] for one in zones if one == "agglo.example"}


def test_the_names_of_a_page_to_which_a_site_leads_are_asked_about(tmp_path):
    done = run(tmp_path, MONDAY, collector=Redirected({}))

    assert {"agglo.example", "cloudflare.com"} <= set(done.zones)
