"""What tests of the entry page do at a polling station: come in with a code, type, look at what waits."""

import json
from collections.abc import Sequence
from datetime import date
from itertools import count
from pathlib import Path

from playwright.sync_api import BrowserContext, Page, expect

from serving import Site

LISTS = ("Le Havre ensemble", "Pour Le Havre", "Un port pour tous")
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


def opened(context: BrowserContext, code: str, *, scripts: bool = True) -> Page:
    """The entry page, by the address of the QR code."""
    page = context.new_page()
    page.goto(f"/elections/code?code={code}")
    page.get_by_role("button", name="Ouvrir").click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Bureau")
    if scripts:
        page.wait_for_selector("[data-entry][data-ready]")
    return page


def bag_form(page: Page):
    return page.locator("form[data-verb=bag]")


def type_bag(page: Page, votes: tuple[int, ...], blank: int = 1, null: int = 1) -> None:
    form = bag_form(page)
    for name, value in zip(LISTS, votes, strict=True):
        form.get_by_label(name).fill(str(value))
    form.get_by_label("Bulletins blancs").fill(str(blank))
    form.get_by_label("Bulletins nuls").fill(str(null))


def record_by_touch(page: Page) -> None:
    bag_form(page).get_by_role("button", name="Enregistrer la centaine").tap()


def bags(page: Page):
    return page.locator("#standing table.bags tbody tr:not(.sum)")


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


def kept(page: Page) -> Page:
    """The page, once its device opens it without a network too."""
    page.wait_for_selector("[data-entry][data-kept]", state="attached")
    return page


def another_tab(page: Page) -> Page:
    tab = page.context.new_page()
    tab.goto(page.url)
    return ready(tab)
