"""What an entry changed at its station, and what was corrected there after others could see it."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from arobase.elections.rules.counts import Ballots, Box, Count, Totals
from arobase.elections.rules.events import Corrected, Counted, Enrolled, Event, Opened, Reopened, Turnout, Typed, Undone

Figures = Mapping[str, int]  # by field, named as devices send them: `signatures`, `votes.2`, `blank`


@dataclass(frozen=True)
class Change:
    """What an entry did to a station's figures.

    bag      place of the bag it is about, from 1; None where it is about none
    before   the figures that it replaced or took away; None where there were none
    after    the figures that it brought; None where it brings none
    """

    bag: int | None = None
    before: Figures | None = None
    after: Figures | None = None

    @property
    def told(self) -> Sequence[tuple[str, int | None, int | None]]:
        """The fields worth telling, before and after: of figures replaced those that differ, else those above 0."""
        before, after = self.before or {}, self.after or {}
        fields = list(after or before)
        differing = [one for one in fields if before.get(one, 0) != after.get(one, 0)]
        shown = differing if self.before and self.after else differing or fields
        return [(one, before.get(one), after.get(one)) for one in shown]


def change_of(count: Count, event: Event) -> Change:  # noqa: PLR0911 - one case an event
    """What an event changes in a station's count as it stood before."""
    match event:
        case Turnout():
            before = count.turnout.get(event.hour)
            return Change(None, None if before is None else {"voters": before}, {"voters": event.voters})
        case Opened():
            return Change(None, _of_box(count.box) if count.box else None, _of_box(event.box))
        case Counted():
            return Change(event.number, None, _of_ballots(event.content))
        case Undone():
            return Change(*_bag(count, event.entry), None)
        case Corrected():
            return Change(*_bag(count, event.entry), _of_ballots(event.content))
        case Typed():
            typed = count.typed.get(event.who)
            return Change(None, _of_totals(typed) if typed else None, _of_totals(event.totals))
        case Enrolled():
            before = count.registered
            return Change(None, None if before is None else {"registered": before}, {"registered": event.registered})
        case _:
            return Change()


def _bag(count: Count, entry: int) -> tuple[int | None, Figures | None]:
    found = ((number, one.content) for number, one in enumerate(count.bags, start=1) if one.entry == entry)
    return next(((number, _of_ballots(content)) for number, content in found), (None, None))


def _of_box(box: Box) -> Figures:
    return {"signatures": box.signatures, "envelopes": box.envelopes}


def _of_ballots(content: Ballots) -> Figures:
    votes = {f"votes.{place}": votes for place, votes in enumerate(content.votes)}
    return {**votes, "blank": content.blank, "null": content.null}


def _of_totals(totals: Totals) -> Figures:
    return {**_of_box(totals.box), **_of_ballots(totals.content)}


class Part(StrEnum):
    """What of a station was corrected."""

    TURNOUT = "turnout"
    BOX = "box"
    BAG = "bag"
    UNDONE = "undone"  # a bag that was taken away and is not there again
    TOTALS = "totals"
    ASIDE = "aside"  # all that stood: it was another station's


@dataclass(frozen=True)
class Correction:
    """A part of a station's figures that says something else than it did before, and since when.

    bag    place of the bag it is about, from 1
    hour   of the turnout it is about, as the town writes it
    """

    part: Part
    at: datetime
    bag: int | None = None
    hour: str = ""

    @property
    def is_of_result(self) -> bool:
        """Whether telling it would tell that something is counted."""
        return self.part is not Part.TURNOUT


@dataclass(frozen=True)
class Step:
    """An entry that was kept: the station's count before and after, and when."""

    before: Count
    event: Event
    after: Count
    at: datetime


def corrections(steps: Iterable[Step]) -> Sequence[Correction]:
    """What others could see of a station and is otherwise now, each part once, with the hour of its last correction.

    A bag that was undone and came back with the same votes is as it was. Totals on which two people had yet to agree
    were nobody's to see: only what was counted can be corrected.
    """
    hours: dict[str, Correction] = {}
    whole: dict[Part, Correction] = {}
    bags: dict[int, Correction] = {}
    undone: dict[int, tuple[Figures, Correction]] = {}
    counted: Totals | None = None
    for one in steps:
        change = change_of(one.before, one.event)
        is_other = change.before is not None and change.after is not None and change.before != change.after
        match one.event:
            case Turnout(hour=hour) if is_other:
                hours[hour] = Correction(Part.TURNOUT, one.at, hour=hour)
            case Opened() if is_other:
                whole[Part.BOX] = Correction(Part.BOX, one.at)
            case Corrected() if is_other and change.bag:
                bags[change.bag] = Correction(Part.BAG, one.at, change.bag)
            case Undone() if change.bag and change.before:
                undone[change.bag] = change.before, Correction(Part.UNDONE, one.at, change.bag)
            case Counted(number=number) if number in undone:
                was, _since = undone.pop(number)
                if was != change.after:
                    bags[number] = Correction(Part.BAG, one.at, number)
            case Reopened(is_aside=True) if one.before.opened or one.before.bags:
                bags, undone, whole, counted = {}, {}, {Part.ASIDE: Correction(Part.ASIDE, one.at)}, None
        if one.after.typed and one.after.is_final:
            totals = next(iter(one.after.typed.values()))
            if counted not in {None, totals}:
                whole[Part.TOTALS] = Correction(Part.TOTALS, one.at)
            counted = totals
    gone = {number: since for number, (_was, since) in undone.items()}
    return [*hours.values(), *whole.values(), *(one for _number, one in sorted({**bags, **gone}.items()))]
