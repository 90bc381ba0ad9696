"""Many sites: visited once, kept whole or not at all, by the command too; and nobody is asked in haste."""

import asyncio
import doctest
import json
import time
from dataclasses import replace
from itertools import groupby
from pathlib import Path

import anyio
import httpx
import pytest
from click.testing import CliRunner

from arobase.observatory.cli.scan import scan
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources import banners, shards, sites
from arobase.observatory.sources.visiting import campaign
from arobase.observatory.sources.visiting.asking import Asking, Unreached, Wanted
from arobase.observatory.sources.visiting.turns import OwnTurns
from arobase.observatory.sources.visiting.visitor import Visitor
from internet.web import Internet, the_internet
from observatory.visiting import AT, visited

DOMAINS = ["bourg.test", "perime.test", "rien.test"]
MANY = 120


@pytest.fixture(scope="module")
def net():
    with the_internet(many=MANY) as net:
        yield net


def at() -> object:
    return AT


def visit_all(net: Internet, folder: Path, domains: list[str]) -> int:
    visiting = campaign.visit_all(domains, folder=folder, manners=net.manners(), now=at, tell=lambda _more: None)
    return asyncio.run(visiting)


def test_sites_are_kept_and_read_again_as_they_were_seen(net, tmp_path):
    assert visit_all(net, tmp_path, DOMAINS) == 3

    kept = {site.domain: site for site in sites.read(tmp_path)}

    assert list(kept) == DOMAINS
    assert (kept["bourg.test"].page.title, kept["bourg.test"].visited_at) == ("Bourg, site officiel", AT)
    assert kept["perime.test"].ways[-1].secured.certificate.problem == "expired"
    assert (kept["rien.test"].ways, kept["rien.test"].page) == ((), None)
    assert all(sites.of_json(sites.as_json(site)) == site for site in kept.values())


def test_facts_of_before_chains_were_read_are_read_still(net):
    site = visited(["bourg.test"], net.manners())["bourg.test"]
    told = json.loads(sites.as_json(site))
    for way in told["ways"]:
        (way["secured"] or {}).pop("chain", None)

    read = sites.of_json(json.dumps(told))

    assert site.ways[-1].secured.chain and read.ways[-1].secured.chain == ()
    assert read.ways[-1].secured.certificate == site.ways[-1].secured.certificate


def test_what_is_kept_is_not_visited_again(net, tmp_path):
    visit_all(net, tmp_path, DOMAINS)
    before = len(net.requests)

    assert visit_all(net, tmp_path, DOMAINS) == 0
    assert len(net.requests) == before


def test_a_visit_that_is_broken_off_leaves_nothing_behind(net, tmp_path):
    async def broken_off() -> None:
        async with Visitor(net.manners()) as visitor:
            with anyio.move_on_after(0.2):
                await campaign.visit_shard(["goutte.test", *DOMAINS], folder=tmp_path, visitor=visitor, now=at)

    asyncio.run(broken_off())

    assert list(tmp_path.rglob("*")) == []
    assert visit_all(net, tmp_path, DOMAINS) == 3


def test_a_long_list_is_visited_shard_by_shard_each_domain_once(net, tmp_path):
    domains = [f"w{n}.many.test" for n in range(MANY)]

    assert visit_all(net, tmp_path, domains) == MANY

    assert len(list((tmp_path / "sites").iterdir())) == -(-MANY // shards.SIZE)
    assert sorted(site.domain for site in sites.read(tmp_path)) == sorted(domains)
    assert {site.page is None for site in sites.read(tmp_path)} == {False}


def test_one_waits_for_ones_turn_and_others_do_not():
    async def times(whom: list[str], pause_s: float) -> float:
        turns, began = OwnTurns(), anyio.current_time()
        await asyncio.gather(*(turns.wait(one, pause_s) for one in whom))
        return anyio.current_time() - began

    assert asyncio.run(times(["a"] * 4, 0.05)) >= 0.15
    assert asyncio.run(times(["a", "b", "c", "d"], 30.0)) < 30.0


@pytest.mark.parametrize("pause", ["host_pause_s", "address_pause_s"])
def test_a_visit_waits_between_its_requests_and_waiting_costs_the_server_no_time(net, pause):
    """Four requests to nu.test are three pauses, more in all than the time that its server is given."""
    patience = replace(net.manners().patience, site_s=2.3)

    began = time.monotonic()
    site = visited(["nu.test"], net.manners(patience=patience, **{pause: 0.8}))["nu.test"]

    assert time.monotonic() - began >= 3 * 0.8
    assert {way.ending for way in site.ways} == {Ending.ANSWERED}


def test_looking_names_up_is_part_of_a_sites_time(net):
    """A site whose redirects lead from one slow name to the next would hold its place for a quarter of an hour."""
    found = []

    async def slowly(name: str) -> list[str]:
        await anyio.sleep(0.2)
        found.append(name)
        return ["192.0.2.1"]

    async def work() -> set[Ending]:
        manners = net.manners(patience=replace(net.manners().patience, site_s=0.5))
        async with Visitor(manners) as visitor:
            asking = Asking(manners, visitor.ways, visitor.network(slowly))
            endings = set()
            for n in range(10):
                with pytest.raises(Unreached) as error:
                    await asking.ask(httpx.URL(f"http://lent{n}.test/"), Wanted(0))
                endings.add(error.value.ending)
            await asking.close()
        return endings

    assert Ending.TIMEOUT in asyncio.run(work())
    assert len(found) < 4


def test_no_more_sites_are_visited_together_than_agreed(net):
    net.requests.clear()
    domains = [f"w{n}.many.test" for n in range(4)]

    visited(domains, net.manners(at_once=1))

    assert len([host for host, _asked in groupby(net.requests, key=lambda one: one.host)]) == 4


def a_list(folder: Path, domains: list[str]) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(["domain", *domains]), encoding="utf-8")
    return path


def scanned(net: Internet, folder: Path, *more: str, domains: list[str] = DOMAINS) -> dict:
    asked = ["--nameserver", net.names.address, "--port", str(net.names.port), "--timeout", "0.5"]
    there = ["--test-internet", str(net.told), "--out", str(folder / "out"), "--json"]
    told = CliRunner().invoke(scan, [str(a_list(folder, domains)), *asked, *there, *more])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def test_the_command_visits_and_greets_when_it_is_asked_to(net, tmp_path):
    told = scanned(net, tmp_path, "--web", "--mail", "--user-agent-contact", "https://observatoire.test")

    assert (told["domains"], told["visited"], told["greeted"]) == (3, 3, 1)
    assert len(list(sites.read(tmp_path / "out"))) == 3
    assert [(one.host, one.ending) for one in banners.read(tmp_path / "out")] == [("mx.bourg.test", Ending.ANSWERED)]
    assert net.requests[-1].agent.endswith("(+https://observatoire.test)")


def test_a_list_that_grew_has_its_new_line_alone_looked_at(net, tmp_path):
    """The line on top shifts all the others into other shards."""
    many = [f"w{n}.many.test" for n in range(MANY)]
    beyond = ["--web", "--mail", "--user-agent-contact", "https://observatoire.test"]
    scanned(net, tmp_path, *beyond, domains=[*many, "bourg.test"])
    net.names.asked.clear()

    told = scanned(net, tmp_path, *beyond, domains=["nu.test", *many, "bourg.test"])

    assert (told["domains"], told["already_done"], told["visited"], told["greeted"]) == (1, MANY + 1, 1, 0)
    assert sorted(domain for domain, _answers in shards.read(tmp_path / "out")) == sorted(
        [*many, "bourg.test", "nu.test"]
    )
    assert len([site.domain for site in sites.read(tmp_path / "out")]) == MANY + 2
    assert not any(name.endswith("many.test") for name, _type in net.names.asked)


def test_the_command_visits_nobody_unasked(net, tmp_path):
    before = len(net.requests)

    assert {"visited", "greeted"}.isdisjoint(scanned(net, tmp_path))
    assert (len(net.requests), (tmp_path / "out" / "sites").exists()) == (before, False)


@pytest.mark.parametrize(
    ("contact", "site", "problem"),
    [
        ([], "http://127.0.0.1:8000", "où vous joindre"),
        (["--user-agent-contact", "à moi"], "https://x.test", "en-tête"),
    ],
)
def test_whoever_visits_says_how_to_reach_them(tmp_path, settings, contact, site, problem):
    settings.SITE_URL = site

    told = CliRunner().invoke(scan, [str(a_list(tmp_path, DOMAINS)), "--out", str(tmp_path / "out"), "--web", *contact])

    assert told.exit_code == 2
    assert problem in " ".join(told.stderr.replace("│", " ").split())
    assert not (tmp_path / "out").exists()


def test_examples_in_the_text_hold():
    assert doctest.testmod(sites).failed == 0
