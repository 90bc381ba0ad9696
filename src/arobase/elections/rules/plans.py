"""An election as it is prepared: its choices and stations, and what is wrong with them."""

import hashlib
import json
from collections import Counter
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date, time
from enum import StrEnum
from typing import Any

from arobase.elections.rules.embargo import ALWAYS_GENERAL, Scope
from arobase.elections.rules.seats.law import LYON, PLM, SMALL, council_size, fewest_candidates

OF_PLM = frozenset({"municipal_plm", "sector"})

LONGEST_SHORT = 40  # as the database keeps it (models.Choice)
FIRST_YEAR_OF_LISTS = 2026  # from which the smallest communes elect lists too (loi 2025-444)


@dataclass(frozen=True)
class PlannedChoice:
    """A list, candidate or answer, in official order.

    average_age   in years, where the law needs it for ties
    candidates    names on the list; None: as many as seats, or not known
    """

    name: str
    short: str = ""
    number: str = ""
    average_age: float | None = None
    candidates: int | None = None

    @property
    def shown(self) -> str:
        """What stands where room is scarce."""
        return self.short.strip() or self.name.strip()[:LONGEST_SHORT]


@dataclass(frozen=True)
class FormerResult:
    """A station's result in an earlier poll (`poll` names it); votes by the name of the list then."""

    poll: str
    registered: int
    voters: int
    votes: Mapping[str, int]


def is_former(kept: object) -> bool:
    """Whether a former result as it is kept can be read: none ({}), or a `FormerResult`."""
    if not isinstance(kept, dict) or not kept:
        return kept == {}
    votes = kept.get("votes")
    if not isinstance(votes, dict) or not isinstance(kept.get("poll"), str):
        return False
    return all(type(one) is int for one in (kept.get("registered"), kept.get("voters"), *votes.values()))


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
    sector    of Paris, Lyon or Marseille, whose council is elected
    community_seats   of the intercommunal council that go to the same lists; None where none are shared
    population        municipal population (INSEE), by which the law counts seats and names; None where not known
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
    sector: str = ""
    community_seats: int | None = None
    population: int | None = None

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
    NUMBER_TWICE = "number_twice"
    SHORT_TWICE = "short_twice"
    TOO_FEW_CANDIDATES = "too_few_candidates"
    STATION_WITHOUT_CODE = "station_without_code"
    CODE_IS_NO_ADDRESS = "code_is_no_address"
    STATION_TWICE = "station_twice"
    NOBODY_REGISTERED = "nobody_registered"
    CLOSES_BEFORE_IT_OPENS = "closes_before_it_opens"
    NO_SEATS = "no_seats"
    KIND_OF_PLM = "kind_of_plm"
    KIND_OF_OTHERS = "kind_of_others"
    NO_SECTOR = "no_sector"
    SECTOR_OF_ANOTHER_KIND = "sector_of_another_kind"
    NO_COMMUNITY_SEATS = "no_community_seats"
    ALWAYS_GENERAL = "always_general"
    DAY_IS_GENERAL = "day_is_general"
    PARTIAL_TOO_LATE = "partial_too_late"
    DAY_HAS_BEGUN = "day_has_begun"
    SHOWN_SOONER = "shown_sooner"
    HOUR_IS_GIVEN = "hour_is_given"


@dataclass(frozen=True)
class Problem:
    """Something wrong, and what it is about (a list's name, a station's code); `least`: how many it should be."""

    wrong: Wrong
    about: str = ""
    least: int = 0


def problems(plan: Plan) -> tuple[Problem, ...]:
    """Everything wrong with a plan; empty when the night can begin."""
    return (
        *_of_kind(plan),
        *_of_choices(plan.choices),
        *_of_names(plan),
        *_of_stations(plan.stations),
        *_of_seats(plan),
    )


def usual_kind(code: str) -> str:
    """Of `models.Kind`, what a commune votes on when it elects its council."""
    return "municipal_plm" if code in PLM else "municipal"


def is_code(written: str) -> bool:
    """Whether a station's code can stand in an address as it is."""
    return all(sign.isalnum() or sign in "-_." for sign in written) and bool(written.strip("."))


def _of_kind(plan: Plan) -> Iterator[Problem]:
    if plan.kind == "municipal" and plan.code in PLM:
        yield Problem(Wrong.KIND_OF_PLM)
    if plan.kind in OF_PLM and plan.code not in PLM:
        yield Problem(Wrong.KIND_OF_OTHERS)
    if (plan.kind == "sector") != bool(plan.sector.strip()):
        yield Problem(Wrong.NO_SECTOR if plan.kind == "sector" else Wrong.SECTOR_OF_ANOTHER_KIND)
    if plan.scope == Scope.PARTIAL and plan.kind in ALWAYS_GENERAL:
        yield Problem(Wrong.ALWAYS_GENERAL)


def _of_choices(choices: Sequence[PlannedChoice]) -> Iterator[Problem]:
    if not choices:
        yield Problem(Wrong.NO_CHOICE)
    for name, times in Counter(one.name.strip() for one in choices).items():
        if not name:
            yield Problem(Wrong.CHOICE_WITHOUT_NAME)
        elif times > 1:
            yield Problem(Wrong.CHOICE_TWICE, name)
    numbers = Counter(number_key(one.number) for one in choices if one.number.strip())
    yield from (Problem(Wrong.NUMBER_TWICE, number) for number, times in numbers.items() if times > 1)
    shown = Counter(one.shown for one in choices)
    yield from (Problem(Wrong.SHORT_TWICE, short) for short in _chosen_shorts(choices) if shown[short] > 1)


def number_key(number: str) -> str:
    """A list's number however it is written: « 01 » and « 1 » are one."""
    return number.strip().casefold().lstrip("0") or "0"


def _chosen_shorts(choices: Sequence[PlannedChoice]) -> Sequence[str]:
    """Short names that someone gave: long names that begin alike are cut alike, which is no mistake of theirs."""
    given = (one.shown for one in choices if one.shown != one.name.strip()[:LONGEST_SHORT])
    return list(dict.fromkeys(given))


def _of_names(plan: Plan) -> Iterator[Problem]:
    """Lists too short to stand (L252, L260), where the council is of the size that its population gives."""
    if plan.kind != "municipal" or plan.population is None or plan.day.year < FIRST_YEAR_OF_LISTS:
        return
    if plan.seats not in {None, council_size(plan.population)}:
        return
    least = fewest_candidates(plan.population)
    for one in plan.choices:
        if one.candidates is not None and one.candidates < least:
            yield Problem(Wrong.TOO_FEW_CANDIDATES, one.name, least=least)


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
    if any(number is not None and number <= 0 for number in (plan.seats, plan.community_seats)):
        yield Problem(Wrong.NO_SEATS)
    if plan.community_seats is not None and not _shares_community_seats(plan):
        yield Problem(Wrong.NO_COMMUNITY_SEATS)


def _shares_community_seats(plan: Plan) -> bool:
    """Not below 1,000 inhabitants (L273-11), nor at Lyon, whose métropole elects its own council."""
    if plan.kind not in {"municipal", "municipal_plm"} or plan.code == LYON:
        return False
    return plan.population is None or plan.population >= SMALL


def fingerprint(setup: Mapping[str, Any]) -> str:
    """What the chain of entries begins with: SHA-256 of all that figures are read by, as JSON holds it.

    Exchanging two lists in the database would exchange their votes, an earlier closing would end the embargo, another
    former result would turn the trend: it shows, for the chain no longer begins here.
    """
    text = json.dumps(setup, sort_keys=True, ensure_ascii=False, separators=(",", ":"))
    return hashlib.sha256(text.encode()).hexdigest()


def without_former(setup: Mapping[str, Any]) -> Mapping[str, Any]:
    """The setup of chains that began before former results were in it."""
    return {**setup, "stations": [one[:4] for one in setup["stations"]]}
