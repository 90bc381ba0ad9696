"""Fetching what strangers name, without ever reaching a private address: at no redirect, through no name that changes.

The address that was checked is the one that is connected to, so a name that resolves to something else a moment later
changes nothing.
"""

import ipaddress
import socket
import ssl
from collections.abc import Awaitable, Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from enum import StrEnum
from typing import Any
from urllib.parse import urljoin, urlsplit

import httpcore

MOST_REDIRECTS = 8
MOST_ADDRESSES = 3  # of one name that a connection is tried to
REDIRECTS = frozenset({301, 302, 303, 307, 308})
GLOBAL_UNICAST = ipaddress.ip_network("2000::/3")  # all that IANA hands out of IPv6; NAT64 and the like lie outside
# What no Python is trusted to know: older ones take the first for global (CVE-2024-4032). Source: IANA's IPv4 and IPv6
# Special-Purpose Address Registries (RFC 6890), "Globally Reachable" False.
REFUSED = tuple(
    map(
        ipaddress.ip_network,
        (
            "192.0.0.0/24",  # IETF protocol assignments (RFC 6890); Oracle's cloud tells metadata at 192.0.0.192
            "0.0.0.0/8",
            "10.0.0.0/8",
            "100.64.0.0/10",
            "127.0.0.0/8",
            "169.254.0.0/16",
            "172.16.0.0/12",
            "192.0.2.0/24",
            "192.168.0.0/16",
            "198.18.0.0/15",
            "198.51.100.0/24",
            "203.0.113.0/24",
            "240.0.0.0/4",
            "2001::/23",  # IETF protocol assignments, with all of Teredo (RFC 4380), whose addresses wrap two others
            "2001:db8::/32",
            "3fff::/20",  # documentation (RFC 9637)
            "168.63.129.16/32",  # public by IANA; in Azure it is the host ("What is IP address 168.63.129.16?")
        ),
    )
)
NO_SUCH_NAME = frozenset({socket.EAI_NONAME, getattr(socket, "EAI_NODATA", socket.EAI_NONAME)})


class Outcome(StrEnum):
    """How a fetch ended."""

    ANSWERED = "answered"
    NO_NAME = "no name"
    REFUSED = "refused"
    TIMEOUT = "time-out"
    TLS = "tls"
    PRIVATE = "private"
    REDIRECTS = "redirects"
    UNREADABLE = "unreadable"


@dataclass(frozen=True)
class Fetched:
    """What came of a fetch: the last status where anything answered, and the address that gave it."""

    outcome: Outcome
    status: int | None
    address: str


class NotPublic(httpcore.ConnectError):
    """The name leads to an address that is not on the public Internet."""


class NoName(httpcore.ConnectError):
    """No such name."""


def is_public(address: str) -> bool:
    """Whether an IP address is one of the public Internet; what is wrapped in another address counts too.

    >>> [is_public(one) for one in ("9.9.9.9", "10.0.0.1", "::ffff:127.0.0.1", "64:ff9b::7f00:1", "169.254.169.254")]
    [True, False, False, False, False]
    """
    found = ipaddress.ip_address(address.partition("%")[0])
    if isinstance(found, ipaddress.IPv6Address):
        if wrapped := found.ipv4_mapped or found.sixtofour:
            return is_public(str(wrapped))
        if found not in GLOBAL_UNICAST:
            return False
    if any(found in network for network in REFUSED):
        return False
    return found.is_global and not found.is_multicast and not found.is_reserved


def checked(host: str, port: int, addresses: Sequence[str], *, allowed: Collection[str]) -> Sequence[str]:
    """The addresses of a host, when every one of them may be connected to. Raises NotPublic, NoName.

    allowed  hosts (`name:port`) that may be private
    """
    if not addresses:
        raise NoName(host)
    if f"{host}:{port}" not in allowed and not all(map(is_public, addresses)):
        raise NotPublic(host)
    return addresses


class PublicOnly(httpcore.SyncBackend):
    """Connections to public addresses, and to the hosts (`name:port`) that a setting names for tests."""

    def __init__(self, *, allowed: Collection[str] = ()) -> None:
        self.allowed = frozenset(allowed)

    def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.NetworkStream:
        """Resolve, check every address, connect to one that was checked. Raises NotPublic, NoName, httpcore's own."""
        try:
            found = socket.getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise (NoName if error.errno in NO_SUCH_NAME else httpcore.ConnectTimeout)(host) from error
        except (UnicodeError, ValueError) as error:
            raise NoName(host) from error
        addresses = checked(host, port, [str(one[4][0]) for one in found], allowed=self.allowed)
        return super().connect_tcp(addresses[0], port, timeout, local_address, socket_options)


Find = Callable[[str], Awaitable[Sequence[str]]]
Routes = Mapping[tuple[str, int], tuple[str, int]]


def literal(host: str) -> str | None:
    """The address that a host is, in any form that a browser takes for one; None where it is a name.

    Decimal, octal, hexadecimal and shortened IPv4 count (WHATWG URL standard, "ends in a number").

    >>> literal("2130706433"), literal("0x7f.1"), literal("[::1]"), literal("1.example")
    ('127.0.0.1', '127.0.0.1', '::1', None)
    """
    bare = host.strip("[]")
    try:
        return str(ipaddress.ip_address(bare))
    except ValueError:
        if not bare.rstrip(".").rpartition(".")[2][:1].isdigit():
            return None
    try:
        return socket.inet_ntoa(socket.inet_aton(bare.rstrip(".")))
    except (OSError, UnicodeError, ValueError):
        return None


class PublicOnlyAsync(httpcore.AsyncNetworkBackend):
    """The same as PublicOnly on an event loop, with names found by whom one likes; for one visit.

    A name is found once: what is asked of it later goes to the addresses that were checked first.

    find     gives the addresses of a name; raises NoName, httpcore.ConnectTimeout
    allowed  hosts (`name:port`) that may be private: for tests on loopback
    routes   for tests: where an address and port really are; with it no other is connected to
    """

    def __init__(self, *, find: Find, allowed: Collection[str] = (), routes: Routes | None = None) -> None:
        self._find = find
        self._allowed = frozenset(allowed)
        self._routes = routes
        self._found: dict[str, Sequence[str] | httpcore.ConnectTimeout | NoName] = {}
        self._under = httpcore.AnyIOBackend()
        self.reached: dict[tuple[str, int], str] = {}

    async def addresses(self, host: str, port: int) -> Sequence[str]:
        """Where a host is. Raises NotPublic, NoName, httpcore.ConnectTimeout."""
        if host not in self._found:
            self._found[host] = await self._where(host)
        found = self._found[host]
        if isinstance(found, Exception):
            raise found
        return checked(host, port, found, allowed=self._allowed)

    async def _where(self, host: str) -> Sequence[str] | httpcore.ConnectTimeout | NoName:
        if itself := literal(host):
            return [itself]
        try:
            return [str(ipaddress.ip_address(one)) for one in await self._find(host)]
        except (NoName, httpcore.ConnectTimeout) as error:
            return error

    async def connect_tcp(
        self,
        host: str,
        port: int,
        timeout: float | None = None,
        local_address: str | None = None,
        socket_options: Iterable[Any] | None = None,
    ) -> httpcore.AsyncNetworkStream:
        """Connect to the first of the checked addresses that answers. Raises NotPublic, NoName, httpcore's own."""
        self.reached.pop((host, port), None)
        failed: Exception = NoName(host)
        for address in (await self.addresses(host, port))[:MOST_ADDRESSES]:
            try:
                here, door = self._way_to(address, port)
                stream = await self._under.connect_tcp(here, door, timeout, local_address, socket_options)
            except (httpcore.ConnectError, httpcore.ConnectTimeout) as error:
                failed = error
                continue
            self.reached[host, port] = address
            return stream
        raise failed

    async def sleep(self, seconds: float) -> None:
        """Wait."""
        await self._under.sleep(seconds)

    def _way_to(self, address: str, port: int) -> tuple[str, int]:
        if self._routes is None:
            return address, port
        if (address, port) not in self._routes:
            raise httpcore.ConnectError(f"no route to {address}:{port}")
        return self._routes[address, port]


def fetch(url: str, *, agent: str, allowed: Collection[str] = (), timeout_s: float = 10.0) -> Fetched:
    """Ask for a page, follow its redirects, read none of its body.

    agent     who asks, with a way to reach them
    allowed   hosts (`name:port`) that may be private: for tests on loopback
    """
    here = url
    with httpcore.ConnectionPool(network_backend=PublicOnly(allowed=allowed)) as pool:
        for _hop in range(MOST_REDIRECTS + 1):
            try:
                status, onwards = _asked(pool, here, agent=agent, timeout_s=timeout_s)
                onwards = onwards and urljoin(here, onwards)
            except (httpcore.TimeoutException, httpcore.NetworkError, httpcore.ProtocolError, ValueError) as error:
                return Fetched(_why(error), None, here)
            if not onwards:
                return Fetched(Outcome.ANSWERED, status, here)
            here = onwards
    return Fetched(Outcome.REDIRECTS, None, here)


def _asked(pool: httpcore.ConnectionPool, url: str, *, agent: str, timeout_s: float) -> tuple[int, str]:
    """The status, and where it sends one on to, if it does. Raises ValueError for what is no web address."""
    parts = urlsplit(url)
    if parts.scheme not in {"http", "https"} or not parts.hostname:
        raise ValueError(url)
    headers = [("Host", parts.netloc.rpartition("@")[2]), ("User-Agent", agent), ("Accept", "*/*")]
    limits = dict.fromkeys(("connect", "read", "write", "pool"), timeout_s)
    with pool.stream("GET", url, headers=headers, extensions={"timeout": limits}) as answer:
        told = {name.lower(): value for name, value in answer.headers}
    onwards = told.get(b"location", b"").decode("latin-1") if answer.status in REDIRECTS else ""
    return answer.status, onwards


def _why(error: Exception) -> Outcome:
    known: tuple[tuple[type[Exception], Outcome], ...] = (
        (NotPublic, Outcome.PRIVATE),
        (NoName, Outcome.NO_NAME),
        (httpcore.TimeoutException, Outcome.TIMEOUT),
    )
    for kind, outcome in known:
        if isinstance(error, kind):
            return outcome
    if isinstance(error, httpcore.ConnectError):
        return Outcome.TLS if isinstance(error.__cause__, ssl.SSLError) or "SSL" in str(error) else Outcome.REFUSED
    return Outcome.UNREADABLE
