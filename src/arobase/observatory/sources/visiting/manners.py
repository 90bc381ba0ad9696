"""How a visitor behaves: who it says it is, how long it waits, how much it reads, how often it asks."""

from dataclasses import dataclass, field
from importlib.metadata import version
from pathlib import Path

from arobase.observatory.sources.resolver import Servers
from arobase.web.fetching import Routes

TOKEN = "Arobase-observatory"  # noqa: S105 - the product token of RFC 9309, section 2.2.1, not a secret


class BadContact(ValueError):
    """What is given as contact cannot stand in a header."""


def agent(contact: str) -> str:
    """The name under which sites are visited. Raises BadContact.

    contact  a web or mail address where someone answers
    """
    if not contact or not contact.isascii() or not contact.isprintable() or any(sign in contact for sign in "() "):
        raise BadContact(contact)
    return f"{TOKEN}/{version('arobase')} (+{contact})"


@dataclass(frozen=True)
class Patience:
    """Seconds that are waited: for a connection, for the next bytes, for a whole answer, for all answers of a site.

    Waiting for one's turn does not count.
    """

    connect_s: float = 8.0
    read_s: float = 8.0
    total_s: float = 20.0
    site_s: float = 90.0


@dataclass(frozen=True)
class Bounds:
    """Bytes that are read at most: of a page as sent and as unpacked, of robots.txt (RFC 9309, section 2.5)."""

    page: int = 1_000_000
    robots: int = 512 * 1024


@dataclass(frozen=True)
class Manners:
    """Everything a visitor is told; can be sent to another process.

    agent           the User-Agent header: `agent(contact)`
    host_pause_s    between two requests to one host name
    address_pause_s between two requests to one IP address, whatever the names
    at_once         sites that are visited together
    over_ipv6       whether this machine reaches the Internet over IPv6
    allowed         hosts (`name:port`) that may be private, for tests
    routes          for tests: where each address and port really is; no other is connected to
    authority       for tests: a file of certificates that are trusted beside the public authorities
    """

    agent: str
    servers: Servers = field(default_factory=Servers)
    patience: Patience = field(default_factory=Patience)
    bounds: Bounds = field(default_factory=Bounds)
    host_pause_s: float = 1.0
    address_pause_s: float = 0.2
    at_once: int = 200
    over_ipv6: bool = False
    allowed: frozenset[str] = frozenset()
    routes: Routes | None = None
    authority: Path | None = None
