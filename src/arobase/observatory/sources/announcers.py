"""Who announces the addresses that a campaign met: the table where one was loaded, else a public service asked by DNS.

The service answers TXT at reversed addresses below `origin` and `origin6` of its zone (system | prefix | country of the
prefix | registry | day) and at AS<number> (system | country | registry | day | name). Asking tells it which addresses
one looks at: nobody is asked unless the operator names the zone. Each address is asked once: a prefix that one answer
names may hold a more specific one, so that its other addresses may be another's.
"""

import asyncio
import ipaddress
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from hashlib import sha256
from itertools import islice
from pathlib import Path
from typing import Any

import pyarrow
import pyarrow.parquet
import uvloop

from arobase.observatory.rules.answers import SETTLED, Answer, Outcome
from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import shards, sites
from arobase.observatory.sources.registries import names_of
from arobase.observatory.sources.resolver import Resolver, Servers
from arobase.observatory.sources.tables import keep
from arobase.web.fetching import is_public

BATCH = 500  # addresses that are kept together
SCHEMA = pyarrow.schema(
    [
        ("address", pyarrow.string()),
        ("asked_at", pyarrow.timestamp("s", tz="UTC")),
        ("outcome", pyarrow.string()),
        ("system", pyarrow.int64()),
        ("name", pyarrow.string()),
        ("country", pyarrow.string()),
    ]
)


@dataclass(frozen=True)
class Announcers:
    """Who announces an address, and where that is known from.

    told  for the figures of a campaign: `by` (table, lookup, test or nothing), `on` (day), of a look-up also `zone` and
          how many addresses were `known`, announced by `nobody` and left `unanswered`
    """

    of: Callable[[str], Network | None]
    told: Mapping[str, Any] = field(default_factory=dict)


@dataclass(frozen=True)
class Looked:
    """An address, how the question about it ended, and who announces it."""

    address: str
    outcome: Outcome
    network: Network | None = None


def addresses_in(folder: Path) -> list[str]:
    """Public addresses among a campaign's answers and visits, each once."""
    answers = (one for _domain, told in shards.read(folder) for one in told if one.type in {"A", "AAAA"})
    found = {record for one in answers for record in one.records}
    if (folder / "sites").is_dir():
        found |= {hop.address for site in sites.read(folder) for way in site.ways for hop in way.hops if hop.address}
    return sorted(one for one in found if is_public(one))


def look_up(addresses: Iterable[str], *, folder: Path, zone: str, servers: Servers, at: datetime) -> Announcers:
    """Ask about each address that was not answered before, keep what came of it below `folder`, and say who is whose.

    What is there is not asked again; what got no answer is.
    """
    wanted = list(addresses)
    kept = {one.address: one for one in _read(folder)}
    waiting = [one for one in wanted if one not in kept or kept[one].outcome not in SETTLED]
    for found in uvloop.run(_look_up(waiting, folder, zone, servers, at)):
        kept[found.address] = found
    counted = Counter(_class(kept[one]) for one in wanted)
    told = {"by": "lookup", "zone": zone, "on": at.date().isoformat(), "addresses": len(wanted), **counted}
    networks = {one.address: one.network for one in kept.values() if one.network}
    return Announcers(networks.get, told)


def looked_up(folder: Path) -> Mapping[str, Network]:
    """Who announces the addresses that were asked about before, by address."""
    return {one.address: one.network for one in _read(folder) if one.network}


def _class(one: Looked) -> str:
    if one.network:
        return "known"
    return "nobody" if one.outcome in SETTLED else "unanswered"


async def _look_up(waiting: Sequence[str], folder: Path, zone: str, servers: Servers, at: datetime) -> Sequence[Looked]:
    resolver, found, rest = Resolver(servers), list[Looked](), iter(waiting)
    try:
        while batch := list(islice(rest, BATCH)):
            told = await asyncio.gather(*(_ask(one, zone, resolver) for one in batch))
            _write(folder, told, at)
            found += told
    finally:
        resolver.close()
    return found


async def _ask(address: str, zone: str, resolver: Resolver) -> Looked:
    told = await resolver.ask((question(address, zone), "TXT"))
    origin = origin_of(told, address)
    if origin is None:
        is_nonsense = told.outcome is Outcome.ANSWER
        return Looked(address, Outcome.BAD if is_nonsense else told.outcome)
    system, country = origin
    name, seat = _described(await resolver.ask_once((f"AS{system}.{zone}", "TXT")))
    return Looked(address, told.outcome, Network(system, name, country or seat))


def question(address: str, zone: str) -> str:
    """The name at which the service tells of an address.

    >>> question("192.0.2.7", "asn.example"), question("2001:db8::1", "asn.example")[:9]
    ('7.2.0.192.origin.asn.example', '1.0.0.0.0')
    """
    told = ipaddress.ip_address(address)
    mapped = getattr(told, "ipv4_mapped", None) or told
    digits = mapped.reverse_pointer.removesuffix(".in-addr.arpa").removesuffix(".ip6.arpa")
    return f"{digits}.{'origin' if mapped.version == 4 else 'origin6'}.{zone}"  # noqa: PLR2004 - the version of IP


def origin_of(told: Answer, address: str) -> tuple[int, str] | None:
    """System and country of the most specific prefix that holds the address, the lowest where several announce it.

    The country is that in which the prefix is registered, empty where none is told.

    >>> said = ("64500 64499 | 192.0.2.0/24 | FR | ripencc | 2001-02-03", "64501 | 192.0.0.0/16 | US | arin |")
    >>> origin_of(Answer("x", "TXT", Outcome.ANSWER, said), "192.0.2.7")
    (64499, 'FR')
    """
    best = max(_routes(told.records, address), default=None)
    return (-best[1], best[2]) if best else None


def _routes(records: Iterable[str], address: str) -> Iterator[tuple[int, int, str]]:
    """Length of each prefix that holds the address, its systems as negative numbers, and its country."""
    here = ipaddress.ip_address(address)
    here = getattr(here, "ipv4_mapped", None) or here
    for record in records:
        systems, told, country, *_rest = [one.strip() for one in (*record.split("|"), "", "")]
        try:
            prefix = ipaddress.ip_network(told)
        except ValueError:
            continue
        if prefix.version == here.version and here in prefix:
            yield from ((prefix.prefixlen, -int(one), country) for one in systems.split() if one.isdecimal())


def _described(about: Answer) -> tuple[str, str]:
    """Name and country of registration of a system; empty where it was not told."""
    for record in about.records:
        match [one.strip() for one in record.split("|", 4)]:
            case [number, country, _registry, _day, name]:
                return names_of([f"{number} {name}"]).get(int(number) if number.isdecimal() else 0, ""), country
    return "", ""


def _write(folder: Path, told: Sequence[Looked], at: datetime) -> None:
    rows = [
        {
            "address": one.address,
            "asked_at": at,
            "outcome": str(one.outcome),
            "system": one.network.system if one.network else None,
            "name": one.network.name if one.network else "",
            "country": one.network.country if one.network else "",
        }
        for one in told
    ]
    digest = sha256("\n".join(one.address for one in told).encode()).hexdigest()[:20]
    keep(folder / "networks" / f"{digest}.parquet", pyarrow.Table.from_pylist(rows, schema=SCHEMA))


def _read(folder: Path) -> Iterator[Looked]:
    """What was kept; of an address that was asked about again, what was settled."""
    found: dict[str, Looked] = {}
    for path in sorted((folder / "networks").glob("*.parquet")):
        for row in pyarrow.parquet.read_table(path).to_pylist():
            network = None if row["system"] is None else Network(row["system"], row["name"], row["country"])
            one = Looked(row["address"], Outcome(row["outcome"]), network)
            if one.address not in found or one.outcome in SETTLED:
                found[one.address] = one
    yield from found.values()
