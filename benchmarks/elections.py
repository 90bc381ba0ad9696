"""An election night: 1,000 stations that enter at once, thousands who follow, on two workers, through HTTP.

Client and server share this machine: the figures are of both together. A save is timed from before it is sent until an
event with its sequence has reached a viewer's socket.
"""

import asyncio
import contextlib
import json
import os
import resource
import subprocess
import sys
import tempfile
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager
from dataclasses import dataclass, field
from functools import partial

import psycopg

from benchmarks._elections import LISTS
from benchmarks._france import AROBASE
from benchmarks.api import _free_port, _memory_mb, _wait

STATIONS = 1_000
VIEWERS = (500, 2_000, 5_000)
SAVES = 5
ENTERING_S, PATIENCE_S, ASKING_S, ARRIVING_S, OPENING_S = 10.0, 50.0, 2.0, 5.0, 20.0
LIST_EVERY_S, ASKERS = 3.75, 16  # frontend/src/elections/live.entry.ts: between 2.5 and 5 s after a change
WORKERS = 2
TOKEN = "a" * 32
POSTGRES = os.environ.get("AROBASE_TEST_POSTGRES", "postgres://postgres@127.0.0.1:5432/postgres")
Figures = list[tuple[str, str]]


def run() -> Iterator[tuple[str, str]]:
    """On SQLite, then what depends on the database on PostgreSQL where it answers; each figure as it is known."""
    _soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    resource.setrlimit(resource.RLIMIT_NOFILE, (hard, hard))
    with tempfile.TemporaryDirectory() as home:
        environment = _environment(home)
        yield from _alone("SQLite", environment)
        with _night(environment) as night:
            yield "memory of the server, nobody there", f"{_memory_mb(night.pid):.0f} MB"
            yield from asyncio.run(_snapshots(night))
            for viewers in VIEWERS:
                yield from asyncio.run(_followed(night, viewers))
            yield asyncio.run(_entries("SQLite", night))
            yield "memory of the server after the entries", f"{_memory_mb(night.pid):.0f} MB"
    with _postgres() as url, tempfile.TemporaryDirectory() as home:
        if not url:
            yield "entries on PostgreSQL", "not measured: none answers"
            return
        environment = {**_environment(home), "DATABASE_URL": url}
        yield from _alone("PostgreSQL", environment)
        with _night(environment) as night:
            yield asyncio.run(_entries("PostgreSQL", night))


def _environment(home: str) -> dict[str, str]:
    plain = {name: value for name, value in os.environ.items() if name != "DATABASE_URL"}
    return {**plain, "AROBASE_HOME": home, "MALLOC_ARENA_MAX": "2", "AROBASE_LOG_LEVEL": "CRITICAL"}


@contextmanager
def _postgres() -> Iterator[str]:
    """A database of this run's own, dropped at its end; empty where no server answers."""
    name = f"arobase_bench_{os.getpid()}"
    try:
        connection = psycopg.connect(POSTGRES, autocommit=True, connect_timeout=3)
    except psycopg.OperationalError:
        yield ""
        return
    with connection:
        connection.execute(f'CREATE DATABASE "{name}"')
        try:
            yield f"{POSTGRES.rpartition('/')[0]}/{name}"
        finally:
            connection.execute(f'DROP DATABASE "{name}" WITH (FORCE)')


def _asked(environment: Mapping[str, str], *words: str):
    command = [sys.executable, "-m", "benchmarks._elections", *words]
    return json.loads(subprocess.run(command, env=environment, stdout=subprocess.PIPE, check=True).stdout)


def _alone(database: str, environment: Mapping[str, str]) -> Figures:
    told = _asked(environment, "alone")
    return [
        (f"rows inserted on {database}, one after the other", f"{told['rows']:,.0f}/s"),
        (
            f"entries on {database}, one after the other",
            f"{told['entries']:,.0f}/s, {told['statements']} statements each,"
            f" {told['entries'] / told['rows']:.2f} × the rows",
        ),
    ]


@dataclass(frozen=True)
class Night:
    """A rehearsal that is served: its number, the sessions of its stations' devices, and where."""

    number: int
    devices: list[tuple[str, str]]
    port: int
    pid: int


@contextmanager
def _night(environment: Mapping[str, str]) -> Iterator[Night]:
    told = _asked(environment, "prepare", str(STATIONS))
    static = [str(AROBASE), "manage", "collectstatic", "--no-input", "--verbosity", "0"]
    subprocess.run(static, env=environment, check=True)
    port = _free_port()
    command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1", "--port", str(port)]
    command += ["--workers", str(WORKERS), "--loop", "uvloop", "--no-ws", "--backpressure", "20000"]
    command += ["--log-level", "error", "arobase.project.asgi:application"]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, env=environment, stdout=log, stderr=log)
        try:
            _wait(port)
            yield Night(told["number"], told["devices"], port, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(timeout=15)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


async def _entries(database: str, night: Night) -> tuple[str, str]:
    """Every station sends a bag in the same moment, and the next as soon as it is answered, until time is over."""
    times: list[float] = []
    refused = 0
    end = time.perf_counter() + ENTERING_S

    async def enter(code: str, session: str) -> None:
        nonlocal refused
        number = SAVES * len(VIEWERS) if database == "SQLite" and code == night.devices[0][0] else 0
        async with asyncio.timeout(ENTERING_S + PATIENCE_S):
            reader, writer = await asyncio.open_connection("127.0.0.1", night.port)
            while (began := time.perf_counter()) < end:
                number += 1
                writer.write(_save(night, code, session, number))
                status, body = await _answer(reader)
                refused += status != 200 or not json.loads(body)["is_new"]
                times.append(time.perf_counter() - began)
            writer.close()

    began = time.perf_counter()
    done = await asyncio.gather(*(enter(*one) for one in night.devices), return_exceptions=True)
    spent = time.perf_counter() - began
    unanswered = sum(isinstance(one, BaseException) for one in done)
    figure = f"{len(times) / spent:,.0f}/s, p50 {_part(times, 0.5):,.1f} s, p99 {_part(times, 0.99):,.1f} s"
    figure += f", n = {len(times):,}" + (f", {refused} REFUSED" if refused else "")
    figure += f", {unanswered} NOT ANSWERED in {PATIENCE_S:.0f} s" if unanswered else ""
    return f"entries on {database}, {len(night.devices):,} stations at once", figure


def _save(night: Night, code: str, session: str, number: int) -> bytes:
    bag = {"number": number, "votes": [1] * len(LISTS), "blank": 0, "null": 0}
    body = json.dumps({"verb": "bag", "payload": bag, "key": f"{code}-{number}", "sure": True}).encode()
    return (
        f"POST /elections/{night.number}/saisie/{code}/envoi HTTP/1.1\r\nHost: 127.0.0.1\r\n"
        f"Cookie: sessionid={session}; csrftoken={TOKEN}\r\nX-CSRFToken: {TOKEN}\r\n"
        f"Content-Type: application/json\r\nContent-Length: {len(body)}\r\n\r\n"
    ).encode() + body


async def _answer(reader: asyncio.StreamReader) -> tuple[int, bytes]:
    head = (await reader.readuntil(b"\r\n\r\n")).lower()
    lengths = [line[15:] for line in head.split(b"\r\n") if line.startswith(b"content-length:")]
    body = await reader.readexactly(int(lengths[0])) if lengths else b""
    return int(head[9:12]), body


@dataclass
class Viewer(asyncio.Protocol):
    """Someone who follows: when each event came, by its sequence."""

    path: str
    arrived: dict[int, float] = field(default_factory=dict)
    heard: bytes = b""

    def connection_made(self, transport: asyncio.BaseTransport) -> None:
        self.transport = transport
        transport.write(f"GET {self.path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())  # type: ignore[attr-defined]

    def data_received(self, data: bytes) -> None:
        """An event is here when its end is."""
        self.heard += data
        *events, self.heard = self.heard.split(b"\n\n")
        for event in events:
            if (place := event.find(b"id: ")) >= 0:
                self.arrived.setdefault(int(event[place + 4 :].split(b"-", 1)[0]), time.perf_counter())


@asynccontextmanager
async def _viewers(night: Night, number: int) -> AsyncIterator[list[Viewer]]:
    """So many, a hundred at a time; those who did not get in are not there."""
    loop, there = asyncio.get_running_loop(), []
    arriving = partial(Viewer, f"/elections/{night.number}/flux")
    try:
        with contextlib.suppress(TimeoutError, OSError):
            async with asyncio.timeout(OPENING_S):
                while len(there) < number:
                    opening = [loop.create_connection(arriving, "127.0.0.1", night.port) for _ in range(100)]
                    there += [viewer for _transport, viewer in await asyncio.gather(*opening)]
                while not all(one.arrived for one in there):
                    await asyncio.sleep(0.05)
        yield there
    finally:
        for one in there:
            one.transport.close()


async def _followed(night: Night, number: int) -> Figures:
    """A station saves again and again, while so many follow and ask for the list of stations as their page does."""
    code, session = night.devices[0]
    done = SAVES * VIEWERS.index(number)
    async with _viewers(night, number) as there:
        began, sent = time.perf_counter(), {}
        asking, lists = asyncio.Event(), [0, 0]
        askers = asyncio.gather(*(_ask_for_lists(night, len(there) / ASKERS, asking, lists) for _ in range(ASKERS)))
        ready = [one for one in there if one.arrived]
        reader, writer = await asyncio.open_connection("127.0.0.1", night.port)
        for place in range(done + 1, done + SAVES + 1):
            before = time.perf_counter()
            writer.write(_save(night, code, session, place))
            status, body = await asyncio.wait_for(_answer(reader), 4 * ARRIVING_S)
            if status == 200:
                sequence = json.loads(body)["sequence"]
                sent[sequence] = before
                with contextlib.suppress(TimeoutError):
                    async with asyncio.timeout(ARRIVING_S):
                        while not all(sequence in one.arrived for one in ready):
                            await asyncio.sleep(0.05)
        writer.close()
        asking.set()
        await askers
        memory = _memory_mb(night.pid)
        times = [one.arrived[each] - at for each, at in sent.items() for one in ready if each in one.arrived]
        lost = len(sent) * len(ready) - len(times)
        spent = time.perf_counter() - began
    figure = f"p50 {1000 * _part(times, 0.5):,.0f} ms, p99 {1000 * _part(times, 0.99):,.0f} ms, n = {len(times):,}"
    figure += f" ({len(sent)} saves in {spent:.0f} s)" + (f", {lost} NOT YET THERE" if lost else "")
    figure += f", only {len(ready)} GOT IN" if len(ready) < number else ""
    return [
        (f"from a save to {number:,} viewers' screens", figure),
        (
            "… who ask for the list of stations meanwhile",
            f"{lists[0] / spent:,.0f} answers/s of {number / LIST_EVERY_S:,.0f} wanted"
            + (f", {lists[1]} FAILED" if lists[1] else ""),
        ),
        (f"memory of the server, {number:,} viewers", f"{memory:.0f} MB"),
    ]


async def _ask_for_lists(night: Night, viewers: float, over: asyncio.Event, told: list[int]) -> None:
    """What so many viewers ask by one connection that stays, until it is over: answers and failures into `told`."""
    reader, writer = await asyncio.open_connection("127.0.0.1", night.port)
    due = time.perf_counter()
    while not over.is_set():
        due = max(due + LIST_EVERY_S / viewers, time.perf_counter() - 1)
        await asyncio.sleep(due - time.perf_counter())
        writer.write(f"GET /elections/{night.number}/direct/stations HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
        status, _body = await _answer(reader)
        told[0] += status == 200
        told[1] += status != 200
    writer.close()


async def _snapshots(night: Night) -> Figures:
    """What those ask whom nothing is pushed to, by eight connections that stay."""
    path = f"/elections/{night.number}"
    etag = await _etag(night.port, f"{path}/direct/figures")
    asked = [
        ("figures asked for", f"{path}/direct/figures", "", 200),
        ("figures asked for, unchanged", f"{path}/direct/figures", f"If-None-Match: {etag}\r\n", 304),
        ("the list of stations", f"{path}/direct/stations", "", 200),
        ("the night's page", path, "", 200),
    ]
    return [(label, await _rate(night.port, where, more, expected)) for label, where, more, expected in asked]


async def _etag(port: int, path: str) -> str:
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n\r\n".encode())
    head = (await reader.readuntil(b"\r\n\r\n")).decode()
    writer.close()
    return next(line[6:] for line in head.split("\r\n") if line.lower().startswith("etag: "))


async def _rate(port: int, path: str, more: str, expected: int) -> str:
    times: list[float] = []
    failed = 0
    end = time.perf_counter() + ASKING_S

    async def ask() -> None:
        nonlocal failed
        reader, writer = await asyncio.open_connection("127.0.0.1", port)
        while (start := time.perf_counter()) < end:
            writer.write(f"GET {path} HTTP/1.1\r\nHost: 127.0.0.1\r\n{more}\r\n".encode())
            status, _body = await _answer(reader)
            failed += status != expected
            times.append(time.perf_counter() - start)
        writer.close()

    await asyncio.gather(*(ask() for _ in range(8)))
    figure = f"{len(times) / ASKING_S:,.0f} requests/s, p95 {1000 * _part(times, 0.95):.1f} ms, n = {len(times):,}"
    return figure + (f", {failed} FAILED" if failed else "")


def _part(times: list[float], share: float) -> float:
    return sorted(times)[int(share * len(times))] if times else float("nan")
