"""A dossier written in a real browser: field by field, without a network, by two at once, after the session ended."""

import re
from collections.abc import Iterator
from itertools import count

import pytest
from playwright.sync_api import BrowserContext, Page, expect

from people import CAMILLE

STATUS = "[data-save-status]"
KEPT = "String(localStorage.getItem(`arobase:${document.querySelector('form[data-key]').dataset.key}`))"
fresh = count(1)


@pytest.fixture
def context(opened) -> Iterator[BrowserContext]:
    """Camille's browser. Refused saves and a lost network are wanted here: it may complain."""
    context, watch = opened(CAMILLE)
    yield context
    context.set_offline(False)
    for page in context.pages:
        page.close(run_before_unload=False)
    watch.take()


def dossier(context: BrowserContext) -> Page:
    page = context.new_page()
    page.goto("/participer")
    page.get_by_role("link", name="Le Havre, 2028").click()
    page.wait_for_selector("form[data-ready]")
    return page


def some_words() -> str:
    return f"Une phrase, la {next(fresh)}e."


def test_what_is_written_is_there_when_the_page_is_opened_again(context):
    page, words = dossier(context), some_words()

    page.fill("#fierte", words)
    expect(page.locator(STATUS)).to_have_text(re.compile(r"^Enregistré à \d\d:\d\d:\d\d\.$"))

    expect(dossier(context).locator("#fierte")).to_have_value(words)


def test_the_mosaic_follows_what_is_said_of_an_initiative(context):
    page = dossier(context)
    score = page.locator("#progress .lead")
    before = score.inner_text()

    for standing in page.locator(".presented.unsaid select[name$=standing]").all():
        standing.select_option("true")

    expect(score).not_to_have_text(before)


def test_without_a_network_it_waits_in_the_browser_and_is_sent_when_the_network_is_back(context):
    page, words = dossier(context), some_words()
    context.set_offline(True)

    page.fill("#fierte", words)
    expect(page.locator(STATUS)).to_contain_text("Pas de connexion")
    assert words in page.evaluate(KEPT)
    context.set_offline(False)
    expect(page.locator(STATUS)).to_contain_text("Enregistré")

    expect(dossier(context).locator("#fierte")).to_have_value(words)
    assert page.evaluate(KEPT) == "null"


def test_what_waited_when_the_page_was_closed_is_sent_when_it_is_opened_again(context):
    page, words = dossier(context), some_words()
    context.set_offline(True)
    page.fill("#fierte", words)
    expect(page.locator(STATUS)).to_contain_text("Pas de connexion")
    page.close(run_before_unload=False)
    context.set_offline(False)

    again = dossier(context)

    expect(again.locator("#fierte")).to_have_value(words)
    for _turn in range(100):  # the page's policy lets no string be evaluated within it, as waiting for a function would
        if (waits := again.evaluate(KEPT)) == "null":
            break
        again.wait_for_timeout(100)
    assert waits == "null"  # nothing waits any more: what the next page shows, the server has
    expect(dossier(context).locator("#fierte")).to_have_value(words)


def test_two_people_at_once_see_both_versions_and_choose(context):
    mine, theirs = dossier(context), dossier(context)
    words, others = some_words(), some_words()
    theirs.fill("#fierte", others)
    expect(theirs.locator(STATUS)).to_contain_text("Enregistré")

    mine.fill("#fierte", words)
    expect(mine.locator("#fierte-note blockquote")).to_have_text(others)
    expect(mine.locator("#fierte")).to_have_value(words)
    mine.get_by_role("button", name="Garder le mien").click()
    expect(mine.locator(STATUS)).to_contain_text("Enregistré")

    expect(dossier(context).locator("#fierte")).to_have_value(words)


def test_a_value_that_is_refused_stays_in_its_field_with_the_reason(context):
    page = dossier(context)

    page.fill("#agents", "beaucoup")
    expect(page.locator("#agents-note")).to_contain_text("Un nombre est attendu")
    expect(page.locator("#agents")).to_have_attribute("aria-invalid", "true")
    page.fill("#agents", "12")

    expect(page.locator("#agents-note")).to_be_empty()
    expect(page.locator(STATUS)).to_contain_text("Enregistré")


def test_when_the_session_ended_nothing_is_lost_and_signing_in_again_sends_it(context):
    page, words, cookies = dossier(context), some_words(), context.cookies()
    context.clear_cookies(name="sessionid")

    page.fill("#fierte", words)
    expect(page.locator(STATUS)).to_contain_text("Votre session a expiré")
    context.add_cookies(cookies)  # what signing in again in another tab does
    page.evaluate("window.dispatchEvent(new Event('focus'))")

    expect(page.locator(STATUS)).to_contain_text("Enregistré")
    expect(dossier(context).locator("#fierte")).to_have_value(words)


def test_a_draft_does_not_look_like_what_is_handed_in(context):
    page = dossier(context)

    expect(page.locator(".dossier-state .big")).to_have_text("Brouillon\u202f: pas encore déposé")
    expect(page.locator(".dossier-state")).to_have_css("border-style", "dashed")
