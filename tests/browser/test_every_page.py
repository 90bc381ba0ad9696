"""Every page in a real browser: light and dark, on a phone, by keyboard, without JavaScript."""

from typing import Any

import pytest
from playwright.sync_api import Page as Tab

from browser.conftest import DESKTOP, PHONE, Open, Watch
from pages import PAGES, Page
from people import SACHA, WHO_VISITS, Person

RULES = ["wcag2a", "wcag2aa", "wcag21a", "wcag21aa", "wcag22aa", "best-practice"]
ALL = {"type": "tag", "values": RULES}
COLOURS = {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}  # all that differs by night
# All that differs on a phone: the document is the same, its places and sizes are not.
LAYOUT = {"type": "rule", "values": ["target-size", "scrollable-region-focusable", "color-contrast", "meta-viewport"]}
LOOKED_AT = [page for page in PAGES if page.is_looked_at]
every_page = pytest.mark.parametrize("page", LOOKED_AT, ids=str)
FOCUS_MARK = """() => {
  const seen = element => { const style = getComputedStyle(element);
    return [style.outlineStyle, style.outlineWidth, style.outlineColor, style.boxShadow, style.backgroundColor,
            style.borderColor, style.textDecoration, style.transform, style.clipPath, style.color].join(); };
  const element = document.activeElement;
  const focused = seen(element); element.blur(); const plain = seen(element); element.focus();
  return focused !== plain;
}"""


def a_tab(opened: Open, person: Person | None, **device: object) -> tuple[Tab, Watch]:
    """A tab of someone's browser and who listens to it, blank and by day whatever was there before.

    It is kept from page to page, in a browser that no other test shares: a new one costs as much as a look at a page.
    """
    context, watch = opened(person, **device, color_scheme="light")
    tab = context.pages[0] if context.pages else context.new_page()
    tab.goto("about:blank")
    tab.emulate_media(color_scheme="light")
    watch.take()
    return tab, watch


def violations(tab: Tab, only: dict[str, Any]) -> list[str]:
    """What axe finds, one line per rule and place."""
    found: list[dict[str, Any]] = tab.evaluate(
        "only => axe.run({runOnly: only, resultTypes: ['violations']}).then(result => result.violations)", only
    )
    return [
        f"{rule['id']} ({rule['impact']}): {node['html'][:160]} — {node['failureSummary'][:300]}"
        for rule in found
        for node in rule["nodes"]
    ]


def visit(tab: Tab, page: Page) -> None:
    """Go there, and see that it answers as it says."""
    answer = tab.goto(page.path, wait_until="load")
    assert answer is not None and answer.status in page.answers


@every_page
def test_a_page_is_accessible_by_day_and_by_night(page, opened: Open):
    tab, watch = a_tab(opened, WHO_VISITS[page.visitor], **DESKTOP)
    visit(tab, page)
    found = {}
    for scheme, only in (("light", ALL), ("dark", COLOURS)):
        tab.emulate_media(color_scheme=scheme)
        found[scheme] = violations(tab, only)
    heard = watch.take()
    headings = tab.locator("h1").count()
    language, title = tab.locator("html").get_attribute("lang"), tab.title()
    skip_link_works = first_stop_leads_to_main(tab)
    unmarked = stops_without_mark(tab)

    assert found == {"light": [], "dark": []}
    assert heard == []
    assert (headings, language) == (1, "fr")
    assert title.removesuffix("· Arobase").strip() not in {"", "Arobase"}
    assert skip_link_works
    assert unmarked == []


def first_stop_leads_to_main(tab: Tab) -> bool:
    """Whether the first Tab stops at a visible link to the main content."""
    tab.keyboard.press("Tab")
    return bool(
        tab.evaluate("""() => { const link = document.activeElement, box = link.getBoundingClientRect();
          return link.getAttribute('href') === '#main' && box.width > 1 && box.height > 1 && box.bottom > 0
            && document.querySelector('#main') !== null; }""")
    )


def stops_without_mark(tab: Tab, *, stops: int = 12) -> list[str]:
    """The elements that Tab stops at, among the first, that do not look different when they have the focus."""
    unmarked = []
    for _stop in range(stops):
        tab.keyboard.press("Tab")
        if tab.evaluate("document.activeElement === document.body"):
            break
        if not tab.evaluate(FOCUS_MARK):
            unmarked.append(tab.evaluate("document.activeElement.outerHTML.slice(0, 160)"))
    return unmarked


@every_page
def test_a_page_fits_a_phone(page, opened: Open):
    tab, watch = a_tab(opened, WHO_VISITS[page.visitor], **PHONE)
    visit(tab, page)
    width = tab.evaluate("document.documentElement.scrollWidth")
    found = violations(tab, LAYOUT)

    assert width <= 360
    assert found == []
    assert watch.take() == []


@every_page
def test_a_page_says_its_main_thing_without_javascript(page, opened: Open):
    tab, watch = a_tab(opened, WHO_VISITS[page.visitor], script=False, **DESKTOP)
    visit(tab, page)
    heading, main = tab.locator("main h1").inner_text(), tab.locator("main").inner_text()
    is_shown = tab.locator("main h1").is_visible()

    assert is_shown and heading.strip()
    assert len(main.strip()) > len(heading.strip())
    assert watch.take() == []


def test_the_home_page_of_the_organiser_is_accessible(opened: Open):
    tab, watch = a_tab(opened, SACHA, **PHONE)
    tab.goto("/")
    found = violations(tab, ALL)

    assert found == []
    assert watch.take() == []
