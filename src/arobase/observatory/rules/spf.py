"""Reading SPF records (RFC 7208): what they authorise, and nothing of what follows `all`."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass

QUALIFIERS = "+-~?"


@dataclass(frozen=True)
class Term:
    """One mechanism of a record: `+include:example.org` is ("+", "include", "example.org")."""

    qualifier: str
    mechanism: str
    value: str

    @property
    def is_host(self) -> bool:
        """Whether it vouches for one host by its name."""
        return self.qualifier == "+" and self.mechanism in {"a", "mx"} and bool(self.value)


def records(texts: Iterable[str]) -> list[str]:
    """The SPF records among TXT records (RFC 7208, section 4.5); more than one is an error of the domain."""
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def terms(record: str) -> Iterator[Term]:
    """Mechanisms up to `all`, then `redirect` where there is no `all` (sections 5.1 and 6.1).

    >>> [one.value for one in terms("v=spf1 include:a.fr -all include:b.fr")]
    ['a.fr', '']
    """
    redirect = None
    for word in record.split()[1:]:
        qualifier, rest = (word[0], word[1:]) if word[0] in QUALIFIERS else ("+", word)
        if rest.lower().startswith("redirect="):
            redirect = Term("+", "redirect", rest[9:].lower().rstrip("."))
            continue
        mechanism, _colon, value = rest.partition(":")
        yield Term(qualifier, mechanism.lower().partition("/")[0], value.lower().rstrip("."))
        if mechanism.lower() == "all":
            return
    if redirect:
        yield redirect


def authorised(record: str) -> list[str]:
    """Names whose servers a record lets send (`+` only: `?` and `~` vouch for nobody).

    >>> authorised("v=spf1 mx ?include:a.fr include:b.fr a:c.fr ~all")
    ['b.fr', 'c.fr']
    """
    named = {"include", "a", "mx", "redirect", "exists"}
    return [one.value for one in terms(record) if one.qualifier == "+" and one.mechanism in named and one.value]


def within(joined: str) -> list[str]:
    """The records of a text in which several stand one after the other.

    >>> within("v=spf1 include:a.fr -all v=spf1 mx ~all")
    ['v=spf1 include:a.fr -all', 'v=spf1 mx ~all']
    """
    return [f"v=spf1 {part.strip()}".strip() for part in joined.split("v=spf1")[1:]]


MOST_LOOKUPS = 10
ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


@dataclass(frozen=True)
class Tree:
    """A domain's SPF record with what it includes, as far as it was asked.

    records    the records met, the domain's own first
    missing    included names whose TXT records were not asked yet
    lookups    terms that make a receiver ask (RFC 7208, section 4.6.4: at most 10)
    loops      names that include themselves again
    several    names with more than one SPF record, an error (section 4.5)
    """

    records: tuple[str, ...]
    missing: tuple[str, ...]
    lookups: int
    loops: tuple[str, ...]
    several: tuple[str, ...]

    @property
    def is_too_long(self) -> bool:
        """Whether a receiver gives up before the end."""
        return self.lookups > MOST_LOOKUPS


def tree(domain: str, texts: Mapping[str, Sequence[str]]) -> Tree:
    """The tree of a domain's SPF record, from TXT records by name; nothing is followed after the tenth lookup.

    >>> tree("a.fr", {"a.fr": ["v=spf1 include:b.fr -all"]}).missing
    ('b.fr',)
    """
    found, missing, loops, several, lookups = list[str](), list[str](), list[str](), list[str](), 0
    ahead: list[tuple[str, frozenset[str]]] = [(domain, frozenset())]
    while ahead:
        name, above = ahead.pop(0)
        if name not in texts:
            missing.append(name)
            continue
        own = records(texts[name])
        if len(own) > 1:
            several.append(name)
        for term in terms(own[0]) if own else ():
            lookups += term.mechanism in ASKING
            follows = term.mechanism in {"include", "redirect"} and term.value and "%" not in term.value
            if follows and term.value in above | {name}:
                loops.append(term.value)
            elif follows and lookups <= MOST_LOOKUPS:
                ahead.append((term.value, above | {name}))
        found += own[:1]
    return Tree(tuple(found), tuple(dict.fromkeys(missing)), lookups, tuple(loops), tuple(several))
