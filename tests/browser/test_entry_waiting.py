"""What waits on a device: sent once, in order, mended at its place, and told in words."""

import re

from playwright.sync_api import Page, Route, expect

from browser.conftest import DESKTOP, PHONE
from browser.stations import (
    LISTS,
    bag_form,
    bags,
    count_a_bag,
    form,
    kept,
    link,
    open_box,
    opened,
    problem,
    queue,
    ready,
    record,
    record_by_touch,
    title,
    type_bag,
)


def two_in_the_queue_the_first_wrong(page: Page) -> None:
    page.context.set_offline(True)
    type_bag(page, (50, 30, 8))
    record(page)
    type_bag(page, (45, 35, 18))
    record(page)
    bag_form(page).get_by_label(LISTS[0]).fill("33")
    page.context.set_offline(False)
    expect(problem(page)).to_contain_text("90 bulletins, non 100")


def test_a_bag_refused_in_the_queue_is_mended_at_its_place_and_what_is_typed_waits(device, night):
    page = opened(device(), night.station()[0])
    two_in_the_queue_the_first_wrong(page)
    expect(bag_form(page).get_by_label(LISTS[0])).to_be_focused()
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("33")
    expect(title(page)).to_have_text("Centaine 3")
    expect(link(page)).to_contain_text("elle attend votre réponse")

    problem(page).get_by_role("button", name="Corriger").click()
    expect(title(page)).to_have_text("Centaine 1 : à corriger")
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("50")
    page.reload()
    ready(page)
    expect(title(page)).to_have_text("Centaine 1 : à corriger")
    bag_form(page).get_by_label(LISTS[2]).fill("18")
    record(page)

    expect(bags(page)).to_have_count(2)
    expect(bags(page).last).to_contain_text(re.compile(r"1\s*50\s*30\s*18"))
    expect(title(page)).to_have_text("Centaine 3")
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("33")


def test_an_entry_is_abandoned_only_when_asked_twice_and_what_waits_moves_up(device, night):
    page = opened(device(), night.station()[0])
    two_in_the_queue_the_first_wrong(page)

    problem(page).get_by_text("Abandonner cette saisie").click()
    expect(problem(page)).to_contain_text(f"{LISTS[2]} 8")
    problem(page).get_by_role("button", name="Oui, les effacer").click()

    expect(bags(page)).to_have_count(1)
    expect(bags(page).first).to_contain_text(re.compile(r"1\s*45\s*35\s*18"))
    expect(title(page)).to_have_text("Centaine 2")
    record(page)
    expect(problem(page)).to_contain_text("33")


def test_the_answer_to_a_doubt_is_first_to_correct(device, night):
    page = opened(device(), night.station()[0])
    type_bag(page, (50, 30, 8))
    record(page)

    buttons = problem(page).locator("[data-answers] button:visible")
    expect(buttons).to_have_text(["Corriger", "Oui, c’est bien cela"])
    expect(buttons.last).to_have_class("secondary")
    buttons.last.click()
    expect(bags(page)).to_have_count(1)


def test_a_conflict_offers_the_correction_with_the_figures_and_another_only_if_one_is_to_come(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(), codes[1])
    type_bag(two, (48, 32, 18))
    open_box(one, 100)
    count_a_bag(one, (50, 30, 18))
    record(two)
    expect(problem(two)).to_contain_text("déjà saisie avec d’autres chiffres")
    expect(problem(two).locator("[data-answers] button:visible")).to_have_text(["Corriger la centaine 1"])

    problem(two).get_by_role("button", name="Corriger la centaine 1").click()
    correction = form(two, "correct")
    expect(correction.get_by_label(LISTS[0])).to_have_value("48")
    correction.get_by_label("Pourquoi").fill("recompté à deux")
    correction.get_by_role("button").click()

    expect(bags(two)).to_have_count(1)
    expect(bags(two).first).to_contain_text(re.compile(r"1\s*48\s*32\s*18"))
    expect(queue(two)).to_have_count(0)


def test_a_second_tap_while_the_first_is_sent_does_nothing(device, night):
    page = opened(device(**PHONE), night.station()[0])
    held: list[Route] = []
    page.route("**/envoi", lambda route: held.append(route))  # noqa: PLW0108 - a function of its own is asked for
    type_bag(page, (50, 30, 18))

    with page.expect_request("**/envoi"):
        record_by_touch(page)
    expect(bag_form(page)).to_have_attribute("aria-busy", "true")
    bag_form(page).evaluate("form => form.requestSubmit()")
    expect(queue(page)).to_have_count(1)
    expect(link(page)).not_to_contain_text("Tout est enregistré")
    page.wait_for_timeout(200)
    held[0].continue_()
    page.unroute("**/envoi")

    expect(bags(page)).to_have_count(1)
    expect(link(page)).to_contain_text("Tout est enregistré")
    expect(queue(page)).to_have_count(0)


def test_closing_twice_closes_once(device, night):
    page = opened(device(), night.station()[0])
    open_box(page, 100)
    count_a_bag(page, (50, 30, 18))
    held: list[Route] = []
    page.route("**/envoi", lambda route: held.append(route))  # noqa: PLW0108 - a function of its own is asked for
    page.get_by_text("Tout est compté : clore le bureau").click()
    with page.expect_request("**/envoi"):
        page.get_by_role("button", name="Oui, clore").click()

    form(page, "finish").evaluate("form => form.requestSubmit()")

    expect(queue(page)).to_have_text(["Clore le bureau"])
    page.wait_for_timeout(200)
    assert len(held) == 1
    held[0].continue_()
    expect(page.locator("#sign")).to_be_visible()
    expect(queue(page)).to_have_count(0)


def test_without_a_network_closing_waits_once(device, night):
    page = opened(device(), night.station()[0])
    open_box(page, 100)
    count_a_bag(page, (50, 30, 18))
    page.context.set_offline(True)
    page.get_by_text("Tout est compté : clore le bureau").click()
    page.get_by_role("button", name="Oui, clore").click()
    expect(link(page)).to_contain_text("Pas de connexion")
    expect(form(page, "finish")).to_have_attribute("aria-busy", "false")

    page.get_by_role("button", name="Oui, clore").click()

    expect(queue(page)).to_have_text(["Clore le bureau"])
    page.context.set_offline(False)
    expect(page.locator("#sign")).to_be_visible()


def test_a_bag_whose_predecessor_was_undone_takes_its_number(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(), codes[1])
    count_a_bag(one, (50, 30, 18))
    expect(title(two)).to_have_text("Centaine 2")
    two.context.set_offline(True)
    type_bag(two, (45, 35, 18))
    record(two)
    one.get_by_text("Annuler la centaine 1").click()
    form(one, "undo").get_by_label("Pourquoi").fill("comptée deux fois")
    form(one, "undo").get_by_role("button").click()
    expect(bags(one)).to_have_count(0)

    two.context.set_offline(False)
    expect(problem(two)).to_contain_text("La centaine 1 manque")
    problem(two).get_by_role("button", name="Corriger").click()
    record(two)

    expect(bags(two)).to_have_count(1)
    expect(queue(two)).to_have_count(0)


def test_hours_saved_by_another_show_when_the_network_is_back(device, night):
    codes = night.station()
    page, other = opened(device(), codes[0]), opened(device(), codes[1])
    hour = other.locator("form[data-verb=turnout]").first
    hour.get_by_label("10:00").fill("120")
    hour.get_by_role("button").click()

    expect(page.locator("form[data-verb=turnout]").first.get_by_label("10:00")).to_have_value("120")


def an_hour_and_the_box(page: Page) -> None:
    """Of voters 90 at ten; in the box 100 envelopes, one signature more."""
    hour, box = page.locator("form[data-verb=turnout]").first, form(page, "box")
    hour.get_by_label("10:00").fill("90")
    hour.get_by_role("button").click()
    box.locator("[name=signatures]").fill("101")
    box.locator("[name=envelopes]").fill("100")
    box.get_by_role("button").click()


def test_the_queue_reads_as_the_paper(device, night):
    page = kept(opened(device(), night.station()[0]))
    page.context.set_offline(True)
    an_hour_and_the_box(page)
    type_bag(page, (50, 30, 18))
    record(page)

    expect(queue(page)).to_have_text(
        [
            "Votants à 10:00 : 90",
            "Ouverture de l’urne : Émargements 101, Enveloppes trouvées dans l’urne 100",
            f"Centaine 1 : {LISTS[0]} 50, {LISTS[1]} 30, {LISTS[2]} 18, Bulletins blancs 1, Bulletins nuls 1",
        ]
    )
    page.reload()
    ready(page)
    page.context.set_offline(False)
    expect(bags(page)).to_have_count(1)
    expect(page.locator(".entry-gap").first).to_contain_text("101 émargements, 100 enveloppes")


def test_the_queue_reads_in_english_too(device, night):
    page = device(**{**DESKTOP, "locale": "en-GB"}).new_page()
    page.goto(f"/elections/code?code={night.station()[0]}")
    page.locator("main form button").click()
    ready(page).context.set_offline(True)
    an_hour_and_the_box(page)

    expect(queue(page)).to_have_text(
        ["Voters at 10:00: 90", "Opening of the box: Signatures 101, Envelopes found in the box 100"]
    )
