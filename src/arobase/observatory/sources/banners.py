"""Greeting mail exchangers: banner, EHLO, STARTTLS, QUIT. No mail is sent, no recipient is named."""

import ssl
from collections.abc import Iterable, Iterator, Sequence
from contextlib import suppress
from datetime import datetime
from pathlib import Path

import anyio
import httpcore
import pyarrow
import pyarrow.parquet
from pydantic import TypeAdapter

from arobase.observatory.rules.banners import Banner
from arobase.observatory.rules.visits import Ending, Secured
from arobase.observatory.sources import shards
from arobase.observatory.sources.strangers import legible
from arobase.observatory.sources.tables import keep
from arobase.observatory.sources.visiting.certificates import certificate, problem
from arobase.observatory.sources.visiting.manners import Manners
from arobase.observatory.sources.visiting.visitor import Visitor
from arobase.web.fetching import NoName, NotPublic, PublicOnlyAsync

PORT = 25
READY, DONE = "220", "250"  # RFC 5321, section 4.2.2
LONGEST_LINE = 1_000  # the standard's 512 octets (RFC 5321, section 4.5.3.1.5), with some kindness
MOST_LINES = 60
SCHEMA = pyarrow.schema(
    [("host", pyarrow.string()), ("greeted_at", pyarrow.timestamp("s", tz="UTC")), ("banner", pyarrow.string())]
)
BANNER = TypeAdapter(Banner)


class NoSmtp(Exception):
    """What answers does not speak as a mail host should."""


async def greet(host: str, *, visitor: Visitor, manners: Manners, own_name: str, at: datetime) -> Banner:
    """What a host says, on port 25; never raises for what it does.

    own_name  by which we present ourselves in EHLO: that of the machine that asks
    """
    network = visitor.network()
    dialogue = _Dialogue(network, host, manners, visitor.ways.strict, visitor.ways.lenient)
    ending = Ending.ANSWERED
    try:
        await visitor.turn(network, host, PORT)
        with anyio.fail_after(manners.patience.total_s):
            await dialogue.hold(own_name)
    except NotPublic:
        ending = Ending.PRIVATE
    except NoName:
        ending = Ending.NO_NAME
    except (TimeoutError, httpcore.TimeoutException):
        ending = Ending.TIMEOUT
    except httpcore.ConnectError:
        ending = Ending.REFUSED if (host, PORT) not in network.reached else Ending.TLS
    except (httpcore.NetworkError, NoSmtp, OSError):
        ending = Ending.UNREADABLE
    finally:
        await dialogue.close()
    address = network.reached.get((host, PORT), "")
    return Banner(host, at, ending, address, dialogue.greeting, dialogue.capabilities, dialogue.secured)


class _Dialogue:
    """The conversation, and what was learnt of it as far as it went."""

    def __init__(
        self, network: PublicOnlyAsync, host: str, manners: Manners, strict: ssl.SSLContext, lenient: ssl.SSLContext
    ) -> None:
        self._network = network
        self._host = host
        self._patience = manners.patience
        self._strict = strict
        self._lenient = lenient
        self._stream: httpcore.AsyncNetworkStream | None = None
        self._ahead = b""
        self.greeting = ""
        self.capabilities: tuple[str, ...] = ()
        self.secured: Secured | None = None

    async def hold(self, own_name: str) -> None:
        """Say what is needed, in order. Raises NoSmtp, TimeoutError and httpcore's own."""
        await self._as_far_as_starttls(own_name)
        if "STARTTLS" not in self.capabilities:
            return await self._say_goodbye()
        try:
            await self._encrypt(self._strict, "")
        except httpcore.ConnectError as error:
            why = problem(error)
            await self.close()
            await self._as_far_as_starttls(own_name)
            await self._encrypt(self._lenient, why)
        await self._say_goodbye()

    async def _as_far_as_starttls(self, own_name: str) -> None:
        self._ahead = b""
        self._stream = await self._network.connect_tcp(self._host, PORT, self._patience.connect_s)
        self.greeting = " ".join(await self._heard(READY))
        await self._say(f"EHLO {own_name}")
        _name, *capabilities = await self._heard(DONE)
        self.capabilities = tuple(one.upper() for one in capabilities)

    async def _encrypt(self, context: ssl.SSLContext, why: str) -> None:
        await self._say("STARTTLS")
        await self._heard(READY)
        if self._ahead or self._stream is None:
            raise NoSmtp("words before the handshake")  # they would pass for encrypted ones
        self._stream = await self._stream.start_tls(context, self._host, self._patience.read_s)
        shaken = self._stream.get_extra_info("ssl_object")
        shown = certificate(shaken.getpeercert(binary_form=True), problem=why)
        self.secured = Secured(shaken.version() or "", shown)

    async def _say_goodbye(self) -> None:
        """Leave as the standard asks (RFC 5321, section 4.1.1.10); whether it is heard changes nothing."""
        with suppress(httpcore.NetworkError, httpcore.TimeoutException, NoSmtp):
            await self._say("QUIT")
            await self._heard("221")

    async def _say(self, line: str) -> None:
        if self._stream:
            await self._stream.write(f"{line}\r\n".encode("ascii"), self._patience.read_s)

    async def _heard(self, code: str) -> list[str]:
        """The lines of one reply. Raises NoSmtp where it is another than `code`, or too long."""
        lines = []
        for _line in range(MOST_LINES):
            line = await self._line()
            if line[:3] != code or line[3:4] not in {"", " ", "-"}:
                raise NoSmtp(line)
            lines.append(line[4:].strip())
            if line[3:4] != "-":
                return lines
        raise NoSmtp("too many lines")

    async def _line(self) -> str:
        while b"\n" not in self._ahead:
            heard = await self._stream.read(LONGEST_LINE, self._patience.read_s) if self._stream else b""
            if not heard or len(self._ahead) > LONGEST_LINE:
                raise NoSmtp("hung up, or a line without end")
            self._ahead += heard
        line, _end, self._ahead = self._ahead.partition(b"\n")
        return legible(line.rstrip(b"\r").decode("utf-8", "replace"))

    async def close(self) -> None:
        """Hang up."""
        if self._stream:
            await self._stream.aclose()
            self._stream = None


def exchangers(folder: Path) -> list[str]:
    """Every mail exchanger that a campaign's answers name, once, in order."""
    found = {
        record.partition(" ")[2]
        for _domain, answers in shards.read(folder)
        for answer in answers
        if answer.type == "MX"
        for record in answer.records
    }
    return sorted(host for host in found if host.strip("."))


async def greet_all(hosts: Iterable[str], *, folder: Path, manners: Manners, own_name: str, at: datetime) -> int:
    """Greet each host and keep what it says below `folder`, shard by shard; how many were greeted now."""
    total = 0
    async with Visitor(manners) as visitor:
        for group in shards.undone(hosts, folder / "banners", column="host", tell=lambda _before: None):
            total += await _greet_shard(
                group, folder=folder, visitor=visitor, manners=manners, own_name=own_name, at=at
            )
    return total


async def _greet_shard(
    hosts: Sequence[str], *, folder: Path, visitor: Visitor, manners: Manners, own_name: str, at: datetime
) -> int:
    path = folder / "banners" / shards.place(folder, hosts).name
    found: list[Banner] = []

    async def greeted(host: str) -> None:
        found.append(await greet(host, visitor=visitor, manners=manners, own_name=own_name, at=at))

    async with anyio.create_task_group() as together:
        for host in hosts:
            together.start_soon(greeted, host)
    rows = [
        {"host": one.host, "greeted_at": one.greeted_at, "banner": BANNER.dump_json(one).decode()}
        for one in sorted(found, key=lambda one: one.host)
    ]
    keep(path, pyarrow.Table.from_pylist(rows, schema=SCHEMA))
    return len(hosts)


def read(folder: Path) -> Iterator[Banner]:
    """Every banner of a campaign."""
    for path in sorted((folder / "banners").glob("*.parquet")):
        for text in pyarrow.parquet.read_table(path, columns=["banner"]).column("banner").to_pylist():
            yield BANNER.validate_json(text)
