"""What the town's central desk sees of its stations: those to call first, then the others."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime, time

from arobase.elections.models import Choice, Election, Pass, Station
from arobase.elections.queries.entry import PRESENT
from arobase.elections.queries.stations import stations_of
from arobase.elections.queries.wording import alert, count_state
from arobase.elections.rules.attention import Alert, Watched, alerts, urgency
from arobase.elections.rules.counts import Bag, Count
from arobase.elections.rules.states import TRANSITIONS, Verb
from arobase.territories.rules.clocks import zone_of

SEATS = (1, 2)


@dataclass(frozen=True)
class Seat:
    """One of the two people of a station: the code in force, None where there is none."""

    number: int
    code: Pass | None
    at: datetime

    @property
    def is_here(self) -> bool:
        """Whether its device was there within half a minute."""
        return bool(self.code and self.code.seen_at and self.code.seen_at >= self.at - PRESENT)


@dataclass(frozen=True)
class StationOnDesk:
    """A station as the desk sees it.

    alerts   why it should be called, the most urgent first
    names    of the lists in official order
    """

    station: Station
    typists: int
    count: Count
    seats: Sequence[Seat]
    alerts: Sequence[Alert]
    names: Sequence[str]

    @property
    def state_name(self) -> str:
        """Where the entry stands, in words."""
        return count_state(self.count, typists=self.typists)

    @property
    def reasons(self) -> Sequence[str]:
        """Why it should be called, in words."""
        return [alert(one, self.names) for one in self.alerts]

    @property
    def last_bag(self) -> Bag | None:
        """The bag that could be undone."""
        return self.count.bags[-1] if self.count.bags else None

    @property
    def may(self) -> Mapping[str, bool]:
        """What the desk can do here, by verb."""
        allowed = TRANSITIONS[self.count.state]
        return {
            "undo": Verb.UNDO in allowed and self.last_bag is not None,
            "sign": Verb.SIGN in allowed,
            "reopen": self.count.is_final,
            "aside": Verb.REOPEN in allowed and self.is_entered,
            "enrol": Verb.ENROL in allowed,
        }

    @property
    def is_entered(self) -> bool:
        """Whether anything of a count was entered here."""
        return bool(self.count.box or self.count.bags or self.count.typed)

    @property
    def phone_link(self) -> str:
        """What a telephone dials: digits, with the plus of a country."""
        return "".join(sign for sign in self.station.phone if sign.isdigit() or sign == "+")


@dataclass(frozen=True)
class CentralDesk:
    """All stations of a night, those to call first."""

    election: Election
    at: datetime
    to_call: Sequence[StationOnDesk]
    others: Sequence[StationOnDesk]

    @property
    def stations(self) -> int:
        """How many there are."""
        return len(self.to_call) + len(self.others)

    @property
    def final(self) -> int:
        """How many have counted everything."""
        return sum(one.count.is_final for one in (*self.to_call, *self.others))


def central_desk(election: Election, *, at: datetime) -> CentralDesk:
    """The desk at this moment, with as many statements for one station as for three hundred."""
    names = list(Choice.objects.filter(election=election).values_list("name", flat=True))
    codes: dict[tuple[int, int], Pass] = {
        (one.station_id, one.seat): one for one in Pass.objects.filter(station__election=election, revoked_at=None)
    }
    seen = [_station(one, election, names, codes, at) for one in stations_of(election)]
    halves = defaultdict(list)
    for one in seen:
        halves[bool(one.alerts)].append(one)
    return CentralDesk(election, at, sorted(halves[True], key=lambda one: urgency(one.alerts)), halves[False])


def _station(
    station: Station, election: Election, names: Sequence[str], codes: Mapping[tuple[int, int], Pass], at: datetime
) -> StationOnDesk:
    count = station.count(lists=len(names))
    watched = Watched(
        count=count,
        opens=_moment(election, station.opens),
        closes=_moment(election, station.closes),
        last_at=station.last_at,
        hours=election.hours,
        by_clock=not election.is_rehearsal,
        odd=station.odd,
    )
    seats = [Seat(number, codes.get((station.pk, number)), at) for number in SEATS]
    return StationOnDesk(station, election.typists, count, seats, alerts(watched, at=at), names)


def _moment(election: Election, hour: time) -> datetime:
    return datetime.combine(election.day, hour, tzinfo=zone_of(election.code))
