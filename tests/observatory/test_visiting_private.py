"""No visit reaches a private address, whatever a redirect, a name or a robots.txt says; and the tests would notice."""

from collections.abc import Iterator

import pytest

from arobase.observatory.rules.visits import Ending
from arobase.web import fetching
from internet.web import WORLD, Internet, the_internet
from observatory.visiting import visited

TRICKS = WORLD["tricks"]["to"]
RUSES = [f"ruse{n}.test" for n in range(len(TRICKS))]
TURNED_AWAY = {Ending.PRIVATE, Ending.UNREADABLE, Ending.NO_NAME}


@pytest.fixture(scope="module")
def net() -> Iterator[Internet]:
    with the_internet() as net:
        yield net


@pytest.fixture(autouse=True)
def nobody_inside_yet(net):
    net.requests.clear()


def test_no_way_of_writing_an_address_gets_through(net):
    sites = visited(RUSES, net.manners())

    through = {
        trick: way.final
        for trick, site in zip(TRICKS, sites.values(), strict=True)
        for way in site.ways
        if way.ending not in TURNED_AWAY
    }
    assert net.inside() == []
    assert through == {"http://127.0.0.1\\@bourg.test/": "https://bourg.test/"}, "read as user@host: a public page"


def test_the_tricks_would_be_noticed_if_one_got_through(net, monkeypatch):
    """Without the check, the same visits reach the server that listens inside."""
    monkeypatch.setattr(fetching, "is_public", lambda _address: True)

    sites = visited(RUSES, net.manners())

    assert len(net.inside()) > 60
    assert {site.domain for site in sites.values() if site.way("http", www=False).status == 200} > set(RUSES[:5])


@pytest.mark.parametrize(
    "domain",
    ["dedans.test", "metadonnees.test", "prive.test", "double.test", "lien.test", "enrobe.test"],
)
def test_neither_a_redirect_nor_a_name_leads_inside(net, domain):
    site = visited([domain], net.manners())[domain]

    assert {way.ending for way in site.ways} == {Ending.PRIVATE}
    assert (site.page, net.inside()) == (None, [])


def test_a_robots_txt_that_leads_inside_forbids_the_page_and_says_nothing_of_its_address(net):
    site = visited(["ruse-robots.test"], net.manners())["ruse-robots.test"]

    assert {way.ending for way in site.ways} == {Ending.FORBIDDEN}
    assert (site.page, net.inside()) == (None, [])


def test_a_name_that_turns_private_after_it_was_checked_gains_nothing(net):
    asked = net.names.asked
    asked.clear()

    first, then = (visited(["rebond.test"], net.manners())["rebond.test"] for _time in "12")

    assert {hop.address for way in first.ways for hop in way.hops} == {"192.88.99.80"}
    assert first.page is not None, "one name, one answer, one address for the whole visit"
    assert {way.ending for way in then.ways} == {Ending.PRIVATE}
    assert asked["rebond.test", "A"] == 2
    assert net.inside() == []


def test_a_host_that_the_setting_allows_is_reached(net):
    allowed = net.manners(allowed=frozenset({"127.0.0.1:80"}))

    site = visited(["dedans.test"], allowed)["dedans.test"]

    assert site.way("http", www=False).final == "http://127.0.0.1/"
    assert {one.host for one in net.inside()} == {"127.0.0.1"}
    assert visited(["metadonnees.test"], allowed)["metadonnees.test"].page is None


def test_what_is_allowed_on_one_port_is_not_on_another(net):
    site = visited(["dedans.test"], net.manners(allowed=frozenset({"127.0.0.1:443"})))["dedans.test"]

    assert (site.way("http", www=False).ending, net.inside()) == (Ending.PRIVATE, [])
