"""What a visit to a site shows: how it answers, by what certificate, and what its page asks of others."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import date, datetime
from enum import StrEnum


class Ending(StrEnum):
    """How a visit ended."""

    ANSWERED = "answered"
    NO_NAME = "no name"
    REFUSED = "refused"
    TIMEOUT = "time-out"
    TLS = "tls"  # no encrypted connection came about, or its certificate is not valid for this name and day
    PRIVATE = "private"  # leads to an address that is not public: not followed
    REDIRECTS = "redirects"  # goes round, or on and on
    TOO_LARGE = "too large"
    UNREADABLE = "unreadable"
    FORBIDDEN = "forbidden by robots.txt"


@dataclass(frozen=True)
class Certificate:
    """The server's own certificate.

    issuer    organisation that signed it, as it stands there; empty where none does
    problem   why a client refuses it; empty where it does not
    """

    subject: str
    names: tuple[str, ...]
    issuer: str
    issuer_name: str
    valid_from: date
    valid_until: date
    problem: str = ""


@dataclass(frozen=True)
class Link:
    """A certificate above the server's own: its name, the organisation and name of whoever signed it, its last day."""

    subject: str
    issuer: str
    issuer_name: str
    valid_until: date

    @property
    def is_root(self) -> bool:
        """Whether it is signed by itself: what a client trusts to begin with."""
        return self.subject == self.issuer_name != ""


@dataclass(frozen=True)
class Secured:
    """An encrypted connection: protocol version (`TLSv1.3`), and the certificate where it could be read.

    chain  above the certificate, the nearest first: as a client follows it to a root that it trusts, else as it was
           sent; empty in facts of before it was read
    """

    version: str
    certificate: Certificate | None
    chain: tuple[Link, ...] = ()


@dataclass(frozen=True)
class Hop:
    """One answer on the way: its address, its status, and the IP address that gave it."""

    url: str
    status: int
    address: str = ""


@dataclass(frozen=True)
class Visit:
    """One way into a site, followed to its end.

    start    the address that was asked first
    hops     answers in order, the last one being that of the page
    headers  of the last answer, names in lower case; cookies without their values
    """

    start: str
    ending: Ending
    hops: tuple[Hop, ...] = ()
    secured: Secured | None = None
    headers: Mapping[str, str] = field(default_factory=dict)
    cookies: tuple[str, ...] = ()

    @property
    def final(self) -> str:
        """The address where it ended."""
        return self.hops[-1].url if self.hops else self.start

    @property
    def status(self) -> int | None:
        """The last status, where anything answered."""
        return self.hops[-1].status if self.hops else None


class Kind(StrEnum):
    """What a page asks another address for."""

    SCRIPT = "script"
    STYLE = "style"
    FONT = "font"
    FRAME = "frame"
    IMAGE = "image"
    MEDIA = "media"
    HINT = "hint"  # preconnect, prefetch
    OTHER = "other"


@dataclass(frozen=True)
class Resource:
    """Something that the page has a browser ask for, before anyone clicks."""

    kind: Kind
    host: str
    url: str


@dataclass(frozen=True)
class Page:
    """What the page itself says.

    legal_notice, accessibility, privacy   address of the linked page; empty where no link is found
    """

    url: str
    language: str = ""
    title: str = ""
    generator: str = ""
    resources: tuple[Resource, ...] = ()
    legal_notice: str = ""
    accessibility: str = ""
    accessibility_claim: str = ""
    privacy: str = ""
    is_cut: bool = False
    has_inline_scripts: bool = False

    @property
    def is_whole(self) -> bool:
        """Whether its text shows all that it asks for: scripts and frames may ask for more, a cut page too."""
        goes_on = self.has_inline_scripts or any(one.kind in {Kind.SCRIPT, Kind.FRAME} for one in self.resources)
        return not (self.is_cut or goes_on)


@dataclass(frozen=True)
class Site:
    """What was seen of one domain's site.

    ways  into it: http and https, with and without www, in this order
    page  of the first way that leads to one; None where none does
    over_ipv6  whether it answered over IPv6; None where that was not tried
    """

    domain: str
    visited_at: datetime
    ways: tuple[Visit, ...]
    page: Page | None = None
    over_ipv6: bool | None = None

    def way(self, scheme: str, *, www: bool) -> Visit | None:
        """The way that begins so, if it was tried."""
        start = f"{scheme}://{'www.' if www else ''}{self.domain}/"
        return next((one for one in self.ways if one.start == start), None)
