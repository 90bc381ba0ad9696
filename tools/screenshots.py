"""Every page of tests/pages.py at 360 and 1280 px, light and dark, into var/screenshots/ with an index.

Arguments, if any, are parts of addresses: only pages whose address holds one of them are taken.
"""

import html
import os
import re
import sys
import tempfile
from pathlib import Path

import django
from playwright.sync_api import Browser, BrowserContext, sync_playwright

ROOT = Path(__file__).resolve().parents[1]
sys.path.insert(0, str(ROOT / "tests"))
OUTPUT = ROOT / "var" / "screenshots"
WIDTHS = {"360": {"width": 360, "height": 740}, "1280": {"width": 1280, "height": 900}}
SCHEMES = ("light", "dark")


def file_name(path: str) -> str:
    """A file name for an address: `atlas-dynamiques` for /atlas/dynamiques."""
    return re.sub(r"[^a-z0-9]+", "-", path.lower()).strip("-") or "accueil"


def main(wanted: list[str]) -> None:
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "arobase.project.settings")
    django.setup()
    from pages import PAGES  # app ready
    from people import WHO_VISITS  # app ready
    from serving import CHROMIUM_ARGUMENTS, Site, find_chromium, running_site, signed_in  # app ready

    found = find_chromium()
    if found is None:
        sys.exit("No Chromium here (apt-get install chromium, or AROBASE_CHROMIUM=/path/to/one).")
    pages = [page for page in PAGES if page.is_looked_at and (not wanted or any(part in page.path for part in wanted))]
    OUTPUT.mkdir(parents=True, exist_ok=True)
    taken: list[tuple[str, list[str]]] = []

    def context_for(browser: Browser, site: Site, visitor: str, width: str) -> BrowserContext:
        person = WHO_VISITS[visitor]
        return browser.new_context(
            base_url=site.url,
            viewport=WIDTHS[width],
            locale="fr-FR",
            reduced_motion="reduce",
            storage_state=signed_in(browser, person, site) if person else None,
        )

    with tempfile.TemporaryDirectory() as home, running_site(Path(home)) as site, sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=found, args=CHROMIUM_ARGUMENTS)
        contexts: dict[tuple[str, str], BrowserContext] = {}
        for page in pages:
            files = []
            for width in WIDTHS:
                key = (page.visitor, width)
                if key not in contexts:
                    contexts[key] = context_for(browser, site, *key)
                tab = contexts[key].new_page()
                tab.goto(page.path, wait_until="networkidle")
                for scheme in SCHEMES:
                    tab.emulate_media(color_scheme=scheme)
                    files.append(f"{file_name(page.path)}-{width}-{scheme}.png")
                    tab.screenshot(path=OUTPUT / files[-1], full_page=True)
                tab.close()
            taken.append((page.path, files))
            print(page.path, flush=True)
        browser.close()
    (OUTPUT / "index.html").write_text(index(taken), encoding="utf-8")
    print(f"{sum(len(files) for _path, files in taken)} images: {OUTPUT / 'index.html'}")


def index(taken: list[tuple[str, list[str]]]) -> str:
    """A page that shows them all, one row an address."""
    rows = "".join(
        f"<h2>{html.escape(path)}</h2><p>"
        + "".join(
            f'<a href="{name}"><img src="{name}" alt="{name}" loading="lazy" height="420"></a> ' for name in files
        )
        + "</p>"
        for path, files in taken
    )
    head = '<meta charset="utf-8"><title>Screenshots</title><h1>Screenshots</h1>'
    return f'<!doctype html><html lang="en">{head}{rows}</html>'


if __name__ == "__main__":
    main(sys.argv[1:])
