"""How a station of a test stands, and what is said to who enters."""

import pytest
from django.urls import reverse

from arobase.elections.models import Election
from arobase.elections.queries.audit import broken
from arobase.elections.rules.entry import Unsure
from elections.nights import a_station, send

FIRST = {"signatures": 400, "envelopes": 400, "votes": [350, 40, 8], "blank": 1, "null": 1}
SECOND = {"signatures": 400, "envelopes": 400, "votes": [300, 90, 8], "blank": 1, "null": 1}


def standing(election, code="0001"):
    return a_station(election, code).count(lists=3)


def holds(election) -> bool:
    return broken(Election.objects.get(pk=election.pk)) is None


def asked(election, verb, payload, **more):
    """The checks by which an entry is asked about."""
    with pytest.raises(Unsure) as error:
        send(election, "0001", verb, payload, key="asked", **{"sure": False, **more})
    return [one.check for one in error.value.found]


def page(client, election, **sent):
    return client.post(reverse("election_entry", args=[election.pk, "0001"]), {"key": str(len(sent["verb"])), **sent})
