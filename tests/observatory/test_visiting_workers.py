"""Sites visited by several processes of a real Dask cluster: each once, killed or not, and nobody asked in haste."""

import asyncio
import doctest
import json
import os
import signal
import subprocess
import time
from dataclasses import replace
from pathlib import Path

import pytest
from click.testing import CliRunner
from distributed.comm import CommClosedError

from arobase.observatory.cli.scan import scan
from arobase.observatory.rules.visits import Site
from arobase.observatory.sources import sites
from arobase.observatory.sources.visiting import cluster, turns
from arobase.observatory.sources.visiting.campaign import visit_shard
from arobase.observatory.sources.visiting.turn_keeper import KeeperGone, SharedTurns
from arobase.observatory.sources.visiting.visitor import Visitor
from internet.web import Internet, the_internet
from observatory.test_scan_killed import workers_of
from observatory.test_scan_scheduler import a_scheduler
from observatory.visiting import AT, visited
from serving import AROBASE

TOWNS = ["bourg.test", "perime.test", "rien.test", "aubeville.test", "grandval.test", "hautefeuille.test"]
MANY = 120  # small sites at one address, in three shards
PATIENCE_S = 60


@pytest.fixture(scope="module")
def net():
    with the_internet(many=MANY) as net:
        yield net


def many(n: int) -> list[str]:
    return [f"w{one}.many.test" for one in range(n)]


def arguments(net: Internet, folder: Path, domains: list[str], *more: str) -> list[str]:
    path = folder / "list.csv"
    path.write_text("\n".join(["domain", *domains]), encoding="utf-8")
    asked = ["--nameserver", net.names.address, "--port", str(net.names.port), "--timeout", "2"]
    there = ["--test-internet", str(net.told), "--user-agent-contact", "https://observatoire.test"]
    return [str(path), *asked, *there, "--out", str(folder / "out"), "--web", "--json", *more]


def kept(folder: Path) -> dict[str, Site]:
    """Every site but the time of the visit; one met twice fails."""
    found: dict[str, Site] = {}
    for site in sites.read(folder):
        assert site.domain not in found
        found[site.domain] = replace(site, visited_at=AT)
    return found


def test_two_workers_see_what_one_process_sees(net, tmp_path):
    told = CliRunner().invoke(scan, arguments(net, tmp_path, [*TOWNS, *many(60)], "--workers", "2"))
    again = CliRunner().invoke(scan, arguments(net, tmp_path, [*TOWNS, *many(60)], "--workers", "2"))

    assert told.exit_code == again.exit_code == 0, told.output
    assert (json.loads(told.stdout)["visited"], json.loads(again.stdout)["visited"]) == (66, 0)
    alone = visited([*TOWNS, *many(60)], net.manners())
    assert kept(tmp_path / "out") == {domain: replace(site, visited_at=AT) for domain, site in alone.items()}


def test_an_address_that_all_sites_share_is_asked_at_the_agreed_rate_by_all_workers_together(net, tmp_path):
    pause_s = 0.03
    net.requests.clear()

    with a_scheduler() as scheduler:
        count = cluster.visit_all(
            many(MANY),
            folder=tmp_path,
            manners=net.manners(address_pause_s=pause_s),
            now=lambda: AT,
            workers=2,
            scheduler=scheduler,
            tell=lambda _more: None,
        )

    first, last = net.requests[0].at, net.requests[-1].at
    assert count == MANY
    # What came late is noted late, the first too; each worker by a clock of its own would take half as long.
    assert last - first >= 0.75 * pause_s * (len(net.requests) - 1)
    assert {site.visited_at for site in sites.read(tmp_path)} == {AT}


@pytest.mark.slow
def test_sites_of_a_worker_that_is_killed_are_visited_by_another_each_once(net, tmp_path):
    net.requests.clear()
    line = [AROBASE, "observatory", "scan", *arguments(net, tmp_path, [*TOWNS, *many(MANY)], "--workers", "2")]

    with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
        patience = time.monotonic() + PATIENCE_S
        while running.poll() is None and len(net.requests) < 60 and time.monotonic() < patience:
            time.sleep(0.01)
        os.kill(workers_of(running.pid)[-1], signal.SIGKILL)
        running.communicate(timeout=PATIENCE_S)

    assert running.returncode == 0
    alone = visited([*TOWNS, *many(MANY)], net.manners())
    assert kept(tmp_path / "out") == {domain: replace(site, visited_at=AT) for domain, site in alone.items()}


def test_a_keeper_that_is_gone_ends_the_visit_and_says_nothing_of_the_site(net, tmp_path):
    class Lost:
        """A worker whose scheduler hung up, which is an OSError as a server's refusal is."""

        def __init__(self) -> None:
            self.scheduler, self.loop = self, self
            self.asyncio_loop = asyncio.get_running_loop()

        async def arobase_turn(self, **_asked: object) -> float:
            raise CommClosedError("gone")

    async def visit() -> None:
        async with Visitor(net.manners(host_pause_s=1.0), turns=SharedTurns(Lost())) as visitor:
            await visit_shard(["bourg.test"], folder=tmp_path, visitor=visitor, now=lambda: AT)

    with pytest.raises(ExceptionGroup) as ended:
        asyncio.run(visit())

    assert ended.group_contains(KeeperGone)
    assert list(tmp_path.rglob("*.parquet")) == []


def test_examples_in_the_text_hold():
    assert doctest.testmod(turns).failed == 0
