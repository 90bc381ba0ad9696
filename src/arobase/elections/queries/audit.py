"""Whether the chain of a night's entries holds, and whether its figures are those of the entries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db.models import QuerySet

from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.queries.moment import one_moment
from arobase.elections.rules.audit import Break, Fault, Link, Unreadable, first_break
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Count, written
from arobase.elections.rules.entry import NOT_ENTERED, enter
from arobase.elections.rules.events import Malformed, event_of
from arobase.elections.rules.plans import fingerprint, is_former, without_former
from arobase.elections.rules.states import Verb

AT_ONCE = 500  # entries in memory: a town of 900 stations has some ten thousand
# What reading a row raises in which someone wrote by hand what its columns do not hold.
UNREADABLE = (ArithmeticError, AttributeError, RecursionError, TypeError, ValueError)


@dataclass(frozen=True)
class Audited:
    """An election as it was when its chain was read, and the chain's first break; None when all holds."""

    election: Election
    first_break: Break | None


def audited(number: int | None = None) -> Sequence[Audited]:
    """The chain of one election (empty where there is none of this number), or of all, read while people enter."""
    with one_moment():
        known = Election.objects.defer("hours")  # which no figure is read by
        chosen = known if number is None else known.filter(pk=number)
        return [Audited(one, broken(one)) for one in chosen]


def broken(election: Election) -> Break | None:
    """The first break of an election's chain, or of what was added up from it; None when all holds.

    The election must have been read at the same moment, or while nobody enters (`audited`).
    """
    if (code := _unreadable_station(election)) is not None:
        return Break(1, Fault.SETUP, code)
    stations = list(_stations(election))
    try:
        beginning = _beginning(election)
        names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    except UNREADABLE:
        return Break(1, Fault.SETUP)
    head = (election.head_sequence, election.head_hash)
    links = _links(election, {one.pk: one.code for one in stations})
    return first_break(links, election=election.chain, beginning=beginning, head=head) or _added_up(
        election, stations, names
    )


def _stations(election: Election) -> QuerySet[Station]:
    return Station.objects.filter(election=election).defer("outline", "replayed")


def _unreadable_station(election: Election) -> str | None:
    """The code of a station of which someone left something that cannot be read, if there is one."""
    found = _stations(election)
    try:
        return next((one.code for one in found if not is_former(one.former)), None)
    except UNREADABLE:
        pass
    for key, code in list(found.values_list("pk", "code")):
        try:
            found.get(pk=key)
        except UNREADABLE:
            return code
    return None


def _beginning(election: Election) -> str:
    """What the chain should begin with: chains of before former results were told in it begin without them."""
    setup = election.setup
    before = fingerprint(without_former(setup))
    first = Entry.objects.filter(election=election).order_by("sequence").values_list("previous", flat=True).first()
    return before if first == before else fingerprint(setup)


def _links(election: Election, codes: Mapping[int, str]) -> Iterator[Link | Unreadable]:
    """The entries as they are chained; one of a station that is not the election's names none, and is CHANGED."""
    for station, entry in _read(election):
        code = codes.get(station, "")
        yield _link(entry, code) if entry and _is_link(entry) else Unreadable(code)


def _link(entry: Entry, code: str) -> Link:
    return Link(
        sequence=entry.sequence,
        station=code,
        verb=entry.verb,
        payload=entry.payload,
        at=entry.at,
        by=entry.by,
        key=entry.key,
        previous=entry.previous,
        hash=entry.hash,
    )


def _is_link(entry: Entry) -> bool:
    """Whether its columns hold what they should: SQLite takes anything in any of them."""
    texts = (entry.verb, entry.by, entry.key, entry.previous, entry.hash)
    is_placed = isinstance(entry.sequence, int) and isinstance(entry.at, datetime)
    return is_placed and isinstance(entry.payload, dict) and all(isinstance(one, str) for one in texts)


def _read(election: Election) -> Iterator[tuple[int, Entry | None]]:
    """The station and the entry of each row in the chain's order; no entry where the row cannot be read."""
    rows = list(_entries(election).values_list("pk", "station_id"))
    for start in range(0, len(rows), AT_ONCE):
        some = rows[start : start + AT_ONCE]
        try:
            found: Mapping[int, Entry] = Entry.objects.in_bulk([key for key, _station in some])
        except UNREADABLE:
            found = {key: one for key, _station in some if (one := _row(key)) is not None}
        yield from ((station, found.get(key)) for key, station in some)


def _row(key: int) -> Entry | None:
    try:
        return Entry.objects.get(pk=key)
    except UNREADABLE:
        return None


def _entries(election: Election) -> QuerySet[Entry]:
    return Entry.objects.filter(election=election).order_by("sequence", "pk")


def _added_up(election: Election, stations: Sequence[Station], names: list[str]) -> Break | None:
    """Enter everything once more, in order: whose figures are not what comes out."""
    known = {one.pk: one for one in stations}
    counts = {one.pk: Count(len(names)) for one in stations}
    last = dict.fromkeys(counts, 0)
    for entry in _entries(election).iterator(chunk_size=AT_ONCE):
        station = known[entry.station_id]
        try:
            counts[station.pk] = _entered(counts[station.pk], entry, station.known(names), typists=election.typists)
        except (Malformed, *NOT_ENTERED):  # an entry that could not have been kept
            return Break(entry.sequence, Fault.ADDED_UP, station.code)
        last[station.pk] = entry.sequence
    for one in stations:
        if not _stands(one, counts[one.pk]):
            return Break(last[one.pk] or 1, Fault.ADDED_UP, one.code)
    return None


def _entered(count: Count, entry: Entry, station: Known, *, typists: int) -> Count:
    event = event_of(Verb(entry.verb), entry.payload, lists=count.lists)
    return enter(count, event, station=station, typists=typists, sequence=entry.sequence, sure=True).count


def _stands(station: Station, count: Count) -> bool:
    """Whether what is kept of a station is this count; what can no longer be read is not."""
    try:
        kept = written(station.count(lists=count.lists))
    except (AttributeError, KeyError, TypeError, ValueError):
        return False
    registered = count.registered or station.prepared_registered
    return (kept, station.state, station.registered) == (written(count), count.state.value, registered)
