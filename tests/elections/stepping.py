"""A process that enters bags one by one and keeps what the disk held after each; run by test_power_cut.

python stepping.py ELECTION FOLDER: after the entry N the database is kept as FOLDER/N, its write-ahead file as N-wal.
Prints how this connection waits for the disk (`PRAGMA synchronous`; 2 is FULL: at each commit).
"""

import os
import shutil
import sys
from pathlib import Path

import django

BAGS = 12


def enter_step_by_step(number: int, folder: Path) -> None:
    from django.conf import settings
    from django.db import connection

    from arobase.elections.models import Election
    from arobase.elections.rules.states import Verb
    from elections.nights import bag, send

    election = Election.objects.get(pk=number)
    database = Path(settings.DATABASES["default"]["NAME"])
    for place in range(1, BAGS + 1):
        kept = send(election, f"{place:04}", Verb.BAG, bag(1, (50, 30, 18)))
        for end in ("", "-wal"):
            shutil.copy(f"{database}{end}", folder / f"{kept.sequence}{end}")
    with connection.cursor() as cursor:
        print(cursor.execute("PRAGMA synchronous").fetchone()[0])


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "arobase.project.settings"
    django.setup()
    enter_step_by_step(int(sys.argv[1]), Path(sys.argv[2]))
