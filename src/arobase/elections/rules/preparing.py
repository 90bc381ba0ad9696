"""Putting a night together: what is known of stations from elsewhere, the second round, and a rehearsal."""

import re
import unicodedata
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from typing import Any

from arobase.elections.rules.persons import CIVILITIES
from arobase.elections.rules.plans import FormerResult, Plan, PlannedChoice, PlannedStation, Replayed


class NoFigures(ValueError):
    """A night without any of last time's figures: `stations` are those that lack them."""

    def __init__(self, stations: Sequence[str]) -> None:
        super().__init__(", ".join(stations))
        self.stations = tuple(stations)


class NotChosen(ValueError):
    """A second round without a list, or with one that did not stand in the first."""


class TooEarly(ValueError):
    """A second round that is not after the first."""


class Frozen(ValueError):
    """A change to what figures are read by, once the first is entered: `facts` of the plan, `stations` by code."""

    def __init__(self, facts: Sequence[str], stations: Sequence[str] = ()) -> None:
        super().__init__(", ".join([*facts, *stations]))
        self.facts, self.stations = tuple(facts), tuple(stations)


# What figures are read by, as `models.Election.setup` has it.
READ_BY = ("code", "kind", "round", "day", "scope", "seats", "typists", "sector", "community_seats")


def key_of(code: str) -> str:
    """A station's code however it is written: « 0001 », « 001 » and « 1 » are one station."""
    return code.strip().upper().lstrip("0") or "0"


def order_of(code: str) -> tuple[tuple[str | int, ...], str]:
    """By what stations are put in order, as people count: 2 comes before 10, and 10 before « 10 bis »."""
    words_and_numbers = re.split(r"([0-9]+)", code.strip().casefold())  # a word, a number, a word, …
    return tuple(int(one) if place % 2 else one for place, one in enumerate(words_and_numbers)), code


def joined(
    stations: Sequence[PlannedStation],
    *,
    names: Sequence[str],
    former: Mapping[str, FormerResult],
    outlines: Mapping[str, Mapping[str, Any]],
) -> Sequence[PlannedStation]:
    """Stations with what is known of them, `former` and `outlines` by `key_of`; lists take today's names."""
    return [
        replace(
            one,
            former=_named(former[key], names) if (key := key_of(one.code)) in former else one.former,
            outline=outlines.get(key, one.outline),
        )
        for one in stations
    ]


def _named(result: FormerResult, names: Sequence[str]) -> FormerResult:
    """A former result whose lists have the names of today's, where only case, accents and the words' order differ."""
    today, then = _apart(names), _apart(result.votes)
    same = {then[folded]: today[folded] for folded in then.keys() & today.keys()}
    return replace(result, votes={same.get(name, name): votes for name, votes in result.votes.items()})


def _apart(names: Iterable[str]) -> Mapping[str, str]:
    """Names by what is compared of them; two that are then alike are left out, for neither is surely the other."""
    folded = [(_folded(name), name) for name in names]
    times = Counter(one for one, _name in folded)
    return {one: name for one, name in folded if times[one] == 1}


def _folded(name: str) -> str:
    """What is compared of a name: « Mme LE PEN Marine » on a ballot is the ministry's « Marine LE PEN »."""
    apart = unicodedata.normalize("NFD", name.casefold())
    words = "".join(sign for sign in apart if sign.isalnum() or sign.isspace()).split()
    return " ".join(sorted(words[1:] if len(words) > 1 and words[0] in CIVILITIES else words))


def second_round(first: Plan, chosen: Mapping[str, str], *, day: date, counted: Mapping[str, FormerResult]) -> Plan:
    """The second round: the same stations, whose former result is that of the first where it was counted.

    chosen    lists of the first round that stand again, with their name in the second (a list may take in another)
    counted   the first round by station code
    Raises    NotChosen, TooEarly.
    """
    if not chosen or not set(chosen) <= {one.name for one in first.choices}:
        raise NotChosen
    if day <= first.day:
        raise TooEarly
    stations = [replace(one, former=counted.get(one.code), replayed=None) for one in first.stations]
    choices = [_again(one, chosen[one.name]) for one in first.choices if one.name in chosen]
    return replace(first, round=2, day=day, choices=choices, stations=stations)


def _again(choice: PlannedChoice, name: str) -> PlannedChoice:
    """A list in the second round; under a new name it is another list, whose candidates' ages are not known."""
    return choice if name == choice.name else PlannedChoice(name, number=choice.number)


def rehearsal(plan: Plan, *, day: date, origin: str) -> Plan:
    """A night apart with last time's figures, `origin` says whose. Raises NoFigures where no station has any.

    For the lists of the plan where the same stood last time, else for those that stood then. A station without former
    result is left out, for nothing could be counted there; and none is known beforehand, for the rehearsal would
    foretell itself. The former result tells voters and votes: what is neither is blank or null, counted as null.
    """
    known = [one for one in plan.stations if one.former]
    if not known:
        raise NoFigures([one.code for one in plan.stations])
    is_same = all(_is_same(one.former, [choice.name for choice in plan.choices]) for one in known)
    choices = plan.choices if is_same else [PlannedChoice(name) for name in _names_of(known)]
    names = [one.name for one in choices]
    stations = [_replaying(one, names) for one in known]
    seats = plan.seats if is_same else None
    return replace(plan, day=day, choices=choices, stations=stations, seats=seats, origin=origin)


def rehearsal_by_hand(plan: Plan, *, day: date, origin: str) -> Plan:
    """The same lists and stations apart, for figures that people type for practice; `origin` says what these are."""
    return replace(plan, day=day, stations=[replace(one, replayed=None) for one in plan.stations], origin=origin)


def with_figures_of(plan: Plan, rehearsed: Plan) -> Plan:
    """A rehearsal that was changed: still one, with its figures where the lists are the same."""
    is_same = [one.name for one in plan.choices] == [one.name for one in rehearsed.choices]
    figures = {key_of(one.code): one.replayed for one in rehearsed.stations} if is_same else {}
    stations = [replace(one, replayed=figures.get(key_of(one.code))) for one in plan.stations]
    return replace(plan, stations=stations, origin=rehearsed.origin, population=rehearsed.population)


def mended(kept: Plan, wished: Plan) -> Plan:
    """A night that has begun, with what no figure is read by as someone wishes it: telephones, names, places, hours.

    Raises    Frozen for anything else that would change.
    """
    facts = [name for name in READ_BY if getattr(kept, name) != getattr(wished, name)]
    if _lists(kept) != _lists(wished):
        facts.append("choices")
    asked = {one.code: one for one in wished.stations}
    stations = [one.code for one in kept.stations if _read_by(one) != _read_by(asked.get(one.code))]
    others = sorted(set(asked) - {one.code for one in kept.stations})
    if facts or stations or others:
        raise Frozen(facts, [*stations, *others])
    return replace(
        kept,
        phone=wished.phone,
        hours=wished.hours,
        stations=[_renamed(one, asked[one.code]) for one in kept.stations],
    )


def _lists(plan: Plan) -> Sequence[tuple[object, ...]]:
    return [(one.number, one.name, one.shown, one.average_age, one.candidates) for one in plan.choices]


def _read_by(station: PlannedStation | None) -> tuple[object, ...] | None:
    return None if station is None else (station.registered, station.opens, station.closes)


def _renamed(kept: PlannedStation, wished: PlannedStation) -> PlannedStation:
    return replace(
        kept,
        name=wished.name,
        address=wished.address,
        phone=wished.phone,
        tables=wished.tables,
        lon=wished.lon,
        lat=wished.lat,
    )


def _is_same(former: FormerResult | None, names: Sequence[str]) -> bool:
    return former is not None and set(former.votes) == set(names)


def _names_of(stations: Sequence[PlannedStation]) -> Sequence[str]:
    """Last time's lists that had votes, most of them first: their official order is not kept with the result."""
    votes: Counter[str] = Counter()
    for one in stations:
        votes.update(one.former.votes if one.former else {})
    return sorted((name for name, number in votes.items() if number), key=lambda name: (-votes[name], name))


def _replaying(station: PlannedStation, names: Sequence[str]) -> PlannedStation:
    former = station.former
    assert former is not None, "checked by `rehearsal`"  # noqa: S101 - for the type checker
    votes = tuple(former.votes.get(name, 0) for name in names)
    replayed = Replayed(former.voters, votes, blank=0, null=former.voters - sum(votes))
    registered = max(station.registered, former.registered)
    return replace(station, registered=registered, former=None, replayed=replayed)
