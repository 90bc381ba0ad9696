"""A night's results as they stand: of the town and of each station, against last time."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time, timedelta

from arobase.elections.models import Choice, Election, Entry, Station
from arobase.elections.queries.stations import stations_of
from arobase.elections.rules import embargo
from arobase.elections.rules.counts import Ballots, Count, none_of
from arobase.elections.rules.palette import look
from arobase.elections.rules.states import Verb

FIGURES = (Verb.BOX, Verb.BAG, Verb.CORRECT, Verb.TOTALS)  # what a result could be told by


@dataclass(frozen=True)
class Line:
    """A list's result: votes counted, its share of valid votes (None while there are none), and how it is drawn."""

    choice: Choice
    votes: int
    share: float | None

    @property
    def width(self) -> float:
        """Of its bar, out of 100."""
        return round(100 * (self.share or 0), 2)

    @property
    def css(self) -> str:
        """Classes of its colour and pattern."""
        hue, pattern = look(self.choice.place)
        return f"hue-{hue} {pattern}"


@dataclass(frozen=True)
class StationResult:
    """A station as it stands; `former` is its result last time ({} where unknown)."""

    station: Station
    count: Count

    @property
    def ballots(self) -> Ballots:
        return self.count.counted

    @property
    def is_begun(self) -> bool:
        """Whether ballots have been counted here."""
        return self.ballots.ballots > 0


@dataclass(frozen=True)
class Night:
    """All that can be said of a night at one moment.

    ballots      counted so far in the whole town
    by_hour      voters at each hour, only of stations that gave it: hour → (voters, registered there, stations)
    """

    election: Election
    choices: Sequence[Choice]
    stations: Sequence[StationResult]
    ballots: Ballots

    @property
    def registered(self) -> int:
        return sum(one.station.registered for one in self.stations)

    @property
    def lines(self) -> Sequence[Line]:
        """Lists in official order."""
        valid = self.ballots.valid
        return [
            Line(choice, votes, votes / valid if valid else None)
            for choice, votes in zip(self.choices, self.ballots.votes, strict=True)
        ]

    @property
    def ranking(self) -> Sequence[Line]:
        """Lists by votes, official order among equals."""
        return sorted(self.lines, key=lambda line: -line.votes)

    @property
    def final(self) -> Sequence[StationResult]:
        """Stations whose count is complete."""
        return [one for one in self.stations if one.count.is_final]

    @property
    def begun(self) -> Sequence[StationResult]:
        """Stations of which ballots are counted."""
        return [one for one in self.stations if one.is_begun]

    @property
    def is_final(self) -> bool:
        """Whether every station's count is complete."""
        return len(self.final) == len(self.stations)

    @property
    def by_hour(self) -> Mapping[str, tuple[int, int, int]]:
        hours = sorted({hour for one in self.stations for hour in one.count.turnout})
        return {hour: _at(hour, self.stations) for hour in hours}

    @property
    def voters(self) -> tuple[int, int, int]:
        """Envelopes found, registered voters and number of the stations whose box is open."""
        found = sum(one.count.opened.envelopes for one in self.opened if one.count.opened)
        return found, sum(one.station.registered for one in self.opened), len(self.opened)

    @property
    def opened(self) -> Sequence[StationResult]:
        """Stations whose box is open."""
        return [one for one in self.stations if one.count.opened]


def _at(hour: str, stations: Sequence[StationResult]) -> tuple[int, int, int]:
    given = [one for one in stations if hour in one.count.turnout]
    return (
        sum(one.count.turnout[hour] for one in given),
        sum(one.station.registered for one in given),
        len(given),
    )


def night_of(election: Election) -> Night:
    """Everything counted so far."""
    choices = list(Choice.objects.filter(election=election))
    stations = [StationResult(one, one.count(lists=len(choices))) for one in stations_of(election)]
    ballots = sum((one.ballots for one in stations), none_of(len(choices)))
    return Night(election, choices, stations, ballots)


def embargo_of(election: Election, *, at: datetime) -> datetime | None:
    """When the embargo ends under which results of this election are now (Code électoral, L52-2); None where none is.

    A rehearsal's figures are another poll's and known long since; but none is shown while a real poll is under embargo,
    lest real figures be entered under the name of a rehearsal. Nor under that of another day: a night in which figures
    were entered since such a poll's day began waits with it. All that a town votes on in one day waits for its last.
    """
    if election.is_rehearsal:
        held: Sequence[Election] = _under_way(at)
    else:
        same_day = Election.objects.filter(day=election.day, code=election.code, is_rehearsal=False)
        held = [election, *same_day.exclude(pk=election.pk), *general_nights(election), *_entered_during(election, at)]
    closings = Station.objects.filter(election__in=held).values_list("election_id", "closes")
    ends = [embargo_end(one, [closes for of, closes in closings if of == one.pk]) for one in held]
    return max((end for end in ends if embargo.holds(at, end)), default=None)


def _under_way(at: datetime) -> Sequence[Election]:
    """Real nights whose day has begun, and may not be over."""
    near = at.date()  # overseas the day began or ends at another moment
    days = [near - timedelta(days=2), near + timedelta(days=1)]
    real = Election.objects.filter(is_rehearsal=False, day__range=days)
    return [one for one in real if _begins(one) <= at]


def _entered_during(election: Election, at: datetime) -> Sequence[Election]:
    """Real nights of another day that were under way when figures were entered in this one."""
    if election.changed_at is None:
        return []
    others = [one for one in _under_way(at) if one.day != election.day and _begins(one) <= election.changed_at]
    figures = Entry.objects.filter(election=election, verb__in=FIGURES)
    return [one for one in others if figures.filter(at__gte=_begins(one)).exists()]


def _begins(election: Election) -> datetime:
    return embargo.evening(election.day, commune=election.code)[0]


def general_nights(election: Election) -> Sequence[Election]:
    """Real nights that show a partial election to be a general one: all of France votes on the same that day."""
    if election.scope != embargo.Scope.PARTIAL or election.is_rehearsal:
        return []
    kinds = embargo.voted_together(election.kind)
    same = Election.objects.filter(day=election.day, kind__in=kinds, is_rehearsal=False)
    return list(same.filter(scope=embargo.Scope.GENERAL).exclude(pk=election.pk))


def embargo_end(election: Election, closings: Iterable[time]) -> datetime:
    """When the embargo of a real night ends whose stations close at these hours."""
    return embargo.ends(
        election.day,
        closings,
        commune=election.code,
        scope=embargo.Scope(election.scope),
        is_alone=election.is_the_towns,
    )
