"""Mail hosts are greeted, asked what they can do and left; nothing is ever sent."""

import asyncio

import pytest

from arobase.observatory.rules.banners import Banner
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources import banners
from arobase.observatory.sources.visiting.visitor import Visitor
from internet.web import WORLD, Internet, the_internet
from observatory.visiting import AT

HOSTS = [*WORLD["mail_hosts"], "nu.test", "rien.test", "prive.test"]


@pytest.fixture(scope="module")
def net():
    with the_internet() as net:
        yield net


@pytest.fixture(scope="module")
def found(net: Internet) -> dict[str, Banner]:
    async def all_of() -> list[Banner]:
        manners = net.manners()
        async with Visitor(manners) as visitor:
            told = {"visitor": visitor, "manners": manners, "own_name": "observatoire.test", "at": AT}
            return await asyncio.gather(*(banners.greet(host, **told) for host in HOSTS))

    return {one.host: one for one in asyncio.run(all_of())}


def test_a_host_says_its_name_what_it_can_do_and_shows_its_certificate(found):
    banner = found["mx.bourg.test"]

    assert (banner.ending, banner.address) == (Ending.ANSWERED, "192.88.99.110")
    assert banner.greeting == "mx.bourg.test Essai"
    assert "STARTTLS" in banner.capabilities
    assert banner.secured.version == "TLSv1.3"
    assert (banner.secured.certificate.names, banner.secured.certificate.problem) == (("mx.bourg.test",), "")


def test_a_certificate_that_nobody_vouches_for_is_read_too(found):
    banner = found["mx.seul.test"]

    assert (banner.ending, banner.secured.certificate.problem) == (Ending.ANSWERED, "self-signed")


def test_a_host_without_encryption_answers_all_the_same(found):
    banner = found["mx.vieux.test"]

    assert (banner.ending, banner.secured) == (Ending.ANSWERED, None)
    assert banner.capabilities and "STARTTLS" not in banner.capabilities


@pytest.mark.parametrize(
    ("host", "ending"),
    [
        ("mx.goutte.test", Ending.TIMEOUT),
        ("nu.test", Ending.REFUSED),
        ("rien.test", Ending.NO_NAME),
        ("prive.test", Ending.PRIVATE),
    ],
)
def test_each_way_of_not_answering_is_a_fact_of_its_own(found, host, ending):
    assert (found[host].ending, found[host].greeting) == (ending, "")


def test_words_in_clear_after_encryption_is_agreed_end_the_conversation(found):
    banner = found["mx.bavard.test"]

    assert (banner.ending, banner.capabilities, banner.secured) == (Ending.UNREADABLE, ("STARTTLS",), None)


def test_no_sender_and_no_recipient_was_ever_named(net, found):
    assert found and net.mails == []


def test_banners_are_kept_and_no_host_is_greeted_twice(net, tmp_path):
    def greeted() -> int:
        hosts = ["mx.bourg.test", "mx.vieux.test"]
        told = {"folder": tmp_path, "manners": net.manners(), "own_name": "observatoire.test", "at": AT}
        return asyncio.run(banners.greet_all(hosts, **told))

    assert (greeted(), greeted()) == (2, 0)
    assert [one.host for one in banners.read(tmp_path)] == ["mx.bourg.test", "mx.vieux.test"]
