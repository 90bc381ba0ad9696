"""The outage page in a real browser: ticked by hand or keyboard, and without a script."""

import re

from playwright.sync_api import Page, expect

OUTAGE = "/observatoire/panne"
ORANGE = re.compile(r"^Orange \(")


def test_ticking_a_provider_makes_the_map_go_dark_at_once(page: Page) -> None:
    page.goto(OUTAGE)
    expect(page.get_by_role("status")).to_contain_text("Tout est allumé")

    page.get_by_role("checkbox", name=ORANGE).check()

    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")
    expect(page.get_by_role("heading", name="Par région")).to_be_visible()
    assert page.url.endswith("?tombe=orange")
    page.reload()
    expect(page.get_by_role("checkbox", name=ORANGE)).to_be_checked()


def test_an_outage_can_be_made_with_the_keyboard_alone(page: Page) -> None:
    page.goto(OUTAGE)
    page.get_by_role("checkbox").first.focus()

    page.keyboard.press("Space")

    expect(page.get_by_role("status")).to_contain_text("messagerie")
    expect(page.get_by_role("checkbox").first).to_be_focused()


def test_without_a_script_the_button_says_the_same(no_script: Page) -> None:
    no_script.goto(OUTAGE)

    no_script.get_by_role("checkbox", name=ORANGE).check()
    no_script.get_by_role("button", name="Éteindre").click()

    expect(no_script.get_by_role("status")).to_contain_text("perdraient leur messagerie")
    expect(no_script.get_by_role("heading", name="Les communes éteintes")).to_be_visible()


def test_on_a_phone_nothing_runs_over_the_edge(phone: Page) -> None:
    phone.goto(f"{OUTAGE}?tombe=orange")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
