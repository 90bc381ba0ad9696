"""A real server and a real Chromium. Whatever page a test visits, it may not complain, nor speak to another host."""

import os
from collections.abc import Callable, Iterator
from functools import cache, partial
from pathlib import Path
from urllib.parse import urlsplit

import pytest
from playwright.sync_api import (
    Browser,
    BrowserContext,
    ConsoleMessage,
    Page,
    Playwright,
    Request,
    expect,
    sync_playwright,
)

from browser.stations import Night
from people import CAMILLE, SACHA, Person
from serving import CHROMIUM_ARGUMENTS, ROOT, Site, find_chromium, running_site, signed_in

expect.set_options(timeout=30_000)  # as long as a click waits: five seconds are little on a busy machine
AXE = ROOT / "node_modules" / "axe-core" / "axe.min.js"
DESKTOP = {"viewport": {"width": 1280, "height": 900}, "locale": "fr-FR", "reduced_motion": "reduce"}
PHONE = {**DESKTOP, "viewport": {"width": 360, "height": 740}, "has_touch": True, "is_mobile": True}


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """All that is in this folder needs a browser."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.browser)


@pytest.fixture(scope="session")
def playwright() -> Iterator[Playwright]:
    with sync_playwright() as running:
        yield running


@pytest.fixture(scope="session")
def chromium_path() -> str:
    """Where the browser is; where there is none the test is skipped, or fails when AROBASE_REQUIRE names `browser`."""
    found = find_chromium()
    if found is None:
        reason = "No Chromium here (apt-get install chromium, or AROBASE_CHROMIUM=/path/to/one)."
        if "browser" in os.environ.get("AROBASE_REQUIRE", "").split(","):
            pytest.fail(reason, pytrace=False)
        pytest.skip(reason)
    return found


@pytest.fixture(scope="session")
def chromium(playwright: Playwright, chromium_path: str) -> Iterator[Browser]:
    """The browser."""
    browser = playwright.chromium.launch(executable_path=chromium_path, args=CHROMIUM_ARGUMENTS)
    yield browser
    browser.close()


@pytest.fixture(scope="session")
def site(chromium: Browser, tmp_path_factory: pytest.TempPathFactory) -> Iterator[Site]:
    """Arobase with a few departments, the mirror's laureates and the people of the tests, served for the session."""
    if "AROBASE_FILLED_HOME" not in os.environ:  # the sites of a run, and of its workers, copy one that is filled once
        own = tmp_path_factory.getbasetemp()
        shared = (own.parent if os.environ.get("PYTEST_XDIST_WORKER") else own) / "filled"
        shared.mkdir(exist_ok=True)
        os.environ["AROBASE_FILLED_HOME"] = str(shared)
    with running_site(tmp_path_factory.mktemp("home")) as running:
        yield running


class Watch:
    """Hears what the pages of a context complain about; the status of the page itself is none of it."""

    def __init__(self, context: BrowserContext, site: Site) -> None:
        self.site, self.complaints = site, list[str]()
        context.on("request", self._request)
        context.on("console", self._console)
        context.on("weberror", lambda error: self.complaints.append(f"error on the page: {error.error}"))

    def _request(self, request: Request) -> None:
        address = urlsplit(request.url)
        if address.scheme in {"blob", "data"}:
            return
        if address.netloc != urlsplit(self.site.url).netloc:
            self.complaints.append(f"request to another host: {request.url}")

    def _console(self, message: ConsoleMessage) -> None:
        is_own_status = message.text.startswith("Failed to load resource") and message.page is not None
        if is_own_status and message.location.get("url") == message.page.url:
            return
        if message.type == "error" or "Content Security Policy" in message.text:
            self.complaints.append(f"console: {message.text} ({message.location.get('url', '')})")

    def take(self) -> list[str]:
        """What was heard since the last time."""
        heard, self.complaints = self.complaints, []
        return heard


Open = Callable[..., tuple[BrowserContext, Watch]]


@pytest.fixture(scope="session")
def opened(chromium: Browser, site: Site) -> Iterator[Open]:
    """Contexts kept for the session, one per person and kind of device: opening one is dear, a page in it is cheap."""
    kept: dict[str, tuple[BrowserContext, Watch]] = {}
    states = cache(partial(signed_in, chromium, site=site))

    def open_context(person: Person | None, *, script: bool = True, **device: object) -> tuple[BrowserContext, Watch]:
        key = repr((person, script, device))
        if key not in kept:
            state = states(person) if person else None
            context = chromium.new_context(
                base_url=site.url, storage_state=state, java_script_enabled=script, **(device or DESKTOP)
            )
            if script:
                context.add_init_script(path=AXE)
            kept[key] = context, Watch(context, site)
        return kept[key]

    yield open_context
    for context, _watch in kept.values():
        context.close()


def _visited(context: BrowserContext, watch: Watch) -> Iterator[Page]:
    watch.take()
    page = context.new_page()
    yield page
    page.close()
    assert watch.take() == []


@pytest.fixture
def page(opened: Open) -> Iterator[Page]:
    """A visitor's page at 1280 px."""
    yield from _visited(*opened(None))


@pytest.fixture
def organiser(opened: Open) -> Iterator[Page]:
    """The organiser's page at 1280 px."""
    yield from _visited(*opened(SACHA))


@pytest.fixture
def phone(opened: Open) -> Iterator[Page]:
    """A visitor's page on a phone, 360 px wide, by touch."""
    yield from _visited(*opened(None, **PHONE))


@pytest.fixture
def no_script(opened: Open) -> Iterator[Page]:
    """A visitor's page where JavaScript is off."""
    yield from _visited(*opened(None, script=False))


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
