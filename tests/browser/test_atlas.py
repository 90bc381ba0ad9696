"""The atlas by sight: the map that moves, and the drawn one where scripts or WebGL are missing."""

import base64
import re
from collections.abc import Callable
from typing import Protocol

import pytest
from playwright.sync_api import BrowserContext, Page, expect

READY = "#map[data-ready]"
CANVAS = "#map canvas"
CARD = "#map [role=dialog]"
SLIDER = "#map input[type=range]"
COLOURS = """async (png) => {
  const image = new Image();
  image.src = `data:image/png;base64,${png}`;
  await image.decode();
  const canvas = document.createElement("canvas");
  [canvas.width, canvas.height] = [image.width, image.height];
  const context = canvas.getContext("2d");
  context.drawImage(image, 0, 0);
  return new Set(new Uint32Array(context.getImageData(0, 0, image.width, image.height).data.buffer)).size;
}"""
WITHOUT_WEBGL = """
const getContext = HTMLCanvasElement.prototype.getContext;
HTMLCanvasElement.prototype.getContext = function (kind, ...rest) {
  return kind.startsWith("webgl") ? null : getContext.call(this, kind, ...rest);
};
"""


class Heard(Protocol):
    """What the harness heard of a page's complaints."""

    def take(self) -> list[str]: ...


def open_atlas(page: Page, address: str = "/atlas") -> None:
    page.goto(address)
    expect(page.locator(READY)).to_be_visible()


def test_the_map_draws_and_the_picture_steps_back(page: Page):
    open_atlas(page)

    png = base64.b64encode(page.locator(CANVAS).screenshot()).decode()
    assert page.evaluate(COLOURS, png) > 50
    expect(page.locator("#picture")).to_be_hidden()


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_the_map_is_accessible(page: Page, theme: str):
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    open_atlas(page)

    found = page.evaluate("axe.run('#map', {resultTypes: ['violations']})")
    assert [(one["id"], [node["html"] for node in one["nodes"]]) for one in found["violations"]] == []


def test_the_slider_goes_through_the_years_by_keyboard(page: Page):
    open_atlas(page)
    before = page.locator("#results").inner_text()
    slider = page.locator(SLIDER)
    expect(slider).to_have_attribute("aria-valuetext", "Toutes")

    slider.press("End")

    expect(slider).to_have_attribute("aria-valuetext", re.compile(r"^\d{4}$"))
    expect(page).to_have_url(re.compile(r"[?&]annee=\d{4}"))
    expect(page.locator("#results")).not_to_have_text(before, use_inner_text=True)


def test_the_years_play_one_by_one_until_they_are_stopped(page: Page):
    open_atlas(page)
    play = page.locator("#map [data-part=play]")

    play.click()
    expect(play).to_have_attribute("aria-pressed", "true")
    expect(page).to_have_url(re.compile(r"annee=\d{4}"))
    first = page.locator("#map output").inner_text()
    expect(page.locator("#map output")).not_to_have_text(first)
    play.click()

    expect(play).to_have_attribute("aria-pressed", "false")


def test_a_territory_chosen_in_the_search_is_flown_to(page: Page):
    open_atlas(page)
    field = page.locator("main form[role=search] input[type=search]")

    field.fill("corenc")
    page.locator("main [role=option]").first.wait_for()
    field.press("ArrowDown")
    field.press("Enter")

    expect(page).to_have_url(re.compile(r"/atlas#\d"))


def test_a_card_tells_the_earlier_years(page: Page):
    open_atlas(page, "/atlas#9/49.49/0.11")

    page.locator(CANVAS).press("Enter")

    expect(page.locator(f"{CARD} [data-part=history]").first).to_contain_text("et avant")


def test_the_map_follows_day_and_night(page: Page):
    page.emulate_media(color_scheme="light")
    open_atlas(page)
    day = page.locator(CANVAS).screenshot()

    page.emulate_media(color_scheme="dark")
    expect(page.locator("#map canvas")).to_be_visible()

    for _turn in range(60):
        if page.locator(CANVAS).screenshot() != day:
            return
        page.wait_for_timeout(500)
    raise AssertionError("the map is the same by night")


def test_enter_opens_a_card_and_escape_gives_the_focus_back(page: Page):
    open_atlas(page, "/atlas#9/49.49/0.11")
    canvas = page.locator(CANVAS)

    canvas.press("Enter")
    card = page.locator(CARD)
    expect(card).to_be_focused()
    expect(card.get_by_role("link").first).to_have_attribute("href", re.compile("^/territoires/"))

    page.keyboard.press("Escape")
    expect(card).to_be_hidden()
    expect(canvas).to_be_focused()


def test_an_address_brings_back_camera_and_filters(page: Page):
    open_atlas(page, "/atlas#8/49.4/0.3")
    page.locator(SLIDER).press("End")
    expect(page).to_have_url(re.compile(r"annee=\d{4}#8\.00/49\.4000/0\.3000$"))
    address, shown = page.url, page.locator("#map output").inner_text()

    page.goto("about:blank")
    open_atlas(page, address)

    expect(page.locator("#map output")).to_have_text(shown)
    expect(page).to_have_url(address)


def test_the_button_downloads_a_picture(page: Page):
    open_atlas(page)

    with page.expect_download() as download:
        page.locator("#map [data-part=download]").click()

    assert download.value.suggested_filename == "arobase.png"
    assert download.value.path().read_bytes().startswith(b"\x89PNG")


def test_a_lost_answer_leaves_the_old_result_and_offers_to_try_again(
    page: Page, opened: Callable[..., tuple[BrowserContext, Heard]]
):
    open_atlas(page)
    before = page.locator("#results").inner_text()
    page.route("**/atlas/resultats*", lambda route: route.abort())

    page.locator(SLIDER).press("End")

    expect(page.locator("#map [role=alert]")).to_be_visible()
    assert page.locator("#results").inner_text() == before
    page.unroute("**/atlas/resultats*")
    page.locator("#map [data-part=retry]").click()
    expect(page.locator("#map [role=alert]")).to_be_hidden()
    opened(None)[1].take()  # the browser's own word on the request cut here


def test_without_webgl_the_drawn_map_stays_and_says_why(page: Page):
    page.add_init_script(WITHOUT_WEBGL)
    page.goto("/atlas")

    expect(page.locator("#picture")).to_contain_text("WebGL")
    expect(page.locator("#picture img, #picture svg").first).to_be_visible()
    expect(page.locator("#map")).to_be_hidden()


def test_without_scripts_there_are_the_drawn_map_and_the_list(no_script: Page):
    no_script.goto("/atlas")

    expect(no_script.locator("#picture img, #picture svg").first).to_be_visible()
    expect(no_script.locator("#results a").first).to_be_visible()
    expect(no_script.locator("#map")).to_be_hidden()


def test_on_a_phone_the_map_fits_the_page(phone: Page):
    open_atlas(phone)

    assert phone.evaluate("document.documentElement.scrollWidth") <= 360
