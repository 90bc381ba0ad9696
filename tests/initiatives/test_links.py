"""Addresses that show initiatives: looked at politely, dead only when it is sure, shown with their date."""

from datetime import UTC, datetime, timedelta
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from threading import Thread

import pytest
from django.test import Client
from django.utils import timezone
from hypothesis import given
from hypothesis import strategies as st

from arobase.initiatives.actions.links import note_check
from arobase.initiatives.models import LinkCheck
from arobase.initiatives.queries.links import due
from arobase.initiatives.rules.links import CERTAIN, LinkState, after_check
from arobase.initiatives.sources.links import check
from builders import a_commune, a_dossier, an_initiative

database = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 12, tzinfo=UTC)
DAY = timedelta(days=1)


@pytest.fixture
def site(settings):
    class Answering(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(404 if "gone" in self.path else 503 if "ill" in self.path else 200)
            self.send_header("Content-Length", "0")
            self.end_headers()

        def log_message(self, *_facts):
            pass

    with ThreadingHTTPServer(("127.0.0.1", 0), Answering) as server:
        Thread(target=server.serve_forever, daemon=True).start()
        settings.FETCH_ALLOWED = [f"127.0.0.1:{server.server_port}"]
        yield f"http://127.0.0.1:{server.server_port}"
        server.shutdown()


@given(st.lists(st.sampled_from([200, 302, 403, 404, 500, None]), min_size=1, max_size=12), st.integers(1, 5))
def test_an_address_that_answered_last_is_alive_and_a_bad_day_kills_nothing(found, days):
    link = None
    for number, status in enumerate(found):
        link = after_check(link, status, at=NOW + number * days * DAY)

    if found[-1] in {200, 302, 403}:
        assert link.state is LinkState.ALIVE and link.failures == 0
    elif found[-1] == 404:
        assert link.state is LinkState.DEAD
    else:
        long_enough = link.failures >= 3 and (link.failures - 1) * days * DAY >= CERTAIN
        assert link.state is (LinkState.DEAD if long_enough else LinkState.FAILING)


def test_a_name_that_is_gone_is_dead_at_once():
    assert after_check(None, None, at=NOW, is_nameless=True).state is LinkState.DEAD


@database
def test_each_address_is_checked_once_with_a_pause_between_two_of_one_host(site):
    waited = []

    found = list(check([f"{site}/{name}" for name in ("well", "gone", "ill")], clock=lambda: NOW, sleep=waited.append))

    assert [one.state for one in found] == ["alive", "dead", "failing"]
    assert len(waited) == 2 and all(0 < one <= 2 for one in waited)


@database
def test_what_was_looked_at_is_left_alone_for_a_week_and_what_failed_until_tomorrow(site):
    town = a_commune()
    for name in ("well", "ill", "new"):
        an_initiative(town, title=name, address=f"{site}/{name}")
    note_check(f"{site}/well", outcome="answered", status=200, is_nameless=False, at=NOW)
    note_check(f"{site}/ill", outcome="answered", status=503, is_nameless=False, at=NOW)

    assert due(at=NOW + timedelta(hours=1)) == [f"{site}/new"]
    assert due(at=NOW + DAY) == [f"{site}/new", f"{site}/ill"]
    assert due(at=NOW + 7 * DAY) == [f"{site}/new", f"{site}/well", f"{site}/ill"]


@database
def test_the_address_of_a_dossier_is_looked_at_too_and_its_team_is_told(site):
    initiative = an_initiative(a_commune())
    dossier = a_dossier()
    dossier.answers.create(field=f"initiative-{initiative.pk}.address", value=f"{site}/gone", changed_at=timezone.now())

    assert due(at=NOW) == [f"{site}/gone"]
    list(check(due(at=NOW), clock=timezone.now))
    page = Client().get(f"/initiatives/{initiative.pk}").content.decode()
    assert "ne mène plus nulle part" not in page, "that address is the dossier’s, not the initiative’s"
    assert LinkCheck.objects.get().state == "dead"


@database
def test_the_page_says_when_its_address_was_looked_at(site):
    initiative = an_initiative(a_commune(), address=f"{site}/gone")

    list(check(due(at=NOW), clock=lambda: NOW))

    page = Client().get(f"/initiatives/{initiative.pk}").content.decode()
    assert "ne mène plus nulle part, vérifié le 24 novembre 2026" in page
