"""Enter figures for a station: checked, chained, added up, in one transaction."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time
from typing import Any

from django.db import connection, transaction

from arobase.accounts.models import User
from arobase.accounts.queries import holds
from arobase.accounts.roles import Role
from arobase.elections.models import Choice, Election, Entry, Pass, Station
from arobase.elections.queries.chain import entry_that_brought
from arobase.elections.rules import embargo
from arobase.elections.rules.audit import Link, hash_of
from arobase.elections.rules.checks import Finding
from arobase.elections.rules.counts import Count, written
from arobase.elections.rules.entry import enter, standing, verb_of
from arobase.elections.rules.events import Event, Turnout, check_reason, event_of, said_by
from arobase.elections.rules.oddities import Odd, odd_after, written_odd
from arobase.elections.rules.plans import fingerprint
from arobase.elections.rules.states import Verb
from arobase.territories.rules.clocks import zone_of


class KeyTaken(ValueError):
    """Another entry was sent under this key: two devices, or a device that counts wrong."""


class NotAllowed(PermissionError):
    """Someone enters figures of a station that is not theirs, or reopens one without being the town's officer."""


class NotTheDay(ValueError):
    """Figures are entered on the day of the poll and the night after; ballots are counted after the closing."""

    def __init__(self, since: datetime, until: datetime) -> None:
        super().__init__(f"only from {since} to {until}")
        self.since, self.until = since, until


class NoSuchHour(ValueError):
    """Turnout at an hour that the town does not ask for (it asks for `hours`)."""

    def __init__(self, hours: Sequence[str]) -> None:
        super().__init__(f"only at {', '.join(hours)}")
        self.hours = tuple(hours)


class NotYet(ValueError):
    """Turnout at an hour that has not come, by the server's clock: `at` is what that says."""

    def __init__(self, hour: str, *, at: datetime) -> None:
        super().__init__(f"{hour} has not come at {at}")
        self.hour, self.at = hour, at


class Rehearsal:
    """The machine that replays a night: it enters figures in rehearsals only."""

    def __str__(self) -> str:
        return "rehearsal"


REHEARSAL = Rehearsal()
Actor = User | Pass | Rehearsal
FIGURES = {Verb.BOX, Verb.BAG, Verb.TOTALS}
OFFICERS_ONLY = {Verb.REOPEN, Verb.ENROL}


@dataclass(frozen=True)
class Kept:
    """What became of an entry.

    sequence   its place in the chain (of the entry there already, where it says nothing new)
    is_new     False when the same was entered before
    """

    sequence: int
    count: Count
    found: tuple[Finding, ...]
    is_new: bool


def record(
    station_id: int, verb: Verb, payload: Mapping[str, Any], *, key: str, by: Actor, at: datetime, sure: bool = False
) -> Kept:
    """Keep an entry.

    payload   what the device sent (`rules.events`)
    key       chosen by the device: the same again is entered once
    by        the town's officer, a station's pass, or the machine of a rehearsal
    at        the server's clock
    sure      someone was asked and says yes: kept with the entry
    Raises    NotAllowed, NotTheDay, NoSuchHour, NotYet, Malformed, KeyTaken and what `rules.entry.enter` raises.
    """
    _durably()
    with transaction.atomic():
        # The chain's head is the lock: entries of one election come one after the other. Only then is the station read.
        election = Election.objects.select_for_update(of=("self",)).filter(stations=station_id).first()
        if election is None:  # wiped, or prepared anew, while someone was typing
            raise NotAllowed(named(by), str(station_id), verb.value)
        station = Station.objects.defer("outline", "replayed").get(pk=station_id)
        _check_person(by, election, station, verb, at=at)
        _check_hour(election, station, verb, by=by, at=at)
        names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
        count = station.count(lists=len(names))
        payload = _seated(payload, verb, by, election, count)
        event = event_of(verb, payload, lists=len(names))
        said = said_by(event)
        if there := Entry.objects.filter(election=election, key=key).first():
            return _again(there, station, verb, said, count)
        check_reason(event)
        _check_turnout(election, event, at=at)
        sequence, stands = election.head_sequence + 1, _standing(station, count, event)
        entered = enter(
            count,
            event,
            station=station.known(names),
            typists=election.typists,
            sequence=sequence,
            sure=sure,
            stands=stands,
        )
        if entered.is_known:
            return Kept(stands or count.bags[said["number"] - 1].entry, count, (), is_new=False)
        _chain(election, station, verb, {**said, "sure": True} if sure else said, key=key, by=named(by), at=at)
        was_asked = not isinstance(by, Rehearsal)
        odd = odd_after(station.odd, event, sequence=sequence, found=entered.found, was_asked=was_asked)
        _stand(station, entered.count, odd, sequence=sequence, at=at)
        return Kept(sequence, entered.count, entered.found, is_new=True)


def _durably() -> None:
    """On SQLite, a figure that was answered for is on the disk: a device forgets what it was told is kept.

    Elsewhere this connection writes ahead without waiting for the disk (`synchronous=NORMAL`), which a power cut may
    cost its last transactions; PostgreSQL waits by itself. It cannot be changed within a transaction.
    """
    if connection.vendor == "sqlite" and not connection.in_atomic_block:
        with connection.cursor() as cursor:
            cursor.execute("PRAGMA synchronous=FULL")


def named(by: Actor) -> str:
    """How the chain names someone."""
    return f"person:{by.pk}" if isinstance(by, User) else str(by)


def _check_person(by: Actor, election: Election, station: Station, verb: Verb, *, at: datetime) -> None:
    match by:
        case User():
            is_allowed = holds(by, Role.AGENT, territory_id=election.territory_id)
        case Pass():
            first, last = embargo.evening(election.day, commune=election.code)
            is_allowed = verb not in OFFICERS_ONLY and by.station_id == station.pk
            is_allowed = is_allowed and by.opens_at(at, first=first, last=last)
        case _:
            is_allowed = election.is_rehearsal
    if not is_allowed:
        raise NotAllowed(named(by), station.code, verb.value)


def _seated(payload: Mapping[str, Any], verb: Verb, by: Actor, election: Election, count: Count) -> Mapping[str, Any]:
    """Who types totals that two people must type is the seat of their sheet, whatever their device says.

    Where one person types them it is the same one, on whatever device.
    """
    if verb is not Verb.TOTALS:
        return payload
    if election.typists == 1:
        return {**payload, "who": next(iter(count.typed), 1)}
    return {**payload, "who": by.seat} if isinstance(by, Pass) else payload


def _standing(station: Station, count: Count, event: Event) -> int:
    """The entry whose figures this one would replace, 0 where there are none."""
    found_by = standing(count, event)
    return 0 if found_by is None else entry_that_brought(station, verb_of(event), **found_by)


def _check_turnout(election: Election, event: Event, *, at: datetime) -> None:
    """Raises NoSuchHour and NotYet; a rehearsal has its own time."""
    if not isinstance(event, Turnout):
        return
    if event.hour not in election.hours:
        raise NoSuchHour(election.hours)
    due = datetime.combine(election.day, time.fromisoformat(event.hour), tzinfo=election.clock)
    if not election.is_rehearsal and at < due:
        raise NotYet(event.hour, at=at)


def _check_hour(election: Election, station: Station, verb: Verb, *, by: Actor, at: datetime) -> None:
    """Raises NotTheDay: nothing is counted before the closing (Code électoral, L65), nor after the night is over.

    The town's officer may still enter and correct afterwards; a rehearsal has its own time.
    """
    if election.is_rehearsal or verb in {Verb.REOPEN, Verb.CORRECT, Verb.UNDO, Verb.FINISH, Verb.SIGN}:
        return
    first, last = embargo.evening(election.day, commune=election.code)
    if verb in FIGURES:
        first = datetime.combine(election.day, station.closes, tzinfo=zone_of(election.code))
    if at < first or (at >= last and not isinstance(by, User)):
        raise NotTheDay(first, last)


def _again(there: Entry, station: Station, verb: Verb, said: Mapping[str, Any], count: Count) -> Kept:
    """The same entry, sent again: nothing is done twice. Raises KeyTaken when it says something else."""
    before = {name: value for name, value in there.payload.items() if name != "sure"}
    if (there.station_id, there.verb, before) != (station.pk, verb.value, said):
        raise KeyTaken(there.key)
    return Kept(there.sequence, count, (), is_new=False)


def _chain(
    election: Election, station: Station, verb: Verb, payload: dict[str, Any], *, key: str, by: str, at: datetime
) -> None:
    link = Link(
        sequence=election.head_sequence + 1,
        station=station.code,
        verb=verb.value,
        payload=payload,
        at=at,
        by=by,
        key=key,
        previous=election.head_hash or fingerprint(election.setup),
    )
    digest = hash_of(link, election=election.chain)
    Entry.objects.create(
        election=election,
        station=station,
        sequence=link.sequence,
        verb=verb.value,
        payload=payload,
        at=at,
        by=by,
        key=key,
        previous=link.previous,
        hash=digest,
    )
    Election.objects.filter(pk=election.pk).update(head_sequence=link.sequence, head_hash=digest, changed_at=at)


def _stand(station: Station, count: Count, odd: Odd, *, sequence: int, at: datetime) -> None:
    enrolled = (
        {}
        if count.registered is None
        else {"registered": count.registered, "first_registered": station.prepared_registered}
    )
    Station.objects.filter(pk=station.pk).update(
        standing={**written(count), **({"odd": written_odd(odd)} if odd else {})},
        state=count.state.value,
        last_entry=sequence,
        last_at=at,
        **enrolled,
    )
