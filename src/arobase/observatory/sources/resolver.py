"""Questions to name servers, many at once: c-ares on the event loop, a second pass before a failure is believed."""

import asyncio
import time
from collections import OrderedDict, deque
from collections.abc import Mapping
from dataclasses import dataclass
from functools import partial

import pycares

from arobase.observatory.rules.answers import SETTLED, Answer, Outcome
from arobase.observatory.rules.questions import Question
from arobase.observatory.sources.records import TYPES, answer_of

IN_FLIGHT = 500  # questions
SLOW_S = 1.0  # a question that waits longer leaves its place to others, so that silent servers hold nobody up
MOST_SLOW = 5_000
REMEMBERED = 50_000  # answers about hosts that many domains share
TICK_S = 0.05  # between two looks at what has timed out
# c-ares keeps what it was told until its TTL is over, and pycares cannot bound that: a new channel starts with nothing.
CHANNEL_LIFE = 50_000  # questions
RECEIVED_BYTES = 1 << 21  # that the kernel may hold back for a busy loop
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
# What may be of that moment: a resolver whose own question timed out says that it failed, one that is pressed refuses.
PASSING = frozenset({Outcome.TIMEOUT, Outcome.FAILED, Outcome.REFUSED})
# By itself c-ares takes neither for an answer, and asks the next server, or the same, within a millisecond.
AS_TOLD = pycares.ARES_FLAG_EDNS | pycares.ARES_FLAG_NOCHECKRESP
OF_ANOTHER = pycares.ARES_FLAG_EDNS


@dataclass(frozen=True)
class Servers:
    """Whom to ask and how patiently; empty addresses: whom this machine asks.

    timeout_s  of one try; the second pass comes after `pause_s` and waits three times as long
    """

    addresses: tuple[str, ...] = ()
    port: int = 53
    timeout_s: float = 2.0
    tries: int = 2
    pause_s: float = 1.0


@dataclass(slots=True, eq=False)
class _Asked:
    """A question on its way."""

    name: str
    type: str
    future: asyncio.Future[Answer]
    channel: "Channel | None" = None
    since: float = 0.0
    is_second_pass: bool = False


class Channel(pycares.Channel):
    """A channel of c-ares that also asks for DS and DNSKEY, of which it hands on that there are some."""

    __qtypes__ = (*pycares.Channel.__qtypes__, TYPES["DS"], TYPES["DNSKEY"])  # type: ignore[assignment]  # two more
    under_way = 0  # questions


class Resolver:
    """Asks from within a running event loop.

    aiodns would let c-ares run a thread of its own, which costs a wake-up of the loop an answer: half the speed.
    """

    def __init__(self, servers: Servers) -> None:
        self._servers = servers
        self._loop = asyncio.get_running_loop()
        self._waiting: deque[_Asked] = deque()
        self._under_way: dict[_Asked, None] = {}  # in the order of their start
        self._slow: set[_Asked] = set()
        self._told: OrderedDict[Question, asyncio.Future[Answer]] = OrderedDict()
        self._has_room = asyncio.Event()
        self._has_room.set()
        self._quick = self._channel(patience=1)
        has_others = len(self._quick.servers) > 1
        self._patient = self._channel(patience=3, flags=OF_ANOTHER if has_others else AS_TOLD)
        self._old: list[Channel] = []
        self._is_closed = False
        self._ticking = self._loop.call_later(TICK_S, self._tick)
        self.asked = 0
        self._counted = 0

    def ask(self, question: Question) -> asyncio.Future[Answer]:
        """What the servers say of a name; never raises for what they do."""
        name, type = question
        future: asyncio.Future[Answer] = self._loop.create_future()
        self._waiting.append(_Asked(name, type, future))
        self._fill()
        return future

    def ask_once(self, question: Question) -> asyncio.Future[Answer]:
        """The same, from memory where it is being asked or was answered: for hosts that many domains share.

        A failure is not remembered: it is one of that moment.
        """
        if (known := self._told.get(question)) is not None:
            self._told.move_to_end(question)
            return known
        future = self._told[question] = self.ask(question)
        future.add_done_callback(partial(self._forget_failure, question))
        if len(self._told) > REMEMBERED:
            self._told.popitem(last=False)
        return future

    def _forget_failure(self, question: Question, told: asyncio.Future[Answer]) -> None:
        if (told.cancelled() or told.result().outcome not in SETTLED) and self._told.get(question) is told:
            del self._told[question]

    async def room(self) -> None:
        """Wait until no question waits for its turn."""
        await self._has_room.wait()

    def newly_asked(self) -> int:
        """How many questions were sent since this was last called."""
        newly, self._counted = self.asked - self._counted, self.asked
        return newly

    def close(self) -> None:
        """Let the sockets go; what was not answered never will be."""
        self._is_closed = True
        self._ticking.cancel()
        for channel in (self._quick, self._patient, *self._old):
            channel.cancel()
            channel.close()

    def _fill(self) -> None:
        while self._waiting and len(self._under_way) < IN_FLIGHT:
            self._start(self._waiting.popleft())
        if self._waiting:
            self._has_room.clear()
        else:
            self._has_room.set()

    def _start(self, asked: _Asked) -> None:
        self.asked += 1
        if self.asked % CHANNEL_LIFE == 0:
            self._old.append(self._quick)
            self._quick = self._channel(patience=1)
        channel = asked.channel = self._patient if asked.is_second_pass else self._quick
        channel.under_way += 1
        asked.since = time.monotonic()
        self._under_way[asked] = None
        try:
            channel.query(asked.name, TYPES[asked.type], callback=partial(self._hear, asked))
        except (UnicodeError, ValueError):
            self._hear(asked, None, pycares.errno.ARES_EBADNAME)
        except pycares.AresError as error:
            self._hear(asked, None, error.args[0])

    def _hear(self, asked: _Asked, told: pycares.DNSResult | None, code: int | None) -> None:
        channel, asked.channel = asked.channel, None
        if channel is None or self._is_closed:
            return  # c-ares may call back and raise as well
        channel.under_way -= 1
        self._under_way.pop(asked, None)
        self._slow.discard(asked)
        if told is not None:
            _settle(asked.future, answer_of(asked.name, asked.type, told))
            return
        outcome = OUTCOMES.get(code or 0, Outcome.BAD)
        if outcome in PASSING and not asked.is_second_pass:
            asked.is_second_pass = True
            self._loop.call_later(self._servers.pause_s, self._again, asked)
            return
        _settle(asked.future, Answer(asked.name, asked.type, outcome))

    def _again(self, asked: _Asked) -> None:
        self._waiting.append(asked)
        self._fill()

    def _tick(self) -> None:
        """Let c-ares see what has timed out, slow questions step aside, and old channels go when all have answered."""
        self._ticking = self._loop.call_later(TICK_S, self._tick)
        for channel in (self._quick, self._patient, *self._old):
            channel.process_fd(pycares.ARES_SOCKET_BAD, pycares.ARES_SOCKET_BAD)
        long_ago = time.monotonic() - SLOW_S
        while self._under_way and len(self._slow) < MOST_SLOW:
            oldest = next(iter(self._under_way))
            if oldest.since > long_ago:
                break
            del self._under_way[oldest]
            self._slow.add(oldest)
        for channel in [one for one in self._old if not one.under_way]:
            self._old.remove(channel)
            channel.close()
        self._fill()

    def _channel(self, *, patience: int, flags: int = AS_TOLD) -> Channel:
        watched: dict[str, Channel] = {}

        def watch(fd: int, readable: bool, writable: bool) -> None:
            if self._is_closed:
                return  # the loop may be gone
            (self._loop.add_reader(fd, self._receive, watched, fd) if readable else self._loop.remove_reader(fd))
            (self._loop.add_writer(fd, self._send, watched, fd) if writable else self._loop.remove_writer(fd))

        channel = watched["channel"] = Channel(
            flags=flags,
            servers=[_with_port(one, self._servers.port) for one in self._servers.addresses] or None,
            timeout=self._servers.timeout_s * patience,
            tries=self._servers.tries,
            udp_port=self._servers.port,
            tcp_port=self._servers.port,
            domains=[],
            rotate=True,
            socket_receive_buffer_size=RECEIVED_BYTES,
            sock_state_cb=watch,
        )
        return channel

    def _receive(self, watched: Mapping[str, Channel], fd: int) -> None:
        watched["channel"].process_fd(fd, pycares.ARES_SOCKET_BAD)
        self._fill()

    def _send(self, watched: Mapping[str, Channel], fd: int) -> None:
        watched["channel"].process_fd(pycares.ARES_SOCKET_BAD, fd)


def _with_port(address: str, port: int) -> str:
    return f"[{address}]:{port}" if ":" in address else f"{address}:{port}"


def _settle(future: asyncio.Future[Answer], answer: Answer) -> None:
    if not future.done():
        future.set_result(answer)
