"""A polling station's figures entered on a phone and at a keyboard, offline in the middle, and seen by who follows."""

import json
import re

import pytest
from playwright.sync_api import expect

from browser.conftest import DESKTOP, PHONE
from browser.stations import LISTS, bag_form, bags, kept, opened, record_by_touch, type_bag
from serving import Site


@pytest.fixture(scope="session")
def codes(site: Site) -> dict[tuple[str, int], str]:
    """Codes of the printed sheets."""
    said = json.loads(site.run("elections", "codes", "1", "--json"))
    return {(one["station"], one["seat"]): one["code"] for one in said["codes"]}


def test_a_secretary_counts_a_station_on_a_phone_offline_in_the_middle(device, codes):
    context = device(**PHONE)
    page = opened(context, codes["0002", 1])

    type_bag(page, (50, 30, 18))
    expect(bag_form(page).locator("[data-sum]")).to_have_text("Total 100 sur 100")
    record_by_touch(page)
    expect(bags(page)).to_have_count(1)

    context.set_offline(True)
    type_bag(page, (45, 35, 18))
    record_by_touch(page)
    type_bag(page, (48, 33, 17))
    record_by_touch(page)
    expect(page.locator("[data-queue] li")).to_have_count(2)
    expect(page.locator("[data-link]")).to_contain_text("Pas de connexion")
    expect(page.get_by_role("heading", name="Centaine 4")).to_be_visible()

    context.set_offline(False)
    expect(bags(page)).to_have_count(3)
    expect(page.locator("[data-queue] li")).to_have_count(0)
    expect(bags(page).first).to_contain_text(re.compile(r"3\s*48\s*33\s*17"))


def test_a_queue_survives_the_end_of_the_page(device, codes):
    context = device(**PHONE)
    page = opened(context, codes["0003", 1])
    address = page.url
    context.set_offline(True)
    type_bag(page, (50, 30, 18))
    record_by_touch(page)
    expect(page.locator("[data-queue] li")).to_have_count(1)
    page.close()
    context.set_offline(False)

    again = context.new_page()
    again.goto(address)

    expect(bags(again)).to_have_count(1)
    again.reload()
    expect(bags(again)).to_have_count(1)


def test_the_page_opens_again_without_a_network_and_what_is_typed_then_arrives(device, codes):
    context = device(**PHONE)
    page = opened(context, codes["0012", 1])
    type_bag(page, (50, 30, 18))
    record_by_touch(page)
    expect(bags(page)).to_have_count(1)
    address = kept(page).url
    page.close()

    context.set_offline(True)
    again = context.new_page()
    again.goto(address)
    expect(again.locator("[data-link]")).to_contain_text("Pas de connexion")
    expect(again.get_by_role("heading", name="Centaine 2")).to_be_visible()
    type_bag(again, (45, 35, 18))
    record_by_touch(again)
    expect(again.locator("[data-queue] li")).to_have_count(1)

    context.set_offline(False)
    expect(bags(again)).to_have_count(2)
    expect(again.locator("[data-queue] li")).to_have_count(0)


def test_the_keyboard_alone_is_enough(device, codes):
    page = opened(device(), codes["0004", 1])
    bag_form(page).get_by_label(LISTS[0]).focus()

    for figure in ("50", "30", "18", "1"):
        page.keyboard.type(figure)
        page.keyboard.press("Enter")
    page.keyboard.type("1")
    page.keyboard.press("Enter")

    expect(bags(page)).to_have_count(1)
    expect(bag_form(page).get_by_label(LISTS[0])).to_be_focused()


def test_figures_on_each_others_line_are_asked_about_and_mended(device, codes):
    page = opened(device(), codes["0005", 1])
    for votes in ((60, 20, 18), (62, 19, 17)):
        type_bag(page, votes)
        bag_form(page).get_by_role("button").click()
        expect(page.locator("[data-queue] li")).to_have_count(0)

    type_bag(page, (19, 61, 18))
    bag_form(page).get_by_role("button").click()

    problem = page.locator("#problem")
    expect(problem).to_contain_text("semblent échangées")
    problem.get_by_role("button", name="Corriger").click()
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("19")
    type_bag(page, (61, 19, 18))
    bag_form(page).get_by_role("button").click()
    expect(bags(page)).to_have_count(3)


def test_two_people_at_one_station_see_each_other_and_overwrite_nothing(device, codes):
    one = opened(device(), codes["0006", 1])
    two = opened(device(**PHONE), codes["0006", 2])
    expect(one.locator("#standing")).to_contain_text("une autre personne est sur ce bureau")
    two.context.set_offline(True)
    type_bag(two, (40, 40, 18))
    record_by_touch(two)
    type_bag(one, (50, 30, 18))
    bag_form(one).get_by_role("button").click()
    expect(bags(one)).to_have_count(1)

    two.context.set_offline(False)

    problem = two.locator("#problem")
    expect(problem).to_contain_text("déjà saisie avec d’autres chiffres")
    problem.get_by_role("button", name="C’est une autre centaine").tap()
    expect(bags(two)).to_have_count(2)
    expect(bags(one)).to_have_count(2)


def test_a_station_is_closed_printed_and_locked(device, codes):
    page = opened(device(), codes["0007", 1])
    box = page.locator("form[data-verb=box]")
    box.get_by_label("Émargements").fill("100")
    box.get_by_label("Enveloppes").fill("100")
    box.get_by_role("button").click()
    expect(page.locator("#standing")).to_contain_text("0 comptés, 100 à venir")
    type_bag(page, (50, 30, 18))
    bag_form(page).get_by_role("button").click()

    page.get_by_text("Tout est compté : clore le bureau").click()
    expect(page.locator("#finish")).to_contain_text("Clore avec 1 centaine et 100 bulletins : 98 exprimés")
    page.get_by_role("button", name="Oui, clore").click()
    expect(page.get_by_role("link", name="Procès-verbal à imprimer")).to_be_visible()
    page.get_by_text("Le procès-verbal est signé : verrouiller").click()
    page.get_by_role("button", name="Oui, verrouiller").click()

    expect(page.locator("#standing")).to_contain_text("le procès-verbal est signé")
    expect(bag_form(page)).to_be_hidden()
    expect(page.get_by_role("link", name="Procès-verbal à imprimer")).to_be_visible()


def test_a_viewer_sees_a_bag_arrive(device, codes):
    viewer = device(**PHONE).new_page()
    viewer.clock.install()
    viewer.goto("/elections/1")
    page = opened(device(), codes["0008", 1])

    type_bag(page, (10, 79, 9))
    bag_form(page).get_by_role("button").click()

    expect(bags(page)).to_have_count(1)
    expect(viewer.locator("#figures .tally")).to_contain_text("Pour Le Havre")
    expect(viewer.get_by_role("row", name="0008 École 8")).to_contain_text("Pour Le Havre")
    viewer.clock.fast_forward(31_000)
    expect(viewer.locator("[data-aloud]")).to_contain_text("suffrages exprimés comptés jusqu’ici")


def test_without_scripts_a_bag_is_kept_and_a_doubt_is_asked_about(device, codes):
    page = opened(device(**DESKTOP, java_script_enabled=False), codes["0009", 1], scripts=False)
    type_bag(page, (50, 30, 17))
    bag_form(page).get_by_role("button").click()
    expect(page.locator("#problem")).to_contain_text("99 bulletins, non 100")
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("50")

    page.get_by_label("Oui, c’est bien cela").check()
    bag_form(page).get_by_role("button").click()

    expect(bags(page)).to_have_count(1)


def test_a_code_that_was_used_opens_no_other_device(device, codes):
    opened(device(), codes["0010", 1])
    page = device().new_page()
    page.goto(f"/elections/code?code={codes['0010', 1]}")

    page.get_by_role("button", name="Ouvrir").click()

    expect(page.get_by_role("alert")).to_contain_text("déjà ouvert un autre appareil")


def test_a_code_opens_no_other_station(device, codes):
    context = device()
    opened(context, codes["0011", 1])
    page = context.new_page()

    page.goto("/elections/1/saisie/0012")

    expect(page.get_by_role("heading", level=1)).to_have_text("Ouvrir la saisie d’un bureau")
