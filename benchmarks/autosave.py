"""Autosave: 200 people writing their dossiers at once, on SQLite, one worker, through HTTP; none lost.

Each writes ten successive texts into a field, the next as soon as the one before is answered; beside it, the same by
one person alone. At the end every dossier must hold its last text, at version ten.
"""

import asyncio
import json
import shutil
import sqlite3
import subprocess
import sys
import tempfile
import time
from pathlib import Path

import httpx

from benchmarks._france import AROBASE, environment

WRITERS, SAVES = 200, 10
TOKEN = "a" * 32


def run() -> list[tuple[str, str]]:
    """In a copy of the loaded home, so that nothing invented stays."""
    with tempfile.TemporaryDirectory() as copy:
        loaded = environment()
        home = Path(copy) / "home"
        shutil.copytree(loaded["AROBASE_HOME"], home, ignore=shutil.ignore_patterns("tiles", "static"))
        settings = {**loaded, "AROBASE_HOME": str(home), "AROBASE_LOG_LEVEL": "ERROR"}
        prepared = subprocess.run(
            [sys.executable, "-m", "benchmarks._autosave", str(WRITERS)], env=settings, capture_output=True, check=True
        )
        writers = json.loads(prepared.stdout)
        alone = asyncio.run(_served(settings, writers[:1], start=1))
        together = asyncio.run(_served(settings, writers, start=1 + SAVES))
        lost = _lost(home / "arobase.sqlite3", writers)
    return [
        ("autosave, one person alone", _figures(*alone)),
        (f"autosave, {WRITERS} people at once", _figures(*together)),
        ("saves lost", f"{lost} of {WRITERS} dossiers"),
        ("together against alone", f"{together[0] / alone[0]:.2f} × the saves per second"),
    ]


async def _served(
    settings: dict[str, str], writers: list[dict[str, object]], *, start: int
) -> tuple[float, float, int]:
    """Saves per second, p95 in ms, and how many were not answered with 200, on a server of this run's own."""
    port = 18_765
    command = [str(AROBASE), "serve", "--port", str(port)]
    with tempfile.TemporaryFile() as log:
        server = subprocess.Popen(command, env=settings, stdout=log, stderr=log)
        try:
            async with httpx.AsyncClient(base_url=f"http://127.0.0.1:{port}", timeout=60, limits=_MANY) as client:
                await _ready(client)
                return await _rate(client, writers, start=start)
        finally:
            server.terminate()
            server.wait(timeout=30)


_MANY = httpx.Limits(max_connections=WRITERS)


async def _rate(client: httpx.AsyncClient, writers: list[dict[str, object]], *, start: int) -> tuple[float, float, int]:
    times: list[float] = []
    failed = 0

    async def write(one: dict[str, object]) -> None:
        nonlocal failed
        cookies = f"sessionid={one['session']}; csrftoken={TOKEN}"
        headers = {"Cookie": cookies, "X-CSRFToken": TOKEN}
        for number in range(start, start + SAVES):
            form = {"field": "strategie", "value": f"texte {number}", "base": "0", "client": "banc", "sequence": number}
            began = time.perf_counter()
            answer = await client.post(f"/dossiers/{one['dossier']}/champ", data=form, headers=headers)
            times.append(time.perf_counter() - began)
            failed += answer.status_code != 200 or "version" not in answer.json()

    began = time.perf_counter()
    await asyncio.gather(*(write(one) for one in writers))
    spent = time.perf_counter() - began
    times.sort()
    return len(times) / spent, 1000 * times[int(0.95 * len(times))], failed


async def _ready(client: httpx.AsyncClient) -> None:
    for _attempt in range(600):
        try:
            await client.get("/sante")
        except httpx.TransportError:
            await asyncio.sleep(0.1)
        else:
            return
    raise TimeoutError("the server does not answer")


def _lost(database: Path, writers: list[dict[str, object]]) -> int:
    """Dossiers that do not hold their last text."""
    last = f"texte {2 * SAVES}"
    with sqlite3.connect(database) as connection:
        kept = dict(connection.execute("SELECT dossier_id, value FROM label_answer WHERE field = 'strategie'"))
    return sum(kept.get(one["dossier"]) != last for one in writers)


def _figures(rate: float, p95_ms: float, failed: int) -> str:
    return f"{rate:,.0f} saves/s, p95 {p95_ms:,.0f} ms" + (f", {failed} FAILED" if failed else "")
