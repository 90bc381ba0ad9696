"""Whose an IP address is: the system that announces it and where that system is registered, from public tables.

Three files of layer 2, joined and kept in the home: prefixes with their origin as RIPE NCC's route collectors see them
(RIS whois), the names of systems, and the country to which the registries delegated each system.
"""

import gzip
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime
from pathlib import Path

import numpy as np
import pyarrow
import pyarrow.parquet
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.rules.facts import Network
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.territories.actions.reference import NO_CHANGES, Provenance, publish
from arobase.territories.models import SourceState
from arobase.territories.sources.files import named
from arobase.territories.sources.official import Absent, Answer, official

Clock = Callable[[], datetime]
FILES = ("prefixes4", "prefixes6", "systems", "delegations")
FEWEST_PEERS = 5  # of the collectors that must see a route: fewer is mostly somebody's mistake
WIDTH = {4: 32, 6: 128}
UNSEEN = 0
SCHEMA = pyarrow.schema(
    [
        ("start", pyarrow.binary()),
        ("system", pyarrow.int64()),
        ("name", pyarrow.string()),
        ("country", pyarrow.string()),
    ]
)


class NoNetworks(LoadFailed):
    """A table of prefixes holds none."""


Spans = tuple[np.ndarray, np.ndarray]  # first addresses in order, and the system of each span


@dataclass(frozen=True, slots=True)
class Route:
    """A prefix and the system that announces it, the lowest number where several do."""

    prefix: ipaddress.IPv4Network | ipaddress.IPv6Network
    system: int


class Networks:
    """Longest match of a prefix: each family's addresses cut into spans, each with the most specific system.

    >>> table = Networks.made_of([Route(ipaddress.ip_network("192.0.2.0/24"), 64496)], {64496: ("Exemple", "FR")})
    >>> table.of("192.0.2.7"), table.of("198.51.100.1")
    (Network(system=64496, name='Exemple', country='FR'), None)
    """

    def __init__(self, spans: Mapping[int, Spans], systems: Mapping[int, tuple[str, str]]) -> None:
        self.spans = spans
        self.systems = systems

    @classmethod
    def made_of(cls, routes: Iterable[Route], systems: Mapping[int, tuple[str, str]]) -> "Networks":
        """The table of these routes."""
        told: dict[int, list[Route]] = {4: [], 6: []}
        for route in routes:
            told[route.prefix.version].append(route)
        return cls({version: _spans(found, WIDTH[version]) for version, found in told.items()}, systems)

    def of(self, address: str) -> Network | None:
        """Whose an address is; None where nobody announces it. Raises ValueError for what is no address."""
        told = ipaddress.ip_address(address)
        mapped = getattr(told, "ipv4_mapped", None)
        told = mapped or told
        starts, owners = self.spans[told.version]
        at = int(np.searchsorted(starts, _key(int(told), WIDTH[told.version]), side="right")) - 1
        if at < 0 or owners[at] == UNSEEN:
            return None
        system = int(owners[at])
        name, country = self.systems.get(system, ("", ""))
        return Network(system, name, country)


def _key(address: int, width: int) -> np.bytes_:
    """An address as bytes that sort as the number does; one byte more at the end, since numpy drops closing zeros."""
    return np.bytes_(address.to_bytes(width // 8, "big") + b"\x01")


def _spans(routes: Sequence[Route], width: int) -> Spans:
    """First addresses of spans in order, and each span's system: a walk over nested prefixes with a stack."""
    starts: list[int] = []
    owners: list[int] = []

    def begin(at: int, system: int) -> None:
        if starts and starts[-1] == at:
            owners[-1] = system
        elif not owners or owners[-1] != system:
            starts.append(at)
            owners.append(system)

    inside: list[tuple[int, int]] = []  # the last address and the system of what the walk is inside of
    ordered = sorted(routes, key=lambda one: (int(one.prefix.network_address), one.prefix.prefixlen, -one.system))
    for route in ordered:
        first, last = int(route.prefix.network_address), int(route.prefix.broadcast_address)
        _leave(inside, first, begin)
        begin(first, route.system)
        inside.append((last, route.system))
    _leave(inside, 1 << width, begin)
    keys = np.array([_key(one, width) for one in starts if one < 1 << width], dtype=f"S{width // 8 + 1}")
    return keys, np.array(owners[: len(keys)], dtype=np.int64)


def _leave(inside: list[tuple[int, int]], before: int, begin: Callable[[int, int], None]) -> None:
    """End the prefixes that end before an address."""
    while inside and inside[-1][0] < before:
        last, _system = inside.pop()
        begin(last + 1, inside[-1][1] if inside else UNSEEN)


def routes_of(lines: Iterable[str]) -> Iterator[Route]:
    """Lines of RIS whois: origin, prefix and how many collectors' peers see it, by tabs; sets and rare ones are left.

    >>> [route.system for route in routes_of(["% told", "64496\\t192.0.2.0/24\\t300", "{1,2}\\t198.51.100.0/24\\t9"])]
    [64496]
    """
    for line in lines:
        match line.rstrip("\n").split("\t"):
            case [origin, prefix, peers] if origin.isdigit() and peers.isdigit() and int(peers) >= FEWEST_PEERS:
                yield Route(ipaddress.ip_network(prefix), int(origin))


def names_of(lines: Iterable[str]) -> dict[int, str]:
    """Lines of RIPE NCC's list of systems: number, handle and name, and the country after the last comma."""
    told = (line.rstrip("\n").partition(" ") for line in lines)
    return {int(number): name.rpartition(",")[0].strip() or name for number, _space, name in told if number.isdigit()}


def countries_of(lines: Iterable[str]) -> dict[int, str]:
    """Lines of the registries' delegated-extended statistics: a country for each system of a block.

    >>> countries_of(["ripencc|FR|asn|64496|2|20250101|allocated|x", "ripencc|*|asn|*|9|summary"])
    {64496: 'FR', 64497: 'FR'}
    """
    found: dict[int, str] = {}
    for line in lines:
        match line.split("|"):
            case [_registry, country, "asn", first, count, *_rest] if first.isdigit() and len(country) == len("FR"):
                found |= dict.fromkeys(range(int(first), int(first) + int(count)), country)
    return found


def load(request: LoadRequest, *, now: Clock = timezone.now) -> Loaded:
    """Bring the tables in from their publishers; without a network nothing, and it says what is missing."""
    got: dict[str, Answer] = {}
    for name in FILES:
        answer = official(name, progress=request.progress)
        if isinstance(answer, Absent):
            missing = _("Réseaux : systèmes et pays des adresses restent inconnus. %s") % answer.reason
            return Loaded(None, "", 0, "", {}, missing.strip())
        got[name] = answer
    rows = [route for name in FILES[:2] for route in routes_of(_lines(got[name].path))]
    if not rows:
        raise NoNetworks(_("%s ne contient aucun préfixe. Rien n’a été chargé.") % got["prefixes4"].path.name)
    systems = {one.system for one in rows}
    names, countries = names_of(_lines(got["systems"].path)), countries_of(_lines(got["delegations"].path))
    told = {one: (names.get(one, ""), countries.get(one, "")) for one in systems}
    write(place(), Networks.made_of(rows, told))
    provenance = Provenance("networks", 2, got["prefixes4"].version, got["prefixes4"].licence, len(rows))
    return publish(provenance, lambda: NO_CHANGES, at=now())


def loaded_on() -> date | None:
    """The day on which the table was loaded; None where none was."""
    found = SourceState.objects.filter(name="networks", layer__isnull=False).first()
    return found.loaded_at.date() if found else None


def place() -> Path:
    return Path(settings.HOME) / "observatory" / "networks.parquet"


def write(path: Path, table: Networks) -> None:
    """Keep the table, a row a span, so that it is read without being made again; whoever reads sees the old one."""
    columns: dict[str, list[object]] = {"start": [], "system": [], "name": [], "country": []}
    for starts, owners in table.spans.values():
        told = [table.systems.get(system, ("", "")) for system in owners.tolist()]
        columns["start"] += starts.tolist()
        columns["system"] += owners.tolist()
        columns["name"] += [name for name, _country in told]
        columns["country"] += [country for _name, country in told]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    pyarrow.parquet.write_table(pyarrow.Table.from_pydict(columns, schema=SCHEMA), partial, compression="zstd")
    partial.replace(path)


def read(path: Path) -> Networks | None:
    """The table that was kept; None where none was loaded."""
    if not path.is_file():
        return None
    kept = pyarrow.parquet.read_table(path).to_pydict()
    starts, systems = kept["start"], np.array(kept["system"], dtype=np.int64)
    six = next((at for at, one in enumerate(starts) if len(one) > _length(4)), len(starts))
    spans = {
        4: (np.array(starts[:six], dtype=f"S{_length(4)}"), systems[:six]),
        6: (np.array(starts[six:], dtype=f"S{_length(6)}"), systems[six:]),
    }
    told = zip(kept["name"], kept["country"], strict=True)
    return Networks(spans, dict(zip(kept["system"], told, strict=True)))


def _length(version: int) -> int:
    """Bytes of a key."""
    return WIDTH[version] // 8 + 1


def _lines(path: Path) -> Iterator[str]:
    with named(path), (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        yield from file
