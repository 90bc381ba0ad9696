"""DNS scan: both engines beside a plain dnspython scan and the name server's own limit (NSD on loopback).

State of caches: NSD has its whole zone in memory and asks nobody; each scan is a new process and folder, so c-ares and
the engine begin with nothing remembered. The distance is made by a forwarder in Python that holds answers back, on the
same cores. Start-up of processes is measured with them, as someone who types the command has it.
"""

import asyncio
import json
import os
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

import dns.asyncquery
import dns.exception
import dns.message
import uvloop

from benchmarks._france import AROBASE

DOMAINS, MORE, MANY, FEW = 5_000, 15_000, 50_000, 1_000
DELAY_MS = 30
IN_FLIGHT = 500
TYPES = ("NS", "A", "MX", "AAAA", "TXT", "SOA", "CAA", "DS")  # eight, the measure of the issue
CONFIGURATION = """server:
  server-count: 1
  ip-address: 127.0.0.1@{port}
  username: ""
  zonesdir: "{folder}"
  pidfile: "{folder}/nsd.pid"
  database: ""
  logfile: "{folder}/nsd.log"
  xfrdfile: ""
  zonelistfile: "{folder}/zone.list"
  xfrdir: "{folder}"
  rrl-ratelimit: 0
  minimal-responses: yes
remote-control:
  control-enable: no
zone:
  name: "test"
  zonefile: "test.zone"
"""


def run() -> Iterator[tuple[str, str]]:
    """Label and figure; a word where NSD is not installed."""
    nsd = shutil.which("nsd") or shutil.which("/usr/sbin/nsd")
    if not nsd:
        yield "no name server", "install NSD (Debian: apt-get install nsd)"
        return
    with tempfile.TemporaryDirectory() as told, _name_server(nsd, Path(told)) as server, _away(server) as port:
        folder = Path(told)
        limit = uvloop.run(_flood(server, DOMAINS))
        yield "the name server's own limit, no distance", f"{limit:,.0f} questions/s"
        plain = uvloop.run(_plainly(port, FEW))
        yield f"dnspython and asyncio, {DELAY_MS} ms, eight questions", _both(plain, len(TYPES))
        memory = _scan(folder, server, DOMAINS)["mib"]
        one = _steady(folder, port)
        yield f"one process, {DELAY_MS} ms, all questions", _of(one)
        two = _steady(folder, port, "--workers", "2")
        yield f"two Dask processes, {DELAY_MS} ms, all questions", _of(two)
        yield "one process / dnspython, questions/s", f"{_rate(one) / plain:.1f} ×"
        yield "two processes / one", f"{_rate(two) / _rate(one):.2f} ×"
        yield f"memory of one process, {DOMAINS} domains", f"{memory:.0f} MiB (no distance)"
        yield f"memory of one process, {MANY} domains", f"{_scan(folder, server, MANY)['mib']:.0f} MiB (no distance)"


def _rate(told: dict) -> float:
    return told["questions"] / told["seconds"]


def _steady(folder: Path, port: int, *more: str) -> dict:
    """What a longer list costs more than a shorter one."""
    short, long = _scan(folder, port, DOMAINS, *more), _scan(folder, port, MORE, *more)
    found = {name: long[name] - short[name] for name in ("domains", "questions", "seconds")}
    rate = found["domains"] / found["seconds"]
    return {**found, "domains_per_second": rate, "start": max(0.0, short["seconds"] - short["domains"] / rate)}


def _of(told: dict) -> str:
    each = told["questions"] / told["domains"]
    began = f"start {told['start']:.1f} s"
    return f"{told['domains_per_second']:,.0f} domains/s at {each:.1f} each; {_both(_rate(told), len(TYPES))}; {began}"


def _both(rate: float, each: int) -> str:
    return f"{rate:,.0f} questions/s = {rate / each:,.0f} domains/s at {each}"


def _scan(folder: Path, port: int, size: int, *more: str) -> dict:
    """What the command says, with the peak memory of the scanning process."""
    path, out = folder / "list.csv", folder / "out"
    path.write_text("\n".join(["domain", *(f"v{n}.test" for n in range(size))]), encoding="utf-8")
    shutil.rmtree(out, ignore_errors=True)
    line = [AROBASE, "observatory", "scan", path, "--out", out, "--nameserver", "127.0.0.1", "--port", str(port)]
    with subprocess.Popen(
        [*map(str, line), "--json", *more], stdout=subprocess.PIPE, stderr=subprocess.DEVNULL, text=True
    ) as running:
        told = json.loads(running.stdout.read())
        _pid, _status, used = os.wait4(running.pid, 0)
        running.returncode = 0
    return {**told, "mib": used.ru_maxrss / 1024}


async def _plainly(port: int, size: int) -> float:
    """Questions a second of dnspython with as many under way, a socket each."""
    asked = iter([(f"v{n}.test", type) for n in range(size) for type in TYPES])

    async def some() -> None:
        for name, type in asked:
            with suppress(dns.exception.Timeout):
                await dns.asyncquery.udp(dns.message.make_query(name, type), "127.0.0.1", port=port, timeout=5)

    start = time.perf_counter()
    await asyncio.gather(*(some() for _ in range(IN_FLIGHT)))
    return size * len(TYPES) / (time.perf_counter() - start)


class _Counting(asyncio.DatagramProtocol):
    """Sends one question for each answer."""

    def __init__(self, left: list[bytes], over: asyncio.Event) -> None:
        self.left, self.over = left, over

    def connection_made(self, transport: asyncio.DatagramTransport) -> None:
        self.transport = transport

    def datagram_received(self, _data: bytes, _sender: tuple[str, int]) -> None:
        if self.left:
            self.transport.sendto(self.left.pop())
        else:
            self.over.set()


async def _flood(port: int, size: int) -> float:
    """Answers a second to questions made before, read by nobody."""
    wires = [dns.message.make_query(f"v{n}.test", type).to_wire() for n in range(size) for type in TYPES]
    number, over = len(wires), asyncio.Event()
    loop = asyncio.get_running_loop()
    transport, _ = await loop.create_datagram_endpoint(lambda: _Counting(wires, over), remote_addr=("127.0.0.1", port))
    start = time.perf_counter()
    async with asyncio.timeout(30):
        while not over.is_set():  # a burst may be lost whole, and nothing would come any more
            for _ in range(min(100, len(wires))):
                transport.sendto(wires.pop())
            with suppress(TimeoutError):
                await asyncio.wait_for(over.wait(), 5)
    seconds = time.perf_counter() - start
    transport.close()
    return number / seconds


@contextmanager
def _name_server(nsd: str, folder: Path) -> Iterator[int]:
    port = _free_port()
    (folder / "test.zone").write_text("\n".join(_zone(MANY)) + "\n", encoding="utf-8")
    (folder / "nsd.conf").write_text(CONFIGURATION.format(port=port, folder=folder), encoding="utf-8")
    with subprocess.Popen([nsd, "-d", "-c", str(folder / "nsd.conf")], stderr=subprocess.DEVNULL) as running:
        try:
            uvloop.run(_until_answered(port))
            yield port
        finally:
            running.terminate()


def _zone(size: int) -> Iterator[str]:
    """Towns with site and mail, at forty hosts of mail and a hundred of sites."""
    yield from ("$ORIGIN test.", "$TTL 300", "@ SOA ns host 1 3600 600 86400 60", "@ NS ns", "ns A 127.0.0.1")
    for n in range(size):
        yield f"v{n} A 192.0.2.{n % 250}"
        yield f"v{n} MX 10 mx{n % 40}.mail"
        yield f'v{n} TXT "v=spf1 include:spf{n % 20}.mail -all"'
        yield f"www.v{n} CNAME site{n % 100}.host"
    for n in range(100):
        yield from (f"mx{n}.mail A 192.0.2.1", f'spf{n}.mail TXT "v=spf1 mx -all"', f"site{n}.host A 192.0.2.2")


async def _until_answered(port: int) -> None:
    for _try in range(200):
        with suppress(dns.exception.Timeout, OSError):
            await dns.asyncquery.udp(dns.message.make_query("test", "SOA"), "127.0.0.1", port=port, timeout=0.1)
            return
        await asyncio.sleep(0.05)


@contextmanager
def _away(server: int) -> Iterator[int]:
    port = _free_port()
    line = [sys.executable, "-m", "benchmarks._distance", str(port), "127.0.0.1", str(server), str(DELAY_MS)]
    with subprocess.Popen(line, stdout=subprocess.PIPE) as running:
        try:
            running.stdout.readline()  # it is ready
            yield port
        finally:
            running.terminate()


def _free_port() -> int:
    with socket.socket(socket.AF_INET, socket.SOCK_DGRAM) as found:
        found.bind(("127.0.0.1", 0))
        return found.getsockname()[1]
