"""Whose an address is: the longest prefix wins, and nobody's is nobody's."""

import ipaddress

import pyarrow.parquet
import pytest
from django.test import override_settings
from hypothesis import given
from hypothesis import strategies as st

from arobase.observatory.rules.facts import Network
from arobase.observatory.sources import networks, registries
from arobase.observatory.sources.networks import Networks
from arobase.observatory.sources.registries import Block, Route
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
    networks.write(tmp_path / "n.parquet", Networks.made_of(registries.routes_of(LINES), SYSTEMS))

    table = networks.read(tmp_path / "n.parquet")

    assert table.of("192.0.2.1") == Network(64496, "EXEMPLE", "FR")
    assert table.of("192.0.2.200") == Network(64497)
    assert table.of("2001:db8::1") == Network(64501, "SIX", "DE")
    assert table.of("::ffff:192.0.2.1") == table.of("192.0.2.1")
    assert [table.of(one) for one in ("192.0.1.255", "192.0.3.0", "198.51.100.1", "203.0.113.1", "::1")] == [None] * 5


DELEGATED = [
    "2|ripencc|20261101|9|19830705|20261101|+0000",
    "arin|CA|ipv4|192.99.0.0|65536|20130702|allocated|x|e-stats",
    "ripencc|IE|ipv4|51.104.0.0|131072|19930901|assigned|x",
    "ripencc||ipv4|51.106.0.0|65536||available|",
    "ripencc|DE|ipv6|2001:db8::|33|20250101|allocated|x",
    "ripencc|FR|asn|16276|1|20010215|allocated|x",
    "arin|US|asn|8075|1|19970331|assigned|x",
]


def test_an_address_is_in_the_country_it_is_registered_in_and_only_else_in_its_systems(tmp_path):
    announced = ["16276\t192.99.0.0/16\t300", "8075\t51.104.0.0/14\t300", "16276\t2001:db8::/32\t300"]
    systems = {number: ("", country) for number, country in registries.countries_of(DELEGATED).items()}
    made = Networks.made_of(registries.routes_of(announced), systems, registries.blocks_of(DELEGATED))
    networks.write(tmp_path / "n.parquet", made)

    table = networks.read(tmp_path / "n.parquet")

    places = {one: table.of(one).country for one in ("192.99.4.1", "51.104.0.1", "51.106.0.1", "2001:db8::1")}
    assert places == {"192.99.4.1": "CA", "51.104.0.1": "IE", "51.106.0.1": "US", "2001:db8::1": "DE"}
    assert (table.of("2001:db8:8000::1").country, table.of("192.100.0.1")) == ("FR", None)


def test_a_table_kept_before_blocks_were_read_tells_the_systems_country(tmp_path):
    path = tmp_path / "n.parquet"
    networks.write(path, Networks.made_of(registries.routes_of(LINES), SYSTEMS))
    pyarrow.parquet.write_table(pyarrow.parquet.read_table(path).drop_columns(["of"]), path)

    assert networks.read(path).of("192.0.2.1") == Network(64496, "EXEMPLE", "FR")


blocks = st.builds(
    lambda first, size, country: Block(4, first, min(first + size, 2**32 - 1), country),
    st.integers(0, 40) | st.integers(2**32 - 40, 2**32 - 1),
    st.integers(0, 20),
    st.sampled_from(["FR", "US"]),
)


@given(st.lists(blocks, max_size=6))
def test_the_first_block_that_holds_an_address_tells_its_country(among):
    table = Networks.made_of([Route(ipaddress.ip_network("0.0.0.0/0"), 1)], {}, among)
    near = {end + step for one in among for end in (one.first, one.last) for step in (-1, 0, 1)}
    asked = sorted(one for one in near if 0 <= one < 2**32)

    found = [table.of(str(ipaddress.IPv4Address(one))).country for one in asked]

    ordered = sorted(among, key=lambda one: (one.first, -one.last))
    plainly = [next((block.country for block in ordered if block.first <= one <= block.last), "") for one in asked]
    assert found == plainly


def test_names_and_countries_are_read_as_the_registries_write_them():
    assert registries.names_of(["64496 EXEMPLE-AS Exemple, SA, FR", "x"]) == {64496: "EXEMPLE-AS Exemple, SA"}
    assert registries.countries_of(["2|nro|20251101", "arin|US|asn|64512|1|20250101|assigned|x|e-stats"]) == {
        64512: "US"
    }


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
