"""The proxy between a browser and strangers' sites, over real sockets: what it carries, and what it turns away."""

import asyncio
import codecs
import gzip
import socket
import time
import tracemalloc
from collections.abc import Awaitable, Callable, Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread
from typing import BinaryIO

import httpx
import pytest

from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources.browsing import Manner, browse
from arobase.observatory.sources.checking_proxy import Bounds, CheckingProxy, Reach
from arobase.observatory.sources.robots import may_visit
from serving import aside

LARGE = 300_000
PATIENCE_S = 30
ROBOTS = "User-agent: *\nDisallow: /\n"
BOMB = gzip.compress(gzip.compress(bytes(100_000_000)))  # a kilobyte or two


def twice_packed(wire: BinaryIO) -> None:
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip, gzip\r\nContent-Length: %d\r\n\r\n" % len(BOMB) + BOMB)


def packed(wire: BinaryIO) -> None:
    body = gzip.compress(ROBOTS.encode())
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Encoding: gzip\r\nContent-Length: %d\r\n\r\n" % len(body) + body)


def marked(wire: BinaryIO) -> None:
    body = codecs.BOM_UTF8 + ROBOTS.encode()
    head = b"HTTP/1.1 200 OK\r\nContent-Type: application/octet-stream\r\nContent-Length: %d\r\n\r\n" % len(body)
    wire.write(head + body)


def moved_nowhere(wire: BinaryIO) -> None:
    wire.write(b"HTTP/1.1 302 Found\r\nLocation: :http://]]\r\nContent-Length: 0\r\n\r\n")


def dripping(wire: BinaryIO) -> None:
    wire.write(b"HTTP/1.1 200 OK\r\nContent-Length: 512000\r\n\r\n")
    for _byte in range(200):  # for longer than a test waits
        wire.write(b"#")
        time.sleep(0.05)


ROBOTS_OF = {
    "bombe.test": twice_packed,
    "paquet.test": packed,
    "marque.test": marked,
    "tordu.test": moved_nowhere,
    "goutte.test": dripping,
}


class Site(ThreadingHTTPServer):
    """A server that remembers what reached it."""

    daemon_threads = True

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str, bytes]] = []
        super().__init__(("127.0.0.1", 0), Answering)
        Thread(target=self.serve_forever, args=(0.01,), daemon=True).start()


class Answering(BaseHTTPRequestHandler):
    protocol_version = "HTTP/1.1"

    def do_GET(self):
        body = self.rfile.read(int(self.headers.get("Content-Length", 0)))
        self.server.asked.append((self.command, self.headers["Host"], self.path, body))
        if self.path == "/early":
            self.wfile.write(b"HTTP/1.1 103 Early Hints\r\nLink: </style.css>\r\n\r\n")
        if self.path == "/robots.txt" and self.headers["Host"] in ROBOTS_OF:
            with suppress(OSError):
                return ROBOTS_OF[self.headers["Host"]](self.wfile)
        answer = {"/robots.txt": ROBOTS.encode(), "/large": b"x" * LARGE}.get(self.path, b"bonjour")
        self.send_response(200)
        self.send_header("Content-Length", str(len(answer)))
        self.end_headers()
        with suppress(OSError):  # the proxy may have had enough
            self.wfile.write(answer)

    def do_POST(self):
        self.do_GET()

    def log_message(self, *_facts):
        pass


@pytest.fixture
def site() -> Iterator[Site]:
    with Site() as found:
        yield found
        found.shutdown()


def reach(site: Site, *allowed: str) -> Reach:
    """Two names at the site, of which only those allowed may be private."""
    return Reach(
        frozenset(allowed), dict.fromkeys(["ville.test:80", "ville.test:443"], ("127.0.0.1", site.server_port))
    )


def through(proxy: CheckingProxy) -> httpx.AsyncClient:
    return httpx.AsyncClient(proxy=proxy.url, trust_env=False, timeout=PATIENCE_S)


def within(work: Callable[[CheckingProxy], Awaitable[object]], *, reach: Reach, **bounds) -> CheckingProxy:
    """Do something through a proxy; the proxy afterwards."""

    async def run() -> CheckingProxy:
        async with CheckingProxy(reach=reach, bounds=Bounds(**bounds)) as proxy:
            await work(proxy)
        return proxy

    return aside(lambda: asyncio.run(run()))


async def said(proxy: CheckingProxy, text: str) -> bytes:
    """All that the proxy answers to a text."""
    reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
    writer.write(text.encode())
    try:
        return await asyncio.wait_for(reader.read(), PATIENCE_S)
    finally:
        writer.close()


def test_a_request_is_carried_alone_on_its_connection(site):
    async def work(proxy: CheckingProxy) -> None:
        async with through(proxy) as client:
            answers = [
                await client.post("http://ville.test/page?a=1", content=b"abc"),
                await client.get("http://ville.test"),
            ]
        assert [(one.status_code, one.text, one.headers["Connection"]) for one in answers] == [
            (200, "bonjour", "close")
        ] * 2

    proxy = within(work, reach=reach(site, "ville.test:80"))

    assert site.asked == [("POST", "ville.test", "/page?a=1", b"abc"), ("GET", "ville.test", "/", b"")]
    assert [(one.host, one.port, one.ending) for one in proxy.connections] == [("ville.test", 80, Ending.ANSWERED)] * 2
    assert proxy.received == sum(one.bytes for one in proxy.connections) > 2 * len("bonjour")


def test_a_tunnel_carries_bytes_both_ways(site):
    """As WebSockets and TLS use it."""
    told = []

    async def work(proxy: CheckingProxy) -> None:
        request = "GET /dedans HTTP/1.1\r\nHost: x\r\nConnection: close\r\n\r\n"
        told.append(await said(proxy, f"CONNECT ville.test:443 HTTP/1.1\r\nHost: ville.test:443\r\n\r\n{request}"))

    within(work, reach=reach(site, "ville.test:443"))

    assert told[0].startswith(b"HTTP/1.1 200") and told[0].endswith(b"bonjour")
    assert [path for _method, _host, path, _body in site.asked] == ["/dedans"]


def test_a_second_request_to_another_host_does_not_ride_on_the_first(site):
    first = "GET http://ville.test/un HTTP/1.1\r\nHost: ville.test\r\n\r\n"

    within(lambda proxy: said(proxy, first + first.replace("/un", "/deux")), reach=reach(site, "ville.test:80"))

    assert [path for _method, _host, path, _body in site.asked] == ["/un"]


def test_hints_before_the_answer_are_left_out(site):
    async def work(proxy: CheckingProxy) -> None:
        async with through(proxy) as client:
            assert (await client.get("http://ville.test/early")).text == "bonjour"

    within(work, reach=reach(site, "ville.test:80"))


INSIDE = ["127.0.0.1", "localhost", "127.1", "2130706433", "0x7f000001", "0177.0.0.1", "[::1]", "[::ffff:127.0.0.1]"]
INSIDE += ["0.0.0.0", "169.254.169.254", "10.0.0.1", "[fe80::1]", "user:pass@127.0.0.1", "9.9.9.9@127.0.0.1"]


@pytest.mark.parametrize("host", INSIDE)
@pytest.mark.parametrize(
    "form", ["CONNECT {host}:{port} HTTP/1.1\r\n\r\n", "GET http://{host}:{port}/ HTTP/1.1\r\n\r\n"]
)
def test_a_private_address_is_turned_away_in_whatever_form(site, host, form):
    told = []

    async def work(proxy: CheckingProxy) -> None:
        told.append(await said(proxy, form.format(host=host, port=site.server_port)))

    proxy = within(work, reach=Reach())

    assert told == [b""] and site.asked == []
    assert {one.ending for one in proxy.connections} <= {Ending.PRIVATE, Ending.NO_NAME} and proxy.connections


def test_the_same_address_is_reached_where_a_test_allows_it(site):
    """So the test above would notice if one got through."""
    there = f"127.0.0.1:{site.server_port}"

    within(lambda proxy: said(proxy, f"GET http://{there}/ HTTP/1.1\r\n\r\n"), reach=Reach(frozenset([there])))

    assert len(site.asked) == 1


def test_a_name_that_leads_to_a_private_address_is_turned_away(site):
    proxy = within(lambda proxy: said(proxy, "CONNECT ville.test:443 HTTP/1.1\r\n\r\n"), reach=reach(site))

    assert proxy.ending_of("ville.test", 443) is Ending.PRIVATE
    assert site.asked == []


def test_one_private_address_among_public_ones_is_enough(site, monkeypatch):
    """A name with two addresses could be answered by either."""

    async def answers(_loop, host, port, **_facts):
        found = [host] if host == "127.0.0.1" else ["9.9.9.9", "127.0.0.1"]
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (one, port)) for one in found]

    monkeypatch.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", answers)

    proxy = within(lambda proxy: said(proxy, f"CONNECT deux.test:{site.server_port} HTTP/1.1\r\n\r\n"), reach=Reach())

    assert [one.ending for one in proxy.connections] == [Ending.PRIVATE]


def test_a_name_is_asked_for_once_so_that_it_cannot_turn_private(monkeypatch):
    asked, connected = [], []

    async def answers(_loop, host, port, **_facts):
        asked.append(host)
        address = "192.0.2.1" if len(asked) == 1 else "127.0.0.1"
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (address, port))]

    async def connect(address, _port, **_facts):
        connected.append(address)
        raise ConnectionRefusedError

    async def work(proxy: CheckingProxy) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
        with monkeypatch.context() as patched:
            patched.setattr("asyncio.base_events.BaseEventLoop.getaddrinfo", answers)
            patched.setattr(asyncio, "open_connection", connect)
            patched.setattr(f"{CheckingProxy.__module__}.is_public", lambda address: address == "192.0.2.1")
            writer.write(b"CONNECT change.test:443 HTTP/1.1\r\n\r\n")
            assert await reader.read() == b""
        writer.close()

    proxy = within(work, reach=Reach())

    assert (asked, connected) == (["change.test"], ["192.0.2.1"])
    assert [one.ending for one in proxy.connections] == [Ending.REFUSED]


def test_a_closed_port_and_an_unknown_name_are_different_things(site):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        there = f"127.0.0.1:{free.getsockname()[1]}"
        refused = within(
            lambda proxy: said(proxy, f"CONNECT {there} HTTP/1.1\r\n\r\n"), reach=Reach(frozenset([there]))
        )
    unknown = within(lambda proxy: said(proxy, f"CONNECT {'x' * 64}.test:80 HTTP/1.1\r\n\r\n"), reach=Reach())

    assert [one.ending for one in refused.connections] == [Ending.REFUSED]
    assert [one.ending for one in unknown.connections] == [Ending.NO_NAME]


def test_a_server_that_takes_no_connection_costs_a_bounded_time(site):
    async def work(proxy: CheckingProxy) -> None:
        assert await said(proxy, "CONNECT ville.test:443 HTTP/1.1\r\n\r\n") == b""

    with socket.socket() as full:
        full.bind(("127.0.0.1", 0))
        full.listen(0)
        waiting = [socket.socket() for _one in range(3)]
        for one in waiting:
            one.setblocking(False)
            one.connect_ex(full.getsockname())
        slow = Reach(frozenset(["ville.test:443"]), {"ville.test:443": full.getsockname()})
        proxy = within(work, reach=slow, connect_s=0.2)
        for one in waiting:
            one.close()

    assert [one.ending for one in proxy.connections] == [Ending.TIMEOUT]


def test_no_more_bytes_than_allowed_come_through(site):
    async def work(proxy: CheckingProxy) -> None:
        got = await said(proxy, "GET http://ville.test/large HTTP/1.1\r\n\r\n")
        assert len(got) < LARGE
        assert await said(proxy, "GET http://ville.test/ HTTP/1.1\r\n\r\n") == b""

    proxy = within(work, reach=reach(site, "ville.test:80"), bytes=100_000)

    assert proxy.is_full and [one.ending for one in proxy.connections] == [Ending.TOO_LARGE] * 2
    assert len(site.asked) == 1


def test_no_more_connections_than_allowed_are_made(site):
    async def work(proxy: CheckingProxy) -> None:
        for _one in range(3):
            await said(proxy, "GET http://ville.test/ HTTP/1.1\r\n\r\n")

    proxy = within(work, reach=reach(site, "ville.test:80"), connections=2)

    assert len(site.asked) == 2 and proxy.is_full


NONSENSE = [
    "",
    "\r\n\r\n",
    "GET\r\n\r\n",
    "GET / HTTP/1.1\r\n\r\n",
    "GET ftp://ville.test/ HTTP/1.1\r\n\r\n",
    "GET http://[ HTTP/1.1\r\n\r\n",
    "CONNECT :443 HTTP/1.1\r\n\r\n",
    "CONNECT ville.test:99999 HTTP/1.1\r\n\r\n",
    "POST http://ville.test/ HTTP/1.1\r\nTransfer-Encoding: chunked\r\n\r\n0\r\n\r\n",
    "x" * 200_000,
]


@pytest.mark.parametrize("text", NONSENSE, ids=range(len(NONSENSE)))
def test_nonsense_is_answered_with_silence(site, text):
    async def work(proxy: CheckingProxy) -> None:
        reader, writer = await asyncio.open_connection("127.0.0.1", int(proxy.url.rpartition(":")[2]))
        writer.write(text.encode())
        writer.write_eof()
        with suppress(ConnectionResetError):
            assert await asyncio.wait_for(reader.read(), PATIENCE_S) == b""
        writer.close()

    within(work, reach=reach(site, "ville.test:80"))

    assert site.asked == []


def test_robots_txt_is_asked_for_through_the_proxy(site):
    told = []

    async def work(proxy: CheckingProxy) -> None:
        for name in ("ville.test", "inconnue.test", f"127.0.0.1:{site.server_port}"):
            told.append(await may_visit(f"http://{name}/", proxy=proxy.url, agent="Arobase (+x)"))

    within(work, reach=Reach(frozenset(["ville.test:80"]), {**reach(site).hosts, "inconnue.test:80": ("127.0.0.1", 1)}))

    assert told == [False, True, True]
    assert [path for _method, _host, path, _body in site.asked] == ["/robots.txt"], "the private one was not asked"


def robots_of(site: Site, name: str) -> Reach:
    return Reach(frozenset([f"{name}:80"]), {f"{name}:80": ("127.0.0.1", site.server_port)})


@pytest.mark.parametrize(
    ("name", "may"), [("paquet.test", False), ("marque.test", False), ("bombe.test", True), ("tordu.test", True)]
)
def test_a_robots_txt_is_read_as_it_is_sent_and_unpacked_in_no_other_way_than_asked_for(site, name, may):
    told = []

    async def work(proxy: CheckingProxy) -> None:
        told.append(await may_visit(f"http://{name}/", proxy=proxy.url, agent="Arobase (+x)"))

    tracemalloc.start()
    try:
        within(work, reach=robots_of(site, name))
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert told == [may]
    assert most < 10_000_000


def test_a_robots_txt_that_never_ends_ends_the_visit(site):
    manner = Manner("no browser is started", "Arobase (+x)", phase_s=0.5, reach=robots_of(site, "goutte.test"))

    def work() -> object:
        return asyncio.run(browse("goutte.test", None, manner=manner, now=lambda: datetime(2026, 11, 26, tzinfo=UTC)))

    assert aside(work).before.ending is Ending.TIMEOUT
