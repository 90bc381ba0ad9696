"""Reading SPF records (RFC 7208): what they authorise, and nothing of what follows `all`."""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from ipaddress import ip_network

QUALIFIERS = "+-~?"
MODIFIER = re.compile(r"([a-z][a-z0-9_.-]*)=", re.IGNORECASE)
MACRO = re.compile(r"%(?:[%_-]|\{[slodiphcrtv]\d*r?[.+,/_=-]*\})", re.IGNORECASE)  # section 7.1
LENGTHS = re.compile(r"(?P<host>.*?)(?:/(?P<four>\d{1,2}))?(?://(?P<six>\d{1,3}))?")  # dual-cidr-length, section 5.6
TOP = re.compile(r"(?!\d+$)[a-z0-9](?:[a-z0-9-]*[a-z0-9])?", re.IGNORECASE)
LONGEST = {4: 32, 6: 128}  # bits of an address


@dataclass(frozen=True)
class Term:
    """One mechanism of a record: `+include:example.org` is ("+", "include", "example.org").

    four, six  bits of an IPv4 and an IPv6 address that must agree (section 5.6); None where none of its kind is meant
    """

    qualifier: str
    mechanism: str
    value: str
    four: int | None = None
    six: int | None = None

    @property
    def is_host(self) -> bool:
        """Whether it vouches for one host by its name."""
        return self.qualifier == "+" and self.mechanism in {"a", "mx"} and bool(self.value)

    @property
    def is_everyone(self) -> bool:
        """Whether it matches whoever sends: `all`, or a network of all addresses (`ip4:0.0.0.0/0`, `a/0`, `mx//0`)."""
        return self.mechanism == "all" or 0 in {self.four, self.six}


def records(texts: Iterable[str]) -> list[str]:
    """The SPF records among TXT records (RFC 7208, section 4.5); more than one is an error of the domain."""
    return [text for text in texts if text.lower() == "v=spf1" or text.lower().startswith("v=spf1 ")]


def terms(record: str) -> Iterator[Term]:
    """Mechanisms up to `all`, then `redirect` where there is no `all` (sections 5.1 and 6.1).

    >>> [one.value for one in terms("v=spf1 include:a.fr a:b.fr/28 exp=why.fr -all include:c.fr")]
    ['a.fr', 'b.fr', '']
    """
    redirect = None
    for word in record.split()[1:]:
        if modifier := MODIFIER.match(word):
            if modifier[1].lower() == "redirect":
                redirect = Term("+", "redirect", word[modifier.end() :].lower().rstrip("."))
            continue
        term = _mechanism(word)
        yield term
        if term.mechanism == "all":
            return
    if redirect:
        yield redirect


def _mechanism(word: str) -> Term:
    qualifier, rest = (word[0], word[1:]) if word[0] in QUALIFIERS else ("+", word)
    mechanism, colon, value = rest.lower().partition(":")
    name = mechanism.partition("/")[0]
    four, six = None, None
    if name in {"a", "mx"}:
        lengths = LENGTHS.fullmatch(value if colon else mechanism)
        told = lengths.groupdict() if lengths else {}
        four, six = (_length(told.get(kind), most) for kind, most in (("four", LONGEST[4]), ("six", LONGEST[6])))
        value = value.partition("/")[0]
    elif name in {"ip4", "ip6"}:
        length = _length(value.partition("/")[2], LONGEST[int(name[2:])])
        four, six = (length, None) if name == "ip4" else (None, length)
    return Term(qualifier, name, value.rstrip("."), four, six)


def _length(told: str | None, most: int) -> int:
    return min(int(told), most) if told and told.isascii() and told.isdigit() else most


def misread(record: str) -> str:
    """The first word of a record that is no term, an error anywhere in it (sections 4.6 and 12); empty where none is.

    >>> misread("v=spf1 mx a:h.fr/28 ip4:192.0.2.0/24 include:%{d}.b.fr why=x -all")
    ''
    >>> misread("v=spf1 ipv4:192.0.2.1 -all"), misread("v=spf1 include:"), misread("v=spf1 redirect=a.fr redirect=b.fr")
    ('ipv4:192.0.2.1', 'include:', 'redirect=b.fr')
    """
    once = set[str]()
    for word in record.split()[1:]:
        if modifier := MODIFIER.match(word):
            name = modifier[1].lower()
            if name in once or (name in {"redirect", "exp"} and not _is_domain(word[modifier.end() :])):
                return word
            once |= {name} & {"redirect", "exp"}
        elif not _is_mechanism(word[1:] if word[0] in QUALIFIERS else word):
            return word
    return ""


def _is_mechanism(word: str) -> bool:
    name, colon, value = word.lower().partition(":")
    if name in {"include", "exists"}:
        return _is_domain(value)
    if name in {"ip4", "ip6"}:
        return _is_network(value, version=int(name[2:]))
    if name in {"all", "ptr"}:
        return not colon or (name == "ptr" and _is_domain(value))
    lengths = LENGTHS.fullmatch(value if colon else name)
    if lengths is None or name.partition("/")[0] not in {"a", "mx"} or (colon and "/" in name):
        return False
    is_short = int(lengths["four"] or 0) <= LONGEST[4] and int(lengths["six"] or 0) <= LONGEST[6]
    return is_short and (_is_domain(lengths["host"]) if colon else "/" not in lengths["host"])


def _is_domain(told: str) -> bool:
    """A domain-spec: a name of two labels at least, or what a macro ends (section 7.1)."""
    plain = MACRO.sub("", told)
    if "%" in plain or not told.isascii() or not told.isprintable():
        return False
    if told.endswith("}") and not plain.endswith("}"):
        return True
    _below, dot, top = plain.removesuffix(".").rpartition(".")
    return bool(dot) and TOP.fullmatch(top) is not None


def _is_network(told: str, *, version: int) -> bool:
    address, slash, length = told.partition("/")
    if (slash and not (length.isascii() and length.isdigit())) or "%" in address:
        return False
    try:
        return ip_network(told, strict=False).version == version
    except ValueError:
        return False


def authorised(record: str) -> list[str]:
    """Names whose servers a record lets send (`+` only: `?` and `~` vouch for nobody).

    >>> authorised("v=spf1 mx ?include:a.fr include:b.fr a:c.fr ~all")
    ['b.fr', 'c.fr']
    """
    named = {"include", "a", "mx", "redirect", "exists"}
    return [one.value for one in terms(record) if one.qualifier == "+" and one.mechanism in named and one.value]


def vouched(domain: str, texts: Mapping[str, Sequence[str]]) -> list[str]:
    """The records that a domain's own takes over, and those take over: what is included, or redirected to, with `+`.

    texts  TXT records by name

    >>> vouched("a.fr", {"a.fr": ["v=spf1 ?include:b.fr include:c.fr"], "b.fr": ["v=spf1 mx"], "c.fr": ["v=spf1 a"]})
    ['v=spf1 a']
    """
    met = [domain]
    for name in met:  # which grows on the way
        met += [one for record in records(texts.get(name, ()))[:1] for one in _followed(record) if one not in met]
    return [record for name in met[1:] for record in records(texts.get(name, ()))[:1]]


def _followed(record: str) -> list[str]:
    """Names whose records speak for this one: `?include` and the like vouch for nobody."""
    return [one.value for one in terms(record) if one.qualifier == "+" and one.mechanism in {"include", "redirect"}]


def within(joined: str) -> list[str]:
    """The records of a text in which several stand one after the other.

    >>> within("v=spf1 include:a.fr -all v=spf1 mx ~all")
    ['v=spf1 include:a.fr -all', 'v=spf1 mx ~all']
    """
    return [f"v=spf1 {part.strip()}".strip() for part in joined.split("v=spf1")[1:]]


MOST_LOOKUPS = 10
MOST_VOID = 2  # look-ups that find nothing, section 4.6.4
ASKING = frozenset({"include", "a", "mx", "ptr", "exists", "redirect"})


@dataclass(frozen=True)
class Tree:
    """A domain's SPF record with what it includes, as far as it was asked.

    records    the records met, the domain's own first
    missing    included names whose TXT records were not asked yet
    lookups    terms that make a receiver ask (RFC 7208, section 4.6.4: at most 10)
    loops      names that include themselves again
    several    names with more than one SPF record, an error (section 4.5)
    void       terms of which it is known that they make a receiver look up what is not there
    """

    records: tuple[str, ...]
    missing: tuple[str, ...]
    lookups: int
    loops: tuple[str, ...]
    several: tuple[str, ...]
    void: int = 0

    @property
    def is_too_long(self) -> bool:
        """Whether a receiver gives up before the end."""
        return self.lookups > MOST_LOOKUPS


def tree(domain: str, texts: Mapping[str, Sequence[str]], *, empty: Collection[tuple[str, str]] = ()) -> Tree:
    """The tree of a domain's SPF record, from TXT records by name; nothing is followed after the tenth lookup.

    empty  what is known to be missing: ("a", name) of a name without address, ("mx", name) of one without exchanger

    >>> tree("a.fr", {"a.fr": ["v=spf1 include:b.fr -all"]}).missing
    ('b.fr',)
    """
    found, missing, loops, several = list[str](), list[str](), list[str](), list[str]()
    lookups, void = 0, 0
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
            void += (term.mechanism, term.value or name) in empty
            follows = term.mechanism in {"include", "redirect"} and term.value and "%" not in term.value
            if follows and term.value in above | {name}:
                loops.append(term.value)
            elif follows and lookups <= MOST_LOOKUPS:
                ahead.append((term.value, above | {name}))
        found += own[:1]
    return Tree(tuple(found), tuple(dict.fromkeys(missing)), lookups, tuple(loops), tuple(several), void)
