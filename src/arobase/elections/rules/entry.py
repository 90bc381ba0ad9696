"""Entering figures: what a station's count becomes, or why it does not."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from arobase.elections.rules.checks import Finding, Severity, Station, findings, finishing
from arobase.elections.rules.counts import Bag, Ballots, Count
from arobase.elections.rules.events import Corrected, Counted, Enrolled, Event, Opened, Plain, Turnout, Typed, Undone
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


NOT_ENTERED = (AlreadyCounted, NoSuchBag, NotNow, OneWayOnly, Refused, TooSoon)


@dataclass(frozen=True)
class Entered:
    """What an entry made: the count, what was found on the way, and whether it said nothing new."""

    count: Count
    found: tuple[Finding, ...] = ()
    is_known: bool = False


def enter(count: Count, event: Event, *, station: Station, typists: int, sequence: int, sure: bool = False) -> Entered:
    """What becomes of a station's count.

    typists    how many people must type the same totals (1 or 2)
    sequence   the entry's place in the chain, by which a bag is named later
    sure       someone was asked and says yes
    Raises     NotNow, Refused, Unsure, AlreadyCounted, TooSoon, NoSuchBag, OneWayOnly.
    """
    if isinstance(event, Counted) and event.number <= len(count.bags):
        there = count.bags[event.number - 1]
        if there.content == event.content:
            return Entered(count, is_known=True)
        raise AlreadyCounted(event.number, there)
    if count.registered is not None:
        station = replace(station, registered=count.registered)
    verb = verb_of(event)
    target = after(count.state, verb)
    seen = _context(count, event)
    found = findings(seen, _checked(count, event), station)
    _settle(found, sure=sure)
    return Entered(_next(count, event, state=target, typists=typists, sequence=sequence), found)


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
        Enrolled: Verb.ENROL,
    }[type(event)]


def _settle(found: Sequence[Finding], *, sure: bool) -> None:
    if blocking := [one for one in found if one.severity is Severity.BLOCKS]:
        raise Refused(blocking)
    if not sure and (asking := [one for one in found if one.severity is Severity.ASKS]):
        raise Unsure(asking)


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
        case Plain(verb=Verb.FINISH):
            if count.typed:  # totals finish by themselves, when all who must have typed them
                raise NotNow(count.state, Verb.FINISH)
            _settle(finishing(count), sure=False)
            return replace(count, state=state)
        case Plain():
            return replace(count, state=state)
        case Enrolled():
            return replace(count, registered=event.registered, state=state)


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
    if count.bags or count.box:
        raise OneWayOnly("bags")
    typed = {**count.typed, event.who: event.totals}
    if len(typed) < typists:
        wished = State.COUNTING
    else:
        wished = State.DIFFERING if len(set(typed.values())) > 1 else State.COUNTED
    return replace(count, typed=typed, state=after(count.state, Verb.TOTALS, wished=wished))
