"""A secretary under stress: no bag counted twice, nothing lost of what is typed, no correction unasked."""

import re

from playwright.sync_api import Page, expect

from browser.conftest import DESKTOP, PHONE
from browser.stations import (
    LISTS,
    another_tab,
    bag_form,
    bags,
    count_a_bag,
    form,
    link,
    opened,
    problem,
    queue,
    ready,
    record,
    record_by_touch,
    title,
    type_bag,
)


def test_two_people_who_type_the_same_bag_count_it_once(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(**PHONE), codes[1])
    type_bag(two, (50, 30, 18))

    count_a_bag(one, (50, 30, 18))
    expect(two.locator("[data-taken]")).to_contain_text("La centaine 1 vient d’être saisie")
    expect(title(two)).to_have_text("Centaine 1")
    record_by_touch(two)

    expect(link(two)).to_contain_text("Tout est enregistré")
    expect(bags(two)).to_have_count(1)
    expect(title(two)).to_have_text("Centaine 2")


def test_a_bag_begun_before_anothers_is_numbered_after_it_when_asked(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(), codes[1])
    type_bag(two, (45, 35, 18))
    count_a_bag(one, (50, 30, 18))

    two.get_by_role("button", name="C’est une autre centaine", exact=True).click()
    expect(title(two)).to_have_text("Centaine 2")
    record(two)

    expect(bags(two)).to_have_count(2)


def in_conflict_without_scripts(device, night) -> Page:
    """The page of someone without scripts, who typed other figures for the bag that a colleague has just entered."""
    codes = night.station()
    one = opened(device(), codes[0])
    two = opened(device(**DESKTOP, java_script_enabled=False), codes[1], scripts=False)
    count_a_bag(one, (50, 30, 18))
    type_bag(two, (45, 35, 18))
    record(two)
    return two


def test_without_scripts_the_number_of_the_bag_is_that_of_the_page(device, night):
    two = in_conflict_without_scripts(device, night)

    expect(problem(two)).to_contain_text("déjà saisie avec d’autres chiffres")
    expect(title(two)).to_have_text("Centaine 1")
    bag_form(two).get_by_role("button", name="C’est une autre centaine").click()

    expect(bags(two)).to_have_count(2)


def test_without_scripts_a_conflict_leads_to_the_correction_with_what_was_typed(device, night):
    two = in_conflict_without_scripts(device, night)

    bag_form(two).get_by_role("button", name="Corriger la centaine 1").click()
    correction = form(two, "correct")
    expect(correction.get_by_label(LISTS[0])).to_have_value("45")
    correction.get_by_label("Pourquoi").fill("recompté à deux")
    correction.get_by_role("button").click()

    expect(bags(two)).to_have_count(1)
    expect(bags(two)).to_contain_text(re.compile(r"1\s*45\s*35\s*18"))


def test_two_tabs_of_one_device_do_not_take_each_others_bag(device, night):
    tab = opened(device(), night.station()[0])
    type_bag(tab, (50, 30, 18))
    other = another_tab(tab)
    expect(bag_form(other).get_by_label(LISTS[0])).to_have_value("")

    type_bag(other, (45, 35, 18))
    tab.reload()
    ready(tab)

    expect(bag_form(tab).get_by_label(LISTS[0])).to_have_value("50")
    record(tab)
    expect(other.locator("[data-taken]")).to_be_visible()
    record(other)
    expect(problem(other)).to_contain_text("déjà saisie avec d’autres chiffres")
    expect(bags(other)).to_have_count(1)


def test_a_tab_that_is_too_busy_to_answer_keeps_what_is_typed_there(device, night):
    tab = opened(device(), night.station()[0])
    type_bag(tab, (50, 30, 18))
    tab.evaluate("setTimeout(() => { const end = Date.now() + 4000; while (Date.now() < end); })")

    other = another_tab(tab)

    expect(bag_form(other).get_by_label(LISTS[0])).to_have_value("")


PLAIN_HTTP = "Object.defineProperty(Navigator.prototype, 'locks', { value: undefined })"


def test_over_plain_http_too_a_tab_keeps_what_is_typed_there_through_a_reload(device, night):
    context = device()
    context.add_init_script(PLAIN_HTTP)
    tab = opened(context, night.station()[0])
    type_bag(tab, (50, 30, 18))

    tab.reload()
    ready(tab)

    expect(bag_form(tab).get_by_label(LISTS[0])).to_have_value("50")


def test_what_a_closed_tab_left_is_there_in_the_next_one(device, night):
    tab = opened(device(), night.station()[0])
    type_bag(tab, (50, 30, 18))
    tab.locator("details[data-form=totals] summary").click()
    form(tab, "totals").get_by_label("Bulletins nuls").fill("7")
    address = tab.url
    context = tab.context
    tab.close()

    again = context.new_page()
    again.goto(address)
    ready(again)

    expect(bag_form(again).get_by_label(LISTS[1])).to_have_value("30")
    expect(form(again, "totals").get_by_label("Bulletins nuls")).to_have_value("7")
    expect(form(again, "totals")).to_be_visible()


def test_bags_that_two_closed_tabs_left_come_back_one_after_the_other(device, night):
    tab = opened(device(), night.station()[0])
    context, address = tab.context, tab.url
    type_bag(tab, (50, 30, 18))
    other = another_tab(tab)
    type_bag(other, (45, 35, 18))
    tab.close()
    other.close()

    again = context.new_page()
    again.goto(address)
    ready(again)
    record(again)
    expect(bags(again)).to_have_count(1)

    expect(again.locator("[data-taken]")).to_contain_text("La centaine 1 vient d’être saisie")
    again.get_by_role("button", name="C’est une autre centaine", exact=True).click()
    record(again)
    expect(bags(again)).to_have_count(2)
    assert sorted(text.split()[1] for text in bags(again).all_inner_texts()) == ["45", "50"]


def test_a_tab_opened_from_another_starts_empty(device, night):
    tab = opened(device(), night.station()[0])
    type_bag(tab, (50, 30, 18))

    with tab.context.expect_page() as found:
        tab.evaluate("() => { window.open(location.href); }")
    ready(found.value)

    expect(bag_form(found.value).get_by_label(LISTS[0])).to_have_value("")
    tab.reload()
    expect(bag_form(ready(tab)).get_by_label(LISTS[0])).to_have_value("50")


def test_every_form_keeps_what_is_typed_through_a_reload(device, night):
    page = opened(device(), night.station()[0])
    count_a_bag(page, (50, 30, 18))
    page.get_by_text("Annuler la centaine 1").click()
    form(page, "undo").get_by_label("Pourquoi").fill("comptée deux f")
    page.get_by_role("link", name="Corriger 1").click()
    form(page, "correct").get_by_label("Pourquoi").fill("mal l")
    form(page, "correct").get_by_label(LISTS[0]).fill("51")
    page.locator("form[data-verb=turnout]").first.get_by_label("10:00").fill("120")
    form(page, "box").get_by_label("Émargements").fill("300")

    page.reload()
    ready(page)

    expect(form(page, "undo").get_by_label("Pourquoi")).to_have_value("comptée deux f")
    expect(form(page, "undo")).to_be_visible()
    expect(form(page, "correct").get_by_label("Pourquoi")).to_have_value("mal l")
    expect(form(page, "correct").get_by_label(LISTS[0])).to_have_value("51")
    expect(page.locator("form[data-verb=turnout]").first.get_by_label("10:00")).to_have_value("120")
    expect(form(page, "box").get_by_label("Émargements")).to_have_value("300")


def test_a_half_typed_reason_stays_while_another_enters(device, night):
    codes = night.station()
    page, other = opened(device(), codes[0]), opened(device(), codes[1])
    count_a_bag(page, (50, 30, 18))
    page.get_by_text("Annuler la centaine 1").click()
    form(page, "undo").get_by_label("Pourquoi").fill("comptée deux f")
    bag_form(page).get_by_label(LISTS[0]).focus()

    expect(bags(other)).to_have_count(1)
    count_a_bag(other, (45, 35, 18))

    expect(bags(page)).to_have_count(2)
    expect(form(page, "undo").get_by_label("Pourquoi")).to_have_value("comptée deux f")


def test_the_hour_that_was_refused_is_corrected_in_its_own_field(device, night):
    page = opened(device(), night.station()[0])
    first, second = page.locator("form[data-verb=turnout]").all()
    first.get_by_label("10:00").fill("120")
    first.get_by_role("button").click()
    expect(first.get_by_label("10:00")).to_have_value("120")
    second.get_by_label("12:00").fill("90")
    second.get_by_role("button").click()
    expect(problem(page)).to_contain_text("ne peut pas baisser")

    problem(page).get_by_role("button", name="Corriger").click()

    expect(first.get_by_label("10:00")).to_have_value("120")
    expect(second.get_by_label("12:00")).to_have_value("90")
    expect(second.get_by_label("12:00")).to_be_focused()
    second.get_by_label("12:00").fill("190")
    second.get_by_role("button").click()
    expect(queue(page)).to_have_count(0)
    expect(second.get_by_label("12:00")).to_have_value("190")


def test_a_correction_is_asked_about_and_mended_where_it_is(device, night):
    page = opened(device(), night.station()[0])
    count_a_bag(page, (50, 30, 18))
    page.get_by_role("link", name="Corriger 1").click()
    correction = form(page, "correct")
    correction.get_by_label(LISTS[0]).fill("40")
    correction.get_by_label("Pourquoi").fill("mal lu")
    correction.get_by_role("button").click()
    expect(problem(page)).to_contain_text("90 bulletins, non 100")
    expect(problem(page)).to_contain_text("Correction de la centaine 1")

    problem(page).get_by_role("button", name="Corriger").click()
    correction.get_by_label(LISTS[0]).fill("48")
    correction.get_by_label(LISTS[1]).fill("32")
    correction.get_by_role("button").click()

    expect(bags(page).first).to_contain_text(re.compile(r"1\s*48\s*32\s*18"))
    expect(correction).to_be_hidden()


def test_without_scripts_a_correction_is_asked_about(device, night):
    page = opened(device(**DESKTOP, java_script_enabled=False), night.station()[0], scripts=False)
    type_bag(page, (50, 30, 18))
    record(page)
    page.get_by_role("link", name="Corriger 1").click()
    correction = form(page, "correct")
    correction.get_by_label(LISTS[0]).fill("40")
    correction.get_by_label("Pourquoi").fill("mal lu")
    correction.get_by_role("button").click()

    expect(problem(page)).to_contain_text("90 bulletins, non 100")
    expect(correction.get_by_label(LISTS[0])).to_have_value("40")
    expect(correction.get_by_label("Pourquoi")).to_have_value("mal lu")
    page.get_by_label("Oui, c’est bien cela").check()
    correction.get_by_role("button").click()
    expect(bags(page).first).to_contain_text(re.compile(r"1\s*40\s*30\s*18"))
