"""Where a site stands: the proxy in front, the host behind, and the authority that signs its certificate."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property
from typing import NamedTuple
from urllib.parse import urlsplit

from arobase.observatory.rules.companies import SELF, Sign, names_a_host
from arobase.observatory.rules.evidence import Evidence, Reason
from arobase.observatory.rules.layers.reading import (
    NOTHING_THERE,
    Reading,
    found,
    grouped,
    is_no_name,
    nobody,
    plain,
    unknown,
)
from arobase.observatory.rules.profile import Certainty, Held, Layer, LayerVerdict, State
from arobase.observatory.rules.reverse import reverse_name
from arobase.observatory.rules.visits import Ending, Link, Secured, Site, Visit

SURENESS = [Certainty.SURE, Certainty.LIKELY, Certainty.UNSURE].index


@dataclass(frozen=True)
class Seen:
    """Where a site stands.

    layers    proxy and host of its page, and the authority of the certificate
    leads_to  host of that page where it is under another registered name than the domain; else empty
    through   then the proxy and the host of the domain itself, as far as they are found: they serve the redirect
    """

    layers: Mapping[Layer, LayerVerdict]
    leads_to: str = ""
    through: Mapping[Layer, LayerVerdict] = field(default_factory=dict)


def read(reading: Reading, *, is_page_anothers: bool = False) -> Seen:
    """Proxy, host and authority of a domain's site: of the page, wherever the domain leads.

    is_page_anothers  whether the page that was seen is not the one declared: where it leads, that one need not
    """
    site, visit = reading.facts.site, _visit(reading.facts.site)
    final = _host(visit.final) if visit else ""
    ca = {Layer.CA: _authority(reading, site, visit)}
    if not visit or not final or reading.registrable(final) == reading.own:
        return Seen(_Place(reading, final or _first_host(reading), visit).layers() | ca)
    start = [one.address for one in visit.hops if reading.registrable(_host(one.url)) == reading.own]
    through = _Place(reading, _first_host(reading), None, start[-1] if start else "").layers()
    if is_page_anothers:
        return Seen(through | {Layer.CA: unknown(Reason.ANOTHERS_PAGE, reading.facts.domain)})
    page = _Elsewhere(reading, final, visit, visit.hops[-1].address if visit.hops else "")
    return Seen(page.layers() | ca, final, {layer: one for layer, one in through.items() if one.held})


def _visit(site: Site | None) -> Visit | None:
    """The way that leads to the page, else the first that was answered, encrypted before plain."""
    answered = [one for one in site.ways if one.ending is Ending.ANSWERED] if site else []
    page = site.page.url if site and site.page else ""
    order = sorted(answered, key=lambda one: (one.final != page, not one.final.startswith("https:")))
    return order[0] if order else None


def _host(url: str) -> str:
    return plain(urlsplit(url).hostname or "")


def _first_host(reading: Reading) -> str:
    """`www` where it exists, else the apex."""
    www = f"www.{reading.facts.domain}"
    return www if reading.addresses(www) or reading.aliases(www) else reading.facts.domain


class _Known(NamedTuple):
    """What tells of the host, the most direct first."""

    evidence: list[Evidence]
    certainty: Certainty


class _Place:
    """A host's place on the network, read once.

    visit  the answer whose headers tell of this host; None where it only redirects, or was not visited
    seen   the address that answered, which counts where name servers told none
    """

    def __init__(self, reading: Reading, host_name: str, visit: Visit | None, seen: str = "") -> None:
        self.reading = reading
        self.host_name = host_name
        self.visit = visit
        self.seen = seen or (visit.hops[-1].address if visit and visit.hops else "")
        self.domain = reading.facts.domain
        self.own = reading.own

    def layers(self) -> dict[Layer, LayerVerdict]:
        front = self.front()
        return {Layer.CDN: front, Layer.HOSTING: self.host(front)}

    @cached_property
    def chain(self) -> tuple[str, ...]:
        """The aliases of the host at which visitors end, else those of `www` and of the apex."""
        names = (self.host_name, f"www.{self.domain}", self.domain)
        return next((chain for name in names if (chain := self.reading.aliases(name))), ())

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        return self.reading.addresses(self.host_name) or ((self.seen,) if self.seen else ())

    @property
    def shelter(self) -> str:
        """Slug of whoever gives sites below a domain of its own, where this is one of them; else empty."""
        return self.reading.shelter

    @cached_property
    def serving(self) -> tuple[str, ...]:
        """Addresses at which every visitor finds the site: of IPv4 where it has any, for many clients know no other.

        An IPv6 address elsewhere is no replacement for them, and when it fails clients fall back (RFC 8305).
        """
        return tuple(one for one in self.addresses if ":" not in one) or self.addresses

    def front(self) -> LayerVerdict:
        """Who stands in front: by alias, by the system of the address, by what it writes into the answer."""
        catalogue = self.reading.catalogue
        evidence = [
            Evidence(Reason.SITE_ALIAS, name, slug) for name in self.chain if (slug := catalogue.known(Sign.CDN, name))
        ]
        for system in self.reading.systems(self.addresses):
            if catalogue.is_proxy(system):
                evidence.append(Evidence(Reason.SYSTEM, f"AS{system}", catalogue.of_system(system)))
        evidence += self._in_headers(Sign.CDN_HEADERS)
        if evidence:
            return found(self._in_front(grouped(evidence)))
        if self.visit or (self.addresses and all(one in self.reading.facts.networks for one in self.addresses)):
            return nobody(Reason.NO_PROXY, self.domain)
        return unknown(Reason.NOT_VISITED, self.domain)

    def _in_front(self, by_slug: Mapping[str, list[Evidence]]) -> list[Held]:
        """Several stand one behind the other: the address is that of the first, which its system tells."""
        first = {self.reading.catalogue.of_system(one) for one in self.reading.systems(self.addresses)} & set(by_slug)
        return [
            self.reading.hold(slug, own, addresses=self.addresses if slug in first or not first else ())
            for slug, own in by_slug.items()
        ]

    def host(self, front: LayerVerdict) -> LayerVerdict:
        """Who runs the machine; behind a proxy only an alias or a header of its own can tell."""
        addresses = () if front.state is State.FOUND else self.serving
        if told := self._by_address() or self._by_alias() or self._by_header():
            because = [*told.evidence, *self.reading.in_systems(addresses)]
            slug = told.evidence[0].slug
            return found([self.reading.hold(slug, because, certainty=told.certainty, addresses=addresses)])
        if front.state is State.FOUND:
            return unknown(Reason.BEHIND_PROXY, self.domain, front.held[0].provider)
        if placed := self._placed(addresses):
            return found(placed)
        if self._has_no_address() and not self.visit:
            return nobody(Reason.NO_SITE, self.domain)
        reason = Reason.NO_NETWORK if self.addresses else Reason.NOT_ASKED
        return unknown(reason, self.addresses[0] if self.addresses else self.domain)

    def _by_address(self) -> _Known | None:
        """A site below a domain at which somebody gives sites to anyone."""
        slug = self.shelter
        return _Known([Evidence(Reason.SITE_ADDRESS, self.domain, slug)], Certainty.SURE) if slug else None

    def _by_alias(self) -> _Known | None:
        """A host that a list knows, the nearest to the machine; else the last name that is somebody else's."""
        known = [
            Evidence(Reason.SITE_ALIAS, name, slug)
            for name in reversed(self.chain)
            if (slug := self.reading.catalogue.known(Sign.CNAME, name))
        ]
        if known:
            return _Known(known[:1], Certainty.SURE)
        foreign = [
            name
            for name in reversed(self.chain)
            if self.reading.registrable(name) != self.own and not self.reading.catalogue.known(Sign.CDN, name)
        ]
        if not foreign:
            return None
        operator = self.reading.registrable(foreign[0])
        return _Known([Evidence(Reason.SITE_ALIAS, foreign[0], operator)], Certainty.LIKELY)

    def _by_header(self) -> _Known | None:
        told = sorted(self._in_headers(Sign.HOST_HEADERS))
        return _Known(told[:1], Certainty.LIKELY) if told else None

    def _placed(self, addresses: Sequence[str]) -> list[Held]:
        """Whoever runs a machine at one of these addresses: each serves the whole site, in the others' place too."""
        told = {address: known for address in addresses if (known := self._at(address))}
        by_slug = grouped(piece for known in told.values() for piece in known.evidence)
        return [
            self.reading.hold(
                slug,
                because,
                certainty=min((one.certainty for one in told.values() if one.evidence[0].slug == slug), key=SURENESS),
                addresses=[address for address, one in told.items() if one.evidence[0].slug == slug],
            )
            for slug, because in by_slug.items()
        ]

    def _at(self, address: str) -> _Known | None:
        """The network in which a machine stands: a known one's, else by the machine's name, else by its number."""
        systems = [one for one in self.reading.systems([address]) if not self.reading.catalogue.is_proxy(one)]
        if known := self.reading.in_systems([address] if systems else []):
            return _Known(known[:1], Certainty.LIKELY)
        if reversed_ := self._by_reverse(address):
            return reversed_
        unlisted = [Evidence(Reason.SYSTEM, f"AS{one}", f"as{one}") for one in systems]
        return _Known(unlisted[:1], Certainty.UNSURE) if unlisted else None

    def _by_reverse(self, address: str) -> _Known | None:
        """The name that an address gives itself (RFC 1035, section 3.5): whoever holds the address writes it."""
        told = map(plain, sorted(self.reading.facts.records(reverse_name(address), "PTR")))
        names = [one for one in told if names_a_host(one)]
        if not names:
            return None
        operator = self.reading.operator(Sign.CNAME, names[0])
        certainty = Certainty.UNSURE if operator == SELF else Certainty.LIKELY
        return _Known([Evidence(Reason.REVERSE, names[0], operator)], certainty)

    def _in_headers(self, sign: Sign) -> list[Evidence]:
        if self.visit is None:
            return []
        told = self.reading.catalogue.in_headers(sign, self.visit.headers, self.visit.cookies)
        return [Evidence(Reason.HEADER, seen, slug) for slug, seen in told.items()]

    def _has_no_address(self) -> bool:
        names = (self.domain, f"www.{self.domain}")
        return is_no_name(self.reading.facts) or all(self._is_nothing(name) for name in names)

    def _is_nothing(self, name: str) -> bool:
        outcomes = {self.reading.facts.outcome(name, type) for type in ("A", "AAAA")}
        return bool(outcomes & NOTHING_THERE) and outcomes <= NOTHING_THERE | {None}


class _Elsewhere(_Place):
    """A page under another registered name: nobody asked about that name, so that the address that answered tells."""

    def __init__(self, reading: Reading, host_name: str, visit: Visit, seen: str) -> None:
        super().__init__(reading, host_name, visit, seen)
        self.domain = host_name
        self.own = reading.registrable(host_name)

    @cached_property
    def chain(self) -> tuple[str, ...]:
        return self.reading.aliases(self.host_name)

    @cached_property
    def addresses(self) -> tuple[str, ...]:
        return (self.seen,) if self.seen else self.reading.addresses(self.host_name)

    @property
    def shelter(self) -> str:
        return self.reading.catalogue.known(Sign.SITES, self.host_name)


def _authority(reading: Reading, site: Site | None, visit: Visit | None) -> LayerVerdict:
    """Who signed the certificate that the site shows, and whose root that signer stands on where it is another's.

    The certificate's last day is the layer's `until`.
    """
    secured = _secured(site, visit)
    certificate = secured.certificate if secured else None
    if secured and certificate and (issuer := certificate.issuer or certificate.issuer_name):
        is_own = certificate.issuer_name == certificate.subject != ""
        signer = reading.catalogue.authority(certificate.issuer) or (SELF if is_own else issuer)
        links = " ← ".join(f"{one.subject or one.issuer} ({one.valid_until})" for one in secured.chain)
        because = [Evidence(Reason.ISSUER, issuer, signer)]
        because += [Evidence(Reason.CHAIN, links, signer)] if links else []
        held = (reading.hold(signer, because), *_root(reading, secured.chain, signer))
        return LayerVerdict(State.FOUND, held, certificate.valid_until)
    encrypted = [one for one in site.ways if one.start.startswith("https:")] if site else []
    if encrypted and visit and all(one.ending is Ending.REFUSED for one in encrypted):
        return nobody(Reason.NO_CERTIFICATE, reading.facts.domain)
    return unknown(Reason.NOT_READ if site else Reason.NOT_VISITED, reading.facts.domain)


def _root(reading: Reading, chain: Sequence[Link], signer: str) -> list[Held]:
    """Whoever's root the chain ends at, where lists know it for another company than the signer.

    A chain that ends at no root tells none: several may lead on from there, where authorities sign each other's.
    """
    root = chain[-1] if chain and chain[-1].is_root else None
    slug = reading.catalogue.authority(root.issuer) if root else ""
    if not root or not slug or slug == signer:
        return []
    return [reading.hold(slug, [Evidence(Reason.ROOT, root.subject, slug)])]


def _secured(site: Site | None, visit: Visit | None) -> Secured | None:
    """That of the way to the page, else the first that was read, valid ones before others."""
    ways = [*([visit] if visit else []), *(site.ways if site else ())]
    read = [(one.secured, one.secured.certificate) for one in ways if one.secured and one.secured.certificate]
    return next((secured for secured, shown in read if not shown.problem), read[0][0] if read else None)
