"""E-mails of a campaign, through a real mail server on loopback: sent once, tried again, refused, silenced."""

import re
from collections.abc import Iterator
from datetime import timedelta

import pytest
from aiosmtpd.controller import Controller
from aiosmtpd.smtp import SMTP, Envelope, Session
from django.test import Client, override_settings
from django.utils import timezone

from arobase.initiatives.actions.reports import report
from arobase.label.actions.ticking import tick
from arobase.label.models import Letter, Silence
from arobase.label.queries.configuration.editions import in_force
from arobase.territories.rules.clocks import PARIS
from builders import a_dossier, an_account
from people import CAMILLE, SACHA
from serving import free_port

pytestmark = pytest.mark.django_db
SITE = "https://arobase.exemple.fr"


class Post:
    """A mail server: keeps what it takes; refuses an address for good, or everything for now."""

    def __init__(self) -> None:
        self.taken: list[str] = []
        self.unknown: set[str] = set()

    async def handle_RCPT(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope, to: str, _options: object
    ) -> str:
        if to in self.unknown:
            return "550 5.1.1 no such mailbox"
        envelope.rcpt_tos.append(to)
        return "250 OK"

    async def handle_DATA(  # noqa: N802 - the name that aiosmtpd calls
        self, _server: SMTP, _session: Session, envelope: Envelope
    ) -> str:
        self.taken.append(envelope.content.decode())
        return "250 OK"


@pytest.fixture
def port() -> Iterator[int]:
    """Django's mail goes to this port of loopback; nobody answers there until a test starts `Post`."""
    number = free_port()
    backend = "django.core.mail.backends.smtp.EmailBackend"
    with override_settings(EMAIL_BACKEND=backend, EMAIL_HOST="127.0.0.1", EMAIL_PORT=number):
        yield number


@pytest.fixture
def post(port: int) -> Iterator[Post]:
    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    yield handler
    controller.stop()


@pytest.fixture
def reminder():
    """The instant of the next reminder: three days before the closing of a campaign with a draft of Le Havre."""
    an_account(CAMILLE)
    dossier = a_dossier(answered=False)
    return in_force(dossier.campaign).calendar.closes_at - timedelta(days=3)


def test_a_reminder_is_written_and_sent_once(post, reminder):
    before = tick(at=reminder - timedelta(seconds=1), site=SITE)
    first, second = tick(at=reminder, site=SITE), tick(at=reminder + timedelta(minutes=1), site=SITE)

    assert (before["sent"], first, second["sent"]) == (
        0,
        {"reminders": 1, "published": 0, "sent": 1, "waiting": 0, "refused": 0},
        0,
    )
    assert len(post.taken) == 1 and "List-Unsubscribe" in post.taken[0]


def test_nobody_is_reminded_of_what_was_handed_in(post):
    an_account(CAMILLE)
    dossier = a_dossier(submitted=True)
    closes = in_force(dossier.campaign).calendar.closes_at

    assert tick(at=closes - timedelta(days=1), site=SITE)["reminders"] == 0


def test_while_the_mail_server_is_down_letters_wait_and_say_why(port, reminder):
    down = tick(at=reminder, site=SITE)
    letter = Letter.objects.get()
    assert (down["waiting"], letter.attempts, letter.state) == (1, 1, "waiting")
    assert "refused" in letter.problem.lower()

    handler = Post()
    controller = Controller(handler, hostname="127.0.0.1", port=port, ready_timeout=60)
    controller.start()
    too_soon, later = tick(at=reminder, site=SITE), tick(at=reminder + timedelta(minutes=2), site=SITE)
    controller.stop()

    assert (too_soon["sent"], later["sent"], len(handler.taken)) == (0, 1, 1)


def test_an_address_that_does_not_exist_is_listed_and_not_tried_again(post, reminder):
    post.unknown.add(CAMILLE.email)

    assert tick(at=reminder, site=SITE)["refused"] == 1
    assert tick(at=reminder + timedelta(days=1), site=SITE)["sent"] == 0
    sacha = Client()
    sacha.force_login(an_account(SACHA))
    page = sacha.get("/campagnes/2027/courriels?etat=refused").content.decode()
    assert CAMILLE.email in page and "no such mailbox" in page


def test_whoever_unsubscribes_gets_no_reminder_more(post, reminder):
    tick(at=reminder, site=SITE)
    link = re.search(rf"List-Unsubscribe:\s*<{SITE}(\S+)>", post.taken[0].replace("\r\n ", "").replace("=\r\n", ""))[1]
    asked = Client().get(link).content.decode()
    assert CAMILLE.email in asked and tick(at=reminder + timedelta(hours=1), site=SITE)["reminders"] == 0

    Client().post(link)

    assert tick(at=reminder + timedelta(days=2), site=SITE)["reminders"] == 0


@pytest.mark.parametrize("token", ["x", "ImF1dHJlQGV4ZW1wbGUuZnIi:1abc:AAAA"])
def test_a_forged_link_silences_nobody(token):
    assert Client().post(f"/courriels/stop/{token}").status_code == 404


def test_the_texts_of_a_letter_are_the_editions(reminder):
    tick(at=reminder, site=SITE)
    body = Letter.objects.get().body

    assert "Le dossier de Le Havre" in body and "heure de Paris" in body and f"{SITE}/dossiers/" in body
    assert "{" not in body and "Votre stratégie numérique" in body


def test_the_organiser_is_told_once_a_day_what_waits_and_nothing_when_nothing_does(post):
    sacha, dossier = an_account(SACHA), a_dossier()
    noon = timezone.localtime(timezone.now(), PARIS).replace(hour=12)
    tick(at=noon, site=SITE)
    assert not Letter.objects.filter(kind="digest").exists()

    report(dossier.territory.initiatives.first().pk, "Ce n’est pas vrai.", at=noon)
    tick(at=noon.replace(hour=6), site=SITE)
    assert not Letter.objects.filter(kind="digest").exists(), "not before the morning"
    for hour in (8, 9, 22):
        tick(at=noon.replace(hour=hour), site=SITE)

    letter = Letter.objects.get(kind="digest")
    assert (letter.to, letter.state) == (sacha.email, "sent") and "1 signalement à vérifier" in letter.body
    tick(at=noon + timedelta(days=1), site=SITE)
    assert Letter.objects.filter(kind="digest").count() == 2
    Silence.objects.create(email=sacha.email, since=noon)
    tick(at=noon + timedelta(days=2), site=SITE)
    assert Letter.objects.filter(kind="digest").count() == 2
