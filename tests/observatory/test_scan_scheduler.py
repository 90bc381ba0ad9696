"""A scan by the workers of a Dask scheduler that runs elsewhere: the facts of the engine of one process."""

import json
import subprocess
import sys
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import pytest
from click.testing import CliRunner

from arobase.observatory.cli.scan import scan
from arobase.observatory.rules.answers import Answer
from arobase.observatory.sources import shards
from internet.names import NameServer, name_server
from serving import free_port

TOWNS = ["ville.test", "filtre.test", "boucle.test", "alias.test", "signe.test", "gros.test", "foule.test"]
TROUBLE = ["refuse.test", "panne.test", "rien.test", "delegue-nulle-part.test"]
MANY = 60  # in shards enough for both workers


@contextmanager
def a_scheduler() -> Iterator[str]:
    """The address of a scheduler in another process, with workers in processes of their own."""
    command = [sys.executable, str(Path(__file__).with_name("some_workers.py"))]
    with subprocess.Popen(command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True) as running:
        try:
            yield running.stdout.readline().strip()
        finally:
            running.communicate()


def scanned(folder: Path, path: Path, server: NameServer, *more: str) -> dict:
    asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "5"]  # nobody here is silent
    told = CliRunner().invoke(scan, [str(path), "--out", str(folder), *asked, "--json", *more])
    assert told.exit_code == 0, told.output
    return json.loads(told.stdout)


def facts(folder: Path) -> dict[str, list[Answer]]:
    found: dict[str, list[Answer]] = {}
    for domain, answers in shards.read(folder):
        assert domain not in found, "each domain is there once"
        found[domain] = sorted(answers, key=lambda one: (one.name, one.type))
    return found


def test_workers_of_a_running_scheduler_find_what_one_process_finds(tmp_path):
    domains = [*TOWNS, *TROUBLE, *(f"t{n}.many.test" for n in range(MANY))]
    path = tmp_path / "list.csv"
    path.write_text("\n".join(["domain", *domains]), encoding="utf-8")

    with name_server(many=MANY) as server, a_scheduler() as scheduler:
        alone = scanned(tmp_path / "alone", path, server)
        before = server.asked.total()
        shared = scanned(tmp_path / "shared", path, server, "--scheduler", scheduler)
        asked = server.asked.total() - before
        again = scanned(tmp_path / "shared", path, server, "--scheduler", scheduler)

    assert facts(tmp_path / "shared") == facts(tmp_path / "alone")
    assert sorted(facts(tmp_path / "shared")) == sorted(domains)
    told = ("domains", "already_done", "facts", "outcomes")
    assert {one: shared[one] for one in told} == {one: alone[one] for one in told}
    assert asked > len(domains), "they asked for themselves"
    assert (again["domains"], again["already_done"]) == (0, len(domains))


@pytest.mark.parametrize("address", ["tcp://127.0.0.1:{port}", "127.0.0.1:{port}"])
def test_a_scheduler_that_does_not_answer_is_named(tmp_path, address, monkeypatch):
    monkeypatch.setattr("arobase.observatory.sources.workers.PATIENCE_S", 0.5)
    path, where = tmp_path / "list.csv", address.format(port=free_port())
    path.write_text("domain\nville.test", encoding="utf-8")

    told = CliRunner().invoke(scan, [str(path), "--out", str(tmp_path / "out"), "--scheduler", where])

    assert told.exit_code == 1
    assert f"Aucun ordonnanceur Dask ne répond : {where}" in told.stderr.replace("\u00a0", " ").replace("\u202f", " ")
