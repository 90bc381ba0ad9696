"""What a browser saw of a site before anyone chose, after a refusal and after a consent: facts, and what follows."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from enum import StrEnum

from arobase.observatory.rules.mail import Registrable
from arobase.observatory.rules.visits import Ending


class Moment(StrEnum):
    """What was answered to the banner, each time by a visitor who was never there before."""

    BEFORE = "before"
    REFUSED = "refused"
    ACCEPTED = "accepted"


class Reply(StrEnum):
    """What came of answering the banner."""

    NOT_GIVEN = "not given"  # before consent nothing is clicked
    GIVEN = "given"
    NOT_OFFERED = "not offered"  # on the banner's first layer
    NOT_TAKEN = "not taken"  # its button could not be clicked
    NO_BANNER = "no banner"  # there was one before, not this time


@dataclass(frozen=True)
class Banner:
    """A banner that asks for consent, as first shown.

    tool     slug of the tool it was recognised as; empty where its words alone betrayed it
    refusal, acceptance, settings   whether its first layer offers them
    """

    tool: str
    refusal: bool
    acceptance: bool
    settings: bool


@dataclass(frozen=True)
class Request:
    """Something that was asked for.

    url      without query and fragment, which may hold identifiers
    kind     in Chromium's words (script, image, xhr, ping, websocket, …); `connection` where a connection was made and
             no request of the page is known to have used it
    status   None where nothing answered; `problem` says why: an Ending, or Chromium's word
    bytes    that came over the network, head included; 0 where that is not known
    at_s     seconds since the visit began
    """

    host: str
    url: str
    kind: str
    status: int | None
    bytes: int
    at_s: float
    problem: str = ""


@dataclass(frozen=True)
class Cookie:
    """A cookie that the browser holds at the end, without its value.

    domain      that may read it, without a leading dot
    lifetime_s  None: until the browser is closed
    by          host of the script that wrote it; empty where a server's answer did, or it is not known
    """

    name: str
    domain: str
    path: str
    secure: bool
    http_only: bool
    same_site: str
    lifetime_s: int | None
    by: str = ""


class Area(StrEnum):
    """Where a page may keep things, besides cookies."""

    LOCAL = "localStorage"
    SESSION = "sessionStorage"
    DATABASE = "indexedDB"
    CACHE = "cache"


@dataclass(frozen=True)
class StorageWrite:
    """Something kept in the browser, without its value.

    key    of the entry, or the name of the database or cache
    host   whose storage it is
    by     host of the script that wrote it; empty where it was found at the end and nobody was seen writing it
    at_s   None likewise
    """

    area: Area
    key: str
    host: str
    by: str
    at_s: float | None


@dataclass(frozen=True)
class FingerprintCall:
    """A call that tells devices apart. What it was made for is not known: a map calls WebGL too.

    api    as documented (`canvas.toDataURL`)
    by     host of the script
    at_s   of the first of them
    times  how often, counted up to the collector's limit
    """

    api: str
    host: str
    by: str
    at_s: float
    times: int = 1


@dataclass(frozen=True)
class Phase:
    """One visit by a new visitor.

    final        address where it ended; empty where no page came
    replied_at_s when the banner was answered; what is later comes after the choice, and the page is loaded once more
    asked_again  whether the banner is back after that second loading; None where there was none
    is_cut       whether the collector's limits ended it: what is listed is the beginning
    """

    moment: Moment
    ending: Ending
    final: str = ""
    reply: Reply = Reply.NOT_GIVEN
    replied_at_s: float | None = None
    asked_again: bool | None = None
    is_crashed: bool = False
    is_cut: bool = False
    banner: Banner | None = None
    requests: tuple[Request, ...] = ()
    cookies: tuple[Cookie, ...] = ()
    storage: tuple[StorageWrite, ...] = ()
    fingerprints: tuple[FingerprintCall, ...] = ()


@dataclass(frozen=True)
class Browsing:
    """What a browser saw of one domain's site.

    refused, accepted  None where no banner was seen, so that there was nothing to answer
    """

    domain: str
    browsed_at: datetime
    before: Phase
    refused: Phase | None = None
    accepted: Phase | None = None

    @property
    def banner(self) -> Banner | None:
        """The banner shown to a new visitor."""
        return self.before.banner

    @property
    def is_measured(self) -> bool:
        """Whether a page came and was watched to the end: only then does the absence of something say anything."""
        return self.before.ending is Ending.ANSWERED and not (self.before.is_crashed or self.before.is_cut)


@dataclass(frozen=True)
class ThirdParty:
    """Somebody else whom a page asked for something.

    domain  registrable
    hosts, kinds  in the order met
    at_s    of the first request
    """

    domain: str
    hosts: tuple[str, ...]
    kinds: tuple[str, ...]
    requests: int
    bytes: int
    at_s: float


def own_domains(browsing: Browsing, *, registrable: Registrable) -> frozenset[str]:
    """The registrable domains that are the site's own: the one asked for, and the one it led to."""
    finals = [phase.final for phase in (browsing.before, browsing.refused, browsing.accepted) if phase and phase.final]
    return frozenset(registrable(host) for host in [browsing.domain, *map(host_of, finals)] if host)


def host_of(url: str) -> str:
    """The host of an address.

    >>> host_of("https://user@www.ville.example:8443/page"), host_of("http://[::1]:80/")
    ('www.ville.example', '::1')
    """
    authority = url.partition("://")[2].partition("/")[0].partition("?")[0].rpartition("@")[2].lower()
    if authority.startswith("["):
        return authority[1:].partition("]")[0]
    return authority.partition(":")[0]


def third_parties(
    requests: Iterable[Request], *, own: frozenset[str], registrable: Registrable
) -> tuple[ThirdParty, ...]:
    """Everybody else who was asked, in the order first met; requests that our proxy kept from leaving are left out."""
    met: dict[str, list[Request]] = {}
    for one in sorted(requests, key=lambda request: request.at_s):
        domain = registrable(one.host)
        if domain not in own and one.problem != Ending.PRIVATE:
            met.setdefault(domain, []).append(one)
    return tuple(_third_party(domain, some) for domain, some in met.items())


def _third_party(domain: str, requests: list[Request]) -> ThirdParty:
    hosts = tuple(dict.fromkeys(one.host for one in requests))
    kinds = tuple(dict.fromkeys(one.kind for one in requests))
    return ThirdParty(domain, hosts, kinds, len(requests), sum(one.bytes for one in requests), requests[0].at_s)


def before_consent(browsing: Browsing, *, registrable: Registrable) -> tuple[ThirdParty, ...]:
    """Third parties whom the page asks before anyone has clicked."""
    own = own_domains(browsing, registrable=registrable)
    return third_parties(browsing.before.requests, own=own, registrable=registrable)


def after_refusal(browsing: Browsing, *, registrable: Registrable) -> tuple[ThirdParty, ...] | None:
    """Third parties whom the page still asks once all was refused; None where nothing could be refused."""
    return _after_reply(browsing, browsing.refused, registrable)


def after_acceptance(browsing: Browsing, *, registrable: Registrable) -> tuple[ThirdParty, ...] | None:
    """Third parties whom the page asks once all was accepted; None where nothing could be accepted."""
    return _after_reply(browsing, browsing.accepted, registrable)


def _after_reply(browsing: Browsing, phase: Phase | None, registrable: Registrable) -> tuple[ThirdParty, ...] | None:
    if phase is None or phase.replied_at_s is None:
        return None
    later = [one for one in phase.requests if one.at_s >= phase.replied_at_s]
    return third_parties(later, own=own_domains(browsing, registrable=registrable), registrable=registrable)


def waiting_for_consent(browsing: Browsing, *, registrable: Registrable) -> tuple[ThirdParty, ...] | None:
    """Third parties who are asked only once all was accepted: those the banner holds back; None as above."""
    accepted = after_acceptance(browsing, registrable=registrable)
    if accepted is None:
        return None
    early = {one.domain for one in before_consent(browsing, registrable=registrable)}
    return tuple(one for one in accepted if one.domain not in early)


def kept_after_refusal(browsing: Browsing) -> tuple[Cookie, ...] | None:
    """Cookies that are there once all was refused; None where nothing could be refused."""
    phase = browsing.refused
    return None if phase is None or phase.replied_at_s is None else phase.cookies
