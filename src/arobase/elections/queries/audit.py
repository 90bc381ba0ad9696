"""Whether the chain of a night's entries holds, and whether its figures are those of the entries."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet

from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.queries.moment import one_moment
from arobase.elections.rules.audit import Break, Fault, Link, first_break
from arobase.elections.rules.checks import Station as Known
from arobase.elections.rules.counts import Count, written
from arobase.elections.rules.entry import NOT_ENTERED, enter
from arobase.elections.rules.events import Malformed, event_of
from arobase.elections.rules.plans import fingerprint
from arobase.elections.rules.states import Verb

AT_ONCE = 500  # entries in memory: a town of 900 stations has some ten thousand


@dataclass(frozen=True)
class Audited:
    """An election as it was when its chain was read, and the chain's first break; None when all holds."""

    election: Election
    first_break: Break | None


def audited(number: int | None = None) -> Sequence[Audited]:
    """The chain of one election (empty where there is none of this number), or of all, read while people enter."""
    with one_moment():
        chosen = Election.objects.all() if number is None else Election.objects.filter(pk=number)
        return [Audited(one, broken(one)) for one in chosen]


def broken(election: Election) -> Break | None:
    """The first break of an election's chain, or of what was added up from it; None when all holds.

    The election must have been read at the same moment, or while nobody enters (`audited`).
    """
    stations = list(Station.objects.filter(election=election).defer("outline", "replayed"))
    names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    head = (election.head_sequence, election.head_hash)
    beginning = fingerprint(election.setup)
    links = _links(election, {one.pk: one.code for one in stations})
    return first_break(links, election=election.chain, beginning=beginning, head=head) or _added_up(
        election, stations, names
    )


def _links(election: Election, codes: Mapping[int, str]) -> Iterator[Link]:
    """The entries as they are chained; one of a station that is not the election's names none, and is CHANGED."""
    for entry in _entries(election):
        yield Link(
            sequence=entry.sequence,
            station=codes.get(entry.station_id, ""),
            verb=entry.verb,
            payload=entry.payload,
            at=entry.at,
            by=entry.by,
            key=entry.key,
            previous=entry.previous,
            hash=entry.hash,
        )


def _entries(election: Election) -> Iterator[Entry]:
    found: QuerySet[Entry] = Entry.objects.filter(election=election).order_by("sequence", "pk")
    return found.iterator(chunk_size=AT_ONCE)


def _added_up(election: Election, stations: Sequence[Station], names: list[str]) -> Break | None:
    """Enter everything once more, in order: whose figures are not what comes out."""
    known = {one.pk: one for one in stations}
    counts = {one.pk: Count(len(names)) for one in stations}
    last = dict.fromkeys(counts, 0)
    for entry in _entries(election):
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
