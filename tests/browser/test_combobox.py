"""The field that finds a territory: by keyboard, by pointer, and as a plain form."""

import re

import pytest
from playwright.sync_api import Page, Route, expect

FIELD = "main [data-combobox] input[type=search]"
LIST = "main [data-combobox] [role=listbox]"
STATUS = "main [data-combobox] [role=status]"


def typed(page: Page, text: str) -> None:
    """At once: letter by letter, a busy machine asks about the first ones too, whose options give way to the next."""
    page.goto("/recherche")
    page.locator(FIELD).fill(text)


def test_letters_bring_suggestions_and_their_number_is_announced(page: Page):
    page.goto("/recherche")
    page.locator(FIELD).press_sequentially("le havr")

    expect(page.locator(f"{LIST} [role=option]").first).to_contain_text("Le Havre")
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "true")
    expect(page.locator(STATUS)).to_contain_text("résultat")


def test_arrows_walk_through_the_list_and_back_to_the_field(page: Page):
    typed(page, "le havre")
    options = page.locator(f"{LIST} [role=option]")
    expect(options.first).to_be_visible()

    page.keyboard.press("ArrowDown")
    first = options.first.get_attribute("id") or ""
    expect(page.locator(FIELD)).to_have_attribute("aria-activedescendant", first)
    expect(options.first).to_have_attribute("aria-selected", "true")

    page.keyboard.press("ArrowUp")
    expect(page.locator(FIELD)).not_to_have_attribute("aria-activedescendant", re.compile(".*"))


def test_enter_opens_what_is_chosen(page: Page):
    typed(page, "le havre")
    expect(page.locator(f"{LIST} [role=option]").first).to_be_visible()
    address = page.locator(f"{LIST} [role=option]").first.get_attribute("data-url")
    if not address:
        pytest.skip("no page of a territory yet")

    page.keyboard.press("ArrowDown")
    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(re.escape(address)))


def test_enter_without_a_choice_opens_the_search_page(page: Page):
    typed(page, "havre")
    expect(page.locator(f"{LIST} [role=option]").first).to_be_visible()

    page.keyboard.press("Enter")

    expect(page).to_have_url(re.compile(r"/recherche\?q=havre"))


def test_escape_closes_the_list_and_keeps_what_was_typed(page: Page):
    typed(page, "le havre")
    expect(page.locator(LIST)).to_be_visible()

    page.keyboard.press("Escape")

    expect(page.locator(LIST)).to_be_hidden()
    expect(page.locator(FIELD)).to_have_value("le havre")
    expect(page.locator(FIELD)).to_have_attribute("aria-expanded", "false")


def test_when_nothing_is_found_it_says_what_to_try(page: Page):
    typed(page, "zzzzzzzz")

    expect(page.locator(STATUS)).to_contain_text("code postal")
    expect(page.locator(LIST)).to_be_hidden()


def test_an_answer_that_was_overtaken_is_not_shown(page: Page):
    def slow_at_first(route: Route) -> None:
        if "q=le&" in route.request.url or route.request.url.endswith("q=le"):
            page.wait_for_timeout(400)
        route.continue_()

    page.route("**/recherche/suggestions*", slow_at_first)
    typed(page, "le")
    page.wait_for_timeout(200)
    page.locator(FIELD).press_sequentially(" havre")

    expect(page.locator(f"{LIST} [role=option]").first).to_contain_text("Le Havre")
    page.wait_for_timeout(600)
    expect(page.locator(f"{LIST} [role=option]").first).to_contain_text("Le Havre")


def test_a_copy_swapped_into_the_page_works_at_once(page: Page):
    page.goto("/recherche")
    page.evaluate("document.querySelector('main form').outerHTML = document.querySelector('main form').outerHTML")

    page.locator(FIELD).press_sequentially("le havre")

    expect(page.locator(f"{LIST} [role=option]").first).to_contain_text("Le Havre")


def test_a_finger_chooses_too(phone: Page):
    typed(phone, "le havre")
    option = phone.locator(f"{LIST} [role=option]").first
    expect(option).to_be_visible()
    address = option.get_attribute("data-url") or "/recherche"

    option.tap()

    expect(phone).to_have_url(re.compile(re.escape(address)))


def test_without_javascript_it_is_a_form(no_script: Page):
    no_script.goto("/recherche")
    no_script.locator(FIELD).fill("le havre")
    no_script.locator("main form button[type=submit]").click()

    expect(no_script.locator("main ol")).to_contain_text("Le Havre")
