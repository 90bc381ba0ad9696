"""Signing in through the pages of a real browser: with a passkey, and after a session ended."""

from collections.abc import Iterator
from contextlib import contextmanager

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, expect

from browser.conftest import DESKTOP
from people import Person
from serving import Site, create, signed_in

PASSWORD = "input[name=password]"


@pytest.fixture
def person(site: Site, request) -> tuple[Person, str]:
    """Someone of this test's own, and the password."""
    someone = Person(f"{request.node.name.replace('_', '-')}@exemple.fr", "Une personne")
    return someone, create(someone, site.environment)


@contextmanager
def a_browser_of(chromium: Browser, site: Site, person: Person, password: str) -> Iterator[BrowserContext]:
    """Signed in and confirmed."""
    here = Site(site.url, site.home, site.environment, {person: password})
    context = chromium.new_context(base_url=site.url, storage_state=signed_in(chromium, person, here), **DESKTOP)
    yield context
    context.close()


def with_authenticator(page: Page) -> None:
    """Plug in a security key that recognises its owner."""
    session = page.context.new_cdp_session(page)
    session.send("WebAuthn.enable")
    options = {"protocol": "ctap2", "transport": "internal", "hasResidentKey": True, "hasUserVerification": True}
    options |= {"isUserVerified": True, "automaticPresenceSimulation": True}
    session.send("WebAuthn.addVirtualAuthenticator", {"options": options})


def test_a_passkey_signs_in_without_a_password(chromium, site, person):
    with a_browser_of(chromium, site, *person) as context:
        page = context.new_page()
        with_authenticator(page)
        page.goto("/comptes/securite/cles/ajouter")
        page.locator("input[name=name]").fill("Ma clé")
        page.locator("input[name=passwordless]").check()
        page.locator("#mfa_webauthn_add").click()
        page.wait_for_url(lambda url: "/ajouter" not in url)
        context.clear_cookies()

        page.goto("/comptes/connexion?next=/comptes/")
        page.locator("#passkey_login").click()
        page.wait_for_url("**/comptes/")

        expect(page.locator("main h1")).to_have_text("Mon compte")


def test_a_form_sent_after_the_session_ended_leads_to_sign_in_and_back(chromium, site, person):
    someone, password = person
    with a_browser_of(chromium, site, someone, password) as context:
        page = context.new_page()
        page.goto("/comptes/adresses")
        page.locator("input[name=email][type=email]").last.fill("autre@exemple.fr")
        context.clear_cookies(name="sessionid")
        page.locator("button[name=action_add]").click()

        page.wait_for_url("**/comptes/connexion?next=/comptes/adresses")
        page.locator("input[name=login]").fill(someone.email)
        page.locator(PASSWORD).fill(password)
        page.locator(PASSWORD).press("Enter")
        page.wait_for_url("**/comptes/adresses")


def test_a_form_of_another_session_says_that_nothing_was_saved(chromium, site):
    context = chromium.new_context(base_url=site.url, **DESKTOP)
    page = context.new_page()
    page.goto("/comptes/connexion")
    page.locator("input[name=login]").fill("x@exemple.fr")
    page.locator(PASSWORD).fill("une phrase")
    context.clear_cookies()
    page.locator(PASSWORD).press("Enter")

    expect(page.locator("main h1")).to_have_text("Ce formulaire n’est plus valable")
    context.close()
