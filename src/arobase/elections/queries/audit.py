"""Whether the chain of a night's entries holds, and whether its figures are those of the entries."""

from collections.abc import Iterator

from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.rules.audit import Break, Fault, Link, first_break
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Count, written
from arobase.elections.rules.entry import NOT_ENTERED, enter
from arobase.elections.rules.events import Malformed, event_of
from arobase.elections.rules.plans import fingerprint
from arobase.elections.rules.states import Verb


def broken(election: Election) -> Break | None:
    """The first break of an election's chain, or of what was added up from it; None when all holds."""
    stations = list(Station.objects.filter(election=election))
    names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    head = (election.head_sequence, election.head_hash)
    beginning = fingerprint(election.setup)
    found = first_break(_links(election), election=election.chain, beginning=beginning, head=head)
    return found or _added_up(election, stations, names)


def _links(election: Election) -> Iterator[Link]:
    for entry in Entry.objects.filter(election=election).select_related("station").order_by("sequence", "pk"):
        yield Link(
            sequence=entry.sequence,
            station=entry.station.code,
            verb=entry.verb,
            payload=entry.payload,
            at=entry.at,
            by=entry.by,
            key=entry.key,
            previous=entry.previous,
            hash=entry.hash,
        )


def _added_up(election: Election, stations: list[Station], names: list[str]) -> Break | None:
    """Enter everything once more, in order: whose figures are not what comes out."""
    known = {one.pk: one for one in stations}
    counts = {one.pk: Count(len(names)) for one in stations}
    last = dict.fromkeys(counts, 0)
    for entry in Entry.objects.filter(election=election).order_by("sequence"):
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
    except (KeyError, TypeError, ValueError):
        return False
    registered = count.registered or station.prepared_registered
    return (kept, station.state, station.registered) == (written(count), count.state.value, registered)
