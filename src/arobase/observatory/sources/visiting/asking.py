"""One request after the other within a visit: bounded in time and size, to addresses that were checked."""

import ssl
import zlib
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

import anyio
import httpcore
import httpx

from arobase.observatory.rules.visits import Ending, Secured
from arobase.observatory.sources.strangers import legible
from arobase.observatory.sources.visiting.certificates import certificate, chain, problem
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.turns import Turns
from arobase.web.fetching import REDIRECTS, NoName, NotPublic, PublicOnlyAsync

DOORS = frozenset({80, 443, 8080, 8443})  # others are no site's: nothing is asked of a mail or database port
DEFAULT = {"http": 80, "https": 443}
ZLIB_OR_GZIP = 47  # window bits of zlib: 15, and 32 to tell the two apart by itself


@dataclass(frozen=True)
class Told:
    """One answer.

    ending   ANSWERED; else why the body could not be read
    headers  as sent, names in lower case
    body     unpacked, as far as it was asked for and read
    """

    url: str
    status: int
    address: str
    headers: tuple[tuple[str, str], ...]
    secured: Secured | None = None
    ending: Ending = Ending.ANSWERED
    body: bytes = b""
    is_cut: bool = False

    def header(self, name: str) -> str:
        """The first of that name, or nothing."""
        return next((value for one, value in self.headers if one == name), "")

    @property
    def onwards(self) -> str:
        """Where it sends one on to, if it does; servers write UTF-8 there, standards or not."""
        told = self.header("location") if self.status in REDIRECTS else ""
        try:
            return told.encode("latin-1").decode("utf-8")
        except UnicodeDecodeError:
            return told


@dataclass(frozen=True)
class Wanted:
    """What is read of a body: so many bytes, where it calls itself a page or a text, or whatever it calls itself."""

    most: int
    whatever_its_type: bool = False

    def is_here(self, told: Told) -> bool:
        """Whether the body of this answer is to be read."""
        return self.most > 0 and (self.whatever_its_type or _is_text(told))


class Unreached(Exception):
    """No answer came: how it ended, and what the server showed of a certificate."""

    def __init__(self, ending: Ending, secured: Secured | None = None) -> None:
        super().__init__(ending.value)
        self.ending = ending
        self.secured = secured


@dataclass(frozen=True)
class Ways:
    """What all visits share: turns, and the two ways of shaking hands."""

    turns: Turns
    strict: ssl.SSLContext
    lenient: ssl.SSLContext


class Asking:
    """The requests of one visit; what was asked once is not asked again."""

    def __init__(self, manners: Manners, ways: Ways, network: PublicOnlyAsync) -> None:
        self._manners = manners
        self._ways = ways
        self._network = network
        self._left_s = manners.patience.site_s
        self._told: dict[str, Told | Unreached] = {}
        self._pool = httpcore.AsyncConnectionPool(
            ssl_context=ways.strict, network_backend=network, max_connections=8, max_keepalive_connections=8
        )

    async def close(self) -> None:
        """Hang up."""
        await self._pool.aclose()

    async def ask(self, url: httpx.URL, wanted: Wanted) -> Told:
        """What is there. Raises Unreached."""
        known = self._told.get(str(url))
        if known is None:
            try:
                known = await self._asked(url, wanted)
            except Unreached as error:
                known = error
            self._told[str(url)] = known
        if isinstance(known, Unreached):
            raise known
        return known

    async def _asked(self, url: httpx.URL, wanted: Wanted) -> Told:
        host, port = _door(url, self._manners)
        try:
            address = await self._address(host, port)
            await self._ways.turns.wait(host, self._manners.host_pause_s)
            await self._ways.turns.wait(address, self._manners.address_pause_s)
            return await self._within_time(url, host, port, wanted)
        except (httpcore.NetworkError, httpcore.TimeoutException, httpcore.ProtocolError, OSError, ValueError) as error:
            raise await self._why(error, host, port) from error

    async def _address(self, host: str, port: int) -> str:
        with self._spending(), anyio.fail_after(max(0.0, self._left_s)):
            return (await self._network.addresses(host, port))[0]

    async def _within_time(self, url: httpx.URL, host: str, port: int, wanted: Wanted) -> Told:
        with self._spending():
            return await self._exchange(url, host, port, wanted, until=anyio.current_time() + self._next_s())

    @contextmanager
    def _spending(self) -> Iterator[None]:
        """Take what passes meanwhile from the site's time."""
        began = anyio.current_time()
        try:
            yield
        finally:
            self._left_s -= anyio.current_time() - began

    def _next_s(self) -> float:
        return min(self._manners.patience.total_s, self._left_s)

    async def _exchange(self, url: httpx.URL, host: str, port: int, wanted: Wanted, *, until: float) -> Told:
        patience = self._manners.patience
        limits = {"connect": patience.connect_s, **dict.fromkeys(("read", "write", "pool"), patience.read_s)}
        place = httpcore.URL(scheme=url.raw_scheme, host=url.raw_host, port=url.port, target=url.raw_path)
        with anyio.fail_after(max(0.0, until - anyio.current_time())):
            asked = self._pool.stream("GET", place, headers=self._headers(url), extensions={"timeout": limits})
            answer = await asked.__aenter__()
        try:
            told = Told(
                url=str(url),
                status=answer.status,
                address=self._network.reached.get((host, port), ""),
                headers=_headers_of(answer),
                secured=_secured(answer.extensions.get("network_stream")),
            )
            if not wanted.is_here(told):
                return told
            return await self._with_body(told, answer, wanted.most, until=until)
        finally:
            with anyio.CancelScope(shield=True):
                await asked.__aexit__(None, None, None)

    async def _with_body(self, told: Told, answer: httpcore.Response, most: int, *, until: float) -> Told:
        body, ending = Body(most), Ending.ANSWERED
        try:
            body.packed_as(told.header("content-encoding").strip().lower())
            with anyio.fail_after(max(0.0, until - anyio.current_time())):
                async for chunk in answer.aiter_stream():
                    if body.add(chunk):
                        break
        except (TimeoutError, httpcore.TimeoutException):
            ending = Ending.TIMEOUT
        except (httpcore.NetworkError, httpcore.ProtocolError, OSError, zlib.error):
            ending = Ending.UNREADABLE
        return Told(
            told.url, told.status, told.address, told.headers, told.secured, ending, bytes(body.text), body.is_cut
        )

    def _headers(self, url: httpx.URL) -> list[tuple[str, str]]:
        return [
            ("Host", url.netloc.decode("ascii")),
            ("User-Agent", self._manners.agent),
            ("Accept", "text/html,application/xhtml+xml,*/*;q=0.5"),
            ("Accept-Language", "fr,en;q=0.5"),
            ("Accept-Encoding", "gzip"),
        ]

    async def _why(self, error: Exception, host: str, port: int) -> Unreached:
        if isinstance(error, NotPublic):
            return Unreached(Ending.PRIVATE)
        if isinstance(error, NoName):
            return Unreached(Ending.NO_NAME)
        if isinstance(error, httpcore.TimeoutException | TimeoutError):
            return Unreached(Ending.TIMEOUT)
        if isinstance(error, httpcore.ConnectError):
            if (host, port) not in self._network.reached:
                return Unreached(Ending.REFUSED)
            return Unreached(Ending.TLS, await self._shown(host, port, problem(error)))
        return Unreached(Ending.UNREADABLE)

    async def _shown(self, host: str, port: int, problem: str) -> Secured | None:
        """What a server shows whose hand the strict way refuses: a second handshake, after which one hangs up."""
        patience = self._manners.patience
        try:
            with self._spending(), anyio.fail_after(min(patience.connect_s + patience.read_s, max(0.0, self._left_s))):
                stream = await self._network.connect_tcp(host, port, patience.connect_s)
                try:
                    encrypted = await stream.start_tls(self._ways.lenient, host, patience.read_s)
                    return _secured(encrypted, problem=problem)
                finally:
                    await stream.aclose()
        except (httpcore.NetworkError, httpcore.TimeoutException, OSError):
            return None


class Body:
    """A body that grows chunk by chunk, unpacked as it comes, and is cut at a bound; a bomb never unfolds."""

    def __init__(self, most: int) -> None:
        self._unpack: Any = None  # zlib's type has no public name
        self._most = most
        self._sent = 0
        self.text = bytearray()
        self.is_cut = False

    def packed_as(self, encoding: str) -> None:
        """Say how it is packed. Raises zlib.error for what was not asked for."""
        if encoding in {"gzip", "x-gzip", "deflate"}:
            self._unpack = zlib.decompressobj(ZLIB_OR_GZIP)
        elif encoding not in {"", "identity"}:
            raise zlib.error(f"{encoding} was not asked for")

    def add(self, chunk: bytes) -> bool:
        """Take a chunk in; whether that was enough. Raises zlib.error."""
        self._sent += len(chunk)
        room = self._most - len(self.text)
        self.text += self._unpack.decompress(chunk, room + 1) if self._unpack else chunk[: room + 1]
        self.is_cut = len(self.text) > self._most or self._sent > self._most
        del self.text[self._most :]
        return self.is_cut


def _door(url: httpx.URL, manners: Manners) -> tuple[str, int]:
    """Host and port of a web address. Raises Unreached for what is none."""
    port = url.port or DEFAULT.get(url.scheme, 0)
    host = url.raw_host.decode("ascii", "replace").rstrip(".")
    if url.scheme not in DEFAULT or not host:
        raise Unreached(Ending.UNREADABLE)
    if port not in DOORS and f"{host}:{port}" not in manners.allowed:
        raise Unreached(Ending.UNREADABLE)
    return url.raw_host.decode("ascii"), port


def _headers_of(answer: httpcore.Response) -> tuple[tuple[str, str], ...]:
    told = ((name.decode("latin-1").lower(), value.decode("latin-1")) for name, value in answer.headers)
    return tuple((legible(name), legible(value)) for name, value in told)


def _is_text(told: Told) -> bool:
    kind = told.header("content-type").partition(";")[0].strip().lower()
    return kind.startswith("text/") or kind in {"", "application/xhtml+xml"}


def _secured(stream: httpcore.AsyncNetworkStream | None, *, problem: str = "") -> Secured | None:
    shaken = stream.get_extra_info("ssl_object") if stream else None
    if shaken is None:
        return None
    shown = certificate(shaken.getpeercert(binary_form=True), problem=problem)
    return Secured(shaken.version() or "", shown, chain(shaken))
