"""Letters to those who follow a territory, through a real mail server on loopback."""

import re
from datetime import UTC, datetime, timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.handlers import Message
from django.core.cache import caches
from django.test import Client, override_settings

from arobase.observatory.actions.alerts import TELLING, alert
from arobase.observatory.actions.campaigns import begin, conclude, keep_standings, let_through
from arobase.observatory.actions.follow import watch
from arobase.observatory.models import About, Change, ErrorReport, OptOut, Standing, Watch
from arobase.observatory.sources.providers import catalogue
from arobase.observatory.views.follow.phrases import changed
from builders import a_commune, an_account
from people import ALIX, CAMILLE, SACHA
from serving import free_port

pytestmark = pytest.mark.django_db
NOW = datetime(2026, 11, 24, 10, tzinfo=UTC)
SITE = "https://arobase.exemple.fr"
HAVRE = "commune:76351"


class Kept(Message):
    def __init__(self):
        super().__init__()
        self.taken, self.headers = [], []

    def handle_message(self, message):
        self.headers.append(message)
        self.taken.append(message.get_payload(decode=True).decode())


@pytest.fixture
def port():
    number, backend = free_port(), "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=number):
        yield number


def moved():
    a_commune("76351", "Le Havre")
    watch(an_account(ALIX), HAVRE, at=NOW - timedelta(days=1))
    change = Change(territory_id=HAVRE, kind="moved", layer="mail", before=["ovh"], after=["autre.example"])
    conclude(begin(About.COMMUNES, at=NOW), at=NOW, domains=1, rules="1", zones={}, figures={}, changes=[change])


def tell(site=SITE):
    return alert(at=NOW, site=site, phrase=lambda one: changed(one, catalogue()))


def test_a_letter_waits_for_the_server_then_goes_once_and_its_link_ends_it(port):
    moved()
    down, handler = tell(), Kept()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    up, again = tell(), tell()
    controller.stop()

    assert (down["waiting"], up["sent"], again["sent"], len(handler.taken)) == (1, 1, 0, 1)
    assert "Le Havre a déplacé sa messagerie de" in handler.taken[0]
    link = re.search(rf"{SITE}(/observatoire/suivis/fin/\S+)", handler.taken[0])[1]
    assert Client().get(link).status_code == 200 and Watch.objects.exists()
    Client().post(link)
    assert not Watch.objects.exists()


def test_a_letter_tells_of_what_was_let_through_late_and_of_what_was_published_since_one_follows(port):
    moved()
    before = begin(About.COMMUNES, at=NOW - timedelta(days=9))
    change = Change(territory_id=HAVRE, kind="moved", layer="mail", before=["autre.example"], after=["ovh"])
    late = {"at": NOW, "domains": 1, "rules": "1", "zones": {}, "figures": {}, "changes": [change]}
    received(port)
    keep_standings(before, [Standing(subject=HAVRE, territory_id=HAVRE, name="Le Havre", profile={})])
    conclude(before, **late, held_because="x")

    let_through(before, at=NOW + timedelta(hours=1))

    assert "Le Havre a déplacé" in received(port).get_payload(decode=True).decode()


def test_while_one_process_tells_another_does_not(port):
    moved()
    caches["default"].add(TELLING, "elsewhere", 60)

    assert tell() == {"sent": 0, "waiting": 0, "refused": 0}
    caches["default"].delete(TELLING)
    assert tell()["waiting"] == 1


def received(port, site=SITE):
    """The only letter that a mail server got."""
    handler = Kept()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    tell(site)
    controller.stop()
    [letter] = handler.headers
    return letter


def test_a_mail_program_ends_all_that_a_letter_tells_of_by_one_post_without_a_page(port):
    """RFC 8058: no cookie, no token of a form, the answer no redirect."""
    moved()
    a_commune("34172", "Montpellier")
    kept = watch(Watch.objects.get().person, "commune:34172", at=NOW - timedelta(days=1))
    letter = received(port)
    address = re.fullmatch(rf"<{SITE}(/observatoire/suivis/fin/\S+)>", letter["List-Unsubscribe"].strip())[1]
    machine = Client(enforce_csrf_checks=True)

    assert letter["List-Unsubscribe-Post"] == "List-Unsubscribe=One-Click"
    assert machine.get(address).status_code == 200 and Watch.objects.count() == 2, "filters follow links"
    assert machine.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200
    assert list(Watch.objects.all()) == [kept], "of Montpellier the letter told nothing"
    assert machine.post(address, {"List-Unsubscribe": "One-Click"}).status_code == 200, "twice is no error"
    assert machine.post(f"{address}x", {"List-Unsubscribe": "One-Click"}).status_code == 404


def test_over_an_address_in_clear_no_single_click_is_offered(port):
    moved()

    letter = received(port, "http://arobase.exemple.fr")

    assert letter["List-Unsubscribe"].strip().startswith("<http://arobase.exemple.fr/observatoire/suivis/fin/")
    assert letter["List-Unsubscribe-Post"] is None


def test_changes_are_read_on_the_page_and_in_the_feeds():
    moved()
    for path in ("changements", "changements.atom", "communes/76351/changements.atom"):
        assert "a déplacé sa messagerie" in Client().get(f"/observatoire/{path}").content.decode()
    assert "a déplacé" not in Client().get("/observatoire/changements?couche=dns").content.decode()


def test_a_machine_in_the_trap_is_thanked_and_nothing_kept():
    a_commune("76351", "Le Havre")
    path = "/observatoire/communes/76351/signaler"
    assert Client().post(path, {"text": "x", "website": "y"}).status_code == 302 and not ErrorReport.objects.exists()
    Client().post(path, {"text": "Faux."})
    assert ErrorReport.objects.get().text == "Faux."


def test_only_the_agent_of_a_town_leaves_it_out():
    a_commune("76351", "Le Havre")
    other, agent = Client(), Client()
    other.force_login(an_account(ALIX))
    agent.force_login(an_account(CAMILLE))
    path = "/observatoire/communes/76351/retrait"
    assert other.post(path, {}).status_code == 403 and not OptOut.objects.exists()
    agent.post(path, {"why": "Non."})
    assert OptOut.objects.get().why == "Non."
    assert "Non." in agent.get("/observatoire/communes/76351").content.decode()


def test_the_form_of_a_correction_shows_what_is_declared_and_keeps_what_was_typed():
    a_commune("76351", "Le Havre")
    agent = Client()
    agent.force_login(an_account(CAMILLE))
    path = "/observatoire/communes/76351/corriger"
    agent.post(path, {"web": "https://www.lehavre.fr/"})

    shown = agent.get(path).content.decode()
    refused = agent.post(path, {"web": "pas une adresse", "mail": "lehavre.fr"})

    assert "https://www.lehavre.fr/. Source" in shown and "rien de déclaré" in shown
    assert refused.status_code == 422
    page = refused.content.decode()
    assert page.count('aria-invalid="true"') == 1 and 'value="pas une adresse"' in page and "lehavre.fr" in page


def test_each_wrong_field_of_a_correction_has_its_own_message_and_an_empty_form_says_that_it_is_empty():
    a_commune("76351", "Le Havre")
    agent = Client(headers={"Accept-Language": "fr"})
    agent.force_login(an_account(CAMILLE))
    path = "/observatoire/communes/76351/corriger"

    both = agent.post(path, {"web": "pas une adresse", "mail": "maire"}).content.decode().replace("\u202f", " ")
    one = agent.post(path, {"web": "lehavre.fr", "mail": "maire"}).content.decode()
    empty = agent.post(path, {})

    for field, said in (
        ("web", "« pas une adresse » n’est pas l’adresse d’un site."),
        ("mail", "« maire » n’est pas un domaine de messagerie."),
    ):
        assert f'aria-describedby="{field}-help {field}-problem"' in both
        assert f'id="{field}-problem">{said}' in both
    assert 'aria-describedby="web-help"' in one and 'id="web-problem"' not in one
    assert empty.status_code == 422
    assert "Les deux champs sont vides, rien n’a changé." in empty.content.decode()
    assert "aria-invalid" not in empty.content.decode()


def test_who_answers_sees_how_many_wait(client):
    a_commune("76351", "Le Havre")
    client.force_login(an_account(SACHA))
    assert "Rien n’a été signalé" in client.get("/observatoire/signalements").content.decode()
    Client().post("/observatoire/communes/76351/signaler", {"text": "Faux."})
    assert "1 signalement attend" in client.get("/observatoire/signalements").content.decode()

    client.post("/observatoire/signalements", {"report": ErrorReport.objects.get().pk, "answer": "Corrigé."})

    assert "Tout a reçu une réponse" in client.get("/observatoire/signalements").content.decode()
    assert "Corrigé." in client.get("/observatoire/communes/76351").content.decode()
