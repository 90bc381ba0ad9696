"""A station, its two people and their devices: codes, the box, the record, totals typed twice."""

import re

from playwright.sync_api import Page, expect

from browser.conftest import PHONE
from browser.stations import (
    LISTS,
    PHONE_OF_THE_DESK,
    acting_on,
    bag_form,
    bags,
    count_a_bag,
    form,
    link,
    open_box,
    opened,
    problem,
    queue,
    ready,
    record,
    record_by_touch,
    type_bag,
)


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
    expect(alert).to_contain_text("n’a plus le droit de saisir ici")
    expect(alert.get_by_role("link", name=PHONE_OF_THE_DESK)).to_be_visible()
    expect(link(page)).to_contain_text("n’a plus le droit de saisir ici")
    expect(queue(page)).to_contain_text(f"Centaine 2 : {LISTS[0]} 45")
    page.goto(address)
    unsent = page.get_by_role("region", name="Pas encore envoyé")
    expect(unsent).to_contain_text(f"Bureau {station}")
    expect(unsent).to_contain_text(f"{LISTS[0]} 45")

    page.get_by_label("Code").fill(fresh)
    page.get_by_role("button", name="Ouvrir").click()
    expect(bags(page)).to_have_count(2)
    expect(link(page)).to_contain_text("Ce qui attendait sur cet appareil est envoyé")


def test_the_sheet_scanned_again_on_the_same_device_leads_to_its_station(device, night):
    context = device()
    code = night.station()[0]
    page = opened(context, code)
    address = page.url

    again = context.new_page()
    again.goto(f"/elections/code?code={code}")

    expect(again).to_have_url(address)


def test_the_last_bag_is_summed_out_of_what_is_left(device, night):
    page = opened(device(), night.station()[0])
    told = bag_form(page).locator("[data-sum]")
    open_box(page, 137)
    type_bag(page, (50, 30, 18))
    expect(told).to_have_text("Total 100 sur 100")
    expect(told).to_have_class("even")
    record(page)
    expect(bags(page)).to_have_count(1)

    type_bag(page, (20, 10, 5))
    expect(told).to_have_text("Total 37 sur 37")
    expect(told).to_have_class("even")
    page.context.set_offline(True)
    record(page)
    type_bag(page, (1, 0, 0), blank=0, null=0)
    expect(told).to_have_text("Total 1 sur 100")
    page.context.set_offline(False)
    expect(bags(page)).to_have_count(2)

    bags(page).first.get_by_role("link", name="Corriger").click()
    expect(form(page, "correct").locator("[data-sum]")).to_have_text("Total 37 sur 37")


def test_totals_are_summed_as_one_types(device, night):
    page = opened(device(), night.station()[0])
    told = form(page, "totals").locator("[data-sum]")
    page.get_by_text("Saisir d’un coup les totaux du bureau").click()
    for name, value in zip((*LISTS, "Bulletins blancs", "Bulletins nuls"), (300, 90, 6, 8, 5), strict=True):
        form(page, "totals").get_by_label(name).fill(str(value))
    expect(told).to_have_text("396 exprimés + 8 blancs + 5 nuls = 409")

    form(page, "totals").get_by_label("Enveloppes").fill("410")
    expect(told).to_have_text("396 exprimés + 8 blancs + 5 nuls = 409 sur 410")
    expect(told).not_to_have_class("even")
    form(page, "totals").get_by_label("Bulletins nuls").fill("6")

    expect(told).to_have_text("396 exprimés + 8 blancs + 6 nuls = 410 sur 410")
    expect(told).to_have_class("even")


def test_of_two_ballots_on_one_device_both_go_on(device, night):
    context = device()
    first = opened(context, night.station()[0])
    second = opened(context, night.station()[0])

    for page, votes in ((first, (50, 30, 18)), (second, (45, 35, 18)), (first, (48, 31, 19))):
        count_a_bag(page, votes, blank=1, null=1)
        expect(page.locator("[data-shut]")).to_be_hidden()

    assert [bags(page).count() for page in (first, second)] == [2, 1]


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
        "Le pupitre a rouvert la saisie de ce bureau : un report à revoir"
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
    expect(two.locator("#standing")).to_contain_text("en attente de la seconde saisie")
    expect(two.locator("table.bags")).to_have_count(0)

    type_totals(two, (30, 50, 18))

    expect(two.locator("#standing")).to_contain_text("les deux saisies diffèrent")
    expect(two.locator("#standing")).to_contain_text("Qui s’est trompé")
    expect(two.locator("table.bags mark")).to_have_text(["50", "30", "30", "50"])
    expect(form(two, "totals").locator(".differs")).to_have_text([f"1 {LISTS[0]}", f"2 {LISTS[1]}"])
    type_totals(two, (50, 30, 18))
    expect(two.locator("#standing")).to_contain_text("le compte est complet")


def standing(page: Page):
    return page.locator("#standing")


def test_totals_of_another_tab_are_shown_and_corrected_with_a_reason(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(**PHONE), codes[1])
    two.context.set_offline(True)
    type_totals(two, (30, 50, 18))
    expect(queue(two)).to_have_count(1)
    type_totals(one, (50, 30, 18))
    expect(standing(one)).to_contain_text("le compte est complet")

    two.context.set_offline(False)
    expect(problem(two)).to_contain_text(
        f"D’autres totaux sont déjà là : 100 émargements, 100 enveloppes, {LISTS[0]} 50"
    )
    expect(problem(two).locator("[data-answers] button:visible")).to_have_text(["Corriger"])
    problem(two).get_by_role("button", name="Corriger").tap()
    expect(form(two, "totals").get_by_label(LISTS[0])).to_have_value("30")
    form(two, "totals").get_by_label("Pourquoi").fill("recompté à deux")
    two.reload()
    ready(two)
    expect(form(two, "totals").get_by_label("Pourquoi")).to_have_value("recompté à deux")
    form(two, "totals").get_by_role("button").tap()

    expect(bags(two)).to_contain_text(re.compile(r"100\s*100\s*30\s*50\s*18"))
    expect(queue(two)).to_have_count(0)
    expect(problem(two)).to_be_hidden()


def test_whoever_sees_totals_corrects_them_at_once_with_a_reason(device, night):
    page = opened(device(), night.station()[0])
    why = form(page, "totals").get_by_label("Pourquoi")
    type_totals(page, (50, 30, 18))
    expect(standing(page)).to_contain_text("le compte est complet")
    expect(form(page, "totals")).to_be_hidden()

    type_totals(page, (51, 29, 18))
    assert why.evaluate("one => one.validity.valueMissing")
    why.fill("une voix mal lue")
    form(page, "totals").get_by_role("button").click()

    expect(bags(page)).to_contain_text(re.compile(r"100\s*100\s*51\s*29\s*18"))
    expect(problem(page)).to_be_hidden()


def test_an_hour_and_a_box_of_another_device_are_replaced_once_they_were_seen(device, night):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(), codes[1])
    two.context.set_offline(True)
    type_hour(two, 130)
    open_box_unseen(two, 190)
    type_hour(one, 120)
    open_box(one, 200)

    two.context.set_offline(False)
    expect(problem(two)).to_contain_text("120 votants à 10:00 sont déjà enregistrés, non 130")
    problem(two).get_by_role("button", name="Oui, c’est bien cela").click()
    why = problem(two).get_by_label("Pourquoi")
    assert why.evaluate("one => one.validity.valueMissing")
    expect(problem(two)).to_contain_text("120 votants à 10:00 sont déjà enregistrés, non 130")
    two.context.set_offline(True)
    why.fill("dix de plus sur la liste")
    problem(two).get_by_role("button", name="Oui, c’est bien cela").click()
    expect(queue(two)).to_have_count(2)
    two.context.set_offline(False)
    expect(problem(two)).to_contain_text(
        "L’urne est déjà enregistrée : 200 émargements et 200 enveloppes", timeout=20_000
    )
    expect(why).to_have_value("")
    why.fill("recomptées à deux")
    problem(two).get_by_role("button", name="Oui, c’est bien cela").click()

    expect(standing(two)).to_contain_text("190 enveloppes")
    two.goto(two.url + "/journal")
    expect(two.get_by_role("main")).to_contain_text("Raison : dix de plus sur la liste")
    expect(two.get_by_role("main")).to_contain_text("Raison : recomptées à deux")
    two.go_back()
    expect(two.locator("form[data-verb=turnout]").first.get_by_label("10:00")).to_have_value("130")
    expect(queue(two)).to_have_count(0)


def type_hour(page: Page, voters: int) -> None:
    hour = page.locator("form[data-verb=turnout]").first
    hour.get_by_label("10:00").fill(str(voters))
    hour.get_by_role("button").click()


def open_box_unseen(page: Page, envelopes: int) -> None:
    for label in ("Émargements", "Enveloppes"):
        form(page, "box").get_by_label(label).fill(str(envelopes))
    form(page, "box").get_by_role("button").click()


def test_an_hour_too_late_for_a_signed_station_is_left_with_one_tap(device, night, desk):
    codes = night.station()
    one, two = opened(device(), codes[0]), opened(device(**PHONE), codes[1])
    station = one.url.rsplit("/", 1)[1]
    two.context.set_offline(True)
    type_hour(two, 90)
    hours = two.locator("form[data-verb=turnout]").last
    hours.get_by_label("12:00").fill("95")
    hours.get_by_role("button").click()
    expect(queue(two)).to_have_count(2)
    type_totals(one, (50, 30, 18))
    expect(standing(one)).to_contain_text("le compte est complet")
    acting_on(desk, night, station).get_by_role("button", name="Le procès-verbal est signé").click()
    expect(desk.locator(".messages")).to_contain_text("procès-verbal signé")

    two.context.set_offline(False)
    expect(problem(two)).to_contain_text("Votants à 10:00 : 90")
    expect(problem(two)).to_contain_text("Ce n’est plus possible : le procès-verbal est signé")
    expect(problem(two).locator("[data-answers] button:visible")).to_have_text(["Continuer sans cette saisie"])
    problem(two).get_by_role("button", name="Continuer sans cette saisie").tap()

    expect(problem(two)).to_contain_text("Votants à 12:00 : 95")


def test_figures_of_another_station_are_set_aside_and_the_station_goes_on_by_bags(device, night, desk):
    page = opened(device(), night.station()[0])
    station = page.url.rsplit("/", 1)[1]
    type_totals(page, (50, 30, 18))
    expect(standing(page)).to_contain_text("le compte est complet")

    acts = acting_on(desk, night, station)
    acts.get_by_text("Chiffres d’un autre bureau").click()
    acts.get_by_label("Pourquoi mettre ces chiffres de côté").fill("mauvais bureau")
    acts.get_by_role("button", name="Mettre de côté").click()

    expect(standing(page)).to_contain_text("Le pupitre a mis de côté les chiffres saisis ici")
    expect(form(page, "totals").get_by_label("Pourquoi")).to_be_hidden()
    count_a_bag(page, (40, 40, 18))
    open_box(page, 100)
    expect(page.locator("#finish")).to_be_visible()
