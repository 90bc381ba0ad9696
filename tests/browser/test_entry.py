"""A secretary under stress: nothing counted twice, nothing lost, nothing answered for without being asked."""

import json
import re
from collections.abc import Callable, Iterator, Sequence
from datetime import date
from itertools import count
from pathlib import Path

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Route, expect

from browser.conftest import DESKTOP, PHONE
from browser.test_elections import LISTS, bag_form, bags, opened, record_by_touch, type_bag
from people import CAMILLE
from serving import Site, signed_in

PHONE_OF_THE_DESK = "02 35 19 45 45"


class Night:
    """A rehearsal of its own, with a station for each test and the codes of its sheets."""

    def __init__(self, site: Site, folder: Path, *, typists: int, stations: int, lists: Sequence[str] = LISTS) -> None:
        plan = {
            "code": "76351",
            "place": "Le Havre",
            "kind": "municipal",
            "day": date.today().isoformat(),  # noqa: TID251 - the clock of the site that is served
            "seats": 59,
            "phone": PHONE_OF_THE_DESK,
            "typists": typists,
            "hours": ["10:00", "12:00"],
            "origin": "Chiffres inventés",
            "choices": [{"name": name, "number": str(place)} for place, name in enumerate(lists, start=1)],
            "stations": [{"code": f"{number:04}", "registered": 700} for number in range(1, stations + 1)],
        }
        file = folder / "night.json"
        file.write_text(json.dumps(plan), encoding="utf-8")
        self.site = site
        self.number = json.loads(site.run("elections", "prepare", str(file), "--json"))["election"]
        said = json.loads(site.run("elections", "codes", str(self.number), "--json"))
        self.codes = {(one["station"], one["seat"]): one["code"] for one in said["codes"]}
        self.next = count(1)

    def station(self) -> tuple[str, str]:
        """The two codes of a station that no other test enters."""
        code = f"{next(self.next):04}"
        return self.codes[code, 1], self.codes[code, 2]


def _night(site: Site, folder: Path, **facts) -> Iterator[Night]:
    made = Night(site, folder, **facts)
    yield made
    site.run("elections", "wipe", str(made.number))


@pytest.fixture(scope="module")
def night(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    yield from _night(site, tmp_path_factory.mktemp("night"), typists=1, stations=40)


@pytest.fixture(scope="module")
def night_of_two(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    yield from _night(site, tmp_path_factory.mktemp("night"), typists=2, stations=3)


@pytest.fixture(scope="module")
def night_of_many(site: Site, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Night]:
    lists = [f"Liste {number}" for number in range(1, 15)]
    yield from _night(site, tmp_path_factory.mktemp("night"), typists=1, stations=1, lists=lists)


@pytest.fixture
def device(chromium: Browser, site: Site) -> Iterator[Callable[..., BrowserContext]]:
    """Fresh devices, on which nobody was before."""
    made: list[BrowserContext] = []

    def fresh(**kind: object) -> BrowserContext:
        made.append(chromium.new_context(base_url=site.url, **(kind or DESKTOP)))
        return made[-1]

    yield fresh
    for one in made:
        one.close()


@pytest.fixture
def desk(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page of Camille, the town's officer."""
    context = chromium.new_context(base_url=site.url, storage_state=signed_in(chromium, CAMILLE, site), **DESKTOP)
    yield context.new_page()
    context.close()


def acting_on(desk: Page, night: Night, station: str):
    """What the desk can do at a station, opened."""
    desk.goto(f"/elections/{night.number}/pupitre")
    desk.locator(f"#agir-{station} > summary").click()
    return desk.locator(f"#agir-{station}")


def form(page: Page, verb: str):
    return page.locator(f"form[data-verb={verb}]")


def record(page: Page) -> None:
    bag_form(page).get_by_role("button", name="Enregistrer la centaine").click()


def count_a_bag(page: Page, votes: tuple[int, ...], **others: int) -> None:
    there = bags(page).count()
    type_bag(page, votes, **others)
    record(page)
    expect(bags(page)).to_have_count(there + 1)


def open_box(page: Page, envelopes: int, *, signatures: int | None = None) -> None:
    box = form(page, "box")
    box.get_by_label("Émargements").fill(str(signatures or envelopes))
    box.get_by_label("Enveloppes").fill(str(envelopes))
    box.get_by_role("button").click()
    expect(page.locator("#standing")).to_contain_text(f"{envelopes} enveloppes")


def title(page: Page):
    return page.locator("[data-bag-title]")


def queue(page: Page):
    return page.locator("[data-queue] li")


def link(page: Page):
    return page.locator("[data-link]")


def problem(page: Page):
    return page.locator("#problem")


def ready(page: Page) -> Page:
    page.wait_for_selector("[data-entry][data-ready]")
    return page


def another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return ready(tab)


def test_two_people_who_type_the_same_bag_count_it_once(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(**PHONE), codes[1])
    type_bag(two, (50, 30, 18))

    count_a_bag(one, (50, 30, 18))
    expect(two.locator("[data-taken]")).to_contain_text("La centaine 1 vient d’être saisie", timeout=15_000)
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

    two.get_by_role("button", name="C’est une autre centaine", exact=True).click(timeout=15_000)
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

    expect(bags(other)).to_have_count(1, timeout=15_000)
    count_a_bag(other, (45, 35, 18))

    expect(bags(page)).to_have_count(2, timeout=15_000)
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


def two_in_the_queue_the_first_wrong(page: Page) -> None:
    page.context.set_offline(True)
    type_bag(page, (50, 30, 8))
    record(page)
    type_bag(page, (45, 35, 18))
    record(page)
    bag_form(page).get_by_label(LISTS[0]).fill("33")
    page.context.set_offline(False)
    expect(problem(page)).to_contain_text("90 bulletins, non 100", timeout=20_000)


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

    expect(bags(page)).to_have_count(2, timeout=15_000)
    expect(bags(page).last).to_contain_text(re.compile(r"1\s*50\s*30\s*18"))
    expect(title(page)).to_have_text("Centaine 3")
    expect(bag_form(page).get_by_label(LISTS[0])).to_have_value("33")


def test_an_entry_is_abandoned_only_when_asked_twice_and_what_waits_moves_up(device, night):
    page = opened(device(), night.station()[0])
    two_in_the_queue_the_first_wrong(page)

    problem(page).get_by_text("Abandonner cette saisie").click()
    expect(problem(page)).to_contain_text(f"{LISTS[2]} 8")
    problem(page).get_by_role("button", name="Oui, les effacer").click()

    expect(bags(page)).to_have_count(1, timeout=15_000)
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
    expect(page.locator("#sign")).to_be_visible(timeout=20_000)


def test_a_bag_whose_predecessor_was_undone_takes_its_number(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(), codes[1])
    count_a_bag(one, (50, 30, 18))
    expect(title(two)).to_have_text("Centaine 2", timeout=15_000)
    two.context.set_offline(True)
    type_bag(two, (45, 35, 18))
    record(two)
    one.get_by_text("Annuler la centaine 1").click()
    form(one, "undo").get_by_label("Pourquoi").fill("comptée deux fois")
    form(one, "undo").get_by_role("button").click()
    expect(bags(one)).to_have_count(0)

    two.context.set_offline(False)
    expect(problem(two)).to_contain_text("La centaine 1 manque", timeout=20_000)
    problem(two).get_by_role("button", name="Corriger").click()
    record(two)

    expect(bags(two)).to_have_count(1)
    expect(queue(two)).to_have_count(0)


def test_a_revoked_device_says_so_and_shows_what_it_holds_until_a_new_code_sends_it(device, night, desk):
    context = device(**PHONE)
    code = night.station()[0]
    page = opened(context, code)
    address = page.url
    station = address.rsplit("/", 1)[1]
    count_a_bag(page, (50, 30, 18))
    context.set_offline(True)
    type_bag(page, (45, 35, 18))
    record_by_touch(page)
    acts = acting_on(desk, night, station)
    acts.get_by_role("button", name="Nouveau code").first.click()
    fresh = desk.locator(".made-code .code").inner_text()
    context.set_offline(False)

    alert = page.locator("[data-shut]")
    expect(alert).to_contain_text("n’a plus le droit de saisir ici", timeout=20_000)
    expect(alert.get_by_role("link", name=PHONE_OF_THE_DESK)).to_be_visible()
    expect(link(page)).to_contain_text("n’a plus le droit de saisir ici")
    expect(queue(page)).to_contain_text(f"Centaine 2 : {LISTS[0]} 45")
    page.goto(address)
    unsent = page.get_by_role("region", name="Pas encore envoyé")
    expect(unsent).to_contain_text(f"Bureau {station}")
    expect(unsent).to_contain_text(f"{LISTS[0]} 45")

    page.get_by_label("Code").fill(fresh)
    page.get_by_role("button", name="Ouvrir").click()
    expect(bags(page)).to_have_count(2, timeout=15_000)
    expect(link(page)).to_contain_text("Ce qui attendait sur cet appareil est envoyé")


def test_the_sheet_scanned_again_on_the_same_device_leads_to_its_station(device, night):
    context = device()
    code = night.station()[0]
    page = opened(context, code)
    address = page.url

    again = context.new_page()
    again.goto(f"/elections/code?code={code}")

    expect(again).to_have_url(address)


def test_hours_saved_by_another_show_when_the_network_is_back(device, night):
    codes = night.station()
    page, other = opened(device(), codes[0]), opened(device(), codes[1])
    hour = other.locator("form[data-verb=turnout]").first
    hour.get_by_label("10:00").fill("120")
    hour.get_by_role("button").click()

    expect(page.locator("form[data-verb=turnout]").first.get_by_label("10:00")).to_have_value("120", timeout=15_000)


def test_the_queue_reads_as_the_paper(device, night):
    page = opened(device(), night.station()[0])
    page.context.set_offline(True)
    hour = page.locator("form[data-verb=turnout]").first
    hour.get_by_label("10:00").fill("90")
    hour.get_by_role("button").click()
    box = form(page, "box")
    box.get_by_label("Émargements").fill("101")
    box.get_by_label("Enveloppes").fill("100")
    box.get_by_role("button").click()
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
    expect(bags(page)).to_have_count(1, timeout=20_000)
    expect(page.locator(".entry-gap").first).to_contain_text("101 émargements, 100 enveloppes")


def test_the_queue_reads_in_english_too(device, night):
    page = device(**{**DESKTOP, "locale": "en-GB"}).new_page()
    page.goto(f"/elections/code?code={night.station()[0]}")
    page.locator("main form button").click()
    ready(page).context.set_offline(True)
    hour = page.locator("form[data-verb=turnout]").first
    hour.get_by_label("10:00").fill("90")
    hour.get_by_role("button").click()
    box = form(page, "box")
    box.locator("[name=signatures]").fill("101")
    box.locator("[name=envelopes]").fill("100")
    box.get_by_role("button").click()

    expect(queue(page)).to_have_text(
        ["Voters at 10:00: 90", "Opening of the box: Signatures 101, Envelopes found in the box 100"]
    )


def test_a_gap_is_said_by_the_figures_before_closing_and_after_saving(device, night):
    page = opened(device(), night.station()[0])
    open_box(page, 100, signatures=101)
    expect(page.locator("[data-notes]")).to_contain_text("101 émargements, 100 enveloppes")
    count_a_bag(page, (50, 30, 18))

    page.get_by_text("Tout est compté : clore le bureau").click()

    expect(page.locator("#finish .entry-gap")).to_be_visible()
    page.get_by_role("button", name="Oui, clore").click()
    page.get_by_text("Le procès-verbal est signé : verrouiller").click()
    expect(page.locator("#sign .entry-gap")).to_be_visible()


def test_the_box_comes_first_and_folds_once_it_is_known(device, night):
    page = opened(device(**PHONE), night.station()[0])
    box = page.locator("details[data-form=box]")
    assert box.bounding_box()["y"] < bag_form(page).bounding_box()["y"]
    expect(form(page, "box")).to_be_visible()

    open_box(page, 100)

    expect(form(page, "box")).to_be_hidden()
    box.locator("summary").click()
    expect(form(page, "box")).to_be_visible()


def test_a_number_that_is_none_is_said_at_once(device, night):
    page = opened(device(), night.station()[0])
    type_bag(page, (50, 30, 18))
    bag_form(page).get_by_label(LISTS[1]).fill("-3")

    field = bag_form(page).get_by_label(LISTS[1])
    expect(field).to_have_attribute("aria-invalid", "true")
    expect(field).to_have_attribute("title", "Un nombre entier, 0 ou plus")
    expect(field).to_have_accessible_description(re.compile("Il faut un nombre entier"))
    expect(bag_form(page).locator("[data-sum]")).to_have_text("Total ? sur 100")
    field.fill("30")
    expect(bag_form(page).locator("[data-whole]")).to_be_hidden()


def test_a_bag_can_be_corrected_with_a_thumb_at_360_pixels(device, night):
    page = opened(device(**PHONE), night.station()[0])
    count_a_bag(page, (50, 30, 18))
    count_a_bag(page, (45, 35, 18))

    target = page.get_by_role("link", name="Corriger 2").bounding_box()

    assert target["height"] >= 44
    assert target["x"] + target["width"] <= 360
    assert page.locator(".table-scroll").first.evaluate("one => one.scrollWidth <= one.clientWidth")
    assert page.evaluate("document.documentElement.scrollWidth <= 360")


def test_among_fourteen_lists_the_correction_stays_in_sight(device, night_of_many):
    page = opened(device(**PHONE), night_of_many.station()[0])
    bag_form(page).get_by_label("Liste 1", exact=False).first.fill("100")
    record(page)
    expect(bags(page)).to_have_count(1)

    target = page.get_by_role("link", name="Corriger 1").bounding_box()

    assert page.locator(".table-scroll").first.evaluate("one => one.scrollWidth > one.clientWidth")
    assert target["x"] + target["width"] <= 360


def test_a_station_that_the_desk_opened_again_says_why(device, night, desk):
    page = opened(device(), night.station()[0])
    station = page.url.rsplit("/", 1)[1]
    open_box(page, 100)
    count_a_bag(page, (50, 30, 18))
    page.get_by_text("Tout est compté : clore le bureau").click()
    page.get_by_role("button", name="Oui, clore").click()
    expect(page.locator("#sign")).to_be_visible()

    acts = acting_on(desk, night, station)
    acts.get_by_label("Pourquoi rouvrir la saisie").fill("un report à revoir")
    acts.get_by_role("button", name="Rouvrir").click()

    expect(page.locator("#standing")).to_contain_text(
        "Le pupitre a rouvert la saisie de ce bureau : un report à revoir", timeout=15_000
    )


def test_the_record_is_printed_by_a_button_and_leads_back(device, night):
    context = device()
    page = opened(context, night.station()[0])
    open_box(page, 100)
    count_a_bag(page, (50, 30, 18))
    page.get_by_text("Tout est compté : clore le bureau").click()
    page.get_by_role("button", name="Oui, clore").click()
    page.get_by_role("link", name="Procès-verbal à imprimer").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Résultat du bureau")
    page.evaluate("() => { window.print = () => document.body.setAttribute('data-printed', ''); }")
    expect(page.locator("body[data-printed]")).to_have_count(0)

    page.get_by_role("button", name="Imprimer").click()

    expect(page.locator("body[data-printed]")).to_have_count(1)
    page.get_by_role("link", name="Retour à la saisie du bureau").click()
    expect(bags(page)).to_have_count(1)


def type_totals(page: Page, votes: tuple[int, ...]) -> None:
    totals = form(page, "totals")
    if totals.is_hidden():
        page.locator("details[data-form=totals] > summary").click()
    values = dict(zip(LISTS, votes, strict=True)) | {"Émargements": 100, "Enveloppes": 100}
    for label, value in (values | {"Bulletins blancs": 1, "Bulletins nuls": 1}).items():
        totals.get_by_label(label).fill(str(value))
    totals.get_by_role("button").click()


def test_two_typists_are_blind_to_each_other_until_both_are_in(device, night_of_two):
    codes = night_of_two.station()
    one, two = opened(device(), codes[0]), opened(device(**PHONE), codes[1])
    expect(one.get_by_label("seconde personne")).to_have_count(0)
    type_totals(one, (50, 30, 18))
    expect(one.locator("#standing")).to_contain_text("en attente de la seconde saisie")
    expect(two.locator("#standing")).to_contain_text("en attente de la seconde saisie", timeout=15_000)
    expect(two.locator("table.bags")).to_have_count(0)

    type_totals(two, (30, 50, 18))

    expect(two.locator("#standing")).to_contain_text("les deux saisies diffèrent")
    expect(two.locator("#standing")).to_contain_text("Qui s’est trompé")
    expect(two.locator("table.bags mark")).to_have_text(["50", "30", "30", "50"])
    expect(form(two, "totals").locator(".differs")).to_have_text([f"1 {LISTS[0]}", f"2 {LISTS[1]}"])
    type_totals(two, (50, 30, 18))
    expect(two.locator("#standing")).to_contain_text("le compte est complet")
