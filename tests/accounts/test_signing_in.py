"""Signing in: throttled, with a second factor, and when a session ends in the middle of a form."""

from urllib.parse import parse_qs, urlsplit

import pytest
from allauth.mfa.totp.internal.auth import format_hotp_value, hotp_value, yield_hotp_counters_from_time
from django.test import Client
from django.utils import timezone

from arobase.accounts import actions
from arobase.accounts.models import User

pytestmark = pytest.mark.django_db
PASSWORD = "une phrase assez longue"
SIGN_IN = "/comptes/connexion"


@pytest.fixture
def alix() -> User:
    return actions.create_person("alix@exemple.fr", password=PASSWORD, at=timezone.now(), by=None)


def sign_in(client: Client, *, password: str = PASSWORD, email: str = "alix@exemple.fr"):
    return client.post(SIGN_IN, {"login": email, "password": password})


def confirmed(client: Client) -> Client:
    """Signed in, and confirmed for the pages of security."""
    sign_in(client)
    client.post("/comptes/confirmer", {"password": PASSWORD})
    return client


def codes_now(secret: str) -> list[str]:
    """What an authenticator application shows now, a moment ago and in a moment: all are accepted, each once."""
    return [format_hotp_value(hotp_value(secret, counter)) for counter in yield_hotp_counters_from_time()]


def test_the_right_password_signs_in(client, alix):
    answer = sign_in(client)

    assert (answer.status_code, answer.headers["Location"]) == (302, "/")
    assert client.get("/comptes/").status_code == 200


def test_after_too_many_bad_passwords_even_the_right_one_waits(client, alix):
    refused = [sign_in(client, password="au hasard").status_code for _attempt in range(5)]

    assert refused == [200] * 5
    assert sign_in(client).context["form"].errors.as_data()["__all__"][0].code == "too_many_login_attempts"
    assert client.get("/comptes/").status_code == 302


def test_attempts_count_together_whatever_the_process(client, alix):
    for _attempt in range(5):
        sign_in(Client(), password="au hasard")

    sign_in(client)

    assert client.get("/comptes/").status_code == 302


def test_a_machine_that_tries_many_accounts_is_turned_away(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "3/m/ip"}

    answers = [sign_in(client, email=f"personne{n}@exemple.fr").status_code for n in range(4)]

    assert answers == [200, 200, 200, 429]


def test_the_page_of_too_many_attempts_is_ours(client, settings):
    settings.ACCOUNT_RATE_LIMITS = {**settings.ACCOUNT_RATE_LIMITS, "login": "1/m/ip"}
    sign_in(client)

    answer = sign_in(client)

    assert answer.status_code == 429
    assert "web/base.html" in [template.name for template in answer.templates]


def test_whether_an_account_exists_is_not_told(client, alix):
    known = client.post("/comptes/mot-de-passe/oublie", {"email": alix.email})
    unknown = client.post("/comptes/mot-de-passe/oublie", {"email": "personne@exemple.fr"})

    assert (known.status_code, known.headers["Location"]) == (unknown.status_code, unknown.headers["Location"])


def test_sign_up_is_closed_unless_opened(client, settings):
    closed = client.post(
        "/comptes/inscription", {"email": "x@exemple.fr", "password1": PASSWORD, "password2": PASSWORD}
    )
    settings.OPEN_SIGNUP = True
    opened = client.post(
        "/comptes/inscription", {"email": "x@exemple.fr", "password1": PASSWORD, "password2": PASSWORD}
    )

    assert closed.status_code == 200
    assert "account/signup_closed.html" in [template.name for template in closed.templates]
    assert opened.headers["Location"] == "/comptes/adresses/a-confirmer"


def test_an_address_is_confirmed_by_the_link_in_the_mail(client, settings, mailoutbox):
    settings.OPEN_SIGNUP = True
    client.post("/comptes/inscription", {"email": "x@exemple.fr", "password1": PASSWORD, "password2": PASSWORD})
    link = next(word for word in mailoutbox[0].body.split() if "/comptes/adresses/" in word)

    before = sign_in(Client(), email="x@exemple.fr").headers["Location"]
    client.post(urlsplit(link).path)
    after = sign_in(Client(), email="x@exemple.fr").headers["Location"]

    assert (before, after) == ("/comptes/adresses/a-confirmer", "/")


def test_a_second_factor_is_set_up_and_then_asked_for(client, alix):
    confirmed(client)
    secret = client.get("/comptes/securite/application").context["form"].secret
    client.post("/comptes/securite/application", {"code": codes_now(secret)[0]})
    elsewhere = Client()

    asked = sign_in(elsewhere)
    without = elsewhere.get("/comptes/").status_code
    wrong = elsewhere.post(asked.headers["Location"], {"code": "000000"}).status_code
    codes = client.get("/comptes/securite/codes").context["unused_codes"]
    right = elsewhere.post(asked.headers["Location"], {"code": codes[0]})

    assert asked.headers["Location"] == "/comptes/securite/second-facteur"
    assert (without, wrong) == (302, 200)
    assert right.headers["Location"] == "/"
    assert elsewhere.get("/comptes/").status_code == 200


def test_the_code_of_an_application_opens_the_door_once(client, alix):
    confirmed(client)
    secret = client.get("/comptes/securite/application").context["form"].secret
    codes, first, second = codes_now(secret), Client(), Client()
    client.post("/comptes/securite/application", {"code": codes[0]})
    sign_in(first), sign_in(second)

    first.post("/comptes/securite/second-facteur", {"code": codes[1]})
    second.post("/comptes/securite/second-facteur", {"code": codes[1]})

    assert (first.get("/comptes/").status_code, second.get("/comptes/").status_code) == (200, 302)


def test_a_session_that_ended_in_a_form_leads_to_sign_in_and_back(client, alix):
    sign_in(client)
    client.session.flush()

    answer = client.post("/comptes/adresses", {"email": "autre@exemple.fr", "action_add": ""})

    goal = urlsplit(answer.headers["Location"])
    assert (answer.status_code, goal.path) == (302, SIGN_IN)
    assert parse_qs(goal.query) == {"next": ["/comptes/adresses"]}


def test_a_form_without_its_token_says_that_nothing_was_saved(alix):
    client = Client(enforce_csrf_checks=True)

    answer = client.post(SIGN_IN, {"login": alix.email, "password": PASSWORD})

    assert answer.status_code == 403
    assert "Rien n’a été enregistré" in answer.content.decode()


def test_one_does_not_leave_the_site_after_signing_in(client, alix):
    answer = client.post(f"{SIGN_IN}?next=https://ailleurs.example/", {"login": alix.email, "password": PASSWORD})

    assert answer.headers["Location"] == "/"


def test_changing_how_one_signs_in_asks_for_the_password_again(client, alix):
    sign_in(client)

    asked = client.get("/comptes/securite/application")
    client.post("/comptes/confirmer", {"password": PASSWORD})
    opened = client.get("/comptes/securite/application")

    assert urlsplit(asked.headers["Location"]).path == "/comptes/confirmer"
    assert opened.status_code == 200
