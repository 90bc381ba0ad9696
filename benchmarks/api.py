"""Requests per second of the geographic API: one worker of a real server on loopback, the ten commonest queries.

Each is asked by eight keep-alive connections of another process for two seconds, with a code, name or point that
changes from request to request over 5,000 communes; a fast query comes round again and is then answered from what the
server keeps, as it would be in life.
"""

import asyncio
import itertools
import socket
import subprocess
import sys
import tempfile
import time
import urllib.error
import urllib.request
from collections.abc import Iterator
from pathlib import Path
from urllib.parse import quote

from benchmarks._france import environment

SECONDS = 2.0
CONNECTIONS = 8
SCARCE = {"AROBASE_LOG_LEVEL": "ERROR"}


def run() -> list[tuple[str, str]]:
    """Label and figure of each query, on all of France."""
    port = _free_port()
    with tempfile.TemporaryFile() as log:
        command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
        command += ["--workers", "1", "--loop", "uvloop", "--no-ws", "--log-level", "error"]
        server = subprocess.Popen(
            [*command, "arobase.project.asgi:application"], env={**environment(), **SCARCE}, stdout=log, stderr=log
        )
        try:
            _wait(port)
            return asyncio.run(_all(port, server.pid))
        finally:
            server.terminate()
            server.wait(timeout=30)


async def _all(port: int, pid: int) -> list[tuple[str, str]]:
    communes = _communes(port)
    figures = []
    for label, addresses in _queries(communes):
        rate, p95, failed = await _rate(port, addresses)
        figures.append(
            (f"API {label}", f"{rate:,.0f} requests/s, p95 {p95:.1f} ms" + (f", {failed} FAILED" if failed else ""))
        )
    figures.append(("API memory of the server", f"{_memory_mb(pid):.0f} MB"))
    return figures


def _queries(communes: list[dict[str, object]]) -> list[tuple[str, Iterator[str]]]:
    """What clients ask most, after the examples of the State's documentation and its own load test."""
    codes = [str(commune["code"]) for commune in communes]
    names = [quote(str(commune["nom"])) for commune in communes]
    postal = [str(commune["codesPostaux"][0]) for commune in communes if commune.get("codesPostaux")]  # type: ignore[index]
    points = [c["centre"]["coordinates"] for c in communes if c.get("centre")]  # type: ignore[index]
    departments = sorted({str(c.get("codeDepartement", "76")) for c in communes})
    ready: list[tuple[str, Iterator[str]]] = [
        ("commune by code", (f"/communes/{code}" for code in itertools.cycle(codes))),
        ("communes by postal code", (f"/communes?codePostal={code}" for code in itertools.cycle(postal))),
        (
            "communes by name, boost, limit 5",
            (f"/communes?nom={n}&boost=population&limit=5" for n in itertools.cycle(names)),
        ),
        ("communes by name", (f"/communes?nom={name}" for name in itertools.cycle(names))),
        ("communes by beginning, limit 5", (f"/communes?nom={name[:4]}&limit=5" for name in itertools.cycle(names))),
        ("commune at a point", (f"/communes?lat={lat}&lon={lon}" for lon, lat in itertools.cycle(points))),
        ("communes of a department", (f"/departements/{code}/communes" for code in itertools.cycle(departments))),
        ("departments", itertools.cycle(["/departements"])),
        ("regions", itertools.cycle(["/regions"])),
        ("commune with contour", (f"/communes/{code}?fields=nom,contour" for code in itertools.cycle(codes))),
    ]
    return ready


async def _rate(port: int, addresses: Iterator[str]) -> tuple[float, float, int]:
    """Requests per second, p95 in ms, and how many were not answered with 200."""
    times: list[float] = []
    failed = 0
    end = time.perf_counter() + SECONDS

    async def ask() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (start := time.perf_counter()) < end:
            writer.write(f"GET /api/geo{next(addresses)} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
            head = await reader.readuntil(b"\r\n\r\n")
            length = next(int(line[15:]) for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:"))
            await reader.readexactly(length)
            failed += not head.startswith(b"HTTP/1.1 200")
            times.append(time.perf_counter() - start)
        writer.close()

    begun = time.perf_counter()
    await asyncio.gather(*(ask() for _ in range(CONNECTIONS)))
    spent = time.perf_counter() - begun
    times.sort()
    return len(times) / spent, 1000 * times[int(0.95 * len(times))], failed


def _communes(port: int) -> list[dict[str, object]]:
    import json

    fields = "nom,code,codesPostaux,centre,codeDepartement"
    with urllib.request.urlopen(f"http://127.0.0.1:{port}/api/geo/communes?fields={fields}", timeout=60) as answer:
        communes: list[dict[str, object]] = json.load(answer)
    return communes[:: max(1, len(communes) // 5000)]


def _memory_mb(pid: int) -> float:
    """Memory of the server's processes, shared pages counted once."""
    children = Path(f"/proc/{pid}/task/{pid}/children").read_text().split()
    return sum(_share_mb(each) for each in [str(pid), *children])


def _share_mb(pid: str) -> float:
    lines = Path(f"/proc/{pid}/smaps_rollup").read_text().splitlines()
    return next(int(line.split()[1]) / 1000 for line in lines if line.startswith("Pss:"))


def _wait(port: int) -> None:
    deadline = time.monotonic() + 60
    while time.monotonic() < deadline:
        try:
            with urllib.request.urlopen(f"http://127.0.0.1:{port}/sante", timeout=2):
                return
        except (urllib.error.URLError, OSError):
            time.sleep(0.1)
    raise TimeoutError("the server does not answer")


def _free_port() -> int:
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        return int(probe.getsockname()[1])
