"""What a domain's SPF comes to at a receiver's (RFC 7208): a list that holds, or one of the ways it does not."""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum

from arobase.observatory.rules import spf, spf_reach


class Trouble(StrEnum):
    """Why receivers pass the record over: each is a permanent error of the domain's (section 2.6.7)."""

    NONE = "no record"
    SEVERAL = "several records"  # section 4.5
    MALFORMED = "a word that is none"  # section 4.6
    TOO_MANY_LOOKUPS = "more than ten look-ups"  # section 4.6.4
    TOO_MANY_VOID = "more than two look-ups that find nothing"  # section 4.6.4
    LOOP = "includes itself"
    NOWHERE = "includes a name without a record"  # section 5.2


class Ending(StrEnum):
    """What the record says of servers that it does not list (section 5.1)."""

    REFUSED = "-all"
    DOUBTFUL = "~all"
    NEUTRAL = "?all"  # also where nothing is said (section 4.7)
    ANYONE = "+all"  # also where networks let in more addresses than anyone has (rules/spf_reach.py)
    ELSEWHERE = "redirect"  # another domain's record says so, which was not read


@dataclass(frozen=True)
class Senders:
    """A domain's SPF record read to its end.

    ending       None where there is no record to read, or receivers pass it over
    unread       included names whose records are not known: there may be anything in them
    misread      the word that is none
    """

    record: str
    ending: Ending | None
    lookups: int = 0
    trouble: Trouble | None = None
    unread: tuple[str, ...] = ()
    misread: str = ""


_OF_QUALIFIER = {"-": Ending.REFUSED, "~": Ending.DOUBTFUL, "?": Ending.NEUTRAL, "+": Ending.ANYONE}


def senders(domain: str, texts: Mapping[str, Sequence[str]], *, empty: Collection[tuple[str, str]] = ()) -> Senders:
    """What SPF comes to for a domain.

    texts  TXT records by name: the domain's own, which must be there, and those of names that it includes; none for a
           name that was asked and has none, no entry for a name that was not answered
    empty  names that are known to have no address or no exchanger, as of spf.tree

    >>> one = senders("ville.fr", {"ville.fr": ["v=spf1 mx -all"]})
    >>> str(one.ending), one.trouble, one.lookups
    ('-all', None, 1)
    """
    own = spf.records(texts[domain])
    if len(own) != 1:
        return Senders("", None, trouble=Trouble.SEVERAL if own else Trouble.NONE)
    tree = spf.tree(domain, texts, empty=empty)
    misread = next((word for record in tree.records if (word := spf.misread(record))), "")
    trouble = Trouble.MALFORMED if misread else _trouble(tree, texts)
    is_open = not trouble and spf_reach.is_too_wide(domain, texts, tree.records)
    ending = None if trouble else Ending.ANYONE if is_open else _ending(domain, texts)
    return Senders(own[0], ending, tree.lookups, trouble, tree.missing, misread)


def _trouble(tree: spf.Tree, texts: Mapping[str, Sequence[str]]) -> Trouble | None:
    if tree.loops:
        return Trouble.LOOP
    if tree.is_too_long:
        return Trouble.TOO_MANY_LOOKUPS
    if tree.void > spf.MOST_VOID:
        return Trouble.TOO_MANY_VOID
    if tree.several:
        return Trouble.SEVERAL
    return Trouble.NOWHERE if _leads_nowhere(tree.records, texts) else None


def _leads_nowhere(records: Sequence[str], texts: Mapping[str, Sequence[str]]) -> bool:
    """Whether a name that is included was asked, and has no record: as good as a typing error to a receiver."""
    led = [term for record in records for term in spf.terms(record) if term.mechanism in {"include", "redirect"}]
    return any(term.value in texts and not spf.records(texts[term.value]) for term in led)


def _ending(domain: str, texts: Mapping[str, Sequence[str]]) -> Ending:
    """What is said of everyone else, as far as it was read.

    An include whose record lets anyone send matches everyone (section 5.2). Ends, since a tree without trouble does.
    """
    own = spf.records(texts.get(domain, ()))
    if len(own) != 1:
        return Ending.ELSEWHERE
    for term in spf.terms(own[0]):
        if term.mechanism == "redirect":
            return _ending(term.value, texts)
        if term.is_everyone or (term.mechanism == "include" and _ending(term.value, texts) is Ending.ANYONE):
            return _OF_QUALIFIER[term.qualifier]
    return Ending.NEUTRAL
