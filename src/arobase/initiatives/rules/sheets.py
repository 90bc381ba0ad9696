"""What the sheet of an initiative says, and what must hold of it before anyone else reads it."""

import dataclasses
from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import date
from enum import StrEnum
from urllib.parse import urlsplit

COUNTS_FOR_YEARS = 2  # the label counts an action that began less than two years ago, or still runs
LONGEST: Mapping[str, int] = {"title": 120, "audience": 200, "summary": 4_000, "results": 4_000, "address": 400}
FARTHEST_LON, FARTHEST_LAT = 180, 90
MOST_PLACES, MOST_PARTNERS, MOST_SOFTWARE, MOST_SERVICES = 30, 30, 20, 12


class Maturity(StrEnum):
    """How far an initiative has come."""

    IDEA = "idea"
    TRIAL = "trial"
    RUNNING = "running"
    SETTLED = "settled"


class Doer(StrEnum):
    """Who does it: the territory, an association it funds, a contractor."""

    TERRITORY = "territory"
    ASSOCIATION = "association"
    CONTRACTOR = "contractor"


class Cost(StrEnum):
    """What it cost in all, in euros."""

    NOTHING = "0"
    UP_TO_1K = "1000"
    UP_TO_10K = "10000"
    UP_TO_50K = "50000"
    UP_TO_200K = "200000"
    MORE = "more"


class Effort(StrEnum):
    """How long it took to bring about."""

    DAYS = "days"
    WEEKS = "weeks"
    MONTHS = "months"
    YEARS = "years"


@dataclass(frozen=True, slots=True)
class Place:
    """Where it happens: a label, and degrees where the place is known on the map."""

    label: str
    lon: float | None = None
    lat: float | None = None


@dataclass(frozen=True, slots=True)
class Partner:
    """Who takes part; `territory` is the id of a territory, empty for an association or a company."""

    name: str
    territory: str = ""


@dataclass(frozen=True, slots=True)
class Software:
    """What it runs on, under which licence, from whom."""

    name: str
    licence: str = ""
    supplier: str = ""


@dataclass(frozen=True, slots=True)
class Sheet:
    """All that a territory says of an initiative.

    services   slugs of the referential
    address    where it can be seen on the web, empty where there is none
    contact_name, contact_email   shown to members only
    """

    title: str
    summary: str = ""
    audience: str = ""
    started_on: date | None = None
    ended_on: date | None = None
    maturity: str = ""
    doer: str = ""
    cost: str = ""
    effort: str = ""
    address: str = ""
    results: str = ""
    contact_name: str = ""
    contact_email: str = ""
    services: tuple[str, ...] = ()
    places: tuple[Place, ...] = ()
    partners: tuple[Partner, ...] = ()
    software: tuple[Software, ...] = ()


class Why(StrEnum):
    """What is wrong with a field."""

    MISSING = "missing"
    TOO_LONG = "too long"
    TOO_MANY = "too many"
    UNKNOWN = "unknown"
    NO_ADDRESS = "no address"
    ENDS_BEFORE_IT_BEGINS = "ends before it begins"
    BEGINS_TOO_FAR_AHEAD = "begins too far ahead"
    OFF_THE_MAP = "off the map"


@dataclass(frozen=True, slots=True)
class Problem:
    """A field, what is wrong with it, and the facts that a sentence about it needs."""

    field: str
    why: Why
    facts: Mapping[str, str | int] = dataclasses.field(default_factory=dict)


NEEDED_TO_SUBMIT = ("title", "summary", "audience", "started_on", "maturity", "doer", "services")
CHOICES: Mapping[str, type[StrEnum]] = {"maturity": Maturity, "doer": Doer, "cost": Cost, "effort": Effort}


def problems(sheet: Sheet, *, services: Collection[str], on: date) -> list[Problem]:
    """What cannot be kept at all, even in a draft.

    services   slugs that the referential knows
    on         today; nothing begins more than two years from now
    """
    found = [] if sheet.title.strip() else [Problem("title", Why.MISSING)]
    for name, longest in LONGEST.items():
        if len(getattr(sheet, name)) > longest:
            found.append(Problem(name, Why.TOO_LONG, {"longest": longest, "length": len(getattr(sheet, name))}))
    for name, known in CHOICES.items():
        value = getattr(sheet, name)
        if value and value not in set(known):
            found.append(Problem(name, Why.UNKNOWN, {"value": value}))
    found += [Problem("services", Why.UNKNOWN, {"value": slug}) for slug in sheet.services if slug not in services]
    for name, most in (
        ("services", MOST_SERVICES),
        ("places", MOST_PLACES),
        ("partners", MOST_PARTNERS),
        ("software", MOST_SOFTWARE),
    ):
        if len(getattr(sheet, name)) > most:
            found.append(Problem(name, Why.TOO_MANY, {"most": most, "number": len(getattr(sheet, name))}))
    if sheet.address and not _is_web_address(sheet.address):
        found.append(Problem("address", Why.NO_ADDRESS, {"value": sheet.address}))
    if sheet.started_on and sheet.ended_on and sheet.ended_on < sheet.started_on:
        found.append(Problem("ended_on", Why.ENDS_BEFORE_IT_BEGINS))
    if sheet.started_on and sheet.started_on > _years_later(on, COUNTS_FOR_YEARS):
        found.append(Problem("started_on", Why.BEGINS_TOO_FAR_AHEAD))
    found += [Problem("places", Why.OFF_THE_MAP, {"value": one.label}) for one in sheet.places if not _is_on_earth(one)]
    return found


def missing(sheet: Sheet) -> list[Problem]:
    """What is still to be said before the sheet can be submitted."""
    return [Problem(name, Why.MISSING) for name in NEEDED_TO_SUBMIT if not getattr(sheet, name)]


def completeness(sheet: Sheet) -> tuple[int, int]:
    """How many of the sheet's parts are filled, of how many; optional ones count too, contact and pictures do not."""
    parts = (*NEEDED_TO_SUBMIT, "cost", "effort", "address", "results", "places", "partners", "software")
    return sum(bool(getattr(sheet, name)) for name in parts), len(parts)


def counts(started_on: date | None, ended_on: date | None, *, on: date) -> bool:
    """Whether the label counts it on a day: begun less than two years before, or still running.

    An initiative without a beginning counts for nothing; one that is to begin does not count yet.

    >>> counts(date(2015, 9, 1), None, on=date(2026, 10, 31))
    True
    >>> counts(date(2023, 9, 1), date(2024, 6, 30), on=date(2026, 10, 31))
    False
    """
    if started_on is None or started_on > on:
        return False
    runs = ended_on is None or ended_on >= on
    return runs or on < _years_later(started_on, COUNTS_FOR_YEARS)


def difference(before: Sheet | None, now: Sheet) -> dict[str, tuple[object, object]]:
    """The fields that changed, with what they said before and say now."""
    names = Sheet.__dataclass_fields__
    old = {name: getattr(before, name) for name in names} if before else dict.fromkeys(names)
    new = {name: getattr(now, name) for name in names}
    return {name: (old[name], new[name]) for name in names if (old[name] or None) != (new[name] or None)}


def _is_web_address(address: str) -> bool:
    try:
        parts = urlsplit(address)
    except ValueError:
        return False
    return parts.scheme in {"http", "https"} and "." in (parts.hostname or "") and not parts.username


def _is_on_earth(place: Place) -> bool:
    if place.lon is None or place.lat is None:
        return place.lon is place.lat
    return abs(place.lon) <= FARTHEST_LON and abs(place.lat) <= FARTHEST_LAT


def _years_later(day: date, years: int) -> date:
    try:
        return day.replace(year=day.year + years)
    except ValueError:  # 29 February
        return day.replace(year=day.year + years, month=3, day=1)
