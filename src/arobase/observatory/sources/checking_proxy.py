"""A forward proxy on loopback for a browser that goes where strangers send it: it reaches public addresses only.

It asks for each name itself, checks every address, and connects to one that it checked: what a name means a moment
later changes nothing. What a browser asked for and where it was not let through is kept.
"""

import asyncio
import socket
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass, field
from types import TracebackType
from urllib.parse import urlsplit

from arobase.observatory.rules.visits import Ending
from arobase.web.fetching import NO_SUCH_NAME, is_public

CHUNK = 65_536
HEAD_END = b"\r\n\r\n"
PORT_OF_HTTP = 80
HOP_BY_HOP = frozenset({"connection", "proxy-connection", "proxy-authorization", "keep-alive", "upgrade"})
Streams = tuple[asyncio.StreamReader, asyncio.StreamWriter]


@dataclass(frozen=True)
class Reach:
    """What may be reached besides public addresses: for tests on loopback.

    allowed  hosts (`name:port`) that may be private
    hosts    address and port of a `name:port`, instead of what name servers say; checked like any other
    is_closed  whether nobody else is reached, as if no other name existed
    """

    allowed: frozenset[str] = frozenset()
    hosts: Mapping[str, tuple[str, int]] = field(default_factory=dict)
    is_closed: bool = False


@dataclass(frozen=True)
class Bounds:
    """How much is let through, from all hosts together."""

    connections: int = 1_000
    bytes: int = 50_000_000
    connect_s: float = 10.0


@dataclass
class Connection:
    """A connection that was asked for, how that ended, and how many bytes came back over it."""

    host: str
    port: int
    at_s: float
    ending: Ending = Ending.UNREADABLE
    bytes: int = 0


class Turned(ConnectionError):
    """A connection does not come about; carries why."""

    def __init__(self, ending: Ending) -> None:
        super().__init__(ending.value)
        self.ending = ending


class CheckingProxy:
    """The proxy; it listens within `async with`, and ends every connection afterwards."""

    def __init__(self, *, reach: Reach = Reach(), bounds: Bounds = Bounds()) -> None:
        self.connections: list[Connection] = []
        self.received = 0
        self._reach, self._bounds = reach, bounds
        self._tasks: set[asyncio.Task[None]] = set()

    async def __aenter__(self) -> "CheckingProxy":
        self._began = asyncio.get_running_loop().time()
        self._server = await asyncio.start_server(self._accept, "127.0.0.1", 0, limit=CHUNK)
        self.url = f"http://127.0.0.1:{self._server.sockets[0].getsockname()[1]}"
        return self

    async def __aexit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self._server.close()
        for task in self._tasks:
            task.cancel()
        await asyncio.gather(*self._tasks, return_exceptions=True)
        await self._server.wait_closed()

    @property
    def is_full(self) -> bool:
        """Whether nothing more is let through."""
        return self.received >= self._bounds.bytes or len(self.connections) > self._bounds.connections

    def ending_of(self, host: str, port: int) -> Ending | None:
        """How the last connection to a host ended; None where none was asked for."""
        met = (one.ending for one in reversed(self.connections) if (one.host, one.port) == (host, port))
        return next(met, None)

    def _accept(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        task = asyncio.ensure_future(self._serve(reader, writer))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    async def _serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """One request of the browser. Where it is not let through the connection just ends: an answer of ours would be
        taken for the host's."""
        try:
            method, target, headers = _parsed(await reader.readuntil(HEAD_END))
            if method == "CONNECT":
                await self._tunnel(target, (reader, writer))
            else:
                await self._forward(method, target, headers, (reader, writer))
        except (OSError, ValueError, EOFError, asyncio.LimitOverrunError):
            pass
        finally:
            writer.close()

    async def _tunnel(self, target: str, client: Streams) -> None:
        parts = urlsplit(f"//{target}")
        made, server = await self._connected(parts.hostname or "", parts.port or 0)
        client[1].write(b"HTTP/1.1 200 Connected\r\n\r\n")
        await self._exchange(made, client, server)

    async def _forward(self, method: str, target: str, headers: list[tuple[str, str]], client: Streams) -> None:
        """A request to a host without TLS: handed on alone on a connection of its own."""
        parts = urlsplit(target)
        told = {name.lower(): value for name, value in headers}
        authority, _slash, path = target.removeprefix("http://").partition("/")
        if parts.scheme != "http" or authority != parts.netloc or "transfer-encoding" in told:
            raise ValueError(target)
        made, server = await self._connected(parts.hostname or "", parts.port or PORT_OF_HTTP)
        kept = [(name, value) for name, value in headers if name.lower() not in HOP_BY_HOP]
        server[1].write(_head(f"{method} /{path} HTTP/1.1", kept))
        await self._exchange(made, client, server, body=int(told.get("content-length", 0)), is_plain=True)

    async def _connected(self, host: str, port: int) -> tuple[Connection, Streams]:
        """Connect to a checked address. Raises Turned, and keeps why."""
        made = Connection(host, port, asyncio.get_running_loop().time() - self._began)
        self.connections.append(made)
        try:
            if self.is_full:
                raise Turned(Ending.TOO_LARGE)
            async with asyncio.timeout(self._bounds.connect_s):
                address, at = await self._checked(host, port)
                streams = await asyncio.open_connection(address, at, limit=CHUNK)
        except Turned as turned:
            made.ending = turned.ending
            raise
        except TimeoutError as error:
            made.ending = Ending.TIMEOUT
            raise Turned(made.ending) from error
        except OSError as error:
            made.ending = Ending.REFUSED
            raise Turned(made.ending) from error
        made.ending = Ending.ANSWERED
        return made, streams

    async def _checked(self, host: str, port: int) -> tuple[str, int]:
        """An address of a host that may be connected to, and the port there. Raises Turned."""
        key = f"{host}:{port}"
        addresses, at = await self._addresses(host, port)
        if key not in self._reach.allowed and not all(map(is_public, addresses)):
            raise Turned(Ending.PRIVATE)
        return addresses[0], at

    async def _addresses(self, host: str, port: int) -> tuple[list[str], int]:
        if mapped := self._reach.hosts.get(f"{host}:{port}"):
            return [mapped[0]], mapped[1]
        if self._reach.is_closed:
            raise Turned(Ending.NO_NAME)
        try:
            found = await asyncio.get_running_loop().getaddrinfo(host, port, type=socket.SOCK_STREAM)
        except socket.gaierror as error:
            raise Turned(Ending.NO_NAME if error.errno in NO_SUCH_NAME else Ending.TIMEOUT) from error
        except (UnicodeError, ValueError, OverflowError) as error:
            raise Turned(Ending.NO_NAME) from error
        return [str(one[4][0]) for one in found], port

    async def _exchange(
        self, made: Connection, client: Streams, server: Streams, *, body: int | None = None, is_plain: bool = False
    ) -> None:
        """Carry bytes both ways until the server has no more, the browser leaves, or the bounds are met."""
        up = asyncio.create_task(_upwards(client[0], server[1], most=body))
        try:
            if is_plain:
                await self._answer_head(made, client[1], server[0])
            while data := await server[0].read(CHUNK):
                made.bytes += len(data)
                self.received += len(data)
                if self.is_full:
                    made.ending = Ending.TOO_LARGE
                    return
                client[1].write(data)
                await client[1].drain()
        finally:
            up.cancel()
            await asyncio.gather(up, return_exceptions=True)
            server[1].close()

    async def _answer_head(self, made: Connection, client: asyncio.StreamWriter, server: asyncio.StreamReader) -> None:
        """Hand on the head of an answer, saying that the connection ends: the next request may be to another host."""
        while True:
            head = await server.readuntil(HEAD_END)
            made.bytes += len(head)
            self.received += len(head)
            status, headers = _lines(head)
            if not _is_interim(status):
                client.write(_head(status, [one for one in headers if one[0].lower() not in HOP_BY_HOP]))
                return


async def _upwards(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, *, most: int | None) -> None:
    """Carry what the browser sends, at most so many bytes; when it leaves, tell the server."""
    left = most
    while left is None or left > 0:
        data = await reader.read(CHUNK if left is None else min(CHUNK, left))
        if not data:
            break
        writer.write(data)
        await writer.drain()
        left = None if left is None else left - len(data)
    if most is not None:
        while await reader.read(CHUNK):  # what follows the one request is not for this server
            pass
        writer.close()
    else:
        with suppress(OSError):
            writer.write_eof()


def _parsed(head: bytes) -> tuple[str, str, list[tuple[str, str]]]:
    """Method, target and headers of a request. Raises ValueError."""
    first, headers = _lines(head)
    method, target, _version = first.split(" ")
    return method, target, headers


def _lines(head: bytes) -> tuple[str, list[tuple[str, str]]]:
    """First line and headers of a head. Raises ValueError."""
    first, *rest = head.decode("latin-1").removesuffix("\r\n\r\n").split("\r\n")
    pairs = [one.partition(":") for one in rest]
    return first, [(name.strip(), value.strip()) for name, _colon, value in pairs]


def _head(first: str, headers: list[tuple[str, str]]) -> bytes:
    lines = [first, *(f"{name}: {value}" for name, value in headers), "Connection: close"]
    return ("\r\n".join(lines) + "\r\n\r\n").encode("latin-1")


def _is_interim(status: str) -> bool:
    """Whether more is to come after this status (RFC 9110, section 15.2)."""
    return status.split(" ")[1:2] != [] and status.split(" ")[1].startswith("1")
