"""Visiting sites: one process against small sites over TLS on loopback, whose server is another process."""

import json
import sys
import time
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import replace
from datetime import UTC, datetime
from multiprocessing import get_context
from pathlib import Path
from resource import RUSAGE_SELF, getrusage
from tempfile import TemporaryDirectory
from typing import Any

import uvloop

SITES = 500
TESTS = str(Path(__file__).parents[1] / "tests")
AT = datetime(2025, 11, 18, tzinfo=UTC)


def _serve(pipe: Any) -> None:
    sys.path.insert(0, TESTS)
    from internet.web import the_internet  # slow import

    with the_internet(many=SITES) as net:
        pipe.send((net.manners(), json.loads(net.told.read_text())["routes"]))
        pipe.recv()


@contextmanager
def _internet() -> Iterator[Any]:
    here, there = get_context("spawn").Pipe()
    server = get_context("spawn").Process(target=_serve, args=(there,), daemon=True)
    server.start()
    yield here.recv()[0]
    here.send("over")
    server.join()


def _at() -> datetime:
    return AT


def _visit(manners: Any, count: int) -> tuple[float, float]:
    """Seconds by the clock, and of the processor's time."""
    from arobase.observatory.sources.visiting.campaign import visit_all  # slow import

    domains = [f"w{n}.many.test" for n in range(count)]
    with TemporaryDirectory() as home:
        began, used = time.perf_counter(), _used_s()
        told = uvloop.run(visit_all(domains, folder=Path(home), manners=manners, now=_at, tell=lambda _more: None))
        assert told == count
        return time.perf_counter() - began, _used_s() - used


def _used_s() -> float:
    used = getrusage(RUSAGE_SELF)
    return used.ru_utime + used.ru_stime


def run() -> Iterator[tuple[str, str]]:
    """Sites a second, without pauses and with those of real visits."""
    sys.path.insert(0, TESTS)
    with _internet() as manners:
        patient = replace(manners.patience, connect_s=8.0, read_s=8.0, total_s=20.0, site_s=90.0)
        hurried = replace(manners, patience=patient)
        seconds, used = _visit(hurried, SITES)
        yield (
            f"{SITES} sites of one address, no pauses",
            f"{SITES / seconds:.0f}/s, {used / SITES * 1000:.1f} ms CPU each",
        )
        polite = replace(hurried, host_pause_s=1.0)
        seconds, _used = _visit(polite, SITES)
        yield f"{SITES} sites, 1 s between requests to a host name", f"{SITES / seconds:.0f}/s ({seconds:.1f} s)"
        yield "memory of the visiting process at its most", f"{getrusage(RUSAGE_SELF).ru_maxrss / 1024:.0f} MB"
        shared = replace(hurried, host_pause_s=1.0, address_pause_s=0.2)
        seconds, _used = _visit(shared, 20)
        yield "20 sites of one address, also 0.2 s between requests", f"{20 / seconds:.1f}/s ({seconds:.1f} s)"
