"""The outage page in a real browser: ticked by hand or keyboard, and without a script."""

import re

from playwright.sync_api import Page, expect

OUTAGE = "/observatoire/panne"
ORANGE = re.compile(r"^Orange \(")
MICROSOFT = re.compile(r"^Microsoft 365 \(")


def test_ticking_a_provider_makes_the_map_go_dark_at_once(page: Page) -> None:
    page.goto(OUTAGE)
    expect(page.get_by_role("status")).to_contain_text("Tout est allumé")

    page.get_by_role("checkbox", name=ORANGE).check()

    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")
    expect(page.get_by_role("heading", name="Par région")).to_be_visible()
    expect(page).to_have_url(re.compile(r"\?tombe=orange$"))
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


def test_each_outage_is_a_step_that_the_browser_goes_back_to_and_its_title_names_who_fails(page: Page) -> None:
    page.goto(OUTAGE)
    page.get_by_role("checkbox", name=ORANGE).check()
    expect(page).to_have_title(re.compile(r"^En panne\s: Orange\b"))
    page.get_by_role("checkbox", name=MICROSOFT).check()
    expect(page).to_have_title(re.compile("(?=.*Microsoft 365)(?=.*Orange)"))

    page.go_back()

    expect(page).to_have_title(re.compile(r"^En panne\s: Orange\b"))
    expect(page.get_by_role("checkbox", name=MICROSOFT)).not_to_be_checked()
    expect(page.get_by_role("checkbox", name=ORANGE)).to_be_checked()
    page.go_back()
    expect(page.get_by_role("status")).to_contain_text("Tout est allumé")
    page.go_forward()
    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")


def test_a_half_written_name_waits_for_enter_while_boxes_are_ticked(page: Page) -> None:
    page.goto(OUTAGE)
    page.get_by_label("Un autre, par son nom").fill("goo")

    page.get_by_role("checkbox", name=ORANGE).check()

    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")
    expect(page).to_have_url(re.compile(r"\?tombe=orange$"))
    expect(page.get_by_label("Un autre, par son nom")).to_have_value("goo")


def test_a_wrong_name_keeps_what_is_ticked_and_typed_and_leads_to_who_was_meant(page: Page) -> None:
    page.goto(OUTAGE)
    page.get_by_role("checkbox", name=ORANGE).check()
    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")

    page.get_by_label("Un autre, par son nom").fill("gogle")
    page.keyboard.press("Enter")

    field = page.get_by_label("Un autre, par son nom")
    expect(field).to_have_value("gogle")
    expect(field).to_have_accessible_description(re.compile("Vouliez-vous dire.*Google"))
    expect(page.get_by_role("checkbox", name=ORANGE)).to_be_checked()
    expect(page.get_by_role("status")).to_contain_text("perdraient leur messagerie")
    page.get_by_role("alert").get_by_role("link", name="Google").first.click()
    expect(page).to_have_title(re.compile("(?=.*Google)(?=.*Orange)"))


def test_on_a_phone_what_is_lost_stays_in_sight_while_ticking_and_the_result_is_one_press_away(phone: Page) -> None:
    phone.goto(OUTAGE)
    last = phone.get_by_role("checkbox").locator("visible=true").last
    last.scroll_into_view_if_needed()

    last.check()

    expect(phone.get_by_role("status")).to_contain_text("sur")
    expect(phone.get_by_role("status")).to_be_in_viewport()
    phone.get_by_role("link", name="Voir qui, et où").click()
    expect(phone.get_by_text("En panne, par hypothèse")).to_be_in_viewport()


def test_a_long_name_in_a_layer_s_list_stays_in_its_column(phone: Page) -> None:
    phone.goto("/observatoire")
    first = phone.locator(".largest li").first
    first.locator("a").evaluate("link => link.textContent = 'relais-de-courrier-du-syndicat.exemple.fr'")

    column, name = first.bounding_box(), first.locator("a").bounding_box()
    assert column and name
    assert name["x"] + name["width"] <= column["x"] + column["width"] + 1


def test_on_a_phone_nothing_runs_over_the_edge(phone: Page) -> None:
    phone.goto(f"{OUTAGE}?tombe=orange")

    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
