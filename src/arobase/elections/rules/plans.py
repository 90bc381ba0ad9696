"""An election as it is prepared: its choices and stations, and what is wrong with them."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any


@dataclass(frozen=True)
class PlannedChoice:
    """A list, candidate or answer, in official order; `average_age` in years where the law needs it for ties."""

    name: str
    short: str = ""
    number: str = ""
    average_age: float | None = None


@dataclass(frozen=True)
class FormerResult:
    """A station's result in an earlier poll (`poll` names it); votes by the name of the list then."""

    poll: str
    registered: int
    voters: int
    votes: Mapping[str, int]


@dataclass(frozen=True)
class Replayed:
    """What a rehearsal counts in a station: another poll's result, votes in the order of the rehearsal's lists."""

    signatures: int
    votes: tuple[int, ...]
    blank: int
    null: int


@dataclass(frozen=True)
class PlannedStation:
    """A polling station; hours by the commune's clock, `outline` a GeoJSON geometry, `replayed` of rehearsals only."""

    code: str
    registered: int
    name: str = ""
    address: str = ""
    phone: str = ""
    tables: int = 1
    opens: time = time(8)
    closes: time = time(18)
    lon: float | None = None
    lat: float | None = None
    outline: Mapping[str, Any] | None = None
    former: FormerResult | None = None
    replayed: Replayed | None = None


@dataclass(frozen=True)
class Plan:
    """A whole election night before it begins.

    code      of the commune (INSEE)       typists   people who must type the same totals, 1 or 2
    kind      of `models.Kind`             hours     at which turnout is asked for ("10:00")
    origin    of a rehearsal's figures; empty on the real night
    phone     of the central desk, printed on the sheets
    """

    code: str
    place: str
    kind: str
    day: date
    choices: Sequence[PlannedChoice]
    stations: Sequence[PlannedStation]
    round: int = 1
    scope: str = "general"
    seats: int | None = None
    typists: int = 1
    hours: Sequence[str] = ("10:00", "12:00", "15:00", "17:00")
    origin: str = field(default="")
    phone: str = ""

    @property
    def is_rehearsal(self) -> bool:
        """Whether the figures will be those of another poll."""
        return bool(self.origin)


class Wrong(StrEnum):
    """What can be wrong with a plan."""

    NO_CHOICE = "no_choice"
    NO_STATION = "no_station"
    CHOICE_WITHOUT_NAME = "choice_without_name"
    CHOICE_TWICE = "choice_twice"
    STATION_WITHOUT_CODE = "station_without_code"
    CODE_IS_NO_ADDRESS = "code_is_no_address"
    STATION_TWICE = "station_twice"
    NOBODY_REGISTERED = "nobody_registered"
    CLOSES_BEFORE_IT_OPENS = "closes_before_it_opens"
    NO_SEATS = "no_seats"


@dataclass(frozen=True)
class Problem:
    """Something wrong, and what it is about (a list's name, a station's code)."""

    wrong: Wrong
    about: str = ""


def problems(plan: Plan) -> tuple[Problem, ...]:
    """Everything wrong with a plan; empty when the night can begin."""
    return (*_of_choices(plan.choices), *_of_stations(plan.stations), *_of_seats(plan))


def is_code(written: str) -> bool:
    """Whether a station's code can stand in an address as it is."""
    return all(sign.isalnum() or sign in "-_." for sign in written) and bool(written.strip("."))


def _of_choices(choices: Sequence[PlannedChoice]) -> Iterator[Problem]:
    if not choices:
        yield Problem(Wrong.NO_CHOICE)
    for name, times in Counter(one.name.strip() for one in choices).items():
        if not name:
            yield Problem(Wrong.CHOICE_WITHOUT_NAME)
        elif times > 1:
            yield Problem(Wrong.CHOICE_TWICE, name)


def _of_stations(stations: Sequence[PlannedStation]) -> Iterator[Problem]:
    if not stations:
        yield Problem(Wrong.NO_STATION)
    for code, times in Counter(one.code.strip() for one in stations).items():
        if not code:
            yield Problem(Wrong.STATION_WITHOUT_CODE)
        elif not is_code(code):
            yield Problem(Wrong.CODE_IS_NO_ADDRESS, code)
        elif times > 1:
            yield Problem(Wrong.STATION_TWICE, code)
    for one in stations:
        if one.registered <= 0:
            yield Problem(Wrong.NOBODY_REGISTERED, one.code)
        if one.closes <= one.opens:
            yield Problem(Wrong.CLOSES_BEFORE_IT_OPENS, one.code)


def _of_seats(plan: Plan) -> Iterator[Problem]:
    if plan.seats is not None and plan.seats <= 0:
        yield Problem(Wrong.NO_SEATS)


def fingerprint(setup: Mapping[str, Any]) -> str:
    """What the chain of entries begins with: SHA-256 of all that figures are read by, as JSON holds it.

    Exchanging two lists in the database would exchange their votes, an earlier closing would end the embargo: it shows,
    for the chain no longer begins here.
    """
    text = json.dumps(setup, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()
