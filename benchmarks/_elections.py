"""Prepares what `benchmarks.elections` needs, and measures what needs no server; run in a process with its own home.

python -m benchmarks._elections prepare STATIONS   a rehearsal, with a device that came in at each station (JSON)
python -m benchmarks._elections alone              inserts per second of plain rows, and of entries (JSON)
"""

import json
import os
import sys
import time
from collections.abc import Callable
from importlib import import_module

import django

SECONDS = 3.0
LISTS = ("Le Havre ensemble", "Pour Le Havre", "Un port pour tous")


def prepare(stations: int) -> dict[str, object]:
    """The rehearsal's number, and by station the session of its device."""
    from django.conf import settings
    from django.db import transaction
    from django.utils import timezone

    from arobase.elections.actions.passes import issue
    from arobase.elections.models import Pass
    from arobase.elections.views.audiences import KEPT_IN_SESSION

    now = timezone.now()
    election = rehearsal(stations)
    issue(election.pk, by=None, at=now)
    passes = Pass.objects.filter(station__election=election, seat=1)
    passes.update(used_at=now, seen_at=now)
    sessions = import_module(settings.SESSION_ENGINE)
    devices = []
    with transaction.atomic():
        for one in passes.select_related("station"):
            session = sessions.SessionStore()
            session[KEPT_IN_SESSION] = (one.pk, one.used_at.isoformat())
            session.save()
            devices.append([one.station.code, session.session_key])
    return {"number": election.pk, "devices": devices}


def rehearsal(stations: int):
    """A night of today that can be entered at any hour."""
    from django.utils import timezone

    from arobase.elections.actions.preparing import prepare as prepared
    from arobase.elections.rules.plans import Plan, PlannedChoice, PlannedStation

    return prepared(
        Plan(
            code="76351",
            place="Le Havre",
            kind="municipal",
            day=timezone.localdate(),
            seats=59,
            origin="Chiffres inventés",
            choices=[PlannedChoice(name) for name in LISTS],
            stations=[PlannedStation(f"{number:04}", 1000) for number in range(1, stations + 1)],
        ),
        by=None,
        at=timezone.now(),
    )


def alone() -> dict[str, float]:
    """One after the other in this process: rows of a table, then entries, each in a transaction of its own."""
    from django.db import connection
    from django.test.utils import CaptureQueriesContext
    from django.utils import timezone

    from arobase.elections.actions.entries import REHEARSAL, record
    from arobase.elections.models import Entry
    from arobase.elections.rules.states import Verb

    election = rehearsal(100)
    stations = list(election.stations.values_list("pk", flat=True))
    # A row of the same table with no lock, check or sum: the least that keeping an entry can cost.
    aside = rehearsal(1)
    where = aside.stations.get()

    def row(number: int) -> None:
        Entry.objects.create(
            election=aside, station=where, sequence=number + 1, verb="bag", payload=payload(number),
            at=timezone.now(), by="rehearsal", key=str(number), previous="0" * 64, hash="0" * 64,
        )  # fmt: skip

    def entry(number: int) -> None:
        station, bag = stations[number % len(stations)], payload(number // len(stations))
        record(station, Verb.BAG, bag, key=str(number), by=REHEARSAL, at=timezone.now(), sure=True)

    rows = _per_second(row)
    entry(0)
    with CaptureQueriesContext(
        connection,
    ) as asked:
        entry(1)
    entries = _per_second(lambda number: entry(number + 2))
    said = [one["sql"] for one in asked if not one["sql"].startswith(("BEGIN", "COMMIT"))]
    return {"rows": rows, "entries": entries, "statements": len(said)}


def payload(number: int) -> dict[str, object]:
    """A bag of a hundred."""
    return {"number": number + 1, "votes": [50, 30, 18], "blank": 1, "null": 1}


def _per_second(work: Callable[[int], None]) -> float:
    began, number = time.perf_counter(), 0
    while (spent := time.perf_counter() - began) < SECONDS:
        work(number)
        number += 1
    return number / spent


if __name__ == "__main__":
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    from arobase.web.home import prepare_home

    prepare_home()
    json.dump(prepare(int(sys.argv[2])) if sys.argv[1] == "prepare" else alone(), sys.stdout)
