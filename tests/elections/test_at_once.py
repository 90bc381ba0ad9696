"""Fifty stations enter in the same moment: none is lost, and the chain has no two entries in one place."""

import json
import os
import sqlite3
import subprocess
import sys
from itertools import count
from pathlib import Path
from threading import Thread

import pytest
from django.db import connection, connections
from pydantic import TypeAdapter

from arobase.elections.models import Election, Station
from arobase.elections.queries.audit import audited, broken
from arobase.elections.rules.counts import Ballots, read
from arobase.elections.rules.plans import Plan
from arobase.elections.rules.states import Verb
from elections import entering
from elections.nights import LISTS, a_plan, a_rehearsal, bag, send
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


@pytest.mark.django_db(transaction=True)
def test_stations_that_enter_at_once_lose_nothing():
    election = a_rehearsal(stations=STATIONS)

    entering.enter_at_once(election.pk, [f"{one:04}" for one in range(1, STATIONS + 1)])

    election = Election.objects.get()
    assert (election.head_sequence, broken(election)) == (STATIONS * EACH, None)
    counted = [one.count(lists=len(LISTS)).counted for one in Station.objects.all()]
    assert counted == [ALL_COUNTED] * STATIONS


@pytest.mark.django_db(transaction=True)
def test_a_chain_is_found_whole_while_people_enter_and_nobody_waits():
    election, bags = a_rehearsal(registered=5000), count(1)

    def enter() -> None:
        send(election, "0001", Verb.BAG, bag(next(bags), (50, 30, 18)))
        connections.close_all()

    def meanwhile(execute, *statement):
        other = Thread(target=enter)
        other.start()
        other.join()
        return execute(*statement)

    with connection.execute_wrapper(meanwhile):
        (found,) = audited(election.pk)

    election.refresh_from_db()
    assert found.first_break is None
    assert 0 < found.election.head_sequence < election.head_sequence


def a_night_in(folder: Path, environment: dict[str, str]) -> int:
    """A rehearsal prepared in the home of an environment; its number."""
    path = folder / "plan.json"
    path.write_bytes(TypeAdapter(Plan).dump_json(a_plan(rehearsal=True, stations=STATIONS, registered=5000)))
    return int(
        json.loads(run_arobase("elections", "prepare", str(path), "--json", environment=environment))["election"]
    )
