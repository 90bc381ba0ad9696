"""The whole way on the test Internet: scan, facts, verdicts, graph, simulation, page."""

import json
from datetime import UTC, datetime

import pytest
from click.testing import CliRunner
from django.conf import settings as configured
from django.utils.formats import date_format

from arobase.observatory.cli.outage import outage
from arobase.observatory.cli.trial import fill, trial
from arobase.observatory.models import About, Campaign, CampaignState, Standing
from arobase.observatory.queries.dependence import dependence, forget
from arobase.observatory.queries.kept import profile_of
from arobase.observatory.queries.overview import overview
from arobase.observatory.rules.profile import Layer, State
from arobase.observatory.sources.providers import catalogue

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 25, 10, tzinfo=UTC)
FRENCH = {"Accept-Language": "fr"}


@pytest.fixture(scope="module")
def looked(django_db_setup, django_db_blocker, tmp_path_factory):
    """One campaign over the invented towns, on a machine without a browser, kept for all tests of this file."""
    home, browser = configured.HOME, configured.CHROMIUM
    configured.HOME, configured.CHROMIUM = tmp_path_factory.mktemp("home"), "/there/is/none"
    with django_db_blocker.unblock():
        told = CliRunner().invoke(trial, [])
        assert told.exit_code == 0, told.output
        assert "Aucun Chromium ici" in told.stderr
        forget()
        yield Campaign.objects.get(about=About.TRIAL)
        Campaign.objects.filter(about=About.TRIAL).delete()
        forget()
    configured.HOME, configured.CHROMIUM = home, browser


def holders(subject: str, layer: Layer) -> list[str]:
    profile = profile_of(Standing.objects.get(subject=subject).profile)
    return [one.provider for one in profile.layer(layer).held]


def lost(*failures: str, kind: str) -> dict[str, list[str]]:
    """Who loses a service, with the chain that explains it."""
    told = CliRunner().invoke(
        outage, ["--set", "essai", "--json", *(part for one in failures for part in ("--fail", one))]
    )
    assert told.exit_code == 0, told.output
    return {one["territory"]: one["why"] for one in json.loads(told.stdout)["lost"] if one["service"] == kind}


def test_a_campaign_is_published_with_its_figures(looked):
    assert (looked.state, looked.figures["n"], looked.domains) == (CampaignState.PUBLISHED, 20, 20)
    assert looked.figures["layers"]["mail"]["known"] == 20
    assert sum(looked.figures["criteria"]["1.3"].values()) == 20
    assert fill(NOW) == 20, "a second time nothing is looked at again"
    assert Campaign.objects.filter(about=About.TRIAL).count() == 1


def test_without_a_browser_what_pages_do_before_any_choice_is_unknown(looked):
    found = Standing.objects.get(subject="dampierre-sur-onde.test").criteria

    assert found["watched_on"] is None
    assert {one["met"] for one in found["findings"] if one["criterion"] == "no-tracking-cookie"} == {"unknown"}


@pytest.mark.parametrize(
    ("subject", "layer", "expected"),
    [
        ("aubeville.test", Layer.MAIL, ["ovh"]),
        ("aubeville.test", Layer.HOSTING, ["ovh"]),
        ("beaulieu-les-eaux.test", Layer.MAIL, ["microsoft"]),
        ("chantemerle.test", Layer.CDN, ["cloudflare"]),
        ("chantemerle.test", Layer.CAPTCHA, ["cloudflare"]),
        ("fontclaire.test", Layer.DNS, ["gandi", "ovh"]),
        ("lavaldieu.test", Layer.HOSTING, ["netlify"]),
        ("montbrun.test", Layer.LIBRARIES, ["cloudflare"]),
        ("ormeraie.test", Layer.MAIL, ["self"]),
        ("ormeraie.test", Layer.DNS, ["self"]),
        ("rochebelle.test", Layer.FONTS, ["google"]),
    ],
)
def test_each_layer_is_what_the_world_says(looked, subject, layer, expected):
    assert sorted(holders(subject, layer)) == expected


def test_a_host_behind_a_proxy_is_unknown_not_the_proxy(looked):
    profile = profile_of(Standing.objects.get(subject="jonquiere.test").profile)

    assert profile.layer(Layer.HOSTING).state is State.UNKNOWN


def test_one_of_two_name_services_is_enough(looked):
    assert "fontclaire.test" not in lost("dns:ovh", kind="names")
    assert "fontclaire.test" in lost("dns:ovh", "dns:gandi", kind="names")
    assert "aubeville.test" in lost("dns:ovh", kind="names")


def test_a_dependence_through_a_consortium_is_found_and_explained(looked):
    found = lost("dns:cloudflare", kind="web")

    assert found["hautefeuille.test"] == ["zone:syndicat-numerique.test", "dns:cloudflare"]
    assert "aubeville.test" not in found


def test_a_platform_s_customers_share_its_zone_and_fall_with_its_name_servers(looked):
    """netlify.app is a public suffix of the list's private part: whoever is given a name there gets no zone."""
    found = lost("dns:aws", kind="web")

    assert found["quatre-vents.test"] == ["zone:netlify.app", "dns:aws"]
    assert "quatre-vents.test" not in lost("dns:aws", kind="names")


def test_layers_of_one_company_fail_apart(looked):
    proxy, names = lost("cdn:cloudflare", kind="web"), lost("dns:cloudflare", kind="web")

    assert "jonquiere.test" in proxy and "jonquiere.test" not in names
    assert "grandval.test" in names and "grandval.test" not in proxy
    assert set(proxy) | set(names) <= set(lost("cloudflare", kind="web"))


def test_where_servers_stand_and_whose_law_holds_fail_apart(looked):
    law, place = lost("country:US", kind="web"), lost("place:US", kind="web")

    assert "lavaldieu.test" in law and "lavaldieu.test" not in place  # an American host, in Frankfurt
    assert "aubeville.test" not in law and "aubeville.test" not in place


def test_networks_and_soils_are_not_among_the_first_that_are_offered(looked, client):
    first, *more = client.get("/observatoire/panne?jeu=essai", headers=FRENCH).context["choices"]

    offered = {one.failure.partition(":")[0] for group in more for one in group.choices}
    assert {"as", "place"} <= offered
    assert {"as", "place"}.isdisjoint(one.failure.partition(":")[0] for one in first.choices)


def test_what_is_lost_is_said_first_whatever_the_map_shows(looked, client):
    page = client.get("/observatoire/panne?jeu=essai&service=web&tombe=mail:microsoft", headers=FRENCH)
    none = client.get("/observatoire/panne?jeu=essai&service=web&tombe=fonts:google", headers=FRENCH)

    assert [one.kind for one in page.context["said"]] == ["mail"]
    assert {one.kind for one in page.context["unsaid"]} == {"web", "names"}
    assert [one.kind for one in none.context["said"]] == ["web"]


def test_a_layer_counts_towns_not_what_they_need_it_for(looked, client):
    on = dependence(catalogue(), About.TRIAL)

    names = overview(on).shares["dns"]
    page = client.get("/observatoire?jeu=essai", headers=FRENCH).content.decode()

    assert names.known == 20  # each town's site, mail and names all need its name servers
    assert dict(names.largest)["ovh"] == len({one for one in on.at if "ovh" in holders(one, Layer.DNS)})
    assert max(names.by_law.values()) <= names.known
    assert "Qui en a deux dans une couche compte avec chacun." in page


def test_fonts_of_others_only_degrade(looked):
    told = json.loads(CliRunner().invoke(outage, ["--set", "essai", "--json", "--fail", "fonts:google"]).stdout)

    assert told["lost"] == []
    assert "beaulieu-les-eaux.test" in {one["territory"] for one in told["degraded"]}


def test_pages_say_that_the_towns_are_invented(looked, client):
    for address in (
        "/observatoire?jeu=essai",
        "/observatoire/panne?jeu=essai&tombe=cloudflare",
        "/observatoire/sites/chantemerle.test?jeu=essai",
        "/observatoire/18-novembre-2025",
    ):
        page = client.get(address, headers=FRENCH)
        assert page.status_code == 200, address
        assert "inventée" in page.content.decode(), address


def test_the_page_of_that_day_says_of_which_day_its_facts_are(looked, client):
    page = client.get("/observatoire/18-novembre-2025", headers=FRENCH).content.decode()

    assert "à la date dite sous chaque chiffre" in page and "au jour dit" not in page
    assert f"par notre mesure, le {date_format(looked.began_at)}, d’un Internet d’essai" in page
    assert "Le plan de chaque commune mesurée" in page


@pytest.mark.parametrize(
    "address", ["/observatoire/panne?jeu=essai&tombe=cdn:cloudflare&service=web", "/observatoire/18-novembre-2025"]
)
def test_whoever_goes_dark_is_linked_to_its_own_page(looked, client, address):
    page = client.get(address, headers=FRENCH).content.decode()

    assert '<a href="/observatoire/sites/jonquiere.test?jeu=essai">' in page
    assert client.get("/observatoire/sites/jonquiere.test?jeu=essai").status_code == 200


@pytest.mark.parametrize(("typed", "failure"), [("OVHcloud", "ovh"), ("Alphabet", "owner:alphabet")])
def test_a_group_is_found_by_its_name_where_no_provider_has_it(looked, client, typed, failure):
    page = client.get("/observatoire/panne", {"jeu": "essai", "nom": typed})

    assert page.context["chosen"] == [failure]


def test_a_subject_s_page_says_what_suffices_and_what_to_do(looked, client):
    page = client.get("/observatoire/sites/hautefeuille.test?jeu=essai", headers=FRENCH).content.decode()

    assert "syndicat-numerique.test" in page
    assert "Seul suffit" in page
    assert "Que faire, et dans quel ordre" in page
    assert client.get("/observatoire/sites/personne.test?jeu=essai").status_code == 404


def test_a_subject_in_capitals_is_the_same_subject(looked, client):
    page = client.get("/observatoire/sites/Chantemerle.TEST?jeu=essai&x=é")
    told = client.get("/api/observatoire/sites/Chantemerle.TEST?jeu=essai")

    assert (page.status_code, page["Location"]) == (301, "/observatoire/sites/chantemerle.test?jeu=essai&x=%C3%A9")
    assert client.get("/observatoire/sites/chantemerle.test?jeu=essai").status_code == 200
    assert (told.status_code, told.json()["id"]) == (200, "chantemerle.test")
