"""A visit to a domain's site: the ways in, each to its end, and the page of the first that has one."""

import asyncio
import socket
from collections.abc import Sequence
from datetime import datetime
from types import TracebackType
from typing import Self

import anyio
import httpcore
import httpx

from arobase.observatory.rules.answers import Outcome
from arobase.observatory.rules.visits import Ending, Hop, Page, Secured, Site, Visit
from arobase.observatory.sources.resolver import Resolver
from arobase.observatory.sources.visiting.asking import Asking, Told, Unreached, Wanted, Ways
from arobase.observatory.sources.visiting.certificates import lenient, strict
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.pages import page_of
from arobase.observatory.sources.visiting.robots import Robots
from arobase.observatory.sources.visiting.turns import OwnTurns, Turns
from arobase.web.fetching import MOST_REDIRECTS, Find, NoName, PublicOnlyAsync, is_public

MOST_HEADERS = 100
LONGEST_HEADER = 4_000
LONGEST_COOKIE = 300
SOME_IPV6 = ("2001:db8::1", 443)  # nobody's (RFC 3849): only the way to it is looked up


def reaches_ipv6() -> bool:
    """Whether this machine has a public IPv6 address to ask from; nothing is sent."""
    try:
        with socket.socket(socket.AF_INET6, socket.SOCK_DGRAM) as looking:
            looking.connect(SOME_IPV6)
            return is_public(looking.getsockname()[0])
    except OSError:
        return False


class Visitor:
    """Visits sites, many at once, each politely: `async with Visitor(manners) as visitor`.

    turns  kept by somebody else, where others visit at the same time
    """

    def __init__(self, manners: Manners, *, turns: Turns | None = None) -> None:
        self._manners = manners
        self.ways = Ways(turns or OwnTurns(), strict(manners.authority), lenient())
        self._room = anyio.Semaphore(manners.at_once)

    async def __aenter__(self) -> Self:
        self._resolver = Resolver(self._manners.servers)
        return self

    async def __aexit__(self, kind: type | None, error: BaseException | None, trace: TracebackType | None) -> None:
        self._resolver.close()

    async def visit(self, domain: str, *, at: datetime) -> Site:
        """What is seen of a domain's site; never raises for what servers do."""
        async with self._room:
            network = self.network()
            asking = Asking(self._manners, self.ways, network)
            try:
                visiting = _Visiting(domain, self._manners, asking, network)
                ways = await visiting.ways()
            finally:
                await asking.close()
            over_ipv6 = await self._over_ipv6(ways) if self._manners.over_ipv6 else None
        return Site(domain, at, tuple(ways), visiting.page, over_ipv6)

    async def _over_ipv6(self, ways: Sequence[Visit]) -> bool | None:
        """Whether the page's own address answers over IPv6; None where its name has no such address."""
        ended = [one for one in ways if one.ending is Ending.ANSWERED]
        url = httpx.URL(ended[0].final if ended else "")
        if not url.raw_host or not await self._find_ipv6(url.raw_host.decode("ascii")):
            return None
        asking = Asking(self._manners, self.ways, self.network(self._find_ipv6))
        try:
            await asking.ask(url, Wanted(0))
        except Unreached:
            return False
        finally:
            await asking.close()
        return True

    def network(self, find: Find | None = None) -> PublicOnlyAsync:
        """A way to public addresses, for one visit."""
        return PublicOnlyAsync(find=find or self._find, allowed=self._manners.allowed, routes=self._manners.routes)

    async def turn(self, network: PublicOnlyAsync, host: str, port: int) -> None:
        """Wait until a host may be asked. Raises what its name leads to: NotPublic, NoName, httpcore.ConnectTimeout."""
        address = (await network.addresses(host, port))[0]
        await self.ways.turns.wait(host, self._manners.host_pause_s)
        await self.ways.turns.wait(address, self._manners.address_pause_s)

    async def _find(self, name: str) -> Sequence[str]:
        """IPv4 first, so that a machine without IPv6 loses no time.

        Many a server fails when asked for IPv6, or says that there is no such name (RFC 4074, section 4).
        """
        found = await self._records(name, "A")
        try:
            return [*found, *await self._records(name, "AAAA")]
        except (NoName, httpcore.ConnectTimeout):
            if found:
                return found
            raise

    async def _find_ipv6(self, name: str) -> Sequence[str]:
        try:
            return await self._records(name, "AAAA")
        except (NoName, httpcore.ConnectTimeout):
            return ()

    async def _records(self, name: str, type: str) -> Sequence[str]:
        answer = await self._resolver.ask((name, type))
        if answer.outcome in {Outcome.ANSWER, Outcome.NO_DATA}:
            return answer.records
        if answer.outcome in {Outcome.NO_NAME, Outcome.BAD_NAME}:
            raise NoName(name)
        raise httpcore.ConnectTimeout(name)


class _Visiting:
    """One visit under way."""

    def __init__(self, domain: str, manners: Manners, asking: Asking, network: PublicOnlyAsync) -> None:
        self._domain = domain
        self._manners = manners
        self._asking = asking
        self._network = network
        self._robots = Robots(asking, most=manners.bounds.robots)
        self.page: Page | None = None

    async def ways(self) -> list[Visit]:
        """Each way whose name resolves, to its end."""
        both = (f"www.{self._domain}", self._domain)
        found = await asyncio.gather(*map(self._exists, both))
        hosts = [host for host, exists in zip(both, found, strict=True) if exists]
        return [await self._way(f"{scheme}://{host}/") for scheme in ("http", "https") for host in hosts]

    async def _exists(self, host: str) -> bool:
        """False only where name servers say so: silence is a time-out of each way, an address inside a finding."""
        try:
            await self._network.addresses(host, 0)
        except NoName:
            return False
        except (httpcore.ConnectError, httpcore.ConnectTimeout):
            return True
        return True

    async def _way(self, start: str) -> Visit:
        try:
            return await self._followed(start, httpx.URL(start))
        except (httpx.InvalidURL, ValueError):  # the domain is none by IDNA, or an address that nobody foresaw
            return Visit(start, Ending.UNREADABLE)

    async def _followed(self, start: str, url: httpx.URL) -> Visit:
        hops: list[Hop] = []
        seen = set[httpx.URL]()
        secured: Secured | None = None
        while len(hops) <= MOST_REDIRECTS and url not in seen:
            seen.add(url)
            try:
                told = await self._seen(url)
            except Unreached as error:
                return Visit(start, error.ending, tuple(hops), error.secured or secured)
            hops.append(Hop(told.url, told.status, told.address))
            secured = told.secured
            if not told.onwards or told.ending is not Ending.ANSWERED:
                self._read(told)
                return Visit(start, told.ending, tuple(hops), secured, headers(told), cookies(told))
            try:
                url = url.join(told.onwards).copy_with(fragment=None)
            except (httpx.InvalidURL, ValueError):
                return Visit(start, Ending.UNREADABLE, tuple(hops), secured)
        return Visit(start, Ending.REDIRECTS, tuple(hops), secured)

    async def _seen(self, url: httpx.URL) -> Told:
        """The answer at an address that robots.txt lets us see. Raises Unreached."""
        if not await self._robots.allow(url):
            raise Unreached(Ending.FORBIDDEN)
        return await self._asking.ask(url, Wanted(0 if self.page else self._manners.bounds.page))

    def _read(self, told: Told) -> None:
        """Keep the first page."""
        if self.page or told.ending is not Ending.ANSWERED or told.status not in range(200, 300):
            return
        kind = told.header("content-type")
        is_page = "html" in kind.lower() or (not kind and told.body.lstrip()[:1] == b"<")
        if is_page:
            self.page = page_of(told.body, url=told.url, content_type=kind, is_cut=told.is_cut)


def headers(told: Told) -> dict[str, str]:
    """The headers of an answer, those of one name joined (RFC 9110, section 5.3); cookies are told apart."""
    found: dict[str, str] = {}
    for name, value in told.headers[:MOST_HEADERS]:
        if name != "set-cookie":
            found[name] = (f"{found[name]}, {value}" if name in found else value)[:LONGEST_HEADER]
    return found


def cookies(told: Told) -> tuple[str, ...]:
    """Each cookie by its name and attributes, without its value: `sid; Path=/; HttpOnly`."""
    found = []
    for _name, value in [one for one in told.headers if one[0] == "set-cookie"][:MOST_HEADERS]:
        pair, *attributes = value.split(";")
        name = pair.partition("=")[0].strip() if "=" in pair else ""
        found.append("; ".join([name, *(one.strip() for one in attributes if one.strip())])[:LONGEST_COOKIE])
    return tuple(found)
