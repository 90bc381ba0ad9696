"""Fetching what strangers name: a real server on loopback, real names, and nothing private unless a setting says so."""

import doctest
import ipaddress
import socket
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from hypothesis import given
from hypothesis import strategies as st

from arobase.web import fetching
from arobase.web.fetching import Outcome, fetch, is_public

ANSWERS = {
    "/there": (200, ""),
    "/gone": (410, ""),
    "/moved": (302, "/there"),
    "/round": (302, "/round"),
    "/inside": (302, "http://localhost:{other}/there"),
    "/metadata": (301, "http://169.254.169.254/latest/meta-data/"),
    "/file": (302, "file:///etc/passwd"),
    "/nowhere": (302, ":http://]]"),
}


@pytest.fixture(scope="module")
def server() -> Iterator[tuple[str, str, list[str]]]:
    """A public host (as the setting says), another one that is private, and what both were asked."""
    asked: list[str] = []

    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            asked.append(f"{self.server.server_port}{self.path}")
            if self.path == "/silent":
                return
            status, onwards = ANSWERS[self.path]
            self.send_response(status)
            if onwards:
                self.send_header("Location", onwards.format(other=private.server_port))
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_facts):
            pass

    public, private = (ThreadingHTTPServer(("127.0.0.1", 0), Answering) for _server in "12")
    for one in (public, private):
        Thread(target=one.serve_forever, daemon=True).start()
    yield f"127.0.0.1:{public.server_port}", f"localhost:{private.server_port}", asked
    for one in (public, private):
        one.shutdown()
        one.server_close()


def got(server, path: str, **facts):
    return fetch(f"http://{server[0]}{path}", agent="Arobase (tests)", allowed=[server[0]], timeout_s=2, **facts)


@pytest.mark.parametrize(
    ("path", "outcome", "status"),
    [
        ("/there", Outcome.ANSWERED, 200),
        ("/gone", Outcome.ANSWERED, 410),
        ("/moved", Outcome.ANSWERED, 200),
        ("/round", Outcome.REDIRECTS, None),
        ("/file", Outcome.UNREADABLE, None),
        ("/nowhere", Outcome.UNREADABLE, None),
    ],
)
def test_an_address_is_followed_to_where_it_ends(server, path, outcome, status):
    found = got(server, path)

    assert (found.outcome, found.status) == (outcome, status)


def test_a_server_that_hangs_up_is_not_taken_for_one_that_is_gone(server):
    assert got(server, "/silent").outcome is Outcome.UNREADABLE


@pytest.mark.parametrize("path", ["/inside", "/metadata"])
def test_no_redirect_leads_into_a_private_network(server, path):
    server[2].clear()

    assert got(server, path).outcome is Outcome.PRIVATE
    assert len(server[2]) == 1, "the private host was never asked"


@pytest.mark.parametrize(
    "host", ["127.0.0.1", "localhost", "[::1]", "0.0.0.0", "127.1", "2130706433", "[::ffff:127.0.0.1]"]
)
def test_loopback_by_whatever_name_is_refused(server, host):
    server[2].clear()

    found = fetch(f"http://{host}:{server[1].partition(':')[2]}/there", agent="x", timeout_s=2)

    assert found.outcome in {Outcome.PRIVATE, Outcome.NO_NAME} and server[2] == []


def test_a_name_that_turns_private_after_it_was_checked_gains_nothing(server, monkeypatch):
    """What is connected to is what was checked: the name is asked once."""
    asked = []
    real = socket.getaddrinfo

    def answers(host, port, *args, **facts):
        asked.append(host)
        return real("127.0.0.1" if len(asked) > 1 else "192.0.2.1", port, *args, **facts)

    monkeypatch.setattr(socket, "getaddrinfo", answers)
    monkeypatch.setattr("arobase.web.fetching.is_public", lambda address: address == "192.0.2.1")
    connected = []

    def connect(address, *_facts, **_named):
        connected.append(address[0])
        raise ConnectionRefusedError

    monkeypatch.setattr(socket, "create_connection", connect)

    assert fetch("http://rebinding.example/", agent="x").outcome is Outcome.REFUSED
    assert connected == ["192.0.2.1"] and asked == ["rebinding.example"]


def test_a_name_that_does_not_exist_and_a_closed_port_are_different_things(server):
    with socket.socket() as free:
        free.bind(("127.0.0.1", 0))
        port = free.getsockname()[1]

    assert fetch(f"http://127.0.0.1:{port}/", agent="x", allowed=[f"127.0.0.1:{port}"]).outcome is Outcome.REFUSED
    assert fetch("http://nowhere.invalid/", agent="x", timeout_s=2).outcome in {Outcome.NO_NAME, Outcome.TIMEOUT}


@pytest.mark.parametrize("url", ["ftp://example.org/", "javascript:alert(1)", "http://", "http://[", "", "http://a b/"])
def test_what_is_no_web_address_is_refused(url):
    assert fetch(url, agent="x", timeout_s=1).outcome in {Outcome.UNREADABLE, Outcome.NO_NAME, Outcome.TIMEOUT}


@given(st.ip_addresses(v=4))
def test_an_address_is_as_public_wrapped_as_bare(address):
    bare = is_public(str(address))
    wrapped = ipaddress.IPv6Address(f"::ffff:{address}")

    assert is_public(str(wrapped)) == bare
    assert not (bare and (address.is_private or address.is_loopback or address.is_link_local or address.is_multicast))


@given(st.ip_addresses(v=6))
def test_what_no_registry_hands_out_is_not_public(address):
    is_handed_out = address in ipaddress.ip_network("2000::/3") or address.ipv4_mapped

    assert is_handed_out or not is_public(str(address))


@pytest.mark.parametrize(
    "address", ["64:ff9b:1::7f00:1", "::ffff:0:7f00:1", "fec0::1", "2002:a00:1::", "::", "fe80::1%lo"]
)
def test_an_address_that_leads_inside_by_translation_is_not_public(address):
    assert not is_public(address)


@pytest.mark.parametrize(
    "address",
    ["192.0.0.192", "192.0.0.8", "192.0.0.100", "192.0.0.254", "168.63.129.16", "3fff::1", "2001:db8::1"]
    + ["::ffff:192.0.0.192", "::ffff:168.63.129.16", "2002:c000:c0::", "2001:0:c000:c0::f5ff:fffe", "64:ff9b::c000:c0"],
)
def test_metadata_and_reserved_addresses_are_refused_whatever_python_knows_of_them(address, monkeypatch):
    """An older Python takes 192.0.0.192 for global; registries take Azure's address for anybody's."""
    for kind in (ipaddress.IPv4Address, ipaddress.IPv6Address):
        monkeypatch.setattr(kind, "is_global", True)

    assert is_public("9.9.9.9") and is_public("2a00:1450::1") and is_public("2002:909:909::1")
    assert not is_public(address)


@given(st.ip_addresses(v=4, network="192.0.0.0/24"))
def test_none_of_the_addresses_of_protocols_is_public(address):
    assert not is_public(str(address))


def test_examples_in_the_text_hold():
    assert doctest.testmod(fetching).failed == 0
