"""How many addresses an SPF record lets send, in sum, whatever the words by which it cuts them up.

`ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all` looks strict and lets in everyone.
"""

from collections.abc import Iterator, Mapping, Sequence
from ipaddress import ip_network

from arobase.observatory.rules import spf
from arobase.observatory.rules.spf import LONGEST, Term

# The largest blocks that IANA gives to a registry, who shares them out to thousands (its registries of the IPv4 address
# space and of IPv6 global unicast assignments): whoever vouches for more vouches for strangers.
WIDEST = {4: 8, 6: 12}

Span = tuple[int, int]  # first and last address


def is_too_wide(domain: str, texts: Mapping[str, Sequence[str]], records: Sequence[str]) -> bool:
    """Whether a domain's record lets more addresses send than a /8 of IPv4, or a /12 of IPv6, holds.

    The first term that matches an address decides (RFC 7208, section 4.6.2). Names are not looked up: a network around
    the address of one (`a/4`) is taken to begin where all addresses do.

    texts    TXT records by name, of a tree without loops; what is not there lets nobody in
    records  all records of that tree

    >>> halves = "v=spf1 ip4:0.0.0.0/1 ip4:128.0.0.0/1 -all"
    >>> is_too_wide("a.fr", {"a.fr": [halves]}, [halves]), is_too_wide("a.fr", {"a.fr": [halves]}, [])
    (True, False)
    """
    told = [term for record in records for term in spf.terms(record)]
    return any(
        _most(told, version) > most and sum(last - first + 1 for first, last in _passed(domain, texts, version)) > most
        for version in WIDEST
        if (most := _size(WIDEST[version], version))
    )


def closed(record: str) -> str:
    """The record without what lets anyone send, with a cautious end; empty where it lets nobody in by itself.

    >>> closed("v=spf1 mx ip4:0.0.0.0/0 -all"), closed("v=spf1 mx +all"), closed("v=spf1 ip4:0.0.0.0/1 mx/1 a -all")
    ('v=spf1 mx -all', 'v=spf1 mx ~all', 'v=spf1 a -all')
    """
    version, *words = record.split()
    kept = list(words)
    while widest := _widest(" ".join([version, *kept])):
        kept.remove(widest)
    if kept == words:
        return ""
    end = [] if any(one.mechanism == "all" for one in spf.terms(" ".join([version, *kept]))) else ["~all"]
    return " ".join([version, *kept, *end])


def _widest(record: str) -> str:
    """The word that lets in most, of a record that by itself lets in too many; empty where it does not."""
    if not is_too_wide("", {"": [record]}, [record]):
        return ""
    words = [one for one in record.split()[1:] if not spf.MODIFIER.match(one)]
    open_ = [(_bits(term), word) for word, term in zip(words, spf.terms(record), strict=False) if term.qualifier == "+"]
    return min(open_, key=lambda one: one[0])[1]


def _bits(term: Term) -> int:
    """Bits that must agree, at least; of `all` none."""
    return 0 if term.mechanism == "all" else min((one for one in (term.four, term.six) if one is not None), default=128)


def _size(length: int, version: int) -> int:
    return 1 << (LONGEST[version] - length)


def _most(terms: Sequence[Term], version: int) -> int:
    """No fewer addresses than these terms let in: quickly told, and enough to say so of nearly every record."""
    lengths = (_length(one, version) for one in terms if one.qualifier == "+")
    return sum(_size(length, version) for length in lengths if length is not None)


def _length(term: Term, version: int) -> int | None:
    if term.mechanism == "all":
        return 0
    return term.four if version == 4 else term.six  # noqa: PLR2004 - the version of IP


def _passed(name: str, texts: Mapping[str, Sequence[str]], version: int) -> list[Span]:
    """The addresses that a name's record lets send, in spans that do not overlap."""
    own = spf.records(texts.get(name, ()))
    undecided, passed = [(0, _size(0, version) - 1)], list[Span]()
    for term in spf.terms(own[0]) if len(own) == 1 else ():
        for span in _matched(term, texts, version):
            hit = [met for one in undecided if (met := _common(one, span))]
            undecided = [rest for one in undecided for rest in _without(one, span)]
            passed += hit if term.qualifier == "+" else []
    return passed


def _matched(term: Term, texts: Mapping[str, Sequence[str]], version: int) -> list[Span]:
    if term.mechanism in {"include", "redirect"}:
        return _passed(term.value, texts, version)
    length = _length(term, version)
    if length is None:
        return []
    if term.mechanism not in {"ip4", "ip6"}:
        return [(0, _size(length, version) - 1)]
    try:
        network = ip_network(term.value, strict=False)
    except ValueError:
        return []
    return [(int(network.network_address), int(network.broadcast_address))]


def _common(one: Span, other: Span) -> Span | None:
    first, last = max(one[0], other[0]), min(one[1], other[1])
    return (first, last) if first <= last else None


def _without(one: Span, other: Span) -> Iterator[Span]:
    if one[0] < other[0]:
        yield one[0], min(one[1], other[0] - 1)
    if one[1] > other[1]:
        yield max(one[0], other[1] + 1), one[1]
