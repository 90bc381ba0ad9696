"""What tests of election nights build, with plain defaults: Le Havre votes, three lists, four stations of 500."""

import hashlib
from datetime import date, datetime, time
from zoneinfo import ZoneInfo

from django.utils import timezone

from arobase.elections.actions.entries import REHEARSAL, Kept, record
from arobase.elections.actions.preparing import prepare
from arobase.elections.models import Election, Station
from arobase.elections.rules.plans import Plan, PlannedChoice, PlannedStation
from arobase.elections.rules.states import Verb

PARIS = ZoneInfo("Europe/Paris")
DAY = date(2026, 3, 15)
NIGHT = datetime(2026, 3, 15, 20, 30, tzinfo=PARIS)
PLM = {"code": "69123", "place": "Lyon"}
# Where a kind of election is not held at Le Havre.
ELSEWHERE = {"municipal_plm": PLM, "sector": {**PLM, "sector": "3e arrondissement"}}
LISTS = ("Le Havre ensemble", "Pour Le Havre", "Un port pour tous")


def a_plan(*, stations: int = 4, lists: tuple[str, ...] = LISTS, registered: int = 500, **facts) -> Plan:
    """A night to come; `rehearsal=True` makes it one that can be entered at any hour."""
    if facts.pop("rehearsal", False):
        facts["origin"] = "Européennes 2019"
    former = facts.pop("former", None)
    plain = {"code": "76351", "place": "Le Havre", "kind": "municipal", "day": DAY, "seats": 59}
    return Plan(
        **{**plain, **facts},
        choices=[PlannedChoice(name, number=str(place + 1)) for place, name in enumerate(lists)],
        stations=[
            PlannedStation(f"{number:04}", registered, name=f"École {number}", closes=time(19), former=former)
            for number in range(1, stations + 1)
        ],
    )


def an_election(**facts) -> Election:
    return prepare(a_plan(**facts), by=None, at=timezone.now())


def a_rehearsal(**facts) -> Election:
    return an_election(rehearsal=True, **facts)


def a_station(election: Election, code: str = "0001") -> Station:
    return Station.objects.get(election=election, code=code)


def bag(number: int, votes, *, blank: int = 1, null: int = 1) -> dict[str, object]:
    return {"number": number, "votes": list(votes), "blank": blank, "null": null}


def send(election: Election, code: str, verb: Verb, payload: dict[str, object], *, key: str = "", **more) -> Kept:
    """An entry, as a rehearsal's machine sends it; its key is its content where none is given."""
    plain = {"by": REHEARSAL, "at": NIGHT, "sure": True}
    key = key or hashlib.sha256(f"{code} {verb} {payload}".encode()).hexdigest()
    return record(a_station(election, code).pk, verb, payload, key=key, **{**plain, **more})


def count_all(election: Election, code: str, *, bags=((50, 30, 18),), signatures: int | None = None) -> None:
    """A whole station: box, bags of a hundred (one blank, one null), finished."""
    envelopes = sum(sum(votes) + 2 for votes in bags)
    box = {"signatures": envelopes if signatures is None else signatures, "envelopes": envelopes}
    send(election, code, Verb.BOX, box)
    for number, votes in enumerate(bags, start=1):
        send(election, code, Verb.BAG, bag(number, votes))
    send(election, code, Verb.FINISH, {})


def an_election_of_that_number(number: int) -> None:
    """Le Havre's night under the number that tests/pages.py names."""
    Election.objects.create(pk=number, code="76351", place="Le Havre", kind="municipal", day=DAY, made_at=NIGHT)
    Station.objects.create(election_id=number, code="0001", registered=500, opens=time(8), closes=time(19))
