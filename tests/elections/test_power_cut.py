"""The power fails while an entry is being saved: each that was answered for is there, the half-written one is not.

What a disk may hold then is what it was told to wait for, and any part of what came after. Each cut leaves the files as
they were after one entry, and of the write-ahead file of the next any length, ending in anything.
"""

import hashlib
import json
import shutil
import sqlite3
import subprocess
import sys
from collections.abc import Mapping
from pathlib import Path

import pytest
from pydantic import TypeAdapter

from arobase.elections.rules.plans import Plan
from elections import stepping
from elections.nights import a_plan
from serving import ROOT, loopback_only, run_arobase

FULL = "2"
ENDS = {"nothing": lambda size: b"", "zeros": bytes, "anything": lambda size: hashlib.shake_256(b"torn").digest(size)}


@pytest.fixture(scope="module")
def home(tmp_path_factory: pytest.TempPathFactory) -> Mapping[str, str]:
    """The environment of a home with a rehearsal prepared."""
    folder = tmp_path_factory.mktemp("power")
    environment = {**loopback_only(), "AROBASE_HOME": str(folder / "home"), "DATABASE_URL": ""}
    plan = folder / "plan.json"
    plan.write_bytes(TypeAdapter(Plan).dump_json(a_plan(rehearsal=True, stations=stepping.BAGS)))
    said = json.loads(run_arobase("elections", "prepare", str(plan), "--json", environment=environment))
    steps = folder / "steps"
    steps.mkdir()
    done = subprocess.run(
        [sys.executable, stepping.__file__, str(said["election"]), str(steps)],
        env={**environment, "PYTHONPATH": f"{ROOT / 'src'}:{ROOT / 'tests'}"},
        capture_output=True,
        text=True,
        check=True,
    )
    return {**environment, "waits": done.stdout.strip(), "steps": str(steps)}


def test_an_entry_is_on_the_disk_before_it_is_answered_for(home):
    assert home["waits"] == FULL


@pytest.mark.parametrize("end", ENDS)
def test_whatever_was_half_written_every_entry_answered_for_is_there(home, end, tmp_path):
    steps = Path(home["steps"])
    for kept in range(1, stepping.BAGS):
        path = cut(steps, kept, kept / stepping.BAGS, end, tmp_path / f"{kept}.sqlite3")
        with sqlite3.connect(path) as database:
            sound = database.execute("PRAGMA integrity_check").fetchone()
            entries = [one for (one,) in database.execute("SELECT sequence FROM elections_entry ORDER BY sequence")]
            head = database.execute("SELECT head_sequence FROM elections_election").fetchone()
        assert sound == ("ok",)
        assert entries == list(range(1, kept + 1))
        assert head == (kept,)


def test_the_chain_holds_after_a_cut(home, tmp_path):
    cut(Path(home["steps"]), 5, 0.6, "anything", tmp_path / "arobase.sqlite3")
    environment = {**home, "AROBASE_HOME": str(tmp_path)}

    told = json.loads(run_arobase("elections", "verify", "--json", environment=environment))["elections"]

    assert [(one["entries"], one["ok"]) for one in told] == [(5, True)]


def cut(steps: Path, kept: int, share: float, end: str, path: Path) -> Path:
    """The database as the cut leaves it after the entry `kept`, some share of the next one written; its path."""
    before, after = (Path(f"{steps / str(number)}-wal").read_bytes() for number in (kept, kept + 1))
    assert after.startswith(before)
    assert (steps / str(kept)).read_bytes() == (steps / str(kept + 1)).read_bytes()
    written = len(before) + int((len(after) - len(before)) * share)
    shutil.copy(steps / str(kept), path)
    Path(f"{path}-wal").write_bytes(after[:written] + ENDS[end](len(after) - written))
    return path
