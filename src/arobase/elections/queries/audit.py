"""Whether the chain of a night's entries holds, and whether its figures are those of the entries."""

from collections.abc import Iterator

from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.rules.audit import Break, Fault, Link, first_break
from arobase.elections.rules.counts import Count, written
from arobase.elections.rules.entry import enter
from arobase.elections.rules.events import event_of
from arobase.elections.rules.plans import fingerprint
from arobase.elections.rules.states import Verb


def broken(election: Election) -> Break | None:
    """The first break of an election's chain, or of what was added up from it; None when all holds."""
    stations = list(Station.objects.filter(election=election))
    names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    beginning = fingerprint(
        election=election.chain, choices=names, stations=[(one.code, one.registered) for one in stations]
    )
    head = (election.head_sequence, election.head_hash)
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
    known = {one.pk: one.known(names) for one in stations}
    counts = {one.pk: Count(len(names)) for one in stations}
    last = dict.fromkeys(counts, 0)
    for entry in Entry.objects.filter(election=election).order_by("sequence"):
        event = event_of(Verb(entry.verb), entry.payload, lists=len(names))
        entered = enter(
            counts[entry.station_id],
            event,
            station=known[entry.station_id],
            typists=election.typists,
            sequence=entry.sequence,
            sure=True,
        )
        counts[entry.station_id], last[entry.station_id] = entered.count, entry.sequence
    for one in stations:
        kept = one.count(lists=len(names))
        if written(kept) != written(counts[one.pk]) or one.state != counts[one.pk].state.value:
            return Break(last[one.pk] or 1, Fault.ADDED_UP, one.code)
    return None
