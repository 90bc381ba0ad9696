"""The referential's first part: is the site declared, reachable, encrypted, and is it the town's (RPNT 1.1 to 1.8)?"""

from collections.abc import Iterator, Sequence
from urllib.parse import urlsplit

from arobase.observatory.rules.criteria.finding import Finding, Met, Why, met, unknown, unmet
from arobase.observatory.rules.criteria.presence import Presence, Registrable, bare
from arobase.observatory.rules.criteria.referential import Criterion, has_sovereign_ending
from arobase.observatory.rules.visits import Ending, Site, Visit

# How a visit may end otherwise than with a page, and what that says: None where it says nothing of the site.
_FAULTS = {
    Ending.NO_NAME: Why.NO_NAME,
    Ending.REFUSED: Why.REFUSED,
    Ending.REDIRECTS: Why.GOES_ROUND,
    Ending.PRIVATE: Why.PRIVATE_ADDRESS,
    Ending.TLS: Why.NO_ENCRYPTION,
}
_SILENCES = {Ending.TIMEOUT: Why.NO_ANSWER, Ending.UNREADABLE: Why.NO_ANSWER, Ending.FORBIDDEN: Why.ROBOTS}
_FOR_PEOPLE_ONLY = frozenset({401, 403, 429})


def web_findings(presence: Presence, *, registrable: Registrable) -> tuple[Finding, ...]:
    """The findings 1.1 to 1.8, in this order."""
    if presence.host:
        found = tuple(_of_site(presence, registrable))
        return tuple(map(_of_host_alone, found)) if presence.is_page_anothers else found
    if presence.site is None:
        return tuple(unknown(one, Why.NOT_MEASURED) for one in _ALL)
    first = unmet(Criterion.SITE_DECLARED, Why.NOT_AN_ADDRESS if presence.site.strip() else Why.NOTHING_DECLARED)
    return first, *(unmet(one, Why.NO_SITE) for one in _ALL[1:])


_ALL = tuple(one for one in Criterion if one.startswith("1."))


# What the front page alone does: whoever declares another page of the host is not judged by it.
_OF_ITS_PAGE = frozenset({Why.ERROR_PAGE, Why.GOES_ROUND, Why.LEADS_ELSEWHERE})


def _of_host_alone(one: Finding) -> Finding:
    """What a finding on the front page says of another page of the same host."""
    leads_on = one.criterion == Criterion.STAYS and one.met is Met.MET
    return unknown(one.criterion, Why.ANOTHERS_PAGE, one.seen) if leads_on or one.why in _OF_ITS_PAGE else one


def _of_site(presence: Presence, registrable: Registrable) -> Iterator[Finding]:
    yield met(Criterion.SITE_DECLARED, [presence.host])
    yield _ending(presence.host)
    site = presence.web.site if presence.web else None
    if site is None:
        yield from (unknown(one, Why.NOT_MEASURED) for one in _ALL[2:-1])
    else:
        is_www = presence.host != presence.domain
        plain, secured = (_way(presence, site, scheme, www=is_www) for scheme in ("http", "https"))
        yield _reachable([one for one in (secured, plain) if one])
        yield _https(plain, secured)
        yield _certificate(secured)
        yield _stays(presence.domain, [one for one in (secured, plain) if one], registrable)
        has_variant = registrable(presence.domain) == presence.domain
        wanted = [_way(presence, site, scheme, www=www) for scheme in ("http", "https") for www in (False, True)]
        yield _redirects(wanted if has_variant else [plain, secured])
    yield _declared_in_https(presence)


def _way(presence: Presence, site: Site, scheme: str, *, www: bool) -> Visit | None:
    """A way into the site, None where it was not tried; it has no name only where name servers said so."""
    if way := site.way(scheme, www=www):
        return way
    host = f"{'www.' if www else ''}{site.domain}"
    return Visit(f"{scheme}://{host}/", Ending.NO_NAME) if presence.web and presence.web.has_no_address(host) else None


def is_page(visit: Visit | None) -> bool:
    """Whether a visit came to a page."""
    return visit is not None and _is_reached(visit) and visit.status in range(200, 300)


def _is_reached(visit: Visit) -> bool:
    """Whether a server answered at the end; what it sent may be too large or unreadable for us."""
    told = visit.ending is Ending.ANSWERED and visit.status is not None
    return told or (visit.ending in {Ending.TOO_LARGE, Ending.UNREADABLE} and visit.status in range(200, 300))


def _ending(host: str) -> Finding:
    seen = [f".{host.rpartition('.')[2]}"]
    if has_sovereign_ending(host):
        return met(Criterion.SOVEREIGN_ENDING, seen)
    return unmet(Criterion.SOVEREIGN_ENDING, Why.ENDING, seen)


def _reachable(ways: Sequence[Visit]) -> Finding:
    """One way to a page is enough; the first that fails says why there is none."""
    if any(is_page(one) for one in ways):
        return met(Criterion.REACHABLE, [next(one.final for one in ways if is_page(one))])
    silent = [one for one in ways if one.ending in _SILENCES]
    guarded = [one for one in ways if _is_reached(one) and one.status in _FOR_PEOPLE_ONLY]
    if guarded:
        return unknown(Criterion.REACHABLE, Why.GUARDED, [f"{guarded[0].status} {guarded[0].final}"])
    if silent or not ways:
        return unknown(Criterion.REACHABLE, _SILENCES[silent[0].ending] if silent else Why.NOT_MEASURED)
    return _fault(Criterion.REACHABLE, ways[-1])


def _fault(criterion: Criterion, visit: Visit) -> Finding:
    """Why a visit came to no page."""
    if visit.ending in _SILENCES:
        return unknown(criterion, _SILENCES[visit.ending], [visit.final])
    if _is_reached(visit):
        if visit.status in _FOR_PEOPLE_ONLY:
            return unknown(criterion, Why.GUARDED, [f"{visit.status} {visit.final}"])
        return unmet(criterion, Why.ERROR_PAGE, [f"{visit.status} {visit.final}"])
    return unmet(criterion, _FAULTS.get(visit.ending, Why.ERROR_PAGE), [visit.final])


def _https(plain: Visit | None, secured: Visit | None) -> Finding:
    """Encryption is offered, and whoever types the address without it is led there."""
    if secured is None:
        return unknown(Criterion.HTTPS, Why.NOT_MEASURED)
    if secured.secured is None and not _is_reached(secured):
        return _fault(Criterion.HTTPS, secured)
    if secured.hops and _is_reached(secured) and not secured.final.startswith("https://"):
        return unmet(Criterion.HTTPS, Why.STAYS_ON_HTTP, [secured.final])
    if is_page(plain) and plain is not None and not plain.final.startswith("https://"):
        return unmet(Criterion.HTTPS, Why.STAYS_ON_HTTP, [plain.final])
    return met(Criterion.HTTPS, [secured.secured.version] if secured.secured else [])


def _certificate(secured: Visit | None) -> Finding:
    if secured is None:
        return unknown(Criterion.CERTIFICATE, Why.NOT_MEASURED)
    certificate = secured.secured.certificate if secured.secured else None
    if certificate and certificate.problem:
        seen = [certificate.problem, certificate.valid_until.isoformat()]
        return unmet(Criterion.CERTIFICATE, Why.CERTIFICATE, seen)
    if secured.ending is Ending.TLS:
        return unmet(Criterion.CERTIFICATE, Why.NO_ENCRYPTION, [secured.final])
    if certificate:
        return met(Criterion.CERTIFICATE, [certificate.issuer or certificate.issuer_name])
    return _fault(Criterion.CERTIFICATE, secured) if secured.ending in _FAULTS else _unread(secured)


def _unread(secured: Visit) -> Finding:
    return unknown(Criterion.CERTIFICATE, _SILENCES.get(secured.ending, Why.NOT_MEASURED))


def _stays(domain: str, ways: Sequence[Visit], registrable: Registrable) -> Finding:
    """Under the same registered name all the way: another host of the town's own is no other site."""
    pages = [one for one in ways if is_page(one)]
    if not pages:
        return _reachable_or(ways)
    ends = [urlsplit(one.final).hostname or "" for one in pages]
    foreign = [host for host in ends if registrable(bare(host)) != registrable(domain)]
    if foreign:
        return unmet(Criterion.STAYS, Why.LEADS_ELSEWHERE, foreign[:1])
    return met(Criterion.STAYS, ends[:1])


def _reachable_or(ways: Sequence[Visit]) -> Finding:
    """Where no page is reached, nobody can say where it would have led, and the State's program says: not there."""
    found = _reachable(ways)
    return Finding(Criterion.STAYS, found.met, found.why, found.seen)


def _redirects(ways: Sequence[Visit | None]) -> Finding:
    """Each way leads to a page in https, and all of them to the same host."""
    if any(one is None for one in ways):
        return unknown(Criterion.REDIRECTS, Why.NOT_MEASURED)
    tried = [one for one in ways if one]
    faults = [_variant_fault(one) for one in tried if not is_page(one)]
    if faults:
        return next((one for one in faults if one.met is Met.NOT_MET), faults[0])
    open_ends = [one.final for one in tried if not one.final.startswith("https://")]
    if open_ends:
        return unmet(Criterion.REDIRECTS, Why.STAYS_ON_HTTP, open_ends[:1])
    ends = sorted({urlsplit(one.final).hostname or "" for one in tried})
    if len(ends) > 1:
        return unmet(Criterion.REDIRECTS, Why.VARIANTS_DIFFER, ends)
    return met(Criterion.REDIRECTS, ends)


def _variant_fault(visit: Visit) -> Finding:
    if visit.ending is Ending.NO_NAME:
        return unmet(Criterion.REDIRECTS, Why.NO_VARIANT, [urlsplit(visit.start).hostname or ""])
    return _fault(Criterion.REDIRECTS, visit)


def _declared_in_https(presence: Presence) -> Finding:
    told = (presence.site or "").strip()
    if presence.scheme == "https":
        return met(Criterion.HTTPS_DECLARED, [told])
    why = Why.HTTP_DECLARED if presence.scheme == "http" else Why.NOT_AN_ADDRESS
    return unmet(Criterion.HTTPS_DECLARED, why, [told], publish=[f"https://{presence.host}/"])
