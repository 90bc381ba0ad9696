"""Questions to name servers, many at once: c-ares on the event loop, a second pass before a time-out is believed."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass

import aiodns
import pycares

from arobase.observatory.rules.answers import Answer, Outcome

IN_FLIGHT = 500
OUTCOMES: Mapping[int, Outcome] = {
    pycares.errno.ARES_ENODATA: Outcome.NO_DATA,
    pycares.errno.ARES_ENOTFOUND: Outcome.NO_NAME,
    pycares.errno.ARES_EREFUSED: Outcome.REFUSED,
    pycares.errno.ARES_ECONNREFUSED: Outcome.REFUSED,
    pycares.errno.ARES_ESERVFAIL: Outcome.FAILED,
    pycares.errno.ARES_ENOTIMP: Outcome.FAILED,
    pycares.errno.ARES_ETIMEOUT: Outcome.TIMEOUT,
    pycares.errno.ARES_EBADNAME: Outcome.BAD_NAME,
    pycares.errno.ARES_EBADQUERY: Outcome.BAD_NAME,
    pycares.errno.ARES_EFORMERR: Outcome.BAD,
    pycares.errno.ARES_EBADRESP: Outcome.BAD,
}


@dataclass(frozen=True)
class Servers:
    """Whom to ask and how patiently; empty addresses: whom this machine asks.

    timeout_s  of one try; the second pass waits three times as long, after `pause_s`
    """

    addresses: tuple[str, ...] = ()
    port: int = 53
    timeout_s: float = 2.0
    tries: int = 2
    pause_s: float = 1.0


class Resolver:
    """Asks; a question that is being asked or was just answered is not asked again."""

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._quick = _channel(servers, patience=1)
        self._patient = _channel(servers, patience=3)
        self._room = asyncio.Semaphore(IN_FLIGHT)
        self.asked = 0

    async def ask(self, name: str, type: str) -> Answer:
        """What the servers say of a name; never raises for what they do."""
        first = await self._once(self._quick, name, type)
        if first.outcome is not Outcome.TIMEOUT:
            return first
        await asyncio.sleep(self._servers.pause_s)
        return await self._once(self._patient, name, type)

    async def _once(self, channel: aiodns.DNSResolver, name: str, type: str) -> Answer:
        async with self._room:
            self.asked += 1
            try:
                told = await channel.query_dns(name, type)
            except aiodns.error.DNSError as error:
                return Answer(name, type, OUTCOMES.get(error.args[0], Outcome.BAD))
            except (UnicodeError, ValueError):
                return Answer(name, type, Outcome.BAD_NAME)
        return _answer(name, type, told)

    async def close(self) -> None:
        """Let the sockets go."""
        await self._quick.close()
        await self._patient.close()


def _channel(servers: Servers, *, patience: int) -> aiodns.DNSResolver:
    return aiodns.DNSResolver(
        nameservers=list(servers.addresses) or None,
        timeout=servers.timeout_s * patience,
        tries=servers.tries,
        udp_port=servers.port,
        tcp_port=servers.port,
        domains=[],
        rotate=True,
    )


def _answer(name: str, type: str, told: pycares.DNSResult) -> Answer:
    wanted = getattr(pycares, f"QUERY_TYPE_{type}")
    records = tuple(_text(one.data) for one in told.answer if one.type == wanted)
    aliases = tuple(_host(one.data.cname) for one in told.answer if isinstance(one.data, pycares.CNAMERecordData))
    return Answer(name, type, Outcome.ANSWER if records else Outcome.NO_DATA, records, aliases)


def _text(data: object) -> str:
    """A record as text: fields one after the other, names in lower case without their last dot."""
    match data:
        case pycares.ARecordData(addr=addr) | pycares.AAAARecordData(addr=addr):
            return str(addr)
        case pycares.MXRecordData(priority=priority, exchange=host):
            return f"{priority} {_host(host)}"
        case pycares.NSRecordData(nsdname=host):
            return _host(host)
        case pycares.TXTRecordData(data=value):
            return _decoded(value)
        case pycares.CAARecordData(critical=critical, tag=tag, value=value):
            return f"{critical} {_decoded(tag)} {_decoded(value)}"
        case pycares.SRVRecordData(priority=priority, weight=weight, port=port, target=host):
            return f"{priority} {weight} {port} {_host(host)}"
    raise TypeError(f"no text for {data!r}")


def _host(told: str | bytes) -> str:
    return _decoded(told).rstrip(".").lower()


def _decoded(told: str | bytes | Sequence[bytes]) -> str:
    if isinstance(told, str):
        return told
    return (told if isinstance(told, bytes) else b"".join(told)).decode("utf-8", "replace")
