"""Who announces an address, asked by DNS of a real name server on loopback where no table was loaded."""

import doctest
from datetime import UTC, datetime
from ipaddress import ip_network
from pathlib import Path

import pytest
from click.testing import CliRunner

from arobase.observatory.cli.campaign import run
from arobase.observatory.models import About, Campaign
from arobase.observatory.queries.dependence import forget
from arobase.observatory.rules.answers import Answer, Outcome
from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import announcers, networks, shards
from arobase.observatory.sources.announcers import Announcers, addresses_in, look_up
from arobase.observatory.sources.networks import Networks
from arobase.observatory.sources.registries import Route
from arobase.observatory.sources.resolver import Servers
from internet.names import NameServer, name_server

AT = datetime(2026, 11, 25, 10, tzinfo=UTC)
OVH, SILENT, FAILED, NOBODY = "192.88.99.140", "192.88.99.250", "192.88.99.251", "192.88.99.99"
AMAZON, IONOS = "192.88.99.134", "192.88.99.135"
MET = [OVH, "192.88.99.141", SILENT, FAILED, NOBODY, "10.0.0.1", "127.0.0.1"]


@pytest.fixture
def server():
    with name_server() as server:
        yield server


def a_campaign_that_met(folder: Path, *addresses: str) -> Path:
    answers = [Answer("ville.test", "A", Outcome.ANSWER, (one,)) for one in addresses]
    shards.write(shards.place(folder, ["ville.test"]), [("ville.test", answers)], at=AT)
    return folder


def asked(server: NameServer, folder: Path) -> Announcers:
    servers = Servers((server.address,), port=server.port, timeout_s=0.3, pause_s=0.1)
    return look_up(addresses_in(folder), folder=folder, zone="asn.test", servers=servers, at=AT)


def test_an_address_is_asked_about_and_its_system_is_named(server, tmp_path):
    found = asked(server, a_campaign_that_met(tmp_path, OVH))

    assert found.of(OVH) == Network(16276, "OVH", "FR")


def test_the_country_is_that_of_the_address_and_only_else_that_of_the_system(server, tmp_path):
    found = asked(server, a_campaign_that_met(tmp_path, AMAZON, IONOS))

    assert (found.of(AMAZON), found.of(IONOS)) == (Network(16509, "AMAZON-02", "DE"), Network(8560, "IONOS-AS", "DE"))


def test_no_answer_is_not_that_nobody_announces_it(server, tmp_path):
    found = asked(server, a_campaign_that_met(tmp_path, *MET))

    kept = {one.address: one.outcome for one in announcers._read(tmp_path)}
    assert kept[NOBODY] is Outcome.NO_NAME
    assert (kept[SILENT], kept[FAILED]) == (Outcome.TIMEOUT, Outcome.FAILED)
    assert found.told == {
        "by": "lookup",
        "zone": "asn.test",
        "on": "2026-11-25",
        "addresses": 5,
        "known": 2,
        "nobody": 1,
        "unanswered": 2,
    }


def test_each_address_is_asked_about_once_and_only_what_was_not_answered_again(server, tmp_path):
    folder = a_campaign_that_met(tmp_path, *MET)

    asked(server, folder)
    before = {question: set(numbers) for question, numbers in server.questions.items()}
    again = asked(server, folder)

    assert len(before["140.99.88.192.origin.asn.test", "TXT"]) == len(before["as16276.asn.test", "TXT"]) == 1
    fresh = {name for (name, type), numbers in server.questions.items() if numbers != before.get((name, type))}
    assert fresh == {"250.99.88.192.origin.asn.test", "251.99.88.192.origin.asn.test"}
    assert again.of(OVH) == Network(16276, "OVH", "FR")


def test_nobody_is_asked_about_a_private_address(server, tmp_path):
    asked(server, a_campaign_that_met(tmp_path, *MET))

    assert {name for name, _type in server.asked if ".10.origin" in name or ".127.origin" in name} == set()


def a_run(folder: Path, server: NameServer) -> Campaign:
    towns = folder / "towns.csv"
    towns.write_text("name,site,mail\nVille,https://www.aubeville.test/,aubeville.test\n", encoding="utf-8")
    where = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "0.5"]
    told = CliRunner().invoke(run, ["--trial", str(towns), *where])
    assert told.exit_code == 0, told.output
    forget()
    return Campaign.objects.get(about=About.TRIAL)


@pytest.mark.django_db
def test_a_campaign_without_a_table_asks_the_zone_of_the_setting_and_its_page_says_so(
    server, tmp_path, settings, client
):
    settings.HOME, settings.NETWORK_ZONE = tmp_path, "asn.test"

    done = a_run(tmp_path, server)
    page = client.get(
        "/observatoire/sites/aubeville.test?jeu=essai", headers={"Accept-Language": "fr"}
    ).content.decode()

    assert (done.figures["networks"]["by"], done.figures["networks"]["known"] > 0) == ("lookup", True)
    assert "demandés par DNS à asn.test le" in page


@pytest.mark.django_db
def test_a_campaign_asks_nobody_unless_the_operator_says_whom(server, tmp_path, settings):
    settings.HOME, settings.NETWORK_ZONE = tmp_path, ""

    done = a_run(tmp_path, server)

    assert done.figures["networks"] == {"by": "nothing"}
    assert not any("asn.test" in name for name, _type in server.asked)


@pytest.mark.django_db
def test_a_table_is_enough_and_nobody_is_asked(server, tmp_path, settings):
    settings.HOME, settings.NETWORK_ZONE = tmp_path, "asn.test"
    networks.write(networks.place(), Networks.made_of([Route(ip_network("192.88.99.0/24"), 1)], {}))

    done = a_run(tmp_path, server)

    assert done.figures["networks"]["by"] == "table"
    assert not any("asn.test" in name for name, _type in server.asked)


def test_the_most_specific_prefix_that_holds_the_address_tells():
    said = ("64500 | 192.0.2.0/25 | CA | x |", "64501 | 198.51.100.0/24 | FR | x |", "nonsense", "x | 192.0.2.0/24 |")

    assert announcers.origin_of(Answer("x", "TXT", Outcome.ANSWER, said), "192.0.2.7") == (64500, "CA")
    assert announcers.origin_of(Answer("x", "TXT", Outcome.ANSWER, said[1:]), "192.0.2.7") is None


def test_examples_in_the_text_hold():
    assert doctest.testmod(announcers).failed == 0
