"""Weight of pages: what a browser receives, compressed, for a first visit (budgets: 80 kB, with a map 600 kB)."""

import sys
from pathlib import Path

from playwright.sync_api import CDPSession, Page, sync_playwright

sys.path.insert(0, str(Path(__file__).resolve().parents[1] / "tests"))
from benchmarks._france import environment
from serving import CHROMIUM_ARGUMENTS, find_chromium, serving

PAGES = ("/", "/territoires/commune/76351", "/atlas/dynamiques", "/donnees", "/recherche?q=le+havre", "/atlas")
SETTLED_MS = 4_000


def run() -> list[tuple[str, str]]:
    """Visit each page with an empty cache."""
    chromium = find_chromium()
    if not chromium:
        return [("pages", "not measured: no Chromium found")]
    with serving(environment()) as base, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=CHROMIUM_ARGUMENTS)
        return [(path, _weight(browser.new_context().new_page(), base + path)) for path in PAGES]


def _weight(page: Page, address: str) -> str:
    session: CDPSession = page.context.new_cdp_session(page)
    session.send("Network.enable")
    sizes: list[float] = []
    session.on("Network.loadingFinished", lambda event: sizes.append(event["encodedDataLength"]))
    page.goto(address)
    page.wait_for_timeout(SETTLED_MS)
    return f"{sum(sizes) / 1000:.0f} kB in {len(sizes)} answers"
