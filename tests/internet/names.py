"""A real name server on loopback that says what world.yaml tells it, and counts what it was asked."""

import ipaddress
import select
import socket
import threading
import time
from collections import Counter, defaultdict
from collections.abc import Iterator, Mapping
from contextlib import contextmanager, suppress
from dataclasses import dataclass, field
from pathlib import Path

import dns.flags
import dns.message
import dns.name
import dns.query
import dns.rcode
import dns.rdatatype
import dns.rrset
import yaml

from internet.places import zones_of
from internet.towns import settle

WORLD = yaml.safe_load((Path(__file__).parent / "world.yaml").read_text(encoding="utf-8"))
settle(WORLD)
TTL = 60
LARGEST = 1232  # bytes over UDP, as c-ares says that it takes
LONGEST_CHAIN = 8
LONGEST_STRING = 255


@dataclass
class NameServer:
    """Where it answers, and how often each question came.

    asked      packets; who waits in vain on a busy machine sends a question again
    questions  numbers that questions bear (RFC 1035, section 4.1.1): one that is sent again keeps its own
    whole      likewise by name, of those that came over TCP
    """

    address: str
    port: int
    asked: Counter[tuple[str, str]] = field(default_factory=Counter)
    questions: defaultdict[tuple[str, str], set[int]] = field(default_factory=lambda: defaultdict(set))
    zones: dict[str, dict[str, list[str]]] = field(default_factory=dict)
    whole: defaultdict[str, set[int]] = field(default_factory=lambda: defaultdict(set))


def _zones() -> dict[str, dict[str, list[str]]]:
    zones = {**WORLD["zones"]}
    for name, told in zones_of(WORLD).items():
        zones[name] = {**told, **zones.get(name, {})}
    forest = WORLD["forest"]
    for n in range(forest["size"]):
        ahead = forest["next"].format(m=n + 1)
        zones[forest["name"].format(n=n)] = {"TXT": [f"v=spf1 include:{ahead} -all"]}
    long, crowd = WORLD["long"], WORLD["crowd"]
    more = [f"key{n}={'x' * 60}" for n in range(long["texts"])]
    zones[long["name"]] = {**zones[long["name"]], "TXT": [*zones[long["name"]]["TXT"], *more]}
    servers = [crowd["server"].format(n=n) for n in range(crowd["size"])]
    zones[crowd["name"]] = {**zones[crowd["name"]], "NS": servers}
    return zones | _networks()


def _networks() -> dict[str, dict[str, list[str]]]:
    """A service that tells who announces an address, as well-known ones do: system | prefix | country | … | day.

    The country is that of the prefix; the system's own stands at its number.
    """
    found = {}
    for address, system, name, country, *elsewhere in WORLD["networks"]:
        seat = elsewhere[0] if elsewhere else country
        pointer = ipaddress.ip_address(address).reverse_pointer.removesuffix(".in-addr.arpa")
        said = [f"{system} | 192.88.99.0/24 | {country} | test | 2001-02-03"]
        found[f"{pointer}.origin.asn.test"] = {"TXT": said}
        found[f"AS{system}.asn.test".lower()] = {"TXT": [f"{system} | {seat} | test | 2001-02-03 | {name}, {seat}"]}
    return found


def _sockets() -> tuple[socket.socket, socket.socket]:
    """A port of loopback that is free for both; another process may hold the one that was free for the first."""
    for _attempt in range(50):
        udp, tcp = socket.socket(socket.AF_INET, socket.SOCK_DGRAM), socket.socket()
        udp.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 1 << 22)
        udp.bind(("127.0.0.1", 0))
        try:
            tcp.bind(udp.getsockname())
        except OSError:
            udp.close()
            tcp.close()
        else:
            return udp, tcp
    raise OSError("no port of loopback is free for UDP and TCP")


@contextmanager
def name_server(*, many: int = 0, more: Mapping[str, dict[str, list[str]]] | None = None) -> Iterator[NameServer]:
    """Serve the world, and `many` towns more (`t0.many.test`, …), and what `more` tells, until the block ends."""
    zones = {**_zones(), **(more or {})}
    for n in range(many):
        zones[f"t{n}.many.test"] = {"NS": ["ns1.host.test."]} | ({} if n % 2 else {"MX": ["10 mail.host.test."]})
    udp, tcp = _sockets()
    with udp, tcp:
        udp.settimeout(0.2)
        server = NameServer(*udp.getsockname(), zones=zones)
        tcp.listen()
        tcp.settimeout(0.2)
        over = threading.Event()
        threads = [
            threading.Thread(target=serve, args=(server_socket, server, zones, over), daemon=True)
            for serve, server_socket in ((_serve, udp), (_serve_whole, tcp))
        ]
        for thread in threads:
            thread.start()
        yield server
        over.set()
        for thread in threads:
            thread.join()


def _serve(udp: socket.socket, server: NameServer, zones: dict, over: threading.Event) -> None:
    parents = {zone.split(".", n)[n] for zone in zones for n in range(1, zone.count(".") + 1)}
    while not over.is_set():
        with suppress(TimeoutError):
            wire, sender = udp.recvfrom(4096)
            answer = _answer(dns.message.from_wire(wire), server, zones, parents)
            if answer is not None:
                udp.sendto(answer.to_wire(max_size=LARGEST, prefer_truncation=True), sender)


def _serve_whole(tcp: socket.socket, server: NameServer, zones: dict, over: threading.Event) -> None:
    """The same over TCP, where answers are never cut short."""
    parents = {zone.split(".", n)[n] for zone in zones for n in range(1, zone.count(".") + 1)}
    talking: list[threading.Thread] = []
    while not over.is_set():
        with suppress(TimeoutError, OSError):
            connection, _sender = tcp.accept()
            told = (connection, server, zones, parents, over)
            talking.append(threading.Thread(target=_converse, args=told, daemon=True))
            talking[-1].start()
    for one in talking:
        one.join()


def _converse(
    connection: socket.socket, server: NameServer, zones: dict, parents: set[str], over: threading.Event
) -> None:
    """Every question of a connection: a client may send several before the first is answered (RFC 7766, section 6.2.1).

    One that was hung up on after its first question would have to ask the others again, and not always would.
    """
    with connection, suppress(OSError, EOFError):
        while not over.is_set():
            if not select.select([connection], [], [], 0.2)[0]:
                continue
            query, _time = dns.query.receive_tcp(connection, expiration=time.time() + 1)
            server.whole[query.question[0].name.to_text(omit_final_dot=True)].add(query.id)
            if (answer := _answer(query, server, zones, parents)) is not None:
                dns.query.send_tcp(connection, answer.to_wire(max_size=65_535))


def _answer(
    query: dns.message.Message, server: NameServer, zones: dict, parents: set[str]
) -> dns.message.Message | None:
    question = query.question[0]
    name, type = question.name.to_text(omit_final_dot=True).lower(), dns.rdatatype.to_text(question.rdtype)
    server.asked[name, type] += 1
    server.questions[name, type].add(query.id)
    mood = next((mood for end, mood in WORLD["moods"].items() if name == end or name.endswith(f".{end}")), "")
    is_first = server.asked[name, type] <= 1
    if mood == "silent" or (mood == "slow" and is_first):
        return None
    answer = dns.message.make_response(query, recursion_available=True)
    if mood == "lying":
        answer.question = [dns.rrset.from_text("autre.test.", 0, "IN", type)]
        answer.answer.append(dns.rrset.from_text("autre.test.", TTL, "IN", "A", "192.0.2.99"))
        return answer
    if mood in {"refused", "failed"} or (is_first and mood in {"wary", "pressed"}):
        answer.set_rcode(dns.rcode.REFUSED if mood in {"refused", "wary"} else dns.rcode.SERVFAIL)
        return answer
    if mood == "narrow" and type == "AAAA":
        answer.set_rcode(dns.rcode.NXDOMAIN)
        return answer
    here = name
    for _hop in range(LONGEST_CHAIN):
        told = zones.get(here)
        if told is None or "CNAME" not in told:
            break
        answer.answer.append(dns.rrset.from_text(f"{here}.", TTL, "IN", "CNAME", *told["CNAME"]))
        here = told["CNAME"][0].rstrip(".")
    if name in WORLD["turning"]:
        told = _turned(WORLD["turning"][name], server.asked[name, type])
    if told is None and here not in parents:
        answer.set_rcode(dns.rcode.NXDOMAIN)
    if told and type in told:
        records = [_quoted(one) for one in told[type]] if type == "TXT" else told[type]
        ttl = 0 if name in WORLD["turning"] else TTL
        answer.answer.append(dns.rrset.from_text(f"{here}.", ttl, "IN", type, *records))
    return answer


def _quoted(text: str) -> str:
    """A text as strings of 255 bytes at most (RFC 1035, sections 3.3 and 5.1)."""
    told = text.encode()
    pieces = (told[at : at + LONGEST_STRING] for at in range(0, max(1, len(told)), LONGEST_STRING))
    return " ".join('"' + "".join(map(_escaped, piece)) + '"' for piece in pieces)


def _escaped(byte: int) -> str:
    sign = chr(byte)
    return sign if sign.isascii() and sign.isprintable() and sign not in '"\\' else f"\\{byte:03d}"


def _turned(turns: dict[str, list[list[str]]], times: int) -> dict[str, list[str]]:
    """What a name whose addresses change says the so many-th time."""
    return {type: answers[min(times, len(answers)) - 1] for type, answers in turns.items()}
