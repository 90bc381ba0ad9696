"""Data protection on a territory's site: third parties and cookies before consent, what must be said, and safe headers.

A page that was only read shows what it asks for at once; what its scripts would fetch, a browser alone tells. So "none"
is said of a page without scripts, or after a browser looked, and is unknown otherwise.
"""

from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import UTC, date, datetime, time, timedelta
from enum import StrEnum
from urllib.parse import urlsplit

from arobase.observatory.rules import safeguards
from arobase.observatory.rules.criteria.finding import Finding, Why, met, unknown, unmet
from arobase.observatory.rules.facts import DomainFacts
from arobase.observatory.rules.providers import Catalogue, Law, Sign
from arobase.observatory.rules.trackers import tracker_of
from arobase.observatory.rules.visits import Kind, Page, Site, Visit
from arobase.observatory.rules.watched import Watched

Registrable = Callable[[str], str]
SOON = timedelta(days=21)
# A host is its owner's by whatever name betrays it; verification records are no hosts.
OF_HOSTS = tuple(sign for sign in Sign if sign is not Sign.TXT)


class Protection(StrEnum):
    """The criteria, with what asks for them; the last seven are good practice, not law."""

    NO_THIRD_PARTY = "no-third-party"  # GDPR, articles 5 and 25; loi 78-17, article 82 where it reads or writes
    NO_US_THIRD_PARTY = "no-us-third-party"  # GDPR, chapter V
    NO_TRACKING_COOKIE = "no-tracking-cookie"  # loi 78-17, article 82; CNIL 2020-091
    REFUSE_AS_EASILY = "refuse-as-easily"  # CNIL 2020-091 and 2020-092, 17 September 2020
    REFUSAL_KEPT = "refusal-kept"  # likewise; loi 78-17, article 82
    LEGAL_NOTICE = "legal-notice"  # loi 2004-575 (LCEN)
    PRIVACY_PAGE = "privacy-page"  # GDPR, articles 13 and 14
    ACCESSIBILITY = "accessibility"  # loi 2005-102, article 47; décret 2019-768
    HSTS = "hsts"  # RFC 6797
    CONTENT_POLICY = "csp"  # W3C, Content Security Policy Level 3
    NO_SNIFFING = "nosniff"  # Fetch standard, X-Content-Type-Options
    REFERRER = "referrer-policy"  # W3C, Referrer Policy
    LASTING_CERTIFICATE = "lasting-certificate"
    IPV6 = "ipv6"


# What a host does whatever page of it is asked for.
OF_HOST = frozenset({Protection.HSTS, Protection.LASTING_CERTIFICATE, Protection.IPV6})


def protect(
    facts: DomainFacts,
    catalogue: Catalogue,
    *,
    registrable: Registrable,
    watched: Watched | None = None,
    is_page_anothers: bool = False,
) -> tuple[Finding, ...]:
    """The findings on a site, in the order of `Protection`; all of them unknown where nobody visited or watched it.

    watched           what a browser saw of its page; as old as it may be to say something is for the caller to judge
    is_page_anothers  whether the page that was seen is not the one declared: only what holds for its host is told
    """
    found = _found(facts, catalogue, registrable, watched)
    if not is_page_anothers:
        return found
    foreign = [facts.domain]
    return tuple(
        one if one.criterion in OF_HOST else unknown(one.criterion, Why.ANOTHERS_PAGE, foreign) for one in found
    )


def _found(
    facts: DomainFacts, catalogue: Catalogue, registrable: Registrable, watched: Watched | None
) -> tuple[Finding, ...]:
    if facts.site is None and watched is None:
        return tuple(unknown(one, Why.NOT_MEASURED) for one in Protection)
    site = facts.site or Site(facts.domain, datetime.combine(facts.on, time(), UTC), ())
    return tuple(_Look(facts, site, catalogue, registrable, watched).findings())


@dataclass(frozen=True)
class _Look:
    """One site being looked at."""

    facts: DomainFacts
    site: Site
    catalogue: Catalogue
    registrable: Registrable
    watched: Watched | None

    def findings(self) -> Iterator[Finding]:
        yield self._third_parties()
        yield self._us_third_parties()
        yield self._cookies()
        yield self._refusing()
        yield self._refusal_kept()
        yield from self._said()
        yield from _headers(self.shown)
        yield _lasting(self.site.ways, self.facts.on)
        yield self._ipv6()

    @property
    def shown(self) -> Visit | None:
        """The visit that came to the page; where there is none, the first over https that ended anywhere."""
        page = self.site.page
        of_page = [one for one in self.site.ways if one.hops and page and one.final == page.url]
        over = [one for one in self.site.ways if one.hops and one.final.startswith("https://")]
        return next(iter(of_page or over), None)

    @property
    def own(self) -> frozenset[str]:
        """Registered names that are the site's own: the one declared, and those where it ended."""
        ends = [_host(self.site.page.url) if self.site.page else "", self.watched.final if self.watched else ""]
        return frozenset(map(self.registrable, [self.site.domain, *filter(None, ends)]))

    def asked(self) -> list[str]:
        """Foreign hosts that were asked for something before consent; hints alone ask for nothing."""
        if self.watched:
            hosts: Sequence[str] = self.watched.hosts
        else:
            resources = self.site.page.resources if self.site.page else ()
            hosts = [one.host for one in resources if one.kind is not Kind.HINT]
        return sorted({host for host in hosts if host and self.registrable(host) not in self.own})

    def _none(self, criterion: Protection) -> Finding:
        """What can be said where nothing was found."""
        if self.watched:
            return met(criterion) if self.watched.is_whole else unknown(criterion, Why.CUT)
        page = self.site.page
        if page is None:
            return unknown(criterion, Why.NOT_MEASURED)
        return met(criterion) if page.is_whole else unknown(criterion, Why.INCOMPLETE)

    def _third_parties(self) -> Finding:
        criterion, found = Protection.NO_THIRD_PARTY, self.asked()
        return unmet(criterion, Why.THIRD_PARTIES, found) if found else self._none(criterion)

    def _us_third_parties(self) -> Finding:
        criterion, laws = Protection.NO_US_THIRD_PARTY, {host: self._law(host) for host in self.asked()}
        if american := [host for host, law in laws.items() if law is Law.US]:
            return unmet(criterion, Why.LAW, american)
        if strangers := [host for host, law in laws.items() if law is Law.UNKNOWN]:
            return unknown(criterion, Why.NOT_LOCATED, strangers)
        return self._none(criterion)

    def _law(self, host: str) -> Law:
        slugs = (self.catalogue.known(sign, host) for sign in OF_HOSTS)
        return next((self.catalogue.law(slug) for slug in slugs if slug), Law.UNKNOWN)

    def _cookies(self) -> Finding:
        seen = self.watched.cookies if self.watched else self._first_cookies()
        if tracking := _trackers(seen):
            return unmet(Protection.NO_TRACKING_COOKIE, Why.TRACKING_COOKIES, tracking)
        if not self.watched and self.asked():  # whoever is asked may set one, and only a browser sees it
            return unknown(Protection.NO_TRACKING_COOKIE, Why.INCOMPLETE)
        return self._none(Protection.NO_TRACKING_COOKIE)

    def _first_cookies(self) -> tuple[tuple[str, str], ...]:
        """Cookies that the server itself set on the way."""
        told = [(cookie, _host(one.final)) for one in self.site.ways for cookie in one.cookies]
        return tuple((cookie.partition(";")[0].partition("=")[0].strip(), host) for cookie, host in told)

    def _refusing(self) -> Finding:
        criterion = Protection.REFUSE_AS_EASILY
        told = self.watched.refuses_as_easily if self.watched else None
        if told is None:
            return unknown(criterion, self._why_not_refused())
        return met(criterion) if told else unmet(criterion, Why.REFUSING_IS_HARDER)

    def _refusal_kept(self) -> Finding:
        criterion = Protection.REFUSAL_KEPT
        kept = self.watched.kept if self.watched else None
        if kept is None:
            return unknown(criterion, self._why_not_refused())
        tracking = _trackers(kept)
        return unmet(criterion, Why.TRACKED_ANYWAY, tracking) if tracking else met(criterion)

    def _why_not_refused(self) -> Why:
        if self.watched is None or self.watched.has_banner is None:
            return Why.NOT_MEASURED
        if self.watched.has_banner:
            return Why.NOT_TRIED
        return Why.NO_BANNER if self.watched.is_whole else Why.CUT

    def _said(self) -> Iterator[Finding]:
        """What the page must link to, and the accessibility claim that its home page must show."""
        page = self.site.page
        for criterion, link in (
            (Protection.LEGAL_NOTICE, page.legal_notice if page else ""),
            (Protection.PRIVACY_PAGE, page.privacy if page else ""),
            (Protection.ACCESSIBILITY, page.accessibility if page else ""),
        ):
            if link and criterion is Protection.ACCESSIBILITY and page and not page.accessibility_claim:
                yield unmet(criterion, Why.NO_CLAIM, [link])
            elif link:
                yield met(criterion, [link])
            else:
                yield _without_link(criterion, page)

    def _ipv6(self) -> Finding:
        if self.site.over_ipv6 is not None:
            return met(Protection.IPV6) if self.site.over_ipv6 else unmet(Protection.IPV6, Why.NO_IPV6)
        names = (self.site.domain, f"www.{self.site.domain}")
        asked = [name for name in names if self.facts.is_answered(name, "AAAA")]
        if asked and not any(self.facts.records(name, "AAAA") for name in asked):
            return unmet(Protection.IPV6, Why.NO_IPV6, asked)
        return unknown(Protection.IPV6, Why.NOT_MEASURED)


def _trackers(cookies: Iterable[tuple[str, str]]) -> list[str]:
    """Those that follow a visitor, with whose they are and who may read them."""
    return sorted({f"{name} ({tracker_of(name)}, {host})" for name, host in cookies if tracker_of(name)})


def _without_link(criterion: Protection, page: Page | None) -> Finding:
    if page is None:
        return unknown(criterion, Why.NOT_MEASURED)
    return unknown(criterion, Why.INCOMPLETE) if page.is_cut else unmet(criterion, Why.NO_LINK, [page.url])


def _headers(visit: Visit | None) -> Iterator[Finding]:
    """Headers of the page's own answer; over plain http browsers pass HSTS over (RFC 6797, section 8.1)."""
    criteria = (Protection.HSTS, Protection.CONTENT_POLICY, Protection.NO_SNIFFING, Protection.REFERRER)
    if visit is None or not visit.headers:
        yield from (unknown(one, Why.NOT_MEASURED) for one in criteria)
        return
    if visit.final.startswith("https://"):
        yield _hsts(visit.headers.get("strict-transport-security", ""))
    else:
        yield unmet(Protection.HSTS, Why.STAYS_ON_HTTP, [visit.final])
    yield _content_policy(visit.headers.get("content-security-policy", ""))
    yield _no_sniffing(visit.headers.get("x-content-type-options", ""))
    yield _referrer(visit.headers.get("referrer-policy", ""))


def _hsts(told: str) -> Finding:
    line = "Strict-Transport-Security: max-age=31536000"
    if not told:
        return unmet(Protection.HSTS, Why.NO_HEADER, publish=[line])
    read = safeguards.hsts(told)
    if read is None:
        return unmet(Protection.HSTS, Why.MALFORMED, [told], publish=[line])
    return (
        met(Protection.HSTS, [told]) if read.is_long else unmet(Protection.HSTS, Why.TOO_SHORT, [told], publish=[line])
    )


def _content_policy(told: str) -> Finding:
    """Any policy that is enforced and says where scripts may come from; how tight it is, a person must judge."""
    names = {part.split()[0].lower() for part in told.split(";") if part.split()}
    if names & {"default-src", "script-src"}:
        return met(Protection.CONTENT_POLICY, [told])
    line = "Content-Security-Policy: default-src 'self'"
    why = Why.TOO_LAX if told else Why.NO_HEADER
    return unmet(Protection.CONTENT_POLICY, why, [told] if told else [], publish=[line])


def _no_sniffing(told: str) -> Finding:
    if told.partition(",")[0].strip().lower() == "nosniff":
        return met(Protection.NO_SNIFFING, [told])
    why = Why.MALFORMED if told else Why.NO_HEADER
    line = "X-Content-Type-Options: nosniff"
    return unmet(Protection.NO_SNIFFING, why, [told] if told else [], publish=[line])


_REFERRERS = frozenset(
    ["no-referrer", "same-origin", "strict-origin", "strict-origin-when-cross-origin", "origin"]
    + ["origin-when-cross-origin", "no-referrer-when-downgrade", "unsafe-url"]
)
_TELLING = frozenset({"no-referrer-when-downgrade", "unsafe-url"})  # give the whole address to other sites


def _referrer(told: str) -> Finding:
    """The last value that a browser knows counts (Referrer Policy, section 8.1)."""
    known = [one for part in told.split(",") if (one := part.strip().lower()) in _REFERRERS]
    line = "Referrer-Policy: strict-origin-when-cross-origin"
    if not known:
        why = Why.MALFORMED if told else Why.NO_HEADER
        return unmet(Protection.REFERRER, why, [told] if told else [], publish=[line])
    if known[-1] in _TELLING:
        return unmet(Protection.REFERRER, Why.TOO_LAX, [told], publish=[line])
    return met(Protection.REFERRER, [told])


def _lasting(ways: Sequence[Visit], on: date) -> Finding:
    """Of all certificates met on the way in, the one that ends first."""
    criterion = Protection.LASTING_CERTIFICATE
    certificates = [one.secured.certificate for one in ways if one.secured and one.secured.certificate]
    if not certificates:
        return unknown(criterion, Why.NOT_MEASURED)
    first = min(certificates, key=lambda one: one.valid_until)
    seen = [first.valid_until.isoformat(), first.issuer or first.issuer_name]
    if first.valid_until < on:
        return unmet(criterion, Why.EXPIRED, seen)
    if problems := [one.problem for one in certificates if one.problem]:
        return unmet(criterion, Why.CERTIFICATE, [problems[0], *seen])
    return unmet(criterion, Why.ENDS_SOON, seen) if first.valid_until - on <= SOON else met(criterion, seen)


def _host(url: str) -> str:
    return urlsplit(url).hostname or ""
