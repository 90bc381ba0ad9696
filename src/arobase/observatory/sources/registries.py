"""Lines of the files that tell of addresses: routes that collectors see, names of systems, blocks of the registries."""

import ipaddress
from collections.abc import Iterable, Iterator
from dataclasses import dataclass

FEWEST_PEERS = 5  # of the collectors that must see a route: fewer is mostly somebody's mistake
IN_USE = frozenset({"allocated", "assigned"})  # the other blocks are of no country
WIDTH = {4: 32, 6: 128}


@dataclass(frozen=True, slots=True)
class Route:
    """A prefix and the system that announces it, the lowest number where several do."""

    prefix: ipaddress.IPv4Network | ipaddress.IPv6Network
    system: int


@dataclass(frozen=True, slots=True)
class Block:
    """Addresses that a registry delegated to a country, from the first to the last of one version of IP."""

    version: int
    first: int
    last: int
    country: str


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


def blocks_of(lines: Iterable[str]) -> Iterator[Block]:
    """Lines of the same statistics: blocks of addresses in use, of IPv4 with their number, of IPv6 with their length.

    >>> [(one.country, one.last - one.first) for one in blocks_of(["arin|CA|ipv4|192.0.2.0|256|20130702|allocated|x"])]
    [('CA', 255)]
    """
    for line in lines:
        match line.rstrip("\n").split("|"):
            case [_registry, country, ("ipv4" | "ipv6") as kind, first, size, _day, status, *_rest] if (
                status in IN_USE and len(country) == len("FR") and size.isdigit()
            ):
                version = int(kind[-1])
                begin = int(ipaddress.ip_address(first))
                count = int(size) if version == 4 else 1 << (WIDTH[6] - int(size))  # noqa: PLR2004 - the version of IP
                yield Block(version, begin, begin + count - 1, country)
