"""Every known provider, found by what betrays it: names, addresses of pages, headers, systems, issuers."""

import re
from collections import defaultdict
from collections.abc import Iterable, Mapping
from functools import cached_property

from arobase.observatory.rules.companies import SELF, Program, endings, weakest
from arobase.observatory.rules.companies import Company as Company
from arobase.observatory.rules.companies import KnownProvider as KnownProvider
from arobase.observatory.rules.companies import Law as Law
from arobase.observatory.rules.companies import Sign as Sign
from arobase.observatory.rules.companies import law_of as law_of

OF_PAGES = frozenset(
    [Sign.FONTS, Sign.ANALYTICS, Sign.MAPS, Sign.VIDEO, Sign.CAPTCHA, Sign.CONSENT, Sign.CHAT, Sign.OFFICE]
    + [Sign.SOCIAL, Sign.LIBRARIES, Sign.HOSTS]
)
WORDS = re.compile(r"[a-z0-9]+")


class Catalogue:
    """Every known provider, found by what betrays it.

    programs  those that sites serve themselves
    states    country by the ending under which only a State's own bodies stand (`gouv.fr`)
    """

    def __init__(
        self,
        providers: Iterable[KnownProvider],
        companies: Iterable[Company],
        *,
        version: str,
        programs: Iterable[Program] = (),
        states: Mapping[str, str] | None = None,
    ) -> None:
        self.version = version
        self.providers = {one.slug: one for one in providers}
        self.companies = {one.slug: one for one in companies}
        self.programs = tuple(programs)
        self.states = dict(states or {})

    @cached_property
    def _by_sign(self) -> Mapping[Sign, Mapping[str, str]]:
        found: dict[Sign, dict[str, str]] = {sign: {} for sign in Sign}
        for one in self.providers.values():
            for sign, patterns in one.signs.items():
                for pattern in patterns:
                    found[sign].setdefault(pattern.lower(), one.slug)
        return found

    @cached_property
    def _by_asn(self) -> Mapping[int, str]:
        return {asn: one.slug for one in self.providers.values() for asn in (*one.asn, *one.cdn_asn)}

    @cached_property
    def _proxies(self) -> frozenset[int]:
        return frozenset(asn for one in self.providers.values() for asn in one.cdn_asn)

    @cached_property
    def _of_pages(self) -> Mapping[str, list[tuple[str, Sign, str]]]:
        """Beginning of a path, sign and slug by the end of a host, the longest path first."""
        found: dict[str, list[tuple[str, Sign, str]]] = defaultdict(list)
        for sign in OF_PAGES:
            for pattern, slug in self._by_sign[sign].items():
                host, slash, path = pattern.partition("/")
                found[host].append((slash + path, sign, slug))
        return {host: sorted(rows, key=lambda row: (-len(row[0]), row[1:])) for host, rows in found.items()}

    @cached_property
    def _of_headers(self) -> Mapping[Sign, Mapping[str, list[tuple[str, str]]]]:
        """Word of the value and slug by the header's name, by sign; names that end in `*` are beginnings."""
        found: dict[Sign, dict[str, list[tuple[str, str]]]] = {}
        for sign in (Sign.CDN_HEADERS, Sign.HOST_HEADERS):
            found[sign] = defaultdict(list)
            for pattern, slug in self._by_sign[sign].items():
                name, _colon, word = pattern.partition(":")
                found[sign][name.strip()].append((word.strip(), slug))
        return found

    @cached_property
    def _of_files(self) -> Mapping[str, Program]:
        return {file: one for one in self.programs for file in one.files}

    @cached_property
    def _of_labels(self) -> Mapping[str, Program]:
        return {label: one for one in self.programs for label in one.labels}

    def known(self, sign: Sign, host: str) -> str:
        """Slug of the provider whose pattern ends this name, the longest pattern winning; empty when none does."""
        patterns = self._by_sign[sign]
        return next((patterns[end] for end in endings(host) if end in patterns), "")

    def asked(self, host: str, path: str) -> Mapping[Sign, str]:
        """Slugs by what a page asks this address for: the longest pattern decides, with all its signs.

        A host that is only known for what stands there, or as someone's host, is found under `hosts`.
        """
        for end in endings(host):
            rows = [row for row in self._of_pages.get(end, ()) if _is_below(path, row[0])]
            if rows:
                longest = len(rows[0][0])
                return {sign: slug for start, sign, slug in rows if len(start) == longest}
        slug = self.known(Sign.CDN, host) or self.known(Sign.CNAME, host)
        return {Sign.HOSTS: slug} if slug else {}

    def program(self, host: str, path: str) -> Program | None:
        """The program that a file's name, or a host's first label, gives away."""
        file = path.rpartition("/")[2].lower()
        return self._of_files.get(file) or self._of_labels.get(host.partition(".")[0])

    def in_headers(self, sign: Sign, headers: Mapping[str, str], cookies: Iterable[str] = ()) -> dict[str, str]:
        """Slugs of those who left a header or a cookie (told as `set-cookie: its name`), each with the first of them.

        headers  names in lower case
        cookies  by their names; attributes after a semicolon do not count
        """
        told = [(name, value.lower()) for name, value in headers.items() if name != "set-cookie"]
        told += [("set-cookie", one.partition(";")[0].lower()) for one in cookies]
        patterns, found = self._of_headers[sign], dict[str, str]()
        starts = [one[:-1] for one in patterns if one.endswith("*")]
        for name, value in sorted(told):
            rows = [
                *patterns.get(name, ()),
                *(row for one in starts if name.startswith(one) for row in patterns[f"{one}*"]),
            ]
            for word, slug in rows:
                if not word or _holds(value, word):
                    found.setdefault(slug, f"{name}: {word}" if word else name)
        return found

    def authority(self, organisation: str) -> str:
        """Slug of the certificate authority by the name of its organisation, word by word; or empty."""
        words = WORDS.findall(organisation.lower())
        named = [
            (len(own), slug)
            for pattern, slug in self._by_sign[Sign.CA].items()
            if (own := WORDS.findall(pattern)) and words[: len(own)] == own
        ]
        return max(named, default=(0, ""))[1]

    def state_of(self, name: str) -> str:
        """The country whose State alone stands under this name's ending; empty where anyone may."""
        return next((self.states[end] for end in endings(name) if end in self.states), "")

    def is_namesake(self, host: str, slug: str) -> bool:
        """Whether a name only ends like a domain at which this provider gives addresses, without being below it.

        The communes of Orange, Florange, Bourganeuf and Moussy-le-Neuf are no telecom's customers for their names.
        """
        provider = self.providers.get(slug)
        words = [one.partition(".")[0] for one in provider.signs.get(Sign.ADDRESSES, ())] if provider else []
        return any(label != word and label.endswith(word) for label in host.split(".") for word in words)

    def of_system(self, asn: int) -> str:
        """Slug of the provider that runs an autonomous system, or empty."""
        return self._by_asn.get(asn, "")

    def is_proxy(self, asn: int) -> bool:
        """Whether only proxies stand in this system, so that it says nothing of the host behind."""
        return asn in self._proxies

    def owners(self, slug: str) -> list[Company]:
        """The provider's company, its owner, and so on up to the last."""
        return self.chain(self.providers[slug].company) if slug in self.providers else []

    def chain(self, slug: str) -> list[Company]:
        """A company, its owner, and so on up to the last."""
        found: list[Company] = []
        company = self.companies.get(slug)
        while company and company not in found:
            found.append(company)
            company = self.companies.get(company.owner)
        return found

    def country_of(self, holder: str, *, own: str) -> str:
        """Where the last owner of whoever holds a layer has its seat; empty where nothing tells.

        holder  slug, `self`, or the registrable domain of an operator in no list
        own     country of the territory itself
        """
        owners = self.owners(holder)
        if owners:
            return owners[-1].country
        return own if holder == SELF else self.state_of(holder)

    def bound_by(self, holder: str, *, own: str = "") -> str:
        """The country whose law counts of whoever holds a layer: of its company and its owners the weakest.

        holder, own  as of `country_of`
        """
        owners = self.owners(holder)
        return weakest(one.country for one in owners) if owners else self.country_of(holder, own=own)

    def law(self, holder: str, *, own: str = "") -> Law:
        """The law that counts of whoever holds a layer; `holder` and `own` as of `country_of`."""
        return law_of(self.bound_by(holder, own=own))


def _is_below(path: str, start: str) -> bool:
    """Whether a path is another or stands below it, on the boundaries of its parts.

    >>> _is_below("/maps/embed", "/maps"), _is_below("/mapstudio", "/maps"), _is_below("/", "")
    (True, False, True)
    """
    return not start or path == start or path.startswith(f"{start}/")


def _holds(value: str, word: str) -> bool:
    """Whether a value holds a word where one begins.

    >>> _holds("miss from cloudfront", "cloudfront"), _holds("cache-cdg-1", "cache-"), _holds("mycache-1", "cache-")
    (True, True, False)
    """
    return word in value and re.search(rf"(?<![a-z0-9]){re.escape(word)}", value) is not None
