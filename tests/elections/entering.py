"""A process that enters whole stations at once, a thread for each, into the night of its home; run by test_at_once.

python entering.py ELECTION STATION…
"""

import os
import sys
from threading import Barrier, Thread

import django

BAGS = ((50, 30, 18), (40, 40, 18), (70, 10, 18))


def enter_at_once(number: int, codes: list[str]) -> None:
    """All stations in the same moment: box, bags, finished."""
    from django.db import connections

    from arobase.elections.models import Election
    from elections.nights import count_all

    election = Election.objects.get(pk=number)
    together = Barrier(len(codes))

    def enter(code: str) -> None:
        together.wait()
        count_all(election, code, bags=BAGS)
        connections.close_all()

    threads = [Thread(target=enter, args=[code]) for code in codes]
    for one in threads:
        one.start()
    for one in threads:
        one.join()


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "arobase.project.settings"
    django.setup()
    enter_at_once(int(sys.argv[1]), sys.argv[2:])
