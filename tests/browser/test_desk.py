"""The central desk renews itself, and leaves alone what someone types."""

from collections.abc import Iterator

import pytest
from playwright.sync_api import Browser, Page, expect

from browser.conftest import PHONE
from people import CAMILLE
from serving import Site, signed_in


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """The desk of Le Havre on Camille's phone, with a clock of its own."""
    context = chromium.new_context(base_url=site.url, storage_state=signed_in(chromium, CAMILLE, site), **PHONE)
    page = context.new_page()
    page.clock.install()
    page.goto("/elections/1/pupitre")
    yield page
    context.close()


def test_the_desk_renews_itself_every_fifteen_seconds_and_keeps_what_is_open(desk: Page):
    desk.locator("#agir-0001 summary").click()
    desk.evaluate("document.querySelector('.desk-sums').textContent = 'former'")

    desk.clock.fast_forward(15_000)

    expect(desk.locator(".desk-sums")).not_to_have_text("former")
    expect(desk.locator("#agir-0001")).to_have_attribute("open", "")


def test_the_desk_waits_while_someone_is_at_a_form(desk: Page):
    desk.locator("#agir-0001 summary").click()
    desk.locator("#agir-0001 button").first.focus()
    desk.evaluate("document.querySelector('.desk-sums').textContent = 'former'")

    desk.clock.fast_forward(15_000)
    desk.wait_for_timeout(500)

    expect(desk.locator(".desk-sums")).to_have_text("former")
