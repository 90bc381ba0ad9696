"""Workers and the coordinator of a scan are killed at random; nothing is lost, nothing is there twice."""

import json
import os
import signal
import subprocess
import sys
import time
from contextlib import suppress
from pathlib import Path

import numpy
import pytest

from arobase.observatory.rules.answers import Answer
from arobase.observatory.sources import shards
from internet.names import NameServer, name_server

PATIENCE_S = 60


def a_list(folder: Path, size: int) -> Path:
    path = folder / "list.csv"
    path.write_text("\n".join(["domain", *(f"t{n}.many.test" for n in range(size))]), encoding="utf-8")
    return path


def command(path: Path, out: Path, server: NameServer, *more: str) -> list[str]:
    asked = ["--nameserver", server.address, "--port", str(server.port), "--timeout", "2"]
    arobase = str(Path(sys.executable).with_name("arobase"))
    return [arobase, "observatory", "scan", str(path), "--out", str(out), *asked, "--json", *more]


def facts(out: Path) -> dict[str, list[Answer]]:
    """Every fact but the time of asking; a domain met twice fails."""
    found: dict[str, list[Answer]] = {}
    for domain, answers in shards.read(out):
        assert domain not in found
        found[domain] = sorted(answers, key=lambda one: (one.name, one.type))
    return found


def said_of(path: Path) -> bytes:
    """What the system says of a process or thread; nothing of one that ended meanwhile."""
    try:
        return path.read_bytes()
    except (FileNotFoundError, ProcessLookupError):
        return b""


def below(pid: int) -> list[int]:
    """The processes that a process started, and those that these started."""
    threads = Path(f"/proc/{pid}/task").glob("*/children")  # a child belongs to the thread that started it
    children = [int(one) for thread in threads for one in said_of(thread).split()]
    return [*children, *(grandchild for child in children for grandchild in below(child))]


def workers_of(pid: int) -> list[int]:
    """Those that work: not multiprocessing's keeper of resources, without which nothing is asked either."""
    lines = {one: said_of(Path(f"/proc/{one}/cmdline")) for one in below(pid)}
    return [one for one, line in lines.items() if line and b"resource_tracker" not in line]


def until_it_asks(server: NameServer, running: subprocess.Popen[str], *, more: int) -> None:
    """Wait until questions come, so that a kill finds work half-way done."""
    start, patience = server.asked.total(), time.monotonic() + PATIENCE_S
    while running.poll() is None and server.asked.total() < start + more and time.monotonic() < patience:
        time.sleep(0.02)


def scan_under_fire(line: list[str], server: NameServer, *, kills: int, rng: numpy.random.Generator) -> dict:
    """Run a scan again and again until it ends by itself: a worker dies, then the coordinator, by turns."""
    done = 0
    while True:
        with subprocess.Popen(line, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True) as running:
            while done < kills:
                until_it_asks(server, running, more=int(rng.integers(100, 600)))
                is_worker = done % 2 == 0
                victims = workers_of(running.pid) if is_worker else [running.pid]
                if running.poll() is None and victims:
                    with suppress(ProcessLookupError):
                        os.kill(int(rng.choice(victims)), signal.SIGKILL)
                        done += 1
                if not is_worker or running.poll() is not None:
                    break
            said, _errors = running.communicate(timeout=PATIENCE_S)
        if running.returncode == 0:
            assert done == kills
            return json.loads(said)


def compared(tmp_path: Path, *, size: int, kills: int, seed: int) -> None:
    path = a_list(tmp_path, size)
    with name_server(many=size) as server:
        subprocess.run(command(path, tmp_path / "calm", server), check=True, capture_output=True)
        line = command(path, tmp_path / "killed", server, "--workers", "2")
        told = scan_under_fire(line, server, kills=kills, rng=numpy.random.default_rng(seed))

    calm = facts(tmp_path / "calm")
    assert len(calm) == size
    assert told["domains"] + told["already_done"] == size
    assert facts(tmp_path / "killed") == calm


@pytest.mark.slow
def test_a_scan_whose_worker_and_coordinator_are_killed_has_every_fact_once(tmp_path):
    compared(tmp_path, size=400, kills=2, seed=5)


@pytest.mark.soak
@pytest.mark.parametrize("seed", range(5))
def test_a_scan_under_many_kills_has_every_fact_once(tmp_path, seed):
    compared(tmp_path, size=4000, kills=8, seed=seed)
