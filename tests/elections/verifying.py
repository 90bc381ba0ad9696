"""Verifies the chain of a night while someone enters between each two statements; run by test_at_once.

python verifying.py ELECTION
"""

import json
import os
import sys
from itertools import count
from threading import Thread

import django


def verify_while_entering(number: int) -> tuple[bool, int, int]:
    """Whether the chain was found whole, how many entries of it were read, and how many there are in the end."""
    from django.db import connection, connections

    from arobase.elections.models import Election
    from arobase.elections.queries.audit import audited
    from arobase.elections.rules.states import Verb
    from elections.nights import bag, send

    election, bags = Election.objects.get(pk=number), count(1)

    def enter() -> None:
        send(election, "0001", Verb.BAG, bag(next(bags), (50, 30, 18)))
        connections.close_all()

    def meanwhile(execute, *statement):
        other = Thread(target=enter)
        other.start()
        other.join()
        return execute(*statement)

    with connection.execute_wrapper(meanwhile):
        (found,) = audited(number)
    election.refresh_from_db()
    return found.first_break is None, found.election.head_sequence, election.head_sequence


if __name__ == "__main__":
    os.environ["DJANGO_SETTINGS_MODULE"] = "arobase.project.settings"
    django.setup()
    print(json.dumps(verify_while_entering(int(sys.argv[1]))))
