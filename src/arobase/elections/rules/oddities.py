"""Odd figures that someone confirmed, by what they are about: the desk looks at them until the record is signed."""

from collections.abc import Iterable, Mapping, Sequence
from typing import Any

from arobase.elections.rules.checks import Check, Finding, Severity
from arobase.elections.rules.events import Corrected, Counted, Event, Opened, Plain, Reopened, Turnout, Typed, Undone
from arobase.elections.rules.states import Verb

Odd = Mapping[str, Sequence[Finding]]  # by what it is about: « bag:12 » (the bag's entry), « box », « hour:10:00 »

TOLD_ELSEWHERE = {Check.SIGNATURES_ARE_ENVELOPES}  # a gap is a reason of its own, asked about or not


def odd_after(odd: Odd, event: Event, *, sequence: int, found: Iterable[Finding], was_asked: bool) -> Odd:
    """What is odd in a station after an entry that was kept.

    sequence    the entry's place in the chain
    found       what the checks said of it: what asked was answered with yes
    was_asked   False for the machine of a rehearsal, which nobody asks
    """
    if isinstance(event, Reopened):
        hours = {about: seen for about, seen in odd.items() if about.startswith("hour:")}
        return hours if event.is_aside else odd
    about = _about(event, sequence)
    others = {one: seen for one, seen in odd.items() if one != about}
    asked = [one for one in found if one.severity is Severity.ASKS and one.check not in TOLD_ELSEWHERE]
    return {**others, about: asked} if asked and was_asked else others


def _about(event: Event, sequence: int) -> str:  # noqa: PLR0911 - one case an event
    match event:
        case Turnout():
            return f"hour:{event.hour}"
        case Opened():
            return "box"
        case Counted():
            return f"bag:{sequence}"
        case Undone() | Corrected():
            return f"bag:{event.entry}"
        case Typed():
            return f"totals:{event.who}"
        case Plain(verb=Verb.FINISH):
            return "all"
        case _:
            return ""


def written_odd(odd: Odd) -> dict[str, Any]:
    """As JSON can keep it; `read_odd` gives it back."""
    return {about: [[one.check.value, dict(one.facts)] for one in seen] for about, seen in odd.items()}


def read_odd(kept: Mapping[str, Any]) -> Odd:
    """What `written_odd` wrote."""
    return {
        about: [Finding(Check(check), Severity.ASKS, facts) for check, facts in seen] for about, seen in kept.items()
    }
