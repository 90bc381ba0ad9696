"""Whose an IP address is: the system that announces it and the country in which it is registered, from public tables.

Files of layer 2, joined and kept in the home: prefixes with their origin as RIPE NCC's route collectors see them (RIS
whois), the names of systems, and the countries to which the registries delegated each block of addresses and each
system. A system's country tells of an address only where the registries name none for its block: networks announce
addresses that are registered, and mostly used, elsewhere than at their seat.
"""

import gzip
import ipaddress
from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from datetime import date, datetime
from pathlib import Path
from typing import Any

import numpy as np
import pyarrow
import pyarrow.compute
import pyarrow.parquet
from django.conf import settings
from django.utils import timezone
from django.utils.translation import gettext as _

from arobase.observatory.rules.facts import Network
from arobase.observatory.sources.registries import WIDTH, Block, Route, blocks_of, countries_of, names_of, routes_of
from arobase.registry.registers import Loaded, LoadRequest
from arobase.territories.actions.loading import LoadFailed
from arobase.territories.actions.reference import NO_CHANGES, Provenance, publish
from arobase.territories.models import SourceState
from arobase.territories.sources.files import named
from arobase.territories.sources.official import Absent, Answer, official

Clock = Callable[[], datetime]
FILES = ("prefixes4", "prefixes6", "systems", "delegations")
UNSEEN = 0
ANNOUNCED, REGISTERED = "announced", "registered"
SCHEMA = pyarrow.schema(
    [
        ("of", pyarrow.string()),
        ("start", pyarrow.binary()),
        ("system", pyarrow.int64()),
        ("name", pyarrow.string()),
        ("country", pyarrow.string()),
    ]
)


class NoNetworks(LoadFailed):
    """A table of prefixes holds none."""


Spans = tuple[np.ndarray, np.ndarray]  # first addresses in order, and the system or the country of each span


class Networks:
    """Longest match of a prefix: each family's addresses cut into spans, each with the most specific system.

    registered  likewise the country of each span of delegated addresses; where there is none the system's counts

    >>> table = Networks.made_of([Route(ipaddress.ip_network("192.0.2.0/24"), 64496)], {64496: ("Exemple", "FR")})
    >>> table.of("192.0.2.7"), table.of("198.51.100.1")
    (Network(system=64496, name='Exemple', country='FR'), None)
    """

    def __init__(
        self,
        spans: Mapping[int, Spans],
        systems: Mapping[int, tuple[str, str]],
        registered: Mapping[int, Spans] | None = None,
    ) -> None:
        self.spans = spans
        self.systems = systems
        self.registered = registered or {}

    @classmethod
    def made_of(
        cls, routes: Iterable[Route], systems: Mapping[int, tuple[str, str]], blocks: Iterable[Block] = ()
    ) -> "Networks":
        """The table of these routes and blocks."""
        told: dict[int, list[Route]] = {4: [], 6: []}
        for route in routes:
            told[route.prefix.version].append(route)
        delegated: dict[int, list[Block]] = {4: [], 6: []}
        for block in blocks:
            delegated[block.version].append(block)
        return cls(
            {version: _spans(found, WIDTH[version]) for version, found in told.items()},
            systems,
            {version: _countries(found, WIDTH[version]) for version, found in delegated.items()},
        )

    def of(self, address: str) -> Network | None:
        """Whose an address is; None where nobody announces it. Raises ValueError for what is no address."""
        told = ipaddress.ip_address(address)
        mapped = getattr(told, "ipv4_mapped", None)
        told = mapped or told
        key = _key(int(told), WIDTH[told.version])
        if not (system := int(_at(self.spans[told.version], key) or UNSEEN)):
            return None
        name, seat = self.systems.get(system, ("", ""))
        country = _at(self.registered[told.version], key) if told.version in self.registered else None
        return Network(system, name, country.decode() if country else seat)


def _at(spans: Spans, key: np.bytes_) -> Any:
    """What is told of the span in which a key lies; None before the first."""
    starts, told = spans
    at = int(np.searchsorted(starts, key, side="right")) - 1
    return told[at] if at >= 0 else None


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


def _countries(blocks: Iterable[Block], width: int) -> Spans:
    """First addresses of spans in order, and each span's country; of blocks that overlap the first counts."""
    starts, countries, beyond = [0], [""], 0

    def begin(at: int, country: str) -> None:
        if country != countries[-1]:
            starts.append(at)
            countries.append(country)

    for block in sorted(blocks, key=lambda one: (one.first, -one.last)):
        if block.first > beyond:
            begin(beyond, "")
        if block.last >= beyond:
            begin(max(block.first, beyond), block.country)
            beyond = block.last + 1
    if beyond < 1 << width:
        begin(beyond, "")
    return np.array([_key(one, width) for one in starts], dtype=f"S{width // 8 + 1}"), np.array(countries, dtype="S2")


def _leave(inside: list[tuple[int, int]], before: int, begin: Callable[[int, int], None]) -> None:
    """End the prefixes that end before an address."""
    while inside and inside[-1][0] < before:
        last, _system = inside.pop()
        begin(last + 1, inside[-1][1] if inside else UNSEEN)


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
    write(place(), Networks.made_of(rows, told, blocks_of(_lines(got["delegations"].path))))
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
    columns: dict[str, list[object]] = {"of": [], "start": [], "system": [], "name": [], "country": []}
    for starts, owners in table.spans.values():
        told = [table.systems.get(system, ("", "")) for system in owners.tolist()]
        columns["of"] += [ANNOUNCED] * len(starts)
        columns["start"] += starts.tolist()
        columns["system"] += owners.tolist()
        columns["name"] += [name for name, _country in told]
        columns["country"] += [country for _name, country in told]
    for starts, countries in table.registered.values():
        columns["of"] += [REGISTERED] * len(starts)
        columns["start"] += starts.tolist()
        columns["system"] += [UNSEEN] * len(starts)
        columns["name"] += [""] * len(starts)
        columns["country"] += [one.decode() for one in countries.tolist()]
    path.parent.mkdir(parents=True, exist_ok=True)
    partial = path.with_suffix(".partial")
    pyarrow.parquet.write_table(pyarrow.Table.from_pydict(columns, schema=SCHEMA), partial, compression="zstd")
    partial.replace(path)


def read(path: Path) -> Networks | None:
    """The table that was kept; None where none was loaded."""
    if not path.is_file():
        return None
    table = pyarrow.parquet.read_table(path)
    is_old = "of" not in table.column_names  # written before blocks were kept
    kept = (table if is_old else table.filter(pyarrow.compute.equal(table["of"], ANNOUNCED))).to_pydict()
    told = zip(kept["name"], kept["country"], strict=True)
    spans = _by_version(kept["start"], np.array(kept["system"], dtype=np.int64))
    systems = dict(zip(kept["system"], told, strict=True))
    if is_old:
        return Networks(spans, systems)
    blocks = table.filter(pyarrow.compute.equal(table["of"], REGISTERED))
    return Networks(spans, systems, _by_version(blocks["start"].to_pylist(), np.array(blocks["country"], dtype="S2")))


def _by_version(starts: Sequence[bytes], told: np.ndarray) -> dict[int, Spans]:
    """Spans of IPv4, then those of IPv6, whose keys are longer."""
    six = next((at for at, one in enumerate(starts) if len(one) > _length(4)), len(starts))
    return {
        4: (np.array(starts[:six], dtype=f"S{_length(4)}"), told[:six]),
        6: (np.array(starts[six:], dtype=f"S{_length(6)}"), told[six:]),
    }


def _length(version: int) -> int:
    """Bytes of a key."""
    return WIDTH[version] // 8 + 1


def _lines(path: Path) -> Iterator[str]:
    with named(path), (gzip.open if path.suffix == ".gz" else open)(path, "rt", encoding="utf-8") as file:
        yield from file
