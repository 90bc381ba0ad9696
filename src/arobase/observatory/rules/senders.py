"""What a domain's SPF comes to at a receiver's (RFC 7208): a list that holds, or one of the ways it does not."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arobase.observatory.rules import spf


class Trouble(StrEnum):
    """Why receivers pass the record over: each is a permanent error of the domain's (section 2.6.7)."""

    NONE = "no record"
    SEVERAL = "several records"  # section 4.5
    TOO_MANY_LOOKUPS = "more than ten look-ups"  # section 4.6.4
    LOOP = "includes itself"
    NOWHERE = "includes a name without a record"  # section 5.2


class Ending(StrEnum):
    """What the record says of servers that it does not list (section 5.1)."""

    REFUSED = "-all"
    DOUBTFUL = "~all"
    NEUTRAL = "?all"  # also where nothing is said (section 4.7)
    ANYONE = "+all"
    ELSEWHERE = "redirect"  # another domain's record says so, which was not read


@dataclass(frozen=True)
class Senders:
    """A domain's SPF record read to its end.

    ending       None where there is no record to read
    is_complete  whether every included record was read; where not, there may be more look-ups than were counted
    """

    record: str
    ending: Ending | None
    lookups: int = 0
    trouble: Trouble | None = None
    is_complete: bool = True


_OF_QUALIFIER = {"-": Ending.REFUSED, "~": Ending.DOUBTFUL, "?": Ending.NEUTRAL, "+": Ending.ANYONE}
MOST_REDIRECTS = 10


def senders(domain: str, texts: Mapping[str, Sequence[str]]) -> Senders:
    """What SPF comes to for a domain.

    texts  TXT records by name: the domain's own, which must be there, and those of names that it includes; none for a
           name that was asked and has none, no entry for a name that was not answered

    >>> one = senders("ville.fr", {"ville.fr": ["v=spf1 mx -all"]})
    >>> str(one.ending), one.trouble, one.lookups
    ('-all', None, 1)
    """
    own = spf.records(texts[domain])
    if len(own) != 1:
        return Senders("", None, trouble=Trouble.SEVERAL if own else Trouble.NONE)
    tree = spf.tree(domain, texts)
    trouble = None
    if tree.loops:
        trouble = Trouble.LOOP
    elif tree.is_too_long:
        trouble = Trouble.TOO_MANY_LOOKUPS
    elif tree.several:
        trouble = Trouble.SEVERAL
    elif _leads_nowhere(tree.records, texts):
        trouble = Trouble.NOWHERE
    return Senders(own[0], _ending(domain, texts), tree.lookups, trouble, is_complete=not tree.missing)


def _leads_nowhere(records: Sequence[str], texts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name that is included was asked, and has no record: as good as a typing error to a receiver."""
    led = [term for record in records for term in spf.terms(record) if term.mechanism in {"include", "redirect"}]
    return any(term.value in texts and not spf.records(texts[term.value]) for term in led)


def _ending(domain: str, texts: Mapping[str, Sequence[str]]) -> Ending:
    """What is said of everyone else, `redirect` followed as far as it was read."""
    name = domain
    for _step in range(MOST_REDIRECTS):
        own = spf.records(texts.get(name, ()))
        if len(own) != 1:
            return Ending.ELSEWHERE
        last = list(spf.terms(own[0]))[-1:]
        if last and last[0].mechanism == "all":
            return _OF_QUALIFIER[last[0].qualifier]
        if not last or last[0].mechanism != "redirect":
            return Ending.NEUTRAL
        name = last[0].value
    return Ending.ELSEWHERE
