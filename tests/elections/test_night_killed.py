"""A night over bad connections, on a server killed again and again: every figure is there, and there once."""

import asyncio
import json
import os
import re
import signal
import sqlite3
import subprocess
import sys
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from pathlib import Path

import numpy as np
import pytest
from django.utils import timezone

from arobase.elections.rules.counts import Ballots, read
from arobase.elections.rules.plans import Replayed
from arobase.elections.rules.replay import night
from serving import free_port, loopback_only, run_arobase

HOURS = ("10:00", "12:00", "15:00", "17:00")
LISTS = ("Le Havre ensemble", "Pour Le Havre", "Un port pour tous")
PATIENCE_S = 10
# What becomes of one request: as browsers see it, all but the first and the last are the same network error.
FATES = ("well", "never sent", "cut half-way", "answer not awaited", "answer lost", "sent twice")
ODDS = (0.5, 0.1, 0.1, 0.1, 0.1, 0.1)


class Lost(OSError):
    """The device has no answer: it does not know whether the server heard."""


@dataclass(frozen=True)
class Answer:
    """Status, headers in lower case (cookies apart), body."""

    status: int
    cookies: Mapping[str, str]
    body: bytes


@dataclass
class Tally:
    """What happened so far to all devices together."""

    kept: int = 0
    lost: int = 0
    again: int = 0
    changed: asyncio.Condition = field(default_factory=asyncio.Condition)

    async def one_more(self, *, is_new: bool) -> None:
        async with self.changed:
            self.kept += 1
            self.again += not is_new
            self.changed.notify_all()


@dataclass
class Device:
    """A station's phone: its steps wait in order, each is sent until the server has answered."""

    port: int
    path: str
    steps: Sequence[tuple[str, dict[str, object]]]
    rng: np.random.Generator
    tally: Tally
    cookies: dict[str, str] = field(default_factory=dict)

    async def through_the_night(self, code: str) -> None:
        """Come in with the sheet's code, then send everything."""
        await self._until_answered("GET", "/elections/code", b"", 200)
        form = f"code={code}".encode()
        await self._until_answered("POST", "/elections/code", form, 302)
        await self._until_answered("GET", self.path, b"", 200)
        for key, body in self.steps:
            await self._enter(key, body)

    async def _enter(self, key: str, body: dict[str, object]) -> None:
        while True:
            answer = await self._until_answered("POST", f"{self.path}/envoi", json.dumps(body).encode(), 200, 422)
            told = json.loads(answer.body)
            if answer.status == 200:
                await self.tally.one_more(is_new=told["is_new"])
                return
            assert told["problem"] == "unsure", (key, told)
            body = {**body, "sure": True}

    async def _until_answered(self, method: str, path: str, body: bytes, *expected: int) -> Answer:
        """As the page's queue does: on a network error or the server's own (5xx), the same once more."""
        while True:
            try:
                answer = await self._request(method, path, body)
            except OSError:
                self.tally.lost += 1
                await asyncio.sleep(self.rng.uniform(0.1, 0.4))
                continue
            if answer.status >= 500:
                self.tally.lost += 1
                continue
            assert answer.status in expected, (path, answer.status, answer.body[-2000:].decode())
            self.cookies |= answer.cookies
            return answer

    async def _request(self, method: str, path: str, body: bytes) -> Answer:
        """One request over the bad connection. Raises Lost and other OSError."""
        fate = self.rng.choice(FATES, p=ODDS)
        raw = self._raw(method, path, body)
        if fate == "never sent":
            raise Lost
        if fate == "cut half-way":
            await exchange(self.port, raw[: int(self.rng.integers(1, len(raw)))], is_awaited=False)
            raise Lost
        if fate == "answer not awaited":
            await exchange(self.port, raw, is_awaited=False)
            raise Lost
        if fate == "answer lost":
            await exchange(self.port, raw)
            raise Lost
        if fate == "sent twice" and method == "POST" and path.endswith("/envoi"):
            first, second = await asyncio.gather(exchange(self.port, raw), exchange(self.port, raw))
            return first if self.rng.random() < 0.5 else second
        return await exchange(self.port, raw)

    def _raw(self, method: str, path: str, body: bytes) -> bytes:
        kind = "application/x-www-form-urlencoded" if path.endswith("/code") else "application/json"
        lines = [
            f"{method} {path} HTTP/1.1",
            "Host: 127.0.0.1",
            "Connection: close",
            f"Cookie: {'; '.join(f'{name}={value}' for name, value in self.cookies.items())}",
            f"X-CSRFToken: {self.cookies.get('csrftoken', '')}",
            f"Content-Type: {kind}",
            f"Content-Length: {len(body)}",
        ]
        return "\r\n".join(lines).encode() + b"\r\n\r\n" + body


async def exchange(port: int, raw: bytes, *, is_awaited: bool = True) -> Answer:
    """Send bytes on a connection of their own; the answer, or Lost where it is cut or nobody waits for it."""
    reader, writer = await asyncio.open_connection("127.0.0.1", port)
    try:
        writer.write(raw)
        await writer.drain()
        if not is_awaited:
            raise Lost
        async with asyncio.timeout(PATIENCE_S):
            head = await reader.readuntil(b"\r\n\r\n")
            length = re.search(rb"content-length: (\d+)", head, re.IGNORECASE)
            body = await reader.readexactly(int(length[1])) if length else await reader.read()
    except (asyncio.IncompleteReadError, TimeoutError) as error:
        raise Lost from error
    finally:
        writer.close()
    cookies = re.findall(rb"set-cookie: ([^=]+)=([^;\r]*)", head, re.IGNORECASE)
    return Answer(int(head[9:12]), {name.decode(): value.decode() for name, value in cookies}, body)


@dataclass
class Server:
    """What `arobase serve` starts once all is prepared, in a group of its own, to be killed and started again."""

    environment: Mapping[str, str]
    port: int
    log: Path
    running: "subprocess.Popen[bytes] | None" = None

    def start(self) -> None:
        command = [sys.executable, "-m", "granian", "--interface", "asginl", "--host", "127.0.0.1"]
        command += ["--port", str(self.port), "--no-ws", "--log-level", "warning", "arobase.project.asgi:application"]
        with self.log.open("ab") as output:
            self.running = subprocess.Popen(
                command, env=self.environment, stdout=output, stderr=output, start_new_session=True
            )

    def kill(self) -> None:
        assert self.running
        assert self.running.poll() is None, self.log.read_text(errors="replace")
        os.killpg(self.running.pid, signal.SIGKILL)
        self.running.wait()


async def kill_meanwhile(server: Server, tally: Tally, *, kills: int, entries: int) -> None:
    """Kill the server when so much is entered, again and again until the night is over; then leave it running."""
    for number in range(1, kills + 1):
        async with tally.changed:
            await tally.changed.wait_for(lambda number=number: tally.kept >= number * entries // (kills + 1))
        server.kill()
        server.start()


def invented(stations: int, rng: np.random.Generator) -> Mapping[str, Replayed]:
    """What is in the boxes, by station code."""
    results = {}
    for number in range(1, stations + 1):
        votes = tuple(int(one) for one in rng.multinomial(rng.integers(450, 900), [0.5, 0.3, 0.2]))
        blank, null = (int(one) for one in rng.integers(0, 20, 2))
        results[f"{number:04}"] = Replayed(sum(votes) + blank + null, votes, blank, null)
    return results


def prepared(folder: Path, results: Mapping[str, Replayed], environment: Mapping[str, str]) -> tuple[int, dict]:
    """A rehearsal of today; its number, and a code of each station."""
    plan = {
        "code": "76351",
        "place": "Le Havre",
        "kind": "municipal",
        "day": timezone.localdate().isoformat(),
        "seats": 59,
        "hours": HOURS,
        "origin": "Chiffres inventés",
        "choices": [{"name": name} for name in LISTS],
        "stations": [{"code": code, "registered": 1000} for code in results],
    }
    path = folder / "plan.json"
    path.write_text(json.dumps(plan), encoding="utf-8")
    run_arobase("manage", "collectstatic", "--no-input", "--verbosity", "0", environment=environment)
    number = json.loads(run_arobase("elections", "prepare", str(path), "--json", environment=environment))["election"]
    told = json.loads(run_arobase("elections", "codes", str(number), "--json", environment=environment))
    return number, {one["station"]: one["code"] for one in told["codes"] if one["seat"] == 1}


def waiting(results: Mapping[str, Replayed], rng: np.random.Generator) -> dict[str, list[tuple[str, dict]]]:
    """By station, what its device will send, in order: key and body."""
    queues: dict[str, list[tuple[str, dict]]] = {code: [] for code in results}
    for step in night(results, hours=HOURS, rng=rng):
        key = f"{step.station}-{len(queues[step.station])}"
        queues[step.station].append((key, {"verb": step.verb.value, "payload": dict(step.payload), "key": key}))
    return queues


def entered(home: Path) -> tuple[Sequence[str], Mapping[str, Ballots], set[str]]:
    """What the database holds: keys in the order of the chain, ballots by station, and the states of stations."""
    with sqlite3.connect(home / "arobase.sqlite3") as connection:
        keys = [key for (key,) in connection.execute("SELECT key FROM elections_entry ORDER BY sequence")]
        rows = connection.execute("SELECT code, standing, state FROM elections_station").fetchall()
    counts = {code: read(json.loads(standing), lists=len(LISTS)).counted for code, standing, _state in rows}
    return keys, counts, {state for _code, _standing, state in rows}


def a_night_under_fire(folder: Path, *, stations: int, kills: int, seed: int) -> None:
    rng = np.random.default_rng(seed)
    home, port = folder / "home", free_port()
    environment = {**loopback_only(), "AROBASE_HOME": str(home), "AROBASE_CHECK_LIMIT": "100000/m/ip"}
    results = invented(stations, rng)
    number, codes = prepared(folder, results, environment)
    queues = waiting(results, rng)
    server = Server(environment, port, folder / "server.log")

    async def everyone() -> Tally:
        tally = Tally()
        devices = {
            code: Device(port, f"/elections/{number}/saisie/{code}", steps, rng.spawn(1)[0], tally)
            for code, steps in queues.items()
        }
        async with asyncio.TaskGroup() as tasks:
            entries = sum(map(len, queues.values()))
            tasks.create_task(kill_meanwhile(server, tally, kills=kills, entries=entries))
            for code, device in devices.items():
                tasks.create_task(device.through_the_night(codes[code]))
        return tally

    server.start()
    try:
        tally = asyncio.run(everyone())
    finally:
        server.kill()
    print(f"{tally.kept} kept, {tally.lost} without an answer, {tally.again} were there already")

    keys, counts, states = entered(home)
    told = json.loads(run_arobase("elections", "verify", "--json", environment=environment))
    assert [one["ok"] for one in told["elections"]] == [True]
    assert counts == {code: Ballots(one.votes, one.blank, one.null) for code, one in results.items()}
    assert states == {"counted"}
    assert [key for key, times in Counter(keys).items() if times > 1] == []
    for code, steps in queues.items():
        assert [key for key in keys if key.startswith(f"{code}-")] == [key for key, _body in steps]
    assert tally.again > 0  # else nothing was tried: no answer was ever lost after the figures were kept


@pytest.mark.slow
def test_a_night_on_a_server_that_is_killed_has_every_figure_once(tmp_path):
    a_night_under_fire(tmp_path, stations=20, kills=5, seed=3)


@pytest.mark.soak
def test_a_night_of_a_hundred_stations_under_fifty_kills_has_every_figure_once(tmp_path):
    a_night_under_fire(tmp_path, stations=100, kills=50, seed=4)
