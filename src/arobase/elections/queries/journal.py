"""The chain of entries as people read it: the hour, who, what, figures before and after, the reason."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.accounts.models import User
from arobase.elections.models import Choice, Election, Entry, Pass, Station
from arobase.elections.rules.counts import Count
from arobase.elections.rules.entry import NOT_ENTERED, enter
from arobase.elections.rules.events import Event, Malformed, Reopened, Turnout, Typed, event_of
from arobase.elections.rules.journal import Change, Correction, Step, change_of, corrections
from arobase.elections.rules.states import Verb

PER_PAGE = 50
AT_ONCE = 500  # entries in memory
SHORT = 12  # signs of a hash that are shown
REPLAY = "rehearsal"  # as the chain names the machine that replays a night


@dataclass(frozen=True)
class Figure:
    """A figure of an entry by its label: what it was, and what it became (None where it was, or became, none)."""

    label: str
    before: int | None
    after: int | None

    def __str__(self) -> str:
        after = "–" if self.after is None else str(self.after)
        return f"{self.label} {after}" if self.before is None else f"{self.label} {self.before} → {after}"


@dataclass(frozen=True)
class Line:
    """An entry of the journal.

    who         in words
    event       None where the entry can no longer be read
    is_hidden   whether its figures are not for this reader yet: two people type the same totals
    """

    entry: Entry
    station: Station
    who: str
    event: Event | None
    change: Change
    labels: Mapping[str, str]
    is_hidden: bool

    @property
    def is_that_day(self) -> bool:
        """Whether it was entered on the day of the poll, by the clock that is in force."""
        return timezone.localdate(self.entry.at) == self.entry.election.day

    @property
    def title(self) -> str:
        """What was done, in words."""
        return _title(Verb(self.entry.verb), self.event, self.change.bag)

    @property
    def figures(self) -> Sequence[Figure]:
        """The figures that changed."""
        told = [] if self.is_hidden else self.change.told
        return [Figure(self.labels.get(field, field), before, after) for field, before, after in told]

    @property
    def why(self) -> str:
        """The reason that was given, empty where none is asked for."""
        return str(getattr(self.event, "why", ""))

    @property
    def is_sure(self) -> bool:
        """Whether someone said yes, when asked, to figures that are unlikely; a replay is asked nothing."""
        is_yes = bool(self.event and self.entry.payload.get("sure")) and self.entry.by != REPLAY
        return is_yes and not self.is_hidden

    @property
    def mark(self) -> str:
        """The beginning of its hash."""
        return self.entry.hash[:SHORT]


@dataclass(frozen=True)
class Page:
    """Some lines of the journal, the newest first; `older` is where the next page begins, None on the last."""

    lines: Sequence[Line]
    older: int | None


def journal_page(election: Election, *, by: User | Pass, station: Station | None = None, before: int | None) -> Page:
    """The newest entries (before a place of the chain, where one is given), with as many statements for all.

    A station's device reads its own station, and of totals typed by the other person nothing before both are in.
    """
    chosen = _entries(election, station)
    older = chosen if before is None else chosen.filter(sequence__lt=before)
    places = list(older.order_by("-sequence").values_list("sequence", "station_id")[: PER_PAGE + 1])
    shown = {sequence for sequence, _station in places[:PER_PAGE]}
    if not shown:
        return Page([], None)
    # What an entry replaced is known from the entries of its station before it.
    stations = Station.objects.filter(pk__in={one for _sequence, one in places[:PER_PAGE]})
    needed = chosen.filter(station__in=stations, sequence__lte=max(shown))
    lines = [one for one in _lines(election, needed, stations, by=by) if one.entry.sequence in shown]
    return Page(lines[::-1], min(shown) if len(places) > PER_PAGE else None)


def journal(election: Election, *, station: Station | None = None) -> Iterator[Line]:
    """All entries in their order, as the town's officer reads them."""
    stations = Station.objects.filter(election=election)
    chosen = stations if station is None else stations.filter(pk=station.pk)
    return _lines(election, _entries(election, station), chosen, by=None)


def corrected(station: Station, *, election: Election) -> Sequence[Correction]:
    """What was corrected of a station's result as it stands."""
    names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    walked = _walk(_entries(election, station), election, {station.pk: station}, names)
    return corrections(step for _entry, step in walked if step)


def _entries(election: Election, station: Station | None) -> QuerySet[Entry]:
    chosen = Entry.objects.filter(election=election).order_by("sequence")
    return chosen if station is None else chosen.filter(station=station)


def _lines(
    election: Election, entries: QuerySet[Entry], of: QuerySet[Station], *, by: User | Pass | None
) -> Iterator[Line]:
    choices = list(Choice.objects.filter(election=election))
    stations = {one.pk: one for one in of.defer("outline", "replayed")}
    labels = {**_labels(), **{f"votes.{one.place}": one.short for one in choices}}
    people = _people(election, entries, by=by)
    for entry, step in _walk(entries, election, stations, [one.name for one in choices]):
        entry.election, station = election, stations[entry.station_id]
        event = step.event if step else None
        is_hidden = isinstance(event, Typed) and _is_hidden(event, station, election, by=by, lists=len(choices))
        change = change_of(step.before, step.event) if step else Change()
        yield Line(entry, station, people.get(entry.by, entry.by), event, change, labels, is_hidden)


def _walk(
    entries: QuerySet[Entry], election: Election, stations: Mapping[int, Station], names: list[str]
) -> Iterator[tuple[Entry, Step | None]]:
    """Entries in their order, with what each did to its station; None for one that can no longer be read.

    Someone may have edited the chain by hand: `verify` says where, and the journal shows what can still be shown.
    """
    counts = {key: Count(len(names), registered=one.prepared_registered) for key, one in stations.items()}
    for entry in entries.filter(station__in=stations).iterator(chunk_size=AT_ONCE):
        event, before = _event(entry, lists=len(names)), counts[entry.station_id]
        if event is None:
            yield entry, None
            continue
        known = stations[entry.station_id].known(names)
        try:
            after = enter(
                before, event, station=known, typists=election.typists, sequence=entry.sequence, sure=True
            ).count
        except NOT_ENTERED:
            after = before
        counts[entry.station_id] = after
        yield entry, Step(before, event, after, entry.at)


def _event(entry: Entry, *, lists: int) -> Event | None:
    try:
        return event_of(Verb(entry.verb), entry.payload, lists=lists) if isinstance(entry.payload, dict) else None
    except Malformed:
        return None


def _is_hidden(event: Typed, station: Station, election: Election, *, by: User | Pass | None, lists: int) -> bool:
    if not isinstance(by, Pass):
        return False
    return station.count(lists=lists).is_blind(event.who, seat=by.seat, typists=election.typists)


def _people(election: Election, entries: QuerySet[Entry], *, by: User | Pass | None) -> Mapping[str, str]:
    """How those who entered are called: people of a station by seat, the town's officers by name among themselves."""
    known = {REPLAY: _("la répétition")}
    for number, seat in Pass.objects.filter(station__election=election).values_list("pk", "seat"):
        known[f"pass:{number}"] = _("personne %s du bureau") % seat
    officers = [one for one in entries.order_by().values_list("by", flat=True).distinct() if one.startswith("person:")]
    for one in officers:
        known[one] = _("le pupitre") if isinstance(by, Pass) else _("compte %s") % one.removeprefix("person:")
    if not isinstance(by, Pass):
        numbers = [int(one) for one in (who.removeprefix("person:") for who in officers) if one.isdecimal()]
        named = User.objects.filter(pk__in=numbers).exclude(name="").values_list("pk", "name")
        known |= {f"person:{number}": name for number, name in named}
    return known


def _labels() -> Mapping[str, str]:
    return {
        "signatures": _("émargements"),
        "envelopes": _("enveloppes"),
        "blank": _("blancs"),
        "null": _("nuls"),
        "voters": _("votants"),
        "registered": _("inscrits"),
    }


def _is_aside(event: Event | None) -> bool:
    return isinstance(event, Reopened) and event.is_aside


def _title(verb: Verb, event: Event | None, bag: int | None) -> str:
    number = "?" if bag is None else bag
    return {
        Verb.TURNOUT: _("Votants à %s") % (event.hour if isinstance(event, Turnout) else "?"),
        Verb.BOX: _("Émargements et enveloppes"),
        Verb.BAG: _("Centaine %s") % number,
        Verb.UNDO: _("Centaine %s annulée") % number,
        Verb.CORRECT: _("Centaine %s corrigée") % number,
        Verb.TOTALS: _("Totaux, saisie %s") % (event.who if isinstance(event, Typed) else "?"),
        Verb.FINISH: _("Compte clos"),
        Verb.SIGN: _("Procès-verbal signé"),
        Verb.REOPEN: _("Chiffres mis de côté") if _is_aside(event) else _("Saisie rouverte"),
        Verb.ENROL: _("Inscrits après une décision du jour"),
    }[verb]
