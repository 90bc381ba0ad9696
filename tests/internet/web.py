"""The web and mail hosts of the test Internet: real TLS, real sockets, on loopback only.

`with the_internet() as net:` starts name server, web hosts, mail hosts and the one that nobody may reach; nothing of
it needs a test runner.
"""

import asyncio
import json
import ssl
import threading
import time
from collections.abc import AsyncIterator, Iterator, Mapping
from contextlib import asynccontextmanager, contextmanager, suppress
from dataclasses import dataclass, field, replace
from ipaddress import ip_address
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any

from aiosmtpd.smtp import SMTP

from arobase.observatory.sources.resolver import Servers
from arobase.observatory.sources.visiting.manners import Bounds, Manners, Patience, agent
from internet.answering import UNKIND, UNKIND_MAIL, answer, site_of
from internet.authority import Authority
from internet.names import WORLD, NameServer, name_server

MANY = "192.88.99.200"
Door = tuple[str, int]


@dataclass(frozen=True)
class Request:
    """One request as it came: to a site or inside, for which address, by whom."""

    door: str
    port: int
    host: str
    path: str
    agent: str
    headers: Mapping[str, str] = field(default_factory=dict, compare=False)
    at: float = field(default=0.0, compare=False)  # seconds of a clock that only goes forward


@dataclass
class Internet:
    """What runs.

    names      the name server, with what it was asked
    routes     where each address and port of the test Internet really is
    authority  file of the certificate that signs the good ones
    hosts      the same by host name: {name: {80: (address, port), 443: …}}
    requests   every request, in order; those to `inside` are what no visitor should make
    told       the same as a file, for `arobase observatory scan --test-internet`
    mails      envelopes that mail hosts were given: there should be none
    """

    names: NameServer
    authority: Path
    told: Path
    routes: dict[Door, Door] = field(default_factory=dict)
    hosts: dict[str, dict[int, Door]] = field(default_factory=dict)
    requests: list[Request] = field(default_factory=list)
    mails: list[str] = field(default_factory=list)

    def inside(self) -> list[Request]:
        """Requests that reached the private network."""
        return [one for one in self.requests if one.door == "inside"]

    def manners(self, **changes: Any) -> Manners:
        """Those of a hurried visitor who knows the way; `changes` as of Manners."""
        hurried = Manners(
            agent=agent("https://observatoire.test/contact"),
            servers=Servers((self.names.address,), port=self.names.port, timeout_s=0.5, pause_s=0.1),
            patience=Patience(connect_s=3.0, read_s=3.0, total_s=4.0, site_s=24.0),
            at_once=8,  # client and servers share one processor: what waits for it would pass for silence
            bounds=Bounds(),
            host_pause_s=0.0,
            address_pause_s=0.0,
            routes=self.routes,
            authority=self.authority,
        )
        return replace(hurried, **changes)


@contextmanager
def the_internet(*, many: int = 0) -> Iterator[Internet]:
    """The whole test Internet, and `many` small sites more (`w0.many.test`, …), until the block ends."""
    with TemporaryDirectory() as home, name_server() as names:
        names.zones |= {f"w{n}.many.test": {"A": [MANY], "NS": ["ns1.host.test."]} for n in range(many)}
        folder = Path(home)
        authority = Authority(folder)
        net = Internet(names, authority.path, folder / "internet.json")
        ready, over = threading.Event(), asyncio.Event()
        loop = asyncio.new_event_loop()
        thread = threading.Thread(
            target=loop.run_until_complete, args=(_serve(net, authority, folder, ready, over),), daemon=True
        )
        thread.start()
        if not ready.wait(20):
            raise RuntimeError("the test Internet did not start")
        routes = [[*here, *there] for here, there in net.routes.items()]
        networks = [
            [address, system, name, country or seat[0]] for address, system, name, country, *seat in WORLD["networks"]
        ]
        told = {"routes": routes, "authority": str(net.authority), "networks": networks, "key": authority.pin}
        told["hosts"] = {f"{name}:{port}": door for name, doors in net.hosts.items() for port, door in doors.items()}
        net.told.write_text(json.dumps(told), encoding="utf-8")
        try:
            yield net
        finally:
            loop.call_soon_threadsafe(over.set)
            thread.join()
            loop.close()


async def _serve(
    net: Internet, authority: Authority, folder: Path, ready: threading.Event, over: asyncio.Event
) -> None:
    stranger = Authority(folder, organisation="Autorité que personne ne connaît")
    async with _listening(net) as listen:
        for name, site in WORLD["sites"].items():
            if "at" in site:
                names = [name, *site.get("also", ()), *site.get("alias", ()), *_served_by(name)]
                kind = site.get("https", "good")
                signer = stranger if kind == "stranger" else authority
                await _start_site(listen, site, names, None if kind == "none" else signer.context(kind, names))
        for slug, host in WORLD["hosting"].items():
            names = [
                one for town, site in WORLD["sites"].items() if site.get("shares") == slug for one in _known_as(town)
            ]
            await _start_site(listen, host, names, authority.context("good", names))
        tricks = {f"ruse{n}.test": {"to": to} for n, to in enumerate(WORLD["tricks"]["to"])}
        await _start_site(listen, WORLD["tricks"], list(tricks), authority.context("good", list(tricks)))
        await _start_site(listen, {"at": MANY}, ["many.test"], authority.context("good", ["*.many.test"]))
        for address in WORLD["inside"]:
            inside = authority.context("good", ["inside.test"])
            await _start_site(listen, {"at": str(ip_address(address))}, [], inside, door="inside")
        for name, host in WORLD["mail_hosts"].items():
            await _start_mail(listen, net, name, host, authority)
        ready.set()
        await over.wait()


def _known_as(town: str) -> list[str]:
    site = WORLD["sites"][town]
    return [town, *site.get("also", ()), *site.get("alias", ())]


def _served_by(edge: str) -> list[str]:
    behind = {name: site for name, site in WORLD["sites"].items() if site.get("through") == edge}
    return [one for name, site in behind.items() for one in (name, *site.get("alias", ()))]


class Listening:
    """Opens doors on loopback and keeps a list of them."""

    def __init__(self, net: Internet) -> None:
        self.net = net
        self.servers: list[asyncio.Server] = []
        self.talking: set[asyncio.Task] = set()

    async def open(self, serve: Any, at: Door, names: list[str], context: ssl.SSLContext | None = None) -> None:
        """Listen, and say that this is where `at` is, an address and port of the test Internet."""

        async def talk(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
            self.talking.add(task := asyncio.current_task())
            with suppress(OSError, asyncio.IncompleteReadError, asyncio.LimitOverrunError, ssl.SSLError):
                await serve(reader, writer)
            writer.close()
            self.talking.discard(task)

        await self.keep(await asyncio.start_server(talk, "127.0.0.1", 0, ssl=context, backlog=1000), at, names)

    async def keep(self, server: asyncio.Server, at: Door, names: list[str]) -> None:
        """Remember a server that listens."""
        self.servers.append(server)
        here = server.sockets[0].getsockname()[:2]
        self.net.routes[at] = here
        for name in names:
            self.net.hosts.setdefault(name, {})[at[1]] = here


@asynccontextmanager
async def _listening(net: Internet) -> AsyncIterator[Listening]:
    listen = Listening(net)
    loop = asyncio.get_running_loop()
    loop.set_exception_handler(lambda _loop, _context: None)  # handshakes that visitors break off are no news
    try:
        yield listen
    finally:
        for server in listen.servers:
            server.close()
        for task in list(listen.talking):
            task.cancel()
        await asyncio.gather(*listen.talking, return_exceptions=True)
        await asyncio.sleep(0.01)


async def _start_site(
    listen: Listening, site: dict, names: list[str], context: ssl.SSLContext | None, *, door: str = ""
) -> None:
    serving = Serving(listen.net, door or "site")
    for address in {site["at"], site.get("at6", site["at"])} - set(site.get("deaf", ())):
        if context:
            await listen.open(serving.over_tls, (address, 443), names, context)
        if site.get("http") != "none":
            await listen.open(serving.plainly, (address, 80), names)


@dataclass
class Serving:
    """Answers of one server, whichever of its hosts is asked for."""

    net: Internet
    door: str

    async def over_tls(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A conversation on port 443."""
        await self._converse(reader, writer, is_plain=False)

    async def plainly(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """A conversation on port 80."""
        await self._converse(reader, writer, is_plain=True)

    async def _converse(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, is_plain: bool) -> None:
        while True:
            head = (await reader.readuntil(b"\r\n\r\n")).decode("latin-1").split("\r\n")
            path = head[0].split(" ")[1]
            told = {name.lower(): value.strip() for name, _colon, value in (one.partition(":") for one in head[1:])}
            host = told.get("host", "")
            port = 80 if is_plain else 443
            self.net.requests.append(
                Request(self.door, port, host, path, told.get("user-agent", ""), told, time.monotonic())
            )
            site = site_of(host)
            if "does" in site and path != "/robots.txt":
                return await UNKIND[site["does"]](writer, site, path)
            writer.write(answer(site, host, path, is_plain=is_plain))
            await writer.drain()


class Postman:
    """Takes nothing: writes down every sender and recipient that is named, for there should be none."""

    def __init__(self, mails: list[str]) -> None:
        self.mails = mails

    async def handle_MAIL(self, _server: Any, _session: Any, _envelope: Any, address: str, _options: Any) -> str:  # noqa: N802 - aiosmtpd's name
        self.mails.append(address)
        return "550 no"


async def _start_mail(listen: Listening, net: Internet, name: str, host: dict, authority: Authority) -> None:
    at, kind = (host["at"], 25), host.get("starttls", "none")
    if "does" in host:
        return await listen.open(UNKIND_MAIL[host["does"]], at, [name])
    context = None if kind == "none" else authority.context(kind, [name])
    server = await asyncio.get_running_loop().create_server(
        lambda: SMTP(
            Postman(net.mails), hostname=name, ident="Essai", tls_context=context, loop=asyncio.get_running_loop()
        ),
        "127.0.0.1",
        0,
    )
    await listen.keep(server, at, [name])
