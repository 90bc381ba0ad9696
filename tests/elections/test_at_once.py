"""Fifty stations enter in the same moment: none is lost, and the chain has no two entries in one place."""

import json
import os
import sqlite3
import subprocess
import sys
from pathlib import Path

import pytest
from django.db import connection
from pydantic import TypeAdapter

from arobase.elections.models import Election, Station
from arobase.elections.queries.audit import broken
from arobase.elections.rules.counts import Ballots, read
from arobase.elections.rules.plans import Plan
from elections import entering, verifying
from elections.nights import LISTS, a_plan, a_rehearsal
from serving import ROOT, loopback_only, run_arobase

STATIONS, PROCESSES = 50, 2
EACH = len(entering.BAGS) + 2
PATH = os.pathsep.join([str(ROOT / "src"), str(ROOT / "tests")])
ALL_COUNTED = Ballots((160, 80, 54), 3, 3)


def test_stations_that_enter_at_once_in_two_processes_lose_nothing_on_sqlite(tmp_path):
    environment = {**loopback_only(), "AROBASE_HOME": str(tmp_path / "home"), "DATABASE_URL": ""}
    number = a_night_in(tmp_path, environment)
    codes = [f"{one:04}" for one in range(1, STATIONS + 1)]

    running = [
        subprocess.Popen(
            [sys.executable, entering.__file__, str(number), *codes[place::PROCESSES]],
            env={**environment, "PYTHONPATH": PATH},
            stderr=subprocess.PIPE,
            text=True,
        )
        for place in range(PROCESSES)
    ]
    said = [one.communicate()[1] for one in running]

    assert said == [""] * PROCESSES
    told = json.loads(run_arobase("elections", "verify", "--json", environment=environment))["elections"]
    assert [(one["entries"], one["ok"]) for one in told] == [(STATIONS * EACH, True)]
    with sqlite3.connect(tmp_path / "home" / "arobase.sqlite3") as database:
        rows = database.execute("SELECT standing FROM elections_station").fetchall()
    assert [read(json.loads(one), lists=len(LISTS)).counted for (one,) in rows] == [ALL_COUNTED] * STATIONS


@pytest.mark.skipif(
    connection.vendor == "sqlite", reason="SQLite in memory has one connection; the test above has a file"
)
@pytest.mark.django_db(transaction=True)
def test_stations_that_enter_at_once_lose_nothing():
    election = a_rehearsal(stations=STATIONS)

    entering.enter_at_once(election.pk, [f"{one:04}" for one in range(1, STATIONS + 1)])

    election = Election.objects.get()
    assert (election.head_sequence, broken(election)) == (STATIONS * EACH, None)
    counted = [one.count(lists=len(LISTS)).counted for one in Station.objects.all()]
    assert counted == [ALL_COUNTED] * STATIONS


def test_a_chain_is_found_whole_while_people_enter_and_nobody_waits_on_sqlite(tmp_path):
    environment = {**loopback_only(), "AROBASE_HOME": str(tmp_path / "home"), "DATABASE_URL": "", "PYTHONPATH": PATH}
    number = a_night_in(tmp_path, environment)

    done = subprocess.run(
        [sys.executable, verifying.__file__, str(number)], env=environment, capture_output=True, text=True, check=False
    )

    assert done.stderr == ""
    is_whole, read_entries, entries = json.loads(done.stdout)
    assert is_whole
    assert 0 < read_entries < entries


@pytest.mark.skipif(connection.vendor == "sqlite", reason="SQLite in memory has one connection; see the test above")
@pytest.mark.django_db(transaction=True)
def test_a_chain_is_found_whole_while_people_enter():
    is_whole, read_entries, entries = verifying.verify_while_entering(a_rehearsal(registered=5000).pk)

    assert is_whole
    assert 0 < read_entries < entries


def a_night_in(folder: Path, environment: dict[str, str]) -> int:
    """A rehearsal prepared in the home of an environment; its number."""
    path = folder / "plan.json"
    path.write_bytes(TypeAdapter(Plan).dump_json(a_plan(rehearsal=True, stations=STATIONS, registered=5000)))
    return int(
        json.loads(run_arobase("elections", "prepare", str(path), "--json", environment=environment))["election"]
    )
