"""Whose an address is: the longest prefix wins, and nobody's is nobody's."""

import ipaddress

import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import networks
from arobase.observatory.sources.networks import Networks, Route
from arobase.registry.registers import LoadRequest

LINES = [
    "% a comment",
    "64496\t192.0.2.0/24\t300",
    "64497\t192.0.2.128/25\t300",
    "64498\t198.51.100.0/24\t2",  # seen by too few
    "{64499,64500}\t203.0.113.0/24\t300",  # a set of origins
    "64501\t2001:db8::/32\t300",
]
SYSTEMS = {64496: ("EXEMPLE", "FR"), 64501: ("SIX", "DE")}


def test_the_longest_prefix_tells_the_system_its_name_and_its_country(tmp_path):
    networks.write(tmp_path / "n.parquet", Networks.made_of(networks.routes_of(LINES), SYSTEMS))

    table = networks.read(tmp_path / "n.parquet")

    assert table.of("192.0.2.1") == Network(64496, "EXEMPLE", "FR")
    assert table.of("192.0.2.200") == Network(64497)
    assert table.of("2001:db8::1") == Network(64501, "SIX", "DE")
    assert table.of("::ffff:192.0.2.1") == table.of("192.0.2.1")
    assert [table.of(one) for one in ("192.0.1.255", "192.0.3.0", "198.51.100.1", "203.0.113.1", "::1")] == [None] * 5


def test_names_and_countries_are_read_as_the_registries_write_them():
    assert networks.names_of(["64496 EXEMPLE-AS Exemple, SA, FR", "x"]) == {64496: "EXEMPLE-AS Exemple, SA"}
    assert networks.countries_of(["2|nro|20251101", "arin|US|asn|64512|1|20250101|assigned|x|e-stats"]) == {64512: "US"}


def test_without_a_network_the_source_says_what_is_unknown():
    with override_settings(OFFICIAL_SOURCES=False):
        told = networks.load(LoadRequest(frozenset(), lambda *_told: None))

    assert (told.layer, told.rows) == (None, 0)
    assert "inconnus" in told.note


prefixes4 = st.builds(
    lambda address, length: ipaddress.ip_network((address, length), strict=False),
    st.integers(0, 255).map(lambda one: one << 24 | one << 8) | st.integers(0, 2**32 - 1),
    st.integers(0, 32),
)
prefixes6 = st.builds(
    lambda address, length: ipaddress.ip_network((address, length), strict=False),
    st.integers(0, 2**128 - 1) | st.sampled_from([0, 2**128 - 1]),
    st.integers(0, 128),
)


@pytest.mark.parametrize(
    ("prefixes", "address"), [(prefixes4, ipaddress.IPv4Address), (prefixes6, ipaddress.IPv6Address)]
)
@given(data=st.data())
def test_a_table_says_what_trying_every_prefix_says(prefixes, address, data):
    among = data.draw(st.lists(prefixes, min_size=1, max_size=12, unique=True))
    table = Networks.made_of([Route(one, n) for n, one in enumerate(among, start=1)], {})
    ends = [int(end) for one in among for end in (one.network_address, one.broadcast_address)]
    most = among[0].max_prefixlen
    around = [address(one + step) for one in ends for step in (-1, 0, 1) if 0 <= one + step < 1 << most]
    asked = [one for one in around if not getattr(one, "ipv4_mapped", None)]  # those are asked as IPv4

    found = [network.system if (network := table.of(str(one))) else None for one in asked]

    assert found == [plainly(among, one) for one in asked]


def plainly(among, address):
    inside = [(one.prefixlen, n) for n, one in enumerate(among, start=1) if address in one]
    return max(inside)[1] if inside else None
