"""A prepared night as a plan again, and what was counted of it: for its second round and its rehearsal."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import date, datetime, timedelta

from arobase.elections.models import Choice, Election, Kind, Station
from arobase.elections.queries.council import SHARED, council, is_decided
from arobase.elections.queries.results import Line, Night, StationResult, embargo_end
from arobase.elections.queries.stations import stations_of
from arobase.elections.rules import embargo
from arobase.elections.rules.counts import none_of
from arobase.elections.rules.plans import FormerResult, Plan, PlannedChoice, PlannedStation, Replayed
from arobase.elections.rules.seats.law import SeatsUnknown, seats_of
from arobase.territories.models import Territory

ONE_ROUND = {Kind.EUROPEAN, Kind.REFERENDUM, Kind.CONSULTATION}


WEEK = timedelta(days=7)


@dataclass(frozen=True)
class Again:
    """A list as it may stand again."""

    line: Line
    is_ticked: bool


@dataclass(frozen=True)
class PreparedNight:
    """A night in the list of those that someone prepares.

    has_second_round   once it is prepared too
    former             polls that last time's figures of its stations are of
    so_far             what is counted of it
    is_held            while its results are under embargo (Code électoral, L52-2)
    """

    election: Election
    choices: Sequence[Choice]
    stations: int
    has_second_round: bool
    former: Sequence[str]
    so_far: Night
    is_held: bool

    @property
    def again(self) -> Sequence[Again]:
        """Its lists for a second round, ticked where the result alone says that they may stand again."""
        decided = council(self.so_far)
        stays = {line.choice.place for line in decided.stays} if decided else set()
        return [Again(line, line.choice.place in stays) for line in self.so_far.lines]

    @property
    def uncounted(self) -> int:
        """Stations whose count is not complete: a second round would not know their first."""
        return self.stations - len(self.so_far.final)

    @property
    def week_after(self) -> date:
        """When a second round would be (Code électoral, L56)."""
        return self.election.day + WEEK

    @property
    def may_change(self) -> bool:
        """Whether lists and stations may still change: nothing is entered yet."""
        return not self.election.head_sequence

    @property
    def may_have_second_round(self) -> bool:
        """Whether a second round can follow: the first has begun, may be known, and has not elected the council."""
        one = self.election
        is_first = one.round == 1 and one.kind not in ONE_ROUND and not one.is_rehearsal
        is_known = bool(one.head_sequence) and not self.is_held
        return is_first and is_known and not self.has_second_round and not is_decided(self.so_far)


def prepared_nights(codes: Sequence[str], *, at: datetime) -> Sequence[PreparedNight]:
    """The nights of these communes, the latest first, with as many statements for one as for twenty."""
    found = Election.objects.filter(code__in=codes).prefetch_related("choices", "stations", "later_rounds")
    return [
        PreparedNight(
            election=one,
            choices=list(one.choices.all()),
            stations=len(one.stations.all()),
            has_second_round=has_second_round(one),
            former=former_polls(one),
            so_far=_so_far(one),
            is_held=_is_held(one, at=at),
        )
        for one in found
    ]


def _so_far(election: Election) -> Night:
    """What is counted, of the rows that are at hand."""
    choices = list(election.choices.all())
    stations = [StationResult(one, one.count(lists=len(choices))) for one in election.stations.all()]
    ballots = sum((one.ballots for one in stations), none_of(len(choices)))
    return Night(election, choices, stations, ballots)


def _is_held(election: Election, *, at: datetime) -> bool:
    return embargo.holds(at, embargo_end(election, [one.closes for one in election.stations.all()]))


def has_second_round(election: Election) -> bool:
    """Whether the second round of a night is prepared, its rehearsals aside."""
    return any(not one.is_rehearsal for one in election.later_rounds.all())


def plan_of(election: Election) -> Plan:
    """What was prepared."""
    return Plan(
        code=election.code,
        place=election.place,
        kind=election.kind,
        day=election.day,
        choices=[_choice(one) for one in election.choices.all()],
        stations=[_station(one) for one in stations_of(election)],
        round=election.round,
        scope=election.scope,
        seats=election.seats,
        typists=election.typists,
        hours=list(election.hours),
        origin=election.origin,
        phone=election.phone,
        sector=election.sector,
        community_seats=election.community_seats,
        population=election.population,
    )


def with_seats(plan: Plan) -> Plan:
    """A council has the seats that its population gives it by law, where nobody says otherwise."""
    population = plan.population or _population(plan.code)
    seats = plan.seats
    if seats is None and plan.kind in SHARED:
        try:
            seats = seats_of(SHARED[Kind(plan.kind)], plan.day.year, population=population)
        except SeatsUnknown:
            seats = None
    return replace(plan, seats=seats, population=population)


def _population(code: str) -> int | None:
    return Territory.objects.filter(pk=f"commune:{code}").values_list("population", flat=True).first()


def _choice(one: Choice) -> PlannedChoice:
    age = None if one.average_age is None else float(one.average_age)
    return PlannedChoice(one.name, short=one.short, number=one.number, average_age=age, candidates=one.candidates)


def _station(one: Station) -> PlannedStation:
    return PlannedStation(
        code=one.code,
        registered=one.registered,
        name=one.name,
        address=one.address,
        phone=one.phone,
        tables=one.tables,
        opens=one.opens,
        closes=one.closes,
        lon=one.lon,
        lat=one.lat,
        outline=one.outline or None,
        former=FormerResult(**one.former) if one.former else None,
        replayed=Replayed(**{**one.replayed, "votes": tuple(one.replayed["votes"])}) if one.replayed else None,
    )


def counted_of(election: Election, *, poll: str) -> Mapping[str, FormerResult]:
    """The result of each station whose count is complete, by its code; `poll` names it."""
    names = [one.name for one in election.choices.all()]
    return {
        station.code: result
        for station in election.stations.all()
        if (result := _counted(station, names, poll)) is not None
    }


def _counted(station: Station, names: Sequence[str], poll: str) -> FormerResult | None:
    count = station.count(lists=len(names))
    if not count.is_final or count.opened is None:
        return None
    votes = dict(zip(names, count.counted.votes, strict=True))
    return FormerResult(poll, station.registered, count.opened.envelopes, votes)


def former_polls(election: Election) -> Sequence[str]:
    """The polls that last time's figures of its stations are of."""
    return sorted({one.former["poll"] for one in election.stations.all() if one.former})
