"""Browsing sites of a small test Internet with a real Chromium: what is told of each, and where it never gets."""

import asyncio
import json
import socket
from collections.abc import Iterator
from contextlib import suppress
from datetime import UTC, datetime
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from click.testing import CliRunner
from django.test import override_settings

from arobase.observatory.cli.browse import browse as command
from arobase.observatory.rules.browsing import (
    Browsing,
    Reply,
    after_acceptance,
    after_refusal,
    before_consent,
    kept_after_refusal,
    own_domains,
    waiting_for_consent,
)
from arobase.observatory.rules.visits import Ending
from arobase.observatory.sources import browsed
from arobase.observatory.sources.browsing import Manner, browse, running_chromium
from arobase.observatory.sources.browsing_many import browse_all
from arobase.observatory.sources.checking_proxy import Bounds, Reach
from arobase.observatory.sources.facts import registrable
from serving import aside

AT = datetime(2025, 11, 18, 12, tzinfo=UTC)
SECRET = "secret42"
TRACKER = f"""
document.cookie = "_suivi={SECRET}; max-age=3600";
localStorage.setItem("visiteur", "{SECRET}");
sessionStorage.sans_appel = "{SECRET}";
document.createElement("canvas").toDataURL();
new OfflineAudioContext(1, 100, 44100);
indexedDB.open("journal");
fetch("http://mesure.traceur.localhost/collect?id={SECRET}", {{mode: "no-cors", credentials: "include"}});
"""
IGNORED = """<div id=b style="position:fixed;bottom:0">Nous utilisons des cookies pour mesurer l'audience.
<button onclick="this.parentNode.remove()">Continuer sans accepter →</button>
<button onclick="this.parentNode.remove()">Tout accepter</button></div>"""
HONEST = """<script>
const banner = () => document.getElementById("tarteaucitronAlertBig");
const choose = (what) => { document.cookie = "choix=" + what; banner().remove(); start(); };
const start = () => { if (!/choix=oui/.test(document.cookie)) return;
  const script = document.createElement("script"); script.src = "http://traceur.localhost/t.js";
  document.head.append(script); };
</script>
<div id=tarteaucitronAlertBig style="position:fixed;bottom:0">Ce site utilise des cookies
<button id=tarteaucitronPersonalize2 onclick="choose('oui')">OK, tout va bien</button>
<button id=tarteaucitronAllDenied2 onclick="choose('non')">Surtout pas</button></div>
<script>if (/choix/.test(document.cookie)) banner().remove(); start();</script>"""
ONLY_YES = """<div style="position:fixed;bottom:0">En poursuivant, vous acceptez nos cookies.
<button>OK</button> <a href="/plus">Personnaliser</a></div>"""
FOOTER = """<script>alert("Bonjour"); open("http://traceur.localhost/pop");</script><p>Bienvenue à la mairie.</p>
<footer>Gestion des cookies <form>Lettre d'information <button>OK</button></form></footer>"""
TRAP = """<script>
const inside = ["127.0.0.1", "localhost", "[::ffff:127.0.0.1]", "2130706433", "0x7f.1", "0177.0.0.1", "u:p@127.0.0.1"];
for (const there of [...inside.map((host) => host + ":{trap}"), "interne.test", "interne.traceur.localhost",
                     "169.254.169.254/latest/meta-data"]) {
  fetch("http://" + there + "/fetch", {mode: "no-cors"}).catch(() => {});
  new Image().src = "http://" + there + "/image"; }
new Image().src = "/vers-le-piege";
new WebSocket("ws://localhost:{trap}/ws");
new WebSocket("wss://interne.test/wss");
const turn = {urls: "turn:127.0.0.1:{trap}?transport=tcp", username: "a", credential: "b"};
const peer = new RTCPeerConnection({iceServers: [{urls: "stun:127.0.0.1:{trap}"}, turn]});
peer.createDataChannel("x");
peer.createOffer().then((offer) => peer.setLocalDescription(offer));
</script><link rel=preconnect href="http://127.0.0.1:{trap}"><iframe src="http://127.0.0.1:{trap}/frame"></iframe>"""
PAGES = {
    "malgre.test": f"<!doctype html><title>x</title>{IGNORED}<script src='http://traceur.localhost/t.js'></script>",
    "sage.test": f"<!doctype html><title>x</title>{HONEST}",
    "sans-refus.test": f"<!doctype html><title>x</title>{ONLY_YES}",
    "nu.test": f"<!doctype html><title>x</title>{FOOTER}",
    "piege.test": f"<!doctype html><title>x</title>{TRAP}",
    "fige.test": "<!doctype html><title>x</title><script>setTimeout(() => { while (true); }, 50)</script>",
    "interdit.test": "<!doctype html><title>x</title>",
}
TOWNS = ["malgre.test", "sage.test", "sans-refus.test", "nu.test", "piege.test", "interdit.test", "fichier.test"]
ABSENT = "absente.test"  # nobody listens there
OTHERS = ["traceur.localhost", "mesure.traceur.localhost", "www.malgre.test"]


class Internet:
    """One server that answers by name, and a trap that nobody may reach; both remember."""

    def __init__(self) -> None:
        self.asked: list[tuple[str, str, str]] = []
        self.caught: list[str] = []
        internet = self

        class Answering(BaseHTTPRequestHandler):
            protocol_version = "HTTP/1.1"

            def do_GET(self):
                host = self.headers["Host"]
                internet.asked.append((host, self.path, self.headers["User-Agent"]))
                status, headers, body = internet.answer(host, self.path)
                self.send_response(status)
                for name, value in {"Content-Type": "text/html; charset=utf-8", **headers}.items():
                    self.send_header(name, value)
                self.send_header("Content-Length", str(len(body.encode())))
                self.end_headers()
                self.wfile.write(body.encode())

            def log_message(self, *_facts):
                pass

        self._server = ThreadingHTTPServer(("127.0.0.1", 0), Answering)
        self._closed = socket.socket()
        self._closed.bind(("127.0.0.1", 0))
        self._trap = socket.create_server(("127.0.0.1", 0))
        self.port, self.trap = self._server.server_port, self._trap.getsockname()[1]
        Thread(target=self._server.serve_forever, args=(0.05,), daemon=True).start()
        Thread(target=self._catch, daemon=True).start()

    def _catch(self) -> None:
        while True:
            try:
                caught, _address = self._trap.accept()
            except OSError:
                return
            with caught, suppress(OSError):  # who says nothing, or went away, ends no other's being caught
                caught.settimeout(1)
                self.caught.append(caught.recv(2000).decode("latin-1").partition("\r\n")[0])

    def answer(self, host: str, path: str) -> tuple[int, dict[str, str], str]:
        if path == "/robots.txt":
            return (200, {}, "User-agent: *\nDisallow: /") if host == "interdit.test" else (404, {}, "")
        if path == "/t.js":
            cookie = f"tiers={SECRET}; Max-Age=7200; SameSite=None; Secure"
            return 200, {"Content-Type": "text/javascript", "Set-Cookie": cookie}, TRACKER
        if path == "/vers-le-piege":
            return 302, {"Location": f"http://127.0.0.1:{self.trap}/redirect"}, ""
        if host == "malgre.test":
            return 301, {"Location": "http://www.malgre.test/"}, ""
        if host == "fichier.test":
            return 200, {"Content-Type": "application/zip", "Content-Disposition": "attachment"}, "PK"
        return 200, {}, PAGES.get(host.removeprefix("www."), "").replace("{trap}", str(self.trap))

    def close(self) -> None:
        self._server.shutdown()
        self._server.server_close()
        self._trap.close()
        self._closed.close()

    def reach(self, *, opens_trap: bool = False) -> Reach:
        """Where the names are. `interne.test` is at the trap, which is as private as can be."""
        everybody = [*PAGES, *OTHERS, "fichier.test", ABSENT]
        names = [f"{name}:{port}" for name in everybody for port in (80, 443)]
        hosts = dict.fromkeys(names, self._closed.getsockname())
        hosts |= {f"{name}:80": ("127.0.0.1", self.port) for name in everybody if name != ABSENT}
        hosts |= {f"interne.test:{port}": ("127.0.0.1", self.trap) for port in (80, 443)}
        hosts |= {"interne.traceur.localhost:80": ("127.0.0.1", self.trap)}
        inside = [f"127.0.0.1:{self.trap}", f"localhost:{self.trap}", "interne.test:80", "interne.test:443"]
        return Reach(frozenset([*names, *(inside if opens_trap else [])]), hosts)


@pytest.fixture(scope="module")
def internet() -> Iterator[Internet]:
    found = Internet()
    yield found
    found.close()


def manner(chromium_path: str, internet: Internet, **facts) -> Manner:
    facts = {"reach": internet.reach(), "settle_s": 0.4, "look_s": 0.1, **facts}
    bounds = Bounds(connect_s=2)
    return Manner(chromium_path, "Arobase (+https://arobase.example.fr)", is_sandboxed=False, bounds=bounds, **facts)


@pytest.fixture(scope="module")
def seen(chromium_path, internet, tmp_path_factory) -> dict[str, Browsing]:
    """Every town browsed once, as read back from disk."""
    folder = tmp_path_factory.mktemp("browsed")
    told: list[Browsing] = []

    def work() -> int:
        return browse_all(
            [*TOWNS, ABSENT],
            folder=folder,
            manner=manner(chromium_path, internet),
            now=lambda: AT,
            tell=told.append,
            at_once=4,
        )

    assert aside(work) == 0
    found = {one.domain: one for one in browsed.read(folder)}
    assert found == {one.domain: one for one in told}
    before = len(internet.asked)
    assert aside(work) == len(TOWNS) + 1, "what is there is not browsed again"
    assert len(internet.asked) == before
    return found


def domains(third_parties) -> list[str]:
    return [one.domain for one in third_parties]


def test_what_a_page_asks_stores_and_calls_before_anyone_clicked_is_told(seen):
    found = seen["malgre.test"]
    [tracker] = before_consent(found, registrable=registrable)

    assert (found.is_measured, found.before.final, found.before.reply) == (
        True,
        "http://www.malgre.test/",
        Reply.NOT_GIVEN,
    )
    assert (tracker.domain, tracker.hosts) == ("traceur.localhost", ("traceur.localhost", "mesure.traceur.localhost"))
    assert tracker.kinds == ("script", "fetch") and tracker.bytes > len(TRACKER)
    assert {(one.api, one.by) for one in found.before.fingerprints} == {
        ("canvas.toDataURL", "traceur.localhost"),
        ("OfflineAudioContext", "traceur.localhost"),
    }
    assert {(str(one.area), one.key, one.host, one.by) for one in found.before.storage} == {
        ("localStorage", "visiteur", "www.malgre.test", "traceur.localhost"),
        ("sessionStorage", "sans_appel", "www.malgre.test", ""),
        ("indexedDB", "journal", "www.malgre.test", "traceur.localhost"),
    }


def test_cookies_are_told_with_their_lifetime_and_writer(seen):
    cookies = {one.name: one for one in seen["malgre.test"].before.cookies}

    assert set(cookies) == {"_suivi", "tiers"}
    assert (cookies["_suivi"].domain, cookies["_suivi"].by) == ("www.malgre.test", "traceur.localhost")
    assert (cookies["tiers"].domain, cookies["tiers"].same_site, cookies["tiers"].secure) == (
        "traceur.localhost",
        "None",
        True,
    )
    # The clock of these documents is not the browser's: how long is left is told from the former.
    assert pytest.approx(cookies["tiers"].lifetime_s - cookies["_suivi"].lifetime_s, abs=5) == 7200 - 3600


def test_no_value_is_kept(seen, internet):
    document = browsed.DOCUMENT.dump_json(seen["malgre.test"]).decode()

    assert any(SECRET in path for _host, path, _agent in internet.asked), "there was something to keep"
    assert SECRET not in document


def test_a_page_that_tracks_in_spite_of_a_refusal_is_told_apart_from_one_that_waits(seen):
    wild, honest = seen["malgre.test"], seen["sage.test"]

    assert (wild.banner.tool, wild.banner.refusal, wild.refused.reply) == ("", True, Reply.GIVEN)
    assert domains(after_refusal(wild, registrable=registrable)) == ["traceur.localhost"]
    assert {one.name for one in kept_after_refusal(wild)} == {"_suivi", "tiers"}
    assert waiting_for_consent(wild, registrable=registrable) == ()
    assert wild.refused.asked_again is True, "its banner forgets"

    assert (honest.banner.tool, honest.accepted.reply) == ("tarteaucitron", Reply.GIVEN)
    assert before_consent(honest, registrable=registrable) == after_refusal(honest, registrable=registrable) == ()
    assert [one.name for one in kept_after_refusal(honest)] == ["choix"]
    assert domains(waiting_for_consent(honest, registrable=registrable)) == ["traceur.localhost"]
    assert domains(after_acceptance(honest, registrable=registrable)) == ["traceur.localhost"]
    assert (honest.refused.asked_again, honest.accepted.asked_again) == (False, False)


def test_a_banner_without_refusal_on_its_first_layer_is_a_fact(seen):
    found = seen["sans-refus.test"]

    assert (found.banner.refusal, found.banner.acceptance, found.banner.settings) == (False, True, True)
    assert (found.refused.reply, found.accepted.reply) == (Reply.NOT_OFFERED, Reply.GIVEN)
    assert after_refusal(found, registrable=registrable) is None


def test_a_page_without_a_banner_is_visited_once(seen):
    found = seen["nu.test"]

    assert (found.banner, found.refused, found.accepted, found.is_measured) == (None, None, None, True)


@pytest.mark.parametrize(
    ("domain", "ending"),
    [("interdit.test", Ending.FORBIDDEN), ("fichier.test", Ending.UNREADABLE), (ABSENT, Ending.REFUSED)],
)
def test_a_site_that_shows_no_page_says_why(seen, domain, ending):
    found = seen[domain]

    assert (found.before.ending, found.is_measured, found.before.final) == (ending, False, "")


def test_we_say_who_visits_and_stay_away_where_robots_may_not_go(seen, internet):
    agents = {agent for host, path, agent in internet.asked if path == "/" and host in PAGES}

    assert all(agent.endswith("Arobase (+https://arobase.example.fr)") for agent in agents) and agents
    assert [path for host, path, _agent in internet.asked if host == "interdit.test"] == ["/robots.txt"]


def test_no_page_reaches_a_private_address(seen, internet):
    found = seen["piege.test"]
    turned = {one.host for one in found.before.requests if one.problem == Ending.PRIVATE}

    assert found.is_measured
    assert internet.caught == []
    assert {"127.0.0.1", "localhost", "interne.test", "169.254.169.254", "interne.traceur.localhost"} <= turned
    assert before_consent(found, registrable=registrable) == ()


def test_the_trap_would_have_caught_it(seen, internet, chromium_path):
    """The same page where the trap is allowed: it is reached by request, redirect, frame and WebSocket."""
    del internet.caught[:]
    kept = manner(chromium_path, internet, reach=internet.reach(opens_trap=True))

    async def work() -> None:
        async with running_chromium(kept) as browser:
            await browse("piege.test", browser, manner=kept, now=lambda: AT)

    aside(lambda: asyncio.run(work()))
    caught, internet.caught[:] = " ".join(internet.caught), []

    assert all(part in caught for part in ("/fetch", "/image", "/redirect", "/frame", "/ws")), caught


def test_a_page_that_never_ends_is_left(seen, internet, chromium_path):
    kept = manner(chromium_path, internet, phase_s=12.0)

    async def work() -> Browsing:
        async with running_chromium(kept) as browser:
            return await browse("fige.test", browser, manner=kept, now=lambda: AT)

    found = aside(lambda: asyncio.run(work()))

    assert (found.before.is_cut, found.is_measured) == (True, False)


def test_own_domains_are_the_one_asked_for_and_the_one_it_led_to(seen):
    assert own_domains(seen["malgre.test"], registrable=registrable) == {"malgre.test"}


@override_settings(CHROMIUM_SANDBOX=False)
def test_the_command_says_what_it_saw_and_where_it_could_not_go(chromium_path, tmp_path, monkeypatch):
    resolved = socket.getaddrinfo
    monkeypatch.setattr(
        socket, "getaddrinfo", lambda host, *more, **named: resolved("127.0.0.1", *more, **named)
    )  # whatever is asked for
    arguments = ["interne.test", "--out", str(tmp_path), "--settle", "0.2", "--json"]

    told = aside(lambda: CliRunner().invoke(command, arguments))

    assert told.exit_code == 0, told.output
    summary = json.loads(told.stdout)
    assert (summary["domains"], summary["endings"], summary["measured"]) == (1, {"private": 1}, 0)
    assert [one.domain for one in browsed.read(tmp_path)] == ["interne.test"]
