"""Visits to every site of the test Internet: real TLS, real names, and servers that do not play along."""

import gzip
import tracemalloc
from dataclasses import replace
from datetime import datetime

import pytest
from cryptography import x509
from cryptography.hazmat.primitives import hashes
from cryptography.hazmat.primitives.asymmetric import ec
from cryptography.hazmat.primitives.serialization import Encoding
from cryptography.x509.oid import NameOID

from arobase.observatory.rules.visits import Ending, Kind
from arobase.observatory.sources.visiting.asking import Body
from arobase.observatory.sources.visiting.certificates import certificate
from arobase.observatory.sources.visiting.manners import BadContact, agent
from arobase.observatory.sources.visiting.pages import page_of
from internet.web import WORLD, Internet, the_internet
from observatory.visiting import visited

MEGABYTE = 1_000_000
TOWNS = [name for name in WORLD["sites"] if name.count(".") == 1]


@pytest.fixture(scope="module")
def net():
    with the_internet() as net:
        yield net


@pytest.fixture(scope="module")
def sites(net: Internet):
    """All sites, visited once by one visitor."""
    return visited(TOWNS, net.manners())


def of_host(net: Internet, host: str) -> list[tuple[int, str, str]]:
    return [(one.port, one.host, one.path) for one in net.requests if one.host.removeprefix("www.") == host]


def test_the_four_ways_lead_to_a_page(sites):
    site = sites["bourg.test"]

    assert [way.start for way in site.ways] == [
        "http://www.bourg.test/",
        "http://bourg.test/",
        "https://www.bourg.test/",
        "https://bourg.test/",
    ]
    assert {way.ending for way in site.ways} == {Ending.ANSWERED}
    first = site.ways[0]
    assert [(hop.url, hop.status, hop.address) for hop in first.hops] == [
        ("http://www.bourg.test/", 301, "192.88.99.10"),
        ("https://www.bourg.test/", 200, "192.88.99.10"),
    ]
    assert first.secured.version == "TLSv1.3"


def test_headers_are_kept_in_lower_case_and_cookies_without_their_values(sites):
    bourg, pistes = (sites[name].way("https", www=True) for name in ("bourg.test", "pistes.test"))

    assert bourg.headers["strict-transport-security"] == "max-age=31536000; includeSubDomains"
    assert pistes.cookies == ("PHPSESSID; path=/; HttpOnly",)
    assert "set-cookie" not in pistes.headers and "a1b2c3" not in repr(sites["pistes.test"])


def test_signs_that_no_page_and_no_feed_can_carry_are_replaced(sites):
    key = ec.generate_private_key(ec.SECP256R1())
    name = x509.Name([x509.NameAttribute(NameOID.ORGANIZATION_NAME, "Une\x01 \x00autorité")])
    made = x509.CertificateBuilder().subject_name(name).issuer_name(name).public_key(key.public_key())
    dated = made.serial_number(1).not_valid_before(datetime(2026, 1, 1)).not_valid_after(datetime(2027, 1, 1))
    shown = dated.sign(key, hashes.SHA256()).public_bytes(Encoding.DER)

    assert certificate(shown).issuer == "Une\ufffd \ufffdautorité"
    assert sites["vieux.test"].way("http", www=False).headers["server"] == "a\ufffdb"
    assert (
        page_of(b"<title>Mairie\x01\x1bde Vieux</title>", url="http://vieux.test/").title
        == "Mairie\ufffd\ufffdde Vieux"
    )


def test_a_good_certificate_is_read(sites):
    shown = sites["bourg.test"].way("https", www=False).secured.certificate

    assert (shown.issuer, shown.names, shown.problem) == (
        "Autorité de l’Internet d’essai",
        ("bourg.test", "www.bourg.test"),
        "",
    )
    assert (shown.valid_until - shown.valid_from).days == 395


def test_what_stands_above_a_certificate_is_followed_to_its_root(sites):
    good, resold = (sites[name].way("https", www=False).secured for name in ("bourg.test", "revendu.test"))

    assert [(one.subject, one.issuer, one.issuer_name, one.is_root) for one in resold.chain] == [
        ("Intermédiaire d’essai", "Autorité de l’Internet d’essai", "Racine d’essai", False),
        ("Racine d’essai", "Autorité de l’Internet d’essai", "Racine d’essai", True),
    ]
    assert (resold.certificate.issuer, resold.certificate.problem) == ("Revendeur d’essai", "")
    assert good.chain == resold.chain[1:]
    assert sites["inconnu.test"].way("https", www=False).secured.chain == (), "nothing above it was sent"
    assert all(one.valid_until > resold.certificate.valid_from for one in resold.chain)


@pytest.mark.parametrize(
    ("domain", "problem"),
    [
        ("perime.test", "expired"),
        ("tot.test", "not yet valid"),
        ("autrenom.test", "wrong name"),
        ("seul.test", "self-signed"),
        ("inconnu.test", "unknown authority"),
    ],
)
def test_a_certificate_that_clients_refuse_ends_the_visit_and_is_read_all_the_same(sites, domain, problem):
    way = sites[domain].way("https", www=False)

    assert (way.ending, way.hops, way.secured.certificate.problem) == (Ending.TLS, (), problem)
    assert sites[domain].page is None
    assert sites[domain].way("http", www=False).status == 301, "what came before is kept"


def test_a_server_that_speaks_an_old_protocol_only_is_told_apart_from_a_bad_certificate(sites):
    way = sites["ancien.test"].way("https", www=False)

    assert (way.ending, way.secured.version, way.secured.certificate.problem) == (Ending.TLS, "TLSv1.1", "")


def test_only_names_that_exist_are_ways_in(sites):
    assert [way.start for way in sites["nu.test"].ways] == ["http://nu.test/", "https://nu.test/"]


def test_a_site_without_encryption_refuses_and_is_read_in_its_own_letters(sites):
    site = sites["vieux.test"]

    assert [way.ending for way in site.ways] == [Ending.ANSWERED] * 2 + [Ending.REFUSED] * 2
    assert site.page.title == "Mairie de Vieux-Château"
    assert [(one.kind, one.host) for one in site.page.resources] == [(Kind.FRAME, "cadre.test")]


def test_what_the_page_asks_of_others_is_listed_and_what_it_does_not_ask_is_not(sites):
    page = sites["pistes.test"].page

    others = {(one.kind, one.host) for one in page.resources if one.host != "www.pistes.test"}

    assert others == {
        (Kind.SCRIPT, "www.google.com"),
        (Kind.SCRIPT, "pistes.matomo.cloud"),
        (Kind.STYLE, "fonts.googleapis.com"),
        (Kind.HINT, "fonts.googleapis.com"),
        (Kind.HINT, "fonts.gstatic.com"),
        (Kind.FONT, "fonts.gstatic.com"),
        (Kind.FRAME, "www.youtube.com"),
    }
    assert (page.generator, page.language, page.accessibility_claim) == ("WordPress 6.4", "fr-FR", "non conforme")


def test_links_that_the_law_asks_for_are_found(sites):
    page = sites["bourg.test"].page

    assert (page.legal_notice, page.accessibility, page.privacy) == (
        "https://www.bourg.test/mentions-legales",
        "https://www.bourg.test/accessibilite",
        "https://www.bourg.test/donnees-personnelles",
    )
    assert page.accessibility_claim == "totalement conforme"


@pytest.mark.parametrize(
    ("domain", "ending", "hops"),
    [
        ("ronde.test", Ending.REDIRECTS, 2),
        ("loin.test", Ending.REDIRECTS, 9),
        ("perdu.test", Ending.NO_NAME, 2),
        ("silencieux.test", Ending.TIMEOUT, 0),
        ("charabia.test", Ending.UNREADABLE, 0),
        ("entetes.test", Ending.UNREADABLE, 0),
        ("goutte.test", Ending.TIMEOUT, 1),
        ("interdit.test", Ending.FORBIDDEN, 0),
        ("marque-robots.test", Ending.FORBIDDEN, 0),
        ("octets-robots.test", Ending.FORBIDDEN, 0),
        ("txt-robots.test", Ending.FORBIDDEN, 0),
        ("panne-robots.test", Ending.FORBIDDEN, 0),
        ("perdu-robots.test", Ending.FORBIDDEN, 0),
        ("erreur.test", Ending.ANSWERED, 2),
    ],
)
def test_each_way_of_not_getting_a_page_is_a_fact_of_its_own(sites, domain, ending, hops):
    way = sites[domain].way("http", www=False)

    assert (way.ending, len(way.hops), sites[domain].page) == (ending, hops, None)


def test_ten_megabytes_are_cut_at_one_and_read_so_far(sites):
    page = sites["lourd.test"].page

    assert (page.title, page.is_cut, [one.url for one in page.resources]) == ("Lourd", True, ["http://lourd.test/a.js"])


def test_a_bomb_is_not_unfolded(sites):
    assert (sites["bombe.test"].page.title, sites["bombe.test"].page.is_cut) == ("Bombe", True)


def test_unpacking_never_takes_more_room_than_the_bound():
    bomb = gzip.compress(bytes(50 * MEGABYTE), compresslevel=1)
    body = Body(MEGABYTE)
    body.packed_as("gzip")

    tracemalloc.start()
    try:
        is_enough = body.add(bomb)
        most = tracemalloc.get_traced_memory()[1]
    finally:
        tracemalloc.stop()

    assert (is_enough, len(body.text), body.is_cut) == (True, MEGABYTE, True)
    assert most < 5 * MEGABYTE


@pytest.mark.parametrize("domain", ["fermes-robots.test", "loin-robots.test", "tordu-robots.test"])
def test_where_robots_txt_is_refused_or_leads_nowhere_the_page_may_be_seen(sites, domain):
    assert sites[domain].page is not None


def test_where_robots_forbid_nothing_but_robots_txt_was_asked_for(net, sites):
    assert sites["interdit.test"].page is None
    assert {path for _port, _host, path in of_host(net, "interdit.test")} == {"/robots.txt"}


def test_each_address_of_a_site_is_asked_for_once_after_its_robots_txt_by_our_name(net, sites):
    asked = of_host(net, "bourg.test")

    assert sites["bourg.test"].page and len(asked) == len(set(asked)) == 8
    assert {path for _port, _host, path in asked} == {"/robots.txt", "/"}
    for port, host, path in asked:
        assert asked.index((port, host, "/robots.txt")) <= asked.index((port, host, path))
    assert {one.agent for one in net.requests} == {agent("https://observatoire.test/contact")}
    assert "+https://observatoire.test/contact" in agent("https://observatoire.test/contact")


def test_a_name_that_is_denied_for_ipv6_alone_is_visited(sites):
    assert sites["borne.test"].page.title == "Borné"


def test_a_site_behind_a_cdn_is_visited_where_its_name_leads(sites):
    assert {way.hops[-1].address for way in sites["nuage.test"].ways} == {"192.88.99.20"}


@pytest.mark.parametrize("contact", ["", "x\r\nCookie: a", "quelqu’un", "a (b)"])
def test_a_contact_that_cannot_stand_in_a_header_is_refused(contact):
    with pytest.raises(BadContact):
        agent(contact)


def test_ipv6_is_tried_where_the_name_has_it_and_the_machine_too(net):
    found = visited(["bourg.test", "nu.test", "vieux.test"], net.manners(over_ipv6=True))

    assert [site.over_ipv6 for site in found.values()] == [True, None, False]
    assert visited(["bourg.test"], net.manners())["bourg.test"].over_ipv6 is None


def test_a_name_server_that_is_silent_is_a_time_out_and_a_name_that_does_not_exist_has_no_ways(net):
    hurried = replace(net.manners().servers, timeout_s=0.1, tries=1)

    found = visited(["silence.test", "rien.test"], net.manners(servers=hurried))

    assert {way.ending for way in found["silence.test"].ways} == {Ending.TIMEOUT}
    assert found["rien.test"].ways == ()
