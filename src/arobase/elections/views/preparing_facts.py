"""A form of a night as it was sent, and what it says beside lists, stations and files: when, what, for whom."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from django.utils.translation import gettext as _

from arobase.elections.models import Kind, Scope
from arobase.elections.rules.plans import Plan
from arobase.elections.sources.tables import hour, whole

MOST_SEATS, LONGEST_PHONE, LONGEST_SECTOR = 999, 30, 40
FIRST_DAY, LAST_DAY = date(1958, 1, 1), date(2199, 12, 31)  # what a finger may slip to is outside
NOTHING: Mapping[str, str] = {
    "code": "",
    "kind": Kind.MUNICIPAL.value,
    "sector": "",
    "round": "1",
    "day": "",
    "scope": Scope.GENERAL.value,
    "seats": "",
    "community_seats": "",
    "typists": "1",
    "hours": "10:00 12:00 15:00 17:00",
    "phone": "",
    "lists": "",
    "stations": "",
    "known": "",
    "poll": "",
    "kept_former": "",
    "kept_outlines": "",
    "faulty": "",
    "skip": "",
}


@dataclass
class Filled:
    """A form as it was sent.

    values     everything typed, and the files that were read, as text
    problems   field and sentence, in the order of the form
    plan       None while something is wrong
    unmatched  stations of the files that the table of stations does not hold
    """

    values: dict[str, str]
    problems: list[tuple[str, str]] = field(default_factory=list)
    plan: Plan | None = None
    unmatched: Sequence[str] = ()

    def say(self, name: str, text: str) -> None:
        """Something is wrong with a field."""
        self.problems.append((name, text))

    @property
    def by_field(self) -> Mapping[str, Sequence[str]]:
        """Problems beside their fields."""
        found: dict[str, list[str]] = {}
        for name, text in self.problems:
            found.setdefault(name, []).append(text)
        return found


def facts_of(filled: Filled, communes: Mapping[str, str]) -> dict[str, Any]:
    """What the form says of the whole night, by the names of `rules.plans.Plan`."""
    values = filled.values
    if values["code"] not in communes:
        filled.say("code", _("Choisissez une commune dont vous êtes l’agent."))
    return {
        "code": values["code"],
        "place": communes.get(values["code"], ""),
        "kind": _one_of(filled, "kind", Kind.values),
        "round": int(_one_of(filled, "round", ["1", "2"])),
        "day": day_of(filled, values["day"]),
        "scope": _one_of(filled, "scope", Scope.values),
        "sector": _within(filled, "sector", LONGEST_SECTOR),
        "seats": _seats(filled, "seats"),
        "community_seats": _seats(filled, "community_seats"),
        "typists": int(_one_of(filled, "typists", ["1", "2"])),
        "hours": hours_of(filled),
        "phone": phone_of(filled),
    }


def _one_of(filled: Filled, name: str, allowed: Sequence[str]) -> str:
    if (value := filled.values[name]) in allowed:
        return value
    filled.say(name, _("Choisissez une des réponses proposées."))
    return allowed[0]


def day_of(filled: Filled, written: str) -> date:
    """A day as a browser sends it, of this century: beyond, a finger slipped."""
    try:
        day = date.fromisoformat(written)
    except ValueError:
        day = date.min
    if not FIRST_DAY <= day <= LAST_DAY:
        filled.say("day", _("Le jour du vote s’écrit comme 2026-03-15."))
    return day


def _seats(filled: Filled, name: str) -> int | None:
    if not (text := filled.values[name].strip()):
        return None
    seats = whole(text)
    if seats is None or not 1 <= seats <= MOST_SEATS:
        filled.say(name, _("Le nombre de sièges est un nombre entier de 1 à %s, ou reste vide.") % MOST_SEATS)
        return None
    return seats


def hours_of(filled: Filled) -> Sequence[str]:
    """Hours of turnout, in order."""
    found = []
    for written_hour in filled.values["hours"].replace(",", " ").replace(";", " ").split():
        if (one := hour(written_hour)) is None:
            filled.say("hours", _("« %s » n’est pas une heure ; écrivez 10:00 12:00.") % written_hour[:20])
        else:
            found.append(one.isoformat("minutes"))
    return sorted(set(found))


def phone_of(filled: Filled) -> str:
    """The desk's telephone."""
    return _within(filled, "phone", LONGEST_PHONE)


def _within(filled: Filled, name: str, longest: int) -> str:
    if len(found := filled.values[name].strip()) > longest:
        filled.say(name, _("« %(text)s… » : %(longest)s signes au plus.") % {"text": found[:40], "longest": longest})
    return found
