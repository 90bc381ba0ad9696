"""What is entered for a station, read strictly from what a device sends."""

import re
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from arobase.elections.rules.counts import Ballots, Box, Totals
from arobase.elections.rules.states import Verb

MOST = 1_000_000  # more than the voters of any station or town: a finger that stayed on a key
HOUR = re.compile(r"(?:[01]\d|2[0-3]):[0-5]\d")


class Malformed(ValueError):
    """Something that is no entry at all: which field, and what it should be (`whole`, `count`, `text`, `hour`)."""

    def __init__(self, field: str, expected: str) -> None:
        super().__init__(f"{field}: expected {expected}")
        self.field, self.expected = field, expected


@dataclass(frozen=True)
class Turnout:
    """Voters so far at an hour ("10:00"); `replaces` and `why` as in `Typed`."""

    hour: str
    voters: int
    replaces: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Opened:
    """The box was opened; `replaces` and `why` as in `Typed`."""

    box: Box
    replaces: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Counted:
    """A bag was counted; `number` is its place, from 1."""

    number: int
    content: Ballots


@dataclass(frozen=True)
class Undone:
    """The last bag (its entry's sequence) was none."""

    entry: int
    why: str


@dataclass(frozen=True)
class Corrected:
    """A bag (its entry's sequence) holds something else; `replaces` the last correction of it, where there was one."""

    entry: int
    content: Ballots
    why: str
    replaces: int | None = None


@dataclass(frozen=True)
class Typed:
    """A station's totals, typed by the first or the second person.

    valid      what the paper says of valid votes
    replaces   the entry (its sequence) whose figures these replace, and why
    """

    who: int
    totals: Totals
    valid: int | None
    replaces: int | None = None
    why: str = ""


@dataclass(frozen=True)
class Reopened:
    """The town's officer opened the entry again; `is_aside`: what was counted was none of this station."""

    why: str
    is_aside: bool = False


@dataclass(frozen=True)
class Enrolled:
    """Registered voters, all of them, after a court's decision of the day (Code électoral, L20)."""

    registered: int
    why: str


@dataclass(frozen=True)
class Plain:
    """A verb that brings nothing with it: finish, sign."""

    verb: Verb


Event = Turnout | Opened | Counted | Undone | Corrected | Typed | Reopened | Enrolled | Plain


def event_of(verb: Verb, payload: Mapping[str, Any], *, lists: int) -> Event:  # noqa: PLR0911 - one case a verb
    """Read an entry. Raises Malformed where a field is missing, no whole number, negative or absurd."""
    match verb:
        case Verb.TURNOUT:
            return Turnout(_hour(payload), _whole(payload, "voters"), _replaced(payload), _reason(payload))
        case Verb.BOX:
            return Opened(_box(payload), _replaced(payload), _reason(payload))
        case Verb.BAG:
            return Counted(_whole(payload, "number", least=1), _ballots(payload, lists))
        case Verb.UNDO:
            return Undone(_whole(payload, "entry"), _text(payload))
        case Verb.CORRECT:
            return Corrected(_whole(payload, "entry"), _ballots(payload, lists), _text(payload), _replaced(payload))
        case Verb.TOTALS:
            return _totals(payload, lists)
        case Verb.REOPEN:
            return Reopened(_text(payload), is_aside=payload.get("aside") is True)
        case Verb.ENROL:
            return Enrolled(_whole(payload, "registered", least=1), _text(payload))
        case _:
            return Plain(verb)


def check_reason(event: Event) -> None:
    """Raises Malformed where figures replace others without a reason.

    Not part of `event_of`: chains of before it was asked for hold boxes and hours corrected without one.
    """
    if isinstance(event, Turnout | Opened) and event.replaces is not None and not event.why:
        raise Malformed("why", "text")


def said_by(event: Event) -> dict[str, Any]:  # noqa: PLR0911 - one case an event
    """What `event_of` read, as JSON holds it: all of it, and nothing else that a device may have sent."""
    match event:
        case Turnout():
            return {"hour": event.hour, "voters": event.voters, **_said_of_replaced(event.replaces, event.why)}
        case Opened():
            return {**_said_of_box(event.box), **_said_of_replaced(event.replaces, event.why)}
        case Counted():
            return {"number": event.number, **_said_of_ballots(event.content)}
        case Undone():
            return {"entry": event.entry, "why": event.why}
        case Corrected():
            told = {"entry": event.entry, **_said_of_ballots(event.content), "why": event.why}
            return {**told, **_said_of_replaced(event.replaces)}
        case Typed():
            return _said_of_totals(event)
        case Reopened():
            return {"why": event.why, **({"aside": True} if event.is_aside else {})}
        case Plain():
            return {}
        case Enrolled():
            return {"registered": event.registered, "why": event.why}


def _said_of_totals(event: Typed) -> dict[str, Any]:
    told = {} if event.valid is None else {"valid": event.valid}
    figures = {**_said_of_box(event.totals.box), **_said_of_ballots(event.totals.content)}
    return {"who": event.who, **figures, **told, **_said_of_replaced(event.replaces, event.why)}


def _said_of_replaced(entry: int | None, why: str = "") -> dict[str, Any]:
    return {**({} if entry is None else {"replaces": entry}), **({"why": why} if why else {})}


def _said_of_box(box: Box) -> dict[str, Any]:
    return {"signatures": box.signatures, "envelopes": box.envelopes}


def _said_of_ballots(content: Ballots) -> dict[str, Any]:
    return {"votes": list(content.votes), "blank": content.blank, "null": content.null}


def _whole(payload: Mapping[str, Any], field: str, *, least: int = 0) -> int:
    return _number(payload.get(field), field, least=least)


def _number(value: Any, field: str, *, least: int = 0) -> int:
    if type(value) is not int or not least <= value <= MOST:
        raise Malformed(field, "whole")
    return value


def _ballots(payload: Mapping[str, Any], lists: int) -> Ballots:
    votes = payload.get("votes")
    if not isinstance(votes, Sequence) or isinstance(votes, str) or len(votes) != lists:
        raise Malformed("votes", "count")
    numbers = tuple(_number(one, f"votes.{place}") for place, one in enumerate(votes))
    return Ballots(numbers, _whole(payload, "blank"), _whole(payload, "null"))


def _box(payload: Mapping[str, Any]) -> Box:
    return Box(_whole(payload, "signatures"), _whole(payload, "envelopes"))


def _totals(payload: Mapping[str, Any], lists: int) -> Typed:
    valid = _whole(payload, "valid") if payload.get("valid") is not None else None
    replaces = _replaced(payload)
    why = "" if replaces is None else _text(payload)
    return Typed(_typist(payload), Totals(_box(payload), _ballots(payload, lists)), valid, replaces, why)


def _replaced(payload: Mapping[str, Any]) -> int | None:
    return None if payload.get("replaces") is None else _whole(payload, "replaces", least=1)


def _text(payload: Mapping[str, Any]) -> str:
    why = payload.get("why")
    plain = "".join(sign if sign.isprintable() else " " for sign in why).strip() if isinstance(why, str) else ""
    if not plain:
        raise Malformed("why", "text")
    return plain[:500]


def _reason(payload: Mapping[str, Any]) -> str:
    """Why figures are replaced; empty where none are, or nobody was asked (`check_reason`)."""
    is_given = payload.get("replaces") is not None and payload.get("why") is not None
    return _text(payload) if is_given else ""


def _hour(payload: Mapping[str, Any]) -> str:
    hour = payload.get("hour")
    if not isinstance(hour, str) or not HOUR.fullmatch(hour):
        raise Malformed("hour", "hour")
    return hour


def _typist(payload: Mapping[str, Any]) -> int:
    who = payload.get("who", 1)
    if type(who) is not int or who not in {1, 2}:
        raise Malformed("who", "typist")
    return who
