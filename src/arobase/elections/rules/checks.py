"""What can be wrong with figures of a polling station, in the terms of the law (Code électoral, L62 to L68).

A finding blocks what cannot be true, asks "are you sure?" of what is unlikely, and notes what has to be recorded.
"""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from itertools import combinations
from math import sqrt

from arobase.elections.rules.counts import Ballots, Box, Count, Totals
from arobase.elections.rules.events import Corrected, Counted, Enrolled, Event, Opened, Plain, Turnout, Typed
from arobase.elections.rules.states import Verb

FULL_BAG = 100  # Code électoral, L65: bundles of a hundred
# Standard deviations (over-dispersed) from the station's earlier bags. Of the 81 real bags of Cogolin 2026 that follow
# another, one lies further; of 342 swaps of lists 20 points apart, 289 do (tests/elections/test_cogolin.py).
FAR = 2.5
EXPLAINED = 1.5
OVERDISPERSION = 1.6  # standard deviations of real bags over those of random ones, at most: docs/methodology/trend.md
# Voters that a court's decisions add to a station in one day, at most: a judgement, against a finger that slips.
MOST_ENROLLED, MOST_ENROLLED_SHARE = 20, 0.05
TURNOUT_FAR = 0.25  # of registered voters, against last time
LAST_TIME_FAR = 30  # points: measured in docs/methodology/election-night.md, with what a single bag may stray besides
BAG_STRAYS = 2.0  # standard deviations (over-dispersed) of a bag from its station


class Severity(StrEnum):
    """What a finding does."""

    BLOCKS = "blocks"
    ASKS = "asks"
    NOTES = "notes"


class Check(StrEnum):
    """What was checked."""

    VOTERS_WITHIN_REGISTERED = "voters_within_registered"
    SIGNATURES_WITHIN_REGISTERED = "signatures_within_registered"
    SIGNATURES_ARE_ENVELOPES = "signatures_are_envelopes"
    ENVELOPES_ARE_BALLOTS = "envelopes_are_ballots"
    LISTS_SUM_TO_VALID = "lists_sum_to_valid"
    BAGS_WITHIN_ENVELOPES = "bags_within_envelopes"
    BAGS_ADD_UP = "bags_add_up"
    BOX_IS_KNOWN = "box_is_known"
    BAG_IS_FULL = "bag_is_full"
    BAG_IS_NOT_EMPTY = "bag_is_not_empty"
    TURNOUT_DOES_NOT_FALL = "turnout_does_not_fall"
    BAG_IS_ANOTHER = "bag_is_another"
    LIKE_OWN_BAGS = "like_own_bags"
    LINES_ARE_NOT_SWAPPED = "lines_are_not_swapped"
    TURNOUT_LIKE_LAST_TIME = "turnout_like_last_time"
    LIKE_LAST_TIME = "like_last_time"
    TURNOUT_IS_THERE = "turnout_is_there"
    BOX_IS_THERE = "box_is_there"
    BAG_IS_CORRECTED = "bag_is_corrected"
    LIKE_THE_BOX = "like_the_box"
    ENROLLED_ARE_FEW = "enrolled_are_few"


@dataclass(frozen=True)
class Finding:
    """Something found; `facts` are the figures that its sentence names."""

    check: Check
    severity: Severity
    facts: Mapping[str, int | str] = field(default_factory=dict)


@dataclass(frozen=True)
class Former:
    """The same station last time; `votes` in the order of today's lists where the same stand again, else None."""

    registered: int
    voters: int
    votes: tuple[int, ...] | None = None


@dataclass(frozen=True)
class Station:
    """What is known of a station beforehand."""

    registered: int
    former: Former | None = None


def findings(count: Count, event: Event, station: Station) -> tuple[Finding, ...]:  # noqa: PLR0911 - one case an event
    """All there is to say about an entry before it is kept."""
    match event:
        case Turnout():
            return tuple(_turnout(count, event, station))
        case Opened():
            return (*_box(event.box, station), *_box_and_bags(count, event.box), *_falls_at_the_end(count, event.box))
        case Counted():
            return (*_bag(count, event), *_first_unlike_last_time(count, event, station))
        case Typed():
            box = event.totals.box
            return (
                *_box(box, station),
                *_totals(event, station),
                *_as_opened(count, box),
                *_falls_at_the_end(count, box),
            )
        case Plain(verb=Verb.FINISH):
            return (*finishing(count), *_unlike_last_time(count.counted, station))
        case Enrolled():
            return tuple(_enrolled(count, event, station))
        case _:
            return ()


def _turnout(count: Count, event: Turnout, station: Station) -> Iterator[Finding]:
    if event.voters > station.registered:
        yield _blocks(Check.VOTERS_WITHIN_REGISTERED, voters=event.voters, registered=station.registered)
    for hour, voters in sorted(count.turnout.items()):
        if (hour < event.hour and voters > event.voters) or (hour > event.hour and voters < event.voters):
            yield _blocks(
                Check.TURNOUT_DOES_NOT_FALL, hour=event.hour, voters=event.voters, other_hour=hour, other=voters
            )
            return
    if (box := count.opened) and event.voters > box.signatures:  # an hour that comes late
        yield _asks(
            Check.TURNOUT_DOES_NOT_FALL, hour="", voters=box.signatures, other_hour=event.hour, other=event.voters
        )


def _enrolled(count: Count, event: Enrolled, station: Station) -> Iterator[Finding]:
    boxes = [one for one in (count.box, *(typed.box for typed in count.typed.values())) if one]
    seen = (*count.turnout.values(), *(number for box in boxes for number in (box.signatures, box.envelopes)))
    if (voters := max(seen, default=0)) > event.registered:
        yield _blocks(Check.VOTERS_WITHIN_REGISTERED, voters=voters, registered=event.registered)
    most = max(MOST_ENROLLED, round(MOST_ENROLLED_SHARE * station.registered))
    if abs(event.registered - station.registered) > most:
        yield _blocks(Check.ENROLLED_ARE_FEW, registered=event.registered, before=station.registered)


def _box(box: Box, station: Station) -> Iterator[Finding]:
    if box.signatures > station.registered:
        yield _blocks(Check.SIGNATURES_WITHIN_REGISTERED, signatures=box.signatures, registered=station.registered)
    elif box.envelopes > station.registered:
        yield _blocks(Check.VOTERS_WITHIN_REGISTERED, voters=box.envelopes, registered=station.registered)
    if box.signatures != box.envelopes:
        gap = abs(box.signatures - box.envelopes)
        make = _asks if gap > max(5, box.envelopes // 50) else _notes
        yield make(Check.SIGNATURES_ARE_ENVELOPES, signatures=box.signatures, envelopes=box.envelopes)
    if (former := station.former) and former.registered and station.registered:
        before, now = former.voters / former.registered, box.envelopes / station.registered
        if abs(before - now) > TURNOUT_FAR:
            yield _asks(
                Check.TURNOUT_LIKE_LAST_TIME, now=round(100 * now), before=round(100 * before), voters=box.envelopes
            )


def _box_and_bags(count: Count, box: Box) -> Iterator[Finding]:
    counted = count.counted.ballots
    if counted > box.envelopes:
        yield _blocks(Check.BAGS_WITHIN_ENVELOPES, ballots=counted, envelopes=box.envelopes)


def _falls_at_the_end(count: Count, box: Box) -> Iterator[Finding]:
    if count.turnout and (last := max(count.turnout.values())) > box.signatures:
        hour = max(count.turnout)
        yield _asks(Check.TURNOUT_DOES_NOT_FALL, hour="", voters=box.signatures, other_hour=hour, other=last)


def _as_opened(count: Count, box: Box) -> Iterator[Finding]:
    """Totals that come after the box was given, and say something else of it."""
    if count.box and count.box != box:
        yield _asks(Check.LIKE_THE_BOX, **_both(box, count.box))


def _both(box: Box, before: Box) -> Mapping[str, int]:
    return {
        "signatures": box.signatures,
        "envelopes": box.envelopes,
        "signatures_before": before.signatures,
        "envelopes_before": before.envelopes,
    }


def _bag(count: Count, event: Counted) -> Iterator[Finding]:
    bag = event.content
    if not bag.ballots:
        yield _blocks(Check.BAG_IS_NOT_EMPTY)
        return
    before = count.counted
    if count.box and before.ballots + bag.ballots > count.box.envelopes:
        yield _blocks(Check.BAGS_WITHIN_ENVELOPES, ballots=before.ballots + bag.ballots, envelopes=count.box.envelopes)
    elif bag.ballots not in {FULL_BAG, count.to_come}:
        yield _asks(Check.BAG_IS_FULL, ballots=bag.ballots)
    yield from _as_before(count, event)
    yield from _unlike(before, bag)


def _as_before(count: Count, event: Counted) -> Iterator[Finding]:
    """A bag with the very figures of another of its station: the same paper, perhaps, typed by two people."""
    others = [number for number in range(1, len(count.bags) + 2) if number != event.number]
    for number, other in zip(others, count.bags, strict=False):
        if other.content == event.content:
            yield _asks(Check.BAG_IS_ANOTHER, number=number)
            return


def _unlike(before: Ballots, bag: Ballots) -> Iterator[Finding]:
    """A bag far from the station's earlier ones: two lines swapped where that explains it, else a list by its place."""
    if before.ballots < FULL_BAG or not bag.valid:
        return
    worst, place = _furthest(before, bag)
    if worst <= FAR:
        return
    for one, other in combinations(range(len(bag.votes)), 2):
        if _furthest(before, _swapped(bag, one, other))[0] < EXPLAINED:
            yield _asks(Check.LINES_ARE_NOT_SWAPPED, one=one, other=other)
            return
    usual = round(100 * before.votes[place] / before.valid)
    yield _asks(Check.LIKE_OWN_BAGS, place=place, votes=bag.votes[place], usual=usual)


def _furthest(before: Ballots, bag: Ballots) -> tuple[float, int]:
    """How many standard deviations the list furthest from its earlier share is away, and its place."""
    distances = [
        (_distance(votes, bag.valid, earlier, before.valid), place)
        for place, (votes, earlier) in enumerate(zip(bag.votes, before.votes, strict=True))
    ]
    return max(distances, default=(0.0, 0))


def _distance(votes: int, valid: int, earlier: int, earlier_valid: int) -> float:
    """Two samples of one urn compared (pooled share, Agresti 2013, section 3.1), over-dispersed."""
    if not valid or not earlier_valid:
        return 0.0
    share = (votes + earlier + 1) / (valid + earlier_valid + 2)
    deviation = sqrt(share * (1 - share) * (1 / valid + 1 / earlier_valid)) * OVERDISPERSION
    return abs(votes / valid - earlier / earlier_valid) / deviation


def _swapped(bag: Ballots, one: int, other: int) -> Ballots:
    votes = list(bag.votes)
    votes[one], votes[other] = votes[other], votes[one]
    return Ballots(tuple(votes), bag.blank, bag.null)


def _totals(event: Typed, station: Station) -> Iterator[Finding]:
    content, box = event.totals.content, event.totals.box
    if event.valid is not None and event.valid != content.valid:
        yield _blocks(Check.LISTS_SUM_TO_VALID, votes=content.valid, valid=event.valid)
    if content.ballots != box.envelopes:
        yield _blocks(
            Check.ENVELOPES_ARE_BALLOTS, envelopes=box.envelopes, valid=content.valid, blank=content.blank,
            null=content.null, ballots=content.ballots,
        )  # fmt: skip
    yield from _unlike_last_time(content, station)


def _first_unlike_last_time(count: Count, event: Counted, station: Station) -> Iterator[Finding]:
    """The station's first bag, when there is nothing else to compare it with."""
    if not count.bags:
        yield from _unlike_last_time(event.content, station, strays=BAG_STRAYS)


def _unlike_last_time(content: Ballots, station: Station, *, strays: float = 0.0) -> Iterator[Finding]:
    """A list far from what it had in this station last time; a sample of its ballots may stray besides."""
    former = station.former.votes if station.former else None
    if not former or not sum(former) or not content.valid:
        return
    for place, (votes, earlier) in enumerate(zip(content.votes, former, strict=True)):
        now, before = votes / content.valid, earlier / sum(former)
        deviation = sqrt(before * (1 - before) / content.valid) * OVERDISPERSION
        if 100 * (abs(now - before) - strays * deviation) > LAST_TIME_FAR:
            yield _asks(Check.LIKE_LAST_TIME, place=place, now=round(100 * now), before=round(100 * before))
            return


def replacing(count: Count, event: Event, *, entry: int) -> tuple[Finding, ...]:
    """What stands already, of an hour, a box or a bag, where other figures come (`entry` brought those that stand)."""
    match event:
        case Turnout():
            facts: dict[str, int | str] = {
                "hour": event.hour,
                "voters": event.voters,
                "there": count.turnout[event.hour],
            }
            return (_asks(Check.TURNOUT_IS_THERE, entry=entry, **facts),)
        case Opened() if count.box:
            return (_asks(Check.BOX_IS_THERE, entry=entry, **_both(event.box, count.box)),)
        case Corrected():
            (there,) = (one for one in enumerate(count.bags, start=1) if one[1].entry == event.entry)
            number, content = there[0], there[1].content
            figures = ", ".join(map(str, (*content.votes, content.blank, content.null)))
            return (_asks(Check.BAG_IS_CORRECTED, entry=entry, number=number, there=figures),)
        case _:
            return ()


def finishing(count: Count) -> tuple[Finding, ...]:
    """Why a station cannot be finished yet; empty when its bags add up to its envelopes."""
    if count.opened is None:
        return (_blocks(Check.BOX_IS_KNOWN),)
    if count.to_come:
        return (_blocks(Check.BAGS_ADD_UP, ballots=count.counted.ballots, envelopes=count.opened.envelopes),)
    return ()


def differences(first: Totals, second: Totals) -> tuple[str, ...]:
    """The fields on which two typists differ: `signatures`, `envelopes`, `votes.0`, …, `blank`, `null`."""
    pairs: list[tuple[str, int, int]] = [
        ("signatures", first.box.signatures, second.box.signatures),
        ("envelopes", first.box.envelopes, second.box.envelopes),
        *(
            (f"votes.{place}", one, other)
            for place, (one, other) in enumerate(zip(first.content.votes, second.content.votes, strict=True))
        ),
        ("blank", first.content.blank, second.content.blank),
        ("null", first.content.null, second.content.null),
    ]
    return tuple(name for name, one, other in pairs if one != other)


def _blocks(check: Check, **facts: int | str) -> Finding:
    return Finding(check, Severity.BLOCKS, facts)


def _asks(check: Check, **facts: int | str) -> Finding:
    return Finding(check, Severity.ASKS, facts)


def _notes(check: Check, **facts: int | str) -> Finding:
    return Finding(check, Severity.NOTES, facts)
