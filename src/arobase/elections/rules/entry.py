"""Entering figures: what a station's count becomes, or why it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from arobase.elections.rules.checks import Finding, Severity, Station, findings, replacing
from arobase.elections.rules.counts import Bag, Ballots, Count, Totals
from arobase.elections.rules.events import (
    Corrected,
    Counted,
    Enrolled,
    Event,
    Opened,
    Plain,
    Reopened,
    Turnout,
    Typed,
    Undone,
)
from arobase.elections.rules.states import NotNow, State, Verb, after


class Refused(ValueError):
    """Figures that cannot be true."""

    def __init__(self, found: Sequence[Finding]) -> None:
        super().__init__(", ".join(one.check.value for one in found))
        self.found = tuple(found)


class Unsure(Refused):
    """Figures that may be true, if someone says that they are sure."""


class AlreadyCounted(ValueError):
    """A bag of this number is there already, with other figures: `there` is the bag, `number` its place."""

    def __init__(self, number: int, there: Bag) -> None:
        super().__init__(f"bag {number} is there already")
        self.number, self.there = number, there


class TooSoon(ValueError):
    """A bag that comes before the one expected (`expected` is its place)."""

    def __init__(self, number: int, expected: int) -> None:
        super().__init__(f"bag {number} comes before bag {expected}")
        self.number, self.expected = number, expected


class NoSuchBag(ValueError):
    """The entry named is no bag of this station, or (to undo) not its last one."""


class OneWayOnly(ValueError):
    """A station is entered by bags or by totals, not both: `by` says which way it was begun."""

    def __init__(self, by: str) -> None:
        super().__init__(f"entered by {by}")
        self.by = by


class AlreadyTyped(ValueError):
    """Other totals by the same person stand: `there`, since `entry`; `is_blind` while another is still to type."""

    def __init__(self, there: Totals, *, entry: int, is_blind: bool) -> None:
        super().__init__(f"other totals are there since entry {entry}")
        self.there, self.entry, self.is_blind = there, entry, is_blind


class NothingToReplace(ValueError):
    """Figures that were to replace others, which were set aside meanwhile."""


NOT_ENTERED = (AlreadyCounted, AlreadyTyped, NoSuchBag, NothingToReplace, NotNow, OneWayOnly, Refused, TooSoon)


@dataclass(frozen=True)
class Entered:
    """What an entry made: the count, what was found on the way, and whether it said nothing new."""

    count: Count
    found: tuple[Finding, ...] = ()
    is_known: bool = False


def enter(
    count: Count,
    event: Event,
    *,
    station: Station,
    typists: int,
    sequence: int,
    sure: bool = False,
    stands: int | None = None,
) -> Entered:
    """What becomes of a station's count.

    typists    how many people must type the same totals (1 or 2)
    sequence   the entry's place in the chain, by which a bag is named later
    sure       someone was asked and says yes
    stands     the entry whose figures this one would replace (0: there are none), so that nobody replaces what they
               have not seen; None where the chain is only entered once more
    Raises     NotNow, Refused, Unsure, AlreadyCounted, AlreadyTyped, NothingToReplace, TooSoon, NoSuchBag, OneWayOnly.
    """
    if isinstance(event, Counted) and event.number <= len(count.bags):
        there = count.bags[event.number - 1]
        if there.content == event.content:
            return Entered(count, is_known=True)
        raise AlreadyCounted(event.number, there)
    if stands and _is_there(count, event):
        return Entered(count, is_known=True)
    if count.registered is not None:
        station = replace(station, registered=count.registered)
    target = after(count.state, verb_of(event))
    if isinstance(event, Plain) and event.verb is Verb.FINISH and count.typed and not count.reopened:
        raise NotNow(count.state, Verb.FINISH)  # totals finish by themselves, when all who must have typed them
    seen = _context(count, event)
    found = findings(seen, _checked(count, event), station)
    _settle(found, sure=True)
    entered = Entered(_next(count, event, state=target, typists=typists, sequence=sequence), found)
    if stands is not None and (asked := _asked(count, event, stands=stands, typists=typists)):
        raise Unsure([*asked, *_asking(found)])
    _settle(found, sure=sure)
    return entered


def standing(count: Count, event: Event) -> Mapping[str, int | str] | None:
    """By what in its payload an entry would be found whose figures this one replaces; None where there are none."""
    match event:
        case Turnout() if event.hour in count.turnout:
            return {"hour": event.hour}
        case Opened() if count.box:
            return {}
        case Typed() if event.who in count.typed:
            return {"who": event.who}
        case Corrected() if any(one.entry == event.entry for one in count.bags):
            return {"entry": event.entry}
        case _:
            return None


def _is_there(count: Count, event: Event) -> bool:
    """Whether the very figures stand already, and nobody waits for them to be typed again."""
    match event:
        case Turnout():
            return count.turnout[event.hour] == event.voters
        case Opened():
            return count.box == event.box
        case Typed():
            return count.typed[event.who] == event.totals and not count.reopened
        case Corrected():
            return any(one.entry == event.entry and one.content == event.content for one in count.bags)
        case _:
            return False


def _asked(count: Count, event: Event, *, stands: int, typists: int) -> Sequence[Finding]:
    """What has to be said of the figures that stand. Raises AlreadyTyped, NothingToReplace."""
    if not isinstance(event, Turnout | Opened | Typed | Corrected) or event.replaces == (stands or None):
        return ()
    if not stands:
        raise NothingToReplace(event.replaces)
    if isinstance(event, Typed):
        if (there := count.typed[event.who]) == event.totals:
            return ()
        raise AlreadyTyped(there, entry=stands, is_blind=len(count.typed) < typists)
    return replacing(count, event, entry=stands)


def verb_of(event: Event) -> Verb:
    """The verb of an entry."""
    if isinstance(event, Plain):
        return event.verb
    return {
        Turnout: Verb.TURNOUT,
        Opened: Verb.BOX,
        Counted: Verb.BAG,
        Undone: Verb.UNDO,
        Corrected: Verb.CORRECT,
        Typed: Verb.TOTALS,
        Reopened: Verb.REOPEN,
        Enrolled: Verb.ENROL,
    }[type(event)]


def _settle(found: Sequence[Finding], *, sure: bool) -> None:
    if blocking := [one for one in found if one.severity is Severity.BLOCKS]:
        raise Refused(blocking)
    if not sure and (asking := _asking(found)):
        raise Unsure(asking)


def _asking(found: Sequence[Finding]) -> Sequence[Finding]:
    return [one for one in found if one.severity is Severity.ASKS]


def _context(count: Count, event: Event) -> Count:
    """The count against which figures are checked: for a correction, without the bag it corrects."""
    if not isinstance(event, Corrected):
        return count
    _the_bag(count, event.entry)
    return replace(count, bags=tuple(bag for bag in count.bags if bag.entry != event.entry))


def _checked(count: Count, event: Event) -> Event:
    """What is checked: a correction as the bag that it makes, at its place."""
    if not isinstance(event, Corrected):
        return event
    return Counted(count.bags.index(_the_bag(count, event.entry)) + 1, event.content)


def _next(count: Count, event: Event, *, state: State, typists: int, sequence: int) -> Count:  # noqa: PLR0911 - one case a verb
    match event:
        case Turnout():
            return replace(count, turnout={**count.turnout, event.hour: event.voters}, state=state)
        case Opened():
            return replace(_by_bags(count), box=event.box, state=state)
        case Counted():
            return replace(_added(count, event, sequence), state=state)
        case Undone():
            return replace(count, bags=_without_last(count, event.entry), state=state)
        case Corrected():
            return replace(count, bags=_corrected(count, event.entry, event.content), state=state)
        case Typed():
            return _typed(count, event, typists)
        case Reopened():
            return _reopened(count, event, state)
        case Plain():
            return replace(count, state=state, reopened=False)
        case Enrolled():
            return replace(count, registered=event.registered, state=state)


def _reopened(count: Count, event: Reopened, state: State) -> Count:
    if event.is_aside:
        return Count(count.lists, turnout=count.turnout, state=state, registered=count.registered)
    if not count.is_final:
        raise NotNow(count.state, Verb.REOPEN)
    return replace(count, state=state, reopened=bool(count.typed))


def _by_bags(count: Count) -> Count:
    if count.typed:
        raise OneWayOnly("totals")
    return count


def _added(count: Count, event: Counted, sequence: int) -> Count:
    expected = len(_by_bags(count).bags) + 1
    if event.number != expected:
        raise TooSoon(event.number, expected)
    return replace(count, bags=(*count.bags, Bag(sequence, event.content)))


def _the_bag(count: Count, entry: int) -> Bag:
    for bag in count.bags:
        if bag.entry == entry:
            return bag
    raise NoSuchBag(entry)


def _without_last(count: Count, entry: int) -> tuple[Bag, ...]:
    if _the_bag(count, entry) != count.bags[-1]:
        raise NoSuchBag(entry)
    return count.bags[:-1]


def _corrected(count: Count, entry: int, content: Ballots) -> tuple[Bag, ...]:
    return tuple(Bag(entry, content) if bag.entry == entry else bag for bag in count.bags)


def _typed(count: Count, event: Typed, typists: int) -> Count:
    if count.bags:
        raise OneWayOnly("bags")
    typed = {**count.typed, event.who: event.totals}
    if len(typed) < typists:
        wished = State.COUNTING
    else:
        wished = State.DIFFERING if len(set(typed.values())) > 1 else State.COUNTED
    return replace(count, typed=typed, state=after(count.state, Verb.TOTALS, wished=wished), reopened=False)
